"""What a scheme file says, as values: the scheme, its dated parameters, its clocks, its sources.

Nothing here reads a file or a clock. The day is always an argument.
"""

import datetime
import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

type Scalar = Decimal | int | bool | str
type Value = Scalar | tuple[str, ...] | tuple["Class", ...]


class UnknownParameter(LookupError):
    """The scheme has no rule of this name."""


class NoValueOnDate(LookupError):
    """The scheme has the rule, but no value for this day."""


class NoClass(LookupError):
    """The rule goes by class, and no class fits the facts given."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value was read. `seen` is empty, "weak" or "title only"."""

    key: str
    title: str
    address: str
    also: tuple[str, ...] = ()
    seen: str = ""


def sources_by_key(rows: list[dict[str, Any]]) -> dict[str, Source]:
    """The `source` tables of a TOML file, by their key."""
    return {row["key"]: Source(**{**row, "also": tuple(row.get("also", ()))}) for row in rows}


@dataclass(frozen=True, slots=True)
class Class:
    """One class of a value: `when` are its conditions, `value` what holds then.

    A condition is a fact's name with what it must be: a tuple (one of these) or a single value. A name
    that ends in `_from` or `_to` bounds the fact from below or above, the bound included.
    """

    when: tuple[tuple[str, Any], ...]
    value: Scalar

    def fits(self, facts: Mapping[str, Any]) -> bool:
        """Whether every condition holds for these facts. A fact that is missing fits no condition."""
        return all(_holds(name, wanted, facts) for name, wanted in self.when)


def _holds(name: str, wanted: Any, facts: Mapping[str, Any]) -> bool:
    for suffix, compare in (("_from", lambda have: have >= wanted), ("_to", lambda have: have <= wanted)):
        fact = name.removesuffix(suffix)
        if fact != name:
            return facts.get(fact) is not None and compare(facts[fact])
    have = facts.get(name)
    return have in wanted if isinstance(wanted, tuple) else have is not None and have == wanted


@dataclass(frozen=True, slots=True)
class Override:
    """Who lets a pilot depart from its scheme, and why. `instead_of` is what the scheme itself says on the first day."""

    pk: int
    reason: str
    by: str
    recorded_on: datetime.date
    instead_of: "Parameter | None"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One dated value of a rule. `valid_to` is the last day, None while it is open.

    `override` is set where a pilot's own value stands in place of the scheme's (`pilots/rulebook.py`).
    """

    scheme: str
    name: str
    words: str
    value: Value
    unit: str
    currency: str
    valid_from: datetime.date
    valid_to: datetime.date | None
    from_precision: str
    selected_by: str
    rounding: str
    grandfathering: str
    sources: tuple[Source, ...]
    verified: bool
    note: str
    exceptions: tuple[Class, ...] = ()
    override: Override | None = None

    def holds_on(self, day: datetime.date) -> bool:
        """Whether this value is in force on the day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def value_for(self, **facts: Any) -> Scalar | tuple[str, ...]:
        """The value for a case: the first exception or class that fits its facts, else the general value.

        `parameter.value_for(nationality="KI")`, `value_for(season=3)`. NoClass where the rule goes by class
        only and none fits.
        """
        for row in (*self.exceptions, *self.classes):
            if row.fits(facts):
                return row.value
        if self.goes_by_class:
            raise NoClass(f"{self.scheme}: no class of {self.name} fits {facts or 'a case without facts'}.")
        return self.value  # type: ignore[return-value]

    @property
    def goes_by_class(self) -> bool:
        """Whether `value` is a table of classes."""
        return bool(self.classes)

    @property
    def classes(self) -> tuple[Class, ...]:
        """The classes of a value that goes by class, else nothing."""
        rows = self.value if isinstance(self.value, tuple) else ()
        return tuple(row for row in rows if isinstance(row, Class))


