"""Charts of a section as SVG: funnels, bars with intervals and point ranges, light and dark.

Bars and ranges run from left to right, so that long names stand beside them and nothing is turned. A hidden figure is
drawn as a band over the whole axis that says so: it may be anywhere. The drawing is the same to the byte for the same
section; `svg.py` sees to that. It is drawn once: the dark one is the light one with other inks.
"""

import textwrap
import warnings
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from reports.content import Content, Figure, Section
from reports.rendering import words
from reports.rendering.drawn import alt_text, chart_name, has_chart, rows_of, tick_words, ticks
from reports.rendering.svg import guard, inked, settle

with warnings.catch_warnings():
    # The library's own source has strings newer Pythons warn about when they first compile it.
    warnings.simplefilter("ignore", SyntaxWarning)
    from lets_plot import (
        aes,
        coord_cartesian,
        element_blank,
        element_line,
        element_text,
        geom_point,
        geom_rect,
        geom_segment,
        geom_text,
        ggplot,
        ggsize,
        scale_x_continuous,
        scale_y_continuous,
        theme,
    )

WIDTH = 680
LABEL_WIDTH = 30  # letters of a row's name before it is broken
LINE, GAP, AXIS, LEAST = (
    17,
    13,
    38,
    51,
)  # pixels: a line of a name, the space around it, the axis below, the least the library draws

