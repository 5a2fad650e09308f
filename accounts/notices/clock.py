"""The clock of notices: pure arithmetic of hours and zones. Hours are those of the reader's own clock.

In a night in which clocks are changed an hour is missing or comes twice. A digest then comes once: at the first of two such
hours, or as many minutes after midnight as the missing one would have been.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


def quiet(hour: int, begins: int, ends: int) -> bool:
    """Whether an hour of the clock lies in quiet hours; the same hour twice means that there are none."""
    if begins <= ends:
        return begins <= hour < ends
    return hour >= begins or hour < ends


def is_quiet(now: datetime, zone: ZoneInfo, begins: int, ends: int) -> bool:
    """Whether it is quiet now where the reader is."""
    return quiet(now.astimezone(zone).hour, begins, ends)


def last_digest(now: datetime, zone: ZoneInfo, hour: int, weekday: int | None = None) -> datetime:
    """The latest moment, not after ``now``, at which a digest was due: each day at this hour, or each week on this day of
    it (Monday is 0)."""
    day = now.astimezone(zone).date() + ONE_DAY
    while True:
        due = datetime.combine(day, time(hour), zone).astimezone(UTC)
        if due <= now and weekday in (None, day.weekday()):
            return due
        day -= ONE_DAY
