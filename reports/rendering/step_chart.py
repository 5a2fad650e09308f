"""Curves that fall in steps: the share still waiting after so many days, with the band of its interval.

Between two of the days given the curve is drawn level, as far as is known. Where a day is hidden, the curve may be
anywhere: a dashed box says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from lets_plot import (
    aes,
    coord_cartesian,
    element_line,
    geom_rect,
    geom_segment,
    geom_text,
    ggplot,
    ggsize,
    scale_x_continuous,
    scale_y_continuous,
    theme,
)

from reports.content import Figure, Section
from reports.rendering import words
from reports.rendering.charts import WIDTH, look
from reports.rendering.drawn import rows_of
from reports.rendering.svg import guard

HEIGHT = 260
TAIL = 30  # days the last step is drawn on for


@dataclass(frozen=True, slots=True)
class Step:
    """The curve from one day to the next; `value` is None where it is hidden or nothing can be said."""

    day: int
    until: int
    value: float | None
    low: float | None
    high: float | None
    text: str
    hidden: bool


def steps_of(section: Section) -> list[Step]:
    """The steps of a section whose first dimension counts days, in the order of the days."""
    name = section.dimensions[0].name
    figures = sorted((f for f in rows_of(section) if name in f.cell), key=lambda f: int(f.cell[name]))
    days = [int(figure.cell[name]) for figure in figures]
    ends = [*days[1:], days[-1] + TAIL] if days else []
    return [_step(day, until, figure) for day, until, figure in zip(days, ends, figures, strict=True)]


def _step(day: int, until: int, figure: Figure) -> Step:
    value, low, high = (None if n is None else float(n) for n in (figure.value, figure.low, figure.high))
    text = "" if value is None else words.shown(figure)
    return Step(day, until, value, low, high, text, figure.suppressed)


def plot(section: Section, colours: dict[str, str]) -> Any:
    """The drawing, before it is settled."""
    steps = steps_of(section)
    drawn = ggplot()
    for layer in _layers(steps, colours):
        drawn += layer
    days = [step.day for step in steps] or [0]
    last = steps[-1].until if steps else TAIL
    drawn += scale_x_continuous(breaks=days, labels=[guard(f"{day}") for day in days], expand=[0, 0])
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    drawn += scale_y_continuous(breaks=ticks, labels=[f"{tick * 100:.0f} %" for tick in ticks], expand=[0, 0])
    drawn += coord_cartesian(xlim=[0, last], ylim=[0, 1.08])
    drawn += look(colours) + theme(panel_grid_major_y=element_line(color=colours["line"], size=0.8))
    return drawn + ggsize(WIDTH, HEIGHT)


def _layers(steps: list[Step], colours: dict[str, str]) -> list:
    """Boxes for what is hidden, the band, the curve, the numbers."""
    hidden = [(s.day, s.until, 0.0, 1.0) for s in steps if s.hidden]
    band = [(s.day, s.until, s.low, s.high) for s in steps if s.low is not None and s.high is not None]
    known = [s for s in steps if s.value is not None]
    lines = [(s.day, s.value, s.until, s.value) for s in known]
    lines += [(a.until, a.value, b.day, b.value) for a, b in pairwise(known) if a.until == b.day]
    layers = []
    if hidden:
        layers.append(_boxes(hidden, fill=colours["band"], color=colours["edge"], linetype="dashed", size=0.5))
        middle = {"x": [(a + b) / 2 for a, b, _l, _h in hidden], "y": [0.5] * len(hidden)}
        marks = {**middle, "t": [guard(words.HIDDEN)] * len(hidden)}
        layers.append(_texts(marks, colours["soft"], 0.5))
    if band:
        layers.append(_boxes(band, fill=colours["bar"], alpha=0.35, size=0))
    if lines:
        data = {name: [line[place] for line in lines] for place, name in enumerate("abcd")}
        layers.append(geom_segment(aes("a", "b", xend="c", yend="d"), data=data, color=colours["mark"], size=1.4))
        marks = {
            "x": [(s.day + s.until) / 2 for s in known], "y": [(s.high or s.value or 0) + 0.045 for s in known],
            "t": [guard(s.text) for s in known],
        }  # fmt: skip
        layers.append(_texts(marks, colours["ink"], 0.5))
    if not layers:
        nothing = {"x": [TAIL / 2], "y": [0.5], "t": [guard(_("too few to say"))]}
        layers.append(_texts(nothing, colours["soft"], 0.5))
    return layers


def _boxes(boxes: list[tuple], **given: object) -> object:
    data = {name: [box[place] for box in boxes] for place, name in enumerate("lrbt")}
    return geom_rect(aes(xmin="l", xmax="r", ymin="b", ymax="t"), data=data, **given)


def _texts(data: Mapping[str, object], colour: str, across: float) -> object:
    return geom_text(aes("x", "y", label="t"), data=data, color=colour, hjust=across, family="Public Sans", size=5)
