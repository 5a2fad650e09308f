"""Ways to spoil a file: bytes, parts of an archive, numbers and letters in XML, encodings, separators, headers and cells.

Each is a function of a random generator and the bytes of a file, and gives other bytes; the same seed gives the same file.
"""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

NASTY = (
    "", " ", "0", "-1", "1e308", "NaN", "inf", "99999999999999999999", "1.500", "1,5,0", "4 lakh", "K500–3,000", "£", "=1+1",
    "@SUM(A1)", "+", "-", "'", "''", '"', "#REF!", "03/04/2024", "32/13/2024", "2567-01-01", "0000-00-00", "9999-12-31", "45383",
    "mid Feb", "7:30", "7:61", "1/2/3", "Ｐ１２３", "٠١٢", "M", "1", "?", "n/a", "TOTAL", "Worker ID", "pregnant, sent home",
    "a\u202eb", "a\u200bb", "\u00a0", "\ufeff", "é" * 3000, "🙂", "Ａ", "\u0301", "\ud7ff", "ʻ", "\x1b[0m", "a\tb", "a\nb", "a\\nb", "\\",
    "\\N", "%s", "{value}", "{0}", "<b>", "&amp;", "]]>", "_x0000_", "_x000D_", "' or 1=1 --", "P123456", "p 123-456", "TON-001",
    "+676 777 1234", "6.76777E+09", "true", "x" * 5000, "1" * 400, "(" * 300, "." * 300, "1." * 200,
)  # fmt: skip
CODES = ("utf-8", "utf-16", "utf-16-be", "utf-32", "cp1252", "cp1258", "shift_jis", "gb18030", "cp037", "latin-1")
HUGE = ("XFD1048576", "ZZZZ1", "A99999999999", "A0", "1A", "", "AAAAAAAAAAAAAAAAA1", "B-2")

Mutation = Callable[[random.Random, bytes], bytes]


def flip(chance: random.Random, content: bytes) -> bytes:
    """A few bytes become others."""
    made = bytearray(content)
    for _time in range(chance.randint(1, 12)):
        if made:
            made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def cut(chance: random.Random, content: bytes) -> bytes:
    """The end, the beginning or a piece of the middle is lost."""
    one, two = sorted(chance.randint(0, len(content)) for _end in range(2))
    return chance.choice((content[:one], content[two:], content[:one] + content[two:]))


def insert(chance: random.Random, content: bytes) -> bytes:
    """Random bytes, noughts or a piece of the file itself come in between."""
    at, size = chance.randint(0, len(content)), chance.choice((1, 7, 60, 4000))
    piece = chance.choice((chance.randbytes(size), b"\x00" * size, content[at : at + size], b"<" * size, b'"' * size))
    return content[:at] + piece + content[at:]


def swap(chance: random.Random, content: bytes) -> bytes:
    """Two pieces change places."""
    a, b, c = sorted(chance.randint(0, len(content)) for _end in range(3))
    return content[:a] + content[b:c] + content[a:b] + content[c:]


def recode(chance: random.Random, content: bytes) -> bytes:
    """The text in another encoding."""
    return content.decode("utf-8", "replace").encode(chance.choice(CODES), "replace")


def separate(chance: random.Random, content: bytes) -> bytes:
    """Other separators, ends of lines or quotation marks."""
    old, new = chance.choice(
        ((b",", b";"), (b";", b","), (b",", b"\t"), (b"\r\n", b"\n"), (b"\n", b"\r"), (b'"', b"'"), (b'"', b""))
    )
    return content.replace(old, new, chance.choice((-1, 1, 3)))


def cell_of_text(chance: random.Random, content: bytes) -> bytes:
    """A cell, a header or a whole line of a text file becomes another."""
    text = content.decode("utf-8", "replace")
    separator = max(",;\t|", key=text.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return flip(chance, content)
    for _time in range(chance.randint(1, 3)):
        filled = [row for row in rows if row]
        if not filled:
            break
        row = chance.choice(filled)
        row[chance.randrange(len(row))] = chance.choice(NASTY)
    if chance.random() < 0.3:
        rows.insert(chance.randint(0, len(rows)), list(chance.choice(rows or [[]])))
    if chance.random() < 0.1 and rows:
        chance.shuffle(rows)
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


def part(chance: random.Random, content: bytes) -> bytes:
    """A part of the archive is spoilt, lost, doubled under another name or put in the place of another."""
    parts = _parts(content)
    if not parts:
        return flip(chance, content)
    name, other = chance.choice(list(parts)), chance.choice(list(parts))
    what = chance.randrange(6)
    if what == 0:
        del parts[name]
    elif what == 1:
        parts[name], parts[other] = parts[other], parts[name]
    elif what == 2:
        parts[f"{name}{chance.randrange(9)}"] = parts[name]
    else:
        parts[name] = chance.choice((flip, cut, insert, swap))(chance, parts[name])
    return _packed(parts)


def xml(chance: random.Random, content: bytes) -> bytes:
    """Numbers, cell addresses, texts and attributes inside the XML become others."""
    parts = _parts(content)
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    if not names:
        return insert(chance, content)
    name = chance.choice([n for n in names if "sheet" in n.lower() or "content" in n] or names)
    text = parts[name].decode("utf-8", "replace")
    what = chance.randrange(5)
    if what == 0:
        text = _once(chance, r"(?<=>)[^<>]*(?=</(?:t|v|text:p)>)", lambda _m: escape(chance.choice(NASTY)), text)
    elif what == 1:
        text = _once(chance, r'(?<=r=")[A-Z]+[0-9]+(?=")', lambda _m: chance.choice(HUGE), text)
    elif what == 2:
        text = _once(
            chance, r'(?<=")[0-9]+(?=")', lambda _m: chance.choice(("0", "-1", "4294967295", "1048577", "x")), text
        )
    elif what == 3:
        text = _once(
            chance,
            r'(?<= t=")[a-zA-Z]+(?=")',
            lambda _m: chance.choice(("s", "e", "b", "d", "str", "inlineStr", "zz")),
            text,
        )
    else:
        text = _once(chance, r"</?[a-zA-Z:]+", lambda found: chance.choice(("<x", "", found[0] * 2, "<!--")), text)
    parts[name] = text.encode("utf-8", "replace")
    return _packed(parts)


def _once(chance: random.Random, pattern: str, new: Callable[[re.Match[str]], str], text: str) -> str:
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    at = chance.choice(found)
    return text[: at.start()] + new(at) + text[at.end() :]


def _parts(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as made:
            return {info.filename: made.read(info) for info in made.infolist() if info.file_size < 2**21}
    except Exception:  # whatever is wrong with an archive that was spoilt before
        return {}


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in parts.items():
            made.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


OF_ANY: tuple[Mutation, ...] = (flip, cut, insert, swap)
OF_TEXT: tuple[Mutation, ...] = (cell_of_text, cell_of_text, cell_of_text, recode, separate)
OF_ARCHIVE: tuple[Mutation, ...] = (xml, xml, xml, part)


def spoilt(chance: random.Random, content: bytes) -> tuple[bytes, list[str]]:
    """The file after one to three mutations, and their names."""
    names = []
    for _time in range(chance.choice((1, 1, 1, 2, 3))):
        own = OF_ARCHIVE if content[:2] == b"PK" else () if content[:4] == b"\xd0\xcf\x11\xe0" else OF_TEXT
        mutate = chance.choice((*OF_ANY, *own, *own))
        content = mutate(chance, content)
        names.append(mutate.__name__)
    return content, names
