"""The edition as a workbook: figures as numbers one can count with, native charts, definitions, and where it all
comes from.

No cell is a formula or a link, whatever the text says; nothing points outside the file. The archive is packed with
fixed dates and without compression, since compressors differ from machine to machine and the same content shall be
the same file.
"""

import io
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.content import Amount, Content, Figure, Section, sha256
from reports.rendering import words
from reports.rendering.drawn import alt_text, has_chart, rows_of
from reports.rendering.view import Pair, definition_rows, view

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
INK, BAND, ACCENT, SOFT = "#152128", "#ECF1F3", "#005A6E", "#4B5961"
WIDTHS = (34, 40, 12, 12, 12, 12, 12, 12, 44)
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date a zip archive can hold
TEXT_LIMIT = 32767  # letters in a cell


@dataclass(slots=True)
class Book:
    """The open workbook with its formats, made when first asked for."""

    file: Any
    formats: dict[tuple, Format] = field(default_factory=dict)

    def style(self, **properties: Any) -> Format:
        """The format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            base = {"font_name": "Public Sans", "font_size": 10, "font_color": INK, "valign": "top"}
            self.formats[key] = self.file.add_format(base | properties)
        return self.formats[key]


def render(content: Content) -> bytes:
    """The .xlsx of an edition."""
    with translation.override(content.language):
        return _fixed(_write(content))


def _write(content: Content) -> bytes:
    buffer = io.BytesIO()
    file = xlsxwriter.Workbook(buffer, OPTIONS)
    book = Book(file)
    cut_off = content.as_of.replace(tzinfo=None)
    file.set_properties(
        {"title": content.title, "author": content.reader, "comments": sha256(content), "created": cut_off}
    )
    sheets = [file.add_worksheet(name) for name in (_("Figures"), _("Charts"), _("Definitions"), _("About"))]
    for sheet in sheets:
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_landscape()
        _margins(sheet, content)
    places = _figures(book, sheets[0], content)
    _charts(book, sheets[1], sheets[0], content, places)
    _definitions(book, sheets[2], content)
    _about(book, sheets[3], content)
    file.close()
    return buffer.getvalue()


def _margins(sheet: Worksheet, content: Content) -> None:
    """What stands on every printed page: the report above, which content it is and the number of the page below."""
    page = _("Page {page} of {pages}").replace("{page}", "&P").replace("{pages}", "&N")
    above, beside = (text.replace("&", "&&")[:90] for text in (content.title, content.pilot.name))
    sheet.set_header(f"&L{above}&R{beside}")
    sheet.set_footer(f"&L{_('SHA-256 %(start)s…') % {'start': sha256(content)[:16]}}&R{page}")


def _text(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    """Writes a text as text, whatever it looks like, without the control signs XML cannot hold."""
    kept = "".join(letter for letter in text if letter >= " " or letter in "\t\n")
    sheet.write_string(row, column, kept[:TEXT_LIMIT], style)


def _pattern(unit: str) -> str:
    """The number format of a unit."""
    if words.is_money(unit):
        return "#,##0.00"
    return {"share": "0.0%", "days": "0.0", "months": "0.0", "times": "0.00", "ratio": "0.000", "rate": "0.00"}.get(
        unit, "#,##0"
    )


def _figures(book: Book, sheet: Worksheet, content: Content) -> dict[str, dict[tuple, int]]:
    """One row for each figure, filterable; gives metric → cell → row for the charts."""
    head = (
        _("Metric"),
        _("Cell"),
        _("Value"),
        _("Low"),
        _("High"),
        _("Numerator"),
        _("Denominator"),
        _("Unit"),
        _("Note"),
    )
    for column, (name, width) in enumerate(zip(head, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        _text(sheet, 0, column, name, book.style(bold=True, bottom=2, bg_color=BAND, text_wrap=True))
    places: dict[str, dict[tuple, int]] = {}
    row = 0
    for section in content.sections:
        for place, figure in enumerate(section.figures):
            row += 1
            line = {"top": 1} if place == 0 else {}
            _text(sheet, row, 0, section.title, book.style(text_wrap=True, **line))
            _text(sheet, row, 1, words.cell_title(section, figure), book.style(text_wrap=True, **line))
            numbers = (figure.value, figure.low, figure.high, figure.numerator, figure.denominator)
            for column, value in enumerate(numbers, start=2):
                _number(book, sheet, (row, column), value, figure, line)
            _text(sheet, row, 7, figure.unit, book.style(font_color=SOFT, **line))
            _text(sheet, row, 8, figure.note, book.style(font_color=SOFT, text_wrap=True, **line))
            places.setdefault(section.metric, {})[figure.key] = row
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, row, len(head) - 1)
    sheet.repeat_rows(0)
    return places


def _number(
    book: Book, sheet: Worksheet, at: tuple[int, int], value: Amount | None, figure: Figure, line: dict
) -> None:
    """A number as a number; a dash where it is hidden; words where there was nothing to count."""
    # What a value stands on has a unit of its own: people, or money to the cent.
    whole = value is not None and value == int(value)
    pattern = _pattern(figure.unit) if at[1] <= 4 else "#,##0" if whole else "#,##0.00##"
    style = {"num_format": pattern, "bold": not figure.cell and at[1] == 2, **line}
    if figure.suppressed:
        _text(sheet, *at, words.HIDDEN, book.style(align="right", font_color=SOFT, **line))
    elif value is not None:
        sheet.write_number(*at, float(value), book.style(**style))
    elif at[1] == 2:
        _text(sheet, *at, words.shown(figure), book.style(align="right", font_color=SOFT, **line))
    else:
        sheet.write_blank(*at, None, book.style(**line))


def _charts(
    book: Book, sheet: Worksheet, source: Worksheet, content: Content, places: dict[str, dict[tuple, int]]
) -> None:
    """A native chart for each section that has one; hidden figures leave a marked gap."""
    sheet.set_column(0, 0, 110)
    row = 0
    for section in content.sections:
        drawn = rows_of(section) if has_chart(section) else []
        if not drawn:
            continue
        _text(sheet, row, 0, section.title, book.style(bold=True, font_size=13))
        _text(sheet, row + 1, 0, section.statement, book.style(text_wrap=True, font_color=SOFT))
        height = 70 + 34 * len(drawn)
        chart = _chart(book, source, section, [places[section.metric][figure.key] for figure in drawn])
        chart.set_size({"width": 760, "height": height})
        sheet.insert_chart(row + 2, 0, chart, {"description": alt_text(section), "object_position": 2})
        row += 4 + height // 20


def _chart(book: Book, source: Worksheet, section: Section, rows: list[int]) -> Any:
    """One chart over the rows of the figures sheet, with the intervals as error bars from computed lengths: bars, or a
    line where the section is a curve.
    """
    curve = section.chart == "steps"
    chart = book.file.add_chart({"type": "line" if curve else "bar"})
    figures = rows_of(section)
    font = {"name": "Public Sans", "size": 9, "color": INK}

    def cells(column: str) -> str:
        if rows == list(range(rows[0], rows[-1] + 1)):
            return f"={_quoted(source)}!${column}${rows[0] + 1}:${column}${rows[-1] + 1}"
        return "=(" + ",".join(f"{_quoted(source)}!${column}${row + 1}" for row in rows) + ")"

    def lengths(end: str) -> list[float]:
        pairs = [(figure.value, getattr(figure, end)) for figure in figures]
        return [0.0 if value is None or bound is None else float(abs(value - bound)) for value, bound in pairs]

    series = {
        "name": f"={_quoted(source)}!$A${rows[0] + 1}",
        "categories": cells("B"),
        "values": cells("C"),
        "categories_data": [words.cell_title(section, figure) for figure in figures],
        "values_data": [_drawn(figure.value) for figure in figures],
        "fill": {"color": "#5E9FB0"},
        "line": {"color": ACCENT, "width": 2} if curve else {"none": True},
        "gap": 60,
        "data_labels": {
            "value": True,
            "font": font,
            "num_format": _pattern(figures[0].unit),
            "custom": [_label(figure, font) for figure in figures],
        },
    }
    if any(figure.low is not None for figure in figures):
        bars = {"type": "custom", "plus_values": lengths("high"), "minus_values": lengths("low")}
        series["y_error_bars"] = bars | {"line": {"color": INK, "width": 1}}
    chart.add_series(series)
    pattern = _pattern(figures[0].unit) if figures[0].unit != "share" else "0%"
    below = any(figure.value is not None and figure.value < 0 for figure in figures)
    scale = {"min": 0, "max": 1} if figures[0].unit == "share" else {} if below else {"min": 0}
    lines = {"visible": True, "line": {"color": "#DAE1E3"}}
    names, values = {"num_font": font}, {"num_format": pattern, "num_font": font, "major_gridlines": lines, **scale}
    if curve:
        chart.set_x_axis(names)
        chart.set_y_axis(values)
    else:
        chart.set_x_axis(values)
        chart.set_y_axis(names | {"reverse": True, "label_position": "low"})
    chart.set_legend({"none": True})
    chart.set_title({"none": True})
    return chart


def _drawn(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _label(figure: Figure, font: dict[str, Any]) -> dict[str, Any] | None:
    """The label of a bar that is not its number: a hidden figure says so in the gap it leaves."""
    if figure.suppressed:
        return {"value": _("%(mark)s hidden") % {"mark": words.HIDDEN}, "font": font}
    return None if figure.value is not None else {"value": words.shown(figure), "font": font}


def _quoted(sheet: Worksheet) -> str:
    return "'" + sheet.get_name().replace("'", "''") + "'"


def _definitions(book: Book, sheet: Worksheet, content: Content) -> None:
    """What every metric means, and the terms of the report."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 110)
    row = 0
    for section in content.sections:
        pairs = [*definition_rows(section), Pair(_("What it shows"), section.statement)]
        row = _pairs(book, sheet, row, section.title, pairs)
    if content.definitions:
        _pairs(book, sheet, row, _("Terms"), [Pair(entry.term, entry.words) for entry in content.definitions])


