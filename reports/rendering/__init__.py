"""The files of an edition: PDF, workbook, CSV, JSON and the charts of its page.

`render_all(content)` gives all of them. The same content gives the same bytes, on any machine, at any time, in any
time zone and locale.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from reports.content import Content

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
LONGEST = 90  # letters of a file's name without its ending


def media_type(name: str) -> str:
    """The media type of one of our files; raises KeyError for a name that is none of them."""
    return MEDIA_TYPES[Path(name).suffix]


def file_stem(content: Content) -> str:
    """The name of an edition's files without ending: pilot, kind, period and edition, in letters safe everywhere."""
    parts = (content.kind, content.period_from.isoformat(), content.period_to.isoformat(), f"edition-{content.edition}")
    about, rest = (
        re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") for text in (content.pilot.slug, "-".join(parts))
    )
    # A long name of a pilot is cut, never what tells its editions apart.
    return f"{about[: LONGEST - len(rest) - 1].strip('-')}-{rest}".strip("-")


def render_all(content: Content, font_folder: Path | None = None, extra_fonts: Sequence[Path] = ()) -> dict[str, bytes]:
    """Every file of the edition, name → bytes: .pdf, .xlsx, .csv, .json, and each chart light and dark.

    `font_folder` keeps the fixed weights of the typeface (default: the setting REPORT_FONTS_DIR); `extra_fonts` are
    folders with fonts for further scripts. Raises `typst.TypstError` when the PDF cannot be set.
    """
    # Loaded here and not above: web processes import this package for its views and names, and shall not carry a
    # typesetter and a chart library of 100 MB that only the workers need.
    from reports.rendering import charts, csvfile, jsonfile, pdf, workbook
    from reports.rendering.fonts import typeface

    face = typeface(font_folder or settings.REPORT_FONTS_DIR, extra_fonts)
    stem = file_stem(content)
    drawn = charts.draw_all(content)
    files = {
        f"{stem}.pdf": pdf.render(content, face, drawn),
        f"{stem}.xlsx": workbook.render(content),
        f"{stem}.csv": csvfile.render(content),
        f"{stem}.json": jsonfile.render(content),
    }
    face.report(stem)
    return files | drawn
