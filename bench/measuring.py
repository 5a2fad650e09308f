"""How an arm is timed: in turn with the others, at least three rounds, the median and the spread of each ratio."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

# Does the work once; answers how many rows it did, or (rows, seconds) where it had to prepare something first.
Arm = Callable[[], int | tuple[int, float]]


@dataclass
class Timed:
    """Seconds per row of one arm, a sample a round."""

    name: str
    samples: list[float] = field(default_factory=list)
    rows: int = 0

    @property
    def rate(self) -> float:
        """Rows a second, from the median round."""
        return 1 / statistics.median(self.samples)


def in_turn(arms: dict[str, Arm], rounds: int = 3) -> dict[str, Timed]:
    """Run the arms A B C, A B C, …; each answers its number of rows, which must be above zero."""
    timed = {name: Timed(name) for name in arms}
    for _round in range(rounds):
        for name, arm in arms.items():
            started = time.perf_counter()
            answer = arm()
            seconds = time.perf_counter() - started
            rows, seconds = answer if isinstance(answer, tuple) else (answer, seconds)
            if rows <= 0:
                raise SystemExit(f"bench: the arm “{name}” did no work; its time means nothing.")
            timed[name].samples.append(seconds / rows)
            timed[name].rows = rows
    return timed


@dataclass(frozen=True)
class Ratio:
    """One figure: how many times quicker the first arm is than the second, with the spread over the rounds."""

    goal: str
    words: str
    value: float
    low: float
    high: float
    wanted: str
    met: bool


def faster(goal: str, words: str, ours: Timed, peer: Timed, at_least: float) -> Ratio:
    """Ours against a peer: the peer's time per row ÷ ours, round by round; wanted at least ``at_least``."""
    ratios = [b / a for a, b in zip(ours.samples, peer.samples, strict=True)]
    value = statistics.median(ratios)
    return Ratio(goal, words, value, min(ratios), max(ratios), f"≥ {at_least:g}", value >= at_least)


def slower(goal: str, words: str, ours: Timed, floor: Timed, at_most: float) -> Ratio:
    """Ours against a floor: our time per row ÷ the floor's, round by round; wanted at most ``at_most``."""
    ratios = [a / b for a, b in zip(ours.samples, floor.samples, strict=True)]
    value = statistics.median(ratios)
    return Ratio(goal, words, value, min(ratios), max(ratios), f"≤ {at_most:g}", value <= at_most)


def vacuum() -> None:
    """What the server's own housekeeping does in its time: else the first rounds are planned for empty tables."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("vacuum analyze")


def load() -> float:
    """Load of the machine over the last minute; above 1.5 before the start, a run is noisy."""
    return os.getloadavg()[0]
