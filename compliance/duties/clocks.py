"""The clocks of a pilot: each duty of its scheme, under a key of its own, with the pilot's overrides applied.

A number that a scheme uses several times (three steps of one duty) gets a key for each: 25.1, 25.2, 25.3. Clocks that
are optional in the scheme's file run only where something is recorded for them by hand.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from compliance.duties.calendar import last_day_of_stay, shift
from pilots.models import Corridor
from pilots.rulebook import Rulebook
from pilots.schemes.scheme import Duty
from pilots.schemes.units import DUTY_UNITS

EMPLOYER, SENDING, WORKER, WELFARE, AUTHORITY = (
    "employer", "sending unit", "worker", "welfare person", "destination authority",
)  # fmt: skip
STAY = "stay_limit"


@dataclass(frozen=True)
class Clock:
    """One duty of one pilot. ``key`` names it in what people record."""

    key: str
    duty: Duty
    book: Rulebook
    origin: str
    destination: str

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """Who owes it: one, or two together."""
        return tuple(self.duty.owner.split(" and "))

    def counts_from(self, started: date) -> bool:
        """Whether the duty was in force on the day its clock started."""
        return self.duty.valid_from <= started and (self.duty.valid_to is None or started <= self.duty.valid_to)

    def limit(self, started: date, facts: Mapping[str, Any]) -> tuple[int, str]:
        """Limit and unit on the day the clock started: the pilot's override of the rule behind it, else the duty's own."""
        name = self.duty.parameter
        for rule in self.book.overrides:
            fits = rule.name == name and rule.holds_on(started) and rule.unit in DUTY_UNITS
            if fits and isinstance(rule.value, int | Decimal):
                return int(rule.value), rule.unit
        return self.duty.limit_for(**facts), self.duty.unit

    def due(self, started: date, *, ends: date | None, facts: Mapping[str, Any]) -> date | None:
        """The last day on which the duty is done in time; None while a fact that decides it is missing.

        A block of guaranteed hours is due when its payslips must be there (``ends``, of its start)."""
        limit, unit = self.limit(started, facts)
        if self.duty.right:
            return started
        if self.duty.parameter == STAY and unit == "months":
            return last_day_of_stay(started, limit, counts_entry_day=self._counts_entry_day(started))
        if self.duty.start_event == "start of block":
            return ends
        sign = -1 if self.duty.direction == "before" else 1
        return shift(started, sign * limit, unit, countries=self.countries, ends=ends)

    def opens(self, started: date) -> date | None:
        """The first day on which it can be done, where there is a window or a right; else None."""
        if self.duty.right:
            return shift(started, -self.duty.limit, self.duty.unit)
        if self.duty.direction == "before" and self.duty.limit_most:
            return shift(started, -self.duty.limit_most, self.duty.unit, countries=self.countries)
        return None

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Whose working days count: of the destination, of the origin, or of both where both have to act."""
        at_destination = bool({EMPLOYER, WELFARE, AUTHORITY, WORKER} & set(self.owners))
        at_origin = SENDING in self.owners
        places = ((self.destination, at_destination), (self.origin, at_origin))
        return tuple(code for code, counts in places if counts)

    def _counts_entry_day(self, on: date) -> bool:
        name = "stay_count_includes_entry_day"
        return bool(self.book.parameter(name, on=on).value) if self.book.has(name, on=on) else True


def clocks(book: Rulebook, corridor: Corridor) -> tuple[Clock, ...]:
    """Every clock of the pilot's scheme, with its key; the countries are those of the pilot's corridor."""
    several = Counter(duty.number for duty in book.scheme.duties)
    seen: Counter[int] = Counter()
    found = []
    for duty in book.scheme.duties:
        seen[duty.number] += 1
        key = f"{duty.number}.{seen[duty.number]}" if several[duty.number] > 1 else str(duty.number)
        found.append(Clock(key, duty, book, corridor.origin, corridor.destination))
    return tuple(found)
