"""Reads a spreadsheet of unknown origin into plain values, or says in words why not. The door is ``read_sheet``.

The file is parsed by a child process with bounds on memory, processor time and file size (``reader_process``), which
sends frames of JSON; this side only ever sees plain text, numbers, dates and durations, and a crash of a parser is a
sentence. Nothing is written, nothing is interpreted: cleaning is another room.
"""

from __future__ import annotations

import datetime
import itertools
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from . import layout
from .child import Child
from .limits import LIMITS, Limits
from .refusals import SheetRefused, refusal

Cell = str | int | float | datetime.date | datetime.datetime | datetime.time | datetime.timedelta
Row = tuple[int, list[Cell]]

__all__ = ["LIMITS", "Cell", "Limits", "Peek", "Row", "Sheet", "SheetRefused", "peek", "read_sheet"]


@dataclass
class Sheet:
    """One sheet, headers found, rows still to come.

    ``rows`` is an iterator that can be walked once: ``(spreadsheet row number, cells)``, cells in the order of
    ``headers``. ``first_column`` is how many empty columns stand left of them. ``notes`` are sentences about what was
    noticed or left out; those on rows (totals, blank lines) are complete when ``rows`` has ended.
    Use it as a context manager, or call ``close``, when the rows are not walked to the end.
    """

    name: str
    other_sheets: list[str]
    header_row: int
    headers: list[str]
    first_column: int
    rows: Iterator[Row]
    notes: list[str] = field(default_factory=list)
    kind_of_file: str = "xlsx"
    encoding: str = ""
    separator: str = ""
    date1904: bool = False
    close: Any = None

    def __enter__(self) -> Sheet:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def address(self, row: int, column: int) -> str:
        """``D14`` for a row number and a column's place in ``headers``."""
        return f"{column_letters(self.first_column + column)}{row}"


@dataclass(frozen=True)
class Peek:
    """The first rows of a sheet as they are, for a reader who must say which row holds the headers."""

    name: str
    sheets: list[str]
    first_column: int
    rows: list[Row]
    kind_of_file: str = ""
    encoding: str = ""
    separator: str = ""


