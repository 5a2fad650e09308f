"""Takes the words of scripts that join or stack their letters out of a chart, so that the page sets them itself.

The typesetter draws such letters in a picture but cannot say afterwards which letters they were, and a PDF for everybody
(PDF/UA) must. So they are set as text over the picture, at the same place; the picture keeps everything else.
"""

import re
from dataclasses import dataclass
from xml.etree import ElementTree as Tree

from reports.rendering.svg import SPACE

# From Hebrew to Khmer and beyond: everything between the simple scripts and the further Latin letters.
FIRST, AFTER = 0x0590, 0x1E00
ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


@dataclass(frozen=True, slots=True)
class Words:
    """Words over a picture: where their base line begins (pixels), their size, colour, and how much of them lies left."""

    x: float
    y: float
    size: float
    colour: str
    before: float  # the part of their width that lies left of x: 0, a half, or 1
    text: str


def lift(picture: str) -> tuple[str, list[Words]]:
    """The picture without the words that need it, and those words; a picture without such words comes back as it was."""
    if not _joins(picture):
        return picture, []
    Tree.register_namespace("", SPACE[1:-1])
    root = Tree.fromstring(picture)  # noqa: S314  our own drawing
    found: list[Words] = []
    _walk(root, 0.0, 0.0, found)
    return Tree.tostring(root, encoding="unicode"), found


def _joins(text: str) -> bool:
    return any(FIRST <= ord(letter) < AFTER for letter in text)


def _walk(element: Tree.Element, x: float, y: float, found: list[Words]) -> None:
    for shift in re.findall(r"translate\(([-\d.]+)[ ,]+([-\d.]+)", element.attrib.get("transform", "")):
        x, y = x + float(shift[0]), y + float(shift[1])
    for child in list(element):
        if child.tag != f"{SPACE}text":
            if child.tag not in (f"{SPACE}title", f"{SPACE}desc"):
                _walk(child, x, y, found)
        elif _joins("".join(child.itertext())):
            found.append(_words(child, x, y))
            element.remove(child)


def _words(element: Tree.Element, x: float, y: float) -> Words:
    given = element.attrib
    size = float(given.get("font-size", "12"))
    down = given.get("dy", "0")
    y += float(given.get("y", 0)) + float(down.removesuffix("em")) * (size if down.endswith("em") else 1)
    text = "".join(element.itertext()).strip()
    before = ANCHORS[given.get("text-anchor", "start")]
    return Words(x + float(given.get("x", 0)), y, size, _hex(given.get("fill", "#000000")), before, text)


def _hex(colour: str) -> str:
    parts = re.findall(r"\d+", colour) if colour.startswith("rgb(") else []
    return "#" + "".join(f"{int(part):02x}" for part in parts) if parts else colour
