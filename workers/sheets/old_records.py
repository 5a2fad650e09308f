"""What an old workbook (.xls) says beside its values: comments on cells, hidden rows and columns, sheet by sheet.

The file is a compound document (MS-CFB); its stream “Workbook” is a row of records (MS-XLS, BIFF8). Runs in the child
process only; every step is bounded by the size of the file, and what cannot be followed is said to be unseen.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from .addresses import column_letters
from .noticing import LONGEST_COMMENT, MOST_COMMENTS, MOST_NAMED

BOF, EOF, BOUNDSHEET, ROW, COLINFO, NOTE, OBJ, TXO, CONTINUE = 0x809, 0x0A, 0x85, 0x208, 0x7D, 0x1C, 0x5D, 0x1B6, 0x3C
HIDDEN_ROW, HIDDEN_COLUMN = 0x20, 0x01
BIFF8 = b"\x00\x06"
NO_SECTOR = 0xFFFFFFF0  # from here on a number is no sector but a mark
HEADER, ENTRY, LISTED_IN_HEADER = 512, 128, 109
Record = tuple[int, bytes]


def scan(content: bytes) -> dict[str, dict[str, Any]] | None:
    """Sheet -> ``comments`` ([cell, text]), ``hidden_rows``, ``hidden_columns``; None when the file cannot be followed."""
    try:
        stream = _workbook(content)
        if stream[:2] != b"\x09\x08" or stream[4:6] != BIFF8:
            return None
        sheets = [_bound(body) for code, body in _records(stream, 0) if code == BOUNDSHEET]
        return {name: _sheet(stream, start) for start, name in sheets}
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return None


def _workbook(content: bytes) -> bytes:
    """The stream of records. ValueError when there is none of usual length."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    first_folder = struct.unpack_from("<I", content, 48)[0]
    if not 128 <= size <= 4096:
        raise ValueError("sectors")
    chains = b"".join(_sector(content, at, size) for at in _chain_sectors(content, size))
    following = struct.unpack(f"<{len(chains) // 4}I", chains[: len(chains) // 4 * 4])
    folder = _stream(content, first_folder, size, following)
    for at in range(0, len(folder) - ENTRY + 1, ENTRY):
        length = struct.unpack_from("<H", folder, at + 64)[0]
        if folder[at : at + max(0, length - 2)].decode("utf-16-le", "replace") in ("Workbook", "Book"):
            start, bytes_long = struct.unpack_from("<II", folder, at + 116)
            if bytes_long >= 4096:  # a shorter one stands elsewhere, and no program writes one
                return _stream(content, start, size, following)[:bytes_long]
    raise ValueError("stream")


def _sector(content: bytes, number: int, size: int) -> bytes:
    at = HEADER + number * size if size <= HEADER else (number + 1) * size
    return content[at : at + size]


def _chain_sectors(content: bytes, size: int) -> list[int]:
    """The sectors that say which sector follows which: named in the header, and in a long file in sectors of their own."""
    named = list(struct.unpack_from(f"<{LISTED_IN_HEADER}I", content, 76))
    further, left = struct.unpack_from("<II", content, 68)
    while further < NO_SECTOR and left > 0 and left <= len(content) // size:
        more = _sector(content, further, size)
        *numbers, further = struct.unpack(f"<{size // 4}I", more)
        named, left = named + numbers, left - 1
    return [number for number in named if number < NO_SECTOR]


def _stream(content: bytes, start: int, size: int, following: tuple[int, ...]) -> bytes:
    pieces, at = [], start
    while at < NO_SECTOR:
        pieces.append(_sector(content, at, size))
        if len(pieces) > len(following):
            raise ValueError("a chain without an end")
        at = following[at]
    return b"".join(pieces)


def _records(stream: bytes, at: int) -> Iterator[Record]:
    """The records from a place on, to the end of the part that begins there. Parts may hold others, such as charts."""
    depth = 0
    while at + 4 <= len(stream):
        code, length = struct.unpack_from("<HH", stream, at)
        yield code, stream[at + 4 : at + 4 + length]
        depth += (code == BOF) - (code == EOF)
        if depth <= 0:
            return
        at += 4 + length


def _bound(body: bytes) -> tuple[int, str]:
    start, _flags, letters, wide = struct.unpack_from("<IHBB", body, 0)
    text = body[8 : 8 + letters * 2].decode("utf-16-le") if wide & 1 else body[8 : 8 + letters].decode("latin-1")
    return start, text


def _sheet(stream: bytes, start: int) -> dict[str, Any]:
    rows: list[int] = []
    columns: list[list[int]] = []
    comments: list[list[str]] = []
    texts: dict[int, str] = {}
    drawn, waiting = 0, 0
    for code, body in _records(stream, start):
        if code == ROW and struct.unpack_from("<H", body, 12)[0] & HIDDEN_ROW and len(rows) < 100 * MOST_NAMED:
            rows.append(struct.unpack_from("<H", body, 0)[0] + 1)
        elif code == COLINFO and struct.unpack_from("<H", body, 8)[0] & HIDDEN_COLUMN:
            columns.append(list(struct.unpack_from("<HH", body, 0)))
        elif code == OBJ:
            drawn = struct.unpack_from("<H", body, 6)[0]
        elif code == TXO:
            waiting = struct.unpack_from("<H", body, 10)[0]
        elif code == CONTINUE and waiting:
            texts[drawn], waiting = _text(body, waiting), 0
        elif code == NOTE and len(comments) < MOST_COMMENTS:
            row, column, _shown, of = struct.unpack_from("<HHHH", body, 0)
            comments.append([f"{column_letters(column)}{row + 1}", texts.get(of, "")])
    return {"comments": comments, "hidden_rows": rows, "hidden_columns": columns}


def _text(body: bytes, letters: int) -> str:
    """The first piece of a comment's text; a longer one than a record holds is cut there."""
    text = (
        body[1 : 1 + 2 * letters].decode("utf-16-le", "replace")
        if body[0] & 1
        else body[1 : 1 + letters].decode("latin-1")
    )
    return " ".join(text.split())[:LONGEST_COMMENT]
