"""The child that parses a file nobody has vouched for: ``python -m workers.sheets.reader_process REQUEST``.

It takes one JSON object as its argument (path, limits, and the reader's choices), puts bounds on itself before it opens
the file, and writes frames to standard output: four bytes of length, then JSON. First ``about``, then ``rows`` in
packets, then ``end``; or ``refused`` with a code at any moment. If a parser aborts, only this process dies.
A workbook of which no sheet was asked for is told sheet by sheet, the visible ones that hold anything: ``about``, ``rows``
and ``end`` of each, ``unread`` for one that cannot be read, and ``done``.

It imports nothing of the portal, knows no settings, and runs without the portal's environment.
Packets go column by column. A column of text and numbers is a list of its cells; one that holds anything JSON has no
word for is ``{"v": values, "i": which value stands in each row}``, so that a date is told once for all its rows. Values
are text, numbers, or ``{"d": date}``, ``{"t": time}``, ``{"h": duration in seconds}``; true and false become the words,
because a clerk who types TRUE and one who ticks a box mean the same.
"""

from __future__ import annotations

import codecs
import datetime
import io
import itertools
import json
import os
import struct
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, BinaryIO

from . import archive, delimited, long_workbook, noticing, old_records
from .archive import Refused
from .limits import Limits
from .workbooks import Whole, Workbook

PACKET = 1000
LONG_TEXT = 8 * 1024 * 1024  # bytes; a text file above it is read as it comes
CHUNK = 1024 * 1024
SAMPLE = 200_000  # characters in which the sign between the cells is looked for
PLAIN = frozenset({str, int, float})


def main(request: dict[str, Any], out: BinaryIO) -> int:
    """Reads as asked and writes the frames. 0: read to the end; 3: refused, and the frame says why."""
    limits = Limits(**request["limits"])
    bound_self(limits)
    return answering(lambda: read(request, limits, out), out)


def answering(work: Callable[[], None], out: BinaryIO) -> int:
    """Does the work, which writes its own frames. 0: done; 3: refused, and a frame says why."""
    try:
        work()
    except Refused as refusal:
        send(out, {"refused": [refusal.code, refusal.params]})
        return 3
    except MemoryError:
        send(out, {"refused": ["memory", {}]})
        return 3
    except (OSError, EOFError) as error:
        send(out, {"refused": ["unreadable", {"reason": type(error).__name__}]})
        return 3
    return 0


def bound_self(limits: Limits) -> None:
    """Memory, processor time, no core file, no file of any size written. Where the system has no such bounds, none."""
    try:
        import resource
    except ImportError:  # a system without them; the parent's clock still holds
        return
    bounds = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for which, bound in bounds.items():
        try:
            resource.setrlimit(which, (bound, bound))
        except (OSError, ValueError):
            continue


