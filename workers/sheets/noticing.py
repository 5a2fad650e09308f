"""What the parser of a workbook will not tell: formulas, errors, hidden rows and columns, colours, comments, and from
which year days are counted. Runs in the child process only; everything is bounded, and what is noticed is only said,
never used to leave anything out.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from .addresses import column_letters
from .archive import Refused, pieces, small, tree

MOST_NAMED = 30
MOST_COMMENTS = 2_000
LONGEST_COMMENT = 2_000
LONGEST_TAG = 400
MOST_COLOURS = 40
AREA = re.compile(rb'<dimension ref="([A-Z0-9:]{1,30})"')
HIDDEN_ROW = re.compile(rb'<row (?=[^>]{0,300}hidden="(?:1|true)")[^>]{0,300}?r="([0-9]{1,7})"')
HIDDEN_COLUMN = re.compile(
    rb'<col (?=[^>]{0,300}hidden="(?:1|true)")(?=[^>]{0,300}min="([0-9]{1,5})")[^>]{0,300}max="([0-9]{1,5})"'
)
ERROR_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]{0,60} t="e"')
ODS_HIDDEN = re.compile(rb'table:visibility="(?:collapse|filter)"')
ODS_1904 = re.compile(rb'<table:null-date[^>]{0,200}date-value="1904-01-01"')
ODS_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
ODS_TABLE, ODS_OFFICE, ODS_TEXT = ODS_NAMES % "table", ODS_NAMES % "office", ODS_NAMES % "text"
BOF, END, CODE_1904, CODE_PASSWORD = 0x0809, 0x000A, 0x0022, 0x002F


def counts_from_1904(archive: zipfile.ZipFile, kind: str) -> bool:
    """Whether the workbook's day numbers start in 1904, as old Macintosh workbooks do."""
    if kind == "ods":
        return ODS_1904.search(next(pieces(archive, archive.getinfo("content.xml")), b"")) is not None
    return re.search(rb'date1904="(1|true)"', small(archive, "xl/workbook.xml")) is not None


def scan_sheet(archive: zipfile.ZipFile, part: str) -> dict[str, Any]:
    """Of one sheet of an .xlsx: how many formulas, which cells show an error, which rows and columns are hidden, which
    rows are coloured, the comments on its cells, and the area the sheet says it covers."""
    found: dict[str, Any] = {"formulas": 0, "error_cells": [], "hidden_rows": [], "hidden_columns": [], "area": ""}
    try:
        info = archive.getinfo(part)
    except KeyError:
        return found
    coloured = _coloured_cells(archive)
    rows: set[int] = set()
    for number, text in enumerate(_whole_tags(archive, info)):
        if number == 0:
            area = AREA.search(text)
            found["area"] = area.group(1).decode() if area else ""
            for first, last in HIDDEN_COLUMN.findall(text[: text.find(b"<sheetData")]):
                found["hidden_columns"].append([int(first) - 1, int(last) - 1])
        found["formulas"] += text.count(b"<f>") + text.count(b"<f ")
        if b' t="e"' in text:
            found["error_cells"] += [cell.decode() for cell in ERROR_CELL.findall(text)]
        if b'hidden="' in text:
            found["hidden_rows"] += [int(row) for row in HIDDEN_ROW.findall(text)]
        if coloured and len(rows) <= MOST_NAMED:
            rows.update(int(row) for row in coloured.findall(text)[: 20 * MOST_NAMED])
    found["coloured_rows"] = sorted(rows)
    found["comments"] = _comments(archive, part)
    return found


