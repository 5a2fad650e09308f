"""Counts per worker-time, such as early ends per 100 worker-months, with the interval of a Poisson count.

The mid-P interval: half the probability of the observed count lies on each side. The exact interval of Garwood (1936)
covers too much where counts are small, which is where reports of pilots live; the mid-P interval covers 95 % on
average (Cohen and Yang 1994, Statistics in Medicine 13:1803).
"""

from collections.abc import Callable
from decimal import Decimal

from reports.statistics.estimates import CONTEXT, TOO_FEW, Z95, Estimate, rounded

EXACT_UP_TO = 500  # events; above this Byar's approximation agrees to four digits
TAIL = Decimal("0.025")


def rate_interval(events: int) -> tuple[Decimal, Decimal]:
    """The 95 % interval of the expected number of events when ``events`` were seen, unrounded.

    Raises ValueError for a negative count.
    """
    if events < 0:
        raise ValueError(f"{events} is not a count of events.")
    if events > EXACT_UP_TO:
        return _byar(events, -1), _byar(events, +1)
    low = Decimal(0) if events == 0 else _solve(lambda mean: 1 - _up_to(events, mean), Decimal(0), Decimal(events))
    return low, _solve(lambda mean: 1 - _up_to(events, mean), Decimal(events), Decimal(2 * events + 10), 1 - TAIL)


def _up_to(events: int, mean: Decimal) -> Decimal:
    """P(X < events) + ½·P(X = events) for a Poisson count of this mean."""
    term = CONTEXT.exp(-mean)
    total = Decimal(0)
    for number in range(events):
        total = CONTEXT.add(total, term)
        term = CONTEXT.divide(CONTEXT.multiply(term, mean), Decimal(number + 1))
    return CONTEXT.add(total, term / 2)


def _solve(above: Callable[[Decimal], Decimal], low: Decimal, high: Decimal, goal: Decimal = TAIL) -> Decimal:
    """Where the growing function ``above`` reaches ``goal``, by halving until twelve digits stand."""
    for _step in range(60):
        middle = (low + high) / 2
        if above(middle) < goal:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _byar(events: int, side: int) -> Decimal:
    """Byar's cube-root approximation of a bound (Breslow and Day 1987, volume II, page 69), at half a count more.

    The exact interval takes the count below and the count plus one above; half a count on both sides is its mid-P form.
    """
    count = Decimal(events) + Decimal("0.5")
    root = CONTEXT.divide(Z95, 3 * CONTEXT.sqrt(count))
    inside = 1 - CONTEXT.divide(Decimal(1), 9 * count) + side * root
    return CONTEXT.multiply(count, CONTEXT.power(inside, 3))


def rate(events: int, exposure: Decimal, per: int = 100, people: int | None = None, floor: int = TOO_FEW) -> Estimate:
    """``events`` per ``per`` units of ``exposure`` with its interval, rounded to two places.

    No value where nobody was exposed, or fewer ``people`` than the floor were. ``n`` of the answer is ``people``, or
    the events where it is not given.
    """
    n = events if people is None else people
    if not exposure or (people is not None and people < floor):
        return Estimate(None, None, None, n)
    scale = CONTEXT.divide(Decimal(per), exposure)
    value, low, high = (
        rounded(CONTEXT.multiply(number, scale), "rate") for number in (Decimal(events), *rate_interval(events))
    )
    return Estimate(value, low, high, n)
