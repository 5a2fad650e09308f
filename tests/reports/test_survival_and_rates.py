"""Waits, rates and ratios of totals: against SciPy, against identities, and against chance itself."""

import random
import warnings
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from math import comb, exp, lgamma, log

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.statistics import (
    Counted,
    Wait,
    cumulative_incidence,
    kaplan_meier,
    median,
    median_interval,
    median_of,
    rate,
    rate_interval,
    ratio_of_totals,
    wilson,
)

waits = st.lists(st.builds(Wait, st.integers(0, 40), st.sampled_from([None, "departed", "withdrew"])), min_size=1)


def censored(found):
    ended = [w.days for w in found if w.end is not None]
    return stats.CensoredData(uncensored=ended, right=[w.days for w in found if w.end is None])


@given(waits)
def test_the_curve_of_those_who_wait_is_that_of_scipy(found):
    curve = kaplan_meier(found)
    reference = stats.ecdf(censored(found)).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # SciPy says so where the bound of 0 or 1 cannot be told
        bounds = reference.confidence_interval(method="log-log")
    for moment in curve.moments:
        place = list(reference.quantiles).index(moment.day)
        assert abs(float(moment.share) - reference.probabilities[place]) < 1e-12
        if moment.low is not None:
            assert abs(float(moment.low) - bounds.low.probabilities[place]) < 1e-9
            assert abs(float(moment.high) - bounds.high.probabilities[place]) < 1e-9


