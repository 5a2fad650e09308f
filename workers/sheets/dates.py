"""Dates as people write them: ISO, words for months, Excel's own dates and day numbers. Nothing is guessed.

``03/04/2024`` is refused until the reader of the file says whether days or months stand first; a year of two digits is
taken only for a date of birth, where the age of a worker leaves one reading. Years of other calendars are explained.
"""

from __future__ import annotations

import datetime
import re
import unicodedata

from django.utils.translation import gettext as _

from .cleaning import NOTHING, CellProblem, Cleaned, Cleaner, Context, Raw, brief, is_empty_word, shown

YOUNGEST, OLDEST = 14, 89  # bounds for the age of a worker, only to read two-digit years and to notice slips
EXCEL_START = datetime.date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 3_654, 73_415  # 1910 to 2100
SHIFT_1904 = 1_462
PRECISION_YEAR, PRECISION_MONTH = "year", "month"

_MONTHS = (
    "january jan janvier janv enero ene janeiro",
    "february feb fevrier fevr febrero fevereiro",
    "march mar mars marzo marco",
    "april apr avril avr abril abr",
    "may mai mayo maio",
    "june jun juin junio junho",
    "july jul juillet juil julio julho",
    "august aug aout agosto ago",
    "september sep sept septembre septiembre setiembre setembro set",
    "october oct octobre octubre outubro out",
    "november nov novembre noviembre novembro",
    "december dec decembre diciembre dic dezembro dez",
)
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_FILLERS = (
    "of de del the le el st nd rd th er mon tue tues wed thu thur thurs fri sat sun "
    "monday tuesday wednesday thursday friday saturday sunday"
)
FILLERS = frozenset(_FILLERS.split())
VAGUE = frozenset(
    {"mid", "early", "late", "about", "around", "approx", "circa", "ca", "before", "after", "end", "start"}
)
YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})")
YEAR_LAST = re.compile(r"([0-9]{1,2}) ?[-/. ] ?([0-9]{1,2}) ?[-/. ] ?([0-9]{4}|[0-9]{2})")
MONTH_ALONE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})|([0-9]{1,2})[-/.]([0-9]{4})")
PASSED = ("past", "birth", "month")  # meanings that no day ahead can have
FURTHEST = 45  # years from now that a plan or a paper reaches at most; what lies further is of another calendar
TIME_BEHIND = re.compile(r"[T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)? ?([AaPp][Mm])?(Z|[+-][0-9:]{4,5})?$")
EXAMPLE = "2024-04-03"


def date(meaning: str = "any") -> Cleaner:
    """A date. ``meaning``: ``past`` (a fact, not after today), ``birth``, ``expiry``, ``month`` or ``any`` (plans included).

    The value is ISO text. For ``birth`` a year or a month alone is taken and named in the hint; for ``month`` a month
    alone is its first day.
    """

    def clean(raw: Raw, context: Context) -> Cleaned:
        warnings: tuple[str, ...]
        if isinstance(raw, datetime.datetime):
            found, warnings, hint = raw.date(), (), None
        elif isinstance(raw, datetime.date):
            found, warnings, hint = raw, (), None
        elif raw is None or raw == "":
            return NOTHING
        else:
            read = _read(raw, context, meaning)
            if read is None:
                return NOTHING
            found, warnings, hint = read
        doubt = _check(found, raw, context, meaning)
        return Cleaned(found.isoformat(), warnings + doubt, hint)

    return clean


_Read = tuple[datetime.date, tuple[str, ...], str | None]


