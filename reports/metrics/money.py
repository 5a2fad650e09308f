"""Metrics of money: how income changed, and what the job cost the worker. Each pair of amounts is of the same person."""

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from reports.content import Basis, Dimension, Figure
from reports.metrics.declaring import Measured, Metric, Window, ask, dimension, estimate_figure, largest_two
from reports.statistics import median, ratio_of_totals
from workers.journey.steps import marked as words

DAYS_A_MONTH = Decimal("30.4375")  # 365.25 / 12, as for worker-months (domain reference, section 3.1)

# The rate of a month from one currency to another, direct or turned round; null when nobody recorded one.
RATE = """
case when {source} = {target} then 1 else coalesce(
  (select x.rate from pilots_exchangerate x where x.month = date_trunc('month', {day})::date
     and x.from_currency = {source} and x.to_currency = {target}),
  (select 1 / x.rate from pilots_exchangerate x where x.month = date_trunc('month', {day})::date
     and x.from_currency = {target} and x.to_currency = {source})) end
"""

# Pay records that stand (a correction supersedes), of the window's placements.
PAY = """
pay as materialized (
  select r.* from workers_payrecord r join placements p on p.id = r.placement_id
  where r.recorded_at <= %(as_of)s and r.period_end <= %(cut)s
    and not exists (select from workers_payrecord n where n.supersedes_id = r.id and n.recorded_at <= %(as_of)s)
)
"""


def income_multiple(window: Window) -> Measured:
    """Gross pay per month abroad ÷ pay per month at home before, per placement; the median."""
    rate = RATE.format(source="r.currency", target="b.home_income_currency", day="r.period_start")
    rows = ask(
        f"""
        {PAY}, abroad as (
          select p.id, p.person_id, b.home_income,
            sum(r.gross * {rate}) as gross, bool_or({rate} is null) as no_rate,
            sum(r.period_end - r.period_start + 1) as days
          from placements p join pay r on r.placement_id = p.id
          left join workers_personbackground b on b.person_id = p.person_id
          group by p.id, p.person_id, b.home_income
        )
        select person_id, case when home_income > 0 and not no_rate and days > 0
          then gross / (days / %(month)s::numeric) / home_income end from abroad
        """,
        window.params(month=DAYS_A_MONTH),
    )
    values = [value for _person, value in rows if value is not None]
    people = len({person for person, value in rows if value is not None})
    found = median(values, "times")
    figure = Figure(
        metric="income_multiple", value=found.value, low=found.low, high=found.high, denominator=len(values),
        unit="times", basis=Basis(people), note="" if found.value is not None else _("Too few to say."),
    )  # fmt: skip
    return Measured((figure,), base=len(rows), missing=len(rows) - len(values))


class Cost(NamedTuple):
    """What one person paid for the job, what came back, and the first month's gross pay; all in the pilot's currency."""

    person: int
    paid: Decimal
    back: Decimal
    month: Decimal


def _costs(window: Window) -> tuple[list[Cost], int]:
    """The known costs of placements with pay, and how many placements with pay there are in all."""
    pay_rate = RATE.format(source="r.currency", target="t.currency", day="r.period_start")
    cost_rate = RATE.format(source="c.currency", target="t.currency", day="c.paid_on")
    rows = ask(
        f"""
        {PAY}, target as (select currency from pilots_pilot where id = %(pilot)s),
        starts as (select placement_id, min(period_start) as day from pay group by placement_id),
        firsts as (
          select s.placement_id, case when not bool_or(x.rate is null) then
            sum(r.gross * x.rate) / (sum(r.period_end - r.period_start + 1) / %(month)s::numeric) end as month_pay
          from starts s join pay r on r.placement_id = s.placement_id and r.period_start < s.day + 31
          cross join target t cross join lateral (select {pay_rate} as rate) x
          group by s.placement_id
        ), ledger as (
          select c.placement_id, bool_or(c.paid_by = 'worker' and x.rate is null) as no_rate,
            coalesce(sum(c.amount * x.rate) filter (where c.paid_by = 'worker'), 0) as paid,
            coalesce(sum(c.reimbursed * x.rate) filter (where c.paid_by = 'worker' and c.reimbursed_on <= %(cut)s), 0)
              as back
          from workers_costitem c join firsts f on f.placement_id = c.placement_id cross join target t
          cross join lateral (select {cost_rate} as rate) x
          where c.recorded_at <= %(as_of)s and c.paid_on <= %(cut)s group by c.placement_id
        )
        select p.person_id, case when not l.no_rate then l.paid end, case when not l.no_rate then l.back end, f.month_pay
        from firsts f join placements p on p.id = f.placement_id left join ledger l on l.placement_id = f.placement_id
        """,
        window.params(month=DAYS_A_MONTH),
    )
    return [Cost(*row) for row in rows if row[1] is not None and row[3]], len(rows)


