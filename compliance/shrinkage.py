"""Rates of few cases, drawn together: an empirical-Bayes gamma-Poisson model, and what it says of each group.

A group has y cases in e worker-months. Taken by itself, one complaint among four workers is the highest rate of all.
So each group's rate is taken as drawn from a gamma distribution that all groups share, and its own cases move it from
the common rate only as far as they can carry:

    y ~ Poisson(rate × e),  rate ~ Gamma(a, b),  hence  rate | y ~ Gamma(a + y, b + e)

a and b are estimated by moments: m = Σy / Σe, s² = Σe(y/e − m)² / Σe, A = s² − m / mean(e), a = m²/A, b = m/A
(Clayton and Kaldor 1987, Biometrics 43: 671–681, with the moments of Marshall 1991, Applied Statistics 40: 283–294).
The interval is the middle 95 % of the posterior. Where A ≤ 0, or there are fewer than three groups, the differences
are no larger than chance makes them: every group then has the common rate, Gamma(Σy + ½, Σe), and none stands out.

A group stands out where the whole interval lies above the common rate and at least three cases carry it. Floats are
enough here: a rate is a sign for a person, published nowhere, and shown with two places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

FEWEST_CASES = 3
FEWEST_GROUPS = 3
TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Rate:
    """A group's rate per worker-month after shrinkage with its 95 % interval; ``raw`` is its own cases by its months."""

    raw: float | None
    value: float
    low: float
    high: float
    stands_out: bool


@dataclass(frozen=True, slots=True)
class Shared:
    """What all groups share: the common rate, and a and b of the gamma; none where the groups are pooled."""

    common: float
    a: float | None
    b: float | None


def shared(groups: Sequence[tuple[int, float]]) -> Shared:
    """The common rate and the prior of groups given as (cases, worker-months); months are above zero."""
    cases, months = sum(y for y, _e in groups), sum(e for _y, e in groups)
    if not months:
        return Shared(0.0, None, None)
    m = cases / months
    spread = sum(e * (y / e - m) ** 2 for y, e in groups) / months
    between = spread - m / (months / len(groups))
    if between <= 0 or len(groups) < FEWEST_GROUPS or not cases:
        return Shared(m, None, None)
    return Shared(m, m * m / between, m / between)


def shrunk(groups: Sequence[tuple[int, float]]) -> list[Rate]:
    """The rate of each group, in the order given. Groups without worker-months raise ValueError."""
    if any(e <= 0 for _y, e in groups):
        raise ValueError("A group without worker-months has no rate.")
    if not groups:
        return []
    prior = shared(groups)
    cases, months = sum(y for y, _e in groups), sum(e for _y, e in groups)
    found = []
    for y, e in groups:
        if prior.a is None or prior.b is None:
            shape, rate = cases + 0.5, months
        else:
            shape, rate = prior.a + y, prior.b + e
        low, high = gamma_quantile(TAIL, shape) / rate, gamma_quantile(1 - TAIL, shape) / rate
        value = prior.common if prior.a is None else shape / rate
        out = prior.a is not None and low > prior.common and y >= FEWEST_CASES
        found.append(Rate(y / e, value, low, high, out))
    return found


def gamma_quantile(probability: float, shape: float) -> float:
    """x with P(X ≤ x) = probability for X ~ Gamma(shape, 1), by halving the interval; ValueError outside (0, 1)."""
    if not 0 < probability < 1 or shape <= 0:
        raise ValueError(f"No quantile {probability} of a gamma of shape {shape}.")
    low, high = 0.0, max(1.0, shape)
    while gamma_below(shape, high) < probability:
        low, high = high, high * 2
    for _step in range(1200):  # down to the smallest numbers there are, for shapes near nothing
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if gamma_below(shape, middle) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def gamma_below(shape: float, x: float) -> float:
    """P(X ≤ x) for X ~ Gamma(shape, 1): the regularised lower incomplete gamma function.

    Below shape + 1 by its power series, above by its continued fraction (Abramowitz and Stegun 6.5.29 and 6.5.31).
    """
    if x <= 0:
        return 0.0
    front = exp(shape * log(x) - x - lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        n = shape
        while abs(term) > abs(total) * 1e-16:
            n += 1
            term *= x / n
            total += term
        return min(front * total, 1.0)
    return max(1 - front * _fraction(shape, x), 0.0)


def _fraction(shape: float, x: float) -> float:
    """The continued fraction of the upper tail, by the modified method of Lentz."""
    tiny = 1e-300
    b = x + 1 - shape
    c, d = 1 / tiny, 1 / (b or tiny)
    h = d
    for n in range(1, 10_000):
        an = -n * (n - shape)
        b += 2
        d = 1 / ((an * d + b) or tiny)
        c = (b + an / c) or tiny
        step = d * c
        h *= step
        if abs(step - 1) < 1e-15:
            break
    return h