def _about(book: Book, sheet: Worksheet, content: Content) -> None:
    """What the edition is, what it stands on, what is missing and what is hidden."""
    shown = view(content)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100)
    row = _pairs(book, sheet, 0, shown.title, [*shown.facts, Pair("SHA-256", shown.sha256)])
    row = _pairs(book, sheet, row, _("What the report stands on"), shown.base)
    missing = [
        Pair(label, _("%(part)s of %(whole)s") % {"part": part, "whole": whole}) for label, part, whole in shown.missing
    ]
    row = _pairs(book, sheet, row, _("Missing data"), missing)
    hidden = [Pair(_("How many"), shown.hidden_words), *(Pair(_("Rule"), rule) for rule in shown.disclosure)]
    row = _pairs(book, sheet, row, _("Hidden figures"), hidden)
    changes = [Pair(_("Why"), shown.changes_words), *(Pair(_("Change"), change) for change in shown.changes)]
    row = _pairs(book, sheet, row, _("Changes since the last edition"), changes if shown.changes_words else [])
    row = _pairs(book, sheet, row, _("Versions"), shown.versions)
    _pairs(book, sheet, row, _("Rows read"), shown.row_counts)


def _pairs(book: Book, sheet: Worksheet, row: int, title: str, pairs: Any) -> int:
    """A heading and its rows of label and text; gives the next free row."""
    if not pairs:
        return row
    _text(sheet, row, 0, title, book.style(bold=True, font_size=12, font_color=ACCENT))
    for pair in pairs:
        row += 1
        _text(sheet, row, 0, pair.label, book.style(font_color=SOFT, text_wrap=True))
        _text(sheet, row, 1, pair.text, book.style(text_wrap=True))
    return row + 2


def _fixed(packed: bytes) -> bytes:
    """The same archive with its parts in the order of their names, all of one date, stored as they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # the same mark on every system
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return buffer.getvalue()
