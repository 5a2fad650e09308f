"""Time until something happens, with those counted who are still waiting.

An average over those who got through makes every wait look short; here somebody who still waits on the cut-off day
counts as waiting up to that day (censored). Kaplan and Meier (1958) where one thing can end the wait, Aalen and
Johansen (1978) where several can. Bounds are those of the log(−log) scale with Greenwood's variance (Kalbfleisch and
Prentice 1980), which stay between 0 and 1.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from reports.statistics.estimates import CONTEXT, Z95

NEAR = Decimal("1e-30")


@dataclass(frozen=True, slots=True)
class Wait:
    """How many days somebody waited, and what ended it: None when it still lasts. ``n``: so many waited alike."""

    days: int
    end: Hashable | None
    n: int = 1


@dataclass(frozen=True, slots=True)
class Moment:
    """A day on which something happened: how many were waiting before, how many ended, and the share since the start.

    ``share`` is of those still waiting after the day (Kaplan-Meier) or of those whom this end has met (cumulative
    incidence), unrounded, with its interval; the interval is None where it cannot be told (nobody or everybody).
    """

    day: int
    waiting: int
    ended: int
    share: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The moments in order, and how many were watched."""

    moments: tuple[Moment, ...]
    n: int
    falling: bool = True

    def at(self, day: int) -> Moment | None:
        """The last moment up to ``day``; None before the first."""
        found = None
        for moment in self.moments:
            if moment.day > day:
                break
            found = moment
        return found

    def reached(self, share: Decimal | str) -> tuple[int | None, int | None, int | None]:
        """The first day on which ``share`` of all have ended, with its interval (Brookmeyer and Crowley 1982).

        Each is None where the curve, or its bound, never gets there. Only for the curve of those still waiting.
        """
        left = 1 - Decimal(share)
        day = next((m.day for m in self.moments if m.share <= left), None)
        early = next((m.day for m in self.moments if (m.share if m.low is None else m.low) <= left), None)
        late = next((m.day for m in self.moments if m.high is not None and m.high <= left), None)
        return day, early, late


def _steps(waits: Iterable[Wait]) -> tuple[list[tuple[int, int, Counter]], int]:
    """For each day on which something ended: the day, how many were waiting, and the ends by kind; and how many in all."""
    ends: dict[int, Counter] = {}
    leaving: Counter[int] = Counter()
    n = 0
    for wait in waits:
        if wait.days < 0:
            raise ValueError(f"Nobody waits {wait.days} days.")
        n += wait.n
        leaving[wait.days] += wait.n
        if wait.end is not None:
            ends.setdefault(wait.days, Counter())[wait.end] += wait.n
    found, waiting = [], n
    for day in sorted(leaving):
        if day in ends:
            found.append((day, waiting, ends[day]))
        waiting -= leaving[day]
    return found, n


def _bounds(share: Decimal, variance: Decimal) -> tuple[Decimal, Decimal] | tuple[None, None]:
    """The interval on the log(−log) scale; no interval for a share of 0 or 1, or as near as rounding comes to it."""
    if not NEAR < share < 1 - NEAR:
        return None, None
    log = share.ln()
    spread = Z95 * variance.sqrt() / abs(share * log)
    return (log * spread.exp()).exp(), (log * (-spread).exp()).exp()


def kaplan_meier(waits: Iterable[Wait]) -> Curve:
    """The share still waiting after each day on which somebody's wait ended, whatever ended it.

    Raises ValueError for a negative number of days.
    """
    steps, n = _steps(waits)
    moments = []
    with localcontext(CONTEXT):
        share, greenwood = Decimal(1), Decimal(0)
        for day, waiting, ends in steps:
            ended = ends.total()
            share = share * (waiting - ended) / waiting
            if waiting > ended:
                greenwood += Decimal(ended) / (waiting * (waiting - ended))
            moments.append(Moment(day, waiting, ended, share, *_bounds(share, share * share * greenwood)))
    return Curve(tuple(moments), n)


def cumulative_incidence(waits: Sequence[Wait], end: Hashable) -> Curve:
    """The share whom ``end`` has met by each day, where other ends compete for the same people (Aalen-Johansen).

    The shares of all ends and of those still waiting add up to 1. Their variance is that of Aalen, the bounds those of
    the log(−log) scale. Raises ValueError for a negative number of days.
    """
    steps, n = _steps(waits)
    past: list[tuple[int, int, int, Decimal, Decimal]] = []  # waiting, ended, mine, still before, incidence after
    moments = []
    with localcontext(CONTEXT):
        before, incidence = Decimal(1), Decimal(0)
        for day, waiting, ends in steps:
            ended, mine = ends.total(), ends[end]
            incidence += before * mine / waiting
            past.append((waiting, ended, mine, before, incidence))
            before = before * (waiting - ended) / waiting
            if mine:
                moments.append(Moment(day, waiting, mine, incidence, *_bounds(incidence, _variance(past, incidence))))
    return Curve(tuple(moments), n, falling=False)


def _variance(past: list[tuple[int, int, int, Decimal, Decimal]], now: Decimal) -> Decimal:
    """Aalen's variance of the incidence at the last of these steps (Marubini and Valsecchi 1995, equation 10.12)."""
    total = Decimal(0)
    for waiting, ended, mine, before, incidence in past:
        rest = now - incidence
        if waiting > ended:
            total += rest * rest * ended / (waiting * (waiting - ended))
        total += before * before * (mine * (waiting - mine)) / Decimal(waiting**3)
        total -= 2 * rest * before * mine / Decimal(waiting**2)
    return max(total, Decimal(0))
