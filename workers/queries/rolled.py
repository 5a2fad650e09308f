"""Counts of cohorts, from their roll-ups where nothing changed since, and from the rows of those that are marked.

One statement for each question, of one moment: what is shown is what the rows say, whenever the roll-ups were last
computed. Who may not see a whole pilot reads rows: roll-ups count everybody.
"""

from django.db import connection
from django.db.models import Exists, OuterRef

from accounts.rows import may
from accounts.scope import current
from workers.journey.steps import OFF_PATH, STEPS, UNTOLD
from workers.models import JourneyEvent, Rollup

HOME = "home"
# (step, place in the order) of the planned path; a file that was closed on somebody who had left is no return home.
ON_PATH = [(s.code, s.order) for s in STEPS if s.phase != OFF_PATH]
UNTOLD_ENDS = list(UNTOLD)

_MARKED = """
with marked as materialized (
  select distinct c.id from workers_rollupmark m, unnest(m.cohorts) as c (id)
  where m.source in ('journey', 'all') and c.id = any(%(cohorts)s)
)
select cohort_id, key, sum(n)::bigint from workers_rollup where measure = %(measure)s and cohort_id = any(%(cohorts)s)
  and cohort_id not in (select id from marked)
group by cohort_id, key
union all
"""
_ALL = "with marked as (select id from unnest(%(cohorts)s::bigint[]) as id)"

_STANDING = """
select s.cohort_id, s.step, count(*) from workers_placementstate s where s.cohort_id in (select id from marked)
group by s.cohort_id, s.step
"""
# Who reached a milestone has reached those before: counted by the furthest, so that each placement is grouped once.
_REACHED = """
select f.cohort_id, m.code, sum(f.n)::bigint from (
  select cohort_id, furthest, count(*) as n from (
    select s.cohort_id, s.placement_id, max(o.rank) as furthest from workers_placementstate s
    join workers_journeyevent e on e.placement_id = s.placement_id
    join unnest(%(steps)s::text[], %(ranks)s::int[]) as o (step, rank) on o.step = e.to_step
      and not (e.to_step = 'closed' and e.from_step = any(%(untold)s))
    where s.cohort_id in (select id from marked) group by 1, 2
  ) each_of group by 1, 2
) f join unnest(%(milestones)s::text[], %(of)s::int[]) as m (code, rank) on m.rank <= f.furthest
group by f.cohort_id, m.code
"""


def has_reached(order: int) -> Exists:
    """Whether a placement ever stood on a step of the way at this place of the order or later: the list behind a count."""
    later = [code for code, rank in ON_PATH if rank >= order]
    events = JourneyEvent.objects.filter(placement=OuterRef("pk"), to_step__in=later)
    return Exists(events.exclude(to_step="closed", from_step__in=UNTOLD_ENDS))


def rolled_up() -> bool:
    """Whether the scope in force reads roll-ups."""
    by = current()
    return by is not None and may(Rollup, by.db_role)


def _counted(rows_sql: str, measure: str, cohort_ids: list[int], **more) -> list[tuple[int, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            (_MARKED if rolled_up() else _ALL) + rows_sql, {"cohorts": cohort_ids, "measure": measure, **more}
        )
        return cursor.fetchall()


def standing(cohort_ids: list[int]) -> list[tuple[int, str, int]]:
    """(cohort, step, placements that stand there now)."""
    return _counted(_STANDING, "standing", cohort_ids)


def reached(cohort_ids: list[int], milestones: dict[str, int]) -> list[tuple[int, str, int]]:
    """(cohort, milestone, placements that reached it or a later step at any time); ``milestones``: code → order.

    From roll-ups come all milestones that are rolled up.
    """
    return _counted(
        _REACHED, "reached", cohort_ids, steps=[code for code, _rank in ON_PATH], ranks=[rank for _code, rank in ON_PATH],
        untold=UNTOLD_ENDS, milestones=list(milestones), of=list(milestones.values()),
    )  # fmt: skip
