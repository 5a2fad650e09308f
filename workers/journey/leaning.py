"""What can stand on a move: later facts that were recorded because of it, so that it is no longer taken back in passing.

A table of ``Leaning``; apps above add theirs, handed over by the roof (``lamp_portal/leaning.py``). Each is asked with the
reader's own sight: what somebody may not read is not named to them, not even by refusing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.rows import may
from accounts.scope import Scope
from workers.models import ContractVersion, DeductionAgreement, JourneyEvent, PayRecord


@dataclass(frozen=True, slots=True)
class Leaning:
    """``sql`` answers whether something stands on the move ``e`` (a row of ``workers_journeyevent``); ``words`` say what."""

    model: type[Model]
    words: str
    sql: str


def later(table: str, recorded: str = "recorded_at") -> str:
    """Whether the table has a row of the placement that was recorded after the move."""
    return f"exists (select from {table} x where x.placement_id = e.placement_id and x.{recorded} > e.recorded_at)"


OF_WORKERS: Final[dict[str, Leaning]] = {
    "move": Leaning(
        JourneyEvent, gettext_noop("a later move"),
        "exists (select from workers_journeyevent x where x.placement_id = e.placement_id and x.version > e.version)",
    ),
    "contract": Leaning(ContractVersion, gettext_noop("a contract"), later("workers_contractversion")),
    "deduction": Leaning(
        DeductionAgreement, gettext_noop("an agreement on deductions"), later("workers_deductionagreement")
    ),
    "pay": Leaning(PayRecord, gettext_noop("a payslip"), later("workers_payrecord")),
}  # fmt: skip
LEANING: Final[dict[str, Leaning]] = {}


def add(leaning: Mapping[str, Leaning]) -> None:
    """Take in what can stand on a move; called once by the roof, when the portal starts."""
    LEANING.update(leaning)


def leaning_on(event_ids: list[int], *, by: Scope) -> dict[int, tuple[str, ...]]:
    """event id → what stands on it that the reader may know, in the order of the table. One statement."""
    asked = {code: one for code, one in LEANING.items() if may(one.model, by.db_role)}
    if not event_ids or not asked:
        return {}
    cases = ", ".join(f"case when {one.sql} then '{code}' end" for code, one in asked.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"select e.id, array_remove(array[{cases}]::text[], null) from workers_journeyevent e where e.id = any(%s)",
            [event_ids],
        )
        return {pk: tuple(found) for pk, found in cursor.fetchall() if found}


def words_of(codes: tuple[str, ...]) -> str:
    """What stands on it, in the reader's words."""
    return ", ".join(_(LEANING[code].words) for code in codes)
