"""Which periods a schedule has, and when each is due: pure arithmetic of days and zones, without a clock.

A month and a quarter are those of the calendar. A season is a year from the first day that the scheme names for its season; where
the scheme names none, from the day and month on which the pilot began. The period of a grant is the grant's own.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from pilots.schemes.reader import load
from pilots.schemes.scheme import NoValueOnDate, UnknownParameter
from reports.delivery.models import Schedule

ONE_DAY = timedelta(days=1)
NIGHT_BEGINS = timedelta(hours=1)  # after the midnight with which the due day begins, where the reader is
NIGHT_MINUTES = 240
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One period of a schedule, both days included, and the moment at which its report is asked for."""

    first: date
    last: date
    due_at: datetime

    @property
    def a_year(self) -> bool:
        """Whether it is long enough for a signature for a rare event (``reports/signing.py``)."""
        return self.last - self.first >= timedelta(days=364)


def spans(schedule: Schedule) -> Iterator[Span]:
    """The periods that count, in order: those that end on or after ``counts_from`` and begin while the pilot runs."""
    zone = ZoneInfo(schedule.time_zone)
    for first, last in _periods(schedule):
        if first > schedule.pilot.ends_on:
            return
        if last >= schedule.counts_from:
            yield Span(first, last, due_at(last + timedelta(days=schedule.days_after), zone, schedule.pk))


def due(schedule: Schedule, now: datetime) -> list[Span]:
    """Every period that counts and is due by now, oldest first; which were asked for is not looked at."""
    found = []
    for span in spans(schedule):
        if span.due_at > now:
            break
        found.append(span)
    return found


def coming(schedule: Schedule, now: datetime, number: int = 3) -> list[Span]:
    """The next periods that are not due yet."""
    return list(islice((span for span in spans(schedule) if span.due_at > now), number))


def due_at(day: date, zone: ZoneInfo, schedule_id: int) -> datetime:
    """A moment in the night with which the day begins for the reader, from one to five hours after midnight.

    Which minute follows from the schedule's number alone, so that many schedules of one day do not compile at once. The hours
    are counted from midnight as they pass, so that a night in which clocks are changed has neither none nor two of it.
    """
    midnight = datetime.combine(day, time.min, zone).astimezone(UTC)
    minute = int.from_bytes(hashlib.sha256(str(schedule_id).encode()).digest()[:4]) % NIGHT_MINUTES
    return midnight + NIGHT_BEGINS + timedelta(minutes=minute)


def _periods(schedule: Schedule) -> Iterator[tuple[date, date]]:
    if schedule.period == Schedule.Period.GRANT:
        if schedule.grant is not None:
            yield schedule.grant.starts_on, schedule.grant.ends_on
        return
    months, first = _measure(schedule)
    while True:
        following = _later(first, months)
        yield first, following - ONE_DAY
        first = following


def _measure(schedule: Schedule) -> tuple[int, date]:
    """How many months a period has, and the first day of the one in which counting begins."""
    begin = max(schedule.counts_from, schedule.pilot.starts_on)
    if schedule.period == Schedule.Period.MONTH:
        return 1, begin.replace(day=1)
    if schedule.period == Schedule.Period.QUARTER:
        return 3, date(begin.year, begin.month - (begin.month - 1) % 3, 1)
    month, day = season_begins(schedule)
    first = date(begin.year, month, day)
    return 12, first if first <= begin else date(begin.year - 1, month, day)


def season_begins(schedule: Schedule) -> tuple[int, int]:
    """Month and day on which the seasons of the schedule's pilot begin; the 28th stands for the last days of February."""
    pilot = schedule.pilot
    try:
        words = str(load(pilot.scheme).parameter("season_first_day", pilot.starts_on).value)
    except (UnknownParameter, NoValueOnDate):
        words = ""
    month, day = pilot.starts_on.month, pilot.starts_on.day
    if (said := re.fullmatch(r"(\d{1,2}) (\w+)", words.strip().lower())) and said[2] in MONTHS:
        month, day = MONTHS.index(said[2]) + 1, int(said[1])
    return month, min(day, 28) if month == 2 else day


def _later(day: date, months: int) -> date:
    """The same day so many months later; only asked of days that every such month has."""
    month = day.month - 1 + months
    return day.replace(year=day.year + month // 12, month=month % 12 + 1)
