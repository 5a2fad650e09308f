"""The edition as a PDF that is tagged for readers who listen (PDF/UA-1), set by Typst from `report.typ`.

All text goes in as JSON data and is never read as markup; the template can read nothing outside its own folder and
asks no network. The date inside the file is the cut-off of the edition, so the same content gives the same bytes at
any time and in any time zone.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.utils import translation
from django.utils.translation import gettext as _

from reports.content import Content
from reports.keys import key_of
from reports.rendering import charts
from reports.rendering.drawn import chart_name
from reports.rendering.fonts import UNKNOWN, Typeface
from reports.rendering.lifting import lift
from reports.rendering.view import view

TALLEST = 680  # pixels of a chart that fills its page beside a heading
TEMPLATE = Path(__file__).with_name("report.typ")


def render(content: Content, face: Typeface, drawn: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of an edition. Raises `typst.TypstError` when the template is broken; odd letters in the data never
    break it. `drawn`: the charts by file name, where they are drawn already (`charts.draw_all`).
    """
    pictures = charts.draw_all(content) if drawn is None else drawn
    with translation.override(content.language):
        data = _data(content, face, pictures)
    compiler = typst.Compiler(
        input=str(TEMPLATE),
        root=str(TEMPLATE.parent),
        font_paths=_fonts(face.folders),
        sys_inputs={"data": json.dumps(data)},
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=int(content.as_of.timestamp()))
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no single file.")
    return made


@lru_cache(maxsize=4)
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    """Only our own fonts: a font of the machine would make another file on another machine."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )


def _data(content: Content, face: Typeface, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    """What the template reads: the view of the edition, its charts, the words of the frame; every letter drawable."""
    shown = view(content)
    data = asdict(shown) | {"author": content.reader, "words": _words(shown.sha256)}
    for section, row in zip(content.sections, data["sections"], strict=True):
        name = chart_name(section, "light")
        picture, lifted = lift(pictures[name].decode()) if row["chart"] else ("", [])
        row |= {"picture": picture, "picture_width": _width(picture)}
        row |= {"lifted": [asdict(words) for words in lifted], "pixels": charts.WIDTH}
        told = _(
            "On the portal: type the key %(key)s on the page “What the figures mean”. It leads to the base, the interval and the earlier editions of each figure of this table."
        )
        row["definition"] = [
            *row["definition"],
            {"label": _("How do you know?"), "text": told % {"key": key_of(shown.sha256, section.metric)}},
        ]
    data = _each_text(data, face.printable)
    told = _("Letters that the typeface lacks are shown as %(mark)s. The spreadsheets of this edition have them all.")
    data["replaced"] = told % {"mark": UNKNOWN} if face.replaced else ""
    return data | {"families": list(face.families)}


def _width(picture: str) -> int:
    """How wide a chart is printed, in per cent of the column: one that would be taller than its page is narrower."""
    height = re.search(r'height="([\d.]+)"', picture)  # a drawing of nothing has no whole number of pixels
    return min(100, int(100 * TALLEST / float(height[1]))) if height else 100


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """`value` with every text in it changed; lists and dictionaries keep their shape."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each_text(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(item, change) for item in value]
    return value


def _words(name: str) -> dict[str, Any]:
    """The fixed words of the printed frame in the active language."""
    return {
        "page": _("Page {page} of {pages}"),
        "fingerprint": _("SHA-256 %(start)s…") % {"start": name[:16]},
        "sha_label": _("SHA-256 of this edition"),
        "sha_help": _(
            "The JSON file of the same edition has exactly this SHA-256; whoever holds one can check the other."
        ),
        "base": _("What the report stands on"),
        "glance": _("At a glance"),
        "glance_headings": [_("Question"), _("Figure"), _("Value"), _("95 % interval"), _("Stands on")],
        "trail": _("What each figure rests on"),
        "trail_headings": [_("Figure"), _("Source"), _("Looked at"), _("Lack what is needed")],
        "hidden": _("Hidden figures"),
        "changes": _("Changes since the last edition"),
        "contents": _("Contents"),
        "definition": _("Definition"),
        "notes": _("Notes on all figures"),
        "missing": _("Missing data"),
        "missing_headings": [_("What"), _("Missing"), _("Of")],
        "disclosure": _("Why figures are hidden"),
        "definitions": _("Terms"),
        "made_from": _("Versions"),
        "row_counts": _("Rows read"),
    }
