"""How large a file may be, and how much the process that reads it may use. Free of Django: the child process loads
it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one file. Sizes are bytes, times are seconds.

    ``ratio`` is unpacked bytes for one packed byte of a single part; real sheets of lists reach about 30,
    files made to exhaust memory several hundred. It is looked at only for parts above ``ratio_from``, because a small
    part of blanks may be packed very tightly and harm nobody.
    ``held`` is the unpacked size up to which an .xlsx is held whole; a larger one is read as it comes, more slowly and
    without more memory. Other workbooks are always held whole: ``rows_held`` is their bound of rows.
    """

    rows: int = 1_000_000
    rows_held: int = 200_000
    columns: int = 200
    file_size: int = 50 * MEGABYTE
    unpacked_size: int = 600 * MEGABYTE
    ratio: int = 150
    ratio_from: int = 8 * MEGABYTE
    entries: int = 2_000
    sheets: int = 200
    memory: int = 800 * MEGABYTE  # of addresses; 200,000 rows of 25 cells need 650 where a workbook is held whole
    held: int = 128 * MEGABYTE
    cpu_seconds: int = 60
    wall_seconds: int = 120
    cell_characters: int = 4_000

    def as_dict(self) -> dict[str, int]:
        """Plain numbers, to hand over to the child process."""
        return asdict(self)


def set_by_operator(given: str) -> Limits:
    """The limits with those that the operator set, a JSON object: ``{"rows": 1000000}``. ValueError when it is none."""
    try:
        return Limits(**json.loads(given or "{}"))
    except (TypeError, ValueError) as error:
        raise ValueError(f"SHEET_LIMITS is no JSON object of limits: {error}") from error


# From the environment, because the child process knows no settings; it is handed the numbers.
LIMITS = set_by_operator(os.environ.get("SHEET_LIMITS", ""))
