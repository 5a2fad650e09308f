"""Pay and recruitment costs: append-only facts with their currency; a correction supersedes, nothing is overwritten."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.rows import WithinPilot, rows
from pilots.models import CURRENCY, CURRENCY_MESSAGE, Pilot
from workers.models.authors import recorded_by
from workers.models.journey import Placement


class PayRecord(models.Model):
    """What a worker was paid for one period, as on the payslip."""

    class PaidTo(models.TextChoices):
        """Where the money went."""

        OWN_ACCOUNT = "own account", _("The worker's own account")
        CASH = "cash", _("Cash")
        OTHER = "other", _("Somebody else's account or hand")

    # The placement's, as the composite key to it says: a pilot is not looked up again for every payslip.
    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="pay_records", verbose_name=_("placement"))
    cohort_id = models.BigIntegerField()
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True)
    period_start = models.DateField(_("period start"))
    period_end = models.DateField(_("period end"))
    due_on = models.DateField(_("pay due"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    hours_offered = models.DecimalField(_("hours offered"), max_digits=6, decimal_places=2, null=True, blank=True)
    hours_worked = models.DecimalField(_("hours worked"), max_digits=6, decimal_places=2, null=True, blank=True)
    overtime_hours = models.DecimalField(_("overtime hours"), max_digits=6, decimal_places=2, null=True, blank=True)
    pieces = models.DecimalField(_("pieces"), max_digits=12, decimal_places=2, null=True, blank=True)
    rate = models.DecimalField(_("rate"), max_digits=14, decimal_places=4, null=True, blank=True)
    gross = models.DecimalField(_("gross"), max_digits=14, decimal_places=2)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=2, default=0)
    # Everything withheld but tax: the pension and the items together.
    deductions = models.DecimalField(_("deductions"), max_digits=14, decimal_places=2, default=0)
    pension = models.DecimalField(_("pension"), max_digits=14, decimal_places=2, default=0, db_default=0)
    # In the row, not in a table of its own: four items on twelve million payslips would be forty-eight million rows.
    items = models.JSONField(
        _("deductions by item"),
        default=dict,
        db_default={},
        help_text=_("Item → amount in text, as printed on the payslip."),
    )
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    paid_to = models.CharField(_("paid to"), max_length=11, choices=PaidTo, blank=True, db_default="")
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", db_index=False
    )
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    recorded_by = recorded_by()

    row_policy = rows(
        owner="rd all", programme="ri pilot", safeguarding="r pilot", employer="ri employer", welfare="r pilot", compiler="r pilot",
        append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("pay record")
        verbose_name_plural = _("pay records")
        ordering = ["period_start", "id"]
        indexes = [models.Index(fields=["pilot", "period_end"], name="pay_of_pilot")]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "period_start", "period_end", "employer"],
                condition=Q(supersedes__isnull=True),
                nulls_distinct=False,
                name="pay_period_once",
                violation_error_message=_("There is already a pay record for this period; record a correction."),
            ),
            models.UniqueConstraint(
                fields=["supersedes"], name="pay_superseded_once",
                violation_error_message=_("This pay record was already corrected."),
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")),
                name="pay_period_in_order",
                violation_error_message=_("A pay period ends on or after its start."),
            ),
            models.CheckConstraint(condition=CURRENCY, name="pay_currency_iso", violation_error_message=CURRENCY_MESSAGE),
            models.CheckConstraint(
                condition=Q(gross__gte=0, tax__gte=0, deductions__gte=0, pension__gte=0),
                name="pay_not_negative",
                violation_error_message=_("Gross, tax and deductions are not negative."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"pay {self.period_start}–{self.period_end}"


class CostItem(models.Model):
    """One line of the recruitment-cost ledger: what, how much, when, who paid whom, and what was paid back."""

    class Payer(models.TextChoices):
        """Who paid."""

        WORKER = "worker", _("Worker")
        EMPLOYER = "employer", _("Employer")
        RECRUITER = "recruiter", _("Recruiter")
        GOVERNMENT = "government", _("Government")
        PROGRAMME = "programme", _("Programme")

    ITEMS = (
        "recruiter fee", "informal broker", "visa", "work permit", "passport", "other documents",
        "language training", "skills training", "medical exam", "vaccination", "police clearance", "insurance",
        "welfare fund", "inland travel", "international travel", "lodging", "equipment", "briefing",
        "bank charges", "loan interest", "deposit", "gifts", "other",
    )  # fmt: skip

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="costs", verbose_name=_("placement"))
    cohort_id = models.BigIntegerField()
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    item = models.CharField(_("item"), max_length=24, choices=[(i, i) for i in ITEMS])
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    paid_on = models.DateField(_("date"))
    paid_by = models.CharField(_("paid by"), max_length=12, choices=Payer)
    paid_to = models.CharField(_("paid to"), max_length=120, blank=True)
    receipt = models.CharField(_("receipt"), max_length=80, blank=True, db_default="")
    financed_by = models.CharField(
        _("financed by"),
        max_length=80,
        blank=True,
        db_default="",
        help_text=_("Savings, family, bank, money-lender or an advance."),
    )
    security = models.CharField(
        _("security given"),
        max_length=160,
        blank=True,
        db_default="",
        help_text=_("What was pledged or kept for it; empty if nothing."),
    )
    reimbursed = models.DecimalField(_("reimbursed amount"), max_digits=14, decimal_places=2, default=0)
    reimbursed_on = models.DateField(_("reimbursed on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    # What a worker paid, and to whom, is not for the recruiter or the employer to read: they may be whom it is about.
    row_policy = rows(
        owner="rd all", programme="riu pilot", safeguarding="r pilot", welfare="ri pilot", compiler="r pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("cost item")
        verbose_name_plural = _("cost items")
        ordering = ["paid_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="cost_positive",
                violation_error_message=_("An amount is above zero."),
            ),
            models.CheckConstraint(
                condition=Q(reimbursed__gte=0) & Q(reimbursed__lte=F("amount")),
                name="cost_reimbursed_within_amount",
                violation_error_message=_("No more can be paid back than was paid."),
            ),
            models.CheckConstraint(
                condition=CURRENCY, name="cost_currency_iso", violation_error_message=CURRENCY_MESSAGE
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.pk}"


class TrainingRecord(models.Model):
    """One course that a candidate took, and whether it was passed; a new attempt is a new row."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="trainings", verbose_name=_("placement"))
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    course = models.CharField(_("course"), max_length=120)
    provider = models.CharField(_("provider"), max_length=160, blank=True, db_default="")
    held_on = models.DateField(_("date"))
    planned_hours = models.DecimalField(_("planned hours"), max_digits=6, decimal_places=2, null=True, blank=True)
    attended_hours = models.DecimalField(_("attended hours"), max_digits=6, decimal_places=2, null=True, blank=True)
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(_("passed"))
    certificate = models.CharField(_("certificate"), max_length=80, blank=True, db_default="")
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        owner="rd all", programme="ri pilot", safeguarding="r pilot", recruiter="ri recruiter", employer="r employer",
        welfare="r pilot", compiler="r pilot", append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["held_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(attended_hours__isnull=True) | Q(attended_hours__gte=0),
                name="training_hours_not_negative",
                violation_error_message=_("Hours are not negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"training {self.pk}"