# The colours of the portal's own tokens, as plain values: a picture cannot read the page's style sheet.
LIGHT = {"ink": "#152128", "soft": "#4b5961", "line": "#dae1e3", "bar": "#5e9fb0", "mark": "#005a6e"}
DARK = {"ink": "#e2e9eb", "soft": "#a7b2b6", "line": "#2c363b", "bar": "#4b8c9b", "mark": "#74cad7"}
THEMES = {
    "light": {**LIGHT, "band": "#ecf1f3", "edge": "#6f7d84"},
    "dark": {**DARK, "band": "#1d262b", "edge": "#88959b"},
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart; `value` is None where there is nothing to draw."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    text: str
    hidden: bool


def _bar(section: Section, figure: Figure) -> Bar:
    name = textwrap.fill(words.cell_title(section, figure), LABEL_WIDTH, max_lines=2, placeholder="…")
    if figure.suppressed:
        return Bar(name, None, None, None, _("%(mark)s hidden") % {"mark": words.HIDDEN}, True)
    text = words.signed(section, figure, words.shown(figure))
    if section.chart == "funnel" and (counted := words.counted(figure)):
        text = f"{text} · {counted}"

    def number(value: Decimal | None) -> float | None:
        return None if value is None else float(value)

    return Bar(name, number(figure.value), number(figure.low), number(figure.high), text, False)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things stand: the middle of each row (y runs down from 0), the ticks, and how much of x a pixel is."""

    middles: tuple[float, ...]
    edge: float
    ticks: tuple[float, ...]
    room: float  # to the right of the last tick, for the numbers
    pixel: float


def _frame(bars: list[Bar], unit: str) -> Frame:
    """The frame of these bars: a row whose name is broken takes more room, and the numbers have theirs."""
    middles, edge = [], 0.0
    for bar in bars:
        size = (LINE * (bar.name.count("\n") + 1) + GAP) / (LINE + GAP)
        middles.append(-(edge + size / 2))
        edge += size
    values = [value for bar in bars for value in (bar.value, bar.low, bar.high) if value is not None]
    marks = ticks(min(values, default=0.0), max(values, default=0.0), unit)
    span = marks[-1] - marks[0]
    names = max((len(line) for bar in bars for line in bar.name.split("\n")), default=0)
    width = WIDTH - 8 - 6.6 * min(LABEL_WIDTH, names)
    numbers = 7.2 * max((len(bar.text) for bar in bars if not bar.hidden), default=0) + 16
    room = span * numbers / max(120.0, width - numbers)
    return Frame(tuple(middles), max(edge, LEAST / (LINE + GAP)), tuple(marks), room, (span + room) / width)


def draw_all(content: Content) -> dict[str, bytes]:
    """File name → SVG of every chart of the edition in its language, light and dark."""
    files: dict[str, bytes] = {}
    with translation.override(content.language):
        for section in content.sections:
            if has_chart(section):
                files |= {chart_name(section, tone): picture for tone, picture in draw(section).items()}
    return files


def draw(section: Section) -> dict[str, bytes]:
    """The chart of a section as SVG in the active language: tone ("light", "dark") → picture."""
    from reports.rendering import flow_chart, step_chart  # they draw with the parts of this module

    light = THEMES["light"]
    others = {"steps": step_chart.plot, "flow": flow_chart.plot}
    plot = others.get(section.chart, _rows)(section, light)
    picture = settle(plot.to_svg(), title=section.title, description=alt_text(section))
    inks = {tone: {light[name]: ink for name, ink in colours.items()} for tone, colours in THEMES.items()}
    return {tone: inked(picture, change) for tone, change in inks.items()}


def _rows(section: Section, colours: dict[str, str]) -> Any:
    """Funnels, bars and ranges: one row for each figure, from left to right."""
    bars = [_bar(section, figure) for figure in rows_of(section)]
    unit = next((figure.unit for figure in section.figures), "")
    frame = _frame(bars, unit)
    plot = ggplot()
    for layer in _layers(bars, frame, section.chart, colours):
        plot += layer
    labels = [tick_words(tick, unit) for tick in frame.ticks]
    plot += scale_x_continuous(breaks=list(frame.ticks), labels=labels, expand=[0, 0])
    names = [guard(bar.name) for bar in bars]
    plot += scale_y_continuous(breaks=list(frame.middles), labels=names, expand=[0, 0])
    plot += coord_cartesian(xlim=[frame.ticks[0], frame.ticks[-1] + frame.room], ylim=[-frame.edge, 0])
    return plot + look(colours) + ggsize(WIDTH, round(frame.edge * (LINE + GAP)) + AXIS)


def _layers(bars: list[Bar], frame: Frame, kind: str, colours: dict[str, str]) -> list:
    """Bands for hidden rows, then bars or points, then intervals, then the numbers."""
    placed = list(zip(bars, frame.middles, strict=True))
    drawn = [(bar, y) for bar, y in placed if bar.value is not None]
    ranged = [(bar, y) for bar, y in drawn if bar.low is not None and bar.high is not None]
    hidden = [y for bar, y in placed if bar.hidden]
    layers = []
    if frame.ticks[0] < 0:
        whole = {"a": [0.0], "b": [-frame.edge], "c": [0.0], "d": [0.0]}
        layers.append(geom_segment(aes("a", "b", xend="c", yend="d"), data=whole, color=colours["edge"], size=0.8))
    if hidden:
        edge = {"color": colours["edge"], "linetype": "dashed", "size": 0.5}
        bands = [(frame.ticks[0], frame.ticks[-1], y) for y in hidden]
        layers.append(_boxes(bands, fill=colours["band"], **edge))
    if kind == "points":
        data = {"x": [bar.value for bar, _y in drawn], "y": [y for _bar, y in drawn]}
        layers.append(geom_point(aes("x", "y"), data=data, color=colours["mark"], size=4))
    elif drawn:
        layers.append(_boxes([(0.0, bar.value or 0.0, y) for bar, y in drawn], fill=colours["bar"], size=0))
    if ranged:
        layers.append(_intervals(ranged, colours["mark"] if kind == "points" else colours["ink"]))
    return layers + _numbers(placed, frame, colours)


def _numbers(placed: list[tuple[Bar, float]], frame: Frame, colours: dict[str, str]) -> list:
    """The number of each row, right of its bar and its interval; softer where there is nothing but words."""
    layers = []
    for drawn, tint in ((True, colours["ink"]), (False, colours["soft"])):
        chosen = [(bar, y) for bar, y in placed if (bar.value is not None) == drawn]
        ends = [
            max(v for v in (bar.value, bar.high, 0.0) if v is not None) if drawn else frame.ticks[0]
            for bar, _y in chosen
        ]
        data = {
            "x": [end + 7 * frame.pixel for end in ends],
            "y": [y for _bar, y in chosen],
            "t": [guard(bar.text) for bar, _y in chosen],
        }
        if chosen:
            look = {"hjust": 0, "color": tint, "family": "Public Sans", "size": 6}
            layers.append(geom_text(aes("x", "y", label="t"), data=data, **look))
    return layers


def _boxes(boxes: list[tuple[float, float, float]], **look: object) -> object:
    """A box from one end to the other, around the middle of its row."""
    sides = {"b": [y - 0.3 for _l, _r, y in boxes], "t": [y + 0.3 for _l, _r, y in boxes]}
    data = {"l": [min(box[:2]) for box in boxes], "r": [max(box[:2]) for box in boxes], **sides}
    return geom_rect(aes(xmin="l", xmax="r", ymin="b", ymax="t"), data=data, **look)


def _intervals(ranged: list[tuple[Bar, float]], colour: str) -> object:
    """Each interval as a line with a short stop at both ends."""
    lines = [(b.low, y, b.high, y) for b, y in ranged]
    lines += [(end, y - 0.13, end, y + 0.13) for b, y in ranged for end in (b.low, b.high)]
    data = {name: [line[place] for line in lines] for place, name in enumerate("abcd")}
    return geom_segment(aes(x="a", y="b", xend="c", yend="d"), data=data, color=colour, size=0.9)


def look(colours: dict[str, str]) -> object:
    """The look of every chart: no frame, faint lines, the typeface of the report."""
    plain = element_text(family="Public Sans", color=colours["soft"], size=12, margin=[4, 0, 0, 0])
    return theme(
        text=element_text(family="Public Sans", color=colours["ink"]),
        axis_title=element_blank(),
        axis_text_x=plain,
        axis_text_y=element_text(family="Public Sans", color=colours["ink"], size=13, margin=[0, 8, 0, 0]),
        axis_ticks=element_blank(),
        axis_line=element_blank(),
        panel_grid_major_y=element_blank(),
        panel_grid_minor=element_blank(),
        panel_grid_major_x=element_line(color=colours["line"], size=0.8),
        plot_background=element_blank(),
        panel_background=element_blank(),
        plot_margin=[4, 4, 2, 0],
        legend_position="none",
    )
