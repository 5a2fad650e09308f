"""Dated parameters as SQL: a rule's value for each row, chosen by the row's own day and facts, in one statement.

A parameter of a scheme is a handful of dated values. Written into the statement as a CASE over the row's day they
cost next to nothing, where a join with a table of values would be read for each of twelve million payslips. Each value
is the rulebook's own (``pilots.rulebook``), overrides included; nothing is decided here.
"""

import datetime
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from pilots.rulebook import Rulebook
from pilots.schemes.scheme import Class, Parameter

# How SQL spells a length of time: by the unit in which the scheme states it.
INTERVALS = {"days": "days", "weeks": "weeks", "months": "months", "years": "years"}

type Reading = Callable[[Parameter, Any], Any]


class Written(str):
    """SQL that this module wrote, never a value of a file or of a person."""

    __slots__ = ()


def plain(_parameter: Parameter, value: Any) -> Any:
    """The value as it stands."""
    return value


def length(parameter: Parameter, value: Any) -> Written:
    """A length of time, as an interval: 2 weeks, 7 months."""
    return Written(f"interval '{int(value)} {INTERVALS[parameter.unit]}'")


@dataclass(frozen=True, slots=True)
class Use:
    """A rule of the scheme that a subject asks for: its name, the facts that pick a class, and how it is read.

    ``facts``: name of the fact in the scheme file → SQL over the subject's columns. ``day``: overrides the day that
    selects, for the whole use; else the parameter's own ``selected_by`` picks one of the subject's days.
    """

    name: str
    facts: Mapping[str, str] = field(default_factory=dict)
    read: Reading = plain
    day: str = ""
    type: str = "numeric"

    @property
    def sql_type(self) -> str:
        """The type of the value in SQL, so that a pilot without the rule has a null of the right kind."""
        return "interval" if self.read is length else self.type


