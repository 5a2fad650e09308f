"""Metrics of what a placement left the worker: net pay, deductions, gain at home and after costs, time to pay back."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from reports.content import Basis
from reports.metrics.declaring import (
    Measured,
    Metric,
    Window,
    ask,
    dimension,
    estimate_figure,
    largest_two,
    median_figure,
)
from reports.metrics.money import DAYS_A_MONTH, PAY, RATE
from reports.statistics import Estimate, ratio
from workers.journey.steps import marked as words

# Deductions by what they are for. Advances are paid back once; living costs are paid as long as somebody stays.
# Names as the items of payslips are kept (small letters); what is in neither list stands as "other".
ADVANCES = (
    "airfare", "airfare advance", "flight", "international travel", "advance", "cash advance", "loan", "visa", "insurance",
    "medical exam", "set-up", "setup", "clothing", "equipment",
)  # fmt: skip
LIVING = ("rent", "accommodation", "lodging", "housing", "transport", "meals", "food", "utilities", "power", "internet")


class Earned(NamedTuple):
    """What one placement brought, in the pilot's pay currency; None where a rate or a fact is missing."""

    person: int
    days: int
    gross: Decimal | None
    tax: Decimal | None
    taken: Decimal | None
    net: Decimal | None
    living: Decimal | None
    advances: Decimal | None
    itemised: bool
    paid: Decimal | None  # by the worker for the job, before anything came back; None when nobody asked
    back: Decimal | None
    home: Decimal | None  # pay per month at home before, in the pay currency


def earned(window: Window) -> list[Earned]:
    """Every placement of the window with pay records that stand."""
    pay_rate = RATE.format(source="r.currency", target="t.currency", day="r.period_start")
    cost_rate = RATE.format(source="c.currency", target="t.currency", day="c.paid_on")
    home_rate = RATE.format(source="b.home_income_currency", target="t.currency", day="s.first")
    rows = ask(
        f"""
        {PAY}, target as (select currency from pilots_pilot where id = %(pilot)s),
        items as (
          select r.id, sum(i.value::numeric) as named,
            sum(i.value::numeric) filter (where i.key = any(%(living)s)) as living,
            sum(i.value::numeric) filter (where i.key = any(%(advances)s)) as advances
          from pay r cross join lateral jsonb_each_text(r.items) i group by r.id
        ), sums as (
          select r.placement_id, min(r.period_start) as first, sum(r.period_end - r.period_start + 1) as days,
            sum(r.gross * x.rate) as gross, sum(r.tax * x.rate) as tax, sum(r.deductions * x.rate) as taken,
            sum(r.net * x.rate) as net, sum(coalesce(i.living, 0) * x.rate) as living,
            sum(coalesce(i.advances, 0) * x.rate) as advances,
            bool_and(r.deductions = 0 or coalesce(i.named, 0) = r.deductions) as itemised,
            bool_or(x.rate is null) as no_rate
          from pay r cross join target t cross join lateral (select {pay_rate} as rate) x
          left join items i on i.id = r.id group by r.placement_id
        ), ledger as (
          select c.placement_id, bool_or(c.paid_by = 'worker' and x.rate is null) as no_rate,
            coalesce(sum(c.amount * x.rate) filter (where c.paid_by = 'worker'), 0) as paid,
            coalesce(sum(c.reimbursed * x.rate) filter (where c.paid_by = 'worker' and c.reimbursed_on <= %(cut)s), 0)
              as back
          from workers_costitem c join sums s on s.placement_id = c.placement_id cross join target t
          cross join lateral (select {cost_rate} as rate) x
          where c.recorded_at <= %(as_of)s and c.paid_on <= %(cut)s group by c.placement_id
        )
        select p.person_id, s.days,
          case when not s.no_rate then s.gross end, case when not s.no_rate then s.tax end,
          case when not s.no_rate then s.taken end, case when not s.no_rate then s.net end,
          case when not s.no_rate then s.living end, case when not s.no_rate then s.advances end, s.itemised,
          case when not l.no_rate then l.paid end, case when not l.no_rate then l.back end,
          b.home_income * {home_rate}
        from sums s join placements p on p.id = s.placement_id cross join target t
        left join ledger l on l.placement_id = s.placement_id
        left join workers_personbackground b on b.person_id = p.person_id
        """,
        window.params(living=list(LIVING), advances=list(ADVANCES)),
    )
    return [Earned(*row) for row in rows]


