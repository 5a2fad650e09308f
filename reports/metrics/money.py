"""Metrics of money: how income changed, and what the job cost the worker. Each pair of amounts is of the same person."""

from dataclasses import replace

from django.utils.translation import gettext as _

from reports.content import Basis, Dimension
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
from reports.statistics import RESAMPLED_UP_TO, Moments, ratio_of_moments, ratio_of_totals
from workers.journey.steps import marked as words


def _multiple(window: Window, metric: str, column: str) -> Measured:
    found = middles(f"select '' as key, person_id, {column} as value from earned", window.params()).get("", NOBODY)
    return Measured((found.figure(metric, "times"),), base=found.base, missing=found.missing)


def income_multiple(window: Window) -> Measured:
    """Gross pay per month abroad ÷ pay per month at home before, per placement; the median."""
    return _multiple(window, "income_multiple", "multiple")


def income_multiple_ppp(window: Window) -> Measured:
    """The same, each by what it buys where it is earned; of the same placements."""
    return _multiple(window, "income_multiple_ppp", "multiple_ppp")


WHENS = (("before", words("Before repayment")), ("after", words("After repayment")))
# Only where the cost ledger was asked for and the first month's pay is known and above zero.
_KNOWN = "case when month <> 0 then {} end"


def cost_ratio(window: Window) -> Measured:
    """What the worker paid for the job ÷ the first month's gross pay, per placement; the median, before and after repayment."""
    found = middles(
        "select v.key, person_id, round(v.amount, 30) / nullif(month, 0) as value from earned"
        " cross join lateral (values ('before', paid), ('after', paid - back)) v(key, amount)",
        window.params(),
    )
    figures = [found.get(when, NOBODY).figure("cost_ratio", "ratio", {"when": when}) for when, _title in WHENS]
    before = found.get("before", NOBODY)
    return Measured(tuple(figures), _whens(), base=before.base, missing=before.missing)


# What each person paid, and what all their first months brought together.
_OF_PERSON = f"""
costs as (
  select person_id, sum(paid) as before, sum(paid - back) as after, sum(month) as month
  from earned where {_KNOWN.format("paid")} is not null group by person_id
)
"""


def cost_ratio_of_totals(window: Window) -> Measured:
    """The sum of what workers paid ÷ the sum of their first months' pay: the other of the two ratios in use."""
    base, known, people = ask(
        f"{_OF_PERSON} select (select count(*) from earned), (select count({_KNOWN.format('paid')}) from earned),"
        " (select count(*) from costs)",
        window.params(),
    )[0]
    sums = totals(
        f"with {_OF_PERSON} select v.key, person_id, v.amount as value from costs"
        " cross join lateral (values ('before', before), ('after', after)) v(key, amount)",
        window.params(),
    )
    figures = []
    for when, _title in WHENS:
        if people <= RESAMPLED_UP_TO:
            found = ratio_of_totals(ask(f"{_OF_PERSON} select {when}, month from costs", window.params()))
        else:
            found = ratio_of_moments(
                Moments(*ask(
                    f"{_OF_PERSON} select count(*), sum({when}), sum(month), sum({when} * {when}), sum(month * month),"
                    f" sum({when} * month), min({when}) from costs",
                    window.params(),
                )[0])
            )  # fmt: skip
        figure = estimate_figure("cost_ratio_of_totals", found, "ratio", {"when": when})
        figures.append(replace(figure, basis=Basis(found.n, *sums.get(when, NO_TOTAL).largest)))
    return Measured(tuple(figures), _whens(), base=base, missing=base - known)


def _whens() -> tuple[Dimension, ...]:
    return (dimension("when", _("When"), "separate", [(code, _(title)) for code, title in WHENS]),)


_COST_SOURCE = words("Recruitment-cost ledger and payslips of the same person; the ratio follows SDG indicator 10.7.1.")
METRICS = (
    Metric(
        code="income_multiple", version=2, title=words("Income gain multiple"), population="placements", kind="median",
        chart="points", measure=income_multiple, counts={"denominator": "income compared"},
        definition=words(
            "Gross pay per month abroad divided by gross pay per month at home before, for the same person, at the"
            " exchange rate of each month. Nominal: prices in the two countries are not compared."
        ),
        denominator_words=words("Placements with pay records and a home income above zero."),
        exclusions=words("A home income of zero gives no multiple."),
        missing_words=words(
            "No home income recorded, no exchange rate for a month, or no factor of purchasing power for a currency: this figure"
            " and the one by what it buys are of the same placements."
        ),
        uncertainty_words=words("95 % interval of the median from the order of the values; none under six values."),
        source=words("Payslips; home income as stated at registration; dated exchange rates with their source."),
        statement=words(
            "It compares months with work abroad to months at home. It does not take off what life and the job cost"
            " abroad, nor count months without work."
        ),
    ),
    Metric(
        code="income_multiple_ppp", version=2, title=words("Income multiple, by what it buys"), population="placements",
        kind="median", chart="points", measure=income_multiple_ppp, counts={"denominator": "income compared"},
        definition=words(
            "Gross pay per month abroad, divided by pay per month at home before, of the same person, each turned into what"
            " it buys where it is earned (purchasing power parity of the whole economy, World Bank PA.NUS.PPP); the middle one."
        ),
        denominator_words=words("Placements with pay records and a home income above zero, with a factor for both currencies."),
        exclusions=words("Whoever earned nothing at home: there is no multiple of zero."),
        missing_words=words(
            "No home income stated, no exchange rate for a month, or no factor for a currency in that year or before: this figure"
            " and the one at market rates are of the same placements."
        ),
        uncertainty_words=words("95 % interval of the median from the order of the values; none under six values."),
        source=words("Payslips; home income as stated at registration; factors of purchasing power as the list of terms says."),
        statement=words(
            "It says how much better the pay lets somebody live where it is earned. What is sent home buys at home prices, so the"
            " gain of the household lies between this figure and the one at market rates."
        ),
    ),
    Metric(
        code="cost_ratio", version=1, title=words("Recruitment cost ratio, middle worker"), population="placements",
        kind="median", chart="points", measure=cost_ratio,
        definition=words(
            "What the worker paid for the job divided by the first month's gross pay, for the same worker. A"
            " 10.7.1-style ratio: the indicator itself leaves out most seasonal moves."
        ),
        denominator_words=words("Placements with a cost ledger and a first month's pay."),
        exclusions=words("Costs that an employer, recruiter, government or programme paid."),
        missing_words=words("No cost ledger: nobody asked, which is not the same as nothing paid."),
        uncertainty_words=words("95 % interval of the median from the order of the values; none under six values."),
        source=_COST_SOURCE,
        statement=words("Under the employer-pays principle it is zero. It shows the middle worker, not the worst case."),
    ),
    Metric(
        code="cost_ratio_of_totals", version=3, title=words("Recruitment cost ratio, all workers together"),
        population="placements", kind="ratio", measure=cost_ratio_of_totals,
        definition=words(
            "What all workers paid for the job divided by all their first months' gross pay. It differs from the"
            " middle worker's ratio when a few paid much."
        ),
        exclusions=words("Costs that an employer, recruiter, government or programme paid."),
        missing_words=words("No cost ledger: nobody asked, which is not the same as nothing paid."),
        uncertainty_words=words(
            "95 % interval by drawing the same people again (bootstrap-t, fixed seed); none under ten people."
        ),
        source=_COST_SOURCE,
        statement=words("It shows the burden on the group. A few high costs can hide among many low ones."),
    ),
)  # fmt: skip
