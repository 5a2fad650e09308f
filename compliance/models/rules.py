"""What the rules engine keeps beside findings: what it cannot tell, when it looked, and which facts changed since."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot, Site
from workers.models import Placement


class CannotTell(models.Model):
    """A rule that cannot be answered for these facts, and which fact is missing. Gone once the fact is there."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="+", null=True)
    site = WithinPilot(Site, models.PROTECT, related_name="+", null=True, db_index=False)
    code = models.CharField(_("rule"), max_length=12)
    source = models.CharField(_("facts"), max_length=80)
    missing = models.CharField(_("missing"), max_length=80)
    period_start = models.DateField(_("from"), null=True)
    period_end = models.DateField(_("to"), null=True)
    since = models.DateField(_("since"))

    row_policy = rows(
        programme="r pilot", safeguarding="r pilot", welfare="r pilot", compiler="riud pilot", history="none"
    )

    class Meta:
        verbose_name = _("question without an answer")
        verbose_name_plural = _("questions without an answer")
        ordering = ["code", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "code", "source"],
                name="cannot_tell_once",
                violation_error_message=_("This is already known to be missing."),
            ),
            models.CheckConstraint(
                condition=Q(placement__isnull=False) | Q(site__isnull=False),
                name="cannot_tell_about_somebody",
                violation_error_message=_("What is missing is missing of a placement or a site."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.source}"


class Evaluation(models.Model):
    """One run of the rules over a pilot: for which day, which rules and parameters, and what came of it."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+")
    on = models.DateField(_("as of"))
    whole = models.BooleanField(_("all placements"))
    placements = models.PositiveIntegerField(_("placements"))
    # SHA-256 over the versions of the rules and every dated value of the pilot's rulebook.
    rules = models.CharField(_("rules applied"), max_length=64)
    broken = models.PositiveIntegerField(_("broken"))
    opened = models.PositiveIntegerField(_("findings opened"))
    changed = models.PositiveIntegerField(_("findings changed"))
    closed = models.PositiveIntegerField(_("findings no longer found"))
    cannot_tell = models.PositiveIntegerField(_("cannot tell"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        programme="r pilot", safeguarding="r pilot", welfare="r pilot", compiler="ri pilot",
        history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"evaluation {self.pk}"


class PartnerChange(models.Model):
    """An employer or a recruiter took back, changed or corrected facts: written by the trigger that marks them.

    Marks are taken away when the rules have looked; this stays, so that a finding does not vanish by the hand of whom it
    is about, whenever and by whomever the rules are applied. ``kind`` and ``ids`` are as in a mark.
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    organisation_id = models.BigIntegerField(_("organisation"))
    facts = models.CharField(_("facts"), max_length=63)
    kind = models.CharField(max_length=12)
    ids = ArrayField(models.BigIntegerField())
    taken_back = models.BooleanField(_("taken back"), default=False)
    at = models.DateTimeField(_("at"), db_default=Now())

    row_policy = rows(
        owner="ri all", programme="r pilot", safeguarding="r pilot", welfare="r pilot", compiler="r pilot",
        history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("change by a partner")
        verbose_name_plural = _("changes by partners")
        indexes = [models.Index(fields=["pilot", "at"], name="partner_change_of_pilot")]

    def __str__(self) -> str:
        return f"{self.facts} {self.pk}"


class RuleMark(models.Model):
    """Facts that changed since the rules last looked: one row for each statement, written by a trigger, whoever wrote.

    ``kind`` says what the ids are of: placement, journey, person, site, recruiter. The evaluation takes marks away as it goes.
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=12)
    ids = ArrayField(models.BigIntegerField())
    at = models.DateTimeField(db_default=Now())

    row_policy = rows(owner="ri all", operator="r all", compiler="rd pilot", history="none")

    class Meta:
        verbose_name = _("mark of changed facts")
        verbose_name_plural = _("marks of changed facts")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
