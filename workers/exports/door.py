"""The door of downloads: ``ask`` for a list as a file, ``make`` it, ``hand_out`` it, ``withdraw`` it.

A short list is made in the request that asks and not kept. A long one is made by a job and lies ready for a day, for who
asked and nobody else; rights are looked at when it is asked for, when it is made and each time it is fetched. The number
of rows is counted by the statement of the page and again while the file is written; a file that differs is not handed out.
"""

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, jobs
from accounts.jobs import Failure, Work
from accounts.roles import Permission
from accounts.scope import Scope
from workers.models import Export, ExportPiece, ExportSight

from . import deidentifying, sight, textfile, workbook
from .listings import LISTINGS, Asked, Listing, Plan
from .marks import mark_of
from .rows import count, rows_of

PIECE = 1024 * 1024
TRIES = 3  # somebody may record a row between counting and writing
Say = Callable[[int], None]


class Refused(Exception):
    """A file that is not made or handed out; the sentence says why and what to do."""


def listing_of(code: str, by: Scope) -> Listing | None:
    """The list of this code, if the scope may have it."""
    listing = LISTINGS.get(code)
    return listing if listing is not None and listing.allowed(by) else None


def may_deidentify(listing: Listing, by: Scope) -> bool:
    """Whether the scope may have the list without persons."""
    return listing.by_person and by.allows(Permission.EXPORT_DEIDENTIFIED)


def ask(
    listing: Listing, given: Mapping[str, str], form: str, *, by: Scope, pilot_id: int | None, recipient: str = ""
) -> Export:
    """Note that a file is asked for, as a row of the asker. PermissionDenied where the list is not theirs; Refused
    when too many of theirs are being made."""
    if not listing.allowed(by) or (recipient and not may_deidentify(listing, by)):
        raise PermissionDenied(listing.code)
    if recipient:
        _refuse_narrow(listing.plan(Asked(by, given, timezone.localdate())), given)
    waiting = Export.objects.filter(
        made_at__isnull=True, revoked_at__isnull=True, asked_at__gt=timezone.now() - timedelta(hours=1)
    )
    if waiting.count() >= settings.EXPORT_MOST_WAITING:
        raise Refused(_("Several of your files are still being made. Wait for them before you ask for another."))
    export = Export.objects.create(
        organisation_id=by.organisation_id, user_id=by.user_id, role=by.role_code, pilot_id=pilot_id,
        pilot_ids=sorted(by.pilot_ids), listing=listing.code, given=dict(given), format=form, recipient=recipient,
    )  # fmt: skip
    export.refresh_from_db(fields=["asked_at"])
    return export


def _refuse_narrow(plan: Plan, given: Mapping[str, str]) -> None:
    try:
        deidentifying.refuse_narrow(plan, given)
    except deidentifying.TooNarrow as narrow:
        raise Refused(str(narrow)) from narrow


def make(export: Export, target: BinaryIO, *, by: Scope, at: datetime, today: date, say: Say | None = None) -> int:
    """Write the file into ``target``; answers its number of rows, which is the number on the page. Raises Refused where
    the list changes under our hands, PermissionDenied where the rights are not there any more."""
    listing = LISTINGS[export.listing]
    if not listing.allowed(by):
        raise PermissionDenied(export.listing)
    plan = listing.plan(Asked(by, export.given, today))
    if export.deidentified:
        _refuse_narrow(plan, export.given)
    for _try in range(TRIES):
        wanted = count(plan)
        target.seek(0)
        target.truncate()
        if _write(export, plan, wanted, target, listing, by, at, say) == wanted:
            return wanted
    raise Refused(_changing())


def _changing() -> str:
    return _("The list is being changed at this moment, so the file could not be made whole. Ask again.")


def _write(
    export: Export,
    plan: Plan,
    wanted: int,
    target: BinaryIO,
    listing: Listing,
    by: Scope,
    at: datetime,
    say: Say | None,
) -> int:
    mark = mark_of(export, listing, plan, wanted, by=by, at=at)
    if not export.deidentified and plan.values is None:
        if export.format == Export.Format.CSV:
            return textfile.copy(target, plan)
        return workbook.copy(target, plan, mark, wanted, say)
    cells, rows = plan.cells, rows_of(plan)
    if export.deidentified:
        apart = deidentifying.without_persons(plan, export.recipient)
        cells, rows = apart.cells, apart.rows
    if say is not None:
        rows = _told(rows, say)
    if export.format == Export.Format.CSV:
        return textfile.write(target, cells, rows)
    return workbook.write(target, cells, rows, mark, wanted)


def _told(rows: Any, say: Say) -> Any:
    for number, row in enumerate(rows, start=1):
        if number % 5000 == 0:
            say(number)
        yield row


def at_once(export: Export, *, by: Scope, at: datetime, today: date) -> bytes:
    """A short list as bytes, handed out in this very request and not kept; the download is recorded."""
    with tempfile.SpooledTemporaryFile(PIECE) as target:
        export.row_count = make(export, cast(BinaryIO, target), by=by, at=at, today=today)
        target.seek(0)
        content = target.read()
    export.size, export.sha256 = len(content), hashlib.sha256(content).hexdigest()
    export.made_at = export.expires_at = export.deleted_at = at
    export.given = {}  # filters may hold a name that somebody searched for; they are kept no longer than needed
    export.save(update_fields=["row_count", "size", "sha256", "made_at", "expires_at", "deleted_at", "given"])
    _record(export, by)
    return content


def in_background(export: Export, *, by: Scope) -> None:
    """Ask for the job that makes a long list."""
    jobs.ask("make_export", key=str(export.pk), by=by, pilot_id=export.pilot_id, export=export.pk)


