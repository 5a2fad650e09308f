"""What placements still lack before they can depart: the guards of the journey, asked ahead of any move.

The same predicates as the door's, in one read-only statement, so that a page never promises what the door refuses.
Lists ask for single placements, first pages for counts: the database counts, however many there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.scope import Scope
from pilots.rulebook import Rulebook, rulebooks_of
from workers.journey.door import GUARD_SQL

# Asked of everybody before departure, in the order in which a person would fetch them.
BEFORE_DEPARTURE = (
    "has_job_order", "age_at_least_minimum", "consent_given", "has_passport", "passport_outlasts_stay",
    "contract_signed", "training_passed", "visa_granted_recorded",
)  # fmt: skip

# Without an order or a passport the end of the stay cannot be compared; the missing thing itself is said instead.
_OWN_SQL = {
    "passport_outlasts_stay": f"(p.planned_end is null or not f.passport or {GUARD_SQL['passport_outlasts_stay']})"
}


def _judged(guards: tuple[str, ...]) -> str:
    """SQL of (id, cohort_id, no): each placement asked about, with the guards that would say no today."""
    cases = ", ".join(f"case when not ({_OWN_SQL.get(g, GUARD_SQL[g])}) then '{g}' end" for g in guards)
    return f"""
        select p.id, p.cohort_id, array_remove(array[{cases}]::text[], null) as no
        from workers_placement p
        join workers_placementstate l on l.placement_id = p.id
        cross join lateral (select %(today)s::date as happened_on) a
        left join unnest(%(pilots)s::bigint[], %(years)s::int[]) as g (pilot_id, n) on g.pilot_id = p.pilot_id
        left join lateral (select make_interval(years => g.n) as years) m on true
        join workers_journey_facts(%(ids)s::bigint[]) f on f.placement_id = p.id
        where p.id = any(%(ids)s)"""


def _given(ids: list[int], by: Scope, today: date, books: Mapping[int, Rulebook] | None = None) -> dict[str, Any]:
    books = rulebooks_of(by.pilot_ids) if books is None else books
    ages = [(pk, int(str(book.parameter("minimum_age", on=today).value))) for pk, book in books.items()]
    return {"today": today, "ids": ids, "pilots": [pk for pk, _y in ages], "years": [y for _pk, y in ages]}


def _rows(sql: str, given: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def lacking(
    placement_ids: Iterable[int],
    *,
    by: Scope,
    today: date,
    guards: tuple[str, ...] = BEFORE_DEPARTURE,
    books: Mapping[int, Rulebook] | None = None,
) -> dict[int, tuple[str, ...]]:
    """placement id → the guards that would say no today; placements outside the caller's scope are left out."""
    ids = list(placement_ids)
    if not ids:
        return {}
    return {pk: tuple(no) for pk, _cohort, no in _rows(_judged(guards), _given(ids, by, today, books))}


@dataclass(frozen=True, slots=True)
class Ready:
    """Of some placements: how many lack nothing, only steps, or a paper; and the first of these to depart."""

    ready: int
    steps: int
    papers: int
    first: tuple[tuple[int, tuple[str, ...]], ...]


def readiness(
    placement_ids: Iterable[int],
    *,
    papers: Iterable[str],
    by: Scope,
    today: date,
    shown: int,
    books: Mapping[int, Rulebook] | None = None,
) -> Ready:
    """How far these placements are, counted by the database; ``first`` names those with the nearest departure."""
    ids = list(placement_ids)
    if not ids:
        return Ready(0, 0, 0, ())
    sql = f"""
        with judged as materialized ({_judged(BEFORE_DEPARTURE)}),
        first as (
          select j.id, j.no from judged j join pilots_cohort c on c.id = j.cohort_id
          where j.no && %(papers)s::text[] order by c.departs_on, j.id limit %(shown)s
        )
        select null::bigint, null::text[], count(*) filter (where no = '{{}}'),
               count(*) filter (where no <> '{{}}' and not no && %(papers)s::text[]),
               count(*) filter (where no && %(papers)s::text[])
        from judged
        union all select id, no, 0, 0, 0 from first"""
    rows = _rows(sql, _given(ids, by, today, books) | {"papers": sorted(papers), "shown": shown})
    counts = next(row for row in rows if row[0] is None)
    named = tuple((row[0], tuple(row[1])) for row in rows if row[0] is not None)
    return Ready(counts[2], counts[3], counts[4], named)
