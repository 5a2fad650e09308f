"""A case: one clean worker with one thing changed, and everything the rules must say of it, no less and no more."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tests.compliance.rules.facts import BASELINES, ON, Worker, clean
from tests.compliance.rules.putting import Verdicts

type Told = tuple[str, date | None, Any]


@dataclass(frozen=True)
class Case:
    """``found``: (rule, first day of the period, owed), or a function of the worker; ``untold``: (rule, missing)."""

    name: str
    scheme: str
    change: Callable[[Worker], Any]
    found: Iterable[Told] | Callable[[Worker], Iterable[Told]] = ()
    untold: tuple[tuple[str, str], ...] = ()
    arrived: date = date(2026, 2, 2)
    on: date = ON

    def worker(self, code: str) -> Worker:
        """The facts of the case."""
        worker = clean(self.scheme, code, arrived=self.arrived, on=self.on)
        self.change(worker)
        return worker

    def expected(self, worker: Worker) -> Verdicts:
        """What must be said, to the cent."""
        rows = self.found(worker) if callable(self.found) else self.found
        currency = BASELINES[self.scheme].currency
        return Verdicts(
            frozenset(
                (
                    rule,
                    start,
                    None if owed is None else Decimal(owed).quantize(Decimal("0.01")),
                    currency if owed else "",
                )
                for rule, start, owed in rows
            ),
            frozenset(self.untold),
        )


def one(name: str, scheme: str, change, *found: Told, untold=(), **when: Any) -> Case:
    """A case in one line."""
    return Case(name, scheme, change, found, tuple(untold), **when)
