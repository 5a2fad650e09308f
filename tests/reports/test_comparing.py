"""Groups held against each other: the published interval, its cover by simulation, and no word about what is hidden."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from statistics import median as middle

import pytest

from reports.comparing import Aim, against_targets, compare, with_comparisons
from reports.content import Dimension, Figure, Label, Section
from reports.disclosure import disclose
from reports.rendering import words
from reports.statistics import Estimate, difference, median, share


# Newcombe (1998), Statistics in Medicine 17:873, table II, method 10 (score intervals combined, no correction).
@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), "0.0524", "0.3339"),
        ((9, 10), (3, 10), "0.1705", "0.8090"),
        ((10, 10), (0, 20), "0.6791", "1.0000"),
        ((5, 56), (0, 29), "-0.0381", "0.1926"),
        ((10, 10), (0, 10), "0.6075", "1.0000"),
    ],
)
def test_the_interval_of_a_difference_agrees_with_the_published_table(one, other, low, high):
    found = difference(share(*one), share(*other))
    # The bounds of the shares are rounded before they are combined, so the last place may differ by one.
    assert abs(found.low - Decimal(low)) <= Decimal("0.0001")
    assert abs(found.high - Decimal(high)) <= Decimal("0.0001")


def test_the_difference_turned_round_is_its_mirror():
    one, other = share(56, 70), share(48, 80)
    there, back = difference(one, other, "points"), difference(other, one, "points")
    assert (there.value, there.low, there.high) == (-back.value, -back.high, -back.low)
    assert there.value == Decimal("20.00")


def test_no_interval_is_made_up_where_a_group_has_none():
    assert difference(share(3, 4), share(30, 40)) == Estimate(None, None, None, 4)
    five = median([1, 2, 3, 4, 5])
    found = difference(five, median(range(40)))
    assert (found.low, found.high) == (None, None)
    assert found.value is not None


@pytest.mark.parametrize(("n", "m"), [(5, 5), (12, 40), (60, 60), (300, 150)])
def test_the_interval_of_shares_covers_their_difference_as_often_as_it_says(n, m):
    """On average over true differences; summed over drawn tables with a fixed seed."""
    chance, held, tried = random.Random(f"difference {n} {m}"), 0, 4000
    for _round in range(tried):
        p, q = chance.uniform(0.05, 0.95), chance.uniform(0.05, 0.95)
        one, other = (sum(chance.random() < true for _ in range(size)) for true, size in ((p, n), (q, m)))
        found = difference(share(one, n), share(other, m))
        held += found.low <= Decimal(repr(p - q)) <= found.high
    assert 0.93 <= held / tried <= 0.975


@pytest.mark.parametrize(("n", "m"), [(10, 10), (25, 60), (150, 90)])
def test_the_interval_of_medians_covers_their_difference_as_often_as_it_says(n, m):
    chance, held, tried = random.Random(f"medians {n} {m}"), 0, 1500
    for _round in range(tried):
        one = [Decimal(repr(chance.expovariate(1))) for _ in range(n)]
        other = [Decimal(repr(2 * chance.expovariate(1))) for _ in range(m)]
        found = difference(median(one, "ratio"), median(other, "ratio"), "ratio")
        held += found.low <= Decimal("-0.693147") <= found.high  # ln 2 less twice ln 2
    assert 0.93 <= held / tried <= 0.985
    assert middle([1, 2, 3]) == 2


def by_cohort(counts):
    labels = tuple(Label(str(n), f"Cohort {n}") for n, _pair in enumerate(counts))
    figures = []
    for number, (did, of) in enumerate(counts):
        found = share(did, of)
        figures.append(Figure(
            metric="completion", cell={"cohort": str(number)}, value=found.value, low=found.low, high=found.high,
            numerator=did, denominator=of, unit="share",
        ))  # fmt: skip
    return Section(
        metric="completion", title="Completed", definition="x", population="placements", kind="share", statement="x",
        dimensions=(Dimension(name="cohort", title="Cohort", relation="separate", values=labels),), figures=tuple(figures),
    )  # fmt: skip


def shown(counts, audience="programme"):
    sections, _note = disclose([by_cohort(counts)], audience)
    return sections[0]


def test_each_cohort_is_held_against_the_one_before_and_said_in_words():
    found = compare(shown([(30, 60), (54, 60), (50, 60), (12, 60)]))
    said = [(figure.cell["pair"], words.stands(found, figure)) for figure in found.figures]
    assert said == [("1~0", "higher"), ("2~1", "cannot tell apart"), ("3~2", "lower")]
    assert words.signed(found, found.figures[0], words.shown(found.figures[0])).startswith("+40.0")


def test_what_is_hidden_is_compared_with_nothing():
    hidden = shown([(30, 60), (2, 60), (50, 60)])
    assert hidden.figures[1].suppressed
    found = compare(hidden)
    assert [figure.cell["pair"] for figure in found.figures] == ["2~0"]
    assert compare(shown([(30, 60), (2, 60)])) is None


def test_figures_that_did_not_pass_the_disclosure_rule_are_not_compared():
    with pytest.raises(ValueError, match="did not pass the disclosure rule"):
        compare(by_cohort([(30, 60), (40, 60)]))


def test_a_comparison_follows_its_section_and_may_be_shown_to_the_same_audience():
    section = shown([(30, 60), (54, 60)])
    found = with_comparisons([section])
    assert [one.metric for one in found] == ["completion", "completion_difference"]
    assert found[1].disclosed_for == "programme"


def aim(value, metric="completion", cell=(("cohort", "1"),), **more):
    return Aim("Grant A", metric, cell, "Completed", Decimal(value), date(2026, 12, 31), **more)


@pytest.mark.parametrize(
    ("target", "at_most", "said"),
    [
        ("0.5", False, "reached"),
        ("0.97", False, "not reached"),
        ("0.9", False, "cannot tell yet"),
        ("0.5", True, "not reached"),
    ],
)
def test_a_target_is_reached_missed_or_cannot_be_told_yet(target, at_most, said):
    found = against_targets([shown([(30, 60), (54, 60)])], [aim(target, at_most=at_most)])
    assert words.stands(found, found.figures[0]).endswith(f": {said}")


def test_a_target_whose_figure_is_hidden_carries_no_number():
    section = shown([(30, 60), (2, 60)])
    found = against_targets([section], [aim("0.5"), aim("0.5", metric="absent")])
    assert [figure.value for figure in found.figures] == [None, None]
    assert found.figures[0].suppressed
    assert found.figures[1].note == "Not in this report."
    assert against_targets([section], []) is None
    assert replace(found, disclosed_for="programme") == found
