"""The block of guaranteed hours that runs now: what was offered so far, and where it will end at this pace.

Blocks run from a worker's first payslip, as in the rule PAY-02; the guarantee is the one in force on the day. A block of
which less than a week is paid says nothing yet. The early signs count with the same SQL (``compliance/signals.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from accounts.scope import Scope
from pilots.rulebook import Rulebook, rulebooks_of
from workers.journey.moves import AT_WORK
from workers.promised import DAYS_A_WEEK, blocks_guaranteed, days_in, offered

LEAST_PAID_DAYS: Final = 7  # of a running block, before its pace says anything
AT_EMPLOYMENT: Final = (*AT_WORK, "on_leave", "on_sick_leave")

# Needs a CTE ``working`` (placement_id, site_id). Gives ``running``: one row for each worker with a guaranteed block.
RUNNING: Final = f"""
slips as (
  select r.placement_id, w.site_id, r.period_start, r.period_end, {offered("r")} as hours,
         min(r.period_start) over (partition by r.placement_id) as first_on, g.days, g.hours as promised
  from workers_payrecord r
  join working w on w.placement_id = r.placement_id
  join unnest(%(block_pilots)s::bigint[], %(block_days)s::int[], %(block_hours)s::numeric[]) as g (pilot_id, days, hours)
    on g.pilot_id = r.pilot_id
  where r.period_start <= %(on)s and not exists (select from workers_payrecord c where c.supersedes_id = r.id)
),
running as (
  select x.placement_id, x.site_id, x.days, x.promised, x.ends, sum(x.overlap) as paid_days,
         round(sum(x.hours * x.overlap / x.length), 2) as so_far,
         round(sum(x.hours * x.overlap / x.length) * x.days / sum(x.overlap), 2) as forecast
  from (
    select p.*, b.starts + p.days - 1 as ends, {days_in("p", "b.starts", "b.starts + p.days - 1")} as overlap,
           p.period_end - p.period_start + 1 as length
    from slips p
    cross join lateral (select p.first_on + (%(on)s - p.first_on) / p.days * p.days as starts) b
    where p.period_end >= b.starts and p.period_start < b.starts + p.days
  ) x
  group by x.placement_id, x.site_id, x.days, x.promised, x.ends
  having bool_and(x.hours is not null)
)"""


def block_parameters(by: Scope, today: date, books: Mapping[int, Rulebook] | None = None) -> dict[str, Any]:
    """What ``RUNNING`` needs: the day, and the days and hours of a block of each pilot that guarantees some."""
    promised = blocks_guaranteed(rulebooks_of(by.pilot_ids) if books is None else books, today)
    blocks = [(pk, g.weeks * DAYS_A_WEEK, g.hours) for pk, g in promised.items() if g.weeks and g.hours]
    return {
        "on": today, "block_pilots": [b[0] for b in blocks], "block_days": [b[1] for b in blocks],
        "block_hours": [b[2] for b in blocks],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteBlock:
    """The running blocks of a place of work: how many workers, the hours promised, the lowest forecast, when blocks end."""

    site_id: int | None
    site: str
    workers: int
    promised: Decimal
    so_far: Decimal
    lowest: Decimal
    under: int
    ends_first: date


@dataclass(frozen=True, slots=True)
class Short:
    """A worker whose block will end under the guarantee at this pace."""

    placement_id: int
    name: str
    worker_code: str
    site: str
    so_far: Decimal
    forecast: Decimal
    promised: Decimal
    ends: date


def blocks_by_site(given: Mapping[str, Any]) -> list[SiteBlock]:
    """Running blocks by place of work, the lowest forecast first; one statement. ``given``: ``block_parameters``."""
    sql = f"""
    {_WORKING}, {RUNNING}
    select r.site_id, coalesce(t.name, ''), count(*)::int, max(r.promised), round(avg(r.so_far), 1), min(r.forecast),
           (count(*) filter (where r.paid_days < r.days and r.forecast < r.promised))::int, min(r.ends)
    from running r left join pilots_site t on t.id = r.site_id
    where r.paid_days >= %(least)s group by r.site_id, t.name order by min(r.forecast / r.promised), t.name limit 20
    """
    return [SiteBlock(*row) for row in _rows(sql, given)]


def short_of_hours(given: Mapping[str, Any], most: int) -> list[Short]:
    """Workers whose running block will end under the guarantee, the furthest under first; one statement."""
    sql = f"""
    {_WORKING}, {RUNNING}
    select r.placement_id, trim(pe.given_names || ' ' || pe.family_name), pe.worker_code, coalesce(t.name, ''),
           r.so_far, r.forecast, r.promised, r.ends
    from running r
    join workers_placement p on p.id = r.placement_id
    join workers_person pe on pe.id = p.person_id
    left join pilots_site t on t.id = r.site_id
    where r.paid_days >= %(least)s and r.paid_days < r.days and r.forecast < r.promised
    order by r.forecast / r.promised, pe.worker_code limit %(most)s
    """
    return [Short(*row) for row in _rows(sql, {**given, "most": most})]


_WORKING = """
with working as (
  select p.id as placement_id, p.site_id from workers_placement p
  join workers_placementstate s on s.placement_id = p.id where s.step = any(%(at_work)s)
)"""


def _rows(sql: str, given: Mapping[str, Any]) -> list[tuple]:
    if not given["block_pilots"]:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, {**given, "at_work": list(AT_EMPLOYMENT), "least": LEAST_PAID_DAYS})
        return cursor.fetchall()
