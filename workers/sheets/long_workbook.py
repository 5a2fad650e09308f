"""A long ``.xlsx`` read as it comes: its rows pass by, and only the texts that its cells share are held, packed.

The parser of workbooks holds a sheet whole, some 1.7 KB for a row of 20 cells. Here the parts are unpacked in pieces and
walked by expat, which takes longer for a row and no more memory for a longer list. What a cell means (its type, which
formats are dates, from which year days are counted) follows ECMA-376 part 1, 18.3.1.4, 18.8.30 and 18.18.11; the tests hold
every workbook of the book of files against what the other parser reads of it.
"""

from __future__ import annotations

import datetime
import math
import re
import zipfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.parsers import expat

from .addresses import column_index
from .archive import Refused, pieces, sheets_of, tree
from .workbooks import Rows

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
FIRST_DAY = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - the days of a spreadsheet have no zone
KEPT_TEXTS = 50_000
DAY_FORMATS = frozenset({*range(14, 23), 45, 47})
SPAN_FORMAT = 46
CELL = re.compile(rb"<(?:\w+:)?c[ />]")
CELL_COLUMN = re.compile(rb"""\sr=["']([A-Z]{1,3})[0-9]""")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
LAST_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="([0-9]{1,7})"')
OVERLAP = 400
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def length(archive: zipfile.ZipFile) -> int:
    """The unpacked bytes that a parser of the whole would have to hold: all sheets, and the texts that they share."""
    return sum(
        info.file_size
        for info in archive.infolist()
        if info.filename.startswith("xl/worksheets/") or info.filename == "xl/sharedStrings.xml"
    )


class Long:
    """An .xlsx that was found harmless, read in pieces."""

    def __init__(self, archive: zipfile.ZipFile, *, date1904: bool) -> None:
        self._archive = archive
        sheets = [sheet for sheet in sheets_of(archive) if sheet.of_cells]
        self.listed: list[dict[str, Any]] = [{"name": each.name, "visible": each.visible} for each in sheets]
        self._parts = {each.name: each.part for each in sheets}
        self._value = _Values(archive, date1904)

    def sheet(self, name: str) -> Rows | None:
        """The cells of a sheet."""
        try:
            info = self._archive.getinfo(self._parts[name])
        except KeyError as error:
            raise Refused("damaged") from error
        columns, merged, height = _extent(self._archive, info)
        if not columns:
            return None
        first = min(columns)
        rows = _rows(pieces(self._archive, info), self._value, first, max(columns) - first + 1)
        return Rows(first, max(columns) - first + 1, height, merged, rows)


