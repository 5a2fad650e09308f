"""What protects a worker or bars the way: insurances and entitlements, travel, recruiters' licences, bans."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot
from workers.models.authors import recorded_by
from workers.models.facts import CostItem
from workers.models.journey import Placement
from workers.models.people import Person, derived


class Insurance(models.Model):
    """An insurance or entitlement of a worker: who took it, since when, and whether it was claimed and paid.

    The four insurances of the Employment Permit System are the pattern; which kinds a scheme asks for, who joins and
    by when stands in its file (``insurances``).
    """

    class Claim(models.TextChoices):
        """Where a claim stands."""

        NONE = "none", _("Not claimed")
        LODGED = "lodged", _("Lodged")
        PAID = "paid", _("Paid")
        REFUSED = "refused", _("Refused")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="insurances", verbose_name=_("placement"))
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    kind = models.CharField(_("kind"), max_length=40, help_text=_("As the scheme names it, such as medical."))
    insurer = models.CharField(_("insurer"), max_length=160, blank=True)
    policy_number = models.CharField(_("policy number"), max_length=60, blank=True)
    paid_by = models.CharField(_("premium paid by"), max_length=12, choices=CostItem.Payer, blank=True)
    premium = models.DecimalField(_("premium"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    joined_on = models.DateField(_("in force from"))
    ends_on = models.DateField(_("in force to"), null=True, blank=True)
    claim = models.CharField(_("claim"), max_length=8, choices=Claim, default=Claim.NONE)
    claimed_on = models.DateField(_("claimed on"), null=True, blank=True)
    paid_on = models.DateField(_("paid out on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    recorded_by = recorded_by()

    row_policy = rows(
        owner="rud all", programme="riu pilot", safeguarding="r pilot", recruiter="riu recruiter", employer="riu employer",
        welfare="r pilot", compiler="r pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("insurance")
        verbose_name_plural = _("insurances")
        ordering = ["placement", "kind", "joined_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "kind", "joined_on", "employer"],
                name="insurance_once",
                violation_error_message=_("This insurance is already recorded from this day."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("joined_on")),
                name="insurance_ends_after_start",
                violation_error_message=_("An insurance ends on or after its first day."),
            ),
            models.CheckConstraint(
                condition=Q(premium__isnull=True) | (Q(premium__gte=0) & Q(currency__regex=r"^[A-Z]{3}$")),
                name="insurance_premium_has_currency",
                violation_error_message=_("A premium needs its currency and is not negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Travel(models.Model):
    """One journey of a worker, out or back: when, how, who meets them, and who pays."""

    class Direction(models.TextChoices):
        """Out to the job, or back home."""

        OUT = "out", _("To the job")
        BACK = "back", _("Home")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="travels", verbose_name=_("placement"))
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction)
    carrier = models.CharField(_("flight or carrier"), max_length=60, blank=True)
    departs_on = models.DateField(_("departs"))
    arrives_on = models.DateField(_("arrives"), null=True, blank=True)
    met_by = models.CharField(_("met by"), max_length=120, blank=True)
    paid_by = models.CharField(_("paid by"), max_length=12, choices=CostItem.Payer, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    recorded_by = recorded_by()

    row_policy = rows(
        owner="rud all", programme="riu pilot", safeguarding="r pilot", recruiter="riu recruiter", employer="riu employer",
        welfare="r pilot", compiler="r pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("travel")
        verbose_name_plural = _("travels")
        ordering = ["placement", "departs_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "direction", "departs_on", "employer"],
                name="travel_once",
                violation_error_message=_("This travel is already recorded."),
            ),
            models.CheckConstraint(
                condition=Q(arrives_on__isnull=True) | Q(arrives_on__gte=F("departs_on")),
                name="travel_arrives_after_departure",
                violation_error_message=_("A traveller arrives on or after the day of departure."),
            ),
        ]

    def __str__(self) -> str:
        return f"travel {self.pk}"


class RecruiterLicence(models.Model):
    """A recruiter's licence from a day to a day, and when the public register was looked up."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    recruiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("recruiter"))
    number = models.CharField(_("number"), max_length=60)
    authority = models.CharField(_("authority"), max_length=160, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    looked_up_on = models.DateField(_("register looked up on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        owner="rd all",
        programme="riu pilot",
        safeguarding="r pilot",
        recruiter="r recruiter",
        welfare="r pilot",
        compiler="r pilot",
    )

    class Meta:
        verbose_name = _("licence of a recruiter")
        verbose_name_plural = _("licences of recruiters")
        ordering = ["recruiter", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "recruiter", "number", "valid_from"],
                name="licence_once",
                violation_error_message=_("This licence is already recorded."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="licence_ends_after_start",
                violation_error_message=_("A licence ends on or after its first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Ban(models.Model):
    """A person is barred from a pool or from re-hire. Without reason, end or appeal the ban itself is a finding."""

    pilot = derived(Pilot)
    person = WithinPilot(Person, models.PROTECT, related_name="bans", verbose_name=_("person"))
    recruiter = derived(Organisation, null=True)
    imposed_by = models.CharField(_("imposed by"), max_length=160)
    imposed_on = models.DateField(_("imposed on"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    appeal = models.CharField(
        _("appeal"), max_length=300, blank=True, help_text=_("To whom the person can appeal, and by when.")
    )
    lifted_on = models.DateField(_("lifted on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    recorded_by = recorded_by()

    row_policy = rows(
        owner="rd all",
        programme="riu pilot",
        safeguarding="r pilot",
        recruiter="riu recruiter",
        welfare="r pilot",
        compiler="r pilot",
    )

    class Meta:
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        ordering = ["person", "imposed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "imposed_on", "imposed_by"],
                name="ban_once",
                violation_error_message=_("This ban is already recorded."),
            ),
            models.CheckConstraint(
                condition=(Q(ends_on__isnull=True) | Q(ends_on__gte=F("imposed_on")))
                & (Q(lifted_on__isnull=True) | Q(lifted_on__gte=F("imposed_on"))),
                name="ban_ends_after_start",
                violation_error_message=_("A ban ends, or is lifted, on or after the day it was imposed."),
            ),
        ]

    def __str__(self) -> str:
        return f"ban {self.pk}"
