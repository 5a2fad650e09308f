"""Rules that look at several cells of a row: one function each, applied to a packet of rows.

``RULES`` is the list, in order. A rule reads and fills ``packet.table`` (key -> values, one per row) and reports.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .cleaning import Context
from .columns import Kind, Mapping
from .identity import easily_mixed, looks_right, passport_doubt
from .row_marks import askew, comments
from .units import hours_of_period

if TYPE_CHECKING:
    from .reading import Sheet

Told = tuple[str, str, str]


class Packet:
    """Some hundred rows, column by column: ``table`` of clean values, row ``numbers``, what was found so far."""

    def __init__(
        self,
        kind: Kind,
        mapping: Mapping,
        context: Context,
        numbers: list[int],
        sheet: Sheet | None = None,
    ) -> None:
        self.kind, self.mapping, self.context, self.numbers, self.sheet = kind, mapping, context, numbers, sheet
        self.table: dict[str, list[Any]] = {}
        self.problems: dict[int, list[Told]] = {}
        self.warnings: dict[int, list[Told]] = {}
        self.hints: list[tuple[int, str, str]] = []
        self.apart: dict[int, dict[str, str]] = {}
        """Text beside the cells that tells of health or abuse: place in the packet -> where it hangs -> the text."""

    def problem(self, at: int, key: str, code: str, message: str) -> None:
        """A cell that keeps its row from being taken."""
        self.problems.setdefault(at, []).append((key, code, message))

    def warn(self, at: int, key: str, code: str, message: str) -> None:
        """A cell that is taken and should be looked at."""
        self.warnings.setdefault(at, []).append((key, code, message))

    def column(self, key: str) -> list[Any]:
        """The values of a column, made blank when the file has no such column."""
        if key not in self.table:
            self.table[key] = [None] * len(self.numbers)
        return self.table[key]

    def has_problem(self, at: int, *keys: str) -> bool:
        """Whether one of these cells of the row is already reported."""
        return any(told[0] in keys for told in self.problems.get(at, ()))


def required_cells(packet: Packet) -> None:
    """Columns that every row must fill."""
    for column in packet.kind.columns:
        values = packet.table.get(column.key)
        if column.required and values is not None and None in values:
            for at, value in enumerate(values):
                if value is None and not packet.has_problem(at, column.key):
                    packet.problem(
                        at, column.key, "blank", _("“%(column)s” is blank. Fill it in.") % {"column": column.header}
                    )


def passport_country(packet: Packet) -> None:
    """A passport number counts with its country: its own column, else the nationality, which is said."""
    numbers = packet.table.get("passport_number")
    if numbers is None or "passport_country" not in {column.key for column in packet.kind.columns}:
        return
    countries, nations = packet.column("passport_country"), packet.table.get("nationality")
    own_column = "passport_country" in packet.mapping.places
    for at, number in enumerate(numbers):
        if number is None:
            continue
        if countries[at] is None and not packet.has_problem(at, "passport_country"):
            if nations is not None and nations[at] is not None:
                countries[at] = nations[at]
                if own_column:
                    packet.warn(
                        at, "passport_country", "assumed", _("The nationality was taken as the passport's country.")
                    )
            else:
                packet.problem(
                    at,
                    "passport_number",
                    "no_country",
                    _("A passport number counts only with its country. Add the country."),
                )
                continue
        doubt = passport_doubt(number, countries[at]) if countries[at] else None
        mixed = easily_mixed(number)
        if mixed and (doubt or looks_right(number, countries[at])):
            # What the country's own shape says is more than that letters are easily mixed.
            packet.warnings[at] = [told for told in packet.warnings.get(at, []) if told[2] != mixed]
        if doubt:
            packet.warn(at, "passport_number", "doubt", doubt)


def key_of_row(packet: Packet) -> None:
    """Every row says whom or what it is about."""
    groups = packet.kind.keys
    columns = [[packet.table.get(key) for key in group] for group in groups]
    first = columns[0][0] if len(columns[0]) == 1 else None
    if first is not None and None not in first:
        return
    names = " / ".join(" + ".join(packet.kind.column(key).header for key in group) for group in groups)
    every_key = tuple(key for group in groups for key in group)
    for at in range(len(packet.numbers)):
        if any(all(values is not None and values[at] is not None for values in group) for group in columns):
            continue
        if not packet.has_problem(at, *every_key):
            shown = next((key for key in every_key if key in packet.mapping.places), every_key[0])
            packet.problem(
                at,
                shown,
                "no_key",
                _("The row does not say whom or what it is about. Fill in: %(names)s.") % {"names": names},
            )


def hints(packet: Packet) -> None:
    """What a cell says beside its value: the currency of an amount, the precision of a birth date."""
    for at, key, hint in packet.hints:
        target = packet.kind.column(key).hint_key
        if not target:
            continue
        values = packet.column(target)
        if values[at] is None:
            values[at] = hint
        elif values[at] != hint:
            packet.problem(
                at,
                key,
                "other_currency",
                _("The amount is marked %(found)s, but the currency of the row is %(currency)s. Make them agree.")
                % {"found": hint, "currency": values[at]},
            )


def currencies(packet: Packet) -> None:
    """An amount has a currency: its own, its column's, or the one chosen for the file."""
    for key in list(packet.table):
        needed = packet.kind.needs.get(key) or packet.kind.needs.get(f"{key.partition(':')[0]}:")
        if needed is None:
            continue
        amounts, values = packet.table[key], packet.column(needed)
        if None not in values:
            continue
        for at, amount in enumerate(amounts):
            if amount is None or values[at] is not None or packet.has_problem(at, needed):
                continue
            if chosen := packet.context.of(key).currency:
                values[at] = chosen
            else:
                packet.problem(
                    at,
                    key,
                    "no_currency",
                    _("The amount has no currency. Fill in “%(column)s”, or choose one for the whole file.")
                    % {"column": packet.kind.column(needed).header},
                )


