"""Looks into a file before any parser does: what it really is, and whether unpacking it is safe.

Runs in the child process only. Decides by content, never by the file's name. Everything here is bounded: the table of
contents of an archive is read only when it is small, parts are unpacked in pieces and the pieces are counted.
Raises ``Refused`` with a code; the sentences belong to ``reading``.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from xml.etree import ElementTree

from .limits import MEGABYTE, Limits

PIECE = 256 * 1024
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DIRECTORY_END = b"PK\x05\x06"
MAX_DIRECTORY = 4 * MEGABYTE
PROLOG = 64 * 1024
BLANKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"
NESTED = (".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".docx", ".jar", ".7z", ".rar", ".gz")
SHEET_MAIN = ("spreadsheetml.sheet.main+xml", "spreadsheetml.template.main+xml")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class Refused(Exception):
    """A file that must not be read: ``code`` names the reason, ``params`` fill its sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def kind_of_file(head: bytes) -> str:
    """``zip``, ``ole`` or ``text`` from the first bytes; other well-known files are refused by their name."""
    if head.startswith((b"PK\x03\x04", DIRECTORY_END)):
        return "zip"
    if head.startswith(OLE_MAGIC):
        return "ole"
    if head.startswith(b"%PDF"):
        raise Refused("pdf")
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")):
        raise Refused("picture")
    if head.startswith((b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"BZh")):
        raise Refused("archive")
    start = head[:2048].replace(b"\x00", b"").lstrip(BLANKS).lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<style")) or b"<html" in start:
        raise Refused("html")
    if start.startswith((b"<?xml", b"<!doctype", b"<svg", b"<workbook")):
        raise Refused("xml")
    return "text"


def open_archive(file: BinaryIO, size: int, limits: Limits) -> zipfile.ZipFile:
    """The archive's table of contents, once its declared size is bearable and every entry is harmless."""
    _check_directory_size(file, size, limits)
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, UnicodeDecodeError) as error:
        raise Refused("damaged") from error
    _check_entries(archive, size, limits)
    return archive


def _check_directory_size(file: BinaryIO, size: int, limits: Limits) -> None:
    """Reads the last record of the archive by hand, so that a list of a million entries is never loaded."""
    file.seek(max(0, size - 66_000))
    tail = file.read()
    at = tail.rfind(DIRECTORY_END)
    if at < 0 or len(tail) < at + 22:
        raise Refused("damaged")
    entries, directory_size = struct.unpack("<HI", tail[at + 10 : at + 16])
    if entries > limits.entries or directory_size > MAX_DIRECTORY:
        raise Refused("bomb_entries", entries=entries, limit=limits.entries)


