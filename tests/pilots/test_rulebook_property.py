"""Whatever overrides a pilot has: each day has one value, the override's on its days and the scheme's on all others."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pilots.rulebook import Rulebook
from pilots.schemes.reader import load
from pilots.schemes.scheme import Override, Parameter

RSE = load("rse")
FIRST = date(2023, 1, 1)
ONE_DAY = timedelta(days=1)


def own(name: str, since: date, until: date, number: int) -> Parameter:
    """An override of a rule, from a day to a day."""
    return Parameter(
        scheme="rse", name=name, words=name, value=number, unit="days", currency="", valid_from=since, valid_to=until,
        from_precision="day", selected_by="day", rounding="none", grandfathering="none", sources=(), verified=True,
        note="", override=Override(number, "agreed", "somebody", since, None),
    )  # fmt: skip


# Days on which overrides begin and end, in turn: sorted and apart, so that two never share a day.
spans = st.lists(st.integers(0, 1500), unique=True, max_size=10).map(
    lambda days: [
        (FIRST + timedelta(days=a), FIRST + timedelta(days=b))
        for a, b in zip(sorted(days)[::2], sorted(days)[1::2], strict=False)
    ]
)


@settings(max_examples=150, deadline=None)
@given(spans=spans, name=st.sampled_from(["hours_guarantee", "minimum_wage", "stay_limit", "rent_cap"]))
def test_each_day_has_one_value(spans, name):
    mine = tuple(own(name, since, until, number) for number, (since, until) in enumerate(spans, 1))
    book = Rulebook(1, RSE, mine)
    changes = book.changes(name)
    for before, after in pairwise(changes):
        assert before.valid_to is not None
        assert before.valid_to < after.valid_from
    edges = {FIRST, FIRST + timedelta(days=1600)}
    for row in (*mine, *RSE.changes(name)):
        for day in (row.valid_from, row.valid_to):
            if day:
                edges |= {day - ONE_DAY, day, day + ONE_DAY}
    for day in sorted(edges):
        holding = [row for row in mine if row.holds_on(day)]
        assert book.has(name, on=day) == (bool(holding) or RSE.has(name, on=day))
        if holding:
            assert book.parameter(name, on=day) == holding[0]
        elif RSE.has(name, on=day):
            value = book.parameter(name, on=day)
            assert (value.value, value.exceptions) == (
                RSE.parameter(name, on=day).value, RSE.parameter(name, on=day).exceptions,
            )  # fmt: skip
            assert value.override is None