@dataclass(frozen=True, slots=True)
class Correction:
    """A rule was changed backwards in time. `was` is what it read until `recorded_on`, oldest value first.

    `affects_from` is the first day for which another value holds now. `edition` is the edition it made.
    """

    name: str
    edition: int
    recorded_on: datetime.date
    affects_from: datetime.date
    why: str
    was: tuple[Parameter, ...]
    sources: tuple[Source, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """One clock: who owes what, how long after or before which event.

    `number` is the line of the clock table in the documentation. `clock`: the time runs from the fact
    or from knowledge of it. `limit_most` is the far end of a window. `optional`: kept only by pilots
    that run under that rule. `parameter` names the rule that says the same limit: where a pilot overrides
    it, the clock follows. `right`: something that may be done from a day on, never overdue.
    """

    scheme: str
    number: int
    words: str
    owner: str
    start_event: str
    direction: str
    clock: str
    limit: int
    limit_most: int | None
    unit: str
    exceptions: tuple[Class, ...]
    valid_from: datetime.date
    valid_to: datetime.date | None
    optional: bool
    sources: tuple[Source, ...]
    verified: bool
    note: str
    parameter: str = ""
    right: bool = False

    def limit_for(self, **facts: Any) -> int:
        """The limit for a case, exceptions applied."""
        return next((int(row.value) for row in self.exceptions if row.fits(facts)), self.limit)


@dataclass(frozen=True, slots=True)
class CheckFrequency:
    """How often checks are due by default, in days and in months after return."""

    arrival_days: int
    employment_days: int
    after_return_months: tuple[int, ...]


@dataclass(frozen=True)
class Scheme:
    """One scheme with all its dated rules."""

    slug: str
    name: str
    destination: str
    origins: tuple[str, ...]
    currency: str
    journey: str
    since: datetime.date
    template: bool
    check_frequency: CheckFrequency
    sources: tuple[Source, ...]
    parameters: tuple[Parameter, ...]
    duties: tuple[Duty, ...]
    edition: int = 1
    corrections: tuple[Correction, ...] = ()

    def known_on(self, day: datetime.date) -> "Scheme":
        """The scheme as it read on the day, before every correction that was recorded later."""
        later = [row for row in self.corrections if row.recorded_on > day]
        if not later:
            return self
        edition = min(row.edition for row in later) - 1
        was = {row.name: row.was for row in sorted(later, key=lambda row: row.edition, reverse=True)}
        rows = [row for row in self.parameters if row.name not in was]
        return replace(
            self,
            edition=edition,
            parameters=(*rows, *(row for rows in was.values() for row in rows)),
            corrections=tuple(row for row in self.corrections if row not in later),
        )

    def corrections_of(self, name: str) -> tuple[Correction, ...]:
        """What was changed backwards in this rule, oldest first."""
        return tuple(row for row in self.corrections if row.name == name)

    @functools.cached_property
    def _by_name(self) -> dict[str, tuple[Parameter, ...]]:
        names = dict.fromkeys(row.name for row in self.parameters)
        return {name: tuple(row for row in self.parameters if row.name == name) for name in names}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all rules of the scheme, in file order."""
        return tuple(self._by_name)

    def changes(self, name: str) -> tuple[Parameter, ...]:
        """Every value the rule has had, oldest first. UnknownParameter if the scheme has no such rule."""
        if name not in self._by_name:
            raise UnknownParameter(f"The scheme {self.slug} has no rule called {name}.")
        return self._by_name[name]

    def parameter(self, name: str, on: datetime.date) -> Parameter:
        """The value of a rule on a day. UnknownParameter or NoValueOnDate, each with a sentence."""
        rows = self.changes(name)
        for row in rows:
            if row.holds_on(on):
                return row
        last = rows[-1].valid_to
        until = f"to {last.isoformat()}" if last else "on"
        raise NoValueOnDate(
            f"The scheme {self.slug} has no value of {name} on {on.isoformat()}: "
            f"its values run from {rows[0].valid_from.isoformat()} {until}."
        )

    def has(self, name: str, on: datetime.date) -> bool:
        """Whether the rule has a value on the day."""
        return any(row.holds_on(on) for row in self._by_name.get(name, ()))

    def on(self, day: datetime.date) -> dict[str, Parameter]:
        """All rules in force on the day, by name."""
        return {row.name: row for row in self.parameters if row.holds_on(day)}

    def duties_on(self, day: datetime.date) -> tuple[Duty, ...]:
        """The clocks in force on the day, by number."""
        rows = (d for d in self.duties if d.valid_from <= day and (d.valid_to is None or day <= d.valid_to))
        return tuple(sorted(rows, key=lambda duty: duty.number))