@dataclass(frozen=True)
class Parameters:
    """The rulebooks of the pilots that are evaluated, as SQL expressions over a subject ``s``."""

    books: Mapping[int, Rulebook]

    def value(self, use: Use, days: Mapping[str, str]) -> str:
        """The value for a row: null where the pilot has no such rule, or none on the row's day, or no class fits."""
        return f"({self.by_pilot(lambda book: self._dated(book, use, days))})::{use.sql_type}"

    def day(self, use: Use, days: Mapping[str, str]) -> str:
        """The day that selects the value for a row, where the pilot has the rule; else null."""
        found = self.by_pilot(
            lambda book: _day(use, book.changes(use.name)[-1], days) if _has(book, use) else "null::date"
        )
        return f"({found})::date"

    def applies(self, use: Use) -> str:
        """Whether the pilot of a row has the rule at all, on some day."""
        pilots = [str(pk) for pk, book in sorted(self.books.items()) if _has(book, use)]
        return f"s.pilot_id in ({', '.join(pilots)})" if pilots else "false"

    def selected_by(self, use: Use, words: Mapping[str, str]) -> str:
        """What selects the value for the pilot of a row, in words."""
        return self.by_pilot(
            lambda book: literal(words[book.changes(use.name)[-1].selected_by]) if _has(book, use) else "null::text"
        )

    def currency(self) -> str:
        """The currency in which the scheme of a row states its amounts."""
        return self.by_pilot(lambda book: literal(book.scheme.currency))

    def day_counts(self, name: str) -> str:
        """A yes/no rule without a day (how days are counted), as SQL; true where the scheme does not say."""
        return self.by_pilot(lambda book: literal(bool(book.changes(name)[-1].value)) if name in book.names else "true")

    def bound(
        self, use: Use, days: Mapping[str, str], facts: Mapping[str, str], worst: Callable[[Iterable[Any]], Any]
    ) -> str:
        """A value at least as strict as any row's own: exact where its day and facts are among these, else the ``worst``
        of all there ever were. Null where the pilot of a row has no such rule; empty where no pilot has."""
        if not any(_has(book, use) for book in self.books.values()):
            return ""
        return f"({self.by_pilot(lambda book: _bounded(book, use, days, facts, worst))})::{use.sql_type}"

    def bound_share(self, use: Use, percent: Use, days: Mapping[str, str], facts: Mapping[str, str]) -> str:
        """A value times a percentage, at least as high as any row's own, worked out here: one number for each stretch of
        days and class, because a product of exact numbers for each of twelve million rows costs more than all comparisons.
        Null where the pilot of a row has no such value; empty where no pilot has."""
        if not any(_has(book, use) for book in self.books.values()):
            return ""
        return f"({self.by_pilot(lambda book: _share(book, use, percent, days, facts))})::numeric"

    def digest(self) -> str:
        """SHA-256 over every dated value of every rulebook, so that what was applied can be named later."""
        said = [
            (row.name, row.unit, repr(row.value), repr(row.exceptions), row.valid_from, row.valid_to, row.selected_by)
            for _pk, book in sorted(self.books.items())
            for name in sorted(book.names)
            for row in book.changes(name)
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def by_pilot(self, of: Callable[[Rulebook], str]) -> str:
        """SQL of each pilot as one CASE over the pilots; pilots with the same rules share a branch."""
        branches: dict[str, list[str]] = {}
        for pk, book in sorted(self.books.items()):
            branches.setdefault(of(book), []).append(str(pk))
        if len(branches) == 1:
            return next(iter(branches))
        whens = " ".join(f"when s.pilot_id in ({', '.join(ids)}) then {sql}" for sql, ids in branches.items())
        return f"(case {whens} end)"

    def _dated(self, book: Rulebook, use: Use, days: Mapping[str, str]) -> str:
        if not _has(book, use):
            return "null"
        rows = book.changes(use.name)
        whens = []
        for row in rows:
            day = _day(use, row, days)
            until = f" and {day} <= {literal(row.valid_to)}" if row.valid_to else ""
            whens.append(f"when {day} >= {literal(row.valid_from)}{until} then {_classed(row, use)}")
        return f"(case {' '.join(whens)} end)"


def _has(book: Rulebook, use: Use) -> bool:
    return use.name in book.names


def _day(use: Use, row: Parameter, days: Mapping[str, str]) -> str:
    return use.day or days[row.selected_by]


def _classed(row: Parameter, use: Use) -> str:
    classes: Iterable[Class] = (*row.exceptions, *row.classes)
    whens = [
        f"when {condition} then {literal(use.read(row, one.value))}"
        for one in classes
        if (condition := _condition(one, use.facts))
    ]
    rest = "null" if row.goes_by_class else literal(use.read(row, row.value))
    return f"case {' '.join(whens)} else {rest} end" if whens else rest


def _condition(one: Class, facts: Mapping[str, str]) -> str:
    """The conditions of a class as SQL; empty where it asks for a fact that this subject does not have."""
    parts = []
    for name, wanted in one.when:
        for suffix, sign in (("_from", ">="), ("_to", "<="), ("", "=")):
            fact = name.removesuffix(suffix) if suffix else name
            if suffix and fact == name:
                continue
            if fact not in facts:
                return ""
            if isinstance(wanted, tuple):
                parts.append(f"{facts[fact]} in ({', '.join(literal(one) for one in wanted)})")
            else:
                parts.append(f"{facts[fact]} {sign} {literal(wanted)}")
            break
    return " and ".join(parts) or "true"


def _bounded(
    book: Rulebook, use: Use, days: Mapping[str, str], facts: Mapping[str, str], worst: Callable[[Iterable[Any]], Any]
) -> str:
    if not _has(book, use):
        return "null"
    rows = book.changes(use.name)
    every = {literal(value) for row in rows for value in _values(row, use)}
    # One value at all times asks for no day: it is stricter only where there was no rule yet.
    if len(every) == 1 or any(row.selected_by not in days for row in rows):
        return literal(worst(value for row in rows for value in _values(row, use)))
    whens = []
    # The newest first: most rows are of this year or the last.
    for row, later in zip(reversed(rows), [None, *reversed(rows[1:])], strict=True):
        day = days[row.selected_by]
        followed = later is not None and row.valid_to == later.valid_from - datetime.timedelta(days=1)
        until = f" and {day} <= {literal(row.valid_to)}" if row.valid_to and not followed else ""
        known = all(_condition(one, facts) for one in (*row.exceptions, *row.classes))
        value = _classed(row, replace(use, facts=facts)) if known else literal(worst(_values(row, use)))
        whens.append(f"when {day} >= {literal(row.valid_from)}{until} then {value}")
    return f"(case {' '.join(whens)} end)"


def _share(book: Rulebook, use: Use, percent: Use, days: Mapping[str, str], facts: Mapping[str, str]) -> str:
    if not _has(book, use):
        return "null"
    values, shares = (book.changes(one.name) if _has(book, one) else () for one in (use, percent))
    selected = {row.selected_by for row in (*values, *shares)}
    if len(selected) > 1 or not selected <= set(days):
        most = max((_number(value) for row in shares for value in _values(row, percent)), default=Decimal(100))
        return literal(max(_number(value) for row in values for value in _values(row, use)) * most / 100)
    day = days[selected.pop()]
    begins = {row.valid_from for row in (*values, *shares)}
    begins |= {row.valid_to + datetime.timedelta(days=1) for row in (*values, *shares) if row.valid_to}
    whens = []
    for begin in sorted(begins, reverse=True):
        value, share = (next((row for row in rows if row.holds_on(begin)), None) for rows in (values, shares))
        # Where no class of the percentage fits, the whole value holds.
        of_share = [*(() if share is None else _alternatives(share, percent, facts)), ("", Decimal(100))]
        of_value = [] if value is None else _alternatives(value, use, facts)
        cases = [
            (" and ".join(filter(None, (one, other))), amount * times / 100)
            for one, amount in of_value for other, times in of_share
        ]  # fmt: skip
        whens.append(f"when {day} >= {literal(begin)} then {_cases(cases)}")
    return f"(case {' '.join(whens)} end)"


def _alternatives(row: Parameter, use: Use, facts: Mapping[str, str]) -> list[tuple[str, Decimal]]:
    """(condition, value) of a row, in the order in which they are asked; the highest alone where a class cannot be told."""
    classes = [(_condition(one, facts), _number(use.read(row, one.value))) for one in (*row.exceptions, *row.classes)]
    if not all(condition for condition, _value in classes):
        return [("", max(_number(value) for value in _values(row, use)))]
    return classes if row.goes_by_class else [*classes, ("", _number(use.read(row, row.value)))]


def _cases(cases: list[tuple[str, Decimal]]) -> str:
    """The first whose condition holds, up to the first without one."""
    whens: list[str] = []
    for condition, value in cases:
        if not condition:
            rest = f"{literal(value)}::numeric"
            return f"case {' '.join(whens)} else {rest} end" if whens else rest
        whens.append(f"when {condition} then {literal(value)}::numeric")
    return f"case {' '.join(whens)} end" if whens else "null"


def _number(value: Any) -> Decimal:
    return Decimal(str(value))


def _values(row: Parameter, use: Use) -> list[Any]:
    """Every value a row may take, whatever the class."""
    said = [use.read(row, one.value) for one in (*row.exceptions, *row.classes)]
    return said if row.goes_by_class else [*said, use.read(row, row.value)]


def literal(value: Any) -> str:
    """A value as an SQL literal. Percent signs are doubled, because the statement is sent with parameters."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, datetime.date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, tuple | list):
        return f"array[{', '.join(literal(str(one)) for one in value)}]::text[]"
    if isinstance(value, Written):
        return str(value)
    return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"
