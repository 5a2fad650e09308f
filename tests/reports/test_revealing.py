"""Figures that say too much by themselves: one person above all, all of a small group, a rare event, a little change."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reports.content import Basis, Dimension, Figure, Label, Section
from reports.disclosure import disclose
from reports.metrics import METRIC
from reports.metrics.declaring import largest_two
from reports.published import Published, Selection
from reports.revealing import dominated
from reports.rounding import nearest, rounded_flow
from reports.tables import tables_of
from reports.thresholds import AUDIENCES, who_may_meet

YEAR = Selection("p", date(2026, 1, 1), date(2026, 12, 31))
AT = datetime(2027, 1, 1, tzinfo=UTC)


def dimension(name, values, relation="partition"):
    return Dimension(name=name, title=name, relation=relation, values=tuple(Label(v, v) for v in values))


def section(figures, dimensions=(), kind="count", **more):
    return Section(
        metric="m", title="T", definition="D", population="people", kind=kind, statement="S", figures=tuple(figures),
        dimensions=tuple(dimensions), **more,
    )  # fmt: skip


def count(cell, number):
    return Figure(metric="m", cell=cell, value=Decimal(number), unit="people")


def ends(**numbers):
    figures = [count({"end": end}, n) for end, n in numbers.items()] + [count({}, sum(numbers.values()))]
    return section(figures, [dimension("end", list(numbers))], rare=("deceased",))


def hidden(shown):
    return {"+".join(figure.cell.values()) for figure in shown.figures if figure.suppressed}


@pytest.mark.parametrize(
    ("largest", "second", "says_too_much"),
    [
        ("0.51", "0.01", True),  # one person above half
        ("0.50", "0.10", False),
        ("0.48", "0.43", True),  # two people above nine tenths
        ("0.45", "0.44", False),
        ("0.50", "0.46", True),  # the second takes the own part away and is within a tenth of the largest
        (None, None, False),
    ],
)
def test_one_or_two_people_may_not_make_most_of_an_amount(largest, second, says_too_much):
    given = [Decimal(share) if share else None for share in (largest, second)]
    assert dominated(*given) is says_too_much


def test_losses_weigh_as_much_as_gains_when_the_largest_are_looked_for():
    # The sizes come from the database (test_gathering.py), which takes a loss of sixty for sixty.
    assert largest_two((Decimal(60), Decimal(30)), Decimal(100)) == (Decimal("0.6"), Decimal("0.3"))
    assert largest_two((None, None), None) == (None, None)
    assert largest_two((Decimal(5), None), Decimal(5)) == (Decimal(1), Decimal(0))


def test_all_or_none_of_a_small_group_is_hidden_and_of_a_large_one_shown():
    def share(did, base):
        return Figure(metric="m", value=Decimal(did) / base, numerator=did, denominator=base, unit="share")

    for base, too_small in ((19, True), (20, False)):
        for did in (0, base):
            (shown,), _note = disclose([section([share(did, base)], kind="share")], "funder")
            assert shown.figures[0].suppressed is too_small, (did, base)


def test_a_small_group_that_stands_in_one_cell_whole_is_hidden_with_a_partner():
    (shown,), _note = disclose([ends(resigned=15, dismissed=0, disengaged=0)], "funder")
    assert "resigned" in hidden(shown)
    assert len(hidden(shown)) > 1
    (many,), _note = disclose([ends(resigned=60, dismissed=0, disengaged=0)], "funder")
    assert not hidden(many)


@pytest.mark.parametrize("deaths", [0, 1, 12])
def test_a_rare_event_is_hidden_whatever_its_number_and_the_note_does_not_tell(deaths):
    (shown,), _note = disclose([ends(resigned=60, dismissed=40, deceased=deaths)], "programme")
    assert "deceased" in hidden(shown)
    assert len(hidden(shown)) > 1
    (note,) = {figure.note for figure in shown.figures if figure.cell.get("end") == "deceased"}
    assert "signed" in note
    assert not any(letter.isdigit() for letter in note)


def test_a_rare_event_that_was_signed_for_is_shown_and_says_so():
    signed = {("m", (("end", "deceased"),))}
    (shown,), _note = disclose([ends(resigned=60, dismissed=40, deceased=2)], "funder", signed=signed)
    assert not hidden(shown)
    (figure,) = [figure for figure in shown.figures if figure.cell.get("end") == "deceased"]
    assert figure.value == 2
    assert "signature" in figure.note


def test_deaths_are_the_rare_events_of_the_reports():
    assert METRIC["early_ends"].rare == METRIC["ends_for_time"].rare == ("deceased",)


def test_an_amount_that_moved_while_nobody_came_is_hidden_and_one_that_did_not_is_shown():
    def paid(amount, people):
        basis = Basis(people, Decimal("0.1"), Decimal("0.1"))
        return section(
            [Figure(metric="m", value=Decimal(amount), numerator=Decimal(amount), denominator=people, unit="NZD", basis=basis)],
            kind="money",
        )  # fmt: skip

    (before,), _note = disclose([paid(9000, 40)], "funder")
    register = Published.with_sections(YEAR, AT, [before])
    for amount, people, gone in ((9000, 40, False), (9150, 40, True), (9150, 41, True), (12000, 55, False)):
        (later,), _note = disclose([paid(amount, people)], "funder", register, YEAR)
        assert later.figures[0].suppressed is gone, (amount, people)


def test_a_cell_that_was_shown_cannot_hide_another_later():
    """What readers have already is no partner: the third cell goes instead."""
    sites = dimension("site", ["a", "b", "c"])
    (before,), _note = disclose([section([count({"site": "b"}, 20)], [sites])], "funder")
    figures = [count({"site": s}, n) for s, n in (("a", 3), ("b", 20), ("c", 30))] + [count({}, 53)]
    (fresh,), _note = disclose([section(figures, [sites])], "funder")
    (later,), _note = disclose([section(figures, [sites])], "funder", Published.with_sections(YEAR, AT, [before]), YEAR)
    assert hidden(fresh) == {"a", "b"}
    assert hidden(later) == {"a", "c"}


def test_a_month_that_is_the_difference_of_two_periods_is_not_given_away():
    half = Selection("p", date(2026, 1, 1), date(2026, 6, 30))
    (first,), _note = disclose([section([count({}, 40)])], "funder")
    register = Published.with_sections(half, AT, [first])
    for year, gone in ((43, True), (40, False), (60, False)):
        (later,), _note = disclose([section([count({}, year)])], "origin-government", register, YEAR)
        assert later.figures[0].suppressed is gone, year


def test_the_programme_does_not_meet_those_outside():
    assert "funder" in who_may_meet("origin-government")
    assert "programme" not in who_may_meet("funder")
    assert set(AUDIENCES) == {*who_may_meet("programme"), *who_may_meet("public")}


def test_counts_for_the_public_are_rounded_and_still_add_up():
    rng = random.Random(3)
    for _ in range(200):
        grid = {(f"a{i}", f"b{j}"): rng.randint(0, 60) for i in range(3) for j in range(3)}
        cells = [({"x": a, "y": b}, n) for (a, b), n in grid.items()] + [({}, sum(grid.values()))]
        for place, name, letters in ((0, "x", "a"), (1, "y", "b")):
            for i in range(3):
                cells.append(
                    ({name: f"{letters}{i}"}, sum(n for key, n in grid.items() if key[place] == f"{letters}{i}"))
                )
        dims = [dimension("x", ["a0", "a1", "a2"]), dimension("y", ["b0", "b1", "b2"])]
        ((network, (layer,)),) = tables_of(section([count(c, n) for c, n in cells], dims))
        flow = rounded_flow(network, layer.numbers, 5)
        assert network.unbalanced(flow) is None
        assert all(n % 5 == 0 and abs(n - layer.numbers[key]) < 5 for key, n in flow.items())


def test_a_rounded_edition_says_so_and_shows_no_number_that_is_not_a_multiple():
    figures = [count({"site": s}, n) for s, n in (("a", 33), ("b", 21), ("c", 48))] + [count({}, 102)]
    (shown,), note = disclose([section(figures, [dimension("site", ["a", "b", "c"])])], "public")
    values = {"+".join(f.cell.values()): int(f.value) for f in shown.figures}
    assert all(value % 5 == 0 for value in values.values())
    assert values["a"] + values["b"] + values["c"] == values[""]
    assert "rounded to 5" in " ".join(note.words)
    share = Figure(metric="m", value=Decimal("0.5"), numerator=31, denominator=62, unit="share")
    (half,), _note = disclose([section([share], kind="share")], "public")
    assert (half.figures[0].numerator, half.figures[0].denominator) == (30, 60)
    assert [nearest(n, 5) for n in (0, 2, 3, 12, 13)] == [0, 0, 5, 10, 15]
