"""Housing: a room that an employer provides, how it was found at each inspection, and who slept there from when to when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.rows import WithinPilot, rows
from pilots.models import Pilot, Site
from workers.models.authors import recorded_by
from workers.models.journey import Placement


class Room(models.Model):
    """A room at an address that houses the workers of a site."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    site = WithinPilot(Site, models.PROTECT, related_name="rooms", verbose_name=_("site"))
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    address = models.CharField(_("address"), max_length=200, blank=True)
    name = models.CharField(_("room"), max_length=60)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    row_policy = rows(
        owner="rd all", programme="ri pilot", safeguarding="r pilot", employer="ri employer", welfare="ri pilot", compiler="r pilot",
        append_only=True,
    )  # fmt: skip

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["site", "address", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "address", "name"],
                name="room_once",
                violation_error_message=_("This room is already recorded at this address."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="room_has_name", violation_error_message=_("A room has a name or number.")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoomInspection(models.Model):
    """A room as it was found on a day: size, beds, people, what was approved, and the rent asked. Append-only."""

    class Building(models.TextChoices):
        """The class of rent and of standard; schemes name which they allow."""

        NEWER = "newer", _("Newer building")
        OLDER = "older", _("Older building")
        TEMPORARY = "temporary", _("Temporary structure")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    room = WithinPilot(Room, models.PROTECT, related_name="inspections", verbose_name=_("room"))
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    inspected_on = models.DateField(_("inspected on"))
    area = models.DecimalField(_("area, m²"), max_digits=7, decimal_places=2, null=True, blank=True)
    beds = models.PositiveSmallIntegerField(_("beds"), null=True, blank=True)
    occupants = models.PositiveSmallIntegerField(_("occupants"), null=True, blank=True)
    approved_maximum = models.PositiveSmallIntegerField(_("approved maximum"), null=True, blank=True)
    weekly_rent = models.DecimalField(
        _("weekly rent of a person"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    building = models.CharField(_("building"), max_length=9, choices=Building, blank=True)
    own_bathroom = models.BooleanField(_("own bathroom"), null=True, blank=True)
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
        verbose_name = _("inspection of a room")
        verbose_name_plural = _("inspections of rooms")
        ordering = ["room", "inspected_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "inspected_on"],
                condition=Q(supersedes__isnull=True),
                name="room_inspected_once_a_day",
                violation_error_message=_("This room was already inspected on this day; record a correction."),
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                name="room_inspection_superseded_once",
                violation_error_message=_("This row was already corrected."),
            ),
            models.CheckConstraint(
                condition=Q(weekly_rent__isnull=True) | (Q(weekly_rent__gte=0) & Q(currency__regex=r"^[A-Z]{3}$")),
                name="room_rent_has_currency",
                violation_error_message=_("A rent needs its currency and is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(area__isnull=True) | Q(area__gt=0),
                name="room_area_positive",
                violation_error_message=_("The area of a room is above zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"inspection {self.pk}"


class HousingStay(models.Model):
    """A worker lives in a room from a day to a day; two stays never overlap."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    placement = WithinPilot(Placement, models.PROTECT, related_name="stays", verbose_name=_("placement"))
    room = WithinPilot(Room, models.PROTECT, related_name="stays", verbose_name=_("room"))
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, db_index=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    recorded_by = recorded_by()

    row_policy = rows(
        owner="rud all",
        programme="riu pilot",
        safeguarding="r pilot",
        employer="riu employer",
        welfare="riu pilot",
        compiler="r pilot",
    )

    class Meta:
        verbose_name = _("stay in a room")
        verbose_name_plural = _("stays in rooms")
        ordering = ["placement", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="stay_ends_after_start",
                violation_error_message=_("A stay ends on or after its start."),
            ),
            ExclusionConstraint(
                name="stay_one_room_at_a_time",
                expressions=[
                    ("placement", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("The worker lives in another room on these days; end that stay first."),
            ),
        ]

    def __str__(self) -> str:
        return f"stay {self.pk}"
