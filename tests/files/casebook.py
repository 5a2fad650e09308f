"""The book of files: what each one is, who sends it as what kind of sheet, and which answers the sender gives.

A maker decorated with ``@case`` writes one file beside this module; ``<name>.expect.toml`` next to it says what must come
out (``expected.py`` writes and compares it). All people are invented. ``python -m tests.files.make`` writes every file.
"""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

HERE = Path(__file__).parent
MADE = datetime.datetime(2026, 1, 1)
D = datetime.date


@dataclass(frozen=True)
class Case:
    """One file of the book. ``runs`` are the answers given one after the other, each to the file sent anew; ``record`` is
    whether the last of them is recorded and the file sent once more. ``same_bytes``: the maker gives the same bytes
    wherever it runs (not so where a writer that is no dependency, or a packer of another version, has its say)."""

    name: str
    about: str
    make: Callable[[Path], None]
    kind: str = "workers"
    by: str = "ines"
    runs: tuple[dict[str, Any], ...] = ({},)
    record: bool = True
    same_bytes: bool = True
    parts: frozenset[str] = field(default_factory=frozenset)


CASES: dict[str, Case] = {}


def case(name: str, about: str, **more: Any) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    """Puts a maker into the book under the name of its file."""

    def keep(make: Callable[[Path], None]) -> Callable[[Path], None]:
        assert name not in CASES, name
        CASES[name] = Case(name, about, make, **more)
        return make

    return keep


def text_case(name: str, about: str, content: str, encoding: str = "utf-8", mark: bytes = b"", **more: Any) -> None:
    """A text file given as it stands, one line a row, lines ended as Windows does."""
    body = content.strip("\n").replace("\n", "\r\n") + "\r\n"
    case(name, about, **more)(lambda path: path.write_bytes(mark + body.encode(encoding)))


def bytes_case(name: str, about: str, content: bytes, **more: Any) -> None:
    """A file given byte by byte."""
    case(name, about, **more)(lambda path: path.write_bytes(content))


def as_csv(rows: Iterable[Iterable[Any]], separator: str = ",") -> str:
    """Rows as text, quoted where needed."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue()


def book(path: Path | io.BytesIO, **options: Any) -> Any:
    """An xlsxwriter workbook whose bytes are the same each time."""
    made = xlsxwriter.Workbook(path if isinstance(path, io.BytesIO) else str(path), options)
    made.set_properties({"created": MADE})
    return made


def fill(sheet: Any, rows: Iterable[Iterable[Any]], dates: Any, first_row: int = 0) -> None:
    """Writes rows; dates get the date format, everything else its own type."""
    for r, row in enumerate(rows, start=first_row):
        for c, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write_datetime(r, c, value, dates)
            elif value != "":
                sheet.write(r, c, value)


def plain_book(
    path: Path, rows: Iterable[Iterable[Any]], name: str = "List", first_row: int = 0, **options: Any
) -> None:
    """A workbook of one sheet; text stays text, whatever it begins with."""
    made = book(path, strings_to_formulas=False, strings_to_urls=False, **options)
    fill(made.add_worksheet(name), rows, made.add_format({"num_format": "yyyy-mm-dd"}), first_row)
    made.close()


def archive(path: Path, parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip of named parts with a fixed date."""
    with zipfile.ZipFile(path, "w", compression) as made:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = compression
            made.writestr(info, content)
    return path
