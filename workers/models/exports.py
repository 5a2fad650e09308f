"""A list that somebody asked for as a file: what was asked, what came of it, until when it lies ready.

Only who asked sees it, in the organisation for which it was asked. The bytes of a long list lie in pieces apart, written in
the transaction of the job and deleted when their time is over; a short one is handed out at once and not kept.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import rows
from pilots.models import Pilot


class Export(models.Model):
    """One file of one list, for one person."""

    class Format(models.TextChoices):
        """The two forms of a file."""

        XLSX = "xlsx", _("Workbook (.xlsx)")
        CSV = "csv", _("Text (.csv)")

    # The pilot of the rows, where all of them are of one.
    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", null=True, verbose_name=_("pilot"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    pilot_ids = models.JSONField(
        default=list, help_text=_("The pilots that the asker saw; whoever lost one asks again.")
    )
    listing = models.CharField(_("list"), max_length=40)
    given = models.JSONField(default=dict, help_text=_("The filters as they stood in the address."))
    format = models.CharField(_("format"), max_length=4, choices=Format)
    recipient = models.CharField(
        _("for whom"), max_length=120, blank=True, help_text=_("Of a de-identified file: who gets it.")
    )
    row_count = models.PositiveIntegerField(_("rows"), null=True)
    size = models.PositiveBigIntegerField(_("size"), null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    made_at = models.DateTimeField(_("made"), null=True)
    expires_at = models.DateTimeField(_("lies ready until"), null=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True)
    deleted_at = models.DateTimeField(_("bytes deleted"), null=True)

    row_policy = rows(
        owner="ru all", programme="riu mine here", safeguarding="riu mine here", recruiter="riu mine here",
        employer="riu mine here", welfare="riu mine here", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("download of a list")
        verbose_name_plural = _("downloads of lists")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="export_of_user"),
            models.Index(fields=["expires_at"], name="export_to_delete", condition=Q(deleted_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(made_at__isnull=True) | Q(row_count__isnull=False),
                name="export_made_with_rows",
                violation_error_message=_("A file that was made says how many rows it holds."),
            ),
            models.CheckConstraint(
                condition=Q(format__in=["xlsx", "csv"]),
                name="export_format_known",
                violation_error_message=_("A list comes as .xlsx or .csv."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing} {self.pk}"

    @property
    def deidentified(self) -> bool:
        """Whether names and numbers were replaced or left out."""
        return bool(self.recipient)


class ExportPiece(models.Model):
    """A part of a file's bytes, about a megabyte, in order."""

    export = models.ForeignKey(Export, models.PROTECT, related_name="pieces", db_index=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    row_policy = rows(
        owner="rd all", programme="rid mine here", safeguarding="rid mine here", recruiter="rid mine here",
        employer="rid mine here", welfare="rid mine here", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("piece of a download")
        verbose_name_plural = _("pieces of downloads")
        ordering = ["export", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["export", "number"], name="export_piece_once",
                violation_error_message=_("This piece is already kept."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"piece {self.number} of {self.export_id}"


class ExportSight(models.Model):
    """Which records a kept file shows, as numbers: it is handed out only while its asker would see every one of them."""

    export = models.OneToOneField(Export, models.PROTECT, primary_key=True, related_name="sight")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    keys = ArrayField(models.BigIntegerField())

    row_policy = rows(
        owner="rd all", programme="rid mine here", safeguarding="rid mine here", recruiter="rid mine here",
        employer="rid mine here", welfare="rid mine here", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("records of a download")
        verbose_name_plural = _("records of downloads")

    def __str__(self) -> str:
        return f"records of {self.export_id}"