def order_of_dates(packet: Packet) -> None:
    """Pairs of dates that can stand only in one order. ISO text compares as dates do."""
    for early, late in packet.kind.order:
        if early not in packet.table or late not in packet.table:
            continue
        for at, (first, second) in enumerate(zip(packet.table[early], packet.table[late], strict=True)):
            if first is not None and second is not None and first > second:
                packet.problem(
                    at,
                    late,
                    "wrong_order",
                    _("%(late)s (%(second)s) lies before %(early)s (%(first)s). Check both dates.")
                    % {
                        "late": packet.kind.column(late).header,
                        "early": packet.kind.column(early).header,
                        "first": first,
                        "second": second,
                    },
                )


def names_of_person(packet: Packet) -> None:
    """When a list of people has columns for names, each row fills one; a row without any name is a doubt, because it
    may
    only bring a new phone number of somebody known."""
    keys = [key for key in ("family_name", "given_names", "passport_name") if key in packet.table]
    columns = [packet.table[key] for key in keys]
    if packet.kind.code != "workers" or not columns or None not in columns[0]:
        return
    for at, values in enumerate(zip(*columns, strict=True)):
        if not any(values) and not packet.has_problem(at, "family_name", "given_names", "passport_name"):
            packet.warn(
                at,
                keys[0],
                "no_name",
                _("The row has no name, so it can only change somebody who is already known."),
            )


def whole_name(packet: Packet) -> None:
    """A whole name in the column of family names is pointed out, and stays as it was written."""
    families = packet.table.get("family_name")
    if packet.kind.code != "workers" or families is None:
        return
    given = packet.table.get("given_names") or [None] * len(families)
    if None not in given:
        return
    for at, family in enumerate(families):
        if family is not None and given[at] is None and is_whole_name(family):
            packet.warn(at, "family_name", "whole_name", whole_name_words())


def is_whole_name(family: str) -> bool:
    """Whether what stands for a family name may be a whole name: two words or more that begin in capitals."""
    return sum(word[:1].isupper() for word in family.split()) > 1


def whole_name_words() -> str:
    """What is said about it."""
    return _(
        "The whole name seems to stand in “Family name”. If so, write the given names in their own column: the portal does "
        "not split names."
    )


RULES: tuple[Callable[[Packet], None], ...] = (
    askew,
    comments,
    hours_of_period,
    required_cells,
    passport_country,
    key_of_row,
    hints,
    currencies,
    order_of_dates,
    names_of_person,
    whole_name,
)