def make_job(work: Work) -> dict:
    """The job ``make_export``: makes the file of its parameters under the asker's rights as they are now, and keeps it."""
    export = Export.objects.filter(pk=work.job.params["export"]).first()
    if export is None or export.revoked_at is not None:
        raise Failure(_("This download was withdrawn."))
    if lost(export, work.scope):
        raise Failure(_("What you may see has changed since you asked. Open the list and ask again."))
    now = timezone.now()
    total = count(LISTINGS[export.listing].plan(Asked(work.scope, export.given, timezone.localdate(now))))
    words = _("Writing the rows")
    work.progress.say(words, 0, total)
    with tempfile.TemporaryFile() as target:
        try:
            export.row_count = _made_and_kept(
                export, target, by=work.scope, at=now, today=timezone.localdate(now),
                say=lambda done: work.progress.say(words, done, total),
            )  # fmt: skip
        except Refused as refused:
            raise Failure(str(refused)) from refused
        _keep(export, target, now)
    work.progress.say(words, export.row_count, export.row_count)
    return {"url": f"/downloads/{export.pk}/", "export": export.pk}


def _made_and_kept(
    export: Export, target: BinaryIO, *, by: Scope, at: datetime, today: date, say: Say | None = None
) -> int:
    """The file, and beside it which records it shows: the same before it was written and afterwards."""
    listing = LISTINGS[export.listing]
    for _try in range(TRIES):
        kept = sight.keep(export, listing.plan(Asked(by, export.given, today)))
        made = make(export, target, by=by, at=at, today=today, say=say)
        if made == kept and not sight.lost(export, listing.plan(Asked(by, export.given, today))):
            return made
    raise Refused(_changing())


def _keep(export: Export, target: BinaryIO, now: datetime) -> None:
    digest, size, number = hashlib.sha256(), 0, 0
    target.seek(0)
    while body := target.read(PIECE):
        number, size = number + 1, size + len(body)
        digest.update(body)
        ExportPiece(
            export=export, organisation_id=export.organisation_id, user_id=export.user_id, number=number, body=body
        ).save(force_insert=True)
    export.size, export.sha256, export.made_at = size, digest.hexdigest(), now
    export.expires_at = now + timedelta(hours=settings.EXPORT_KEEP_HOURS)
    export.save(update_fields=["row_count", "size", "sha256", "made_at", "expires_at"])


def lost(export: Export, by: Scope) -> bool:
    """Whether the asker's rights became narrower than when the file was asked for."""
    listing = LISTINGS.get(export.listing)
    return (
        listing is None
        or not listing.allowed(by)
        or (export.organisation_id, export.user_id, export.role) != (by.organisation_id, by.user_id, by.role_code)
        or not set(export.pilot_ids) <= set(by.pilot_ids)
        or (export.deidentified and not may_deidentify(listing, by))
    )


def ready(export: Export, now: datetime) -> bool:
    """Whether the bytes lie there to be fetched."""
    return (
        export.made_at is not None
        and export.deleted_at is None
        and export.revoked_at is None
        and export.expires_at is not None
        and now < export.expires_at
    )


WAITING, READY, HANDED_OUT, OVER, WITHDRAWN = "waiting", "ready", "handed out", "over", "withdrawn"
TONES = {WAITING: "info", READY: "good", HANDED_OUT: "neutral", OVER: "neutral", WITHDRAWN: "warning"}


def state_of(export: Export, now: datetime) -> str:
    """Where a file stands."""
    if export.revoked_at is not None:
        return WITHDRAWN
    if export.made_at is None:
        return WAITING
    if ready(export, now):
        return READY
    return HANDED_OUT if export.expires_at == export.made_at else OVER


def state_words(state: str) -> str:
    """The same in words."""
    return {
        WAITING: _("Being made"), READY: _("Lies ready"), HANDED_OUT: _("Handed out at once"), OVER: _("Over"),
        WITHDRAWN: _("Deleted before its time"),
    }[state]  # fmt: skip


def hand_out(export: Export, *, by: Scope, now: datetime) -> BinaryIO:
    """The kept file, open at its beginning, for its asker; each time is recorded. Raises Refused when it is over, was
    withdrawn, or shows rows that its asker would not see any more."""
    if not ready(export, now):
        raise Refused(_("This file does not lie here any more. Open the list and ask again."))
    plan = None if lost(export, by) else LISTINGS[export.listing].plan(Asked(by, export.given, timezone.localdate(now)))
    if plan is None or sight.lost(export, plan):
        raise Refused(_("What you may see has changed since this file was made. Open the list and ask again."))
    target, digest = tempfile.TemporaryFile(), hashlib.sha256()  # noqa: SIM115 - the answer of the page closes it
    pieces = ExportPiece.objects.filter(export=export).order_by("number").values_list("body", flat=True)
    for body in pieces.iterator(chunk_size=4):
        target.write(body)
        digest.update(body)
    if digest.hexdigest() != export.sha256:
        target.close()
        raise Refused(_("This file is not as it was made, so it is not handed out. Ask again."))
    target.seek(0)
    _record(export, by)
    return target


def withdraw(export: Export, *, now: datetime) -> None:
    """Nobody fetches the file any more, and its bytes are gone."""
    ExportPiece.objects.filter(export=export).delete()
    ExportSight.objects.filter(export=export).delete()
    export.revoked_at = export.deleted_at = now
    export.given = {}
    export.save(update_fields=["revoked_at", "deleted_at", "given"])


def _record(export: Export, by: Scope) -> None:
    kind = "without persons" if export.deidentified else "as seen"
    audit.record(
        "download", f"list {export.listing}", export.pk, scope=by, pilot_id=export.pilot_id,
        reason=f"{export.row_count} rows, {export.format}, {kind}",
    )  # fmt: skip
