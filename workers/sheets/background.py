"""What reads every row of a long sheet and is no matter for a request: taking it back, looking at that first, the next
part, handing comments over.

Each is a job of the sheet, done under its asker's rights as they are then; the page of the sheet shows how far it is.
Short sheets are done at once by the same functions.
"""

from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import jobs
from accounts.jobs import Failure, Progress, Work
from accounts.models import Job
from accounts.scope import Scope
from workers.models import ImportBatch, ImportRest

from . import chain, door
from .handing_over import hand_over
from .refusals import SheetRefused
from .standing import lock
from .undoing import hold

READING: Final = ("check_sheet", "commit_sheet")
AFTERWARDS: Final = ("undo_sheet", "rest_of_sheet", "rest_as_file", "hand_over_sheet")
MOST_NAMED: Final = 200


def ask(kind: str, batch: ImportBatch, *, by: Scope, **params: Any) -> Job:
    """Leave it to a worker. Pressing twice within a second is one job."""
    key = f"{batch.pk} {timezone.now():%Y%m%d%H%M%S}"
    return jobs.ask(kind, key=key, by=by, pilot_id=batch.pilot_id, batch=batch.pk, **params)


def ask_undo(batch: ImportBatch, reason: str, *, by: Scope, look: bool) -> None:
    """Leave taking back, or looking what it would do, to a worker. The reason waits in the batch: what a person writes is
    no parameter of a job. Raises NotCommitted where it would be refused anyhow."""
    hold(batch, by)
    if not look:
        if not reason.strip():
            raise door.NotCommitted(_("Say why the sheet is taken back."))
        batch.undone_reason = reason.strip()[:300]
        batch.save(update_fields=["undone_reason"])
    ask("undo_sheet", batch, by=by, look=look)


def under_way(batch: ImportBatch) -> Job | None:
    """The work that goes on for this sheet, or that failed last; none when it came to its end."""
    kinds: tuple[str, ...] = AFTERWARDS if batch.state == ImportBatch.State.COMMITTED else (*READING, *AFTERWARDS)
    if batch.state == ImportBatch.State.UNDONE:  # what stayed may go later
        kinds = ("undo_sheet",)
    found = Job.objects.filter(kind__in=kinds, params__batch=batch.pk).order_by("-id").first()
    return found if found and found.state != Job.State.DONE else None


def would_undo(batch: ImportBatch, *, by: Scope) -> dict[str, Any]:
    """What taking back would do, played and taken back again: ``undone`` rows, how many ``stay``, the first of them in
    ``kept``. Raises NotCommitted."""
    with transaction.atomic():
        answer = door.undo(batch, by=by, reason=_("To look at what would stay"))
        transaction.set_rollback(True)
    return {"undone": answer.undone, "stay": len(answer.kept), "kept": answer.kept[:MOST_NAMED]}


def next_part(batch: ImportBatch, *, by: Scope, progress: Progress | None = None) -> ImportBatch:
    """The rows that were left over, as the next part of this sheet, checked; the one that was begun already if there is
    one. Raises SheetRefused when the file is gone, NotCommitted when nothing is left over."""
    lock(batch, by, ImportBatch.State.COMMITTED)
    begun = batch.parts.order_by("-pk").first()
    if begun is not None:
        return begun
    part = door.open_batch(
        door.remainder(batch), chain.file_name(batch), batch.kind, batch.pilot, by=by, cohort=batch.cohort,
        options=chain.answers_of(batch),
    )  # fmt: skip
    part.part_of = batch
    part.save(update_fields=["part_of"])
    return door.check(part, by=by, progress=progress, today=timezone.localdate())


def rest_of(batch: ImportBatch) -> ImportRest | None:
    """The workbook of the rows to mend that a worker made, while it is that of the sheet as it stands."""
    since = batch.committed_at or batch.checked_at
    return ImportRest.objects.filter(batch=batch, made_at__gte=since).first() if since else None


def rest_file_job(work: Work) -> dict:
    """The job ``rest_as_file``: makes the workbook of the rows to mend and keeps it beside the sheet."""
    batch = door.of_job(work)
    work.progress.say(_("Gathering the rows to mend"), 0, 1)
    try:
        lock(batch, work.scope, ImportBatch.State.CHECKED, ImportBatch.State.COMMITTED)
        content = door.remainder(batch)
    except (SheetRefused, door.NotCommitted) as refused:
        raise Failure(str(refused)) from refused
    ImportRest.objects.filter(batch=batch).delete()
    ImportRest(
        batch=batch, pilot_id=batch.pilot_id, organisation_id=batch.organisation_id, content=content,
        restricted=batch.restricted,
    ).save(force_insert=True)  # fmt: skip
    return {"url": f"/imports/{batch.pk}/", "batch": batch.pk}


def undo_job(work: Work) -> dict:
    """The job ``undo_sheet``: takes the batch of its parameters back; with ``look`` it only says what would come of it,
    which the page of the sheet then shows."""
    batch = door.of_job(work)
    rows = batch.summary.get("counts", {}).get("rows", 0)
    try:
        if not work.job.params.get("look"):
            work.progress.say(ngettext("Taking %(n)s row back", "Taking %(n)s rows back", rows) % {"n": rows}, 0, 1)
            door.undo(batch, by=work.scope, reason=batch.undone_reason)
            return {"url": f"/imports/{batch.pk}/", "batch": batch.pk}
        look = ngettext(
            "Looking what taking %(n)s row back would do", "Looking what taking %(n)s rows back would do", rows
        )
        work.progress.say(look % {"n": rows}, 0, 1)
        would = would_undo(batch, by=work.scope)
        hold(batch, work.scope)
    except door.NotCommitted as refused:
        raise Failure(str(refused)) from refused
    batch.summary = {**batch.summary, "would": would}
    batch.save(update_fields=["summary"])
    return {"url": f"/imports/{batch.pk}/", "batch": batch.pk}


def rest_job(work: Work) -> dict:
    """The job ``rest_of_sheet``: makes the next part of the batch of its parameters; its result is that part's page."""
    try:
        part = next_part(door.of_job(work), by=work.scope, progress=work.progress)
    except (SheetRefused, door.NotCommitted) as refused:
        raise Failure(str(refused)) from refused
    return {"url": f"/imports/{part.pk}/", "batch": part.pk}


def hand_over_job(work: Work) -> dict:
    """The job ``hand_over_sheet``: hands the withheld comments of the batch of its parameters over."""
    batch = door.of_job(work)
    work.progress.say(_("Handing the comments over"), 0, 1)
    try:
        hand_over(batch, by=work.scope)
    except SheetRefused as refused:
        raise Failure(refused.message) from refused
    return {"url": f"/imports/{batch.pk}/", "batch": batch.pk}
