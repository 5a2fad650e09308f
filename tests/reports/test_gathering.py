"""What a report gathers once: the same figures as each statement for itself, and few values whatever the number of people."""

import json
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.scope import acting_as, compiler_scope
from compliance.duties.door import due, each_due
from reports.kinds import KINDS, by_what_money_buys
from reports.metrics import METRIC, Window
from reports.metrics.declaring import middles, totals
from reports.metrics.distinct import Numbers
from reports.metrics.gathering import ask_in_pieces, gathered
from reports.statistics import Moments, median, ratio_of_moments, ratio_of_totals
from reports.statistics.totals import RESAMPLED_UP_TO
from tests.reports.test_metrics import AS_OF, of, pay
from workers.models import CostItem, PersonBackground

SOME = (
    "select r ->> 0 as key, (r ->> 1)::bigint as person_id, (r ->> 2)::numeric as value"
    " from jsonb_array_elements(%(rows)s::jsonb) r"
)


@pytest.fixture
def window(cast):
    pilot = cast.pilot()
    return Window(pilot.pk, pilot.scheme, date(2026, 1, 1), date(2026, 12, 31), AS_OF)


@pytest.fixture
def compiling(cast):
    return lambda: acting_as(compiler_scope(cast.scope("ines"), (cast.pilot().pk,)))


@pytest.mark.django_db
def test_gathered_relations_give_every_figure_that_each_statement_gives_for_itself(cast, window, compiling):
    for number, code in enumerate(("IH-001", "IH-002", "IH-003", "IH-004", "RR-001", "RR-002")):
        pay(cast, code, str(1900 + 310 * number), items={"rent": "100", "flight": "55.5"})
        pay(cast, code, "777", start=date(2026, 4, 1), end=date(2026, 4, 28), currency="NZD" if number else "TOP")
        placement = cast.placement(code)
        with cast.acting("ines"):
            PersonBackground.objects.update_or_create(
                person_id=placement.person_id,
                defaults={"pilot_id": placement.pilot_id, "home_income": 300 + number, "home_income_currency": "TOP"},
            )
            CostItem.objects.create(
                **of(placement), cohort_id=placement.cohort_id, item="visa", amount=Decimal("300"), currency="NZD",
                paid_on=date(2026, 1, 5), paid_by="worker", reimbursed=Decimal(7 * number), reimbursed_on=date(2026, 2, 1),
            )  # fmt: skip
    codes = {code for kind in KINDS.values() if not kind.across for code in by_what_money_buys(kind).metrics}
    with compiling():
        each = {code: METRIC[code].section(window) for code in sorted(codes)}
        with gathered([window.params()]):
            once = {code: METRIC[code].section(window) for code in sorted(codes)}
            assert len(list(ask_in_pieces("select id from placements", window.params()))) == 8
    assert once == each
    assert sum(figure.value is not None for section in each.values() for figure in section.figures) > 60


@pytest.mark.django_db
def test_what_two_figures_stand_on_is_asked_once(window, compiling):
    with compiling(), gathered([window.params()]):
        with CaptureQueriesContext(connection) as first:
            METRIC["survey_response"].section(window)
        with CaptureQueriesContext(connection) as second:
            METRIC["survey_not_reached"].section(window)
            METRIC["survey_response"].section(replace(window, cohort_id=1))
    assert (len(first), len(second)) == (1, 1)


@pytest.mark.django_db
def test_medians_and_sums_of_the_database_are_those_of_the_whole_list(window, compiling):
    chance = random.Random(5)
    sizes = (1, 4, 5, 6, 7, 50, 999, 1000, 1001, 1002, 2500)
    lists = {str(n): [Decimal(chance.randint(-400, 9000)) / 100 for _ in range(n)] for n in sizes}
    rows = [(key, n % 40, str(value)) for key, values in lists.items() for n, value in enumerate(values)]
    rows += [("7", 99, None), ("none", 1, None)]
    with compiling():
        given_rows = window.params(rows=json.dumps(rows))
        found, sums = middles(SOME, given_rows), totals(SOME, given_rows)
    for key, values in lists.items():
        told, whole = found[key].figure("m", "days"), median(values, "days")
        assert (told.value, told.low, told.high, told.denominator) == (whole.value, whole.low, whole.high, whole.n)
        assert told.basis.people == min(len(values), 40)
        sizes_of = sorted(map(abs, values), reverse=True)
        assert (sums[key].n, sums[key].total) == (len(values), sum(values))
        assert sums[key].largest[0] == sizes_of[0] / sum(sizes_of)
    assert (found["7"].base, found["7"].missing, found["none"].missing) == (8, 1, 1)
    assert len(found["2500"].values._kept) < 30


def test_a_ratio_of_many_people_needs_their_sums_only():
    chance = random.Random(6)
    pairs = [(Decimal(chance.randint(0, 90000)) / 100, Decimal(chance.randint(1000, 400000)) / 100)
             for _ in range(RESAMPLED_UP_TO + 1)]  # fmt: skip
    a, b = zip(*pairs, strict=True)
    moments = Moments(
        len(pairs), sum(a), sum(b), sum(x * x for x in a), sum(y * y for y in b), sum(x * y for x, y in pairs), min(a)
    )
    assert ratio_of_moments(moments) == ratio_of_totals(pairs)
    with pytest.raises(ValueError, match="drawn again"):
        ratio_of_moments(Moments(5, *[Decimal(1)] * 6))


def test_the_interval_of_a_ratio_does_not_depend_on_the_order_in_which_people_are_found():
    chance = random.Random(7)
    pairs = [(Decimal(chance.randint(0, 900)), Decimal(chance.randint(1000, 4000))) for _ in range(40)]
    assert ratio_of_totals(pairs) == ratio_of_totals(pairs[::-1])


@given(st.lists(st.integers(0, 200_000)))
def test_numbers_are_a_set(numbers):
    found = Numbers()
    for number in numbers:
        found.add(number)
    assert len(found) == len(set(numbers))
    assert all(number in found for number in numbers)
    assert -1 not in found


@pytest.mark.django_db
def test_duties_in_pieces_are_the_same_duties(cast):
    with cast.acting("ines") as by:
        whole = due(by, on=date(2026, 6, 1), as_of=AS_OF)
        pieces = list(each_due(by, on=date(2026, 6, 1), as_of=AS_OF, piece=2))
    assert len(whole) > 6
    assert sorted(map(repr, pieces)) == sorted(map(repr, whole))
