"""``refresh``: compute what was marked again, in every pilot; ``check``: hold every cell against its rows, and repair.

Both are the portal's own hand with the compiling role's eyes, one pilot at a time, each in a transaction of its own. A mark
written while cells are computed stays: its cohort is computed once more.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.roles import COMPILER_DB_ROLE
from accounts.scope import Scope, acting_as, operator_scope
from pilots.models import Pilot
from pilots.schemes.reader import BadScheme, UnknownScheme
from reports.models import RollupRepair
from reports.rollups.sources import SOURCES, Source, params
from workers.models import RollupMark

log = logging.getLogger(__name__)
LOCK = 7307


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check did: cells held against their rows, cells that differed (and were repaired), and in which pilots."""

    cells: int
    differing: int
    pilots: tuple[int, ...] = ()


def hand_of(pilot_id: int) -> Scope:
    """The portal's own hand with the compiling role's eyes on one pilot."""
    return replace(operator_scope(request="rollups"), db_role=COMPILER_DB_ROLE, pilot_ids=(pilot_id,))


def refresh() -> int:
    """Compute the marked cohorts again; answers how many marks were taken away."""
    with acting_as(operator_scope(request="rollups")):
        pilots = sorted(set(RollupMark.objects.values_list("pilot_id", flat=True)))
    return sum(_each(pilots, refresh_pilot))


def refresh_pilot(pilot_id: int) -> int:
    """Compute what is marked of one pilot; call it as ``hand_of(pilot_id)``."""
    with connection.cursor() as cursor:
        _alone(cursor, pilot_id)
        cursor.execute(
            "delete from workers_rollupmark where pilot_id = %s returning source, cohorts, months", [pilot_id]
        )
        marks = cursor.fetchall()
        given = params(_scheme(pilot_id))
        for source in SOURCES.values():
            dirty = _dirty(marks, source.code)
            if dirty:
                _compute(cursor, source, pilot_id, dirty, given)
    return len(marks)


def check(*, repair: bool = True) -> Checked:
    """Hold every cell of every pilot against the rows. What differs is computed again, recorded and told to operators."""
    with acting_as(operator_scope(request="rollups")):
        pilots = list(Pilot.objects.order_by("pk").values_list("pk", flat=True))
    found = _each(pilots, lambda pilot_id: _checked(pilot_id, repair))
    wrong = tuple(pilot_id for pilot_id, one in zip(pilots, found, strict=True) if one.differing)
    if wrong and repair:
        _tell(wrong)
    return Checked(sum(one.cells for one in found), sum(one.differing for one in found), wrong)


def _tell(pilots: Sequence[int]) -> None:
    """The operators' notice: it stands in the audit trail that they read, beside the record of each pilot."""
    with acting_as(operator_scope(request="rollups")):
        for pilot_id in pilots:
            audit.record(
                "rollups.repaired", "pilot", pilot_id, pilot_id=pilot_id, outcome="error",
                reason="Roll-ups differed from their rows: a mark was lost, or somebody wrote past the portal.",
            )  # fmt: skip


def _each[T](pilots: Sequence[int], work: Callable[[int], T]) -> list[T]:
    """One pilot after the other. One that fails keeps its marks and stops no other; failures are raised together."""
    answers, failures = [], []
    for pilot_id in pilots:
        try:
            with transaction.atomic(), acting_as(hand_of(pilot_id)):
                answers.append(work(pilot_id))
        except (DatabaseError, BadScheme, UnknownScheme) as failed:
            failures.append(failed)
    if failures:
        raise ExceptionGroup("roll-ups of some pilots were not computed", failures)
    return answers


def _alone(cursor, pilot_id: int) -> None:
    """Two who compute the same pilot wait for each other."""
    cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, pilot_id % 2**31])


def _scheme(pilot_id: int) -> str:
    return Pilot.objects.values_list("scheme", flat=True).get(pk=pilot_id)


