"""Finds the header row among titles and blank lines, and leaves out totals and repeated headers.

A sheet from the field begins with a title, a date and a logo's empty rows; has a second header row under merged cells;
and ends with a total. What is left out is always said in a note with its row numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .columns import Kind, fold_header, match_one, words_of
from .refusals import refusal

FIRST_ROWS = 20
LEAST_MATCHES = 2
TOTAL = re.compile(
    r"(grand |sub ?-?|sous-)?(totals?|totaux|totales|sum|somme|suma)( general| workers| amount)?\s*[:=.]?",
    re.IGNORECASE,
)
MOST_NAMED = 10


@dataclass
class Header:
    """The row of headers: its number, the headers as they stand, the places of the key columns, and rows skipped above
    or folded into it. ``repeats`` are the folded words a header repeated further down would consist of."""

    row: int
    headers: list[str]
    keys: tuple[int, ...] = ()
    second_row: int | None = None
    above: list[int] = field(default_factory=list)
    repeats: frozenset[str] = frozenset()


def expected(kind: str | None) -> str:
    """Names of columns to show to a reader whose sheet has none of them."""
    from .kinds import COLUMNS

    shown = COLUMNS.get(kind or "", COLUMNS["workers"])
    return ", ".join(column.header for column in shown.columns[:5])


def find_header(
    rows: list[tuple[int, list[Any]]], kind: str | None, remembered: dict[str, str], given: int | None,
    about: dict[str, Any] | None = None,
) -> Header | None:  # fmt: skip
    """The first of the rows that names at least two columns of the kind; joined with the row below it when together
    they name more. ``given`` is the reader's own answer and is taken as it is; ``about`` is what the child told of the
    sheet, its merged cells among it. None when there is no such row."""
    from .kinds import COLUMNS

    matcher = _Matcher([COLUMNS[kind]] if kind else list(COLUMNS.values()), remembered, about)
    for at, (number, cells) in enumerate(rows):
        if given is not None:
            if number == given:
                return _header_at(rows, at, matcher, given)
        elif at < FIRST_ROWS and (matcher.score(cells)[0] >= LEAST_MATCHES or _joins(rows, at, matcher)):
            return _header_at(rows, at, matcher, None)
    if given is not None:
        raise refusal("no_header_below", row=given)
    return None


class _Matcher:
    """Headers against the columns of the kinds asked for, with what the organisation has mapped before."""

    def __init__(self, kinds: list[Kind], remembered: dict[str, str], about: dict[str, Any] | None) -> None:
        self.merged = [area for area in about["merged"] if area[3] > area[1]] if about else []
        self.first_column = about["first_column"] if about else 0
        self.kinds = [(kind, words_of(kind)) for kind in kinds]
        self.chosen = {fold_header(header): key for header, key in remembered.items() if key}

    def key(self, kind: Kind, words: dict[str, str], text: str) -> str | None:
        """The column a header means in one kind."""
        return self.chosen.get(fold_header(text)) or match_one(kind, words, text)

    def score(self, cells: Iterable[Any]) -> tuple[int, Kind]:
        """How many different columns a row names, and of which kind most."""
        texts = [cell for cell in cells if isinstance(cell, str) and cell.strip() and len(cell) < 120]
        best = (0, self.kinds[0][0])
        for kind, words in self.kinds:
            keys = {self.key(kind, words, text) for text in texts} - {None}
            if len(keys) > best[0]:
                best = (len(keys), kind)
        return best

    def joined(self, number: int, upper: list[Any], lower: list[Any]) -> list[str]:
        """Two rows of headers as one; ``number`` is that of the upper one. A group's name reaches as far as its cell is
        merged, or over the blanks to its right where no cell of the row is, so "Passport" above "number" is "Passport
        number"; where the lower name is known and the joined one is not, the lower one stands alone."""
        known = [(kind, words) for kind, words in self.kinds]
        reaches = {
            left - self.first_column: right - self.first_column
            for top, left, bottom, right in self.merged if top < number <= bottom + 1
        }  # fmt: skip
        result, group, last = [], "", -1
        for at, below in enumerate(lower):
            above = str(upper[at]).strip() if at < len(upper) else ""
            if above:
                group, last = above, reaches.get(at, at) if reaches else len(lower)
            elif at > last:
                group = ""
            text = str(below).strip()
            both = f"{group} {text}".strip()
            options = [both, text, above] if text else [above]
            named = (each for each in options if any(self.key(kind, words, each) for kind, words in known))
            result.append(next(named, options[0]))
        return result


def _joins(rows: list[tuple[int, list[Any]]], at: int, matcher: _Matcher) -> bool:
    """Whether a row that names too little alone is the upper half of the headers: both rows are text, and together they
    name more than the lower one."""
    if at + 1 >= len(rows) or rows[at + 1][0] != rows[at][0] + 1:
        return False
    upper, lower = rows[at][1], rows[at + 1][1]
    if sum(1 for cell in upper if cell != "") < 2 or not all(isinstance(cell, str) for cell in (*upper, *lower)):
        return False
    together = matcher.score(matcher.joined(rows[at][0], upper, lower))[0]
    return together >= LEAST_MATCHES and together > matcher.score(lower)[0]


