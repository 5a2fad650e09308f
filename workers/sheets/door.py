"""The door of spreadsheets: ``open_batch`` → ``check`` → ``commit`` → ``undo``, and ``remainder``.

A batch is one file of one kind in one pilot. Checking reads the file once, cleans it, asks the database everything
about all rows at once and keeps the rows with their verdict; committing takes the kept rows, judges them again under
the rights and facts of that moment, and records in one transaction. Everything runs inside ``acting_as(by)``.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.jobs import Failure, Progress, Work
from accounts.roles import Permission
from accounts.scope import Scope
from pilots.models import Cohort, Pilot
from workers.models import ImportBatch

from . import chain, habits, judges, kept, running, staging, twice
from .cleaning import CONTROL
from .kept import opened, remainder
from .kinds import COLUMNS
from .limits import LIMITS, Limits
from .refusals import SheetRefused, refusal
from .standing import PROGRAMME, NotCommitted, State, lock
from .undoing import Undone, undo

__all__ = [
    "Committed", "NotCommitted", "Undone", "check", "check_job", "commit", "commit_job", "open_batch", "remainder", "undo",
]  # fmt: skip
OPTIONS = (
    "date_order", "currency", "decimal_sign", "separator", "encoding", "sheet", "header_row", "mapping", "columns", "words",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit did: rows by verdict; ``conflict`` rows changed since the check and were left alone."""

    new: int
    changed: int
    same: int
    refused: int
    conflict: int


