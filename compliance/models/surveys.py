"""Surveys before departure and after return: who was reached or not and why, and what they answered."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import CURRENCY_MESSAGE, Pilot
from workers.models import Placement


class SurveyContact(models.Model):
    """One try at one wave of the survey: answered, or why not. Append-only; a wave is answered once.

    Neither employer nor recruiter has a policy on it: who was not content is not theirs to know.
    """

    class Wave(models.TextChoices):
        """Which of the planned surveys."""

        BASELINE = "baseline", _("Before departure")
        MIDLINE = "midline", _("Six months after return")
        ENDLINE = "endline", _("Twelve months after return")

    class Outcome(models.TextChoices):
        """What came of the try."""

        ANSWERED = "answered", _("Reached, and answered")
        NO_ANSWER = "no answer", _("No answer, after more than one try")
        NO_NUMBER = "no number", _("The number or the address is wrong")
        AWAY = "away", _("Away: at work abroad again, or travelling")
        DECLINED = "declined", _("Did not want to take part")
        NO_LANGUAGE = "no language", _("Nobody could help with the language")
        DIED = "died", _("Has died")

    class Mode(models.TextChoices):
        """How they were asked."""

        PHONE = "phone", _("By phone")
        IN_PERSON = "in person", _("In person")
        PAPER = "paper", _("On paper, filled in by the person")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="survey_contacts", verbose_name=_("placement"))
    cohort_id = models.BigIntegerField()
    wave = models.CharField(_("survey"), max_length=10, choices=Wave)
    instrument = models.CharField(_("version of the questions"), max_length=40)
    outcome = models.CharField(_("what came of it"), max_length=12, choices=Outcome)
    mode = models.CharField(_("how"), max_length=10, choices=Mode)
    done_on = models.DateField(_("date"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        owner="rud all", programme="ri pilot", safeguarding="ri pilot", welfare="ri pilot", compiler="r pilot",
        history="restricted", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("try at a survey")
        verbose_name_plural = _("tries at surveys")
        ordering = ["-done_on", "-id"]
        indexes = [models.Index(fields=["cohort_id", "wave"], name="survey_of_cohort")]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "wave"], condition=Q(outcome="answered"), name="survey_answered_once",
                violation_error_message=_("This survey was already answered."),
            ),
            models.UniqueConstraint(
                fields=["placement", "wave", "done_on", "outcome"], name="survey_try_once_a_day",
                violation_error_message=_("This try is already recorded."),
            ),
            models.CheckConstraint(
                condition=Q(wave__in=["baseline", "midline", "endline"]), name="survey_wave_known",
                violation_error_message=_("Name one of the planned surveys."),
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=["answered", "no answer", "no number", "away", "declined", "no language", "died"]
                ),
                name="survey_outcome_known",
                violation_error_message=_("Say whether the person was reached, and why not."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.wave} {self.pk}"


class SurveyAnswer(models.Model):
    """One answered question: a choice, a number, or an amount with its currency. Append-only, read by no page."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    contact = WithinPilot(SurveyContact, models.PROTECT, related_name="answers", db_index=False)
    question = models.CharField(_("question"), max_length=24)
    choice = models.CharField(_("answer"), max_length=24, blank=True)
    number = models.DecimalField(_("number"), max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    row_policy = rows(
        owner="rud all", programme="ri pilot", safeguarding="ri pilot", welfare="ri pilot", compiler="r pilot",
        history="restricted", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("answer to a survey")
        verbose_name_plural = _("answers to surveys")
        ordering = ["contact", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "question"], name="survey_question_once",
                violation_error_message=_("This question was already answered."),
            ),
            models.CheckConstraint(
                condition=(Q(number__isnull=True) & ~Q(choice="") & Q(currency=""))
                | (Q(number__gte=0) & Q(choice="")),
                name="survey_answer_one_kind",
                violation_error_message=_("An answer is one of the choices, or a number that is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(currency="") | Q(currency__regex="^[A-Z]{3}$"), name="survey_answer_currency_iso",
                violation_error_message=CURRENCY_MESSAGE,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.question} {self.pk}"
