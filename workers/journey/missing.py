"""What placements still lack before they can depart: the guards of the journey, asked ahead of any move.

The same predicates as the door's, in one read-only statement, so that a page never promises what the door refuses.
"""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from accounts.scope import Scope
from pilots.models import Pilot
from pilots.schemes.reader import load
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


def lacking(
    placement_ids: Iterable[int], *, by: Scope, today: date, guards: tuple[str, ...] = BEFORE_DEPARTURE
) -> dict[int, tuple[str, ...]]:
    """placement id → the guards that would say no today; placements outside the caller's scope are left out."""
    ids = list(placement_ids)
    if not ids:
        return {}
    cases = ", ".join(f"case when not ({_OWN_SQL.get(g, GUARD_SQL[g])}) then '{g}' end" for g in guards)
    pilots = Pilot.objects.filter(pk__in=by.pilot_ids).values_list("pk", "scheme")
    ages = [(pk, int(str(load(scheme).parameter("minimum_age", on=today).value))) for pk, scheme in pilots]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select p.id, array_remove(array[{cases}]::text[], null)
            from workers_placement p
            join workers_placementstate l on l.placement_id = p.id
            cross join lateral (select %(today)s::date as happened_on) a
            left join unnest(%(pilots)s::bigint[], %(years)s::int[]) as g (pilot_id, n) on g.pilot_id = p.pilot_id
            left join lateral (select make_interval(years => g.n) as years) m on true
            join workers_journey_facts(%(ids)s::bigint[]) f on f.placement_id = p.id
            where p.id = any(%(ids)s)
            """,
            {"today": today, "ids": ids, "pilots": [pk for pk, _y in ages], "years": [y for _pk, y in ages]},
        )
        return {pk: tuple(no) for pk, no in cursor.fetchall()}
