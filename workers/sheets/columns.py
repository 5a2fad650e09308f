"""Columns of the sheets and how headers are matched to them. The table itself is ``COLUMNS`` in ``kinds``.

Headers are compared without regard to case, spaces, punctuation and accents. What is not a column of the kind is listed
as ignored and never used: a header such as "status" or "organisation" can set nothing, whoever wrote it.
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .cleaning import Cleaner
from .refusals import refusal

# Privacy classes, from open to closed.
PLAIN = "plain"  # says nothing about a person by itself
PERSONAL = "personal"  # name, home, journey
CONTACT = "contact"  # how to reach the person
IDENTITY = "identity"  # numbers of papers
MONEY = "money"  # income, pay, costs
NOTE = "note"  # free text, in which anything may stand
APART = "kept apart"  # free text whose own store few may read, so that anything may stand in it
PRIVACY_CLASSES = (PLAIN, PERSONAL, CONTACT, IDENTITY, MONEY, NOTE, APART)

WHAT_TO_FIX = "What to fix"  # the last column of a remainder workbook; recognised and left out when it comes back
WORD_OF_OURS = f"{WHAT_TO_FIX}: "  # begins the comments of a remainder workbook, so that they are known again
REPEATED = ":"  # a column whose header ends so stands for many: "Deduction: rent", "Deduction: airfare"
MARKED = re.compile(r"[*†]|\((?:required|obligatoire|obligatorio|optional)\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind of sheet.

    ``required``: every row must fill it. ``hint_key``: the column that the cleaner's hint fills or must agree with.
    ``as_text``: the template formats it as text, so that no zero is lost; ``as_date`` as a date.
    ``carried``: filled by a download and brought back by the upload; nobody is asked to fill it in.
    ``unit``: over which time an amount is counted (``units.PERIODS``), or ``hours``.
    ``choices`` are the words the template offers. A key that ends in ``:`` is repeated, one column per item.
    """

    key: str
    header: str
    cleaner: Cleaner
    required: bool = False
    privacy: str = PERSONAL
    help: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()
    hint_key: str = ""
    as_text: bool = False
    as_date: bool = False
    carried: bool = False
    unit: str = ""

    @property
    def repeated(self) -> bool:
        """Whether one column of the file stands for one item of many."""
        return self.key.endswith(REPEATED)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sheet: its columns in order, what identifies a row, and what may not stand twice in one file.

    ``keys``: at least one of these groups must be filled in every row. ``unique``: no two rows may share these values.
    ``needs``: an amount's column -> the column of its currency. ``order``: pairs of dates of which the first may not be
    after the second. ``kept_apart``: programme officers read neither such a sheet of others nor its rows.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...]
    unique: tuple[tuple[str, ...], ...] = ()
    needs: dict[str, str] = field(default_factory=dict)
    order: tuple[tuple[str, str], ...] = ()
    kept_apart: bool = False

    def column(self, key: str) -> Column:
        """The column with a key; ``deduction:rent`` gives the repeated column. KeyError when there is none."""
        for column in self.columns:
            if column.key == key or (column.repeated and key.startswith(column.key)):
                return column
        raise KeyError(key)


@dataclass(frozen=True)
class Mapping:
    """Which column of the file is which. ``columns``: place in the file -> key. ``unknown``: headers that are ignored.
    ``missing``: headers that must be there and are not."""

    columns: dict[int, str]
    unknown: list[str]
    missing: list[str]

    @property
    def places(self) -> dict[str, int]:
        """Key -> place in the file."""
        return {key: place for place, key in self.columns.items()}


def is_ours(header: object) -> bool:
    """Whether a header is one that the portal itself adds to the workbooks it gives, and that is no column of the list."""
    return fold_header(header) == fold_header(WHAT_TO_FIX)


def fold_header(header: object) -> str:
    """A header for comparing: letters and digits only, no accents, lower case, no mark of being required."""
    plain = unicodedata.normalize("NFKD", MARKED.sub("", str(header)))
    return "".join(c for c in plain.casefold() if c.isalnum() and not unicodedata.combining(c))


@functools.cache
def _headers() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "data" / "headers.toml").read_text(encoding="utf-8"))


def synonyms(kind: Kind, column: Column) -> list[str]:
    """Other words for a column's header, from ``data/headers.toml``."""
    data = _headers()
    return data.get(kind.code, {}).get(column.key) or data["every kind"].get(column.key, [])


def words_of(kind: Kind) -> dict[str, str]:
    """Folded header or synonym -> key, for the columns that are not repeated."""
    words: dict[str, str] = {}
    for column in kind.columns:
        if not column.repeated:
            for word in (column.header, column.key, *synonyms(kind, column)):
                words.setdefault(fold_header(word), column.key)
    return words


def match_one(kind: Kind, words: dict[str, str], header: object) -> str | None:
    """The key a header means, or None."""
    text = str(header).strip()
    folded = fold_header(text)
    if not folded or folded == fold_header(WHAT_TO_FIX):
        return None
    if folded in words:
        return words[folded]
    for column in kind.columns:
        if column.repeated:
            for word in (column.header, *synonyms(kind, column)):
                start = fold_header(word)
                if folded.startswith(start) and len(folded) > len(start):
                    item = re.sub(r"(?i)^\W*\w+\W+", "", text) if ":" not in text else text.partition(":")[2]
                    return column.key + " ".join((item.strip() or folded[len(start) :]).lower().split())
    return None


def match_headers(kind: Kind | str, headers: Iterable[object], remembered: dict[str, str] | None = None) -> Mapping:
    """Matches the headers of a file to the columns of a kind.

    ``remembered`` is what an organisation has mapped by hand before: header -> key, or ``""`` to ignore it; it comes
    before everything else. Raises ``SheetRefused`` when two headers mean the same column.
    """
    if isinstance(kind, str):
        from .kinds import COLUMNS

        kind = COLUMNS[kind]
    words = words_of(kind)
    known = {column.key for column in kind.columns}
    chosen = {
        fold_header(header): key
        for header, key in (remembered or {}).items()
        if key == "" or key in known or any(c.repeated and key.startswith(c.key) for c in kind.columns)
    }
    columns: dict[int, str] = {}
    unknown: list[str] = []
    first_of: dict[str, str] = {}
    for place, header in enumerate(headers):
        text = str(header).strip()
        folded = fold_header(text)
        key = chosen[folded] if folded in chosen else match_one(kind, words, header)
        if not key:
            if text and folded != fold_header(WHAT_TO_FIX):
                unknown.append(text)
            continue
        if key in first_of:
            raise refusal("duplicate_headers", columns=f"{first_of[key]} / {text}")
        first_of[key] = text
        columns[place] = key
    return Mapping(columns, unknown, _missing(kind, set(columns.values())))


def _missing(kind: Kind, present: set[str]) -> list[str]:
    missing = [column.header for column in kind.columns if column.required and column.key not in present]
    if kind.keys and not any(present.issuperset(group) for group in kind.keys):
        missing.insert(0, " / ".join(" + ".join(kind.column(key).header for key in group) for group in kind.keys))
    return missing
