"""Shares, ratios and medians with their intervals."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from itertools import accumulate
from math import comb, isqrt

CONTEXT = Context(prec=40, rounding=ROUND_HALF_EVEN)
Z95 = Decimal("1.959963984540054")  # two-sided 95 % point of the normal distribution
TOO_FEW = 5  # below this base a share, a median or a ratio says more about single persons than about the programme
PLACES = {"share": 4, "points": 2, "days": 1, "months": 2, "times": 2, "ratio": 3, "rate": 2, "money": 2, "count": 0}
EXACT_RANKS_UP_TO = 1000  # above this the binomial is so near to normal that the ranks agree to one place


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval. `low` and `high` are None where the base is too small to give one."""

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    n: int


def rounded(value: Decimal | int | None, unit: str = "share") -> Decimal | None:
    """`value` at the places of its unit, half to even; None stays None. A currency code counts as money."""
    if value is None:
        return None
    places = PLACES.get(unit, PLACES["money"] if len(unit) == 3 and unit.isupper() else PLACES["count"])
    return CONTEXT.quantize(Decimal(value), Decimal(1).scaleb(-places))


def too_few(n: int, floor: int = TOO_FEW) -> bool:
    """Whether a base of `n` is too small to say anything: the report then writes "too few to say" and no value."""
    return n < floor


