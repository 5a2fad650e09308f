"""The arithmetic of published figures, against numbers other people published and against chance itself."""

import random
from decimal import Decimal
from statistics import quantiles as standard_quantiles

import pytest

from reports.statistics import (
    median,
    median_ranks,
    quantile,
    ratio,
    rounded,
    share,
    too_few,
    wilson,
)


# Newcombe (1998), Statistics in Medicine 17:857, table I, method 3: the score interval without correction.
@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_the_wilson_interval_agrees_with_the_published_table(k, n, low, high):
    found = wilson(k, n)
    assert [rounded(bound) for bound in found] == [Decimal(low), Decimal(high)]


def test_the_wilson_bounds_solve_the_equation_they_are_defined_by():
    z = Decimal("1.959963984540054")
    for k, n in ((3, 7), (27, 40), (1, 1000), (500, 1000)):
        for bound in wilson(k, n):
            share_of = Decimal(k) / n
            assert abs(abs(share_of - bound) - z * (bound * (1 - bound) / n).sqrt()) < Decimal("1e-20")


def test_the_wilson_interval_stays_inside_and_mirrors():
    for n in (1, 2, 5, 17, 60):
        for k in range(n + 1):
            low, high = wilson(k, n)
            assert 0 <= low <= Decimal(k) / n <= high <= 1
            other = wilson(n - k, n)
            assert abs(low - (1 - other[1])) < Decimal("1e-25")
    assert wilson(0, 9)[0] == 0
    assert wilson(9, 9)[1] == 1


def test_there_is_no_share_of_nobody_and_none_of_more_than_all():
    assert wilson(0, 0) is None
    for k, n in ((-1, 5), (6, 5)):
        with pytest.raises(ValueError, match="not a share"):
            wilson(k, n)


def test_the_wilson_interval_covers_the_truth_about_as_often_as_it_says():
    rng = random.Random(1927)
    bounds = {n: [tuple(map(float, wilson(k, n))) for k in range(n + 1)] for n in (12, 40)}
    for n, truth in ((12, 0.5), (40, 0.15), (40, 0.7)):
        rounds = 2000
        counts = [sum(rng.random() < truth for _ in range(n)) for _ in range(rounds)]
        covered = sum(bounds[n][k][0] <= truth <= bounds[n][k][1] for k in counts)
        assert 0.92 < covered / rounds < 0.985, (n, truth, covered)


def test_a_share_of_a_tiny_base_is_not_given():
    assert share(2, 4).value is None
    found = share(27, 40)
    assert (found.value, found.low, found.high, found.n) == (
        Decimal("0.6750"),
        Decimal("0.5202"),
        Decimal("0.7992"),
        40,
    )
    assert too_few(4)
    assert not too_few(5)


def test_rounding_is_half_to_even_at_the_places_of_the_unit():
    cases = [
        ("0.12345", "share", "0.1234"),
        ("0.12355", "share", "0.1236"),
        ("2.5", "count", "2"),
        ("3.5", "count", "4"),
    ]
    cases += [
        ("1.005", "NZD", "1.00"),
        ("1.015", "NZD", "1.02"),
        ("12.25", "days", "12.2"),
        ("17.5914", "times", "17.59"),
    ]
    for value, unit, expected in cases:
        assert str(rounded(Decimal(value), unit)) == expected
    assert rounded(None, "share") is None


# Figures printed by the studies the definitions come from.
@pytest.mark.parametrize(
    ("top", "base", "unit", "expected"),
    [
        (416789, 23693, "times", "17.59"),  # recruitment cost over monthly income, Bangladesh 2020
        (308047, 19177, "times", "16.06"),
        (16095, 36675, "share", "0.4389"),  # people who went once
        (101840, 36675, "times", "2.78"),  # deployments per person
        (15804, 42379, "share", "0.3729"),
        (772, 6600, "share", "0.1170"),
    ],
)
def test_ratios_agree_with_published_figures(top, base, unit, expected):
    assert str(ratio(top, base, unit)) == expected


def test_a_ratio_over_nothing_is_no_number():
    assert ratio(5, 0) is None


def test_quantiles_interpolate_as_the_database_does():
    values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
    expected = standard_quantiles(values, n=20, method="inclusive")
    for place, value in enumerate(expected, start=1):
        assert float(quantile(values, Decimal(place) / 20)) == pytest.approx(value)
    assert quantile(values, "0") == 1
    assert quantile(values, "1") == 9
    with pytest.raises(ValueError, match="needs values"):
        quantile([], "0.5")


# Conover, Practical Nonparametric Statistics, and the tables of the sign test: ranks for 95 %.
@pytest.mark.parametrize(
    ("n", "ranks"), [(5, None), (6, (1, 6)), (10, (2, 9)), (20, (6, 15)), (25, (8, 18)), (100, (40, 61))]
)
def test_the_ranks_that_bound_a_median_are_those_of_the_sign_test(n, ranks):
    assert median_ranks(n) == ranks


def test_the_short_way_to_the_ranks_agrees_with_the_exact_one_where_they_meet():
    exact, short = median_ranks(1000), median_ranks(1001)
    assert abs(exact[0] - short[0]) <= 1
    assert abs(exact[1] - short[1]) <= 1
    assert sum(median_ranks(10_000_000)) == 10_000_001


def test_the_interval_of_a_median_covers_the_truth_at_least_as_often_as_it_says():
    rng, covered, rounds = random.Random(3), 0, 1500
    for _ in range(rounds):
        values = [Decimal(str(round(rng.expovariate(1), 6))) for _ in range(15)]
        found = median(values, "ratio")
        covered += float(found.low) <= 0.6931 <= float(found.high)
    assert covered / rounds > 0.945


def test_a_median_of_few_has_a_value_before_it_has_an_interval():
    assert median([1, 2, 3, 4]).value is None
    five = median([1, 2, 3, 4, 10])
    assert (five.value, five.low, five.high, five.n) == (Decimal("3.0"), None, None, 5)
    six = median([6, 1, 2, 3, 4, 10])
    assert (six.value, six.low, six.high) == (Decimal("3.5"), Decimal("1.4"), Decimal("8.6"))
