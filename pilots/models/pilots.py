"""Corridors, pilots, participation, cohorts, sites, job orders and exchange rates.

The rules of a scheme are not here but in ``pilots/schemes/*.toml``: dated, sourced data. A pilot names its
scheme by the file's short name.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import KIND_LABELS
from accounts.rows import WithinPilot, rows

CURRENCY = Q(currency__regex=r"^[A-Z]{3}$")
CURRENCY_MESSAGE = _("Write the currency as three capital letters, such as NZD.")


class Corridor(models.Model):
    """From one country to another, in one sector."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    origin = models.CharField(_("origin"), max_length=2)
    destination = models.CharField(_("destination"), max_length=2)
    sector = models.CharField(_("sector"), max_length=80)

    row_policy = rows(
        app="r all", operator="riu all", programme="r all", safeguarding="r all", recruiter="r all",
        employer="r all", welfare="r all", reader="r all", compiler="r all",
    )  # fmt: skip

    class Meta:
        verbose_name = _("corridor")
        verbose_name_plural = _("corridors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Pilot(models.Model):
    """One pilot: a corridor under a scheme, run by a programme organisation with its partners."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=160)
    scheme = models.SlugField(_("scheme"), max_length=40)
    corridor = models.ForeignKey(Corridor, models.PROTECT, related_name="pilots", verbose_name=_("corridor"))
    programme = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("programme"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    currency = models.CharField(_("pay currency"), max_length=3)
    home_currency = models.CharField(_("home currency"), max_length=3)

    row_policy = rows(
        operator="riu all", programme="ru pilot itself", safeguarding="r pilot itself", recruiter="r pilot itself",
        employer="r pilot itself", welfare="r pilot itself", reader="r pilot itself", compiler="r pilot itself",
    )  # fmt: skip

    class Meta:
        verbose_name = _("pilot")
        verbose_name_plural = _("pilots")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="pilot_ends_after_start",
                violation_error_message=_("A pilot ends after it starts."),
            ),
            models.CheckConstraint(
                condition=CURRENCY, name="pilot_currency_iso", violation_error_message=CURRENCY_MESSAGE
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Participation(models.Model):
    """An organisation takes part in a pilot, from a day to a day."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="participations")
    kind = models.CharField(_("takes part as"), max_length=24, choices=[(k.value, v) for k, v in KIND_LABELS.items()])
    joined_on = models.DateField(_("since"))
    left_on = models.DateField(_("until"), null=True, blank=True)

    row_policy = rows(
        app="r all", operator="riu all", programme="riu pilot", safeguarding="r pilot", recruiter="r pilot",
        employer="r pilot", welfare="r pilot", reader="r pilot", compiler="r pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "organisation"],
                condition=Q(left_on__isnull=True),
                name="participation_once",
                violation_error_message=_("This organisation already takes part."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.pilot_id}"


class Cohort(models.Model):
    """People who are to depart together: a target number and the dates that everything runs towards."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="cohorts", verbose_name=_("pilot"))
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=40, help_text=_("As it is written in spreadsheets."))
    season = models.PositiveSmallIntegerField(_("season"), default=1)
    target = models.PositiveIntegerField(_("target"), help_text=_("People to depart."))
    opens_on = models.DateField(_("opens on"))
    departs_on = models.DateField(_("departure"))
    returns_on = models.DateField(_("planned return"))

    row_policy = rows(
        operator="r all", programme="riu pilot", safeguarding="r pilot", recruiter="r pilot", employer="r pilot",
        welfare="r pilot", reader="r pilot", compiler="r pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["departs_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "code"],
                name="cohort_code_once",
                violation_error_message=_("Another cohort of this pilot has this code."),
            ),
            models.CheckConstraint(
                condition=Q(departs_on__gte=F("opens_on")) & Q(returns_on__gt=F("departs_on")),
                name="cohort_dates_in_order",
                violation_error_message=_("A cohort opens before it departs and departs before it returns."),
            ),
            models.CheckConstraint(
                condition=Q(target__gte=1),
                name="cohort_target_positive",
                violation_error_message=_("The target is at least one person."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place of work of an employer in a pilot."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="sites", verbose_name=_("pilot"))
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("employer"))
    name = models.CharField(_("name"), max_length=120)
    region = models.CharField(_("region"), max_length=120, blank=True)

    row_policy = rows(
        operator="r all", programme="riu pilot", safeguarding="r pilot", recruiter="r pilot", employer="r employer",
        welfare="r pilot", compiler="r pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "employer", "name"],
                name="site_once",
                violation_error_message=_("This employer already has a site of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class JobOrder(models.Model):
    """Places that an employer offers to a cohort: task, number, dates and pay."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="job_orders", verbose_name=_("pilot"))
    cohort = WithinPilot(Cohort, models.PROTECT, related_name="job_orders", verbose_name=_("cohort"))
    site = WithinPilot(Site, models.PROTECT, related_name="job_orders", verbose_name=_("site"))
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("employer"))
    task = models.CharField(_("task"), max_length=160)
    places = models.PositiveIntegerField(_("places"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    hourly_rate = models.DecimalField(_("hourly rate"), max_digits=12, decimal_places=2)
    hours_per_week = models.DecimalField(_("hours a week"), max_digits=5, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)

    row_policy = rows(
        owner="r all", operator="r all", programme="riu pilot", safeguarding="r pilot", recruiter="r pilot", employer="r employer",
        welfare="r pilot", compiler="r pilot",
    )  # fmt: skip

    class Meta:
        verbose_name = _("job order")
        verbose_name_plural = _("job orders")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(places__gte=1),
                name="job_order_has_places",
                violation_error_message=_("A job order has at least one place."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="job_order_ends_after_start",
                violation_error_message=_("A job order ends after it starts."),
            ),
            models.CheckConstraint(
                condition=CURRENCY, name="job_order_currency_iso", violation_error_message=CURRENCY_MESSAGE
            ),
            models.CheckConstraint(
                condition=Q(hourly_rate__gt=0),
                name="job_order_rate_positive",
                violation_error_message=_("The hourly rate is above zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.task


class ExchangeRate(models.Model):
    """One unit of ``from_currency`` in ``to_currency`` for a month, with its source."""

    month = models.DateField(_("month"), help_text=_("The first day of the month."))
    from_currency = models.CharField(_("from"), max_length=3)
    to_currency = models.CharField(_("to"), max_length=3)
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    source = models.CharField(_("source"), max_length=200)

    row_policy = rows(
        operator="riu all", programme="ri all", safeguarding="r all", recruiter="r all", employer="r all",
        welfare="r all", reader="r all", compiler="r all",
    )  # fmt: skip

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["-month", "from_currency", "to_currency"]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "from_currency", "to_currency"],
                name="exchange_rate_once",
                violation_error_message=_("There is already a rate for this month."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0),
                name="exchange_rate_positive",
                violation_error_message=_("A rate is above zero."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="exchange_rate_first_of_month",
                violation_error_message=_("Give the first day of the month."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.from_currency}→{self.to_currency}"
