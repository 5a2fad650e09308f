"""Checks and their answers, findings and their waivers, private notes and restricted cases.

The catalogue of what is asked is data (``compliance/catalogue``); answers keep the version they were asked under.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot, Site
from workers.models import Placement


class Check(models.Model):
    """One contact with a worker in which items of the catalogue were answered."""

    class Mode(models.TextChoices):
        """How the contact was held."""

        IN_PERSON = "in person", _("In person")
        PHONE = "phone", _("By phone")
        GROUP = "group", _("In a group")
        DOCUMENT = "document", _("From documents")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="checks", verbose_name=_("placement"))
    cohort_id = models.BigIntegerField()
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    site = WithinPilot(Site, models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    stage = models.CharField(_("stage"), max_length=20)
    done_on = models.DateField(_("date"))
    mode = models.CharField(_("how"), max_length=10, choices=Mode)
    private = models.BooleanField(_("worker alone"), default=False)
    interpreter = models.CharField(_("interpreter"), max_length=120, blank=True)
    template_version = models.CharField(_("version of the catalogue"), max_length=40)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(programme="r pilot", safeguarding="ri pilot", welfare="ri pilot", compiler="r pilot")

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["-done_on", "-id"]
        indexes = [models.Index(fields=["pilot", "done_on"], name="check_of_pilot")]

    def __str__(self) -> str:
        return f"check {self.pk}"


class CheckAnswer(models.Model):
    """One answered item. "Yes" without evidence is stored as "not verified", never as a pass."""

    class Answer(models.TextChoices):
        """The four answers."""

        YES = "yes", _("Yes")
        NO = "no", _("No")
        NOT_APPLICABLE = "not applicable", _("Not applicable")
        NOT_VERIFIED = "not verified", _("Not verified")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    check_record = WithinPilot(Check, models.PROTECT, related_name="answers", verbose_name=_("check"))
    placement = WithinPilot(Placement, models.PROTECT, related_name="+")
    cohort_id = models.BigIntegerField()
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    item = models.CharField(_("item"), max_length=3)
    answer = models.CharField(_("answer"), max_length=14, choices=Answer)
    failed = models.BooleanField(_("failed"), default=False)
    severity = models.CharField(_("severity"), max_length=8)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    done_on = models.DateField(_("date"))

    row_policy = rows(programme="r pilot", safeguarding="ri pilot", welfare="ri pilot", compiler="r pilot")

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["check_record", "item"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_record", "item"],
                name="answer_once",
                violation_error_message=_("This item was already answered in this check."),
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["yes", "no", "not applicable", "not verified"]),
                name="answer_known",
                violation_error_message=_("Answer yes, no, not applicable or not verified."),
            ),
            models.CheckConstraint(
                condition=~Q(answer__in=["yes", "no"]) | ~Q(evidence=""),
                name="answer_has_evidence",
                violation_error_message=_("An answer without evidence is not verified."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.answer}"


class PrivateNote(models.Model):
    """What a worker said alone. Read by welfare officers and the safeguarding lead only."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    check_record = WithinPilot(Check, models.PROTECT, related_name="notes")
    item = models.CharField(_("item"), max_length=3, blank=True)
    text = models.TextField(_("note"), max_length=4000)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(safeguarding="ri pilot", welfare="ri pilot", history="restricted")

    class Meta:
        verbose_name = _("private note")
        verbose_name_plural = _("private notes")

    def __str__(self) -> str:
        return f"note {self.pk}"


class Finding(models.Model):
    """Something is not as it should be: opened by a check (or a rule), followed until resolved or waived by name."""

    class State(models.TextChoices):
        """Where a finding stands."""

        OPEN = "open", _("Open")
        RESOLVED = "resolved", _("Resolved")
        WAIVED = "waived", _("Waived")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="findings", verbose_name=_("placement"))
    cohort_id = models.BigIntegerField()
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    code = models.CharField(_("item or rule"), max_length=12)
    version = models.CharField(_("version"), max_length=40)
    severity = models.CharField(_("severity"), max_length=8)
    indicators = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("indicators touched"))
    answer = WithinPilot(CheckAnswer, models.PROTECT, related_name="findings", null=True, db_index=False)
    restricted = models.BooleanField(_("restricted"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    opened_on = models.DateField(_("opened"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True, db_constraint=False)
    remedy = models.CharField(_("what was done"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        programme="ru not restricted", safeguarding="riu pilot", welfare="riu pilot", compiler="r pilot",
        history="restricted",
    )  # fmt: skip

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-opened_on", "-id"]
        indexes = [models.Index(fields=["pilot", "state", "severity"], name="finding_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "code"],
                condition=Q(state="open"),
                name="finding_open_once",
                violation_error_message=_("There is already an open finding for this item."),
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


class Waiver(models.Model):
    """A named person lets a finding stand, for a reason and until a day."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    finding = WithinPilot(Finding, models.PROTECT, related_name="waivers")
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)
    reason = models.CharField(_("reason"), max_length=500)
    granted_on = models.DateField(_("granted"))
    ends_on = models.DateField(_("until"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        programme="ri pilot", safeguarding="ri pilot", welfare="r pilot", compiler="r pilot", append_only=True
    )

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
        ]

    def __str__(self) -> str:
        return f"waiver {self.pk}"


class RestrictedCase(models.Model):
    """A case of harm that only the named readers know of: in any list it is a code, and to others it does not exist."""

    class State(models.TextChoices):
        """Where a case stands."""

        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="+", null=True, blank=True)
    code = models.CharField(_("code"), max_length=16, unique=True)
    reader_ids = ArrayField(models.BigIntegerField(), verbose_name=_("named readers"))
    category = models.CharField(_("category"), max_length=40)
    indicators = ArrayField(models.CharField(max_length=40), default=list)
    account = models.TextField(_("in the person's words"), max_length=8000)
    safe_now = models.BooleanField(_("is the person safe now?"), null=True)
    wishes = models.TextField(_("what the person wants to happen"), max_length=4000, blank=True)
    consent_to_share = models.BooleanField(_("agrees to share"), default=False)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    opened_on = models.DateField(_("opened"))
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(safeguarding="riu reader", welfare="riu reader", history="restricted")

    class Meta:
        verbose_name = _("restricted case")
        verbose_name_plural = _("restricted cases")
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reader_ids__len__gte=1),
                name="case_has_reader",
                violation_error_message=_("A case has at least one named reader."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True) | Q(state="closed", closed_on__isnull=False),
                name="case_closed_has_date",
                violation_error_message=_("A closed case has the day it was closed."),
            ),
        ]

    def __str__(self) -> str:
        return self.code
