"""Reads a spreadsheet of unknown origin into plain values, or says in words why not. The door is ``read_sheet``.

The file is parsed by a child process with bounds on memory, processor time and file size (``reader_process``), which
sends frames of JSON; this side only ever sees plain text, numbers, dates and durations, and a crash of a parser is a
sentence. Nothing is written, nothing is interpreted: cleaning is another room.
"""

from __future__ import annotations

import datetime
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from . import layout, telling
from .addresses import STRIDE, column_index, column_letters, prefix_of, row_words
from .child import Child
from .cleaning import CONTROL, FORCED
from .columns import fold_header
from .limits import LIMITS, Limits
from .refusals import SheetRefused, refusal

Cell = str | int | float | datetime.date | datetime.datetime | datetime.time | datetime.timedelta
Row = tuple[int, list[Cell]]

__all__ = [
    "LIMITS", "STRIDE", "Cell", "Limits", "Peek", "Row", "Sheet", "SheetRefused", "column_letters", "peek", "prefix_of",
    "read_sheet", "row_words",
]  # fmt: skip


@dataclass
class Sheet:
    """One list, headers found, rows still to come.

    ``rows`` is an iterator that can be walked once: ``(spreadsheet row number, cells)``, cells in the order of
    ``headers``. ``first_column`` is how many empty columns stand left of them. ``notes`` are sentences about what was
    noticed or left out; those on rows (totals, blank lines) are complete when ``rows`` has ended. So are ``parts``, the
    sheets with the same columns that were read as one list (rows of the second are numbered from ``STRIDE``), ``askew``,
    rows that have more cells than there are columns, with their number, and ``comments`` on cells by row and place.
    ``expected`` is about how many rows there will be, 0 when nobody knows.
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
    expected: int = 0
    close: Any = None
    parts: list[str] = field(default_factory=list)
    askew: dict[int, int] = field(default_factory=dict)
    comments: dict[int, dict[int, str]] = field(default_factory=dict)

    def __enter__(self) -> Sheet:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def address(self, row: int, column: int) -> str:
        """``D14`` for a row number and a column's place in ``headers``, ``Neiafu!D14`` where sheets were read as one."""
        return f"{prefix_of(row, self.parts)}{column_letters(self.first_column + column)}{row % STRIDE}"


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
    header: layout.Header | None = None


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
    """Opens a file, finds the row of headers and gives the list.

    ``kind`` is the kind of sheet whose headers are looked for (any kind when left out); ``remembered`` maps headers an
    organisation uses to columns of that kind. ``sheet``, ``header_row`` (1-based), ``separator`` and ``encoding`` are
    the reader's own answers where the file leaves it open. Without ``sheet``, the first visible sheet that names columns
    is the list, and those after it with the same columns in the same places go on with it. Raises ``SheetRefused``.
    """
    child = _Child(path, limits, sheet, separator, encoding)
    try:
        begun = _first_list(child, kind, remembered or {}, header_row)
    except BaseException:
        child.close()
        raise
    about, found = begun.about, begun.header
    result = Sheet(
        name=about["sheet"],
        other_sheets=[each["name"] for each in about["sheets"] if each["name"] != about["sheet"]],
        header_row=found.row,
        headers=found.headers,
        first_column=about["first_column"],
        rows=iter(()),
        notes=telling.on_file(about, found),
        kind_of_file=about["kind"],
        encoding=about.get("encoding", ""),
        separator=about.get("separator", ""),
        date1904=bool(about.get("date1904")),
        expected=max(0, int(about.get("height") or 0) - found.row),
        close=child.close,
        parts=[_plain(about["sheet"])],
    )
    result.rows = _Rows(child, begun, result, limits, (kind, remembered or {})).walk()
    return result


def _plain(name: str) -> str:
    """A sheet's name without signs that cannot be seen or cannot be stored."""
    return CONTROL.sub("", FORCED.sub("", name))


