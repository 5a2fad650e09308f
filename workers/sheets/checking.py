"""Cleans all rows of a sheet and finds every problem in it. The door is ``check_rows``.

Works in packets, column by column: a column of a real sheet has few different values, so each is cleaned once and
looked up
afterwards. Memory does not grow with the rows: which keys stand twice in a file is asked of the staged rows (``twice``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from .cleaning import CONTROL, FORCED, CellProblem, Cleaned, Context, Raw, shown
from .columns import NOTE, Column, Kind, Mapping, match_headers
from .kinds import COLUMNS
from .reading import STRIDE, Cell, Row, Sheet, prefix_of
from .refusals import refusal
from .restricted import tells_of_health_or_abuse
from .row_rules import RULES, Packet, Told
from .units import counted

PACKET = 1000
MEMO_LIMIT = 20_000


class Problem(NamedTuple):
    """A sentence about one cell: its column's header, the address, what stood there, what is wrong; ``key`` and
    ``code``
    for programs. Serves for problems (the row is refused) and for warnings (it is not)."""

    column: str
    cell: str
    value: str
    message: str
    key: str
    code: str

    def as_dict(self, row: int) -> dict[str, Any]:
        """The form of ``--json``: ``row, column, cell, value, message``."""
        return {
            "row": row % STRIDE,
            "column": self.column,
            "cell": self.cell,
            "value": self.value,
            "message": self.message,
        }


class CheckedRow(NamedTuple):
    """One row: its number, clean values by key, problems, warnings, and the cells as they came.

    ``withheld``: free text about health or abuse, by key; it is in neither ``values`` nor ``cells``, and may be
    stored only
    where few can read it.
    """

    number: int
    values: dict[str, Any]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    cells: list[Cell]
    withheld: dict[str, str]


class CheckedPacket(NamedTuple):
    """Some hundred rows, column by column: row numbers, ``table`` of clean values by key, and of those rows that have
    any, by place in the packet: problems, warnings and what was withheld. ``rows`` are the cells as they came."""

    numbers: list[int]
    table: dict[str, list[Any]]
    problems: dict[int, tuple[Problem, ...]]
    warnings: dict[int, tuple[Problem, ...]]
    withheld: dict[int, dict[str, str]]
    rows: list[Row]


class CheckedRows:
    """Walks once over the rows, by packets (``packets``) or one by one. Counts and notes are complete when the walk has
    ended."""

    def __init__(self, kind: Kind, sheet: Sheet, context: Context, mapping: Mapping) -> None:
        self.kind, self.sheet, self.context, self.mapping = kind, sheet, context, mapping
        self.rows = self.refused = self.warned = self.withheld = 0
        self._columns = {place: kind.column(key) for place, key in mapping.columns.items()}
        self._memos = {
            place: _Memo(column, context.of(mapping.columns[place])) for place, column in self._columns.items()
        }
        self._unread = [place for place, head in enumerate(sheet.headers) if place not in mapping.columns and head]
        self._told = {place: _Told() for place in self._unread}

    @property
    def notes(self) -> list[str]:
        """Sentences about the file: what the reading noticed, and which columns are not used."""
        notes = [CONTROL.sub("", FORCED.sub("", note)) for note in self.sheet.notes]
        if self.mapping.unknown:
            notes.append(
                _("Columns that are not used: %(columns)s.") % {"columns": ", ".join(self.mapping.unknown[:30])}
            )
        return notes

    def packets(self) -> Iterator[CheckedPacket]:
        """All rows, column by column, in packets."""
        with self.sheet:
            rows = iter(self.sheet.rows)
            while packet := list(itertools.islice(rows, PACKET)):
                checked = self._check(packet)
                self.rows += len(packet)
                self.refused += len(checked.problems)
                self.warned += len(checked.warnings)
                yield checked

    def __iter__(self) -> Iterator[CheckedRow]:
        for packet in self.packets():
            yield from self._give(packet)

    def _check(self, rows: list[Row]) -> CheckedPacket:
        raw_columns = list(zip(*(cells for _number, cells in rows), strict=True))
        packet = Packet(self.kind, self.mapping, self.context, [number for number, _cells in rows], self.sheet)
        withheld: dict[int, dict[str, str]] = {}
        for place, key in self.mapping.columns.items():
            memo, raws = self._memos[place], raw_columns[place]
            packet.table[key] = [memo[raw] for raw in raws]
            if memo.special and not memo.special.keys().isdisjoint(raws):
                self._collect(packet, place, key, raws, memo.special, withheld)
            if len(memo) > MEMO_LIMIT:
                memo.clear()
                memo.special.clear()
        for place in self._unread:
            self._guard_unread(packet, place, raw_columns[place], withheld)
        for rule in RULES:
            rule(packet)
        places = self.mapping.places | {self.sheet.headers[place]: place for place in self._unread}
        self.withheld += len(withheld)
        for at, kept in withheld.items():
            number, cells = rows[at]
            hidden = {places[key] for key in kept}
            rows[at] = number, ["" if place in hidden else cell for place, cell in enumerate(cells)]
        self.withheld += len(packet.apart.keys() - withheld.keys())
        for at, beside in packet.apart.items():
            withheld[at] = withheld.get(at, {}) | beside
        return CheckedPacket(
            packet.numbers, packet.table, self._said(packet.problems, rows, places),
            self._said(packet.warnings, rows, places), withheld, rows,
        )  # fmt: skip

    def _said(
        self, told: dict[int, list[Told]], rows: list[Row], places: dict[str, int]
    ) -> dict[int, tuple[Problem, ...]]:
        return {at: tuple(self._told_of(*rows[at], places, *each) for each in found) for at, found in told.items()}

    def _collect(
        self,
        packet: Packet,
        place: int,
        key: str,
        raws: tuple[Raw, ...],
        special: dict[Raw, CellProblem | Cleaned | str],
        withheld: dict[int, dict[str, str]],
    ) -> None:
        """Hands problems, warnings and hints of the packet's cells to their rows."""
        for at, raw in enumerate(raws):
            if raw not in special:
                continue
            found = special[raw]
            if isinstance(found, CellProblem):
                packet.problem(at, key, found.code, found.message)
            elif isinstance(found, str):
                withheld.setdefault(at, {})[key] = found
                packet.warn(at, key, "restricted", _restricted())
            else:
                for warning in found.warnings:
                    packet.warn(at, key, "doubt", warning)
                if found.hint:
                    packet.hints.append((at, key, found.hint))

    def _guard_unread(
        self, packet: Packet, place: int, raws: tuple[Raw, ...], withheld: dict[int, dict[str, str]]
    ) -> None:
        """Columns nobody asked for are not stored as values, but a comment in them must not travel along either."""
        told = self._told[place]
        header = self.sheet.headers[place]
        for at, raw in enumerate(raws):
            if type(raw) is str and raw and told[raw]:
                withheld.setdefault(at, {})[header] = raw
                packet.warn(at, header, "restricted", _restricted())
        if len(told) > MEMO_LIMIT:
            told.clear()

    def _give(self, packet: CheckedPacket) -> Iterator[CheckedRow]:
        keys = tuple(packet.table)
        for at, ((number, cells), values) in enumerate(
            zip(packet.rows, zip(*packet.table.values(), strict=True), strict=True)
        ):
            yield CheckedRow(
                number, dict(zip(keys, values, strict=True)), packet.problems.get(at, ()), packet.warnings.get(at, ()),
                cells, packet.withheld.get(at, {}),
            )  # fmt: skip

    def _told_of(
        self, number: int, cells: list[Cell], places: dict[str, int], key: str, code: str, message: str
    ) -> Problem:
        place = places.get(key)
        if place is None:  # a column the file does not have
            header = self.kind.column(key).header
            line = number % STRIDE
            return Problem(header, f"{prefix_of(number, self.sheet.parts)}{line}:{line}", "", message, key, code)
        header = self.sheet.headers[place] or self.kind.column(key).header
        return Problem(header, self.sheet.address(number, place), shown(cells[place]), message, key, code)


