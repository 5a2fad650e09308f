"""Nobody can be told apart: thresholds, and an attacker that tries to work the hidden numbers out."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from reports.content import BaseCount, Basis, Dimension, Figure, Label, Missing, Section
from reports.disclosure import disclose, disclose_base, disclose_missing, disclose_rows
from reports.published import Published, Selection
from reports.thresholds import threshold
from tests.reports.attacker import ranges


def dimension(name, values, relation="partition"):
    return Dimension(name=name, title=name, relation=relation, values=tuple(Label(v, v) for v in values))


def section(figures, dimensions, kind="count", **more):
    words = {"title": "T", "definition": "D", "statement": "S"}
    return Section(
        metric="m",
        population="people",
        kind=kind,
        figures=tuple(figures),
        dimensions=tuple(dimensions),
        **words,
        **more,
    )


def count(cell, number, **more):
    return Figure(metric="m", cell=cell, value=Decimal(number), unit="people", **more)


def share(cell, did, base, **more):
    value = Decimal(did) / base if base else None
    return Figure(metric="m", cell=cell, value=value, numerator=did, denominator=base, unit="share", **more)


def shown(sections):
    return {frozenset(f.cell.items()): f for s in sections for f in s.figures}


def hidden_cells(sections):
    return {tuple(sorted(f.cell.values())) for s in sections for f in s.figures if f.suppressed}


def one_way(numbers, total=True):
    cells = [({"site": f"s{i}"}, n) for i, n in enumerate(numbers)]
    return cells + ([({}, sum(numbers))] if total else [])


def two_way(grid, margins=True):
    cells = [({"site": f"s{i}", "sex": f"x{j}"}, n) for i, row in enumerate(grid) for j, n in enumerate(row)]
    if margins:
        cells += [({"site": f"s{i}"}, sum(row)) for i, row in enumerate(grid)]
        cells += [({"sex": f"x{j}"}, sum(column)) for j, column in enumerate(zip(*grid, strict=True))]
        cells.append(({}, sum(map(sum, grid))))
    return cells


SITES, SEXES = dimension("site", [f"s{i}" for i in range(9)]), dimension("sex", [f"x{j}" for j in range(9)])


@pytest.mark.parametrize(("audience", "smallest"), [("programme", 5), ("funder", 10), ("employer", 10)])
def test_a_count_is_hidden_from_one_to_just_under_the_threshold(audience, smallest):
    for number in range(14):
        (result,), _note = disclose([section([count({}, number)], [])], audience)
        assert result.figures[0].suppressed == (0 < number < smallest), number


def test_a_hidden_figure_carries_no_number_and_says_so():
    interval = {"low": Decimal("0.1"), "high": Decimal("0.9")}
    (result,), note = disclose([section([share({}, 3, 20, **interval)], [], kind="share")], "funder")
    figure = result.figures[0]
    numbers = (figure.value, figure.numerator, figure.denominator, figure.low, figure.high)
    assert numbers == (None,) * 5
    assert figure.suppressed
    assert "10" in figure.note
    assert (note.hidden, note.shown, note.threshold) == (1, 0, 10)


def test_a_share_is_hidden_when_those_who_did_not_are_few():
    figures = [share({"site": "s0"}, 37, 40), share({"site": "s1"}, 20, 40), share({"site": "s2"}, 0, 40)]
    (result,), _note = disclose(
        [section(figures, [dimension("site", ["s0", "s1", "s2"], "separate")], kind="share")], "funder"
    )
    assert [figure.suppressed for figure in result.figures] == [True, False, False]


def test_nobody_out_of_a_few_is_hidden_and_nobody_out_of_many_is_shown():
    (few,), _ = disclose([section([share({}, 0, 3)], [], kind="share")], "funder")
    (many,), _ = disclose([section([share({}, 0, 30)], [], kind="share")], "funder")
    assert few.figures[0].suppressed
    assert not many.figures[0].suppressed


def test_all_or_none_of_a_group_is_hidden_where_the_subject_is_harm():
    for did in (0, 30):
        (result,), _ = disclose([section([share({}, did, 30)], [], kind="share", sensitive=True)], "programme")
        assert result.figures[0].suppressed


def test_harm_has_the_strict_threshold_inside_the_programme_too():
    assert threshold("programme") == 5
    assert threshold("programme", sensitive=True) == 10
    (result,), _ = disclose([section([count({}, 7)], [], sensitive=True)], "programme")
    assert result.figures[0].suppressed


def test_money_needs_enough_people_and_nobody_above_half_of_it():
    def money(people, largest):
        basis = Basis(people, Decimal(largest))
        return Figure(metric="m", value=Decimal(900), numerator=Decimal(900), unit="NZD", basis=basis)

    expected = {(9, "0.2"): True, (10, "0.2"): False, (10, "0.5"): False, (30, "0.51"): True, (30, "1"): True}
    for (people, largest), hidden in expected.items():
        (result,), _ = disclose([section([money(people, largest)], [], kind="money")], "funder")
        assert result.figures[0].suppressed is hidden, (people, largest)
        assert result.figures[0].basis is None


def test_an_amount_that_does_not_say_how_many_people_it_stands_on_is_hidden():
    figure = Figure(metric="m", value=Decimal("1.5"), unit="times")
    for kind in ("median", "ratio", "money", "duration"):
        (result,), _ = disclose([section([figure], [], kind=kind)], "programme")
        assert result.figures[0].suppressed, kind


def test_many_findings_about_few_people_are_hidden():
    (result,), _ = disclose([section([count({}, 40, basis=Basis(people=2))], [])], "funder")
    assert result.figures[0].suppressed


def test_one_hidden_cell_takes_a_second_with_it():
    (result,), note = disclose([section([count(c, n) for c, n in one_way([3, 20, 30])], [SITES])], "funder")
    assert hidden_cells([result]) == {("s0",), ("s1",)}
    assert note.hidden == 2


def test_a_hidden_sum_of_money_cannot_be_taken_from_the_total():
    rows = [({"site": "s0"}, 700, 4), ({"site": "s1"}, 5000, 20), ({"site": "s2"}, 9000, 30), ({}, 14700, 54)]
    figures = [
        Figure(
            metric="m",
            cell=c,
            value=Decimal(a),
            numerator=Decimal(a),
            denominator=n,
            unit="NZD",
            basis=Basis(n),
        )
        for c, a, n in rows
    ]
    (result,), _ = disclose([section(figures, [SITES], kind="money")], "funder")
    assert hidden_cells([result]) == {("s0",), ("s1",)}


def test_parts_that_do_not_add_up_are_refused():
    figures = [count({"site": "s0"}, 20), count({"site": "s1"}, 20), count({}, 39)]
    with pytest.raises(ValueError, match="do not add up"):
        disclose([section(figures, [SITES])], "funder")


def test_a_count_shown_in_two_sections_is_hidden_in_both():
    first = section([count(c, n) for c, n in one_way([3, 20, 30])], [SITES], counts={"numerator": "ended"})
    second = section(
        [count(c, n) for c, n in one_way([3, 20, 30], total=False)], [SITES], counts={"numerator": "ended"}
    )
    results, _ = disclose([first, second], "funder")
    assert hidden_cells(results[:1]) == hidden_cells(results[1:]) == {("s0",), ("s1",)}


def test_a_later_edition_keeps_hidden_cells_hidden_and_does_not_show_one_late_record():
    (before,), _ = disclose(
        [
            section(
                [count(c, n) for c, n in one_way([3, 20, 30], total=False)],
                [dimension("site", ["s0", "s1", "s2"], "separate")],
            )
        ],
        "funder",
    )
    later = section(
        [count(c, n) for c, n in one_way([12, 21, 45], total=False)],
        [dimension("site", ["s0", "s1", "s2"], "separate")],
    )
    whole = Selection("pilot", date(2026, 1, 1), date(2026, 12, 31))
    register = Published.with_sections(whole, datetime(2027, 1, 1, tzinfo=UTC), [before])
    results, _ = disclose([later], "funder", register, whole)
    assert hidden_cells(results) == {("s0",), ("s1",)}


def test_base_missing_and_row_counts_follow_the_same_rule():
    base = disclose_base([BaseCount("People", 7, "people"), BaseCount("Sites", 12, "sites")], "funder")
    assert [(entry.value, entry.suppressed) for entry in base] == [(None, True), (12, False)]
    (row,) = disclose_missing([Missing("Home income", 2, 60)], "funder")
    assert (row.missing, row.base, row.suppressed) == (None, None, True)
    assert disclose_rows({"cases": 3, "people": 60, "waivers": 0}, "funder") == {
        "cases": None,
        "people": 60,
        "waivers": 0,
    }
    looked = section([count({}, 50)], [], base=52, missing=2)
    (result,), _ = disclose([looked], "funder")
    assert (result.base, result.missing, result.missing_suppressed) == (None, None, True)


def attack(cells, results, partitions, k, chains=(), number=lambda f: f.value):
    """The hidden cells an attacker can place within `k` of each other, and how many there were to find."""
    figures = shown(results)
    known = {cell: None if f.suppressed else number(f) for cell, f in figures.items()}
    known = {cell: value if value is None else int(value) for cell, value in known.items()}
    found = ranges(known, partitions, chains)
    zero_lines = [cell for cell, value in known.items() if value == 0]
    true = {frozenset(cell.items()): n for cell, n in cells}
    open_zero = {cell for cell in found if true[cell] == 0 and any(line < cell for line in zero_lines)}
    for cell, (low, high) in found.items():
        assert low <= true[cell] <= high, "the attacker must at least find the truth possible"
    return {
        cell: bounds for cell, bounds in found.items() if bounds[1] - bounds[0] <= k and cell not in open_zero
    }, len(found)


def small_number(rng):
    return rng.choice([0, rng.randint(1, 4), rng.randint(1, 12), rng.randint(5, 60)])


def test_an_attacker_finds_none_of_the_hidden_numbers_in_a_thousand_tables():
    rng, tried = random.Random(20260301), 0
    for round_ in range(1000):
        audience, k = rng.choice([("programme", 5), ("funder", 10)])
        if round_ % 2:
            cells = one_way([small_number(rng) for _ in range(rng.randint(2, 8))], total=rng.random() < 0.9)
        else:
            width = rng.randint(2, 4)
            cells = two_way([[small_number(rng) for _ in range(width)] for _ in range(rng.randint(2, 5))])
            # Now and then a line of totals is not published at all.
            unpublished = rng.choice(["", "", "", "site", "sex"])
            cells = [(cell, n) for cell, n in cells if tuple(cell) != (unpublished,)]
        results, _ = disclose([section([count(c, n) for c, n in cells], [SITES, SEXES])], audience)
        found, hidden = attack(cells, results, ["site", "sex"], k)
        assert not found, (cells, found)
        tried += hidden
    assert tried > 3000


def test_an_attacker_finds_neither_part_of_a_hidden_share():
    rng, tried = random.Random(7), 0
    for round_ in range(200):
        audience, k = rng.choice([("programme", 5), ("funder", 10)])
        shape = [[small_number(rng) for _ in range(3)] for _ in range(3)]
        bases = two_way(shape) if round_ % 2 else one_way([small_number(rng) for _ in range(6)])
        inner = max(len(cell) for cell, _n in bases)
        did = {frozenset(c.items()): rng.choice([0, n, rng.randint(0, n)]) for c, n in bases if len(c) == inner}
        tops = [(c, sum(v for part, v in did.items() if part >= frozenset(c.items()))) for c, _n in bases]
        figures = [share(c, top, base) for (c, base), (_c, top) in zip(bases, tops, strict=True)]
        results, _ = disclose([section(figures, [SITES, SEXES], kind="share")], audience)
        rests = [(c, base - top) for (c, base), (_c, top) in zip(bases, tops, strict=True)]
        for cells, number in ((tops, lambda f: f.numerator), (rests, lambda f: f.denominator - f.numerator)):
            found, hidden = attack(cells, results, ["site", "sex"], k, number=number)
            assert not found, (bases, tops, found)
            tried += hidden
    assert tried > 500


def test_an_attacker_finds_no_small_number_of_people_lost_between_two_steps_of_a_funnel():
    rng, tried = random.Random(11), 0
    names = ["registered", "selected", "deployed", "completed", "returned"]
    for _ in range(300):
        audience, k = rng.choice([("programme", 5), ("funder", 10)])
        reached = [rng.randint(0, 120)]
        for _step in names[1:]:
            reached.append(max(0, reached[-1] - rng.choice([0, rng.randint(0, 12), rng.randint(0, 60)])))
        cells = [({"step": name}, n) for name, n in zip(names, reached, strict=True)]
        results, _ = disclose(
            [section([count(c, n) for c, n in cells], [dimension("step", names, "nested")])], audience
        )
        chain = [frozenset(cell.items()) for cell, _n in cells]
        found, hidden = attack(cells, results, [], k, chains=[chain])
        assert not found, (reached, found)
        left = [f.value for f in results[0].figures if not f.suppressed]
        assert all(a - b == 0 or a - b >= k for a, b in pairwise(left)), left
        tried += hidden
    assert tried > 300


def test_an_attacker_finds_nothing_in_a_funnel_that_is_broken_down_by_sex():
    rng, tried = random.Random(5), 0
    names = ["registered", "selected", "deployed", "completed"]
    for _ in range(200):
        columns = [[rng.randint(0, 150)] for _ in range(rng.randint(2, 3))]
        for column in columns:
            for _step in names[1:]:
                column.append(max(0, column[-1] - rng.choice([0, 0, rng.randint(0, 14), rng.randint(10, 40)])))
        cells = [({"step": name}, sum(column[i] for column in columns)) for i, name in enumerate(names)]
        for j, column in enumerate(columns):
            cells += [({"step": name, "sex": f"x{j}"}, n) for name, n in zip(names, column, strict=True)]
        steps = dimension("step", names, "nested")
        results, _note = disclose([section([count(c, n) for c, n in cells], [steps, SEXES])], "funder")
        rests = [{}] + [{"sex": f"x{j}"} for j in range(len(columns))]
        chains = [[frozenset({"step": name, **rest}.items()) for name in names] for rest in rests]
        found, hidden = attack(cells, results, ["sex"], 10, chains=chains)
        assert not found, (cells, found)
        tried += hidden
    assert tried > 500


def test_the_attacker_does_find_a_cell_hidden_without_a_partner():
    cells = one_way([3, 20, 30])
    known = {frozenset(cell.items()): n for cell, n in cells}
    known[frozenset({("site", "s0")})] = None
    assert ranges(known, ["site"]) == {frozenset({("site", "s0")}): (3, 3)}


def test_the_attacker_solves_a_square_of_hidden_cells_across_rows_and_columns():
    cells = two_way([[1, 5, 20], [6, 0, 20], [20, 20, 20]])
    known = {frozenset(cell.items()): n for cell, n in cells}
    for site, sex in (("s0", "x0"), ("s0", "x1"), ("s1", "x0"), ("s1", "x1")):
        known[frozenset({("site", site), ("sex", sex)})] = None
    found = ranges(known, ["site", "sex"])
    assert found[frozenset({("site", "s0"), ("sex", "x0")})] == (1, 6)
    assert found[frozenset({("site", "s1"), ("sex", "x1")})] == (0, 5)
