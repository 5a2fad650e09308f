"""The door of files: ``look`` → ``keep`` → ``withdraw``. Everything runs inside ``acting_as(by)``.

``keep`` and ``withdraw`` write the one row that the record's own row policy lets this role write; who may not write the
record's files is stopped by the database. Bytes are stored before the row, so no row ever points at nothing; bytes that
a rolled-back transaction left behind are found by ``delete_due_files --orphans``.
"""

import hashlib
import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.scope import Scope
from workers.models.files import StoredFile

from . import storage
from .examination import Looked, look
from .refusals import FileRefused, refusal

__all__ = ["FileRefused", "Looked", "keep", "look", "withdraw"]

log = logging.getLogger(__name__)


def keep[F: StoredFile](model: type[F], file: Looked | File | bytes, *, by: Scope, name: str = "", **record: Any) -> F:
    """Store a file as a row of ``model``. ``record``: the key to what it belongs to, ``pilot_id``, and whatever else
    the model's policy compares. ``file`` may have been looked at before (a form field does that).

    Raises FileRefused with a sentence, and then nothing is stored.
    """
    seen = file if isinstance(file, Looked) else look(file, name)
    try:
        stored_as = storage.put(seen.content)
    except OSError as error:
        log.error("file not stored: %s", type(error).__name__)
        raise refusal("not_stored") from error
    row = model(
        stored_as=stored_as, original_name=seen.name, media_type=seen.media_type, sent_type=seen.sent_type,
        size=len(seen.content), sha256=hashlib.sha256(seen.content).hexdigest(), sent_sha256=seen.sent_sha256,
        width=seen.width, height=seen.height, pages=seen.pages, scanned_by=seen.scanned_by,
        user_id=by.user_id, organisation_id=by.organisation_id, **record,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def withdraw(row: StoredFile, *, by: Scope, reason: str, audited: bool = True) -> None:
    """Take a file back: nobody opens it any more, the row with hash, day and reason stays.

    Its bytes are deleted 30 days later (``retention``). ``audited``: it stands in the common audit trail; not where
    only a few may know that there is such a file. ValidationError without a reason or when it was withdrawn.
    """
    words = reason.strip()
    if not words:
        raise ValidationError({"reason": _("Say why the file is withdrawn.")})
    if len(words) > 300:
        raise ValidationError({"reason": _("Write 300 characters at most.")})
    changed = (
        type(row)
        ._default_manager.filter(pk=row.pk, withdrawn_at__isnull=True)
        .update(withdrawn_at=timezone.now(), withdrawn_by_id=by.user_id, withdrawn_reason=words)
    )
    if not changed:
        raise ValidationError({"reason": _("This file was withdrawn before.")})
    if audited:
        audit.record("file withdrawn", row._meta.model_name or "", row.pk, scope=by, pilot_id=row.audit_pilot_id)
