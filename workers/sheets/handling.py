"""What the pages of a sheet do with it: find it, check it again at once or in the background, say where it is."""

from dataclasses import replace
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts import jobs
from accounts.requests import PortalRequest
from accounts.scope import Scope
from workers.models import ImportBatch

from . import door, judges
from .limits import LIMITS, MEGABYTE
from .standing import PROGRAMME

# About three hundred rows: read within the request, so that the preview is there at once.
INLINE_BYTES: Final = 80_000
INLINE_ROWS: Final = 300
INLINE: Final = replace(LIMITS, rows=1000, unpacked_size=20 * MEGABYTE, cpu_seconds=8, wall_seconds=15)


def seen(batches: QuerySet[ImportBatch], by: Scope) -> QuerySet[ImportBatch]:
    """The sheets whose rows this role may read: those of the kinds it sends itself, and for the programme every sheet
    that the row policy shows it. A sheet holds what the tables keep from some roles of the same organisation."""
    return batches if by.db_role == PROGRAMME else batches.filter(kind__in=judges.offered(by))


def batch_of(request: PortalRequest, pk: int) -> ImportBatch:
    """The batch with all that its page shows of it, or 404."""
    found = ImportBatch.objects.select_related("pilot__corridor", "organisation", "cohort")
    return get_object_or_404(seen(found, request.scope), pk=pk)


def own_batch(request: PortalRequest, pk: int) -> ImportBatch:
    """The batch, when the reader's organisation sent it; 403 for who only looks on, 404 once its rows are deleted."""
    batch = batch_of(request, pk)
    if batch.organisation_id != request.scope.organisation_id:
        raise PermissionDenied("a sheet is handled by the organisation that sent it")
    if batch.forgotten_at:
        raise Http404
    return batch


def url_of(batch: ImportBatch) -> str:
    """The page of a batch."""
    return reverse("workers:import", args=[batch.pk])


def check_again(request: PortalRequest, batch: ImportBatch) -> bool:
    """Check with the options that the batch carries now: at once when it is small, else by a worker. Whether it is done.

    Raises NotCommitted with a sentence when the batch cannot be checked any more; nothing is written then."""
    options = batch.options
    with transaction.atomic():
        door.lock(batch, request.scope, "uploaded", "checked", "refused")
        batch.options = options
        batch.save(update_fields=["options"])
        if not long(batch):
            door.check(batch, by=request.scope, today=timezone.localdate())
            return True
    ask_check(request, batch)
    return False


def long(batch: ImportBatch) -> bool:
    """Whether the sheet has more rows than a request should carry: then a worker does what reads all of them."""
    return bool(batch.summary.get("counts", {}).get("rows", 0) > INLINE_ROWS)


def ask_check(request: PortalRequest, batch: ImportBatch) -> None:
    """Leave the check to a worker. Pressing twice within a second is one check."""
    key = f"{batch.pk} {timezone.now():%Y%m%d%H%M%S}"
    jobs.ask("check_sheet", key=key, by=request.scope, pilot_id=batch.pilot_id, batch=batch.pk)
