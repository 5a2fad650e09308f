"""A workbook as the child process reads it: which sheets it has, and each sheet's rows. Small ones are held whole by the
parser, which is the quickest way; of a long ``.xlsx`` see ``long_workbook``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from .archive import Refused


@dataclass(frozen=True, slots=True)
class Rows:
    """The cells of a sheet: ``rows`` from its first row on, each from ``first_column`` on, blank ones as they are.
    ``width`` is the number of columns, ``height`` the number of the last row, ``merged`` the corners of merged cells
    (top, left, bottom, right; counted from 0)."""

    first_column: int
    width: int
    height: int
    merged: list[list[int]]
    rows: Iterable[list[Any]]


class Workbook(Protocol):
    """What the child asks of a workbook. ``listed``: its sheets of cells, each with ``name`` and ``visible``."""

    listed: list[dict[str, Any]]

    def sheet(self, name: str) -> Rows | None:
        """The cells of a sheet; None when it holds none. Refused when it cannot be read."""
        ...


class Whole:
    """A workbook of any kind in the hands of the parser, which holds a sheet whole. ``again`` opens it with a parser that
    goes on where this one breaks, for the files that have a second one."""

    def __init__(self, path: str, again: Callable[[], Workbook] | None = None) -> None:
        import python_calamine as calamine

        self._again = again
        self._broken = (calamine.CalamineError, ValueError, OSError)
        try:
            self._book = calamine.load_workbook(path)
            metadata = self._book.sheets_metadata
        except calamine.PasswordError as error:
            raise Refused("encrypted") from error
        except self._broken as error:
            raise Refused("damaged") from error
        self.listed: list[dict[str, Any]] = [
            {"name": sheet.name, "visible": str(sheet.visible).endswith(".Visible")}
            for sheet in metadata
            if str(sheet.typ).endswith("WorkSheet")
        ]

    def sheet(self, name: str) -> Rows | None:
        """The cells of a sheet."""
        try:
            sheet = self._book.get_sheet_by_name(name)
        except self._broken as error:
            raise Refused("damaged") from error
        if sheet.start is None:
            return None
        merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or []]
        first = sheet.start[1]
        height = sheet.end[0] + 1 if sheet.end else 0
        return Rows(first, sheet.total_width - first, height, merged, self._walked(name, sheet.iter_rows()))

    def _walked(self, name: str, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
        """The rows, also those with a number that is formatted as a length of time and longer than Python's longest:
        there the parser breaks, with an error or in a panic."""
        number = 0
        try:
            for cells in rows:
                yield cells
                number += 1
            return
        except BaseException as error:
            if not isinstance(error, OverflowError) and type(error).__name__ != "PanicException":
                raise
        rest = self._again().sheet(name) if self._again is not None else None
        if rest is None:
            raise Refused("length_of_time", sheet=name, row=number + 1)
        yield from itertools.islice(rest.rows, number, None)