def _read(raw: Raw, context: Context, meaning: str) -> _Read | None:
    if isinstance(raw, datetime.time | datetime.timedelta):
        raise _not_date(raw)
    value = brief(raw)
    if not value or is_empty_word(value):
        return None
    if not value.isascii():
        value = "".join(
            str(unicodedata.decimal(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", value)
        )
    value = TIME_BEHIND.sub("", value).strip(" ,;'")
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) and not YEAR_LAST.fullmatch(value):
        return _from_number(value, raw, context, meaning)
    if match := YEAR_FIRST.fullmatch(value):
        year, month, day = (int(part) for part in match.groups())
        return _make(year, month, day, raw), (), None
    if meaning == "month" and (match := MONTH_ALONE.fullmatch(value)):
        return _make(int(match[1] or match[4]), int(match[2] or match[3]), 1, raw), (), None
    if match := YEAR_LAST.fullmatch(value):
        return _from_figures(match, raw, context, meaning)
    return _from_words(value, raw, context, meaning)


def _from_number(value: str, raw: Raw, context: Context, meaning: str) -> _Read:
    """Excel's number of a day, ``20240403``, or a year alone."""
    whole = int(float(value)) if len(value) < 20 else 0
    if len(value) == 8 and value.isdigit():
        year_first = _try(int(value[:4]), int(value[4:6]), int(value[6:]))
        year_last = _try(int(value[4:]), int(value[2:4]), int(value[:2])) or _try(
            int(value[4:]), int(value[:2]), int(value[2:4])
        )
        if year_first and 1900 <= year_first.year <= 2100 and not year_last:
            return year_first, (), None
        raise _not_date(raw)
    if meaning == "birth" and re.fullmatch(r"(19|20)[0-9]{2}", value):
        return datetime.date(whole, 1, 1), (), PRECISION_YEAR
    serial = whole + (SHIFT_1904 if context.date1904 else 0)
    if not FIRST_SERIAL <= serial <= LAST_SERIAL:
        raise _not_date(raw)
    found = EXCEL_START + datetime.timedelta(days=serial)
    warning = _("The number %(value)s was read as Excel's number for %(date)s. Check it.") % {
        "value": shown(raw),
        "date": found.isoformat(),
    }
    return found, (warning,), None


def _from_figures(match: re.Match[str], raw: Raw, context: Context, meaning: str) -> _Read:
    """``03/04/2024``: read in the order chosen, or when only one order gives a date."""
    first, second, third = match.groups()
    one, two = int(first), int(second)
    order = context.date_order
    if order == "ymd" and len(third) == 2 and len(first) == 2 and len(second) == 2:
        raise _two_digits(raw)
    if order not in ("dmy", "mdy"):
        if one <= 12 and two <= 12 and one != two:
            raise _ambiguous(one, two, third, raw)
        order = "mdy" if two > 12 else "dmy"
    day, month = (one, two) if order == "dmy" else (two, one)
    if month > 12 and day <= 12:
        raise CellProblem(
            "wrong_order",
            _(
                "“%(value)s” does not fit the order chosen for this file: there is no month %(month)s. Write "
                "%(example)s."
            )
            % {"value": shown(raw), "month": month, "example": _example(third, day, month)},
        )
    return _make(_full_year(third, month, day, raw, context, meaning), month, day, raw), (), None


def _from_words(value: str, raw: Raw, context: Context, meaning: str) -> _Read:
    """``3 Apr 2024``, ``April 3rd, 2024``, ``3 de abril de 2024``."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c)).lower()
    parts = [part for part in re.findall(r"[0-9]+|[^\W\d_]+", plain) if part not in FILLERS]
    months = [MONTHS[part] for part in parts if part in MONTHS]
    figures = [part for part in parts if part.isdigit() and len(part) <= 4]
    if months and VAGUE.intersection(parts):
        raise _incomplete(raw)
    if len(months) != 1 or len(months) + len(figures) != len(parts):
        raise _not_date(raw)
    if len(figures) == 1 and len(figures[0]) == 4 and meaning in ("birth", "month"):
        return _make(int(figures[0]), months[0], 1, raw), (), PRECISION_MONTH if meaning == "birth" else None
    if len(figures) != 2:
        raise _incomplete(raw)
    year, day = figures if len(figures[0]) > 2 else reversed(figures)
    if len(year) == 3 or len(day) > 2:
        raise _not_date(raw)
    return _make(_full_year(year, months[0], int(day), raw, context, meaning), months[0], int(day), raw), (), None


def _full_year(year: str, month: int, day: int, raw: Raw, context: Context, meaning: str) -> int:
    """The year in four digits. Two digits have one reading only where a worker's age decides."""
    if len(year) == 4:
        return int(year)
    if meaning == "birth":
        ages = {century + int(year): context.today.year - century - int(year) for century in (1900, 2000)}
        fitting = [full for full, age in ages.items() if YOUNGEST <= age <= OLDEST]
        if len(fitting) == 1:
            return fitting[0]
    raise _two_digits(raw)


def _make(year: int, month: int, day: int, raw: Raw) -> datetime.date:
    if year == 0 or not 1 <= month <= 12:
        raise _not_date(raw)
    found = _try(year, month, day)
    if found is None:
        if (month, day) == (2, 29):
            message = _("29 February %(year)s does not exist: %(year)s is not a leap year. Check the date.") % {
                "year": year
            }
        else:
            message = _("“%(value)s” does not exist: that month has fewer days. Check the date.") % {
                "value": shown(raw)
            }
        raise CellProblem("no_such_day", message)
    return found


def _try(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _check(found: datetime.date, raw: Raw, context: Context, meaning: str) -> tuple[str, ...]:
    """Refuses years that cannot be meant; gives sentences of doubt."""
    year, today = found.year, context.today
    says = {"value": shown(raw), "year": year}
    if year >= 9000 or year < 1000:
        raise CellProblem(
            "no_real_date",
            _("“%(value)s” stands for “no date” in some programs. Leave the cell blank or write the true date.") % says,
        )
    if year > 2200:
        says["western"] = year - 543
        raise CellProblem(
            "other_calendar",
            _("%(year)s looks like a year of the Thai calendar (%(western)s). Write the date of the common calendar.")
            % says,
        )
    if year < 1900:
        if 1300 <= year < 1500:
            raise CellProblem(
                "other_calendar",
                _("%(year)s looks like a year of the Islamic calendar. Write the date of the common calendar.") % says,
            )
        raise CellProblem("too_old", _("The year %(year)s is too long ago. Check the date.") % says)
    if found > today and year - today.year > (20 if meaning in PASSED else FURTHEST):
        if year <= 2100:
            raise CellProblem(
                "other_calendar",
                _(
                    "%(year)s lies far ahead; it may be a year of the Nepali calendar. Write the date of the common "
                    "calendar."
                )
                % says,
            )
        raise CellProblem("too_far", _("The year %(year)s lies too far ahead. Check the date.") % says)
    if meaning in PASSED and found > today:
        raise CellProblem("in_future", _("%(value)s lies in the future. Check the date.") % says)
    if meaning == "birth":
        age = today.year - year - ((today.month, today.day) < (found.month, found.day))
        if age > 100:
            raise CellProblem(
                "too_old", _("Born on %(value)s would be %(age)s years old. Check the date.") % {**says, "age": age}
            )
        if not YOUNGEST <= age <= OLDEST:
            return (_("Born on %(value)s would be %(age)s years old. Check the date.") % {**says, "age": age},)
    if meaning == "expiry" and found < today:
        return (_("This ended on %(date)s.") % {"date": found.isoformat()},)
    return ()


def _example(year: str, month: int, day: int) -> str:
    full = int(year) if len(year) == 4 else 2000 + int(year)
    made = _try(full, month, day)
    return made.isoformat() if made else EXAMPLE


def _not_date(raw: Raw) -> CellProblem:
    return CellProblem(
        "not_a_date",
        _("“%(value)s” is not a date. Write year, month and day, such as %(example)s.")
        % {"value": shown(raw), "example": EXAMPLE},
    )


def _incomplete(raw: Raw) -> CellProblem:
    return CellProblem(
        "incomplete_date",
        _("“%(value)s” is not a whole date. Write day, month and year, such as %(example)s.")
        % {"value": shown(raw), "example": EXAMPLE},
    )


def _two_digits(raw: Raw) -> CellProblem:
    return CellProblem(
        "two_digit_year",
        _("The year in “%(value)s” has two digits, so the century is unsure. Write all four, such as %(example)s.")
        % {"value": shown(raw), "example": EXAMPLE},
    )


def _ambiguous(one: int, two: int, year: str, raw: Raw) -> CellProblem:
    return CellProblem(
        "ambiguous_date",
        _(
            "“%(value)s” can mean %(first)s or %(second)s. Choose the order of dates for this file, or write the date "
            "with the year first."
        )
        % {"value": shown(raw), "first": _example(year, two, one), "second": _example(year, one, two)},
    )
