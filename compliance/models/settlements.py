"""One payment for several findings of one debtor: recorded by one person, verified by another, and only then in the ledger."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rows import WithinPilot, rows
from compliance.models.findings import Finding
from pilots.models import CURRENCY, CURRENCY_MESSAGE, Pilot


class Settlement(models.Model):
    """A sum that one debtor paid at once, split over findings. Counts nothing until somebody else has verified it."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    debtor = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("who paid"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    paid_on = models.DateField(_("paid on"))
    # What the bank calls it: the same payment is not recorded twice.
    reference = models.CharField(_("reference of the payment"), max_length=80)
    words = models.CharField(_("what shows it"), max_length=500)
    # What was paid beyond what was agreed is agreed by the same act.
    agrees = models.BooleanField(_("records the agreement too"), default=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    who = models.CharField(_("recorded by"), max_length=150)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        programme="ri pilot", safeguarding="ri pilot", welfare="ri pilot", history="restricted", append_only=True
    )

    class Meta:
        verbose_name = _("payment for several findings")
        verbose_name_plural = _("payments for several findings")
        ordering = ["-paid_on", "-id"]
        indexes = [models.Index(fields=["pilot", "debtor"], name="settlement_of_debtor")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="settlement_amount_above_zero",
                violation_error_message=_("An amount is above zero."),
            ),
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(reference=""),
                name="settlement_has_words",
                violation_error_message=_("Say what shows the payment, and its reference."),
            ),
            models.CheckConstraint(
                condition=CURRENCY, name="settlement_currency_iso", violation_error_message=CURRENCY_MESSAGE
            ),
        ]

    def __str__(self) -> str:
        return f"settlement {self.pk}"


class SettlementLine(models.Model):
    """What of the payment is for one finding. Findings told in confidence are paid one by one, so none is here."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    settlement = WithinPilot(Settlement, models.PROTECT, related_name="lines")
    finding = WithinPilot(Finding, models.PROTECT, related_name="settlement_lines")
    restricted = models.BooleanField(_("restricted"), default=False)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    row_policy = rows(
        programme="ri pilot", safeguarding="ri pilot", welfare="ri pilot", history="restricted", append_only=True
    )

    class Meta:
        verbose_name = _("share of a payment")
        verbose_name_plural = _("shares of payments")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "finding"],
                name="settlement_line_once",
                violation_error_message=_("A payment has one share for each finding."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="settlement_line_above_zero",
                violation_error_message=_("An amount is above zero."),
            ),
            models.CheckConstraint(
                condition=Q(restricted=False),
                name="settlement_line_not_restricted",
                violation_error_message=_("What was told in confidence is paid by itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"share {self.pk}"


class SettlementEnd(models.Model):
    """How a recorded payment ended: verified by somebody else, or withdrawn with a reason."""

    class Kind(models.TextChoices):
        """The ends."""

        VERIFIED = "verified", _("Verified")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    settlement = WithinPilot(Settlement, models.PROTECT, related_name="ends")
    kind = models.CharField(_("what happened"), max_length=9, choices=Kind)
    words = models.CharField(_("in words"), max_length=500)
    happened_on = models.DateField(_("date"))
    # Of the payment, by a key of the database: so that "somebody else" is true (remedies/guards.py).
    recorder_id = models.BigIntegerField()
    debtor_id = models.BigIntegerField()
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    who = models.CharField(_("who"), max_length=150)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        programme="ri pilot", safeguarding="ri pilot", welfare="ri pilot", history="restricted", append_only=True
    )

    class Meta:
        verbose_name = _("end of a recorded payment")
        verbose_name_plural = _("ends of recorded payments")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["settlement"],
                name="settlement_ends_once",
                violation_error_message=_("This payment is already verified or withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(kind="withdrawn") | (~Q(user_id=F("recorder_id")) & ~Q(organisation_id=F("debtor_id"))),
                name="settlement_verified_by_somebody_else",
                violation_error_message=_("Somebody else verifies a payment: another person, and not of whoever paid."),
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="settlement_end_has_words",
                violation_error_message=_("Say how you know it, or why it is withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
