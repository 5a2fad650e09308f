"""``undo``: takes a committed batch back as far as nothing later stands on it, and lists what stays and why.

Each kind's judge takes its own rows back: people (``undoing_people``), facts (``undoing_facts``), checks (in compliance).
Moves are history and stay; a move puts them right.
"""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Permission
from accounts.scope import Scope
from workers.models import ImportBatch

from . import judges, staging
from .kinds import COLUMNS
from .standing import NotCommitted, State, Undone, lock, said_by_state

__all__ = ["Undone", "hold", "undo"]


def hold(batch: ImportBatch, by: Scope) -> None:
    """Lock a batch that can be taken back: it is recorded, or was taken back in part. Raises NotCommitted."""
    lock(batch, by, State.COMMITTED, State.UNDONE)
    if batch.state == State.UNDONE and not batch.summary.get("kept"):
        raise NotCommitted(said_by_state(batch))


def undo(batch: ImportBatch, *, by: Scope, reason: str) -> Undone:
    """Take the batch back, or what stayed of it when it was taken back before and nothing stands on it any more. Raises
    NotCommitted with a sentence when it is not committed or no reason is given."""
    by.require(Permission.SHEET_SEND)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(7302, %s)", [batch.pilot_id])
        hold(batch, by)
        judges.require(batch.kind, by)
        if not reason.strip():
            raise NotCommitted(_("Say why the sheet is taken back."))
        with staging.working(COLUMNS[batch.kind]):
            staging.load(batch.pk, COLUMNS[batch.kind])
            answer = judges.take_back(batch, by, timezone.localdate(batch.uploaded_at))
        before = 0
        if batch.state == State.UNDONE:
            # What was taken back the first time is not there, and so not named as what stays.
            stayed, before = {row["row"] for row in batch.summary["kept"]}, batch.summary.get("undone", 0)
            answer = Undone(answer.undone, [row for row in answer.kept if row["row"] in stayed])
        if answer.undone:
            batch.state, batch.undone_at, batch.undone_reason = State.UNDONE, timezone.now(), reason.strip()[:300]
        batch.summary = {**batch.summary, "undone": before + answer.undone, "kept": answer.kept}
        batch.save(update_fields=["state", "undone_at", "undone_reason", "summary"])
        audit.record(
            "import undone", "import", batch.pk, scope=by, pilot_id=batch.pilot_id,
            reason=f"{answer.undone} rows back, {len(answer.kept)} stay", restricted=batch.restricted,
        )  # fmt: skip
    return answer
