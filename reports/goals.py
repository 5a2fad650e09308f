"""The goals that an overview is held against: dated statements with their source, from `goals.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("goals.toml")


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal: how many people by which day, in whose words, where they were read and when."""

    code: str
    words: str
    people: int
    by: date
    source: str
    address: str
    read_on: date
    valid_from: date
    valid_to: date | None = None


@lru_cache(maxsize=1)
def goals() -> tuple[Goal, ...]:
    """Every goal of the file, in its order. Raises TypeError when an entry lacks something or says too much."""
    with FILE.open("rb") as file:
        return tuple(Goal(**entry) for entry in tomllib.load(file)["goal"])


def goal_on(day: date) -> Goal:
    """The goal that holds on a day; the first one where none held yet."""
    held = [goal for goal in goals() if goal.valid_from <= day and (goal.valid_to is None or day <= goal.valid_to)]
    return held[-1] if held else goals()[0]