@dataclass
class _Begun:
    """A sheet of the file whose first rows were looked at: what the child told of it, its first rows, its headers."""

    about: dict[str, Any]
    first: list[Row]
    header: layout.Header


def _first_list(child: _Child, kind: str | None, remembered: dict[str, str], header_row: int | None) -> _Begun:
    """The first sheet that names columns. A row the reader pointed at is one of the first sheet that holds anything."""
    names: list[str] = []
    while (about := child.about()) is not None:
        names.append(about["sheet"])
        first = child.first_rows(max(layout.FIRST_ROWS, (header_row or 0) + 1))
        found = layout.find_header(first, kind, remembered, header_row, about)
        if found is not None:
            return _Begun(about, first, found)
    if not names and child.unread:
        each = child.unread[0]
        raise refusal(each["code"], **each["params"])
    raise refusal(
        "no_header" if names != [""] else "no_header_in_text",
        sheet=", ".join(names[:10]), rows=layout.FIRST_ROWS, columns=layout.expected(kind),
    )  # fmt: skip


def peek(
    path: str | os.PathLike[str],
    *,
    limits: Limits = LIMITS,
    sheet: str | None = None,
    separator: str | None = None,
    encoding: str | None = None,
    count: int = layout.FIRST_ROWS,
    kind: str | None = None,
    remembered: dict[str, str] | None = None,
    header_row: int | None = None,
) -> Peek:
    """The first rows that hold anything, at least ``count`` of them when there are as many, for a page on which the reader
    points at the header row and sees what each column holds: of the sheet that ``read_sheet`` would begin with, and of
    the first one where none names columns. ``header`` is what was found."""
    child = _Child(path, limits, sheet, separator, encoding)
    begun: list[Peek] = []
    try:
        while (about := child.about()) is not None:
            rows = child.first_rows(count)
            found = layout.find_header(rows, kind, remembered or {}, header_row, about)
            begun.append(Peek(
                about["sheet"], [each["name"] for each in about["sheets"]], about["first_column"], rows, about["kind"],
                about.get("encoding", ""), about.get("separator", ""), found,
            ))  # fmt: skip
            if found is not None:
                return begun[-1]
    finally:
        child.close()
    if not begun:
        raise refusal(child.unread[0]["code"], **child.unread[0]["params"]) if child.unread else refusal("empty")
    return begun[0]


