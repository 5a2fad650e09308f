"""What a file can hang on in this app: papers, costs, trainings. One line each; the pages are the same for all.

The record is read under its own row policy, and so is each of its files: who does not see the one does not see the
other. What a file's row must carry for its policy is copied from the record.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from workers.models import (
    CostFile,
    CostItem,
    DocumentFile,
    IdentityDocument,
    Placement,
    StoredFile,
    TrainingFile,
    TrainingRecord,
)

OWNERS = ("recruiter_id", "employer_id")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record with its files. ``key``: the file's field that names the record; ``word``: of file names."""

    code: str
    record: type[models.Model]
    files: type[StoredFile]
    key: str
    word: str
    title: str | Promise
    hint: str | Promise
    name: Callable[[Any], str]
    write: tuple[Permission, ...] = (Permission.PERSON_IMPORT,)

    def may_write(self, by: Scope, verb: str = "i") -> bool:
        """Whether this role adds files here (or with "u" takes them back): one of the verbs, and the table."""
        return any(by.allows(permission) for permission in self.write) and may(self.files, by.db_role, verb)

    def owners(self, record: Any) -> dict[str, Any]:
        """The columns of a file's row that come from its record."""
        have = {f.attname for f in self.files._meta.concrete_fields}
        return {self.key: record, "pilot_id": record.pilot_id} | {
            name: getattr(record, name) for name in OWNERS if name in have
        }

    def placement_of(self, record: Any) -> Placement | None:
        """The placement whose page shows the record: its own, or the person's newest that the reader sees."""
        found = Placement.objects.select_related("person", "cohort")
        if hasattr(record, "placement_id"):
            return found.filter(pk=record.placement_id).first()
        return found.filter(person_id=record.person_id).order_by("-pk").first()


KINDS = {
    kind.code: kind
    for kind in (
        Kind("document", IdentityDocument, DocumentFile, "document", "paper", _("Copies of a paper"),
             _("A photo or a scan. Deleted three months after the return; that it was seen stays on record."),
             lambda record: str(record.get_kind_display())),
        Kind("cost", CostItem, CostFile, "cost", "receipt", _("Receipts of a cost"),
             _("A photo of the receipt, or the PDF. Neither recruiter nor employer sees it."),
             lambda record: str(record.get_item_display()),
             (Permission.PERSON_IMPORT, Permission.CHECK_RECORD)),
        Kind("training", TrainingRecord, TrainingFile, "training", "certificate", _("Certificates of a training"),
             _("A photo or a scan of the certificate."),
             lambda record: record.course),
    )
}  # fmt: skip


# Annotate a query of records with it: how many of their files can be opened by who asks.
KEPT_FILES = Count("files", filter=Q(files__withdrawn_at__isnull=True, files__bytes_deleted_at__isnull=True))