class _Memo(dict[Raw, Any]):
    """Raw cell -> clean value for one column; what is worth a word stands in ``special``."""

    def __init__(self, column: Column, context: Context) -> None:
        super().__init__()
        self._clean, self._context, self._note = column.cleaner, context, column.privacy == NOTE
        self._counted = counted(column.unit, context.unit)
        self.special: dict[Raw, CellProblem | Cleaned | str] = {}

    def __missing__(self, raw: Raw) -> Any:
        value = None
        if self._note and isinstance(raw, str) and tells_of_health_or_abuse(raw):
            # Looked at before cleaning, so that no message about the cell can carry its text.
            self.special[raw] = raw
        else:
            try:
                cleaned = self._clean(raw, self._context)
                value = self._counted(cleaned.value)
                if cleaned.warnings or cleaned.hint:
                    self.special[raw] = cleaned
            except CellProblem as problem:
                self.special[raw] = problem
        self[raw] = value
        return value


class _Told(dict[str, bool]):
    """Text -> whether it tells of health or abuse."""

    def __missing__(self, raw: str) -> bool:
        found = self[raw] = tells_of_health_or_abuse(raw)
        return found


def _restricted() -> str:
    return _(
        "This text seems to tell of health or abuse. It belongs in the restricted store, so it is not taken over here; "
        "hand it over to the safeguarding lead of the pilot, who alone can read it then."
    )


def check_rows(kind: str, sheet: Sheet, context: Context, mapping: Mapping | None = None) -> CheckedRows:
    """Cleans the rows of a sheet of a kind. Raises ``SheetRefused`` when a needed column is missing or stands twice.

    Give ``mapping`` when the reader has mapped headers by hand; otherwise the headers are matched. The result is walked
    once; each row carries all its problems at once.
    """
    described = COLUMNS[kind]
    found = mapping or match_headers(described, sheet.headers)
    if found.missing:
        raise refusal("missing_columns", columns=", ".join(found.missing))
    return CheckedRows(described, sheet, replace(context, date1904=sheet.date1904 or context.date1904), found)
