"""What a funder gave for a pilot, and what was agreed to be reached with it, by when."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.rows import WithinPilot, rows
from pilots.models.pilots import CURRENCY, CURRENCY_MESSAGE, Pilot


@dataclass(frozen=True, slots=True)
class Aimed:
    """A figure that a grant may set a target for: its unit, and whether less is better."""

    code: str
    label: Any  # str, translated when shown
    unit: str  # placements, percent or times
    at_most: bool = False


AIMED: dict[str, Aimed] = {
    aimed.code: aimed
    for aimed in (
        Aimed("departed", _("Placements that departed"), "placements"),
        Aimed("filled", _("Places filled by somebody who departed, in percent"), "percent"),
        Aimed("completed", _("Placements completed as planned, in percent"), "percent"),
        Aimed("women", _("Women among those who departed, in percent"), "percent"),
        Aimed("income", _("Income multiple, in times the pay at home"), "times"),
        Aimed("cost", _("What workers paid for the job, in months of pay, at most"), "times", at_most=True),
        Aimed("checks", _("Welfare checks done of those due, in percent"), "percent"),
    )
}


class Grant(models.Model):
    """Money that one funder gave for one pilot, from a day to a day. ``organisation`` is the funder."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="grants", verbose_name=_("pilot"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("funder"))
    name = models.CharField(_("name"), max_length=120)
    reference = models.CharField(_("reference"), max_length=60, help_text=_("The number in the funder’s own books."))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closed_reason = models.CharField(_("why it was closed"), max_length=300, blank=True)

    row_policy = rows(
        operator="r all", programme="riu pilot", safeguarding="r pilot", reader="r own report", compiler="r pilot"
    )

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "organisation", "reference"],
                name="grant_reference_once",
                violation_error_message=_("This funder already has a grant of this reference here."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="grant_ends_after_start",
                violation_error_message=_("A grant ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | (Q(closed_on__gte=F("starts_on")) & ~Q(closed_reason="")),
                name="grant_closed_with_reason",
                violation_error_message=_("A grant is closed on or after the day it begins, with a reason."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="grant_positive",
                violation_error_message=_("An amount is above zero."),
            ),
            models.CheckConstraint(
                condition=CURRENCY, name="grant_currency_iso", violation_error_message=CURRENCY_MESSAGE
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def last_day(self):
        """The day on which it ends, or was closed before that."""
        return min(self.ends_on, self.closed_on) if self.closed_on else self.ends_on


class GrantTarget(models.Model):
    """One target of a grant: which figure of the report, what value, by which day. It counts from the day it was agreed
    (without one: from the grant's first day) until it is ended; a change is an end and a new target."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    grant = WithinPilot(Grant, models.PROTECT, related_name="targets", verbose_name=_("grant"))
    figure = models.CharField(_("figure"), max_length=12, choices=[(a.code, a.label) for a in AIMED.values()])
    value = models.DecimalField(_("target"), max_digits=12, decimal_places=2)
    by_on = models.DateField(_("by"))
    # From when to when it was agreed: a target that is changed ends, and the new one begins on the same day.
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    ended_on = models.DateField(_("no longer a target from"), null=True, blank=True)
    ended_reason = models.CharField(_("why it is no longer one"), max_length=300, blank=True)

    row_policy = rows(
        operator="r all", programme="riud pilot", safeguarding="r pilot", reader="r own report", compiler="r pilot"
    )

    class Meta:
        verbose_name = _("target of a grant")
        verbose_name_plural = _("targets of grants")
        ordering = ["by_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "figure", "by_on"],
                condition=Q(ended_on__isnull=True),
                name="grant_target_once",
                violation_error_message=_("This grant already has a target for this figure and day."),
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0)
                & (~Q(figure__in=["filled", "completed", "women", "checks"]) | Q(value__lte=100)),
                name="grant_target_plausible",
                violation_error_message=_("A target is not negative, and a share is at most 100 percent."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | (~Q(ended_reason="") & (Q(agreed_on__isnull=True) | Q(ended_on__gte=F("agreed_on")))),
                name="grant_target_ended_with_reason",
                violation_error_message=_("A target ends with a reason, and not before it was agreed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.value}"