class _Rows:
    """The rows below the headers, without totals and repeated headers, of the list and of the sheets that go on with it.
    Adds to the sheet what was left out, what hangs on cells, and which rows stand askew."""

    def __init__(
        self, child: _Child, begun: _Begun, sheet: Sheet, limits: Limits, known: tuple[str | None, dict[str, str]]
    ) -> None:
        self.child, self.begun, self.sheet, self.limits, self.known = child, begun, sheet, limits, known
        self.given = 0

    def walk(self) -> Iterator[Row]:
        """All rows, in order."""
        sheet, listed = self.sheet, self.begun.about["sheets"]
        wanted = [fold_header(header) for header in self.begun.header.headers]
        unlike: list[str] = []
        read = [self.begun.about["sheet"]]
        try:
            yield from self._part(self.begun, 0)
            while (about := self.child.about()) is not None:
                first = self.child.first_rows(layout.FIRST_ROWS)
                found = layout.find_header(first, *self.known, None, about)
                if (
                    found is not None
                    and about["first_column"] == sheet.first_column
                    and [fold_header(header) for header in found.headers] == wanted
                ):
                    read.append(about["sheet"])
                    sheet.parts.append(_plain(about["sheet"]))
                    sheet.notes.extend(
                        f"{about['sheet']}: {note}" for note in telling.on_file(about, found) if note not in sheet.notes
                    )
                    yield from self._part(_Begun(about, first, found), (len(sheet.parts) - 1) * STRIDE)
                else:
                    unlike.append(about["sheet"])
            sheet.notes.extend(telling.on_sheets(listed, read, [*unlike, *self.child.unread_names]))
        finally:
            self.child.close()

    def _part(self, begun: _Begun, offset: int) -> Iterator[Row]:
        width, sheet = len(begun.header.headers), self.sheet
        keep = layout.RowFilter(begun.header)
        merged = layout.Merged(begun.about, begun.header)
        self._hang(begun, offset)
        for number, cells in keep.walk(itertools.chain(begun.first, self.child.rows())):
            if len(cells) != width:
                if any(cell != "" for cell in cells[width:]):
                    sheet.askew[number + offset] = max(at for at, cell in enumerate(cells, start=1) if cell != "")
                cells = (cells + [""] * width)[:width]
            if merged.areas:
                cells = merged.filled(number, cells)
            self.given += 1
            if self.given > self.limits.rows:
                raise refusal("too_many_rows", limit=self.limits.rows)
            yield number + offset, cells
        left_out = keep.notes(self.child.blank_rows)
        sheet.notes.extend(f"{sheet.parts[-1]}: {note}" if offset else note for note in left_out)

    def _hang(self, begun: _Begun, offset: int) -> None:
        """Comments by row and place, as far as they hang on cells below the headers; the others are named."""
        below = begun.header.second_row or begun.header.row
        elsewhere = []
        for address, text in begun.about.get("comments", ()):
            letters = address.rstrip("0123456789")
            row = int(address[len(letters) :] or 0)
            place = column_index(letters) - self.sheet.first_column
            if row > below and 0 <= place < len(self.sheet.headers):
                self.sheet.comments.setdefault(row + offset, {})[place] = text
            elif text:
                elsewhere.append(address)
        self.sheet.notes.extend(telling.on_comments(elsewhere, self.sheet.parts[-1] if offset else ""))


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
        self._ended = True
        self.blank_rows = 0
        self.unread: list[dict[str, Any]] = []
        request = {
            "path": os.path.abspath(path),
            "sheet": sheet,
            "separator": {"tab": "\t"}.get(separator or "", separator),
            "encoding": encoding,
        }
        self._values = _Values()
        super().__init__("workers.sheets.reader_process", request, limits, refusal)

    @property
    def unread_names(self) -> list[str]:
        """Sheets that could not be read while others could."""
        return [each["sheet"] for each in self.unread]

    def about(self) -> dict[str, Any] | None:
        """What the child tells of the next sheet that holds anything, once the rows of the one before have been skipped;
        None when there is none."""
        for _packet in iter(self._packet, None):
            pass
        while True:
            frame = self.frame()
            if frame is None:
                raise self.death()
            if "parsing" in frame:
                self._area = str(frame["parsing"].get("area") or "")
            elif "unread" in frame:
                self.unread.append(frame["unread"])
            elif "done" in frame:
                return None
            elif "about" in frame:
                about: dict[str, Any] = frame["about"]
                self._ended = False
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
        try:
            columns = [cells if type(cells) is list else self._expanded(cells) for cells in frame["columns"]]
            rows = list(zip(frame["rows"], map(list, zip(*columns, strict=True)), strict=True))
            if "lengths" in frame:
                rows = [(row, cells[:length]) for (row, cells), length in zip(rows, frame["lengths"], strict=True)]
            return rows
        except (LookupError, TypeError, ValueError, OverflowError) as error:
            raise refusal("damaged") from error

    def _expanded(self, column: dict[str, Any]) -> list[Cell]:
        """A column of which each different value was told once."""
        values = [self._values(value) if type(value) is dict else value for value in column["v"]]
        return list(map(values.__getitem__, column["i"]))

    def death(self) -> Exception:
        """As of every child; a sheet that says it stretches too far is told so."""
        if self._area and self.exit_code() in (-6, -11):
            return refusal("stretched", area=self._area)
        return super().death()


class _Values:
    """Turns ``{"d": ...}`` back into dates, each distinct one once, and the like."""

    def __init__(self) -> None:
        self.dates: dict[str, Cell] = {}

    def __call__(self, found: dict[str, Any]) -> Cell:
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
        raise ValueError("a cell of no known kind")
