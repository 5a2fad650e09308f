"""What stands in an address, read so that no page can break on it: numbers that a key can be, and marks of a list's last row.

Whatever is no such number or mark is nothing (``None``): the page then shows what it shows without it.
"""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

# The largest key of a row.
BIGGEST = 2**63 - 1


def number(text: str, most: int = BIGGEST) -> int | None:
    """The number that the text is, from nought to ``most``; none for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        return None
    found = int(text)
    return found if found <= most else None


def mark(text: str, *kinds: type) -> tuple | None:
    """The parts of "a~b~c", each of its kind (int, date or str); none where one is missing or is none of its kind."""
    parts = text.split("~", len(kinds) - 1)
    found = tuple(_part(part, kind) for part, kind in zip(parts, kinds, strict=False))
    return found if len(found) == len(kinds) and None not in found else None


def _part(text: str, kind: type) -> int | date | str | None:
    if kind is int:
        return number(text)
    if kind is date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    return text[:80]


def without(given: Mapping[str, str], *names: str) -> str:
    """The query of an address but for these names and empty values, to be added to; ends with "&" unless it is empty."""
    kept = urlencode({name: value for name, value in given.items() if value and name not in names})
    return f"{kept}&" if kept else ""