def wilson(k: int, n: int, z: Decimal | float = Z95) -> tuple[Decimal, Decimal] | None:
    """The Wilson score interval for `k` of `n`, unrounded, within 0 and 1; None when n is 0.

    Wilson (1927), without continuity correction: it keeps near its promised cover for small n and for shares near 0
    and 1, where the textbook interval leaves the range or shrinks to nothing. Raises ValueError unless 0 ≤ k ≤ n.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is not a share.")
    if n == 0:
        return None
    z = Decimal(str(z))
    square = CONTEXT.multiply(z, z)
    centre = CONTEXT.add(2 * k, square)
    inside = CONTEXT.add(square, CONTEXT.divide(Decimal(4 * k * (n - k)), Decimal(n)))
    spread = CONTEXT.multiply(z, CONTEXT.sqrt(inside))
    below = CONTEXT.multiply(Decimal(2), CONTEXT.add(n, square))
    low = Decimal(0) if k == 0 else CONTEXT.divide(CONTEXT.subtract(centre, spread), below)
    high = Decimal(1) if k == n else CONTEXT.divide(CONTEXT.add(centre, spread), below)
    return low, high


def share(k: int, n: int, floor: int = TOO_FEW) -> Estimate:
    """`k` of `n` as a rounded share with its Wilson interval; no value where n is under the floor."""
    bounds = wilson(k, n)
    if bounds is None or too_few(n, floor):
        return Estimate(None, None, None, n)
    return Estimate(rounded(CONTEXT.divide(Decimal(k), Decimal(n))), rounded(bounds[0]), rounded(bounds[1]), n)


def difference(one: Estimate, other: Estimate, unit: str = "share") -> Estimate:
    """By how much `one` exceeds `other`, two groups of different people, with its interval; rounded for its unit.

    Shares with the unit "points" differ in percentage points.

    The interval is put together from the two of the groups: for shares with Wilson's that is the interval of Newcombe
    (1998, Statistics in Medicine 17:873, method 10), for other estimates that of Zou and Donner (2008, the same journal
    27:1693). Values that overlap in their own intervals may still differ, so those cannot be compared by eye. No
    interval where one of the groups has none.
    """
    n = min(one.n, other.n)
    if one.value is None or other.value is None:
        return Estimate(None, None, None, n)
    found, scale = CONTEXT.subtract(one.value, other.value), 100 if unit == "points" else 1
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return Estimate(rounded(scale * found, unit), None, None, n)
    below = _length(one.value - one.low, other.high - other.value)
    above = _length(one.high - one.value, other.value - other.low)
    low, high = scale * (found - below), scale * (found + above)
    return Estimate(rounded(scale * found, unit), rounded(low, unit), rounded(high, unit), n)


def _length(one: Decimal, other: Decimal) -> Decimal:
    """The third side of a right-angled triangle."""
    return CONTEXT.sqrt(CONTEXT.add(CONTEXT.multiply(one, one), CONTEXT.multiply(other, other)))


def ratio(numerator: Decimal | int, denominator: Decimal | int, unit: str = "ratio") -> Decimal | None:
    """`numerator` ÷ `denominator` rounded for its unit; None when there is nothing to divide by."""
    if not denominator:
        return None
    return rounded(CONTEXT.divide(Decimal(numerator), Decimal(denominator)), unit)


def quantile(values: Sequence[Decimal | int], probability: Decimal | str) -> Decimal:
    """The quantile by linear interpolation between the two nearest values (type 7, as PostgreSQL's percentile_cont),
    unrounded.

    Raises ValueError without values or outside 0 to 1.
    """
    p = Decimal(probability)
    if not values or not 0 <= p <= 1:
        raise ValueError("A quantile needs values and a probability from 0 to 1.")
    ordered = sorted(Decimal(value) for value in values)
    position = CONTEXT.multiply(p, Decimal(len(ordered) - 1))
    below = int(position)
    if below + 1 == len(ordered):
        return ordered[below]
    step = CONTEXT.subtract(ordered[below + 1], ordered[below])
    return CONTEXT.add(ordered[below], CONTEXT.multiply(position - below, step))


def median_ranks(n: int) -> tuple[int, int] | None:
    """Which of `n` ordered values (counted from 1) bound the 95 % interval of their median; None under six values.

    The k-th smallest and k-th largest value enclose the median of the population with probability 1 − 2·P(B ≤ k − 1),
    B binomial(n, ½), whatever the distribution. The largest k that still gives 95 % is taken, so the real cover is 95
    % or more. Six values are the fewest that can give it.
    """
    if n < 6:
        return None
    if n > EXACT_RANKS_UP_TO:
        # (n − z·√n) / 2, rounded down: √n in whole millionths keeps it exact on every machine.
        spread = CONTEXT.multiply(Z95, CONTEXT.divide(Decimal(isqrt(n * 10**12)), Decimal(10**6)))
        rank = int((n - spread) / 2)
        return rank, n + 1 - rank
    tail, rank = 0, 0
    while True:
        tail += comb(n, rank)
        if tail * 40 > 2**n:  # the two tails together would be over 5 %
            return rank, n + 1 - rank
        rank += 1


def median_interval(ordered: Sequence[Decimal | int]) -> tuple[Decimal, Decimal] | None:
    """The 95 % interval of the median of values in order, unrounded; None under six values.

    Two order statistics cover too much by steps (seven values: 98.4 %); between the pair that covers more and the next
    pair that covers less the bound is interpolated so that the cover is near 95 % (Hettmansperger and Sheather 1986,
    Statistics & Probability Letters 4:75). Exact for symmetric distributions in theory, close for skewed ones.
    """
    n = len(ordered)
    ranks = median_ranks(n)
    if ranks is None:
        return None
    rank = ranks[0]
    if n > EXACT_RANKS_UP_TO:  # the steps between ranks are too small to matter
        return Decimal(ordered[rank - 1]), Decimal(ordered[n - rank])
    below = sum(comb(n, i) for i in range(rank))  # of 2**n: P(B ≤ rank − 1)
    more, less = 2**n - 2 * below, 2**n - 2 * (below + comb(n, rank))
    step = Fraction(40 * more - 38 * 2**n, 40 * (more - less))  # how far from the wider to the narrower pair
    weight = (n - rank) * step / (rank + (n - 2 * rank) * step)
    return _between(ordered[rank - 1], ordered[rank], weight), _between(
        ordered[n - rank], ordered[n - rank - 1], weight
    )


def _between(start: Decimal | int, end: Decimal | int, weight: Fraction) -> Decimal:
    step = CONTEXT.divide(Decimal(weight.numerator), Decimal(weight.denominator))
    return CONTEXT.add(Decimal(start), CONTEXT.multiply(CONTEXT.subtract(Decimal(end), Decimal(start)), step))


class Counted(Sequence[Decimal]):
    """Values in order of which many are alike, as (value, how many): read like the long list, and as short as they differ."""

    def __init__(self, counts: Iterable[tuple[Decimal | int, int]]) -> None:
        pairs = sorted(counts)
        self._values = [Decimal(value) for value, _n in pairs]
        self._until = list(accumulate(n for _value, n in pairs))

    def __len__(self) -> int:
        return self._until[-1] if self._until else 0

    def __getitem__(self, place: int) -> Decimal:  # type: ignore[override]  # nobody asks for a slice
        """The value at a place counted from 0."""
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._values[bisect_right(self._until, place)]


class Thinned(Sequence[Decimal]):
    """Values in order of which only those at some places are known, counted from 0: enough for a median and its interval."""

    def __init__(self, n: int, kept: Mapping[int, Decimal]) -> None:
        self._n, self._kept = n, kept

    def __len__(self) -> int:
        return self._n

    def __getitem__(self, place: int) -> Decimal:  # type: ignore[override]  # nobody asks for a slice
        """The value at a place; LookupError where it was not kept."""
        return self._kept[place]


def median(values: Iterable[Decimal | int], unit: str = "days", floor: int = TOO_FEW) -> Estimate:
    """The median with its interval, rounded for its unit; no value where there are fewer than the floor."""
    return median_of(sorted(Decimal(value) for value in values), unit, floor)


def median_of(ordered: Sequence[Decimal], unit: str = "days", floor: int = TOO_FEW) -> Estimate:
    """The same of values that are in order already, as of a histogram (``Counted``)."""
    n = len(ordered)
    if n == 0 or too_few(n, floor):
        return Estimate(None, None, None, n)
    # As ``quantile`` takes it, from the one or two values in the middle.
    middle = rounded(quantile((ordered[(n - 1) // 2], ordered[n // 2]), "0.5"), unit)
    bounds = median_interval(ordered)
    if bounds is None:
        return Estimate(middle, None, None, n)
    return Estimate(middle, rounded(bounds[0], unit), rounded(bounds[1], unit), n)