def _dirty(marks: list[tuple], source: str) -> list[tuple[int, date | None]]:
    """(cohort, month) to be computed of this source; a cohort that is marked whole stands once, without a month."""
    cells = {
        cell for code, cohorts, months in marks if code in (source, "all")
        for cell in zip(cohorts, months, strict=True)
    }  # fmt: skip
    whole = {cohort for cohort, month in cells if month is None}
    return [(cohort, None) for cohort in sorted(whole)] + sorted(
        (cohort, month) for cohort, month in cells if month is not None and cohort not in whole
    )


def _compute(
    cursor, source: Source, pilot_id: int, dirty: list[tuple[int, date | None]], given: dict[str, Any]
) -> None:
    arrays = {"cohorts": [cohort for cohort, _month in dirty], "months": [month for _cohort, month in dirty]}
    given = given | arrays | {"pilot": pilot_id, "measures": list(source.measures)}
    cursor.execute(_FORGET, given)
    cursor.execute(f"{_DIRTY}, {source.sql} {_STORE}", given)


_DIRTY = "with dirty as (select * from unnest(%(cohorts)s::bigint[], %(months)s::date[]) as d (cohort_id, month))"
_FORGET = f"""
{_DIRTY} delete from workers_rollup r using dirty d where r.pilot_id = %(pilot)s and r.measure = any(%(measures)s)
  and r.cohort_id = d.cohort_id and (d.month is null or r.month = d.month)
"""
_STORE = """
insert into workers_rollup (pilot_id, cohort_id, measure, month, key, value, n, amount)
select %(pilot)s, cohort_id, measure, month, key, value, n, amount from cells
"""
# Rows, cells and marks of one moment: what is marked may differ and is computed soon.
_HELD_AGAINST = """
, stored as materialized (
  select cohort_id, measure, month, key, value, n, amount from workers_rollup
  where pilot_id = %(pilot)s and measure = any(%(measures)s)
), marked as (
  select distinct c.id from workers_rollupmark m, unnest(m.cohorts) as c (id)
  where m.pilot_id = %(pilot)s and m.source in (%(source)s, 'all')
)
select (select count(*) from cells), cohort_id, count(*)
from cells c full join stored s using (cohort_id, measure, month, key, value)
where (c.n, c.amount) is distinct from (s.n, s.amount) and cohort_id not in (select id from marked)
group by cohort_id union all select (select count(*) from cells), null, 0
"""


def _checked(pilot_id: int, repair: bool) -> Checked:
    cells = differing = 0
    with connection.cursor() as cursor:
        _alone(cursor, pilot_id)
        cursor.execute("select id from pilots_cohort where pilot_id = %s order by id", [pilot_id])
        cohorts = [pk for (pk,) in cursor.fetchall()]
        given = params(_scheme(pilot_id)) | {"pilot": pilot_id, "cohorts": cohorts, "months": [None] * len(cohorts)}
        for source in SOURCES.values():
            asked = given | {"measures": list(source.measures), "source": source.code}
            cursor.execute(f"{_DIRTY}, {source.sql} {_HELD_AGAINST}", asked)
            rows = cursor.fetchall()
            cells += rows[0][0]
            wrong = {cohort: n for _all, cohort, n in rows if cohort is not None}
            differing += sum(wrong.values())
            if wrong and repair:
                _repair(cursor, source, pilot_id, wrong, given)
    return Checked(cells, differing)


def _repair(cursor, source: Source, pilot_id: int, wrong: dict[int, int], given: dict[str, Any]) -> None:
    """Compute the cohorts again, keep a record, and tell the operators: a mark was lost, or somebody wrote past the portal."""
    _compute(cursor, source, pilot_id, [(cohort, None) for cohort in sorted(wrong)], given)
    RollupRepair.objects.bulk_create(
        [RollupRepair(pilot_id=pilot_id, source=source.code, cohorts=sorted(wrong), cells=sum(wrong.values()))]
    )
    log.error(
        "roll-ups differed from their rows and were repaired: pilot %s, source %s, %s cells of %s cohorts",
        pilot_id, source.code, sum(wrong.values()), len(wrong),
    )  # fmt: skip
