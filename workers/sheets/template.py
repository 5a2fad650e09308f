"""An empty sheet of a kind, to be filled in: headers, an example, drop-downs, and a page that explains every column."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from .addresses import column_letters
from .columns import Column
from .kinds import COLUMNS
from .remainder import new_workbook, sheet_name

ROWS = 2_000
LONGEST_LIST = 255  # characters of a list inside the cell's rule; longer lists stand on their own sheet


def template_workbook(kind: str, choices: Mapping[str, list[str]] | None = None) -> bytes:
    """The workbook as bytes. ``choices`` adds or replaces the words of drop-downs by column key, such as the cohorts
    of a
    pilot. Codes and phones are formatted as text so that no zero is lost, dates as year-month-day."""
    described = COLUMNS[kind]
    lists = {column.key: list(column.choices) for column in described.columns if column.choices}
    lists.update({key: list(words) for key, words in (choices or {}).items() if words})
    buffer = io.BytesIO()
    book = new_workbook(buffer)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    must = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top", "bg_color": "#E7EEF7"})
    example = book.add_format({"italic": True, "font_color": "#6B7280", "num_format": "@"})
    looks = {
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    sheet = book.add_worksheet(sheet_name(_(described.title)))
    help_sheet = book.add_worksheet(sheet_name(_("How to fill in")))
    words_sheet = book.add_worksheet(sheet_name(_("Lists")))
    filled = tuple(column for column in described.columns if not column.carried)
    columns = [(column, _header(column)) for column in filled]
    keys = {key for group in described.keys for key in group}
    for at, (column, header) in enumerate(columns):
        look = looks["text"] if column.as_text else looks["date"] if column.as_date else None
        sheet.set_column(at, at, max(14, len(header) + 2), look)
    for at, (column, header) in enumerate(columns):
        sheet.write_string(0, at, header, must if column.required or column.key in keys else head)
    for at, (column, _header_words) in enumerate(columns):
        # One line that shows how it is meant; it is recognised and left out should it come back.
        if column.example:
            sheet.write_string(1, at, column.example, example)
    sheet.freeze_panes(1, 1)
    _write_lists(book, sheet, words_sheet, filled, lists)
    _write_help(help_sheet, columns, lists, head, keys)
    book.close()
    return buffer.getvalue()


def _header(column: Column) -> str:
    return f"{column.header} {_('item')}" if column.repeated else column.header


def _write_lists(
    book: Any, sheet: Any, words_sheet: Any, columns: tuple[Column, ...], lists: dict[str, list[str]]
) -> None:
    """Drop-downs. The words stand in a sheet of their own, row by row because the writer goes only forward."""
    placed = [(at, lists[column.key]) for at, column in enumerate(columns) if column.key in lists]
    for row in range(max((len(words) for _at, words in placed), default=0)):
        for at, (_column, words) in enumerate(placed):
            if row < len(words):
                words_sheet.write_string(row, at, words[row])
    name = words_sheet.get_name()
    for at, (column, words) in enumerate(placed):
        letter = column_letters(at)
        sheet.data_validation(
            1,
            column,
            ROWS,
            column,
            {
                "validate": "list",
                "source": f"='{name}'!${letter}$1:${letter}${len(words)}",
                "error_type": "warning",
                "error_title": _("Not in the list"),
                "error_message": _("Other words may be refused when the sheet is read."),
            },
        )


def _write_help(
    sheet: Any, columns: list[tuple[Column, str]], lists: dict[str, list[str]], head: Any, keys: set[str]
) -> None:
    """One line for each column: whether it must be filled in, what belongs in it, an example."""
    wide = (24, 14, 60, 28)
    for at, (title, width) in enumerate(
        zip((_("Column"), _("Needed"), _("What belongs in it"), _("Example")), wide, strict=True)
    ):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, title, head)
    for row, (column, header) in enumerate(columns, start=1):
        needed = _("yes") if column.required else _("one of the keys") if column.key in keys else _("no")
        words = ", ".join(lists.get(column.key, []))
        text = " ".join(part for part in (_(column.help) if column.help else "", words) if part)
        if column.as_date and not column.help:
            text = _("A date: year-month-day, or a date of the spreadsheet.")
        for at, value in enumerate((header, needed, text[: LONGEST_LIST * 20], column.example)):
            sheet.write_string(row, at, value)