def _currency(window: Window) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select currency from pilots_pilot where id = %s", [window.pilot_id])
        return cursor.fetchone()[0]


def _people(rows: Sequence[Earned]) -> int:
    return len({row.person for row in rows})


def net_pay(window: Window) -> Measured:
    """Net pay per week of the middle placement."""
    rows = earned(window)
    known = [row for row in rows if row.net is not None and row.days]
    values = [row.net * 7 / row.days for row in known if row.net is not None]
    figure = median_figure("net_pay", values, _currency(window), people=_people(known))
    return Measured((figure,), base=len(rows), missing=len(rows) - len(known))


PARTS = (
    ("all", words("All deductions")), ("living", words("Living costs")), ("advances", words("Advances paid back")),
)  # fmt: skip


def deduction_share(window: Window) -> Measured:
    """What was taken off gross pay, in the middle placement: all of it, living costs, advances."""
    rows = earned(window)
    known = [row for row in rows if row.gross]
    named = [row for row in known if row.itemised]
    figures = []
    for code, part, of in (("all", "taken", known), ("living", "living", named), ("advances", "advances", named)):
        values = [getattr(row, part) / row.gross for row in of]
        figures.append(median_figure("deduction_share", values, "share", {"part": code}, _people(of)))
    titles = [(code, _(title)) for code, title in PARTS]
    return Measured(
        tuple(figures), (dimension("part", _("Part"), "separate", titles),), base=len(rows),
        missing=len(rows) - len(named),
    )  # fmt: skip


def net_gain(window: Window) -> Measured:
    """What the placement brought after tax, deductions, costs of the job and income forgone at home; middle and mean."""
    rows = earned(window)
    gains = [(row, gain) for row in rows if (gain := gain_of(row)) is not None]
    known, values = [row for row, _value in gains], [value for _row, value in gains]
    unit, people = _currency(window), _people(known)
    figures = [median_figure("net_gain", values, unit, {"point": "middle"}, people)]
    total = sum(values, Decimal(0))
    mean = ratio(total, len(values), unit) if len(values) >= 5 else None
    found = estimate_figure("net_gain", Estimate(mean, None, None, len(values)), unit, {"point": "mean"}, people)
    figures.append(replace(found, basis=Basis(people, *largest_two(values))))
    titles = [("middle", _("Middle placement")), ("mean", _("Mean of all placements"))]
    return Measured(
        tuple(figures), (dimension("point", _("Point"), "separate", titles),), base=len(rows),
        missing=len(rows) - len(known),
    )  # fmt: skip


def gain_of(row: Earned) -> Decimal | None:
    """World Bank definition: earnings less expenses abroad less income forgone; less what the job cost the worker.

    None while one of these is not known.
    """
    if row.net is None or row.paid is None or row.back is None or row.home is None:
        return None
    return row.net - (row.paid - row.back) - row.home * row.days / DAYS_A_MONTH


def monthly_difference(window: Window) -> Measured:
    """Gross pay per month abroad less pay per month at home before; also where there was none at home."""
    rows = earned(window)
    known = [row for row in rows if row.gross is not None and row.home is not None and row.days]
    values = [(row.gross or 0) / (row.days / DAYS_A_MONTH) - (row.home or 0) for row in known]
    figure = median_figure("monthly_difference", values, _currency(window), people=_people(known))
    return Measured((figure,), base=len(rows), missing=len(rows) - len(known))


def payback(window: Window) -> Measured:
    """Months of net pay that the worker's own costs of the job took to earn back."""
    rows = earned(window)
    known = [row for row in rows if row.paid is not None and row.back is not None and row.net and row.days]
    values = [((row.paid or 0) - (row.back or 0)) / ((row.net or 0) / (row.days / DAYS_A_MONTH)) for row in known]
    figure = median_figure("payback", values, "months", people=_people(known))
    return Measured((figure,), base=len(rows), missing=len(rows) - len(known))


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
