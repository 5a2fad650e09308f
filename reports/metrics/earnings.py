"""Metrics of what a placement left the worker: net pay, deductions, gain at home and after costs, time to pay back."""

from dataclasses import replace

from django.utils.translation import gettext as _

from reports.metrics.declaring import (
    NO_TOTAL,
    NOBODY,
    Measured,
    Metric,
    Window,
    ask,
    dimension,
    estimate_figure,
    middles,
    totals,
)
from reports.statistics import TOO_FEW, Estimate, ratio
from workers.journey.steps import marked as words

# Each as the SQL of one placement's value, of the relation ``earned`` (reports/metrics/gathering.py), null where it is not
# known. Divided with thirty places, so that nothing is rounded before the end.
NET_PAY = "round(net * 7, 30) / nullif(days, 0)"
MORE_THAN_HOME = "round(gross * %(month)s::numeric, 30) / nullif(days, 0) - home"
PAYBACK = "round((paid - back) * days, 30) / nullif(net * %(month)s::numeric, 0)"
# World Bank definition: earnings less expenses abroad less income forgone; less what the job cost the worker.
GAIN = "net - (paid - back) - round(home * days, 30) / %(month)s::numeric"


def of_each(value: str) -> str:
    """The rows of one value of every placement with pay records."""
    return f"select '' as key, person_id, {value} as value from earned"


def currency(window: Window) -> str:
    """The pay currency of the window's pilot."""
    return ask("select currency from pilots_pilot where id = %(pilot)s", window.params())[0][0]


def _middle(window: Window, metric: str, value: str, unit: str) -> Measured:
    """The middle placement's value."""
    found = middles(of_each(value), window.params()).get("", NOBODY)
    return Measured((found.figure(metric, unit),), base=found.base, missing=found.missing)


def net_pay(window: Window) -> Measured:
    """Net pay per week of the middle placement."""
    return _middle(window, "net_pay", NET_PAY, currency(window))


PARTS = (
    ("all", words("All deductions")), ("living", words("Living costs")), ("advances", words("Advances paid back")),
)  # fmt: skip


def deduction_share(window: Window) -> Measured:
    """What was taken off gross pay, in the middle placement: all of it, living costs, advances."""
    found = middles(
        "select v.key, person_id, round(v.amount, 30) / nullif(gross, 0) as value from earned cross join lateral (values"
        " ('all', taken), ('living', case when itemised then living end), ('advances', case when itemised then advances end)"
        ") v(key, amount)",
        window.params(),
    )
    figures = [found.get(code, NOBODY).figure("deduction_share", "share", {"part": code}) for code, _title in PARTS]
    titles = [(code, _(title)) for code, title in PARTS]
    named = found.get("living", NOBODY)
    return Measured(
        tuple(figures), (dimension("part", _("Part"), "separate", titles),), base=named.base, missing=named.missing
    )


def net_gain(window: Window) -> Measured:
    """What the placement brought after tax, deductions, costs of the job and income forgone at home; middle and mean."""
    unit, found = currency(window), middles(of_each(GAIN), window.params()).get("", NOBODY)
    figures = [found.figure("net_gain", unit, {"point": "middle"})]
    whole = totals(of_each(GAIN), window.params()).get("", NO_TOTAL)
    mean = ratio(whole.total, whole.n, unit) if whole.n >= TOO_FEW else None
    figures.append(
        replace(
            estimate_figure("net_gain", Estimate(mean, None, None, whole.n), unit, {"point": "mean"}), basis=whole.basis
        )
    )
    titles = [("middle", _("Middle placement")), ("mean", _("Mean of all placements"))]
    return Measured(
        tuple(figures), (dimension("point", _("Point"), "separate", titles),), base=found.base, missing=found.missing
    )


def monthly_difference(window: Window) -> Measured:
    """Gross pay per month abroad less pay per month at home before; also where there was none at home."""
    return _middle(window, "monthly_difference", MORE_THAN_HOME, currency(window))


def payback(window: Window) -> Measured:
    """Months of net pay that the worker's own costs of the job took to earn back."""
    return _middle(window, "payback", PAYBACK, "months")


_MEDIAN = words("95 % interval of the median from the order of the values; none under six values.")
_SLIPS = words("Payslips that stand, at the exchange rate of each month where they are in another currency.")
METRICS = (
    Metric(
        code="net_pay", version=1, title=words("Net pay per week"), population="placements", kind="median",
        chart="points", measure=net_pay,
        definition=words("Net pay of all pay periods divided by their weeks, for each placement; the middle one."),
        denominator_words=words("Placements with pay records."),
        exclusions=words("Weeks without a pay record."), missing_words=words("No exchange rate for a month."),
        uncertainty_words=_MEDIAN, source=_SLIPS,
        statement=words("It shows what reaches the worker in a week of work. It does not show weeks without any."),
    ),
    Metric(
        code="deduction_share", version=1, title=words("Deductions, of gross pay"), population="placements",
        kind="median", chart="points", measure=deduction_share,
        definition=words(
            "Deductions divided by gross pay of the same placement; the middle one. Living costs are rent, transport, food"
            " and the like; advances are what is paid back once, such as the flight."
        ),
        denominator_words=words("Placements with pay records; for the parts, those whose payslips name every deduction."),
        exclusions=words("Tax and pension."), missing_words=words("Payslips that do not name what was deducted."),
        uncertainty_words=_MEDIAN, source=_SLIPS,
        statement=words("It shows how much is taken. Whether it was agreed is a finding's to say."),
    ),
    Metric(
        code="monthly_difference", version=1, title=words("Pay per month, more than at home"), population="placements",
        kind="median", chart="points", measure=monthly_difference,
        definition=words(
            "Gross pay per month abroad less pay per month at home before, for the same person, in the pay currency. It"
            " counts those who earned nothing at home, for whom there is no multiple."
        ),
        denominator_words=words("Placements with pay records and a home income stated."),
        exclusions=words("Months without work."), missing_words=words("No home income stated, or no exchange rate."),
        uncertainty_words=_MEDIAN, source=words("Payslips; home income as stated at registration; dated exchange rates."),
        statement=words("It compares pay, not what life costs in either place."),
    ),
    Metric(
        code="net_gain", version=1, title=words("Net gain of a placement"), population="placements", kind="median",
        chart="points", measure=net_gain,
        definition=words(
            "Net pay, less what the worker paid for the job and did not get back, less the pay at home that was forgone"
            " in the same time. In the pay currency."
        ),
        denominator_words=words("Placements with pay records, a cost ledger and a home income stated."),
        exclusions=words("Money spent abroad that is not on a payslip."),
        missing_words=words("No cost ledger, no home income stated, or no exchange rate."),
        uncertainty_words=_MEDIAN,
        source=words("Payslips, recruitment-cost ledger, home income as stated at registration, dated exchange rates."),
        statement=words("It shows what the household gained while the worker was away. It does not price the absence."),
    ),
    Metric(
        code="payback", version=1, title=words("Time to pay back"), population="placements", kind="median",
        chart="points", measure=payback,
        definition=words(
            "What the worker paid for the job and did not get back, divided by net pay per month of the same placement."
        ),
        denominator_words=words("Placements with a cost ledger and net pay."),
        exclusions=words("Costs that others paid."), missing_words=words("No cost ledger, or no exchange rate."),
        uncertainty_words=_MEDIAN, source=words("Recruitment-cost ledger and payslips of the same person."),
        statement=words("It says how long somebody works for the recruitment. It is not the ratio to a month's pay."),
    ),
)  # fmt: skip
