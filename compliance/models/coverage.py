"""Attempts at a check that reached nobody: when, and why."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot
from workers.models import Placement


class ContactAttempt(models.Model):
    """Somebody tried to reach a worker for a check that is due, and did not. The check stays missed until it is done."""

    class Reason(models.TextChoices):
        """Why the worker was not reached."""

        NO_ANSWER = "no answer", _("No answer, after more than one try")
        NO_NUMBER = "no number", _("The number or the address is wrong")
        AWAY = "away", _("The worker was away: on leave, sick, between two places")
        DECLINED = "declined", _("The worker did not want to talk")
        REFUSED = "refused", _("We were not let in, or not let alone with the worker")
        NO_INTERPRETER = "no interpreter", _("Nobody could help with the language")
        NO_WAY = "no way", _("Weather, distance or transport")
        CALLED_OFF = "called off", _("We called the visit off")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="contact_attempts", verbose_name=_("placement"))
    stage = models.CharField(_("stage"), max_length=20)
    due_on = models.DateField(_("due"))
    tried_on = models.DateField(_("tried on"))
    reason = models.CharField(_("why nobody was reached"), max_length=14, choices=Reason)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        programme="r pilot", safeguarding="ri pilot", welfare="ri pilot", compiler="r pilot", history="restricted",
        append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("attempt at a check")
        verbose_name_plural = _("attempts at checks")
        ordering = ["-tried_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    reason__in=[
                        "no answer", "no number", "away", "declined", "refused", "no interpreter", "no way",
                        "called off",
                    ]
                ),
                name="attempt_reason_known",
                violation_error_message=_("Say why nobody was reached, in the words of the list."),
            ),
            models.UniqueConstraint(
                fields=["placement", "stage", "tried_on", "reason"],
                name="attempt_once_a_day",
                violation_error_message=_("This attempt is already recorded."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"attempt {self.pk}"