def scan_document(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Of an .ods: how many formulas there are and whether anything is hidden, by file and not by table; the comments on
    the cells of each table, or how many there are where they cannot be followed."""
    formulas = hidden = annotations = 0
    for text in _whole_tags(archive, archive.getinfo("content.xml")):
        formulas += text.count(b" table:formula=")
        hidden += len(ODS_HIDDEN.findall(text))
        annotations += text.count(b"<office:annotation ") + text.count(b"<office:annotation>")
    told = {"formulas": formulas, "anything_hidden": hidden}
    try:
        return told | {"comments_of": _document_comments(archive) if annotations else {}}
    except (ElementTree.ParseError, ValueError):
        return told | {"annotations": annotations}


def _document_comments(archive: zipfile.ZipFile) -> dict[str, list[list[str]]]:
    """Table -> [cell, text] of its comments. The part is walked in pieces, and what was walked is let go."""
    parser: ElementTree.XMLPullParser[ElementTree.Element] = ElementTree.XMLPullParser(["start", "end"])
    found: dict[str, list[list[str]]] = {}
    table, row, column, left = ElementTree.Element(""), 0, 0, MOST_COMMENTS
    for piece in pieces(archive, archive.getinfo("content.xml")):
        parser.feed(piece)
        for event, node in parser.read_events():  # type: ignore[misc]
            name = node.tag.rpartition("}")[2]  # type: ignore[union-attr]
            if event == "start":
                if name == "table":
                    table, row = node, 0  # type: ignore[assignment]
                    comments = found.setdefault(node.get(f"{ODS_TABLE}name", ""), [])  # type: ignore[union-attr]
                elif name == "table-row":
                    column = 0
            elif name in ("table-cell", "covered-table-cell"):
                for note in node.findall(f"{ODS_OFFICE}annotation") if left else ():  # type: ignore[union-attr]
                    text = "\n".join("".join(line.itertext()) for line in note.findall(f"{ODS_TEXT}p"))
                    comments.append([f"{column_letters(column)}{row + 1}", text[:LONGEST_COMMENT]])
                    left -= 1
                column += int(node.get(f"{ODS_TABLE}number-columns-repeated", "1"))  # type: ignore[union-attr]
            elif name == "table-row":
                row += int(node.get(f"{ODS_TABLE}number-rows-repeated", "1"))  # type: ignore[union-attr]
                node.clear()  # type: ignore[union-attr]
                table.clear()
    return found


def _whole_tags(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces, of which none ends inside a tag (unless a tag is longer than any is)."""
    kept = b""
    for piece in pieces(archive, info):
        text = kept + piece
        opened = text.rfind(b"<", max(0, len(text) - LONGEST_TAG))
        cut = opened if opened >= 0 and b">" not in text[opened:] else len(text)
        kept = text[cut:]
        yield text[:cut]
    if kept:
        yield kept


def _coloured_cells(archive: zipfile.ZipFile) -> re.Pattern[bytes] | None:
    """Finds the rows of cells that are filled with a colour of their own; None when the workbook has no such style."""
    try:
        styles = tree(archive, "xl/styles.xml")
    except (KeyError, ElementTree.ParseError, Refused):
        return None
    filled = {
        number
        for number, node in enumerate(_children(styles, "fills"))
        if any(each.tag.endswith("}patternFill") and each.get("patternType") == "solid" for each in node)
    }
    used = [n for n, node in enumerate(_children(styles, "cellXfs")) if _number(node.get("fillId")) in filled]
    if not used or len(used) > MOST_COLOURS:
        return None
    numbers = b"|".join(str(n).encode() for n in used)
    return re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})" s="(?:%s)"(?: t="[A-Za-z]+")?>' % numbers)


def _children(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return next((list(node) for node in root if node.tag.rpartition("}")[2] == name), [])


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 9 else 0


def _comments(archive: zipfile.ZipFile, part: str) -> list[list[str]]:
    """``[cell, text]`` of the comments that hang on a sheet's cells."""
    folder, name = posixpath.split(part)
    try:
        relations = tree(archive, f"{folder}/_rels/{name}.rels")
        targets = [node.get("Target", "") for node in relations if node.get("Type", "").endswith("/comments")]
        if not targets:
            return []
        target = targets[0]
        place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found = [node for node in tree(archive, place).iter() if node.tag.rpartition("}")[2] == "comment"]
    except (KeyError, ElementTree.ParseError, Refused):
        return []
    return [
        [node.get("ref", "")[:12], " ".join("".join(node.itertext()).split())[:LONGEST_COMMENT]]
        for node in found[:MOST_COMMENTS]
    ]


def old_workbook(content: bytes) -> dict[str, bool]:
    """Of an .xls: whether days are counted from 1904, and whether a password is needed. Reads the first records of the
    workbook's own stream, which stand together in every file that is not made to deceive; what cannot be read is not so."""
    answer = {"date1904": False, "password": False}
    for start in _beginnings(content):
        at = start
        for _record in range(200):
            if at + 4 > len(content):
                break
            code, length = struct.unpack_from("<HH", content, at)
            if code == CODE_1904 and length == 2:
                answer["date1904"] |= content[at + 4 : at + 6] == b"\x01\x00"
            answer["password"] |= code == CODE_PASSWORD
            if code == END or length > 8224:
                break
            at += 4 + length
    return answer


def _beginnings(content: bytes) -> Iterator[int]:
    """Where the globals of a workbook may begin: a record that opens a stream and says it is of the workbook."""
    for found in re.finditer(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00", content[: 8 * 2**20]):
        yield found.start()