def open_batch(
    content: bytes,
    name: str,
    kind: str,
    pilot: Pilot,
    *,
    by: Scope,
    cohort: Cohort | None = None,
    options: dict[str, Any] | None = None,
) -> ImportBatch:
    """Keep a file as a new batch. ``options``: date_order (dmy, mdy, ymd), currency, and the reader's own answers on
    how to read the file (``OPTIONS``). Raises SheetRefused for a file over the limit, KeyError for an unknown kind."""
    by.require(Permission.SHEET_SEND)
    if kind not in judges.JUDGES:
        raise KeyError(kind)
    if kind not in judges.offered(by):
        raise PermissionDenied(_("Your role may not record this kind of sheet."))
    limit = min(settings.SHEET_MAX_BYTES, LIMITS.file_size)
    if len(content) > limit:
        raise refusal("too_big", megabytes=-(-len(content) // 2**20), limit=limit // 2**20)
    given = {key: value for key, value in (options or {}).items() if key in OPTIONS and value}
    recalled = habits.recall(kind, by)
    given["mapping"] = recalled.columns | given.get("mapping", {})
    given["words"] = {about: recalled.words.get(about, {}) | given.get("words", {}).get(about, {})
                      for about in {*recalled.words, *given.get("words", {})}}  # fmt: skip
    # What programme officers send themselves they read; of the others' sheets of such a kind they read nothing.
    apart = COLUMNS[kind].kept_apart and by.db_role != PROGRAMME
    batch = ImportBatch(
        pilot=pilot, organisation_id=by.organisation_id, user_id=by.user_id, cohort=cohort, kind=kind,
        file_name=CONTROL.sub("", os.path.basename(name.replace("\\", "/")))[:200] or "sheet",
        file_sha256=hashlib.sha256(content).hexdigest(), options=given, restricted=apart,
    )  # fmt: skip
    batch.options = chain.both(chain.answers_of(chain.earlier(batch)), given)
    batch.save(force_insert=True)
    batch.refresh_from_db(fields=["uploaded_at"])
    kept.keep_file(batch, content)
    return batch


def check(
    batch: ImportBatch,
    *,
    by: Scope,
    progress: Progress | None = None,
    today: date | None = None,
    limits: Limits = LIMITS,
) -> ImportBatch:
    """Read, clean and judge the file; keep its rows and counts. A file that cannot be read leaves the batch refused,
    with the sentence in ``trouble``. ``today`` is the day of upload unless given; ``limits`` bound the reading."""
    by.require(Permission.SHEET_SEND)
    lock(batch, by, State.UPLOADED, State.CHECKED, State.REFUSED)
    judges.require(batch.kind, by)
    kind, day = COLUMNS[batch.kind], today or _day(batch)
    try:
        with transaction.atomic(), staging.working(kind):
            _check(batch, by, day, _say(progress), limits)
    except SheetRefused as refused:
        batch.state, batch.trouble = State.REFUSED, CONTROL.sub("", refused.message)
        batch.summary = {"code": refused.code}
        batch.save(update_fields=["state", "trouble", "summary"])
    return batch


def _check(batch: ImportBatch, by: Scope, today: date, say: staging.Say, limits: Limits) -> None:
    kind = COLUMNS[batch.kind]
    with opened(batch, today, limits) as rows:
        renewed = chain.take_over(batch, rows.sheet.name, rows.sheet.headers)
        if not renewed:
            staging.stage(rows, kind, say)
            twice.refuse(rows, kind)
        notes, headers, sheets = rows.notes, staging.places(rows), rows.sheet.parts if len(rows.sheet.parts) > 1 else []
    if batch.options.get("rest_of"):
        notes = [*notes, _("Read with what was answered about the sheet whose rows to mend these are.")]
    if renewed:  # read once more, with the answers that were given about the sheet whose rest this is
        return _check(batch, by, today, say, limits)
    say("judge", None, rows.rows)
    judges.judge(batch, by, today)
    judges.warn(batch, by)
    running.ask(batch, headers)
    staging.tell(judges.words(batch, by), headers, kind, sheets)
    say("keep", None, rows.rows)
    staging.keep(batch, kind)
    batch.part_of_id = batch.part_of_id or chain.first_part(batch, rows.sheet.name, headers)
    batch.state, batch.trouble, batch.checked_at = State.CHECKED, "", timezone.now()
    batch.summary = {
        "counts": staging.counts(batch.pk), "notes": notes,
        "ignored": rows.mapping.unknown + judges.unused(batch.kind, headers), "headers": headers,
        "unusable": judges.claimed_twice(batch.pk), "unknown": rows.mapping.unknown,
        "first_column": rows.sheet.first_column, "sheet": rows.sheet.name, "header_row": rows.sheet.header_row,
        "withheld": rows.withheld, "sheets": sheets,
    }  # fmt: skip
    batch.save(update_fields=["state", "trouble", "checked_at", "summary", "part_of"])
    if batch.summary["unusable"]:
        audit.record(
            "number claimed twice", "import", batch.pk, scope=by, pilot_id=batch.pilot_id, restricted=batch.restricted
        )


def commit(
    batch: ImportBatch,
    *,
    by: Scope,
    only_accepted: bool = True,
    progress: Progress | None = None,
    today: date | None = None,
) -> Committed:
    """Record the batch: every accepted row, or with ``only_accepted=False`` all rows or none.

    Judged again now: a row whose record changed since the check becomes a conflict and is not written. Raises
    NotCommitted with a sentence when nothing was recorded.
    """
    by.require(Permission.SHEET_SEND)
    try:
        with transaction.atomic():
            _begin_commit(batch, by, only_accepted)
            with staging.working(COLUMNS[batch.kind]):
                return _commit(batch, by, only_accepted, today or _day(batch), _say(progress))
    except IntegrityError as error:
        raise NotCommitted(judges.said_by_constraint(error)) from error


def _begin_commit(batch: ImportBatch, by: Scope, only_accepted: bool) -> None:
    with connection.cursor() as cursor:
        # One commit at a time in a pilot: what a second one judges is then what the first one left.
        cursor.execute("select pg_advisory_xact_lock(7302, %s)", [batch.pilot_id])
    lock(batch, by, State.CHECKED)
    judges.require(batch.kind, by)
    counts = staging.counts(batch.pk)
    if not only_accepted and counts["refused"] + counts["conflict"]:
        raise NotCommitted(_("Some rows are refused, and all rows or none were asked for. Nothing was recorded."))


def _commit(batch: ImportBatch, by: Scope, only_accepted: bool, today: date, say: staging.Say) -> Committed:
    counts = batch.summary.get("counts", {})
    accepted = counts.get("new", 0) + counts.get("changed", 0)
    say("write", None, accepted)
    if not _trusting(batch, by, today, lambda done: say("write", done, accepted)):
        staging.load(batch.pk, COLUMNS[batch.kind])
        judges.judge(batch, by, today)
        judges.settle(batch, by)
        judges.write(batch, by, today)
    now = staging.counts(batch.pk)
    if not only_accepted and now["conflict"]:
        raise NotCommitted(_("A record changed since the check, and all rows or none were asked for. Check again."))
    batch.state, batch.committed_at = State.COMMITTED, _database_clock()
    batch.partial = bool(now["refused"] + now["conflict"])
    batch.summary = {**batch.summary, "counts": now}
    batch.save(update_fields=["state", "committed_at", "partial", "summary"])
    done = Committed(*(now[key] for key in ("new", "changed", "same", "refused", "conflict")))
    audit.record(
        "import committed", "import", batch.pk, scope=by, pilot_id=batch.pilot_id,
        reason=f"{batch.kind}: {done.new} new, {done.changed} changed", restricted=batch.restricted,
    )  # fmt: skip
    return done


def _trusting(batch: ImportBatch, by: Scope, today: date, say: Callable[[int], None]) -> bool:
    """Record on the verdicts of the check where constraints of the database hold them: no number of a new person may be
    taken meanwhile. Whether that went well; if not nothing remains of it, and every row is judged anew."""
    try:
        with transaction.atomic():
            if not judges.write_trusted(batch, by, today, say):
                raise _Stale
    except (_Stale, IntegrityError):
        return False
    return True


class _Stale(Exception):
    """The verdicts of the check cannot be relied on; rolls back what was tried."""


def check_job(work: Work) -> dict:
    """The job ``check_sheet``: checks the batch of its parameters; its result is the batch's page."""
    batch = of_job(work)
    check(batch, by=work.scope, progress=work.progress)
    return {"url": f"/imports/{batch.pk}/", "batch": batch.pk}


def commit_job(work: Work) -> dict:
    """The job ``commit_sheet``: commits the batch of its parameters."""
    batch = of_job(work)
    try:
        commit(batch, by=work.scope, only_accepted=work.job.params["only_accepted"], progress=work.progress)
    except NotCommitted as refused:
        raise Failure(str(refused)) from refused
    return {"url": f"/imports/{batch.pk}/", "batch": batch.pk}


def of_job(work: Work) -> ImportBatch:
    """The batch of a job's parameters, with what its judges ask of it."""
    batch = ImportBatch.objects.select_related("pilot__corridor").filter(pk=work.job.params["batch"]).first()
    if batch is None:
        raise Failure(_("The import is not there any more, or you no longer see it."))
    judges.require(batch.kind, work.scope)
    return batch


def _database_clock() -> datetime:
    """The moment by the clock that dates the rows themselves, so that "recorded later" can be told."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        return cursor.fetchone()[0]


def _day(batch: ImportBatch) -> date:
    return timezone.localdate(batch.uploaded_at)


# What a job's page shows: from which to which percent of the work, and in which words.
STAGES: dict[str, tuple[int, int]] = {"read": (0, 55), "judge": (55, 75), "keep": (75, 100), "write": (20, 100)}


def _stage(what: str, total: int | None) -> str:
    """A stage in words, with the number of its rows where it is known."""
    if not total:
        return {
            "read": _("Reading the rows: %(done)s so far"), "judge": _("Comparing with what is recorded"),
            "keep": _("Keeping the result"), "write": _("Recording"),
        }[what]  # fmt: skip
    return {
        "read": _("Reading the rows: %(done)s of about %(total)s"),
        "judge": ngettext(
            "Comparing %(total)s row with what is recorded", "Comparing %(total)s rows with what is recorded", total
        ),
        "keep": ngettext("Keeping the result of %(total)s row", "Keeping the result of %(total)s rows", total),
        "write": ngettext("Recording %(total)s row", "Recording %(total)s rows", total),
    }[what]


def _say(progress: Progress | None) -> staging.Say:
    """Tell the reader of a job's page how far it is: percent of the whole, and rows so far where they are counted."""

    def say(what: str, done: int | None = None, total: int | None = None) -> None:
        if progress is not None:
            first, last = STAGES[what]
            share = min(done or 0, total) / total if total else 0
            sentence = _stage(what, total) % {"done": done or 0, "total": total}
            progress.say(sentence, int(first + (last - first) * share), 100)

    return say