def read(request: dict[str, Any], limits: Limits, out: BinaryIO) -> None:
    """Decides what the file is and hands it to the reader of that kind."""
    path = request["path"]
    size = os.path.getsize(path)
    if size > limits.file_size:
        raise Refused("too_big", megabytes=-(-size // 2**20), limit=limits.file_size // 2**20)
    if size == 0:
        raise Refused("empty")
    with open(path, "rb") as file:
        head = file.read(4096)
        kind = archive.kind_of_file(head)
        if kind == "text":
            if size > LONG_TEXT and read_long_text(path, request, limits, out):
                return
            read_text(head + file.read(), request, limits, out)
            return
        if kind == "zip":
            read_workbook(path, _Archive(file, size, limits), request, limits, out)
        else:
            read_workbook(path, _OldWorkbook(head + file.read()), request, limits, out)


class _Archive:
    """An .xlsx or .ods before any parser opens it: found harmless, and asked what a parser does not tell."""

    def __init__(self, file: BinaryIO, size: int, limits: Limits) -> None:
        self.opened = archive.open_archive(file, size, limits)
        self.kind = archive.kind_of_archive(self.opened)
        archive.check_prologs(self.opened)
        archive.unpack_all(self.opened, ("xl/sharedStrings.xml", "xl/styles.xml", "content.xml", "styles.xml"))
        self.parts = archive.sheet_parts(self.opened) if self.kind == "xlsx" else {}
        try:
            self.date1904 = noticing.counts_from_1904(self.opened, self.kind)
            self.of_file = noticing.scan_document(self.opened) if self.kind == "ods" else {}
        except KeyError as error:
            raise Refused("damaged") from error

    def notice(self, name: str) -> dict[str, Any]:
        """What there is to say about a sheet."""
        if name in self.parts:
            return noticing.scan_sheet(self.opened, self.parts[name])
        told = {**self.of_file}
        comments = told.pop("comments_of", {})
        return told | {"comments": comments.get(name, [])}


class _OldWorkbook:
    """The same of an .xls."""

    kind = "xls"

    def __init__(self, content: bytes) -> None:
        archive.check_ole(content)
        found = noticing.old_workbook(content)
        if found["password"]:
            raise Refused("encrypted")
        self.date1904 = found["date1904"]
        self.of_sheets = old_records.scan(content)

    def notice(self, name: str) -> dict[str, Any]:
        """What there is to say about a sheet; ``unseen`` when nobody can tell."""
        return (self.of_sheets or {}).get(name, {"unseen": True})


def read_workbook(
    path: str, looked: _Archive | _OldWorkbook, request: dict[str, Any], limits: Limits, out: BinaryIO
) -> None:
    """The sheet asked for, else every visible one that holds anything."""
    book, limits = _opened(path, looked, limits)
    listed = book.listed
    wanted = request.get("sheet")
    if wanted is not None and wanted not in {sheet["name"] for sheet in listed}:
        raise Refused("no_such_sheet", sheet=wanted)
    names: list[str] = [wanted] if wanted is not None else [str(sheet["name"]) for sheet in listed if sheet["visible"]]
    if len(names) > limits.sheets:
        raise Refused("too_many_sheets", sheets=len(names), limit=limits.sheets)
    about = {"kind": looked.kind, "sheets": listed, "date1904": looked.date1904}
    held, first, sent = 0, None, 0
    for name in names:
        try:
            found = read_one(book, name, looked, {**about}, limits, out, sent)
            held, sent = held + (found > 0), sent + found
        except Refused as refusal:
            if len(names) == 1 or refusal.code == "too_many_rows":
                raise
            first = first or refusal
            send(out, {"unread": {"sheet": name, "code": refusal.code, "params": refusal.params}})
    if not held:
        hidden = [str(sheet["name"]) for sheet in listed if not sheet["visible"]]
        raise first or (Refused("only_hidden", sheets=", ".join(hidden[:10])) if hidden else Refused("empty"))
    send(out, {"done": {}})


def _opened(path: str, looked: _Archive | _OldWorkbook, limits: Limits) -> tuple[Workbook, Limits]:
    """The workbook, and the limits that hold for one of its length."""
    if isinstance(looked, _Archive) and looked.kind == "xlsx":

        def in_pieces() -> Workbook:
            return long_workbook.Long(looked.opened, date1904=looked.date1904)

        if long_workbook.length(looked.opened) > limits.held:
            return in_pieces(), limits
        return Whole(path, in_pieces), limits
    return Whole(path), replace(limits, rows=min(limits.rows, limits.rows_held))


def read_one(
    book: Workbook,
    name: str,
    looked: _Archive | _OldWorkbook,
    about: dict[str, Any],
    limits: Limits,
    out: BinaryIO,
    before: int,
) -> int:
    """One sheet, unless it is blank; how many rows it held. ``before`` are the rows of the sheets before it."""
    found = looked.notice(name)
    # Said before parsing: if the parser dies of a sheet that stretches too far, the parent can tell why.
    send(out, {"parsing": {"sheet": name, "area": found.get("area", "")}})
    sheet = book.sheet(name)
    if sheet is None:
        return 0
    if sheet.width > limits.columns:
        raise Refused("too_wide", columns=sheet.first_column + sheet.width, limit=limits.columns)
    about.update(found)
    about.update(sheet=name, first_column=sheet.first_column, height=sheet.height, merged=sheet.merged[:2000])
    send(out, {"about": about})
    return send_rows(sheet.rows, limits, out, before)


def read_text(content: bytes, request: dict[str, Any], limits: Limits, out: BinaryIO) -> None:
    """A .csv or .tsv: one sheet without a name."""
    text, encoding = delimited.decode(content, request.get("encoding"))
    separator = separator_of(text, request)
    send(out, {"about": about_text(encoding, separator, text.count("\n"))})
    send_rows(delimited.rows_of_text(io.StringIO(text, newline=""), separator, limits), limits, out)
    send(out, {"done": {}})


def read_long_text(path: str, request: dict[str, Any], limits: Limits, out: BinaryIO) -> bool:
    """A long text file in UTF-8, read as it comes, so that memory does not grow with it. False when it is in another
    encoding, or another one was chosen: then nothing was sent."""
    if request.get("encoding") not in (None, "utf-8"):
        return False
    with open(path, "rb") as file:
        marked = file.read(3) == codecs.BOM_UTF8
        file.seek(0)
        decoder, height, head, text = codecs.getincrementaldecoder("utf-8-sig")(), 0, "", ""
        try:
            while piece := file.read(CHUNK):
                text = decoder.decode(piece)
                height += text.count("\n")
                head += text if len(head) < SAMPLE else ""
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    # UTF-16 without a mark is also valid UTF-8; the mark with which DOS ended its files is taken off a whole text.
    if text.endswith("\x1a") or (not marked and "\x00" in head):
        return False
    separator = separator_of(head, request)
    send(out, {"about": about_text("utf-8", separator, height)})
    with open(path, encoding="utf-8-sig", newline="") as lines:
        send_rows(delimited.rows_of_text(lines, separator, limits), limits, out)
    send(out, {"done": {}})
    return True


def separator_of(text: str, request: dict[str, Any]) -> str:
    """The sign between the cells, as chosen or found; refuses what is no text or no table."""
    if delimited.looks_binary(text):
        raise Refused("not_workbook")
    if not text.strip():
        raise Refused("empty")
    separator = request.get("separator") or delimited.find_separator(text)
    if separator not in delimited.SEPARATORS:
        raise Refused("ask_separator", choices=[",", ";", "tab", "|"])
    return str(separator)


def about_text(encoding: str, separator: str, height: int) -> dict[str, Any]:
    """What is told of a text file before its rows."""
    return {
        "kind": "text",
        "sheet": "",
        "sheets": [],
        "first_column": 0,
        "height": height,
        "merged": [],
        "encoding": encoding,
        "separator": separator,
    }


def send_rows(rows: Iterable[list[Any]], limits: Limits, out: BinaryIO, before: int = 0) -> int:
    """Rows that hold anything, with their spreadsheet row numbers, in packets; blank ones are only counted. How many rows
    were sent; ``before`` are those of earlier sheets, which count for the limit.

    Blank rows at the very end are how every sheet ends and are not counted.
    """
    numbers: list[int] = []
    packet: list[list[Any]] = []
    number = sent = blank = blank_so_far = 0
    for number, cells in enumerate(rows, start=1):
        if is_blank(cells):
            blank_so_far += 1
            continue
        blank, blank_so_far = blank + blank_so_far, 0
        sent += 1
        if before + sent > limits.rows + 20:  # headers and titles come on top
            raise Refused("too_many_rows", limit=limits.rows)
        numbers.append(number)
        packet.append(cells)
        if len(packet) >= PACKET:
            send_packet(numbers, packet, limits, out)
            numbers, packet = [], []
    if packet:
        send_packet(numbers, packet, limits, out)
    send(out, {"end": {"rows": sent, "blank": blank}})
    return sent


def send_packet(numbers: list[int], rows: list[list[Any]], limits: Limits, out: BinaryIO) -> None:
    """A packet of rows; when it is unusually large, its overlong cells are cut, which cleaning then refuses."""
    body = packed(numbers, rows)
    if len(body) > PACKET * limits.cell_characters:
        longest = limits.cell_characters
        cut = [[c[:longest] + "…" if type(c) is str and len(c) > longest else c for c in cells] for cells in rows]
        for start in range(0, len(cut), 20):
            write(out, packed(numbers[start : start + 20], cut[start : start + 20]))
        return
    write(out, body)


def packed(numbers: list[int], rows: list[list[Any]]) -> bytes:
    """The frame of a packet. Rows of a text file may differ in length; the shorter ones are filled with blanks."""
    columns = [column_of(cells) for cells in itertools.zip_longest(*rows, fillvalue="")]
    frame: dict[str, Any] = {"rows": numbers, "columns": columns}
    lengths = list(map(len, rows))
    if lengths and min(lengths) != max(lengths):
        frame["lengths"] = (
            lengths  # a row that is longer than its list stands askew, so the filling must come off again
        )
    return ENCODER.encode(frame).encode("ascii")


def column_of(cells: tuple[Any, ...]) -> Any:
    """The cells of a column as JSON has them, see above."""
    if PLAIN.issuperset(map(type, cells)):
        return cells
    places: dict[tuple[type, Any], int] = {}  # 1, 1.0 and true are equal and not the same
    index = [places.setdefault((type(cell), cell), len(places)) for cell in cells]
    return {"v": [plain(cell) for _type, cell in places], "i": index}


def is_blank(cells: list[Any]) -> bool:
    """Whether a row holds nothing but spaces. A row of zeros is not blank."""
    first = next(filter(None, cells), None)
    if first is None:
        return all(cell == "" for cell in cells)
    return type(first) is str and first.isspace() and all(type(c) is str and not c.strip() for c in cells)


def plain(value: object) -> object:
    """A cell as text or a number, or as the object that stands for what JSON has no word for."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime.datetime | datetime.date):
        return {"d": value.isoformat()}
    if isinstance(value, datetime.time):
        return {"t": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return {"h": value.total_seconds()}
    return str(value)


ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), check_circular=False)


def send(out: BinaryIO, frame: dict[str, object]) -> None:
    """One frame: length, then JSON."""
    write(out, ENCODER.encode(frame).encode("ascii"))
    out.flush()


def write(out: BinaryIO, body: bytes) -> None:
    """A frame that is encoded already."""
    out.write(struct.pack(">I", len(body)))
    out.write(body)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.stdout.buffer))
