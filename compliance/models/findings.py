"""Findings, what happened to each, and the waivers that let one stand by name until a day."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from compliance.models.checks import CheckAnswer
from pilots.models import Pilot, Site
from workers.models import Placement


class Finding(models.Model):
    """Something is not as it should be: opened by a check (or a rule), followed until resolved or waived by name."""

    class State(models.TextChoices):
        """Where a finding stands."""

        OPEN = "open", _("Open")
        RESOLVED = "resolved", _("Resolved")
        WAIVED = "waived", _("Waived")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    # A finding is about a placement, or about a site and everybody there.
    placement = WithinPilot(Placement, models.PROTECT, related_name="findings", null=True, verbose_name=_("placement"))
    cohort_id = models.BigIntegerField(null=True)
    site = WithinPilot(Site, models.PROTECT, related_name="findings", null=True, db_index=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    code = models.CharField(_("item or rule"), max_length=12)
    version = models.CharField(_("version"), max_length=40)
    severity = models.CharField(_("severity"), max_length=8)
    indicators = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("indicators touched"))
    # What a rule's finding stands on: the facts' own key, so that it is found once however often it is looked for.
    source = models.CharField(_("facts"), max_length=80, blank=True, db_default="")
    period_start = models.DateField(_("from"), null=True, blank=True)
    period_end = models.DateField(_("to"), null=True, blank=True)
    evidence = models.JSONField(_("evidence"), default=dict, db_default={})
    parameter = models.JSONField(_("rule of the scheme applied"), default=list, db_default=[])
    owed = models.DecimalField(_("owed"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, db_default="")
    answer = WithinPilot(CheckAnswer, models.PROTECT, related_name="findings", null=True, db_index=False)
    restricted = models.BooleanField(_("restricted"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    opened_on = models.DateField(_("opened"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True, db_constraint=False)
    remedy = models.CharField(_("what was done"), max_length=500, blank=True)
    # Employer or recruiter took back or changed what a rule's finding stood on: a person closes it, never the rules.
    doubted = models.BooleanField(_("its record was changed"), default=False, db_default=False)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    revision = models.PositiveIntegerField(default=1)

    row_policy = rows(
        owner="ru all", programme="ru not restricted", safeguarding="riu pilot", welfare="riu pilot",
        compiler="riu not restricted", history="restricted",
    )  # fmt: skip

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-opened_on", "-id"]
        indexes = [models.Index(fields=["pilot", "state", "severity"], name="finding_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "code"],
                condition=Q(state="open", source=""),
                name="finding_open_once",
                violation_error_message=_("There is already an open finding for this item."),
            ),
            models.UniqueConstraint(
                fields=["pilot", "code", "source"],
                condition=~Q(source=""),
                name="finding_of_rule_once",
                violation_error_message=_("This rule has already found these facts."),
            ),
            models.CheckConstraint(
                condition=Q(placement__isnull=False) | Q(site__isnull=False),
                name="finding_about_somebody",
                violation_error_message=_("A finding is about a placement or a site."),
            ),
            models.CheckConstraint(
                condition=Q(owed__isnull=True) | (Q(owed__gte=0) & Q(currency__regex=r"^[A-Z]{3}$")),
                name="finding_owed_has_currency",
                violation_error_message=_("An amount owed needs its currency and is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True)
                | (Q(state__in=["resolved", "waived"], closed_on__isnull=False) & ~Q(remedy="")),
                name="finding_closed_with_remedy",
                violation_error_message=_("A finding is closed with what was done and when."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="finding_closed_after_opened",
                violation_error_message=_("A finding is closed after it was opened."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"


class FindingEvent(models.Model):
    """What happened to a finding: opened, seen again, resolved, waived, reopened. Append-only; its own history."""

    class Kind(models.TextChoices):
        """What can happen to a finding."""

        OPENED = "opened", _("Opened")
        SEEN_AGAIN = "seen again", _("Seen again")
        RAISED = "raised", _("Raised to critical")
        RESOLVED = "resolved", _("Resolved")
        WAIVED = "waived", _("Waived")
        WAIVER_ENDED = "waiver ended", _("Waiver ended")
        REOPENED = "reopened", _("Reopened")
        CHANGED = "changed", _("The facts changed")
        NOT_FOUND = "not found", _("No longer found")
        DOUBTED = "doubted", _("The record was changed")
        PUT = "put", _("Corrective action put")
        VERIFIED = "verified", _("Corrective action verified")
        # Told in confidence and still open when the person's time was over: who it is about, for those who read it.
        KEPT = "kept", _("Who it is about, kept here")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    finding = WithinPilot(Finding, models.PROTECT, related_name="events")
    restricted = models.BooleanField(_("restricted"), default=False)
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind)
    happened_on = models.DateField(_("date"))
    words = models.CharField(_("in words"), max_length=500, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    # Partners do not see each other's accounts; who decided is kept as the name the person had on that day.
    who = models.CharField(_("who"), max_length=150, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        owner="riu all", programme="ri not restricted", safeguarding="ri pilot", welfare="ri pilot",
        compiler="ri not restricted", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("event of a finding")
        verbose_name_plural = _("events of findings")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.finding_id}"


class Waiver(models.Model):
    """A named person lets a finding stand, for a reason and until a day."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    finding = WithinPilot(Finding, models.PROTECT, related_name="waivers")
    restricted = models.BooleanField(_("restricted"), default=False)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)
    approved_name = models.CharField(_("approved by"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    granted_on = models.DateField(_("granted"))
    ends_on = models.DateField(_("until"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        owner="ru all", programme="ri not restricted", safeguarding="ri pilot", welfare="r pilot",
        compiler="r not restricted", history="restricted", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("granted_on")),
                name="waiver_ends_after_start",
                violation_error_message=_("A waiver ends on or after the day it was granted."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="waiver_has_reason",
                violation_error_message=_("A waiver needs a reason."),
            ),
            models.CheckConstraint(
                condition=~Q(approved_name=""),
                name="waiver_has_a_name",
                violation_error_message=_("A waiver is granted by a named person."),
            ),
        ]

    def __str__(self) -> str:
        return f"waiver {self.pk}"
