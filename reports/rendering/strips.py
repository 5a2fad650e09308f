"""The chart of a section for a narrow screen: a strip for each row of its table, drawn beside the row's own words.

A picture as wide as a desk shrinks on a phone until nobody can read its letters. There each row of the table is a card,
and its strip shows value and interval on the scale that all rows share. Numbers are per cent of the strip's width.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.content import Figure, Section
from reports.rendering import words
from reports.rendering.drawn import has_chart, tick_words, ticks


@dataclass(frozen=True, slots=True)
class Strip:
    """What is drawn for one figure; each part is empty where there is nothing to draw."""

    start: str = ""  # the bar, from its left end
    width: str = ""
    point: str = ""  # the middle of the point, where a section draws points and no bars
    low: str = ""
    high: str = ""
    zero: str = ""  # where zero stands, on a scale that begins below it
    hidden: bool = False


def scale_of(section: Section) -> tuple[float, float]:
    """The ends of the scale that all rows of the section share."""
    numbers = [n for f in section.figures for n in (f.value, f.low, f.high) if n is not None]
    unit = next((figure.unit for figure in section.figures), "")
    marks = ticks(float(min(numbers, default=0)), float(max(numbers, default=0)), unit)
    return marks[0], marks[-1]


def strips_of(section: Section) -> list[Strip | None]:
    """A strip for each figure of the section, in order; none at all where the section has no chart."""
    if not has_chart(section):
        return [None] * len(section.figures)
    ends = scale_of(section)
    return [_strip(figure, section.chart == "points", ends) for figure in section.figures]


def _strip(figure: Figure, points: bool, ends: tuple[float, float]) -> Strip | None:
    if figure.suppressed:
        return Strip(hidden=True)
    if figure.value is None:
        return None
    bottom, top = ends

    def at(value: Decimal | None) -> str:
        return "" if value is None else f"{100 * (float(value) - bottom) / (top - bottom):.2f}"

    zero = at(Decimal(0))
    left, right = sorted((float(zero), float(at(figure.value))))
    bar = ("", "") if points else (f"{left:.2f}", f"{right - left:.2f}")
    both = figure.low is not None and figure.high is not None
    low, high = (at(figure.low), at(figure.high)) if both else ("", "")
    return Strip(*bar, at(figure.value) if points else "", low, high, zero if bottom < 0 else "")


def strip_words(section: Section) -> str:
    """How to read the strips of a section, in one or two sentences; empty where it has none."""
    if not has_chart(section):
        return ""
    unit = next(figure.unit for figure in section.figures)
    low, high = (_end(number, unit) for number in scale_of(section))
    told = [_("Each strip runs from %(low)s to %(high)s.") % {"low": low, "high": high}]
    if any(figure.low is not None for figure in section.figures):
        told.append(_("The thin line on it is the 95 % interval."))
    if any(figure.suppressed for figure in section.figures):
        told.append(_("A dashed strip is hidden."))
    return " ".join(told)


def _end(number: float, unit: str) -> str:
    text = tick_words(number, unit)
    return text if unit == "share" else words.with_unit(text, unit, Decimal(repr(number)))
