"""What a sample says of its population: the exact interval for a number of files in a finite population.

Of N files, n were drawn without replacement and k of them fail. The number M of files that fail in the population has
the 95 % interval of all M for which seeing k or more, and k or fewer, each has a chance above 2.5 %: the two tails of
the hypergeometric distribution turned round (Buonaccorsi 1987, The American Statistician 41: 215–218; Wright 1991,
Exact Confidence Bounds when Sampling from Small Finite Universes, Springer). It needs no correction for the finite
population, because it counts in it: a sample of everybody has no error. All sums are whole numbers.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import comb

TAIL = Fraction(25, 1000)
FEWEST = 10  # below this a share says more about single files than about the partner, unless it is all of them


@dataclass(frozen=True, slots=True)
class Estimated:
    """``k`` of ``n`` files of a population of ``of``: the share with its interval, none where it is too few to say."""

    k: int
    n: int
    of: int
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None

    @property
    def too_few(self) -> bool:
        """Whether the sample is too small to say anything."""
        return self.value is None


def estimate(k: int, n: int, of: int) -> Estimated:
    """The share of ``k`` in ``n`` with its exact 95 % interval for a population of ``of``. ValueError where it cannot be."""
    if not 0 <= k <= n <= of:
        raise ValueError(f"{k} of {n} of {of} is no sample.")
    if n < min(FEWEST, of) or n == 0:
        return Estimated(k, n, of, None, None, None)
    low, high = bounds(k, n, of)
    return Estimated(k, n, of, _share(k, n), _share(low, of), _share(high, of))


def _share(part: int, whole: int) -> Decimal:
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"))


def bounds(k: int, n: int, of: int) -> tuple[int, int]:
    """The smallest and the largest number of failing files in the population that the sample does not speak against."""
    least, most = k, of - (n - k)
    # Both tails move one way with M, so each end is found by halving.
    low, high = least, most
    while low < high:
        middle = (low + high) // 2
        if _at_least(k, n, middle, of) > TAIL:
            high = middle
        else:
            low = middle + 1
    lower = low
    low, high = least, most
    while low < high:
        middle = (low + high + 1) // 2
        if _at_most(k, n, middle, of) > TAIL:
            low = middle
        else:
            high = middle - 1
    return lower, low


def _at_least(k: int, n: int, failing: int, of: int) -> Fraction:
    """The chance of k or more failing files in the sample, where ``failing`` of ``of`` fail."""
    return 1 - _at_most(k - 1, n, failing, of)


def _at_most(k: int, n: int, failing: int, of: int) -> Fraction:
    if k < 0:
        return Fraction(0)
    ways = sum(comb(failing, x) * comb(of - failing, n - x) for x in range(min(k, n, failing) + 1))
    return Fraction(ways, comb(of, n))
