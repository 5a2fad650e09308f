"""Which figures of a section its chart draws, what the chart says to those who do not see it, what its file is called,
and the round numbers of its scale."""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from django.utils.translation import gettext as _

from reports.content import Figure, Section
from reports.rendering import words

MOST_ROWS = 20  # beyond this a chart is a wall; the table has the rest
TOLD_ROWS = 8  # so many rows are told in the alternative text


def has_chart(section: Section) -> bool:
    """Whether the section has a chart at all."""
    return section.chart != "none" and bool(section.figures)


def chart_name(section: Section, tone: str) -> str:
    """The file name of a section's chart in a tone, "light" or "dark"."""
    return f"chart-{re.sub(r'[^a-z0-9]+', '-', section.metric.lower()).strip('-')}-{tone}.svg"


def candidates(section: Section) -> list[Figure]:
    """The figures a chart could draw: the breakdown by the first dimension and the total, or everything where that would
    be empty.
    """
    if not section.dimensions:
        return list(section.figures)
    first = section.dimensions[0].name
    plain = [figure for figure in section.figures if set(figure.cell) <= {first}]
    if not any(figure.cell for figure in plain):
        plain = list(section.figures)
    if section.chart == "flow":
        plain += [figure for figure in section.figures if len(figure.cell) == 1 and first not in figure.cell]
    if section.chart == "funnel":
        plain = [figure for figure in plain if figure.cell] or plain
    return plain


def rows_of(section: Section) -> list[Figure]:
    """The figures the chart draws."""
    return candidates(section)[:MOST_ROWS]


def chart_note(section: Section) -> str:
    """A sentence for the reader when the chart does not draw every row; empty when it does."""
    if not has_chart(section) or len(candidates(section)) <= MOST_ROWS:
        return ""
    return _("The chart shows the first %(number)s rows; the table has all of them.") % {"number": MOST_ROWS}


def alt_text(section: Section) -> str:
    """What the chart shows, for those who do not see it. The table beside it has every number."""
    kinds = {
        "funnel": _("Funnel"),
        "bars": _("Bar chart"),
        "points": _("Chart of points with their intervals"),
        "steps": _("Curve chart that falls in steps, with the band of its interval"),
        "flow": _("Flow chart from left to right"),
    }
    drawn = rows_of(section)
    parts = [
        _("%(kind)s: %(title)s.") % {"kind": kinds.get(section.chart, _("Chart")), "title": section.title},
        *(f"{words.cell_title(section, figure)}: {_told(section, figure)}." for figure in drawn[:TOLD_ROWS]),
    ]
    if len(drawn) > TOLD_ROWS:
        parts.append(_("All numbers are in the table."))
    return " ".join(parts)


def _told(section: Section, figure: Figure) -> str:
    if figure.suppressed:
        return _("hidden")
    between = words.interval(figure)
    told = {"value": words.signed(section, figure, words.shown(figure)), "interval": between}
    return _("%(value)s (95 %% interval %(interval)s)") % told if between else told["value"]


def ticks(bottom: float, top: float, unit: str) -> list[float]:
    """Round numbers from 0, or from below the least value, to just over the largest; a share runs to the whole."""
    if unit == "share":
        return [0.0, 0.25, 0.5, 0.75, 1.0]
    low, high = Decimal(repr(min(bottom, 0.0))), Decimal(repr(max(top, 0.0)))
    reach = high - low or Decimal(1)
    high = high if high > low else Decimal(1)
    steps = [Decimal(n).scaleb(reach.adjusted() - 1) for n in (2, 5, 10, 20, 25, 50, 100)]
    if unit in ("people", "placements", "checks", "findings"):
        steps = [step for step in steps if step == step.to_integral_value()] or [Decimal(1)]
    step = next(step for step in steps if step * 5 >= reach)
    first = int((low / step).to_integral_value(ROUND_FLOOR))
    last = int((high / step).to_integral_value(ROUND_CEILING))
    return [float(step * number) for number in range(first, last + 1)]


def tick_words(value: float, unit: str) -> str:
    """A number of a scale as it is written: a share in per cent, anything else without its unit."""
    exact = Decimal(repr(value))
    return f"{exact * 100:.0f} %" if unit == "share" else f"{exact.normalize():,f}".replace("-", "−")
