"""Charts of a section as SVG: funnels, bars with intervals and point ranges, light and dark.

Bars and ranges run from left to right, so that long names stand beside them and nothing is turned. A hidden figure is
drawn as a band over the whole axis that says so: it may be anywhere. The drawing is the same to the byte for the same
section; `svg.py` sees to that.
"""

import textwrap
import warnings
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.translation import gettext as _

from reports.content import Figure, Section
from reports.rendering import words
from reports.rendering.svg import guard, settle

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
MOST_ROWS = 30  # beyond this a chart is a wall; the table has the rest
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


def rows_of(section: Section) -> list[Figure]:
    """The figures a chart draws: the breakdown by the first dimension and the total, or everything where that would
    be empty.
    """
    if not section.dimensions:
        return list(section.figures)
    first = section.dimensions[0].name
    plain = [figure for figure in section.figures if set(figure.cell) <= {first}]
    if not any(figure.cell for figure in plain):
        plain = list(section.figures)
    if section.chart == "funnel":
        plain = [figure for figure in plain if figure.cell] or plain
    return plain[:MOST_ROWS]


def alt_text(section: Section) -> str:
    """What the chart shows, for those who do not see it. The table beside it has every number."""
    kinds = {
        "funnel": _("Funnel"),
        "bars": _("Bar chart"),
        "points": _("Chart of points with their intervals"),
    }
    drawn = rows_of(section)
    parts = [
        _("%(kind)s: %(title)s.") % {"kind": kinds.get(section.chart, _("Chart")), "title": section.title},
        *(f"{words.cell_title(section, figure)}: {_told(figure)}." for figure in drawn[:8]),
    ]
    if len(drawn) > 8:
        parts.append(_("All numbers are in the table."))
    return " ".join(parts)


def _told(figure: Figure) -> str:
    if figure.suppressed:
        return _("hidden")
    between = words.interval(figure)
    told = {"value": words.shown(figure), "interval": between}
    return _("%(value)s (95 %% interval %(interval)s)") % told if between else told["value"]


def _bar(section: Section, figure: Figure) -> Bar:
    name = textwrap.fill(words.cell_title(section, figure), LABEL_WIDTH, max_lines=3, placeholder="…")
    if figure.suppressed:
        return Bar(name, None, None, None, _("%(mark)s hidden") % {"mark": words.HIDDEN}, True)
    text = words.shown(figure)
    if section.chart == "funnel" and (counted := words.counted(figure)):
        text = f"{text} · {counted}"

    def number(value: Decimal | None) -> float | None:
        return None if value is None else float(value)

    return Bar(name, number(figure.value), number(figure.low), number(figure.high), text, False)


def draw(section: Section, tone: str = "light") -> bytes:
    """The chart of a section as SVG in the active language; `tone` is "light" or "dark". Raises KeyError for another
    tone.
    """
    colours = THEMES[tone]
    bars = [_bar(section, figure) for figure in rows_of(section)]
    heights = [bar.name.count("\n") + 1 for bar in bars]
    middles, edge = [], 0.0
    for lines in heights:  # a row of a broken name takes more room; y runs downwards from 0
        size = (LINE * lines + GAP) / (LINE + GAP)
        middles.append(-(edge + size / 2))
        edge += size
    edge = max(edge, LEAST / (LINE + GAP))
    height = round(edge * (LINE + GAP)) + AXIS
    top = max([value for bar in bars for value in (bar.value, bar.high) if value is not None], default=0.0)
    unit = next((figure.unit for figure in section.figures), "")
    ticks = _ticks(top, unit)
    whole = max(ticks)
    labels = max((len(bar.text) for bar in bars if not bar.hidden), default=0)
    plot_width = (
        WIDTH - 8 - 6.6 * min(LABEL_WIDTH, max((len(line) for bar in bars for line in bar.name.split("\n")), default=0))
    )
    room = whole * (7.2 * labels + 16) / max(120.0, plot_width - 7.2 * labels - 16)
    plot = ggplot()
    for layer in _layers(bars, middles, whole, plot_width, section.chart, colours):
        plot += layer
    plot += scale_x_continuous(breaks=ticks, labels=[_tick(tick, unit) for tick in ticks], expand=[0, 0])
    plot += scale_y_continuous(breaks=middles, labels=[guard(bar.name) for bar in bars], expand=[0, 0])
    plot += coord_cartesian(xlim=[0, whole + room], ylim=[-edge, 0])
    plot += _theme(colours) + ggsize(WIDTH, height)
    return settle(plot.to_svg(), title=section.title, description=alt_text(section))


