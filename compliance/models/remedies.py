"""What is put to somebody to mend, what they did, who verified it, and the money owed to the worker until it is paid.

Nothing here is overwritten: where an action stands is its last step, and what is still owed is the sum of entries.
What an owner outside the programme may read is these rows and nothing of the finding behind them.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.roles import KIND_LABELS, Kind
from accounts.rows import WithinPilot, rows
from compliance.models.findings import Finding
from compliance.models.settlements import SettlementLine
from pilots.models import CURRENCY, CURRENCY_MESSAGE, Pilot
from workers.models import Placement

INSIDE = (Kind.PROGRAMME.value, Kind.WELFARE.value)
OWNERS = (*INSIDE, Kind.EMPLOYER.value, Kind.RECRUITER.value)


class CorrectiveAction(models.Model):
    """Something to mend, put to an organisation until a day. It reads the words and the dates, never the finding."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    # A second key of the database ties (finding, restricted) to the finding's own mark (remedies/guards.py).
    finding = WithinPilot(Finding, models.PROTECT, related_name="actions", verbose_name=_("finding"))
    restricted = models.BooleanField(_("restricted"), default=False)
    # Only where the owner must know whom it concerns; else the owner could tell who complained.
    placement = WithinPilot(Placement, models.PROTECT, related_name="+", null=True, blank=True)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("who must act"))
    owner_kind = models.CharField(
        _("acts as"), max_length=24, choices=[(k.value, KIND_LABELS[k]) for k in Kind if k.value in OWNERS]
    )
    person = models.CharField(_("person who sees to it"), max_length=150, blank=True)
    words = models.CharField(_("what is to be done"), max_length=1000)
    put_on = models.DateField(_("put to them"))
    due_on = models.DateField(_("due"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    who = models.CharField(_("put by"), max_length=150)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        owner="ru all", programme="ri not restricted", safeguarding="ri pilot", welfare="ri pilot", employer="r put to me",
        recruiter="r put to me", compiler="r not restricted", history="restricted", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(words=""),
                name="action_has_words",
                violation_error_message=_("Say what is to be done."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("put_on")),
                name="action_due_after_put",
                violation_error_message=_("An action is due on or after the day it was put to somebody."),
            ),
            models.CheckConstraint(
                condition=Q(owner_kind__in=OWNERS),
                name="action_owner_known",
                violation_error_message=_(
                    "A corrective action is put to an employer, a recruiter, the programme or a welfare partner."
                ),
            ),
            models.CheckConstraint(
                condition=Q(restricted=False) | Q(owner_kind__in=INSIDE),
                name="action_of_restricted_stays_inside",
                violation_error_message=_(
                    "What was told in confidence is put to nobody outside the programme and its welfare partners."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"action {self.pk}"


class CorrectiveStep(models.Model):
    """What happened to an action: reported done, returned with a reason, verified by somebody else, withdrawn."""

    class Kind(models.TextChoices):
        """The steps. A round ends when what was reported done is returned."""

        DONE = "done", _("Reported done")
        RETURNED = "returned", _("Returned")
        VERIFIED = "verified", _("Verified")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    action = WithinPilot(CorrectiveAction, models.PROTECT, related_name="steps")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    restricted = models.BooleanField(_("restricted"), default=False)
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    # The owner reads these words. How something was verified stands with the finding, where the owner does not read.
    words = models.CharField(_("in words"), max_length=1000, blank=True)
    happened_on = models.DateField(_("date"))
    # The step "done" that is verified or returned, and who reported it.
    answers = WithinPilot("self", models.PROTECT, related_name="answered_by", null=True, blank=True)
    doer_id = models.BigIntegerField(null=True, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    who = models.CharField(_("who"), max_length=150)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        owner="ru all", programme="ri not restricted", safeguarding="ri pilot", welfare="ri pilot",
        employer="r put to me, i reports done", recruiter="r put to me, i reports done", compiler="r not restricted",
        history="none", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("step of a corrective action")
        verbose_name_plural = _("steps of corrective actions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "round"],
                condition=Q(kind="done"),
                name="step_done_once_a_round",
                violation_error_message=_("This was already reported done."),
            ),
            models.UniqueConstraint(
                fields=["answers"],
                name="step_answered_once",
                violation_error_message=_("Somebody else answered this in the meantime."),
            ),
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(kind__in=["verified", "withdrawn"]),
                name="step_ends_once",
                violation_error_message=_("This action is already closed."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["done", "withdrawn"], answers__isnull=True, doer_id__isnull=True)
                | Q(kind__in=["verified", "returned"], answers__isnull=False, doer_id__isnull=False),
                name="step_answers_what_was_done",
                violation_error_message=_("Only what was reported done can be verified or returned."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["verified", "returned"])
                | (~Q(user_id=F("doer_id")) & ~Q(organisation_id=F("owner_id"))),
                name="step_verified_by_somebody_else",
                violation_error_message=_(
                    "Somebody else verifies: another person, and not of the organisation that had to act."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind="verified", words="") | (~Q(kind="verified") & ~Q(words="")),
                name="step_has_words",
                violation_error_message=_("Say what was done, or why it is returned or withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class RemedyEntry(models.Model):
    """One line of the remedy ledger of a finding: claimed, agreed, paid or written off. Append-only.

    Amounts of a kind add up. A mistake is taken back by a line of the same kind that points at it, below zero.
    """

    class Kind(models.TextChoices):
        """What the amount is."""

        CLAIMED = "claimed", _("Claimed")
        AGREED = "agreed", _("Agreed")
        PAID = "paid", _("Paid")
        WRITTEN_OFF = "written off", _("Written off")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    finding = WithinPilot(Finding, models.PROTECT, related_name="entries")
    restricted = models.BooleanField(_("restricted"), default=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    happened_on = models.DateField(_("date"))
    words = models.CharField(_("evidence or reason"), max_length=500)
    reverses = WithinPilot("self", models.PROTECT, related_name="reversed_by", null=True, blank=True)
    # The share of a payment that it is, once somebody else has verified it.
    settlement_line = WithinPilot(SettlementLine, models.PROTECT, related_name="entries", null=True, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    who = models.CharField(_("who"), max_length=150)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        owner="ru all", programme="ri not restricted", safeguarding="ri pilot", welfare="ri pilot",
        compiler="r not restricted", history="restricted", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("entry of the remedy ledger")
        verbose_name_plural = _("entries of the remedy ledger")
        ordering = ["happened_on", "id"]
        indexes = [models.Index(fields=["pilot", "finding"], name="remedy_of_pilot")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="remedy_amount_above_zero",
                violation_error_message=_("An amount is above zero."),
            ),
            models.UniqueConstraint(
                fields=["reverses"],
                name="remedy_taken_back_once",
                violation_error_message=_("This entry was already taken back."),
            ),
            models.UniqueConstraint(
                fields=["settlement_line", "kind"],
                condition=Q(settlement_line__isnull=False),
                name="remedy_share_once",
                violation_error_message=_("This share of a payment is in the ledger already."),
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="remedy_has_words",
                violation_error_message=_("Say what shows this, or why it is written off."),
            ),
            models.CheckConstraint(
                condition=~Q(who=""),
                name="remedy_has_a_name",
                violation_error_message=_("An entry is made by a named person."),
            ),
            models.CheckConstraint(
                condition=CURRENCY, name="remedy_currency_iso", violation_error_message=CURRENCY_MESSAGE
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
