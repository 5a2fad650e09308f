"""Moves that were taken back, whole as they were written, and what is asked for when the time to take back is over.

A move that was taken back leaves ``JourneyEvent``, where everything that is counted is read from, and stands here for good.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot
from workers.models.journey import Placement


class MoveCorrection(models.Model):
    """Somebody says that a placement's last move was recorded by mistake; a second person decides."""

    class Decision(models.TextChoices):
        """What was decided."""

        OPEN = "", _("Not decided yet")
        ACCEPTED = "accepted", _("Taken back")
        REFUSED = "refused", _("Stays as it is")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="corrections", verbose_name=_("placement"))
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    event_id = models.BigIntegerField()
    to_step = models.CharField(_("recorded by mistake"), max_length=24)
    why = models.CharField(_("why"), max_length=300)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    asked_for = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_index=False)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_why = models.CharField(_("decided because"), max_length=300, blank=True)

    row_policy = rows(
        owner="ru all", programme="riu pilot", safeguarding="r pilot", recruiter="ri recruiter", employer="ri employer",
    )  # fmt: skip

    class Meta:
        verbose_name = _("correction of a move")
        verbose_name_plural = _("corrections of moves")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event_id"],
                condition=Q(decision=""),
                name="correction_asked_once",
                violation_error_message=_("This was asked already and waits for a decision."),
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="correction_decided_by_somebody",
                violation_error_message=_("A decision has a name and a day."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="correction_by_a_second_person",
                violation_error_message=_("Somebody else than who asked decides."),
            ),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"


class MoveTakenBack(models.Model):
    """A move as it was recorded, who took it back, when and why. Append-only; written by the owner's function alone."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="taken_back", verbose_name=_("placement"))
    cohort_id = models.BigIntegerField()
    recruiter = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    employer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    event_id = models.BigIntegerField(unique=True)
    move = models.CharField(_("move"), max_length=32)
    from_step = models.CharField(_("from"), max_length=24)
    to_step = models.CharField(_("to"), max_length=24)
    happened_on = models.DateField(_("happened on"))
    known_on = models.DateField(_("known on"))
    recorded_at = models.DateTimeField(_("recorded"))
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    request = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(help_text=_("Version of the placement's state after this event."))
    taken_back_at = models.DateTimeField(_("taken back"), db_default=Now())
    # May be null so that who may not read the person's account still reads the row.
    taken_back_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_index=False)
    taken_back_for = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    taken_back_in = models.CharField(max_length=64, blank=True)
    why = models.CharField(_("why"), max_length=300, blank=True)
    correction = WithinPilot(MoveCorrection, models.PROTECT, related_name="+", null=True, db_index=False)

    row_policy = rows(
        owner="riu all", programme="r pilot", safeguarding="r pilot", recruiter="r recruiter", employer="r employer",
        welfare="r pilot", compiler="r pilot", history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("move taken back")
        verbose_name_plural = _("moves taken back")
        ordering = ["id"]
        indexes = [models.Index(fields=["pilot", "taken_back_at"], name="taken_back_of_pilot")]

    def __str__(self) -> str:
        return f"{self.from_step} → {self.to_step}, taken back"
