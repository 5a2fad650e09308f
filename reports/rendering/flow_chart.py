"""The flow picture: a count by two dimensions as ribbons from left to right, as wide as the count.

A hidden cell has no width; a dashed line says that there is one. Each end carries its name and its number, so that no
colour has to be told from another.
"""

import textwrap
from dataclasses import dataclass, field
from typing import Any

from lets_plot import (
    aes,
    coord_cartesian,
    element_blank,
    geom_polygon,
    geom_rect,
    geom_segment,
    geom_text,
    ggplot,
    ggsize,
    theme,
)

from reports.content import Figure, Section
from reports.rendering import words
from reports.rendering.charts import WIDTH, look
from reports.rendering.drawn import MOST_ROWS
from reports.rendering.svg import guard

ROW, FLOWING, THIN = 30, 190, 4  # pixels: the least room of an end, of all ribbons together, of an end without a number
BAR, LEFT, RIGHT = 10, 190, 490  # pixels: the width of an end's bar, where the ribbons begin and end
NAME = 22  # letters of an end's name before it is cut; the table has all of them
CORNERS = 18  # points on each side of a ribbon


@dataclass(slots=True)
class End:
    """One end of the flow: its name, its number (None where hidden), where it stands, how much of it is taken."""

    value: str
    text: str
    count: float | None
    top: float = 0.0
    height: float = 0.0
    taken: float = field(default=0.0)


def ends_of(section: Section, place: int) -> list[End]:
    """The ends on one side, in the order of the dimension."""
    dimension = section.dimensions[place]
    by_value = {f.cell[dimension.name]: f for f in section.figures if set(f.cell) == {dimension.name}}
    found = []
    for label in dimension.values[:MOST_ROWS]:
        figure = by_value.get(label.value)
        if figure is not None:
            known = None if figure.value is None else float(figure.value)
            name = textwrap.shorten(label.title, NAME, placeholder="…") or label.title[:NAME]
            found.append(End(label.value, f"{name} · {words.shown(figure)}", known))
    return found


def plot(section: Section, colours: dict[str, str]) -> Any:
    """The drawing, before it is settled."""
    left, right = ends_of(section, 0), ends_of(section, 1)
    most = max((sum(end.count or 0 for end in side) for side in (left, right)), default=0) or 1
    scale = FLOWING / most
    height = max((_place(side, scale) for side in (left, right)), default=ROW)
    drawn = ggplot()
    for layer in _ribbons(section, left, right, scale, colours):
        drawn += layer
    for side, x, across in ((left, LEFT - BAR, 1), (right, RIGHT, 0)):
        if side:
            drawn += _bars(side, x, colours)
            drawn += _names(side, x + (BAR + 8 if across == 0 else -8), across, colours)
    nothing = element_blank()
    drawn += coord_cartesian(xlim=[0, WIDTH], ylim=[-height, 0])
    drawn += look(colours) + theme(axis_text_x=nothing, axis_text_y=nothing, panel_grid_major_x=nothing)
    return drawn + ggsize(WIDTH, round(height) + 20)


def _place(side: list[End], scale: float) -> float:
    """Puts the ends below each other, each with room for its name; gives the height they take."""
    y = 0.0
    for end in side:
        end.height = max(THIN, (end.count or 0) * scale)
        room = max(ROW, end.height + 8)
        end.top = y + (room - end.height) / 2
        y += room
    return y


def _ribbons(section: Section, left: list[End], right: list[End], scale: float, colours: dict[str, str]) -> list:
    first, second = (dimension.name for dimension in section.dimensions[:2])
    cells: dict[tuple[str, str], Figure] = {
        (f.cell[first], f.cell[second]): f for f in section.figures if len(f.cell) == 2
    }
    tints = [colours["bar"], colours["mark"], colours["edge"], colours["soft"]]
    layers, unknown = [], []
    for number, end in enumerate(right):
        shapes: dict[str, list] = {"x": [], "y": [], "g": []}
        for start in left:
            figure = cells.get((start.value, end.value))
            if figure is None:
                continue
            if figure.value is None:
                unknown.append((LEFT, -(start.top + start.height / 2), RIGHT, -(end.top + end.height / 2)))
            elif figure.value > 0:
                _ribbon(shapes, start, end, float(figure.value) * scale)
        if shapes["x"]:
            layers.append(
                geom_polygon(aes("x", "y", group="g"), data=shapes, fill=tints[number % len(tints)], alpha=0.55, size=0)
            )
    if unknown:
        data = {name: [line[place] for line in unknown] for place, name in enumerate("abcd")}
        layers.append(
            geom_segment(
                aes("a", "b", xend="c", yend="d"), data=data, color=colours["edge"], linetype="dashed", size=0.5
            )
        )
    return layers


def _ribbon(shapes: dict[str, list], start: End, end: End, width: float) -> None:
    """Adds one ribbon: along its upper side and back along its lower one, in a curve that begins and ends level."""
    from_top, to_top = start.top + start.taken, end.top + end.taken
    start.taken += width
    end.taken += width
    way = [place / CORNERS for place in range(CORNERS + 1)]
    bends = [part * part * (3 - 2 * part) for part in way]
    xs = [round(LEFT + (RIGHT - LEFT) * part, 2) for part in way]
    upper = [round(-(from_top + (to_top - from_top) * bend), 2) for bend in bends]
    group = f"{start.value}>{end.value}"
    shapes["x"] += [*xs, *reversed(xs)]
    shapes["y"] += [*upper, *(round(y - width, 2) for y in reversed(upper))]
    shapes["g"] += [group] * (2 * len(xs))


def _bars(side: list[End], x: float, colours: dict[str, str]) -> object:
    data = {
        "l": [x] * len(side), "r": [x + BAR] * len(side), "t": [-end.top for end in side],
        "b": [-(end.top + end.height) for end in side],
    }  # fmt: skip
    return geom_rect(aes(xmin="l", xmax="r", ymin="b", ymax="t"), data=data, fill=colours["mark"], size=0)


def _names(side: list[End], x: float, across: int, colours: dict[str, str]) -> object:
    data = {
        "x": [x] * len(side), "y": [-(end.top + end.height / 2) for end in side], "t": [guard(end.text) for end in side]
    }  # fmt: skip
    return geom_text(
        aes("x", "y", label="t"), data=data, color=colours["ink"], hjust=across, family="Public Sans", size=5.5
    )