def _layers(bars: list[Bar], middles: list[float], whole: float, plot_width: float, kind: str, colours: dict) -> list:
    """Bands for hidden rows, then bars or points, then intervals, then the numbers."""
    drawn = [(bar, y) for bar, y in zip(bars, middles, strict=True) if bar.value is not None]
    ranged = [(bar, y) for bar, y in drawn if bar.low is not None and bar.high is not None]
    hidden = [y for bar, y in zip(bars, middles, strict=True) if bar.hidden]
    step = whole * 7 / plot_width
    layers = []
    if hidden:
        edge = {"color": colours["edge"], "linetype": "dashed", "size": 0.5}
        layers.append(_boxes([(whole, y) for y in hidden], fill=colours["band"], **edge))
    if kind == "points":
        data = {"x": [bar.value for bar, _y in drawn], "y": [y for _bar, y in drawn]}
        layers.append(geom_point(aes("x", "y"), data=data, color=colours["mark"], size=4))
    elif drawn:
        layers.append(_boxes([(bar.value or 0.0, y) for bar, y in drawn], fill=colours["bar"], size=0))
    if ranged:
        layers.append(_intervals(ranged, colours["mark"] if kind == "points" else colours["ink"]))
    places, texts, tints = [], [], []
    for bar, y in zip(bars, middles, strict=True):
        ends = [value for value in (bar.value, bar.high) if value is not None]
        places.append(((max(ends) if ends else 0.0) + step, y))
        texts.append(guard(bar.text))
        tints.append(colours["soft"] if bar.value is None else colours["ink"])
    for tint in dict.fromkeys(tints):
        chosen = [n for n, colour in enumerate(tints) if colour == tint]
        data = {
            "x": [places[n][0] for n in chosen],
            "y": [places[n][1] for n in chosen],
            "t": [texts[n] for n in chosen],
        }
        layers.append(geom_text(aes("x", "y", label="t"), data=data, hjust=0, color=tint, family="Public Sans", size=6))
    return layers


def _boxes(ends: list[tuple[float, float]], **look: object) -> object:
    """A box from zero to each end, around the middle of its row."""
    sides = {"b": [y - 0.3 for _end, y in ends], "t": [y + 0.3 for _end, y in ends]}
    data = {"l": [0.0] * len(ends), "r": [end for end, _y in ends], **sides}
    return geom_rect(aes(xmin="l", xmax="r", ymin="b", ymax="t"), data=data, **look)


def _intervals(ranged: list[tuple[Bar, float]], colour: str) -> object:
    """Each interval as a line with a short stop at both ends."""
    lines = [(b.low, y, b.high, y) for b, y in ranged]
    lines += [(end, y - 0.13, end, y + 0.13) for b, y in ranged for end in (b.low, b.high)]
    data = {name: [line[place] for line in lines] for place, name in enumerate("abcd")}
    return geom_segment(aes(x="a", y="b", xend="c", yend="d"), data=data, color=colour, size=0.9)


def _ticks(top: float, unit: str) -> list[float]:
    """Round numbers from 0 to just over the largest value; a share always runs to the whole."""
    if unit == "share":
        return [0.0, 0.25, 0.5, 0.75, 1.0]
    exact = Decimal(repr(top)) if top > 0 else Decimal(1)
    for step in (Decimal(n).scaleb(exact.adjusted() - 1) for n in (2, 5, 10, 20, 25, 50, 100)):
        whole_steps = unit in ("people", "placements", "checks", "findings") and step != step.to_integral_value()
        if step * 5 >= exact and not whole_steps:
            count = int((exact / step).to_integral_value(ROUND_CEILING))
            return [float(step * number) for number in range(count + 1)]
    return [0.0, float(exact)]


def _tick(value: float, unit: str) -> str:
    exact = Decimal(repr(value))
    return f"{exact * 100:.0f} %" if unit == "share" else f"{exact.normalize():,f}"


def _theme(colours: dict[str, str]) -> object:
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
