"""How many of those recorded twice are found, and how many pairs are right, on an invented world where both are known.

Without a database: the signs are looked up in a dictionary, by the same rule as the statement in ``signs``.
"""

from collections import defaultdict

from bench.lookalikes import truth, world
from workers.likeness.cards import row_card
from workers.likeness.parts import ASK, STRONG, compare
from workers.likeness.signs import NEAR_DAYS, signs_of


def found(rows, least):
    cards = [row_card(row) for _who, row in rows]
    by_sign = defaultdict(list)
    pairs = set()
    for card in cards:
        for sign, on in signs_of(card):
            for other, day in by_sign[sign]:
                if on is None or day is None or abs((on - day).days) <= NEAR_DAYS:
                    pairs.add((other, card))
            by_sign[sign].append((card, on))
    scored = ((a, b) for a, b in pairs if compare(a, b).points >= least)
    return {(min(a.code, b.code), max(a.code, b.code)) for a, b in scored}, len(pairs)


def test_nearly_everybody_recorded_twice_is_found_and_most_pairs_are_right():
    rows = world(3000)
    right = truth(rows)
    assert len(right) > 120
    shown, compared = found(rows, ASK)
    assert len(shown & right) / len(right) >= 0.95
    assert len(shown & right) / len(shown) >= 0.80
    assert compared < 15 * len(rows)


def test_from_the_stronger_threshold_on_hardly_a_pair_is_wrong():
    rows = world(3000)
    right = truth(rows)
    sure, _compared = found(rows, STRONG)
    assert len(sure & right) / len(sure) >= 0.98
    assert len(sure & right) / len(right) >= 0.75


def test_the_world_is_the_same_each_time():
    assert world(50) == world(50)
