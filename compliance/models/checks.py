"""Checks, their answers, and the private notes of what a worker said alone.

The catalogue of what is asked is data (``compliance/catalogue``); answers keep the version they were asked under.
What was told in confidence (``restricted``) stands in rows that programme officers and reports never see.
"""

from django.db import models
from django.db.models import Q
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
    # What was told in confidence has its own check, so that the routine one looks the same with and without it.
    restricted = models.BooleanField(_("restricted"), default=False)
    # The form's own key: a form sent twice on a weak signal is one check.
    form_key = models.CharField(max_length=32, blank=True)

    row_policy = rows(
        owner="rud all", programme="r not restricted", safeguarding="ri pilot", welfare="ri pilot", compiler="r not restricted",
        history="restricted", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["-done_on", "-id"]
        indexes = [models.Index(fields=["pilot", "done_on"], name="check_of_pilot")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__gte="2000-01-01"),
                name="check_date_plausible",
                violation_error_message=_("The date of a check lies after the year 2000."),
            ),
            models.UniqueConstraint(
                fields=["placement", "restricted", "form_key"],
                condition=~Q(form_key=""),
                name="check_form_once",
                violation_error_message=_("This form was already saved."),
            ),
        ]

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
    check_record = WithinPilot(Check, models.PROTECT, related_name="answers", verbose_name=_("check"), db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="+")
    cohort_id = models.BigIntegerField()
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    item = models.CharField(_("item"), max_length=3)
    answer = models.CharField(_("answer"), max_length=14, choices=Answer)
    failed = models.BooleanField(_("failed"), default=False)
    severity = models.CharField(_("severity"), max_length=8)
    answered_by = models.CharField(_("who or what showed it"), max_length=16, blank=True)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    done_on = models.DateField(_("date"))
    restricted = models.BooleanField(_("restricted"), default=False)

    row_policy = rows(
        owner="rud all", programme="r not restricted", safeguarding="ri pilot", welfare="ri pilot", compiler="r not restricted",
        history="restricted", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["check_record", "item"]
        # The rule on rest days (HRS-02) asks of every worker for this one of a hundred items.
        indexes = [models.Index(fields=["placement", "done_on"], condition=Q(item="D07"), name="answer_on_rest")]
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
        return f"{self.item} {self.pk}"


class PrivateNote(models.Model):
    """What a worker said alone. Read by welfare officers and the safeguarding lead only."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    check_record = WithinPilot(Check, models.PROTECT, related_name="notes")
    item = models.CharField(_("item"), max_length=3, blank=True)
    text = models.TextField(_("note"), max_length=4000)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        owner="d all", safeguarding="ri pilot", welfare="ri pilot", history="restricted", append_only=True
    )

    class Meta:
        verbose_name = _("private note")
        verbose_name_plural = _("private notes")

    def __str__(self) -> str:
        return f"note {self.pk}"