def _extent(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[set[int], list[list[int]], int]:
    """The columns that have cells, the merged cells, and the last row, from a first walk over the part."""
    columns: set[bytes] = set()
    merged: list[list[int]] = []
    height, kept, cells = 0, b"", False
    for piece in pieces(archive, info):
        text = kept + piece
        opened = text.rfind(b"<", max(0, len(text) - OVERLAP))
        cut = opened if opened >= 0 and b">" not in text[opened:] else len(text)
        text, kept = text[:cut], text[cut:]
        columns.update(CELL_COLUMN.findall(text))
        cells = cells or CELL.search(text) is not None
        if found := LAST_ROW.findall(text):
            height = int(found[-1])
        merged += [
            [int(top) - 1, column_index(left.decode()), int(bottom) - 1, column_index(right.decode())]
            for left, top, right, bottom in MERGED.findall(text)
        ]
    # Cells that do not say where they stand, stand side by side from the first column on.
    return {column_index(letters.decode()) for letters in columns} or ({0} if cells else set()), merged, height


Value = Callable[[str, str, str], Any]


def _rows(parts: Iterable[bytes], value: Value, first: int, width: int) -> Iterator[list[Any]]:
    """The rows of a sheet from its first on; those that are left out in the file are blank."""
    walk = _Walk(value, first, width)
    number = 0
    for piece in parts:
        walk.feed(piece)
        for at, cells in walk.ready:
            if not number < at <= MOST_ROWS:
                raise Refused("damaged")
            for _blank in range(number + 1, at):
                yield []
            yield cells
            number = at
        walk.ready.clear()
    walk.feed(b"", last=True)


class _Walk:
    """One walk of expat over the part of a sheet; ``ready`` fills with (row number, cells)."""

    def __init__(self, value: Value, first: int, width: int) -> None:
        self.ready: list[tuple[int, list[Any]]] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._root
        self._value, self._first, self._width = value, first, width

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Walk over a piece of the part."""
        try:
            self._parser.Parse(piece, last)
        except (expat.ExpatError, ValueError, IndexError) as error:
            raise Refused("damaged") from error

    def _root(self, name: str, _attributes: dict[str, str]) -> None:
        """The root says which prefix the names of this part have, if any."""
        before = name.rpartition(":")
        self._handle(before[0] + before[1])

    def _handle(self, prefix: str) -> None:
        # Names are bound here once, because these functions are called for every element of a million rows.
        cell, row, texts, aside = f"{prefix}c", f"{prefix}row", (f"{prefix}v", f"{prefix}t"), f"{prefix}rPh"
        first, blank, value, ready = self._first, [""] * self._width, self._value, self.ready
        places: dict[str, int] = {}
        cells: list[Any] = []
        found: list[str] = []
        number = at = -1
        kind = style = ""
        taking = silent = False

        def start(name: str, given: dict[str, str]) -> None:
            nonlocal cells, number, at, kind, style, taking, silent
            if name == cell:
                letters = given.get("r", "").rstrip("0123456789")
                if letters:
                    place = places.get(letters)
                    if place is None:
                        place = places[letters] = column_index(letters) - first
                        if not 0 <= place < MOST_COLUMNS:
                            raise ValueError(letters)
                    at = place
                else:
                    at += 1  # a cell that names no column stands right of the one before it
                kind, style = given.get("t", "n"), given.get("s", "")
                found.clear()
            elif name in texts:
                taking = not silent
            elif name == row:
                number = int(given["r"]) if "r" in given else max(number, 0) + 1
                cells, at = blank.copy(), -1 - first
            elif name == aside:
                silent = True

        def text(data: str) -> None:
            if taking:
                found.append(data)

        def end(name: str) -> None:
            nonlocal taking, silent
            if name in texts:
                taking = False
            elif name == cell:
                if found:
                    if at >= len(cells):
                        cells.extend([""] * (at - len(cells) + 1))
                    cells[at] = value(kind, found[0] if len(found) == 1 else "".join(found), style)
            elif name == row:
                ready.append((number, cells))
            elif name == aside:
                silent = False

        self._parser.StartElementHandler = start
        self._parser.EndElementHandler = end
        self._parser.CharacterDataHandler = text


class _Values:
    """What a cell holds, of its type, its text and its style: text, a number, true or false, a date, a time, a duration."""

    def __init__(self, archive: zipfile.ZipFile, date1904: bool) -> None:
        self._texts = _shared(archive)
        self._styles = _styles(archive)
        self._days = _Days(date1904)

    def __call__(self, kind: str, text: str, style: str) -> Any:
        if kind == "s":
            return self._texts(int(text))
        if kind == "n":
            try:
                number = float(text)
            except ValueError:
                return text
            if not math.isfinite(number):
                return text
            form = self._styles.get(style)
            return number if form is None else self._days(number, form)
        if kind == "b":
            return text.strip() != "0"
        if kind == "e":
            return ""
        return _moment(text) if kind == "d" else _unescaped(text)


def _moment(text: str) -> Any:
    """A date as ISO 8601 writes it, or the text when it is none."""
    for read in (datetime.date.fromisoformat, datetime.datetime.fromisoformat, datetime.time.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _unescaped(text: str) -> str:
    """A text with the signs that XML cannot hold put back."""
    return ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


class _Days:
    """Numbers that are shown as dates, each different one reckoned once while there are not too many."""

    def __init__(self, date1904: bool) -> None:
        self._add = 1462 if date1904 else 0
        self._known: dict[tuple[float, str], Any] = {}

    def __call__(self, number: float, form: str) -> Any:
        known = self._known.get((number, form))
        if known is None:
            known = self._reckoned(number, form)
            if len(self._known) < KEPT_TEXTS:
                self._known[number, form] = known
        return known

    def _reckoned(self, number: float, form: str) -> Any:
        try:
            if form == "span":
                return datetime.timedelta(milliseconds=round(number * 86_400_000))
            if number < 0:  # no day; programs show a row of crosses
                return number
            if number < 1:
                return (FIRST_DAY + datetime.timedelta(milliseconds=round(number * 86_400_000))).time()
            # There was no 29 February 1900; the day numbers of spreadsheets have one.
            days = number + self._add + (1 if number + self._add < 60 else 0)
            moment = FIRST_DAY + datetime.timedelta(milliseconds=round(days * 86_400_000))
        except OverflowError:
            return number
        return moment.date() if number == int(number) else moment


def _styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Number of a style, as cells name it → ``day`` or ``span`` where it shows a number as a date or a duration."""
    try:
        root = tree(archive, "xl/styles.xml")
    except KeyError:
        return {}
    except expat.ExpatError as error:
        raise Refused("damaged") from error
    own: dict[str, str] = {}
    used: list[str] = []
    for part in root:
        name = part.tag.rpartition("}")[2]
        if name == "numFmts":
            own = {each.get("numFmtId", ""): form_of(each.get("formatCode", "")) for each in part}
        elif name == "cellXfs":
            used = [each.get("numFmtId", "") for each in part]
    forms = {str(code): "day" for code in DAY_FORMATS} | {str(SPAN_FORMAT): "span"} | own
    return {str(number): forms[code] for number, code in enumerate(used) if forms.get(code)}


def form_of(pattern: str) -> str:
    """``day``, ``span`` or nothing of a pattern of numbers: its first section decides, quoted text and escapes aside."""
    pattern = re.sub(r'"[^"]*"?|[_\\*].?', "", pattern).partition(";")[0].lower()
    if re.search(r"\[(?:h+|m+|s+)\]", pattern):
        return "span"
    plain = re.sub(r"\[[^\]]*\]?", "", pattern).replace("general", "")
    return "day" if re.search(r"[dmhys]|a/p|am/pm", plain) else ""


def _shared(archive: zipfile.ZipFile) -> Callable[[int], str]:
    """The texts that cells share, by number: held as bytes end to end, because eight million objects would not fit."""
    try:
        info = archive.getinfo("xl/sharedStrings.xml")
    except KeyError:
        return _Texts()
    texts = _Texts()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    found: list[str] = []
    taking = silent = False

    def start(name: str, _given: dict[str, str]) -> None:
        nonlocal taking, silent
        name = name.rpartition(":")[2]
        if name == "t":
            taking = not silent
        elif name == "rPh":
            silent = True
        elif name == "si":
            found.clear()

    def end(name: str) -> None:
        nonlocal taking, silent
        name = name.rpartition(":")[2]
        if name == "t":
            taking = False
        elif name == "si":
            texts.add("".join(found))
        elif name == "rPh":
            silent = False

    def text(data: str) -> None:
        if taking:
            found.append(data)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        for piece in pieces(archive, info):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise Refused("damaged") from error
    return texts


class _Texts:
    """Texts by number. IndexError for one that is not there."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])
        self._known: dict[int, str] = {}

    def add(self, text: str) -> None:
        """One more, under the next number."""
        self._bytes += _unescaped(text).encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __call__(self, number: int) -> str:
        known = self._known.get(number)
        if known is None:
            if number < 0:
                raise IndexError(number)
            known = self._bytes[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")
            if len(self._known) < KEPT_TEXTS:  # the first ones are those that come again
                self._known[number] = known
        return known
