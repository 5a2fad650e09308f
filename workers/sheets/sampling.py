"""The beginning of a sent file as it stands, column by column, so that its sender can say what each column is.

``sample`` reads some rows in the bounded process and writes nothing. What a column holds is shown in three values; text
that tells of health or abuse is not repeated on the page.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from accounts.scope import Scope
from workers.models import ImportBatch

from . import habits, layout
from .cleaning import CONTROL, FORCED, shown
from .columns import Column, fold_header, is_ours, match_one, words_of
from .dates import YEAR_LAST
from .kept import how_read, on_disk, told_apart
from .kinds import COLUMNS
from .limits import Limits
from .reading import Cell, Peek, column_letters, peek
from .restricted import tells_of_health_or_abuse
from .units import HOURS, PERIODS

ROWS: Final = 200
VALUES: Final = 3
TOP_ROWS: Final = 12
WIDEST: Final = 24
FIGURES = re.compile(r"[0-9][0-9., ]*[.,][0-9]+")


@dataclass
class SampledColumn:
    """One column of the file. ``key``: what it is taken for, blank when it is left out; ``why``: recognised, remembered,
    chosen or blank. ``asks``: what may be chosen for it alone (date_order, decimal_sign, unit)."""

    place: int
    letters: str
    header: str
    values: list[str]
    key: str = ""
    guess: str = ""
    why: str = ""
    asks: list[str] = field(default_factory=list)


@dataclass
class Sample:
    """The beginning of a file: its sheets, its first rows with the letters above them, and its columns."""

    sheet: str
    sheets: list[str]
    text: bool
    encoding: str
    separator: str
    letters: list[str]
    top: list[tuple[int, list[str]]]
    header_row: int | None
    columns: list[SampledColumn]


def sample(batch: ImportBatch, by: Scope, limits: Limits) -> Sample:
    """What the page of columns shows of a batch. Raises SheetRefused when the file cannot be opened as it is read now."""
    chosen = batch.options.get("mapping") or {}
    reading = how_read(batch)
    with on_disk(batch) as path:
        found = peek(path, limits=limits, count=ROWS, kind=batch.kind, remembered=chosen, **reading)
    header = found.header
    columns = _columns(batch, found, header, by) if header else []
    width = min(WIDEST, max((len(cells) for _number, cells in found.rows), default=0))
    return Sample(
        found.name, found.sheets, found.kind_of_file == "text", found.encoding, found.separator,
        [column_letters(found.first_column + place) for place in range(width)],
        [(number, [_value(cell) for cell in cells[:width]]) for number, cells in found.rows[:TOP_ROWS]],
        header.row if header else None, columns,
    )  # fmt: skip


def _columns(batch: ImportBatch, found: Peek, header: layout.Header, by: Scope) -> list[SampledColumn]:
    kind, chosen = COLUMNS[batch.kind], batch.options.get("mapping") or {}
    words = words_of(kind)
    remembered = {fold_header(each) for each in habits.recall(batch.kind, by).columns}
    picked = {fold_header(each): key for each, key in chosen.items()}
    below = [cells for number, cells in found.rows if number > (header.second_row or header.row)]
    answer = []
    headers = told_apart([CONTROL.sub("", FORCED.sub("", each)).strip() for each in header.headers], chosen)
    for place, text in enumerate(headers):
        cells = [cells[place] for cells in below if place < len(cells) and cells[place] != ""]
        if is_ours(text) or not (text or cells):
            continue
        letters = column_letters(found.first_column + place)
        column = SampledColumn(place, letters, text, _values(cells), guess=match_one(kind, words, text) or "")
        folded = fold_header(text)
        column.key = picked.get(folded, column.guess)
        if folded in picked:
            column.why = "remembered" if folded in remembered else "chosen"
        elif column.guess:
            column.why = "recognised"
        if column.key:
            column.asks = _asks(
                kind.column(column.key), cells, (batch.options.get("columns") or {}).get(column.key, {})
            )
        answer.append(column)
    return answer


def _asks(column: Column, cells: list[Cell], chosen: dict[str, str]) -> list[str]:
    texts = [cell for cell in cells if isinstance(cell, str)]
    asks = [name for name in chosen if name in ("date_order", "decimal_sign")]
    if column.as_date and any(YEAR_LAST.fullmatch(text.strip()) for text in texts):
        asks.append("date_order")
    if column.hint_key and not column.as_date and any(FIGURES.search(text) for text in texts):
        asks.append("decimal_sign")
    if column.unit == HOURS or column.unit in PERIODS:
        asks.append("unit")
    return list(dict.fromkeys(asks))


def _values(cells: list[Cell]) -> list[str]:
    return list(dict.fromkeys(_value(cell) for cell in cells))[:VALUES]


def _value(cell: Cell) -> str:
    if isinstance(cell, str) and tells_of_health_or_abuse(cell):
        return _("(not repeated here: it seems to tell of health or abuse)")
    return shown(cell, 40)
