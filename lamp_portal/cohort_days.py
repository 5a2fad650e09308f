"""The dates of a cohort, counted by day and without a name: departures, arrivals, ends of stays and of visas, checks, reports.

One function a source, one line in ``SOURCES``. Each is one statement, or two, however many people there are, and counts what
the reader may see; a source whose records the reader may not read is left out without a trace.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from compliance.due_days import due_days
from compliance.models import Check
from pilots.models import Cohort
from reports.delivery.models import Schedule
from reports.delivery.schedules import dates, visible
from workers.models import IdentityDocument, Placement, Travel
from workers.queries.placement import sees_lacking
from workers.queries.waiting import ABROAD, CHOSEN, STILL_ABROAD

Counts = Iterable[tuple[date, int]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cohort, for whom, and now."""

    cohort: Cohort
    by: Scope
    today: date
    now: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """What falls on one day: of which kind, how many, in words without a name, and where the people stand."""

    day: date
    code: str
    words: str
    url: str = ""


def _by_day(rows: QuerySet, field: str) -> Counts:
    """(day, how many rows) of the rows that have the day."""
    found = rows.filter(**{f"{field}__isnull": False}).order_by(field).values_list(field)
    return found.annotate(n=Count("pk")).order_by(field)


def _placements(asked: Asked, steps: list[str]) -> QuerySet:
    return Placement.objects.filter(cohort=asked.cohort, state__step__in=steps)


def _departure(asked: Asked) -> Iterable[Entry]:
    """The days that the whole cohort runs towards."""
    cohort = asked.cohort
    readiness = reverse("workers:readiness", args=[cohort.pk]) if sees_lacking(asked.by) else ""
    yield Entry(
        cohort.departs_on, "departure", _("Planned departure of the cohort"),
        f"{readiness}?on={cohort.departs_on.isoformat()}" if readiness else "",
    )  # fmt: skip
    yield Entry(cohort.returns_on, "return", _("Planned return of the cohort"))


def _travels(asked: Asked) -> Iterable[Entry]:
    """Booked travel, out and back."""
    booked = Travel.objects.filter(placement__cohort=asked.cohort)
    out, back = booked.filter(direction=Travel.Direction.OUT), booked.filter(direction=Travel.Direction.BACK)
    for day, n in _by_day(out, "departs_on"):
        yield Entry(
            day,
            "flies",
            ngettext("%(n)d person is booked to depart", "%(n)d people are booked to depart", n) % {"n": n},
        )
    for day, n in _by_day(out, "arrives_on"):
        yield Entry(
            day,
            "arrives",
            ngettext("%(n)d person is booked to arrive", "%(n)d people are booked to arrive", n) % {"n": n},
        )
    for day, n in _by_day(back, "departs_on"):
        yield Entry(
            day,
            "returns",
            ngettext("%(n)d person is booked to go home", "%(n)d people are booked to go home", n) % {"n": n},
        )


def _work(asked: Asked) -> Iterable[Entry]:
    """Work that begins and contracts that end, as planned."""
    for day, n in _by_day(_placements(asked, [*CHOSEN, "departed"]), "planned_start"):
        words = ngettext("%(n)d person is expected at work", "%(n)d people are expected at work", n)
        yield Entry(day, "begins", words % {"n": n})
    for day, n in _by_day(_placements(asked, [*CHOSEN, *ABROAD]), "planned_end"):
        yield Entry(day, "ends", ngettext("%(n)d contract ends", "%(n)d contracts end", n) % {"n": n})


def _visas(asked: Asked) -> Iterable[Entry]:
    """The last visa of each person who is abroad ends."""
    if not may(IdentityDocument, asked.by.db_role):
        return
    people = _placements(asked, STILL_ABROAD).values("person")
    visas = IdentityDocument.objects.filter(
        kind=IdentityDocument.Kind.VISA, replaced_at__isnull=True, person__in=people, expires_on__isnull=False
    )
    ends: dict[date, int] = {}
    for day in (
        visas.order_by("person").values("person").annotate(until=Max("expires_on")).values_list("until", flat=True)
    ):
        ends[day] = ends.get(day, 0) + 1
    for day, n in ends.items():
        yield Entry(day, "visa", ngettext("%(n)d visa ends", "%(n)d visas end", n) % {"n": n})


def _checks(asked: Asked) -> Iterable[Entry]:
    """Checks that are due, on their day."""
    if not may(Check, asked.by.db_role):
        return
    url = reverse("compliance:checks") if asked.by.allows(Permission.CHECK_VIEW) else ""
    for day, n in due_days(asked.by, asked.cohort, on=asked.today):
        words = ngettext("%(n)d person is due a check", "%(n)d people are due a check", n)
        yield Entry(day, "check", words % {"n": n}, url)


def _reports(asked: Asked) -> Iterable[Entry]:
    """The next reports of the pilot, on the day they come."""
    if not may(Schedule, asked.by.db_role):
        return
    schedules = list(visible(asked.by).filter(pilot=asked.cohort.pilot_id, state=Schedule.State.ACTIVE))
    url = reverse("reports:schedules") if asked.by.allows(Permission.REPORT_VIEW) else ""
    days: dict[date, int] = {}
    for spans in dates(schedules, asked.now).values():
        for span in spans:
            day = timezone.localdate(span.due_at)
            days[day] = days.get(day, 0) + 1
    for day, n in days.items():
        yield Entry(day, "report", ngettext("%(n)d report is due", "%(n)d reports are due", n) % {"n": n}, url)


SOURCES: Final[tuple[Callable[[Asked], Iterable[Entry]], ...]] = (
    _departure,
    _travels,
    _work,
    _visas,
    _checks,
    _reports,
)


def entries(cohort: Cohort, *, by: Scope, now: datetime, today: date) -> list[Entry]:
    """Every date of the cohort that this reader may know, the earliest first."""
    asked = Asked(cohort, by, today, now)
    found = [entry for source in SOURCES for entry in source(asked)]
    return sorted(found, key=lambda entry: entry.day)


@dataclass(frozen=True, slots=True)
class Day:
    """One square of the month: its day, whether it belongs to the month that is shown, and what falls on it."""

    day: date
    inside: bool
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from Monday."""

    days: list[Day]

    @property
    def busy(self) -> list[Day]:
        """Days on which something falls."""
        return [day for day in self.days if day.entries]


def weeks_of(month: date, found: list[Entry]) -> list[Week]:
    """The weeks that touch the month of this first day, each with what falls on its days."""
    by_day: dict[date, list[Entry]] = {}
    for entry in found:
        by_day.setdefault(entry.day, []).append(entry)
    monday, weeks = month - timedelta(days=month.weekday()), []
    while (monday.year, monday.month) <= (month.year, month.month):
        days = [monday + timedelta(days=n) for n in range(7)]
        weeks.append(Week([Day(day, day.month == month.month, by_day.get(day, [])) for day in days]))
        monday += timedelta(days=7)
    return weeks
