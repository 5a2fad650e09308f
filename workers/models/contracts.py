"""What was promised: versions of a contract, agreements on deductions, and debts for the job. Append-only.

A contract that changes is a new version, a version that was typed wrongly is superseded; neither overwrites what stood
there, because the difference between what was signed at home and what holds abroad is what the rules look for.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.rows import WithinPilot, rows
from pilots.models import CURRENCY, CURRENCY_MESSAGE, Pilot
from workers.models.authors import recorded_by
from workers.models.journey import Placement


class ContractVersion(models.Model):
    """One version of a worker's contract, as it was offered, signed, met on arrival or held in force."""

    class Kind(models.TextChoices):
        """When in the journey this version was seen."""

        OFFER = "offer", _("Offer")
        SIGNED = "signed", _("Signed at home")
        ARRIVAL = "arrival", _("On arrival")
        IN_FORCE = "in force", _("In force")

    class Guarantee(models.TextChoices):
        """Over which period the guaranteed hours are counted."""

        WEEK = "week", _("a week")
        FOUR_WEEKS = "4 weeks", _("4 weeks")
        MONTH = "month", _("a month")
        PLACEMENT = "placement", _("the whole placement")

    class Cycle(models.TextChoices):
        """How often pay is due."""

        WEEKLY = "weekly", _("weekly")
        FORTNIGHTLY = "fortnightly", _("fortnightly")
        FOUR_WEEKLY = "4-weekly", _("every 4 weeks")
        MONTHLY = "monthly", _("monthly")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="contracts", verbose_name=_("placement"))
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    # Whose worker this is now; the employer that the paper names is `employer_name`, and may be another.
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    kind = models.CharField(_("version"), max_length=8, choices=Kind)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=40, blank=True)
    employer_name = models.CharField(_("employer"), max_length=160, blank=True)
    site_name = models.CharField(_("site"), max_length=160, blank=True)
    occupation = models.CharField(_("occupation"), max_length=120, blank=True)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("planned end"), null=True, blank=True)
    hourly_rate = models.DecimalField(_("hourly rate"), max_digits=14, decimal_places=4, null=True, blank=True)
    monthly_wage = models.DecimalField(_("monthly wage"), max_digits=14, decimal_places=2, null=True, blank=True)
    piece_rate = models.DecimalField(_("piece rate"), max_digits=14, decimal_places=4, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    guaranteed_hours = models.DecimalField(_("guaranteed hours"), max_digits=7, decimal_places=2, null=True, blank=True)
    guarantee_period = models.CharField(_("guarantee period"), max_length=9, choices=Guarantee, blank=True)
    overtime_multiplier = models.DecimalField(
        _("overtime multiplier"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    pay_cycle = models.CharField(_("pay cycle"), max_length=11, choices=Cycle, blank=True)
    weekly_deductions = models.DecimalField(
        _("deductions a week"), max_digits=14, decimal_places=2, null=True, blank=True,
        help_text=_("What the paper says will be taken from pay in an ordinary week, all items together."),
    )  # fmt: skip
    supersedes = WithinPilot(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", db_index=False
    )
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    recorded_by = recorded_by()

    row_policy = rows(
        owner="rd all", programme="ri pilot", safeguarding="r pilot", recruiter="ri recruiter", employer="ri employer",
        welfare="r pilot", compiler="r pilot", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("contract version")
        verbose_name_plural = _("contract versions")
        ordering = ["placement", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "kind", "signed_on", "employer"],
                condition=Q(supersedes__isnull=True),
                nulls_distinct=False,
                name="contract_version_once",
                violation_error_message=_("This version of the contract is already recorded; record a correction."),
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                name="contract_superseded_once",
                violation_error_message=_("This row was already corrected."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="contract_ends_after_start",
                violation_error_message=_("A contract ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$")
                | Q(hourly_rate__isnull=True, monthly_wage__isnull=True, piece_rate__isnull=True, currency=""),
                name="contract_pay_has_currency",
                violation_error_message=_("Pay in a contract has its currency, three capital letters."),
            ),
            models.CheckConstraint(
                condition=~Q(hourly_rate__lt=0)
                & ~Q(monthly_wage__lt=0)
                & ~Q(piece_rate__lt=0)
                & ~Q(weekly_deductions__lt=0),
                name="contract_amounts_not_negative",
                violation_error_message=_("Rates, wages and deductions of a contract are not negative."),
            ),
            models.CheckConstraint(
                condition=Q(guaranteed_hours__isnull=True, guarantee_period="")
                | (Q(guaranteed_hours__gte=0) & ~Q(guarantee_period="")),
                name="contract_guarantee_has_period",
                violation_error_message=_("Guaranteed hours need the period over which they are counted."),
            ),
        ]

    def __str__(self) -> str:
        return f"contract {self.kind} {self.pk}"


class DeductionAgreement(models.Model):
    """A worker agreed that an item is taken from pay: how much in all, how much each period, from when to when.

    A change of terms, or the worker's withdrawal, is a new row that supersedes the old one; the balance is what the
    pay records took of the item since the start, and is never typed.
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="deductions", verbose_name=_("placement"))
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    item = models.CharField(_("item"), max_length=80)
    agreed_total = models.DecimalField(_("agreed total"), max_digits=14, decimal_places=2, null=True, blank=True)
    per_period = models.DecimalField(_("amount per period"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    consent_on = models.DateField(_("consent date"), null=True, blank=True)
    authority_approval = models.CharField(_("authority approval"), max_length=120, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    supersedes = WithinPilot(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", db_index=False
    )
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    recorded_by = recorded_by()

    row_policy = rows(
        owner="rd all", programme="ri pilot", safeguarding="r pilot", employer="ri employer", welfare="ri pilot", compiler="r pilot",
        append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("deduction agreement")
        verbose_name_plural = _("deduction agreements")
        ordering = ["placement", "item", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "item", "starts_on", "employer"],
                condition=Q(supersedes__isnull=True),
                nulls_distinct=False,
                name="deduction_agreement_once",
                violation_error_message=_("This deduction is already agreed from this day; record the change of it."),
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                name="deduction_superseded_once",
                violation_error_message=_("This row was already corrected."),
            ),
            models.CheckConstraint(
                condition=~Q(item=""),
                name="deduction_has_item",
                violation_error_message=_("A deduction names its item."),
            ),
            models.CheckConstraint(
                condition=CURRENCY, name="deduction_currency_iso", violation_error_message=CURRENCY_MESSAGE
            ),
            models.CheckConstraint(
                condition=~Q(agreed_total__lt=0) & ~Q(per_period__lt=0),
                name="deduction_not_negative",
                violation_error_message=_("Amounts of a deduction are not negative."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="deduction_ends_after_start",
                violation_error_message=_("A deduction ends on or after its start."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True)
                | Q(consent_on__isnull=True)
                | Q(withdrawn_on__gte=F("consent_on")),
                name="deduction_withdrawn_after_consent",
                violation_error_message=_("Consent is withdrawn after it was given."),
            ),
        ]

    def __str__(self) -> str:
        return f"deduction {self.pk}"


class Debt(models.Model):
    """A debt, deposit or bond that a worker carries for the job, and what secures it."""

    class Kind(models.TextChoices):
        """What it is."""

        LOAN = "loan", _("Loan")
        DEPOSIT = "deposit", _("Deposit")
        BOND = "bond", _("Bond or penalty for leaving")

    class Lender(models.TextChoices):
        """Who holds it."""

        FAMILY = "family", _("Family or friends")
        BANK = "bank", _("Bank or credit union")
        MONEY_LENDER = "money-lender", _("Money-lender")
        RECRUITER = "recruiter", _("Recruiter")
        EMPLOYER = "employer", _("Employer")
        PROGRAMME = "programme", _("Programme or fund")
        OTHER = "other", _("Other")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="debts", verbose_name=_("placement"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    lender = models.CharField(_("held by"), max_length=12, choices=Lender)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    monthly_rate = models.DecimalField(
        _("interest a month, percent"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    security = models.CharField(
        _("security"), max_length=160, blank=True, help_text=_("Land, papers or a person's word; empty if none.")
    )
    taken_on = models.DateField(_("taken on"))
    cleared_on = models.DateField(_("cleared on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    # As with costs: the recruiter or the employer may be who holds it.
    row_policy = rows(
        owner="rd all", programme="riu pilot", safeguarding="r pilot", welfare="riu pilot", compiler="r pilot"
    )

    class Meta:
        verbose_name = _("debt")
        verbose_name_plural = _("debts")
        ordering = ["taken_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="debt_positive", violation_error_message=_("An amount is above zero.")
            ),
            models.CheckConstraint(
                condition=CURRENCY, name="debt_currency_iso", violation_error_message=CURRENCY_MESSAGE
            ),
            models.CheckConstraint(
                condition=Q(cleared_on__isnull=True) | Q(cleared_on__gte=F("taken_on")),
                name="debt_cleared_after_taken",
                violation_error_message=_("A debt is cleared after it was taken."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
