"""Numbers, dates and cells of a report as a reader sees them: the same words on the page, in the PDF, in the CSV and
beside a chart.

Callers set the language of the edition first (`translation.override(content.language)`); nothing here asks the clock,
the locale or the time zone.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.dates import MONTHS
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from reports.content import Amount, Figure, Section

HIDDEN = "–"
NBSP = "\u00a0"
SHOWN_PLACES = {"share": 1, "points": 1, "days": 1, "months": 1, "times": 2, "ratio": 3, "rate": 2}


def direction(language: str) -> str:
    """How a language is written, as the attribute ``dir`` says it: "rtl" or "ltr"."""
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


def is_money(unit: str) -> bool:
    """Whether a unit is a currency code (three capitals)."""
    return len(unit) == 3 and unit.isascii() and unit.isupper()


def in_percent(value: Decimal) -> Decimal:
    """A share of 0 to 1 as per cent, as it is shown: one place, half to even."""
    return (value * 100).quantize(Decimal("0.1"), ROUND_HALF_EVEN)


def plain(value: Amount, unit: str) -> str:
    """The number alone, grouped by thousands, at the places its unit is shown with."""
    value = Decimal(value)
    if unit == "share":
        return f"{in_percent(value):,}"
    places = 2 if is_money(unit) else SHOWN_PLACES.get(unit, 0)
    text = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN):,}"
    return text.replace("-", "−")


def with_unit(text: str, unit: str, value: Amount) -> str:
    """A written number with its unit; what is counted (people, placements, …) stands in the heading instead."""
    if unit == "share":
        return f"{text}{NBSP}%"
    if is_money(unit):
        return f"{unit}{NBSP}{text}"
    if unit == "days":
        return ngettext("%(number)s day", "%(number)s days", 1 if value == 1 else 2) % {"number": text}
    if unit == "months":
        return ngettext("%(number)s month", "%(number)s months", 1 if value == 1 else 2) % {"number": text}
    if unit == "rate":
        return _("%(number)s per 100 worker-months") % {"number": text}
    if unit == "points":
        return _("%(number)s points") % {"number": text}
    if unit == "times":
        return _("%(number)s times") % {"number": text}
    return text


def shown(figure: Figure) -> str:
    """The value of a figure: a dash where it is hidden, "no data" where there was nothing to count."""
    if figure.suppressed:
        return HIDDEN
    if figure.value is None:
        return _("too few to say") if figure.denominator else _("no data")
    return with_unit(plain(figure.value, figure.unit), figure.unit, figure.value)


def interval(figure: Figure) -> str:
    """The interval of a figure; empty where its metric has none, a dash where the figure is hidden."""
    if figure.suppressed:
        return HIDDEN
    if figure.low is None or figure.high is None:
        return ""
    both = _("%(low)s to %(high)s") % {
        "low": plain(figure.low, figure.unit),
        "high": plain(figure.high, figure.unit),
    }
    return with_unit(both, figure.unit, figure.high)


def counted(figure: Figure) -> str:
    """What the value stands on: "27 of 40", or the size of its base."""
    if figure.suppressed:
        return HIDDEN
    top, base = figure.numerator, figure.denominator
    if base is None:
        return ""
    if top is None:
        return f"{base:,}"
    if isinstance(top, int) and isinstance(base, int):
        return _("%(part)s of %(whole)s") % {"part": f"{top:,}", "whole": f"{base:,}"}
    return _("%(sum)s over %(base)s") % {"sum": f"{top:,}", "base": f"{base:,}"}


def stands(section: Section, figure: Figure) -> str:
    """What stands beside the value: its base, or for a comparison and a target what can be said."""
    if figure.suppressed or section.kind not in ("difference", "target"):
        return counted(figure)
    value, low, high = figure.value, figure.low, figure.high
    if section.kind == "difference":
        if low is None or high is None:
            return _("too few to say")
        return _("cannot tell apart") if low <= 0 <= high else _("higher") if low > 0 else _("lower")
    aim = figure.denominator
    if aim is None or value is None:
        return ""
    said = with_unit(plain(aim, figure.unit), figure.unit, aim)
    reached = value <= aim if figure.cell.get("side") == "at most" else value >= aim
    if low is not None and high is not None and low <= aim <= high:
        return _("%(target)s: cannot tell yet") % {"target": said}
    return (_("%(target)s: reached") if reached else _("%(target)s: not reached")) % {"target": said}


def signed(section: Section, figure: Figure, text: str) -> str:
    """The words of a value; with a plus where it says by how much one is more than another."""
    more = section.kind == "difference" and figure.value is not None and figure.value > 0
    return f"+{text}" if more else text


def cell_titles(section: Section, figure: Figure) -> list[str]:
    """One title for each dimension of the section; "All" where the figure is not broken down by it."""
    return [
        dimension.title_of(figure.cell[dimension.name]) if dimension.name in figure.cell else _("All")
        for dimension in section.dimensions
    ]


def cell_title(section: Section, figure: Figure) -> str:
    """The cell in one line, without the dimensions it is not broken down by."""
    named = [d.title_of(figure.cell[d.name]) for d in section.dimensions if d.name in figure.cell]
    return " · ".join(named) if named else _("All")


def day(value: date) -> str:
    """A day in words, with the month spelt out so that no order of numbers can mislead."""
    return _("%(day)s %(month)s %(year)s") % {
        "day": value.day,
        "month": MONTHS[value.month],
        "year": value.year,
    }


def instant(value: datetime) -> str:
    """An instant in words, always in UTC."""
    return _("%(day)s, %(time)s UTC") % {"day": day(value.date()), "time": value.strftime("%H:%M")}


def count(value: int | None, suppressed: bool = False) -> str:
    """A count; a dash where it is hidden or unknown."""
    return HIDDEN if suppressed or value is None else f"{value:,}"


def population(name: str) -> str:
    """What is counted, in words that keep people and placements apart."""
    return {
        "people": _("People, each person once however many placements"),
        "placements": _("Placements; a person with several placements counts several times"),
        "checks": _("Checks; a placement may be checked several times"),
        "findings": _("Findings; a placement may have several"),
        "duties": _("Duties; one for each worker, order or site that a clock ran for"),
        "records": _("Records; a placement has many"),
    }[name]
