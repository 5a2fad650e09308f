"""Where a batch stands on its way, and the lock under which it goes on."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.scope import Scope
from workers.models import ImportBatch

State = ImportBatch.State
PROGRAMME: Final = "lamp_programme"  # the role in the database that reads the sheets of all partners


@dataclass(frozen=True, slots=True)
class Undone:
    """How many rows were taken back, and which stay: ``{row, worker, message}``."""

    undone: int
    kept: list[dict[str, Any]]


class NotCommitted(Exception):
    """A batch that is not recorded or taken back; the sentence says why and what to do. Nothing of it remains."""


def lock(batch: ImportBatch, by: Scope, *states: str) -> None:
    """Hold the batch for this transaction, as it stands now, and see that it stands where the act begins. Its options are
    those that were saved last: whoever has new ones saves them under this lock."""
    if batch.organisation_id != by.organisation_id:
        raise PermissionDenied(_sent_by(batch))
    now = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    batch.state, batch.summary, batch.options = now.state, now.summary, now.options
    if now.forgotten_at is not None:
        raise NotCommitted(_("The rows of this sheet were deleted 90 days after it was sent. Send it again."))
    if now.state not in states:
        raise NotCommitted(said_by_state(now))


def _sent_by(batch: ImportBatch) -> str:
    """Who handles a sheet; the organisation is named where the reader may know it."""
    sender = Organisation.objects.filter(pk=batch.organisation_id).values_list("name", flat=True).first()
    if sender is None:
        return _(
            "A sheet is read, recorded and taken back by the organisation that sent it, and yours did not send it."
        )
    return _("A sheet is read, recorded and taken back by the organisation that sent it: %(sender)s.") % {
        "sender": sender
    }


def said_by_state(batch: ImportBatch) -> str:
    """Why a batch in its present state cannot be checked or committed."""
    return {
        "uploaded": _("The sheet has not been checked yet."),
        "refused": _("The file could not be read, so there is nothing to record."),
        "checked": _("The sheet is not recorded yet."),
        "committed": _("This sheet is already recorded."),
        "undone": _("This sheet was taken back. Upload it again."),
    }[batch.state]
