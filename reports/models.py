"""Editions: frozen reports with their files, who downloaded them, which were withdrawn, every cell that went out, and
what a safeguarding lead signed for. Nothing here is ever overwritten.
"""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot
from reports.delivery.models import (
    Acknowledgement,
    EditionComment,
    EditionLink,
    EditionNotice,
    Schedule,
    ScheduledRun,
)
from reports.of_edition import OfEdition
from reports.research.models import ResearchAgreement, ResearchDownload, ResearchExtract, ResearchFile

__all__ = [
    "Acknowledgement",
    "Download",
    "Edition",
    "EditionComment",
    "EditionFile",
    "EditionLink",
    "EditionNotice",
    "PublishedCell",
    "ResearchAgreement",
    "ResearchDownload",
    "ResearchExtract",
    "ResearchFile",
    "Schedule",
    "ScheduledRun",
    "SignOff",
    "Withdrawal",
]


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


class Download(OfEdition):
    """Somebody downloaded a file of an edition. Append-only."""

    edition = WithinPilot(Edition, models.PROTECT, related_name="downloads")
    file_name = models.CharField(_("file"), max_length=120)
    person_name = models.CharField(_("by"), max_length=150, default="", blank=True)
    # Who took it: the reader's own people, or the programme's. Rows of before this was kept have none.
    by_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    link = WithinPilot("reports.EditionLink", models.PROTECT, related_name="downloads", null=True, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())

    row_policy = rows(
        programme="ri pilot", safeguarding="ri pilot", employer="ri own report by us", reader="ri own report by us",
        welfare="ri own report by us", recruiter="ri own report by us", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.at}"


class Withdrawal(OfEdition):
    """An edition that nobody should rely on any more, and why. Its bytes stay; whoever opens it is told. Append-only."""

    edition = WithinPilot(Edition, models.PROTECT, related_name="withdrawals")
    reason = models.CharField(_("reason"), max_length=500)
    at = models.DateTimeField(_("at"), db_default=Now())

    row_policy = rows(
        programme="ri pilot", safeguarding="ri pilot", employer="r own report", reader="r own report",
        welfare="r own report", recruiter="r own report", compiler="r own report", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("withdrawal of an edition")
        verbose_name_plural = _("withdrawals of editions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], name="edition_withdrawn_once",
                violation_error_message=_("This edition is withdrawn already."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="withdrawal_says_why",
                violation_error_message=_("Say why the edition is withdrawn; its readers see it."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reason


class PublishedCell(models.Model):
    """One cell of one edition as its reader got it: the register that later editions are protected against.

    ``selection`` names what was counted (pilot, period, employer or all), never who. A hidden cell has no number here
    either. Append-only.
    """

    class Status(models.TextChoices):
        """What the reader saw."""

        SHOWN = "shown", _("Shown")
        HIDDEN = "hidden", _("Hidden")
        SIGNED = "signed", _("Shown with a signature")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    edition = WithinPilot(Edition, models.PROTECT, related_name="cells")
    audience = models.CharField(max_length=24)
    metric = models.CharField(max_length=60)
    cell = models.JSONField(default=dict)
    selection = models.CharField(max_length=64)
    period_from = models.DateField()
    period_to = models.DateField()
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    as_of = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status)
    numbers = models.JSONField(
        null=True
    )  # value, numerator, denominator (whole numbers as such, others as text), people

    row_policy = rows(
        programme="r pilot", safeguarding="r pilot", compiler="r pilot, i own report", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("published cell")
        verbose_name_plural = _("published cells")
        ordering = ["id"]
        indexes = [models.Index(fields=["pilot", "audience"], name="published_to_audience")]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "metric", "cell"], name="published_cell_once",
                violation_error_message=_("This cell of the edition is in the register already."),
            ),
            models.CheckConstraint(
                condition=Q(status="hidden", numbers__isnull=True) | (~Q(status="hidden") & Q(numbers__isnull=False)),
                name="hidden_cell_has_no_number",
                violation_error_message=_("A hidden cell carries no number."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.metric} {self.cell}"


class SignOff(models.Model):
    """A safeguarding lead decided by name whether a rare event may be shown, for a whole pilot and a year at least.

    The newest decision on an event counts, for every figure that counts it. Append-only.
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", verbose_name=_("pilot"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    event = models.CharField(_("event"), max_length=60)
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    may_be_shown = models.BooleanField(_("may be shown"))
    reason = models.CharField(_("reason"), max_length=500)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)
    signed_name = models.CharField(_("signed by"), max_length=150)
    at = models.DateTimeField(_("at"), db_default=Now())

    row_policy = rows(
        programme="r pilot", safeguarding="r pilot, i own report", compiler="r pilot", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("signature for a rare event")
        verbose_name_plural = _("signatures for rare events")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from") + Value(timedelta(days=364))),
                name="rare_event_for_a_year",
                violation_error_message=_("A rare event is shown for a year at least: a shorter period points at somebody."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="signature_says_why",
                violation_error_message=_("Say why the figure may or may not be shown."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.event


class RollupRepair(models.Model):
    """The nightly check found roll-ups that differ from the rows behind them, and computed them again. Append-only.

    It names cohorts and counts cells, and holds no figure: operators read it.
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False, verbose_name=_("pilot"))
    source = models.CharField(_("source"), max_length=8)
    cohorts = ArrayField(models.BigIntegerField(), verbose_name=_("cohorts"))
    cells = models.PositiveIntegerField(_("cells that differed"))
    at = models.DateTimeField(_("at"), db_default=Now())

    row_policy = rows(operator="r all", programme="r pilot", compiler="ri pilot", history="none", append_only=True)

    class Meta:
        verbose_name = _("repaired roll-up")
        verbose_name_plural = _("repaired roll-ups")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.source} {self.at}"
