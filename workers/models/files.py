"""Files kept as proof, each kind in the table of the record it hangs on, under that record's row policy.

``StoredFile`` says what every kind knows. A file is never changed: it is withdrawn with a reason, or its bytes are
deleted when their time is over; the row with its hash and day stays. A trigger holds that (``workers/files/ends.py``).
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot
from workers.models.facts import CostItem, TrainingRecord
from workers.models.people import IdentityDocument, derived

SHA256 = r"^[0-9a-f]{64}$"


class StoredFile(models.Model):
    """One file: what it is by its content, where its bytes lie, who sent it and when, and how it ended."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    stored_as = models.CharField(max_length=64, unique=True, editable=False)
    original_name = models.CharField(_("name as sent"), max_length=120, blank=True)
    media_type = models.CharField(_("type"), max_length=40)
    sent_type = models.CharField(_("type as sent"), max_length=40)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    sent_sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    pages = models.PositiveIntegerField(_("pages"), null=True)
    scanned_by = models.CharField(max_length=40, blank=True)
    # Nobody and none: sent by a worker without an account, where a record takes in such files.
    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)
    bytes_deleted_at = models.DateTimeField(_("bytes deleted"), null=True)

    class Meta:
        abstract = True
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gt=0) & Q(sha256__regex=SHA256) & Q(sent_sha256__regex=SHA256),
                name="%(class)s_has_hash",
                violation_error_message=_("A file has a size and a hash."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="%(class)s_withdrawn_with_reason",
                violation_error_message=_("A file is withdrawn with a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture; else it is a PDF."""
        return self.media_type.startswith("image/")

    @property
    def audit_pilot_id(self) -> int | None:
        """The pilot under which its readings stand in the audit trail; none where the pilot's officers may not know."""
        return None if getattr(self, "restricted", False) else self.pilot_id

    @property
    def is_here(self) -> bool:
        """Whether it can still be opened."""
        return self.withdrawn_at is None and self.bytes_deleted_at is None


class DocumentFile(StoredFile):
    """A copy of a paper. Read by whoever reads the papers of that person."""

    document = WithinPilot(IdentityDocument, models.PROTECT, related_name="files", verbose_name=_("paper"))
    recruiter = derived(Organisation, null=True)

    row_policy = rows(programme="riu pilot", safeguarding="r pilot", recruiter="riu recruiter", history="none")

    class Meta(StoredFile.Meta):
        verbose_name = _("copy of a paper")
        verbose_name_plural = _("copies of papers")


class CostFile(StoredFile):
    """A receipt. Read by whoever reads the costs: neither recruiter nor employer, who may be whom it is about."""

    cost = WithinPilot(CostItem, models.PROTECT, related_name="files", verbose_name=_("cost item"))

    row_policy = rows(programme="riu pilot", safeguarding="r pilot", welfare="riu pilot", history="none")

    class Meta(StoredFile.Meta):
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")


class TrainingFile(StoredFile):
    """A certificate. Read by whoever reads the training."""

    training = WithinPilot(TrainingRecord, models.PROTECT, related_name="files", verbose_name=_("training"))
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)

    row_policy = rows(
        programme="riu pilot", safeguarding="r pilot", recruiter="riu recruiter", employer="r employer",
        welfare="r pilot", history="none",
    )  # fmt: skip

    class Meta(StoredFile.Meta):
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
