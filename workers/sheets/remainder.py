"""Gives back the refused rows as a workbook: same columns, the bad cells marked, and a last column that says what to
fix.

It can be mended and sent again as it is: the last column is recognised and left out. Text that looks like a formula is
written as text, so nothing runs when the file is opened.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable
from typing import Any, NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _

from .columns import WHAT_TO_FIX, WORD_OF_OURS
from .reading import Cell

LONGEST_CELL = 32_767
LONGEST_COMMENT = 1_000
MOST_COMMENTS = (
    2_000  # each comment is a drawing; a workbook of thousands opens slowly, and the last column says it all
)
ISO_DAY = "yyyy-mm-dd"


class Refused(NamedTuple):
    """One refused row: its cells as they came, and its problems as ``(place of the column or None, message)``."""

    cells: list[Cell]
    problems: list[tuple[int | None, str]]


def remainder_workbook(title: str, headers: list[str], rows: Iterable[Refused], as_text: Iterable[int] = ()) -> bytes:
    """The workbook as bytes. ``headers`` are those of the file that was sent, ``as_text`` the places of columns whose
    cells
    must stay text (codes, phones). Rows are written as they come; memory does not grow with them, comments apart."""
    kept = [place for place, header in enumerate(headers) if header != WHAT_TO_FIX]
    buffer = io.BytesIO()
    book = new_workbook(buffer)
    sheet = book.add_worksheet(sheet_name(title))
    formats = _Formats(book)
    for at, place in enumerate(kept):
        sheet.write_string(0, at, headers[place] or _("(no name)"), formats.head)
    sheet.write_string(0, len(kept), WHAT_TO_FIX, formats.head)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(kept) - 1), 18)
    sheet.set_column(len(kept), len(kept), 80)
    texts = set(as_text)
    comments = 0
    for number, row in enumerate(rows, start=1):
        bad: dict[int, str] = {}
        for bad_place, message in row.problems:
            if bad_place is not None:
                bad[bad_place] = f"{bad[bad_place]}\n{message}" if bad_place in bad else message
        for at, place in enumerate(kept):
            cell = row.cells[place] if place < len(row.cells) else ""
            write_cell(sheet, number, at, cell, formats, marked=place in bad, text=place in texts)
            if place in bad and comments < MOST_COMMENTS:
                comments += 1
                told = f"{WORD_OF_OURS}{bad[place]}"[:LONGEST_COMMENT]
                sheet.write_comment(number, at, told, {"author": "", "x_scale": 2})
        sentences = list(dict.fromkeys(message for _place, message in row.problems))
        sheet.write_string(number, len(kept), " ".join(sentences)[:LONGEST_CELL], formats.fix)
    book.close()
    return buffer.getvalue()


def new_workbook(buffer: io.BytesIO) -> Any:
    """A workbook that writes rows as they come and never turns text into formulas or links."""
    book = xlsxwriter.Workbook(
        buffer,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "default_date_format": ISO_DAY,
        },
    )
    # The same content gives the same bytes, whenever it is asked for.
    book.set_properties({"created": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)})
    return book


def sheet_name(title: str) -> str:
    """A title as spreadsheet programs accept it for the name of a sheet."""
    plain = "".join(" " if sign in "[]:*?/\\'" or sign < " " else sign for sign in title).strip()
    return plain[:31] or "Sheet"


class _Formats:
    """The few looks of cells: plain, marked as bad (a fill and a bold face, not colour alone), dates and text."""

    def __init__(self, book: Any) -> None:
        bad = {"bg_color": "#FFE3B3", "bold": True, "border": 1, "border_color": "#B35C00"}
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.fix = book.add_format({"text_wrap": True, "valign": "top"})
        self.plain = {
            False: {
                "": None,
                "date": book.add_format({"num_format": ISO_DAY}),
                "text": book.add_format({"num_format": "@"}),
            },
            True: {
                "": book.add_format(bad),
                "date": book.add_format({**bad, "num_format": ISO_DAY}),
                "text": book.add_format({**bad, "num_format": "@"}),
            },
        }

    def look(self, marked: bool, kind: str) -> Any:
        """The format of a cell."""
        return self.plain[marked][kind]


def write_cell(sheet: Any, row: int, column: int, cell: Cell, formats: _Formats, *, marked: bool, text: bool) -> None:
    """One cell of the kind it had: numbers stay numbers, dates stay dates, text stays text whatever it begins with."""
    if cell == "" or cell is None:
        if marked or text:
            sheet.write_blank(row, column, None, formats.look(marked, "text" if text else ""))
        return
    if isinstance(cell, datetime.date) and 1900 <= cell.year <= 9999:
        sheet.write_datetime(row, column, cell, formats.look(marked, "date"))
    elif isinstance(cell, int | float) and not text:
        sheet.write_number(row, column, cell, formats.look(marked, ""))
    elif isinstance(cell, float):
        shown = str(int(cell)) if cell.is_integer() else format(cell, ".15g")
        sheet.write_string(row, column, shown, formats.look(marked, "text"))
    else:
        sheet.write_string(row, column, str(cell)[:LONGEST_CELL], formats.look(marked, "text"))
