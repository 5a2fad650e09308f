"""The ladder of reminders, read from ``ladder.toml``: who hears of a duty when, and who when nobody acts."""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

FILE = Path(__file__).parent / "ladder.toml"
OWNER, OFFICER, MANAGER = "owner", "programme officer", "programme manager"
QUICK_UNITS = frozenset({"hours", "business days"})


class BadLadder(ValueError):
    """The file breaks a rule; says which."""


@dataclass(frozen=True, slots=True)
class Rung:
    """So many days after the day it is due (below zero: before), somebody hears of a duty that is not done."""

    code: str
    days: int
    to: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs from the lowest, and how many days before its day a duty is due soon."""

    soon: int
    rungs: tuple[Rung, ...]

    def reached(self, due_on: date, on: date) -> Rung | None:
        """The highest rung whose day has come."""
        return next((rung for rung in reversed(self.rungs) if due_on + timedelta(days=rung.days) <= on), None)


@functools.cache
def ladders() -> dict[str, Ladder]:
    """ "usual" and "quick". BadLadder for a file whose rungs do not climb or that names somebody unknown."""
    return {name: _ladder(name, table) for name, table in tomllib.loads(FILE.read_text(encoding="utf-8")).items()}


def _ladder(name: str, table: dict) -> Ladder:
    rungs = tuple(Rung(**row) for row in table["rung"])
    days = [rung.days for rung in rungs]
    if days != sorted(set(days)) or len({rung.code for rung in rungs}) != len(rungs):
        raise BadLadder(f"ladder.toml: {name}: the rungs do not climb, or two have one code")
    if strangers := {rung.to for rung in rungs} - {OWNER, OFFICER, MANAGER}:
        raise BadLadder(f"ladder.toml: {name}: nobody is called {', '.join(sorted(strangers))}")
    return Ladder(table["soon"], rungs)


def ladder_for(unit: str) -> Ladder:
    """The ladder of a clock by the unit of its limit."""
    return ladders()["quick" if unit in QUICK_UNITS else "usual"]