def _header_at(rows: list[tuple[int, list[Any]]], at: int, matcher: _Matcher, given: int | None) -> Header:
    """The header that begins in a row: the row itself, the better one right below it, or both together."""
    number, cells = rows[at]
    headers = [_plain(cell) for cell in cells]
    above = [row for row, _cells in rows[:at]]
    second: int | None = None
    score, which = matcher.score(cells)
    if at + 1 < len(rows) and rows[at + 1][0] == number + 1 and all(isinstance(c, str) for c in rows[at + 1][1]):
        lower = rows[at + 1][1]
        own, own_kind = matcher.score(lower)
        together = matcher.joined(number, cells, lower)
        both, both_kind = matcher.score(together)
        if own > score and own >= both and given is None:
            headers, which, above = [str(cell).strip() for cell in lower], own_kind, [*above, number]
            number += 1
        elif both > score and sum(1 for cell in lower if matcher.score([cell])[0] or cell in headers) > 0:
            headers, which, second = together, both_kind, number + 1
    words = words_of(which)
    matched = {matcher.key(which, words, head): place for place, head in enumerate(headers) if head}
    keys = tuple(sorted({matched[key] for group in which.keys for key in group if key in matched}))
    repeats = {
        fold_header(head) for head in (*headers, *(cells if second else ()), *(rows[at + 1][1] if second else ()))
    }
    return Header(number, headers, keys, second, above, frozenset(repeats - {""}))


def _plain(cell: Any) -> str:
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


class RowFilter:
    """Walks the rows below the header and leaves out totals and headers that are repeated on every printed page.

    A row is a total when a cell says so and no key is filled; rows of bare numbers without a key are totals only when
    nothing but such rows follows.
    """

    def __init__(self, header: Header) -> None:
        self.header = header
        self.folded = [fold_header(head) for head in header.headers]
        self.totals: list[int] = []
        self.repeated: list[int] = []

    def walk(self, rows: Iterable[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
        """The rows of data, in order."""
        start = (self.header.second_row or self.header.row) + 1
        keys = self.header.keys or (0,)
        first = keys[0]
        held: list[tuple[int, list[Any]]] = []
        for number, cells in rows:
            if number < start:
                continue
            key = cells[first] if first < len(cells) else ""
            # Quick way for nearly every row: no total and no header ends in a digit.
            if type(key) is str and (key[-1:].isdigit() or self._is_plain_key(key, first)):
                if held:
                    yield from held
                    held = []
                yield number, cells
                continue
            verdict = self._verdict(number, cells, keys)
            if verdict == "bare":
                held.append((number, cells))
            elif verdict == "data":
                yield from held
                held = []
                yield number, cells
        self.totals.extend(number for number, _cells in held)

    def _is_plain_key(self, key: str, first: int) -> bool:
        return key != "" and not TOTAL.fullmatch(key.strip()) and fold_header(key) != self.folded[first]

    def _verdict(self, number: int, cells: list[Any], keys: tuple[int, ...]) -> str:
        filled = [(at, cell) for at, cell in enumerate(cells) if cell != ""]
        if len(filled) > 1 and all(fold_header(cell) in self.header.repeats for _at, cell in filled):
            self.repeated.append(number)
            return "repeated"
        others = [cells[at] for at in keys if at < len(cells) and cells[at] != ""]
        if any(not (isinstance(cell, str) and TOTAL.fullmatch(cell.strip())) for cell in others):
            return "data"
        if any(isinstance(cell, str) and TOTAL.fullmatch(cell.strip()) for _at, cell in filled):
            self.totals.append(number)
            return "total"
        if filled and all(isinstance(cell, int | float) or _is_figure(cell) for _at, cell in filled):
            return "bare"
        return "data"

    def notes(self, blank: int) -> list[str]:
        """What was left out below the header, in sentences."""
        notes = []
        if self.totals:
            notes.append(_("Left out as totals: row %(rows)s.") % {"rows": some(self.totals)})
        if self.repeated:
            notes.append(_("Left out as repeated headers: row %(rows)s.") % {"rows": some(self.repeated)})
        blank -= self.header.row - 1 - len(self.header.above)  # those above the headers are nobody's concern
        if blank > 0:
            notes.append(
                ngettext("%(count)s blank row was skipped.", "%(count)s blank rows were skipped.", blank)
                % {"count": blank}
            )
        return notes


def _is_figure(cell: Any) -> bool:
    return isinstance(cell, str) and re.fullmatch(r"[0-9.,' ]+", cell) is not None


def some(numbers: Sequence[object]) -> str:
    """The first few of a list, for a sentence."""
    text = ", ".join(str(number) for number in numbers[:MOST_NAMED])
    return text if len(numbers) <= MOST_NAMED else text + ", …"


class Merged:
    """Cells merged over several rows: what stands in the first counts for every row that the merged cell covers, as it
    does for who looks at the sheet. Cells merged over columns only are left as they are."""

    def __init__(self, about: dict[str, Any], header: Header) -> None:
        below, first_column = header.second_row or header.row, about["first_column"]
        # Corners are counted from 0, rows of the sheet from 1.
        self.areas = sorted(
            (top + 1, bottom + 1, left - first_column)
            for top, left, bottom, _right in about["merged"]
            if bottom > top and top + 1 > below and left >= first_column
        )
        self._next = 0
        self._open: dict[int, tuple[int, Any]] = {}

    def filled(self, number: int, cells: list[Any]) -> list[Any]:
        """The cells of a row, with what the merged cells it lies under say. Rows come in order."""
        while self._next < len(self.areas) and self.areas[self._next][0] <= number:
            top, bottom, place = self.areas[self._next]
            self._next += 1
            if top == number and place < len(cells):
                self._open[place] = bottom, cells[place]
        if not self._open:
            return cells
        cells = list(cells)
        for place, (bottom, value) in list(self._open.items()):
            if number > bottom:
                del self._open[place]
            elif cells[place] == "":
                cells[place] = value
        return cells
