"""Editions: frozen reports with their files, and who downloaded them. Nothing here is ever overwritten."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot


class Edition(models.Model):
    """One compiled report, frozen: what was asked, as of when, its content and the hash of its canonical form."""

    class Kind(models.TextChoices):
        """Kinds of report, by reader."""

        EMPLOYER = "employer", _("Employer scorecard")
        ORIGIN_GOVERNMENT = "origin-government", _("Report for the government of origin")
        DESTINATION_GOVERNMENT = "destination-government", _("Report for the government of destination")
        FUNDER = "funder", _("Funder report")
        PILOT = "pilot", _("Pilot review")
        CORRIDORS = "corridors", _("Corridor comparison")
        OVERVIEW = "overview", _("Overview of all pilots")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="editions", verbose_name=_("pilot"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("reader"))
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    number = models.PositiveIntegerField(_("edition"))
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    as_of = models.DateTimeField(_("data as of"))
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    job_id = models.BigIntegerField(null=True, unique=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_constraint=False)
    compiled_at = models.DateTimeField(_("compiled"), db_default=Now())
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    row_policy = rows(
        programme="r pilot", safeguarding="r pilot", employer="r own report", reader="r own report",
        welfare="r own report", recruiter="r own report", compiler="ri own report", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organisation", "-id"], name="edition_of_organisation")]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "organisation", "kind", "period_from", "period_to", "number"],
                name="edition_number_once",
                violation_error_message=_("This edition already exists."),
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")),
                name="edition_period_in_order",
                violation_error_message=_("A period ends on or after its start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class EditionFile(models.Model):
    """One rendered file of an edition, byte for byte as it was frozen."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    edition = WithinPilot(Edition, models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=120)
    body = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    row_policy = rows(
        programme="r pilot", safeguarding="r pilot", employer="r own report", reader="r own report",
        welfare="r own report", recruiter="r own report", compiler="ri own report", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("file of an edition")
        verbose_name_plural = _("files of editions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name"], name="edition_file_once",
                violation_error_message=_("This edition already has a file of this name."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Download(models.Model):
    """Somebody downloaded a file of an edition. Append-only."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    edition = WithinPilot(Edition, models.PROTECT, related_name="downloads")
    file_name = models.CharField(_("file"), max_length=120)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField(_("at"), db_default=Now())

    row_policy = rows(
        programme="ri pilot", safeguarding="ri pilot", employer="ri own report", reader="ri own report",
        welfare="ri own report", recruiter="ri own report", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.at}"