def column_letters(index: int) -> str:
    """Spreadsheet letters of a column counted from 0: 0 is ``A``, 26 is ``AA``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_sheet(
    path: str | os.PathLike[str],
    *,
    kind: str | None = None,
    limits: Limits = LIMITS,
    sheet: str | None = None,
    header_row: int | None = None,
    remembered: dict[str, str] | None = None,
    separator: str | None = None,
    encoding: str | None = None,
) -> Sheet:
    """Opens a file, finds the row of headers and gives the sheet.

    ``kind`` is the kind of sheet whose headers are looked for (any kind when left out); ``remembered`` maps headers an
    organisation uses to columns of that kind. ``sheet``, ``header_row`` (1-based), ``separator`` and ``encoding`` are
    the reader's own answers where the file leaves it open. Raises ``SheetRefused``.
    """
    child = _Child(path, limits, sheet, separator, encoding)
    try:
        about = child.about()
        first = child.first_rows(max(layout.FIRST_ROWS, (header_row or 0) + 1))
        found = layout.find_header(first, kind, remembered or {}, header_row)
        if found is None:
            raise refusal("no_header", sheet=about["sheet"], rows=layout.FIRST_ROWS, columns=layout.expected(kind))
    except BaseException:
        child.close()
        raise
    notes = layout.notes_on_file(about, found)
    names = [each["name"] for each in about["sheets"] if each["name"] != about["sheet"]]
    result = Sheet(
        name=about["sheet"],
        other_sheets=names,
        header_row=found.row,
        headers=found.headers,
        first_column=about["first_column"],
        rows=iter(()),
        notes=notes,
        kind_of_file=about["kind"],
        encoding=about.get("encoding", ""),
        separator=about.get("separator", ""),
        date1904=bool(about.get("date1904")),
        close=child.close,
    )
    result.rows = _data_rows(child, first, found, result, limits)
    return result


def peek(
    path: str | os.PathLike[str],
    *,
    limits: Limits = LIMITS,
    sheet: str | None = None,
    separator: str | None = None,
    encoding: str | None = None,
    count: int = layout.FIRST_ROWS,
) -> Peek:
    """The first rows that hold anything, at least ``count`` of them when there are as many, for a page on which the reader
    points at the header row and sees what each column holds."""
    child = _Child(path, limits, sheet, separator, encoding)
    try:
        about = child.about()
        rows = child.first_rows(count)
    finally:
        child.close()
    return Peek(
        about["sheet"], [each["name"] for each in about["sheets"]], about["first_column"], rows, about["kind"],
        about.get("encoding", ""), about.get("separator", ""),
    )  # fmt: skip


def _data_rows(child: _Child, first: list[Row], found: layout.Header, sheet: Sheet, limits: Limits) -> Iterator[Row]:
    """The rows below the headers, without totals and repeated headers; adds what was left out to the notes."""
    width, given = len(found.headers), 0
    try:
        keep = layout.RowFilter(found)
        for number, cells in keep.walk(itertools.chain(first, child.rows())):
            if len(cells) != width:
                cells = (cells + [""] * width)[:width]
            given += 1
            if given > limits.rows:
                raise refusal("too_many_rows", limit=limits.rows)
            yield number, cells
        sheet.notes.extend(keep.notes(child.blank_rows))
    finally:
        child.close()


class _Child(Child):
    """The process that reads a sheet: what it tells first, then packets of rows."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        limits: Limits,
        sheet: str | None,
        separator: str | None,
        encoding: str | None,
    ) -> None:
        self._area = ""
        self._ended = False
        self.blank_rows = 0
        request = {
            "path": os.path.abspath(path),
            "sheet": sheet,
            "separator": {"tab": "\t"}.get(separator or "", separator),
            "encoding": encoding,
        }
        decode = json.JSONDecoder(object_hook=_Values()).decode
        super().__init__("workers.sheets.reader_process", request, limits, refusal, decode)

    def about(self) -> dict[str, Any]:
        """The first thing the child tells of the sheet it chose."""
        while True:
            frame = self.frame()
            if frame is None:
                raise self.death()
            if "parsing" in frame:
                self._area = str(frame["parsing"].get("area") or "")
            elif "about" in frame:
                about: dict[str, Any] = frame["about"]
                return about

    def first_rows(self, count: int) -> list[Row]:
        """The first rows, at least ``count`` when there are as many."""
        rows: list[Row] = []
        while len(rows) < count and (packet := self._packet()):
            rows.extend(packet)
        return rows

    def rows(self) -> Iterator[Row]:
        """All further rows."""
        return itertools.chain.from_iterable(iter(self._packet, None))

    def _packet(self) -> list[Row] | None:
        if self._ended:
            return None
        frame = self.frame()
        if frame is None:
            raise self.death()
        if "end" in frame:
            self._ended = True
            self.blank_rows = int(frame["end"]["blank"])
            return None
        return list(map(tuple, frame["rows"]))

    def death(self) -> Exception:
        """As of every child; a sheet that says it stretches too far is told so."""
        if self._area and self.exit_code() in (-6, -11):
            return refusal("stretched", area=self._area)
        return super().death()


class _Values:
    """Turns ``{"d": ...}`` back into dates, each distinct one once; every other object passes."""

    def __init__(self) -> None:
        self.dates: dict[str, Cell] = {}

    def __call__(self, found: dict[str, Any]) -> Any:
        if len(found) != 1:
            return found
        if (text := found.get("d")) is not None and isinstance(text, str):
            date = self.dates.get(text)
            if date is None:
                moment = datetime.datetime.fromisoformat(text)
                date = self.dates[text] = moment if "T" in text else moment.date()
            return date
        if isinstance(text := found.get("t"), str):
            return datetime.time.fromisoformat(text)
        if isinstance(seconds := found.get("h"), int | float):
            return datetime.timedelta(seconds=seconds)
        return found
