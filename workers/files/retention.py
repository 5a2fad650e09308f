"""Bytes are deleted when their time is over (periods: ``docs/files.md``); the row with hash and day stays.

A rule says which files of one table are due; a legal hold on the person (``workers/legal_holds.py``) keeps them. ``delete_due`` asks each rule, deletes the bytes, then marks the row: a
crash between the two is made good by the next run, which finds the bytes gone already. The periods are proposals of
the domain for the owner and a lawyer to set.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.scope import Scope, acting_as, operator_scope
from pilots.models import Pilot
from workers.exports.retention import delete_expired
from workers.journey.steps import HOME, OFF_PATH, STEPS
from workers.legal_holds import held
from workers.models import CostFile, DocumentFile, StoredFile, TrainingFile
from workers.sheets import forgetting

from . import storage

log = logging.getLogger(__name__)
AT_ONCE = 500
WITHDRAWN_DAYS = 30
HOME_STEPS = [step.code for step in STEPS if step.phase == HOME]
# A placement is over when the person is home, or left the path before going abroad or on the way home.
OVER_STEPS = HOME_STEPS + [step.code for step in STEPS if step.phase == OFF_PATH and not step.is_abroad]

# The day on which placement p with state s was over: the first day at home, else since when it stands off the path.
OVER_ON = """(case when s.step = any(%(over)s) then coalesce((select min(e.happened_on) from workers_journeyevent e
  where e.placement_id = p.id and e.to_step = any(%(home)s)), s.since) end)"""

# Of a person with several placements the last one counts, and none may still run; never placed: two years.
PERSON_OVER = f"""
  coalesce((select case when bool_and(s.step = any(%(over)s)) then max({OVER_ON}) end
            from workers_placement p join workers_placementstate s on s.placement_id = p.id
            where p.person_id = r.person_id) < %(today)s::date - interval '3 months',
           not exists (select from workers_placement p where p.person_id = r.person_id)
           and f.recorded_at < %(today)s::date - interval '24 months')"""


# SQL for whom the record r is about: by a person, or by a placement of theirs.
OF_PERSON = "r.person_id"
OF_PLACEMENT = "(select p.person_id from workers_placement p where p.id = r.placement_id)"


def placement_over(years: int) -> str:
    """Due so many years after the placement of record r was over."""
    return f"""
  (select {OVER_ON} from workers_placement p join workers_placementstate s on s.placement_id = p.id
   where p.id = r.placement_id) < %(today)s::date - interval '{years} years'"""


@dataclass(frozen=True, slots=True)
class Rule:
    """``due``: SQL on the file f and its record r, and the same in ``words``. ``db_role``: the reader role that sees and
    ends every file of it. ``person``: SQL for whom it is about; while a legal hold stands on them, nothing is due."""

    model: type[StoredFile]
    key: str
    db_role: str
    due: str
    words: str | Promise
    person: str = OF_PLACEMENT

    def ids(self, after: int, now: datetime) -> list[tuple[int, str]]:
        """(id, name in the storage) of the next files that are due, at most 500."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"select f.id, f.stored_as {self._due()} and f.id > %(after)s order by f.id limit %(most)s",
                self._values(now) | {"after": after, "most": AT_ONCE},
            )
            return cursor.fetchall()

    def count(self, now: datetime) -> int:
        """How many are due at this moment. Changes nothing."""
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) {self._due()}", self._values(now))
            return cursor.fetchone()[0]

    def _due(self) -> str:
        table, field = self.model._meta.db_table, self.model._meta.get_field(self.key)
        record = field.related_model._meta.db_table  # type: ignore[union-attr]  # the key leads to the record's model
        return (
            f"from {table} f join {record} r on r.id = f.{field.column}"  # type: ignore[union-attr]
            f" where f.bytes_deleted_at is null and (f.withdrawn_at < %(withdrawn)s or {self.due})"
            f" and not {held(self.person, '%(today)s::date')}"
        )

    @staticmethod
    def _values(now: datetime) -> dict[str, Any]:
        withdrawn = now - timedelta(days=WITHDRAWN_DAYS)
        return {"over": OVER_STEPS, "home": HOME_STEPS, "today": now.date(), "now": now, "withdrawn": withdrawn}

    def mark(self, ids: list[int], now: datetime) -> int:
        """Write down that the bytes of these are gone."""
        rows = self.model._default_manager.filter(pk__in=ids, bytes_deleted_at__isnull=True)
        return rows.update(bytes_deleted_at=now)


SEVEN = _("Seven years after the stay was over.")
RULES: tuple[Rule, ...] = (
    Rule(
        DocumentFile,
        "document",
        "lamp_programme",
        PERSON_OVER,
        _("Three months after the person's last return; never placed: after two years."),
        OF_PERSON,
    ),
    Rule(CostFile, "cost", "lamp_programme", placement_over(7), SEVEN),
    Rule(TrainingFile, "training", "lamp_programme", placement_over(7), SEVEN),
)


@dataclass(frozen=True, slots=True)
class Deleted:
    """What one run did: files by table, sheets and their rows, and bytes that could not be deleted this time."""

    files: dict[str, int]
    sheets: int
    rows: int
    failed: int


def delete_due(rules: Iterable[Rule], *, now: datetime) -> Deleted:
    """Delete the bytes of every file that is due in any pilot, downloads that are over, and sheets sent more than 90 days ago.

    By the portal itself: no person acts. May be run at any time and as often as one likes.
    """
    counts, failed = {}, 0
    for rule, portal in hands(rules):
        done, missed = _delete(rule, portal, now)
        counts[rule.model._meta.model_name or ""] = done
        failed += missed
    counts["export"] = delete_expired(now=now)
    sheets = rows = 0
    while True:
        with acting_as(operator_scope(request="retention")):
            batches, in_rows = forgetting.forget(now)
        sheets, rows = sheets + batches, rows + in_rows
        if batches < forgetting.AT_ONCE:
            return Deleted(counts, sheets, rows, failed)


def hands(rules: Iterable[Rule]) -> list[tuple[Rule, Scope]]:
    """Each rule with the scope that sees every file of it: the portal's own hands, in all pilots."""
    with acting_as(operator_scope(request="retention")):
        pilots = tuple(Pilot.objects.order_by("pk").values_list("pk", flat=True))
    portal = replace(operator_scope(request="retention"), pilot_ids=pilots)
    return [(rule, replace(portal, db_role=rule.db_role)) for rule in rules]


def _delete(rule: Rule, portal: Scope, now: datetime) -> tuple[int, int]:
    """(deleted, failed) of one rule, five hundred in a transaction."""
    after = done = failed = 0
    while True:
        with acting_as(portal):
            due = rule.ids(after, now)
            gone = [pk for pk, name in due if _gone(name)]
            done += rule.mark(gone, now)
        failed += len(due) - len(gone)
        if len(due) < AT_ONCE:
            return done, failed
        after = due[-1][0]


def _gone(name: str) -> bool:
    try:
        storage.store().delete(name)
    except OSError as error:
        log.error("bytes not deleted: %s", type(error).__name__)
        return False
    return True