def test_the_curve_of_a_published_trial():
    """Freireich et al. (1963), the 21 patients given 6-MP, as every textbook prints them: 0.857 at 6, 0.448 at 23."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    waiting = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = kaplan_meier([Wait(d, "again") for d in ended] + [Wait(d, None) for d in waiting])
    shares = [round(float(m.share), 3) for m in curve.moments]
    assert shares == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert curve.reached("0.5")[0] == 23
    assert curve.at(5) is None
    assert curve.at(12).day == 10


@given(waits)
def test_what_happened_and_what_still_waits_add_up_to_everybody(found):
    last = max(w.days for w in found)
    total = sum(
        (moment.share for end in ("departed", "withdrew") if (moment := cumulative_incidence(found, end).at(last))),
        Decimal(0),
    )
    still = kaplan_meier(found).at(last)
    assert abs(total + (still.share if still else 1) - 1) < Decimal("1e-25")


@given(st.lists(st.builds(Wait, st.integers(0, 9), st.sampled_from(["departed", "withdrew"])), min_size=1))
def test_without_anybody_still_waiting_the_incidence_is_the_plain_share(found):
    curve = cumulative_incidence(found, "departed")
    for moment in curve.moments:
        plain = Fraction(sum(w.end == "departed" and w.days <= moment.day for w in found), len(found))
        assert abs(moment.share - Decimal(plain.numerator) / plain.denominator) < Decimal("1e-20")
        if moment.low is not None:  # then the variance is the binomial one
            share, spread = float(moment.share), (1.959963984540054 * (float(plain * (1 - plain)) / len(found)) ** 0.5)
            wide = spread / abs(share * log(share))
            assert abs(float(moment.low) - exp(log(share) * exp(wide))) < 1e-9


def test_a_wait_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="waits -1"):
        kaplan_meier([Wait(-1, "departed")])


def test_those_still_waiting_make_the_median_longer_than_that_of_those_who_got_through():
    found = [Wait(d, "departed") for d in (10, 20, 30)] + [Wait(60, None)] * 3
    assert kaplan_meier(found).reached("0.5") == (30, 10, None)
    assert kaplan_meier(found[:3]).reached("0.5")[0] == 20


@pytest.mark.parametrize("events", [0, 1, 2, 3, 5, 10, 29, 100, 499, 501, 2000])
def test_the_interval_of_a_count_holds_half_its_own_probability_on_each_side(events):
    low, high = rate_interval(events)
    places = 1e-9 if events <= 500 else 2e-4
    half = 0.5 * stats.poisson.pmf(events, float(high)) + stats.poisson.cdf(events - 1, float(high))
    assert abs(half - 0.025) < places
    if events:
        half = 0.5 * stats.poisson.pmf(events, float(low)) + stats.poisson.sf(events, float(low))
        assert abs(half - 0.025) < places
    else:
        assert low == 0
    # Narrower than the exact interval of Garwood, which covers too much.
    exact = stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0.0, stats.chi2.ppf(0.975, 2 * events + 2) / 2
    assert exact[0] <= float(low) + 1e-6
    assert float(high) <= exact[1] + 1e-6


def test_a_rate_is_given_per_unit_of_time_with_its_interval():
    found = rate(3, Decimal("250"), per=100, people=40)
    assert (found.value, found.n) == (Decimal("1.20"), 40)
    assert (found.low, found.high) == (Decimal("0.31"), Decimal("3.27"))
    assert rate(0, Decimal(0)).value is None
    assert rate(1, Decimal(3), people=4).value is None
    with pytest.raises(ValueError, match="not a count"):
        rate_interval(-1)


# --- intervals cover what they say: within two points of 95 % on average over the truths, for every size -----------


@pytest.mark.parametrize("n", [5, 6, 7, 10, 20, 50, 200, 1000, 5000])
def test_the_interval_of_a_share_covers_95_percent_within_two_points(n):
    """Not simulated but summed exactly, over 97 truths from 2 to 98 %."""
    bounds = numpy.array([[float(b) for b in wilson(k, n)] for k in range(n + 1)])
    truths = numpy.linspace(0.02, 0.98, 97)
    counts = numpy.arange(n + 1)
    covered = [
        stats.binom.pmf(counts, n, truth)[(bounds[:, 0] <= truth) & (truth <= bounds[:, 1])].sum() for truth in truths
    ]
    assert abs(numpy.mean(covered) - 0.95) < 0.02, numpy.mean(covered)


@pytest.mark.parametrize("expected", [(1, 5), (5, 20), (20, 100), (100, 480), (480, 5000)])
def test_the_interval_of_a_count_covers_95_percent_within_two_points(expected):
    """Not simulated but summed exactly, over 60 true means of each decade."""
    means = numpy.linspace(*expected, 60)
    counts = range(max(0, int(expected[0] - 9 * expected[0] ** 0.5)), int(expected[1] + 9 * expected[1] ** 0.5 + 12))
    step = max(1, len(counts) // 250)  # with thousands of counts the bounds between two are read off a straight line
    known = numpy.array([[k, *map(float, rate_interval(k))] for k in counts[::step]])
    low, high = (numpy.interp(counts, known[:, 0], known[:, column]) for column in (1, 2))
    covered = []
    for mean in means:
        inside = [k for k, least, most in zip(counts, low, high, strict=True) if least <= mean <= most]
        covered.append(stats.poisson.cdf(inside[-1], mean) - stats.poisson.cdf(inside[0] - 1, mean))
    assert abs(numpy.mean(covered) - 0.95) < 0.02, numpy.mean(covered)


DRAWN = {
    "even": lambda rng: rng.random(),
    "normal": lambda rng: rng.gauss(100, 15),
    "money, a few have much": lambda rng: rng.lognormvariate(0, 1),
}
MEDIANS = {"even": 0.5, "normal": 100, "money, a few have much": 1.0}


@pytest.mark.parametrize("shape", DRAWN)
@pytest.mark.parametrize("n", [6, 7, 9, 15, 40])
def test_the_interval_of_a_median_covers_95_percent_within_two_points(shape, n):
    rng = random.Random(f"{shape}{n}")
    rounds, covered = 1500, 0
    for _round in range(rounds):
        values = sorted(Decimal(repr(DRAWN[shape](rng))) for _value in range(n))
        low, high = median_interval(values)
        covered += float(low) <= MEDIANS[shape] <= float(high)
    assert abs(covered / rounds - 0.95) < 0.02, covered / rounds


def test_the_interval_of_a_median_of_thousands_covers_as_well():
    """The ranks alone decide: the number below the median is binomial, so the cover is a sum of its probabilities."""
    for n in (1000, 1001, 2000, 5000):
        low, high = median_interval(list(range(1, n + 1)))
        ranks = range(int(low), int(high))
        cover = sum(exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2)) for k in ranks)
        assert abs(cover - 0.95) < 0.02


def test_six_values_are_the_fewest_for_an_interval_of_a_median():
    assert median_interval([1, 2, 3, 4, 5]) is None
    assert median_interval([1, 2, 3, 4, 5, 6]) is not None
    # With 2·P(B ≤ k − 1) at exactly 5 % nothing is interpolated; between two ranks the bound lies between two values.
    low, _high = median_interval(list(range(1, 8)))
    assert 1 < low < 2
    assert comb(7, 0) * 40 * 2 <= 2**7 * 2


@pytest.mark.parametrize("n", [12, 40])
def test_the_interval_of_a_ratio_of_totals_covers_95_percent_within_two_points(n):
    """Costs and pay of the same workers, some of whom paid much; the truth is the ratio of the means."""
    rng = random.Random(n)
    rounds, covered = 300, 0
    for _round in range(rounds):
        pairs = []
        for _worker in range(n):
            pay = rng.uniform(1500, 3500)
            cost = rng.uniform(0, 400) + 0.2 * pay * rng.random()
            pairs.append((Decimal(f"{cost:.2f}"), Decimal(f"{pay:.2f}")))
        found = ratio_of_totals(pairs)
        covered += float(found.low) <= (200 + 250) / 2500 <= float(found.high)
    assert abs(covered / rounds - 0.95) < 0.03, covered / rounds  # 300 rounds are themselves ± 0.025 sure


def test_the_ratio_of_totals_is_the_same_every_time_and_says_when_it_cannot_tell():
    pairs = [(Decimal(k * k), Decimal(100 + k)) for k in range(25)]
    assert ratio_of_totals(pairs) == ratio_of_totals(pairs)
    assert ratio_of_totals(pairs[:9]).low is None
    assert ratio_of_totals(pairs[:4]).value is None
    assert ratio_of_totals([(Decimal(0), Decimal(10))] * 12).high == 0
    assert ratio_of_totals([(Decimal(1), Decimal(0))] * 12).value is None


def test_ends_are_counted_on_the_day_they_happen():
    found = [Wait(3, "departed"), Wait(3, "withdrew"), Wait(3, None), Wait(5, "departed")]
    moments = kaplan_meier(found).moments
    assert [(m.day, m.waiting, m.ended) for m in moments] == [(3, 4, 2), (5, 1, 1)]
    assert Counter(w.end for w in found)["departed"] == 2


@given(
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["departed", "withdrew", None])), min_size=1, max_size=80)
)
def test_waits_that_are_alike_may_be_given_together(found):
    one_by_one = [Wait(days, end) for days, end in found]
    together = [Wait(days, end, n) for (days, end), n in Counter(found).items()]
    assert kaplan_meier(together) == kaplan_meier(one_by_one)
    assert cumulative_incidence(together, "departed") == cumulative_incidence(one_by_one, "departed")


@given(st.lists(st.integers(-5, 400), max_size=1300))
def test_a_median_of_a_histogram_is_that_of_its_values(days):
    assert median_of(Counted(Counter(days).items()), "days") == median(days, "days")
