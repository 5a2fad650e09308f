"""What is rolled up: for each source of facts, the measures and the statement that counts them from the rows.

Counts are of rows that stand now. Each statement begins with ``dirty`` (cohort, month; no month: all) and answers
cells: cohort, measure, month, key, value, n, amount. A median is read exactly from a histogram of whole days. Medians of
amounts (income, pay of a week) and whatever counts different people are not additive: their metrics read rows.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pilots.schemes.reader import load
from reports.metrics.journey import EARLY_ENDS, MILESTONES, RETURNED, TOLERANCE_DAYS
from workers.journey.steps import JOURNEY, STEP
from workers.queries.rolled import HOME, ON_PATH, UNTOLD_ENDS

# The milestones of the reports and of the boards; each counts who reached it or a later step of the way.
REACHED = (*MILESTONES, HOME)


@dataclass(frozen=True, slots=True)
class Source:
    """One source of facts: its measures with what they count, and how they are counted."""

    code: str
    measures: dict[str, str]
    sql: str


def params(scheme: str) -> dict[str, Any]:
    """Parameters of the statements in a pilot of this scheme."""
    path = JOURNEY[load(scheme).journey].path
    steps = [step for step in MILESTONES if step in path]
    return {
        "path": [code for code, _rank in ON_PATH], "ranks": [rank for _code, rank in ON_PATH], "untold": UNTOLD_ENDS,
        "reached": list(REACHED), "reached_ranks": [STEP[code].order for code in REACHED],
        "stages": [f"{a}>{b}" for a, b in pairwise(steps)], "back": list(RETURNED), "early": list(EARLY_ENDS),
        "tolerance": TOLERANCE_DAYS,
    }  # fmt: skip


def _month(day: str) -> str:
    return f"date_trunc('month', {day}::timestamp)::date"


JOURNEY_SQL = f"""
whole as (select distinct cohort_id from dirty), stands as materialized (
  select s.placement_id as id, s.cohort_id, s.step, s.since, p.planned_end from workers_placementstate s
  join whole d on d.cohort_id = s.cohort_id join workers_placement p on p.id = s.placement_id
), went as materialized (
  select p.id, p.cohort_id, p.planned_end, e.to_step, e.from_step, e.happened_on
  from stands p join workers_journeyevent e on e.placement_id = p.id
), reached as (
  select w.id, w.cohort_id, m.code, min(w.happened_on) as day from went w
  join unnest(%(path)s::text[], %(ranks)s::int[]) as o (step, rank) on o.step = w.to_step
    and not (w.to_step = 'closed' and w.from_step = any(%(untold)s))
  join unnest(%(reached)s::text[], %(reached_ranks)s::int[]) as m (code, rank) on m.rank <= o.rank
  group by w.id, w.cohort_id, m.code
), firsts as materialized (
  select id, cohort_id, to_step as step, min(happened_on) as day from went
  where to_step = any(%(reached)s) group by id, cohort_id, to_step
), stages as (
  select a.cohort_id, b.day, a.step || '>' || b.step as stage, b.day - a.day as days
  from firsts a join firsts b on b.id = a.id and a.step || '>' || b.step = any(%(stages)s)
), ends as (
  select id, cohort_id, planned_end, min(happened_on) filter (where to_step = any(%(back)s)) as back,
    min(happened_on) filter (where to_step = any(%(early)s)) as early
  from went where planned_end is not null group by id, cohort_id, planned_end
  having bool_or(to_step = 'departed')
), cells as (
  select cohort_id, 'standing' as measure, {_month("since")} as month, step as key, 0 as value, count(*) as n,
    null::numeric as amount from stands group by 1, 3, 4
  union all
  select cohort_id, 'moved', {_month("happened_on")}, to_step, 0, count(*), null from went group by 1, 3, 4
  union all
  select cohort_id, 'reached', {_month("day")}, code, 0, count(*), null from reached group by 1, 3, 4
  union all
  select cohort_id, 'stage', {_month("day")}, stage, days, count(*), null from stages group by 1, 3, 4, 5
  union all
  select cohort_id, 'ends', {_month("planned_end")},
    case when early is null and back >= planned_end - %(tolerance)s then 'completed'
      when early is null and back is null then 'open' else 'ended' end,
    extract(day from planned_end)::int, count(*), null from ends group by 1, 3, 4, 5
)
"""

PAY_SQL = f"""
slips as (
  select p.cohort_id, {_month("r.period_end")} as month, r.currency, r.gross, r.tax, r.deductions, r.net
  from (select distinct cohort_id from dirty) d join workers_placement p on p.cohort_id = d.cohort_id
  join workers_payrecord r on r.placement_id = p.id
  where not exists (select from workers_payrecord n where n.supersedes_id = r.id)
    and exists (select from dirty x where x.cohort_id = p.cohort_id
      and (x.month is null or x.month = {_month("r.period_end")}))
), cells as (
  select s.cohort_id, v.measure, s.month, s.currency as key, 0 as value, count(*) as n, sum(v.amount) as amount
  from slips s cross join lateral (values ('gross', s.gross), ('tax', s.tax), ('deducted', s.deductions),
    ('net', s.net)) as v (measure, amount)
  group by s.cohort_id, v.measure, s.month, s.currency
)
"""

CHECKS_SQL = f"""
people as materialized (
  select p.id, p.cohort_id from (select distinct cohort_id from dirty) d
  join workers_placement p on p.cohort_id = d.cohort_id
), cells as (
  select p.cohort_id, 'checks' as measure, {_month("c.done_on")} as month, c.stage as key, 0 as value, count(*) as n,
    null::numeric as amount
  from people p join compliance_check c on c.placement_id = p.id and not c.restricted
  where exists (select from dirty x where x.cohort_id = p.cohort_id
    and (x.month is null or x.month = {_month("c.done_on")}))
  group by 1, 3, 4
  union all
  select p.cohort_id, 'answers', {_month("a.done_on")}, a.item || ':' ||
    case when a.answer not in ('yes', 'no') then a.answer when a.failed then 'failed' else 'passed' end, 0, count(*), null
  from people p join compliance_checkanswer a on a.placement_id = p.id and not a.restricted
  where exists (select from dirty x where x.cohort_id = p.cohort_id
    and (x.month is null or x.month = {_month("a.done_on")}))
  group by 1, 3, 4
)
"""

SOURCES: dict[str, Source] = {
    source.code: source
    for source in (
        Source(
            "journey",
            {
                "standing": "placements that stand on the step since the month",
                "moved": "moves to the step in the month",
                "reached": "placements that first reached the milestone, or a later step of the way, in the month",
                "stage": "placements by the days from one milestone to the next, which they reached in the month",
                "ends": "departed placements whose planned end lies in the month (value: its day), by how they stand",
            },
            JOURNEY_SQL,
        ),
        Source(
            "pay", dict.fromkeys(("gross", "tax", "deducted", "net"), "payslips that stand, by currency, and their sum"),
            PAY_SQL,
        ),
        Source(
            "checks", {"checks": "checks by stage; none that is restricted", "answers": "answers by item and result"},
            CHECKS_SQL,
        ),
    )
}  # fmt: skip
