"""Makes a drawing of the chart library fit to publish: the same bytes every time, no styles, no scripts, no links.

The library names its parts at random and keeps fonts and colours in a style sheet. Here the names are counted
through, the styles become attributes (so a strict content policy has nothing to forbid), numbers are cut to
hundredths, and only known elements and attributes stay.
"""

import copy
import re
from collections.abc import Mapping
from itertools import count
from xml.etree import ElementTree as Tree

SPACE = "{http://www.w3.org/2000/svg}"
FONTS = "Public Sans, system-ui, sans-serif"
ELEMENTS = {
    "svg",
    "g",
    "path",
    "line",
    "rect",
    "circle",
    "text",
    "tspan",
    "defs",
    "clipPath",
    "title",
    "desc",
}
ATTRIBUTES = {
    *(
        "id",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "d",
        "dx",
        "dy",
        "width",
        "height",
        "viewBox",
        "transform",
    ),
    *(
        "fill",
        "fill-opacity",
        "fill-rule",
        "stroke",
        "stroke-opacity",
        "stroke-width",
        "stroke-dasharray",
        "clip-path",
    ),
    *("font-family", "font-size", "font-weight", "font-style", "text-anchor", "role", "aria-labelledby"),
}
FONT_KEYS = ("fill", "font-size", "font-weight", "font-style", "font-family")

# Letters the chart library would take for a link or a formula travel as private ones, and come back afterwards.
GUARDED = {"<": "\ue000", ">": "\ue001", "\\": "\ue002", "&": "\ue003", "{": "\ue004", "}": "\ue005"}
BACK = {private: letter for letter, private in GUARDED.items()}
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def guard(text: str) -> str:
    """`text` so that the chart library draws every letter of it as it is."""
    kept = "".join(letter for letter in text if letter not in BACK)
    return "".join(GUARDED.get(letter, letter) for letter in CONTROLS.sub("", kept))


def settle(drawing: str, title: str, description: str) -> Tree.Element:
    """The drawing as an element that depends on nothing but what is drawn, with its title and description."""
    Tree.register_namespace("", SPACE[1:-1])
    root = Tree.fromstring(drawing)  # noqa: S314  the chart library wrote it in this process
    styles = _styles(root)
    names: dict[str, str] = {}
    numbers = count(1)
    for element in root.iter():
        if element.tag == f"{SPACE}clipPath":
            names[element.attrib["id"]] = f"c{next(numbers)}"
    _tidy(root, styles, names)
    for mark, (tag, text) in enumerate((("title", title), ("desc", description))):
        words = Tree.Element(f"{SPACE}{tag}", {"id": tag[0]})
        words.text = CONTROLS.sub("", text)
        root.insert(mark, words)
    root.attrib.update({"role": "img", "aria-labelledby": "t d"})
    size = [root.attrib[side] for side in ("width", "height")]
    root.attrib["viewBox"] = f"0 0 {size[0]} {size[1]}"
    return root


def inked(picture: Tree.Element, inks: Mapping[str, str]) -> bytes:
    """A settled drawing as SVG bytes, each colour changed to what `inks` ("#rrggbb" → "#rrggbb") says of it."""
    written = {spelt(old): spelt(new) for spelt in (str, _rgb) for old, new in inks.items()}
    changed = copy.deepcopy(picture)
    for element in changed.iter():
        for key in ("fill", "stroke"):
            if colour := element.attrib.get(key):
                element.attrib[key] = written.get(colour, colour)
    return Tree.tostring(changed, encoding="utf-8", short_empty_elements=True)


def _rgb(colour: str) -> str:
    """The other way in which the library writes a colour."""
    return f"rgb({','.join(str(part) for part in bytes.fromhex(colour[1:]))})"


def _styles(root: Tree.Element) -> dict[str, dict[str, str]]:
    """Class → attributes, from the style sheet of the drawing."""
    sheet = " ".join(element.text or "" for element in root.iter(f"{SPACE}style"))
    styles: dict[str, dict[str, str]] = {}
    for name, body in re.findall(r"#\w+ \.([\w-]+) \{([^}]*)\}", sheet):
        pairs = (line.split(":", 1) for line in body.split(";") if ":" in line)
        found = {key.strip(): value.strip() for key, value in pairs}
        styles[name] = {key: found[key] for key in FONT_KEYS if key in found}
    return styles


def _tidy(element: Tree.Element, styles: dict[str, dict[str, str]], names: dict[str, str]) -> None:
    """Rewrites one element and all below it."""
    old = dict(element.attrib)
    given = dict(styles.get(old.get("class", ""), {}))
    for pair in old.get("style", "").split(";"):
        if ":" in pair:
            key, value = pair.split(":", 1)
            given[key.strip()] = value.strip()
    new = {key: value for key, value in {**given, **old}.items() if key in ATTRIBUTES}
    if element.tag == f"{SPACE}text":
        new["font-family"] = FONTS
        new["font-size"] = new.get("font-size", "13").removesuffix("px")
    if "clip-path" in new:
        new["clip-path"] = re.sub(r"url\(#(\w+)\)", lambda match: f"url(#{names[match[1]]})", new["clip-path"])
    if "id" in new:
        new["id"] = names.get(new["id"], "")
    kept = {key: _cut(key, value) for key, value in new.items() if value not in ("", "normal")}
    element.attrib.clear()
    element.attrib.update(sorted(kept.items()))
    element.text = _letters(element.text)
    element.tail = None
    for child in list(element):
        if child.tag.removeprefix(SPACE) not in ELEMENTS or _unseen(child):
            element.remove(child)
        else:
            _tidy(child, styles, names)
            if child.tag in (f"{SPACE}g", f"{SPACE}defs") and not len(child):
                element.remove(child)


def _unseen(element: Tree.Element) -> bool:
    """Whether an element draws nothing: the empty background and the frame around the picture."""
    if element.tag == f"{SPACE}path" and "d" not in element.attrib:
        return True
    faint = element.attrib.get("fill-opacity") == "0.0" or element.attrib.get("fill") == "none"
    return element.tag == f"{SPACE}path" and faint and element.attrib.get("stroke-width") == "0.0"


def _letters(text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    return "".join(BACK.get(letter, letter) for letter in text)


def _cut(key: str, value: str) -> str:
    """The value with its numbers cut to hundredths; names and colours stay as they are."""
    if key in ("id", "clip-path", "font-family", "viewBox", "fill", "stroke"):
        return value
    return re.sub(
        r"-?\d+\.\d+",
        lambda match: f"{round(float(match[0]), 2):g}" if abs(float(match[0])) < 1e5 else match[0],
        value,
    ).strip()
