"""Addresses of cells and rows, for the reader of a sheet: ``D14``, ``Neiafu!D14``, row ``14 (Neiafu)``."""

from __future__ import annotations

STRIDE = 10_000_000
"""Rows of a second sheet that is read together with the first are numbered from here, those of a third from twice that."""


def column_index(letters: str) -> int:
    """The column of spreadsheet letters, counted from 0; -1 for what is none."""
    index = 0
    for letter in letters:
        index = index * 26 + (ord(letter) - 64 if "A" <= letter <= "Z" else 0)
    return index - 1


def column_letters(index: int) -> str:
    """Spreadsheet letters of a column counted from 0: 0 is ``A``, 26 is ``AA``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def prefix_of(number: int, parts: list[str]) -> str:
    """``Neiafu!`` in front of the address of a cell where several sheets were read as one, else nothing."""
    if len(parts) < 2 or number // STRIDE >= len(parts):
        return ""
    name = parts[number // STRIDE]
    return f"{name}!" if name.isalnum() else f"'{name.replace(chr(39), chr(39) * 2)}'!"


def row_words(number: int, parts: list[str]) -> str:
    """A row for the reader: ``14``, or ``14 (Neiafu)`` where several sheets were read as one."""
    if len(parts) < 2 or number // STRIDE >= len(parts):
        return str(number)
    return f"{number % STRIDE} ({parts[number // STRIDE]})"
