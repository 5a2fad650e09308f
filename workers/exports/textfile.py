"""Writes a list as .csv: UTF-8 with a mark, commas, every text quoted, formulas escaped (``workers/sheets/formulas.py``).

The file holds the rows and nothing else, because it shall be read as data: who asked for it, when, with which filters and
how many rows is told by its name and by the log of downloads.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from workers.sheets.formulas import escape

from .listings import Cell, Plan
from .rows import copied

BOM = b"\xef\xbb\xbf"


def copy(target: BinaryIO, plan: Plan) -> int:
    """The rows of a plan as PostgreSQL writes them."""
    target.write(_head(plan.cells))
    number = 0
    for lines, held in copied(plan):
        target.write(lines)
        number += held
    return number


def write(target: BinaryIO, cells: Sequence[Cell], rows: Iterable[tuple]) -> int:
    """Rows that were made here."""
    target.write(_head(cells))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    number = 0
    for row in rows:
        number += 1
        writer.writerow([_cell(value) for value in row])
        if buffer.tell() > 256 * 1024:
            target.write(buffer.getvalue().encode())
            buffer.seek(0)
            buffer.truncate()
    target.write(buffer.getvalue().encode())
    return number


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        return escape(value.replace("\0", ""))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | float | Decimal) else escape(str(value))


def _head(cells: Sequence[Cell]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow([escape(c.header) for c in cells])
    return BOM + buffer.getvalue().encode()
