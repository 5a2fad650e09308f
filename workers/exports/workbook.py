"""Writes a list as .xlsx: rows as they come, each cell of its type, who asked and what for on the second sheet.

The library (rustpy-xlsxwriter) stands behind this one function. It writes text as inline strings whatever it begins with,
so no cell can be a formula or a link; columns of text also have the format of text, so that a cell which somebody edits
stays one. Memory does not grow with the rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from django.utils.translation import gettext as _
from rustpy_xlsxwriter import Format, write_worksheets

from workers.sheets.remainder import sheet_name

from .listings import DAY, NUMBER, WHOLE, Cell

LONGEST_HEADER: Final = 200  # of a page's head when it is printed; a spreadsheet program takes 255
LONGEST_CELL: Final = 32_767
WIDEST, NARROWEST = 32, 12
PATTERNS: Final = {DAY: "yyyy-mm-dd", NUMBER: "0.00######", WHOLE: "0"}


@dataclass(slots=True)
class Counted:
    """Rows on their way, counted as they go by."""

    rows: Iterable[tuple]
    headers: Sequence[str]
    number: int = 0

    def __iter__(self) -> Iterator[dict]:
        headers = self.headers
        for row in self.rows:
            self.number += 1
            yield dict(zip(headers, row, strict=True))


@dataclass(frozen=True, slots=True)
class Mark:
    """What the file says of itself: its title, a line for the head and one for the foot of a printed page, and facts."""

    title: str
    head: str
    foot: str
    facts: Sequence[tuple[str, str]]


def write(target: BinaryIO, cells: Sequence[Cell], rows: Iterable[tuple], mark: Mark) -> int:
    """Write the workbook into ``target``; answers how many rows it holds. The second sheet says so too."""
    headers = [cell.header for cell in cells]
    counted = Counted(rows, headers)
    name, about = sheet_name(mark.title), sheet_name(_("About this file"))
    head, wide = Format().set_bold().set_text_wrap(), Format().set_text_wrap()
    write_worksheets(
        [(name, iter(counted)), (about, _facts(mark, counted))],
        target,
        column_formats={name: [_format(cell) for cell in cells], about: [Format().set_bold(), wide]},
        column_widths={
            name: [float(min(WIDEST, max(NARROWEST, len(header) + 2))) for header in headers], about: [28.0, 100.0],
        },
        header_format={name: head, about: head},
        freeze_panes={name: {"row": 1, "col": 1}, about: {"row": 1, "col": 0}},
        page_setup={
            sheet: {"landscape": True, "repeat_rows": 0, "fit_to_pages": (1, 0), "header": _code("&L", mark.head),
                    "footer": _code("&L", mark.foot) + "&R&P / &N"}
            for sheet in (name, about)
        },
    )  # fmt: skip
    if not counted.number:
        # The library writes the names of columns with the first row; a list without rows has them all the same.
        _empty(target, headers, mark, name, about)
    return counted.number


def _empty(target: BinaryIO, headers: Sequence[str], mark: Mark, name: str, about: str) -> None:
    target.seek(0)
    target.truncate()
    blank = iter([dict.fromkeys(headers)])
    write_worksheets([(name, blank), (about, _facts(mark, Counted((), headers)))], target)


def _facts(mark: Mark, counted: Counted) -> Iterator[dict]:
    """Read after the rows were written, so that the number is the one in the file."""
    yield {_("About this file"): _("Rows"), _("Value"): str(counted.number)}
    for label, value in mark.facts:
        yield {_("About this file"): label, _("Value"): value[:LONGEST_CELL]}


def _format(cell: Cell) -> Format:
    return Format().set_num_format(PATTERNS.get(cell.form, "@"))


def _code(place: str, text: str) -> str:
    """A line for the head or foot of a page; an ampersand there begins a command unless it is doubled."""
    plain = "".join(sign for sign in text if sign >= " ")[:LONGEST_HEADER]
    return place + plain.replace("&", "&&")