def _check_entries(archive: zipfile.ZipFile, size: int, limits: Limits) -> None:
    infos = archive.infolist()
    names = {info.filename for info in infos}
    if len(names) != len(infos):
        raise Refused("damaged")
    if len(infos) > limits.entries:
        raise Refused("bomb_entries", entries=len(infos), limit=limits.entries)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > limits.unpacked_size:
        raise Refused("bomb_size", megabytes=unpacked // MEGABYTE, limit=limits.unpacked_size // MEGABYTE)
    if sum(info.compress_size for info in infos) > size:
        raise Refused("damaged")  # parts that overlap: one packed block counted many times
    for info in infos:
        _check_entry(info, limits)


def _check_entry(info: zipfile.ZipInfo, limits: Limits) -> None:
    name = info.filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\x00" in info.orig_filename:
        raise Refused("path_names")
    if info.flag_bits & 0x1:
        raise Refused("encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or (info.external_attr >> 28) == 0xA:
        raise Refused("damaged")
    if name.lower().endswith(NESTED):
        raise Refused("nested")
    if info.file_size > limits.ratio_from and info.file_size > limits.ratio * max(1, info.compress_size):
        raise Refused("bomb_ratio", ratio=info.file_size // max(1, info.compress_size), limit=limits.ratio)


def kind_of_archive(archive: zipfile.ZipFile) -> str:
    """``xlsx`` or ``ods``; workbooks with macros, binary and encrypted ones and other documents are refused."""
    names = set(archive.namelist())
    lower = {name.lower() for name in names}
    if "[Content_Types].xml" in names:
        types = small(archive, "[Content_Types].xml").decode("utf-8", "replace")
        if "macroEnabled" in types or any(name.endswith(("vbaproject.bin", "xlmacro.bin")) for name in lower):
            raise Refused("xlsb" if "sheet.binary" in types else "macros")
        if any(name.startswith(("xl/macrosheets/", "xl/dialogsheets/")) for name in lower):
            raise Refused("macros")
        if "wordprocessingml" in types or "presentationml" in types:
            raise Refused("document")
        if not any(main in types for main in SHEET_MAIN):
            raise Refused("not_workbook")
        if any(name.startswith("xl/externallinks/") for name in lower):
            raise Refused("external_links")
        return "xlsx"
    if "mimetype" in names:
        if not small(archive, "mimetype").strip().startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            raise Refused("document")
        if "META-INF/manifest.xml" in names and b"encryption-data" in small(archive, "META-INF/manifest.xml"):
            raise Refused("encrypted")
        if any(name.startswith(("basic/", "scripts/")) for name in lower):
            raise Refused("macros")
        return "ods"
    if any(name.endswith(".iwa") for name in lower):
        raise Refused("numbers")
    raise Refused("archive")


def check_prologs(archive: zipfile.ZipFile) -> None:
    """Refuses any part that declares a document type or entities, and hidden archives among the other parts.

    A declaration can stand only before the root element, so the first 64 KB decide; no root there is refused as well.
    """
    for info in archive.infolist():
        if info.is_dir() or not info.file_size:
            continue
        head = b"".join(pieces(archive, info, most=PROLOG))
        if head.startswith((b"PK\x03\x04", OLE_MAGIC)):
            raise Refused("nested")
        plain = re.sub(rb"(?s)<!--.*?-->", b"", head.replace(b"\x00", b""))
        if not info.filename.lower().endswith((".xml", ".rels")) and not plain.lstrip(BLANKS).startswith(b"<"):
            continue
        root = re.search(rb"<[A-Za-z_]", plain)
        if root is None or b"<!" in plain[: root.start()]:
            raise Refused("entities")


def pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int | None = None) -> Iterator[bytes]:
    """A part, unpacked in pieces; refused when it holds more or less than the table of contents promised.

    Done with zlib and not with ``ZipFile.open``, which stops silently at the promised size where the parser would go
    on.
    """
    file = archive.fp
    assert file is not None
    file.seek(info.header_offset)
    header = file.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise Refused("damaged")
    position = info.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))
    left, out, at_once = info.compress_size, 0, 4 * PIECE if most is None else min(most, 4 * PIECE)
    unpacker = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 or (unpacker and unpacker.unconsumed_tail):
        packed = unpacker.unconsumed_tail if unpacker else b""
        if not packed:
            file.seek(position)
            packed = file.read(min(PIECE, left))
            if not packed:
                raise Refused("damaged")
            position, left = position + len(packed), left - len(packed)
        try:
            piece = unpacker.decompress(packed, at_once) if unpacker else packed
        except zlib.error as error:
            raise Refused("damaged") from error
        out += len(piece)
        if out > info.file_size:
            raise Refused("damaged")
        yield piece
        if most is not None and out >= most:
            return
    rest = unpacker.flush() if unpacker else b""
    if out + len(rest) != info.file_size:
        raise Refused("damaged")
    if rest:
        yield rest


def small(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part that is small in every honest file, whole."""
    info = archive.getinfo(name)
    if info.file_size > 4 * MEGABYTE:
        raise Refused("bomb_size", megabytes=info.file_size // MEGABYTE, limit=4)
    return b"".join(pieces(archive, info))


def tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(small(archive, name))  # noqa: S314 - declarations were refused before


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of an .xlsx: its name, the part that holds it, whether it is shown, and whether it is one of cells (others
    are charts and dialogues)."""

    name: str
    part: str
    visible: bool
    of_cells: bool


def sheets_of(archive: zipfile.ZipFile) -> list[SheetPart]:
    """The sheets of the .xlsx in their order, none where its table cannot be read. Called after ``check_prologs``."""
    try:
        relations = tree(archive, "xl/_rels/workbook.xml.rels")
        workbook = tree(archive, "xl/workbook.xml")
    except (KeyError, ElementTree.ParseError):
        return []
    related = {node.get("Id"): (node.get("Target", ""), node.get("Type", "")) for node in relations}
    sheets = []
    for node in workbook.iter():
        if node.tag.rpartition("}")[2] == "sheet":
            target, kind = related.get(node.get(RELATION) or node.get(STRICT_RELATION), ("", ""))
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            shown = node.get("state", "visible") == "visible"
            sheets.append(SheetPart(node.get("name", ""), part, shown, kind.endswith("/worksheet")))
    return sheets


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> the part of the .xlsx that holds it. Called after ``check_prologs``."""
    return {sheet.name: sheet.part for sheet in sheets_of(archive)}


def unpack_all(archive: zipfile.ZipFile, names: tuple[str, ...]) -> None:
    """Unpacks the named parts to nowhere, to see that they are as large as promised."""
    for info in archive.infolist():
        if info.filename in names:
            for _piece in pieces(archive, info):
                pass


def check_ole(content: bytes) -> None:
    """An old .xls, told apart from encrypted workbooks, Word documents and workbooks with macros by its streams."""

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise Refused("encrypted")
    if has("_VBA_PROJECT"):
        raise Refused("macros")
    if has("WordDocument") or has("PowerPoint Document"):
        raise Refused("document")
    if not (has("Workbook") or has("Book")):
        raise Refused("not_workbook")
