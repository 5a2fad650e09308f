"""The ratio of two totals over people, with an interval by resampling the people.

What all workers paid ÷ what all of them earned is not an average of ratios, so no simple formula gives its interval.
People are drawn again with replacement, each with both numbers, and the ratio is studentised with its linearised error
(bootstrap-t: Efron and Tibshirani 1993, chapter 12), which covers better than percentiles when a few people make much
of the total. The draws come from a generator with a fixed seed, so the same people give the same interval everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import fsum, sqrt
from random import Random

from reports.statistics.estimates import CONTEXT, TOO_FEW, Z95, Estimate, rounded

DRAWS = 999
SEED = 2026
RESAMPLED_UP_TO = 2000  # people; above this the linearised error alone gives the same bounds
FEWEST = 10  # under this no interval of a ratio of totals can be trusted


def ratio_of_totals(pairs: Sequence[tuple[Decimal, Decimal]], unit: str = "ratio", floor: int = TOO_FEW) -> Estimate:
    """Σ first ÷ Σ second over people, rounded, with a 95 % interval; no interval under ten people.

    ``pairs``: one for each person, both in one currency, the second never negative. No value where there are fewer
    people than the floor, or nothing to divide by.
    """
    n = len(pairs)
    top, bottom = sum((a for a, _b in pairs), Decimal(0)), sum((b for _a, b in pairs), Decimal(0))
    # In the order of the amounts: the draws are by place, and must not depend on the order in which people were found.
    bounds = _bounds([(float(a), float(b)) for a, b in sorted(pairs)]) if n >= FEWEST else None
    return _estimate(n, top, bottom, bounds, unit, floor)


@dataclass(frozen=True, slots=True)
class Moments:
    """What is to be known of many pairs: how many, their sums, the sums of their squares and products, the least first."""

    n: int
    top: Decimal
    bottom: Decimal
    tops: Decimal
    bottoms: Decimal
    products: Decimal
    least: Decimal


def ratio_of_moments(known: Moments, unit: str = "ratio", floor: int = TOO_FEW) -> Estimate:
    """The same of more people than are drawn again, of whom only sums are kept."""
    if known.n <= RESAMPLED_UP_TO:
        raise ValueError("So few are drawn again, one by one.")
    bounds = None
    if known.bottom > 0:
        value = CONTEXT.divide(known.top, known.bottom)
        square = known.tops - 2 * value * known.products + value * value * known.bottoms
        error = sqrt(max(square, Decimal(0)) / (known.n - 1) * known.n) / float(known.bottom)
        bounds = _within(float(value), error, -float(Z95), float(Z95), known.least)
    return _estimate(known.n, known.top, known.bottom, bounds, unit, floor)


def _estimate(
    n: int, top: Decimal, bottom: Decimal, bounds: tuple[float, float] | None, unit: str, floor: int
) -> Estimate:
    if n < floor or not bottom:
        return Estimate(None, None, None, n)
    value = rounded(CONTEXT.divide(top, bottom), unit)
    if bounds is None:
        return Estimate(value, None, None, n)
    return Estimate(value, rounded(Decimal(bounds[0]), unit), rounded(Decimal(bounds[1]), unit), n)


def _error(pairs: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """The ratio and its linearised standard error; None when nothing is left to divide by."""
    n = len(pairs)
    bottom = fsum(b for _a, b in pairs)
    if bottom <= 0:
        return None
    value = fsum(a for a, _b in pairs) / bottom
    spread = fsum((a - value * b) * (a - value * b) for a, b in pairs) / (n - 1)
    return value, sqrt(spread * n) / bottom


def _bounds(pairs: list[tuple[float, float]]) -> tuple[float, float] | None:
    found = _error(pairs)
    if found is None:
        return None
    value, error = found
    if error == 0:
        return value, value
    low, high = (-float(Z95), float(Z95)) if len(pairs) > RESAMPLED_UP_TO else _points(pairs, value)
    return _within(value, error, low, high, min(a for a, _b in pairs))


def _within(value: float, error: float, low: float, high: float, least: Decimal | float) -> tuple[float, float]:
    """The bounds; none below zero where no part of the sum is."""
    bounds = value - high * error, value - low * error
    return (max(bounds[0], 0.0), bounds[1]) if least >= 0 else bounds


def _points(pairs: list[tuple[float, float]], value: float) -> tuple[float, float]:
    """The 2.5 % and 97.5 % points of the studentised ratio over the draws."""
    rng, n = Random(SEED), len(pairs)  # noqa: S311 - nothing secret depends on it
    found = []
    for _draw in range(DRAWS):
        again = _error([pairs[int(rng.random() * n)] for _person in range(n)])
        if again is not None and again[1] > 0:
            found.append((again[0] - value) / again[1])
    if len(found) < DRAWS // 2:
        return -float(Z95), float(Z95)
    found.sort()
    last = len(found) - 1
    return found[round(0.025 * last)], found[round(0.975 * last)]
