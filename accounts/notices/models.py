"""What is kept of notices: each person's plan and choices, and knocks. Nothing here says what a notice is about."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.rows import rows

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MORNING, EVENING = 7, 20  # the hours when nobody has chosen any
OUTSIDE_QUIET = (
    Q(quiet_from=F("quiet_until"))
    | Q(quiet_from__lt=F("quiet_until")) & (Q(hour__lt=F("quiet_from")) | Q(hour__gte=F("quiet_until")))
    | Q(quiet_from__gt=F("quiet_until"), hour__gte=F("quiet_until"), hour__lt=F("quiet_from"))
)


def _hour(words: "str | _StrPromise", default: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(words, default=default, validators=[MaxValueValidator(23)])


class NoticePlan(models.Model):
    """When a person may be written to, on their own clock, and how the last attempts went.

    ``stopped_at``: they asked for no more mail. ``refused_at``: their mailbox refused it, so nothing more is tried until
    they say so. The row is also what a sender locks, so that two never write to one person at once.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="+")
    hour = _hour(_("hour of the digest"), MORNING)
    weekday = models.PositiveSmallIntegerField(_("day of the weekly digest"), default=0)
    quiet_from = _hour(_("quiet from"), EVENING)
    quiet_until = _hour(_("quiet until"), MORNING)
    stopped_at = models.DateTimeField(_("no more mail since"), null=True, blank=True)
    refused_at = models.DateTimeField(_("mailbox refuses since"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("attempts that failed"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    sent_at = models.DateTimeField(_("last mail"), null=True, blank=True)
    made_at = models.DateTimeField(_("since"), db_default=Now())

    row_policy = rows(app="riu mine", operator="riu all", history="none")

    class Meta:
        verbose_name = _("plan of notices")
        verbose_name_plural = _("plans of notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(hour__lte=23, quiet_from__lte=23, quiet_until__lte=23), name="plan_hours_of_a_day",
                violation_error_message=_("An hour is from 0 to 23."),
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6), name="plan_day_of_a_week",
                violation_error_message=_("Choose a day of the week."),
            ),
            models.CheckConstraint(
                condition=OUTSIDE_QUIET, name="plan_digest_outside_quiet",
                violation_error_message=_("The digest would come in your quiet hours. Choose another hour."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"plan {self.pk}"


class NoticeChoice(models.Model):
    """How often a person hears of one kind of notice, where they chose; and up to which moment they were told."""

    class Cadence(models.TextChoices):
        """How often; empty is as the kind proposes."""

        NOW = "now", _("At once")
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week")
        NEVER = "never", _("Never")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("kind of notice"), max_length=16)
    cadence = models.CharField(_("how often"), max_length=6, choices=Cadence, blank=True)
    told_until = models.DateTimeField(_("told until"), null=True, blank=True)

    row_policy = rows(app="riu mine", operator="riu all", history="none")

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"], name="notice_choice_once",
                violation_error_message=_("This was chosen already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"choice {self.pk}"


class NoticeKnock(models.Model):
    """Something of this kind came for a person who may want to hear at once. Any role knocks, only the portal hears."""

    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    at = models.DateTimeField(db_default=Now())

    row_policy = rows(
        operator="rd all", programme="i all", safeguarding="i all", recruiter="i all", employer="i all",
        welfare="i all", history="none",
    )  # fmt: skip

    class Meta:
        verbose_name = _("knock")
        verbose_name_plural = _("knocks")
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "kind"],
                name="knock_once",
                violation_error_message=_("This was knocked for already."),
            ),
        ]

    def __str__(self) -> str:
        return f"knock {self.pk}"