WHENS = (("before", words("Before repayment")), ("after", words("After repayment")))


def cost_ratio(window: Window) -> Measured:
    """What the worker paid for the job ÷ the first month's pay, per placement; the median, before and after repayment."""
    known, base = _costs(window)
    people = len({cost.person for cost in known})
    figures = []
    for when, values in (
        ("before", [cost.paid / cost.month for cost in known]),
        ("after", [(cost.paid - cost.back) / cost.month for cost in known]),
    ):
        found = median(values, "ratio")
        figures.append(
            Figure(
                metric="cost_ratio", cell={"when": when}, value=found.value, low=found.low, high=found.high,
                denominator=len(values), unit="ratio", basis=Basis(people),
                note="" if found.value is not None else _("Too few to say."),
            )
        )  # fmt: skip
    return Measured(tuple(figures), _whens(), base=base, missing=base - len(known))


def cost_ratio_of_totals(window: Window) -> Measured:
    """The sum of what workers paid ÷ the sum of their first months' pay: the other of the two ratios in use."""
    known, base = _costs(window)
    figures = []
    for when, amounts in (
        ("before", [cost.paid for cost in known]),
        ("after", [cost.paid - cost.back for cost in known]),
    ):
        of_person: dict[int, tuple[Decimal, Decimal]] = {}
        for cost, amount in zip(known, amounts, strict=True):
            before = of_person.get(cost.person, (Decimal(0), Decimal(0)))
            of_person[cost.person] = before[0] + amount, before[1] + cost.month
        found = ratio_of_totals(list(of_person.values()))
        figure = estimate_figure("cost_ratio_of_totals", found, "ratio", {"when": when})
        figures.append(
            replace(figure, basis=Basis(found.n, *largest_two([paid for paid, _month in of_person.values()])))
        )
    return Measured(tuple(figures), _whens(), base=base, missing=base - len(known))


def _whens() -> tuple[Dimension, ...]:
    return (dimension("when", _("When"), "separate", [(code, _(title)) for code, title in WHENS]),)


_COST_SOURCE = words("Recruitment-cost ledger and payslips of the same person; the ratio follows SDG indicator 10.7.1.")
METRICS = (
    Metric(
        code="income_multiple", version=1, title=words("Income gain multiple"), population="placements", kind="median",
        chart="points", measure=income_multiple, counts={"denominator": "income compared"},
        definition=words(
            "Gross pay per month abroad divided by gross pay per month at home before, for the same person, at the"
            " exchange rate of each month. Nominal: prices in the two countries are not compared."
        ),
        denominator_words=words("Placements with pay records and a home income above zero."),
        exclusions=words("A home income of zero gives no multiple."),
        missing_words=words("No home income recorded, or no exchange rate for a month."),
        uncertainty_words=words("95 % interval of the median from the order of the values; none under six values."),
        source=words("Payslips; home income as stated at registration; dated exchange rates with their source."),
        statement=words(
            "It compares months with work abroad to months at home. It does not take off what life and the job cost"
            " abroad, nor count months without work."
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
        code="cost_ratio_of_totals", version=2, title=words("Recruitment cost ratio, all workers together"),
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
