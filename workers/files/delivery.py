"""How a file leaves: to who may read its row, as a download, under a name of ours, never shown inside the portal."""

import hashlib
import logging

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from accounts import audit
from accounts.requests import PortalRequest
from workers.models.files import StoredFile

from . import storage
from .limits import JPEG, PDF

log = logging.getLogger(__name__)
ENDINGS = {JPEG: "jpg", PDF: "pdf"}


def attachment(request: PortalRequest, row: StoredFile, word: str, *, audited: bool = True) -> HttpResponse:
    """The file as a download called ``<word>-<id>``; 404 when it was withdrawn or deleted, or is not as it was kept.

    ``row`` was read under the reader's scope: that is the whole rule of who may. The reading is recorded. ``word`` is
    plain letters, because a name sent by a person may name a person. ``audited=False`` where the reading is written down
    elsewhere, because colleagues must not learn of it.
    """
    if not row.is_here:
        raise Http404(_("This file is not there any more."))
    try:
        content = storage.get(row.stored_as)
    except OSError as error:
        log.error("%s %s: bytes missing (%s)", row._meta.model_name, row.pk, type(error).__name__)
        raise Http404(_("This file is not there any more.")) from error
    if hashlib.sha256(content).hexdigest() != row.sha256:
        log.error("%s %s: bytes differ from the hash", row._meta.model_name, row.pk)
        raise Http404(_("This file is not as it was kept, so it is not handed out."))
    if audited:
        audit.read_sensitive(request, row._meta.model_name or "", row.pk, row.audit_pilot_id)
    response = HttpResponse(content, content_type=row.media_type)
    response["Content-Disposition"] = f'attachment; filename="{word}-{row.pk}.{ENDINGS[row.media_type]}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store, private"
    response["X-SHA-256"] = row.sha256
    return response
