"""Counting time as the clocks do: months, days, business days of one or two countries, halves of a contract. Pure.

* A month later is the same day of that month, or its last day where the month is shorter (31 January → 28 February).
* A stay that counts the day of entry ends on the day before: entry on 1 October and seven months end on 30 April. Where
  the month is shorter the stay ends on its last day.
* A business day is no weekend and no public holiday in every country whose people have to act: for a duty of the
  employer the country of destination, of the sending unit the country of origin, of both together both countries. A
  limit in business days counts such days after the start. A limit in calendar days is never moved by a holiday.
  Holidays are those of the whole country: a day that is free in one region only counts, so a day is never told too late.
* Facts carry days, not hours: a limit of up to 24 hours is met until the end of the next day.
"""

import functools
import math
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

import holidays

ONE_DAY = timedelta(days=1)
SHARE = "percent of the contract"
# Countries whose week ends on other days than Saturday and Sunday.
WEEKENDS: dict[str, frozenset[int]] = {"BD": frozenset({4, 5}), "NP": frozenset({5})}
SATURDAY_AND_SUNDAY = frozenset({5, 6})


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier), or the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day_of_stay(entry: date, months: int, *, counts_entry_day: bool) -> date:
    """The last day of a stay of so many months; the portal's counting rule is the scheme's, see the module's words."""
    end = add_months(entry, months)
    return end - ONE_DAY if counts_entry_day and end.day == entry.day else end


@functools.cache
def _off(country: str, year: int) -> frozenset[date]:
    """Public holidays of a country in a year; none for a country the library does not know."""
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def is_business_day(day: date, countries: Iterable[str]) -> bool:
    """Whether people work on the day in all of these countries."""
    return all(
        day.weekday() not in WEEKENDS.get(country, SATURDAY_AND_SUNDAY) and day not in _off(country, day.year)
        for country in countries
    )


def add_business_days(day: date, number: int, countries: tuple[str, ...]) -> date:
    """The so many-th business day after the day, or before it where the number is negative."""
    step = ONE_DAY if number >= 0 else -ONE_DAY
    for _each in range(abs(number)):
        day += step
        while not is_business_day(day, countries):
            day += step
    return day


def shift(
    day: date, limit: int, unit: str, *, countries: tuple[str, ...] = (), ends: date | None = None
) -> date | None:
    """The day that lies ``limit`` units after ``day`` (before it where negative).

    A share of the contract needs the day on which the contract ends: None while that is not known. ValueError for a
    unit that is no time.
    """
    match unit:
        case "days":
            return day + timedelta(days=limit)
        case "weeks":
            return day + timedelta(weeks=limit)
        case "months":
            return add_months(day, limit)
        case "years":
            return add_months(day, 12 * limit)
        case "hours":
            return day + timedelta(days=math.ceil(limit / 24) if limit >= 0 else math.floor(limit / 24))
        case "business days":
            return add_business_days(day, limit, countries)
        case _ if unit == SHARE:
            if ends is None or ends < day:
                return None
            length = (ends - day).days + 1
            return day + timedelta(days=max(math.ceil(length * limit / 100) - 1, 0))
    raise ValueError(f"{unit} is no unit of time")
