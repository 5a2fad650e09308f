"""A workbook as the child process reads it: which sheets it has, and each sheet's rows. Small ones are held whole by the
parser, which is the quickest way; of a long ``.xlsx`` see ``long_workbook``.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    """A workbook of any kind in the hands of the parser, which holds a sheet whole."""

    def __init__(self, path: str) -> None:
        import python_calamine as calamine

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
        return Rows(first, sheet.total_width - first, height, merged, sheet.iter_rows())
