"""A parameter as SQL is the rulebook's value: for every parameter any rule reads, on random days, for random facts."""

import functools
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.rules import deductions, hours, papers
from compliance.rules.declaring import PLACEMENT_DAYS
from compliance.rules.parameters import Parameters, Use, length
from compliance.rules.table import RULES
from pilots.overriding import depart
from pilots.rulebook import rulebook
from pilots.schemes.scheme import NoClass
from tests.compliance.rules.facts import SCHEMES
from tests.compliance.rules.putting import open_pilot

# Fact of a class → a column of the row, its type, and what it may be.
FACTS = {
    "season": ("season", "int", st.integers(1, 5)),
    "nationality": ("nationality", "text", st.sampled_from(["TO", "KI", "TV", "VU", "CN"])),
    "people": ("occupants", "int", st.none() | st.integers(1, 8)),
    "own_bathroom": ("own_bathroom", "boolean", st.none() | st.booleans()),
    "building": ("building", "text", st.sampled_from([None, "newer", "older", "temporary"])),
    "housing": ("housing", "text", st.sampled_from([None, "building", "temporary structure"])),
    "meals": ("meals", "boolean", st.none() | st.booleans()),
}
DAYS = st.dates(date(2018, 1, 1), date(2027, 12, 31))
ROW = st.fixed_dictionaries({"day": DAYS, **{column: values for column, _type, values in FACTS.values()}})
# Every day of a case is the same day here: which of them selects is another question, asked below.
SAME = dict.fromkeys(PLACEMENT_DAYS, "s.day")
SHARED = settings(max_examples=4, derandomize=True, database=None)


def uses() -> list[Use]:
    """Each parameter that any subject reads, and those that stand inside the statements."""
    found = [use for subject, _asked in RULES for use in subject.uses.values()]
    found += [hours._HOURS, hours._WEEKS, hours._PERCENT, deductions._STOP, papers._LIMIT, papers._EXTENSION]
    found += [Use(f"{kind}_join_by", read=length) for kind in ("health_insurance", "casualty", "return_cost")]
    return list({(use.name, use.read, tuple(use.facts.items())): use for use in found}.values())


def said(use: Use, book, row: dict):
    """What the rulebook says, read as the rule reads it; None where it has no value."""
    if use.name not in book.names or not book.has(use.name, on=row["day"]):
        return None
    parameter = book.parameter(use.name, on=row["day"])
    facts = {
        fact: sql.strip("'") if sql.startswith("'") else int(sql) if sql.isdigit() else row[sql.removeprefix("s.")]
        for fact, sql in use.facts.items()
    }
    try:
        value = parameter.value_for(**facts)
    except NoClass:
        return None
    return use.read(parameter, value)


def asked(use: Use, pilot_id: int, book, rows: list[dict]) -> list:
    """What the SQL says for each row."""
    columns = ["day", *(column for column, _type, _values in FACTS.values())]
    types = ["date", *(kind for _column, kind, _values in FACTS.values())]
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    plain = Use(use.name, use.facts, use.read, type=use.type)
    sql = Parameters({pilot_id: book}).value(plain, SAME) + ("::text" if use.read is length else "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {sql} from (select %s::bigint as pilot_id, u.* from unnest({arrays})"
            f" with ordinality as u ({', '.join(columns)}, n)) s order by s.n",
            [pilot_id, *([row[column] for row in rows] for column in columns)],
        )
        return [row[0] for row in cursor.fetchall()]


@functools.cache
def as_text(interval: str) -> str:
    """A length of time as the database writes it: its months do not come back as days."""
    with connection.cursor() as cursor:
        cursor.execute(f"select ({interval})::text")
        return cursor.fetchone()[0]


def same(use: Use, sql, book) -> bool:
    """Whether the two values are one."""
    if sql is None or book is None:
        return sql is None and book is None
    if use.read is length:
        return as_text(book) == sql
    return list(book) == list(sql) if isinstance(book, tuple) else Decimal(book) == Decimal(sql)


@pytest.mark.parametrize("scheme", SCHEMES)
@SHARED
@given(rows=st.lists(ROW, min_size=20, max_size=30))
def test_the_value_in_sql_is_the_value_of_the_rulebook(cast, scheme, rows):
    with transaction.atomic():
        pilot = open_pilot(scheme, date(2026, 6, 30)).pilot
        with cast.acting("ines") as by:
            first = rows[0]["day"].replace(year=2026)
            depart(pilot, parameter="recruitment_cost_ratio_limit", value="2", valid_from=first,
                   valid_to=first + timedelta(days=200), reason="To see it applied.", by=by)  # fmt: skip
            book = rulebook(pilot)
        for use in uses():
            for row, value in zip(rows, asked(use, pilot.pk, book, rows), strict=True):
                assert same(use, value, said(use, book, row)), (use.name, row, value)
        transaction.set_rollback(True)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_first_and_the_last_day_of_every_value_are_its_own(cast, scheme):
    pilot = open_pilot(scheme, date(2026, 6, 30)).pilot
    with cast.acting("ines"):
        book = rulebook(pilot)
    blank = {column: None for column, _type, _values in FACTS.values()} | {"season": 1, "nationality": "TO"}
    for use in uses():
        if use.name not in book.names:
            continue
        edges = [day for row in book.changes(use.name) for day in (row.valid_from, row.valid_to) if day]
        rows = [blank | {"day": day + timedelta(days=step)} for day in edges for step in (-1, 0, 1)]
        for row, value in zip(rows, asked(use, pilot.pk, book, rows), strict=True):
            assert same(use, value, said(use, book, row)), (use.name, row["day"], value)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_lowest_rate_of_the_sieve_is_never_below_that_of_the_rulebook_and_the_same_by_season(cast, scheme):
    """Wage times percentage, multiplied beforehand: at every edge of either, in every season."""
    pilot = open_pilot(scheme, date(2026, 6, 30)).pilot
    with cast.acting("ines"):
        book = rulebook(pilot)
    wage, percent = Use("minimum_wage", {"season": "s.season"}), Use("pay_floor_percent", {"season": "s.season"})
    sql = Parameters({pilot.pk: book}).bound_share(wage, percent, {"pay period": "s.day"}, {"season": "s.season"})
    if wage.name not in book.names:
        assert sql == ""
        return
    rows = [row for name in (wage.name, percent.name) if name in book.names for row in book.changes(name)]
    edges = {
        day + timedelta(days=n) for row in rows for day in (row.valid_from, row.valid_to) if day for n in (-1, 0, 1)
    }
    cases = [(day, season) for day in sorted(edges) for season in (1, 2, 3, 4)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {sql} from (select %s::bigint as pilot_id, u.* from unnest(%s::date[], %s::int[])"
            " with ordinality as u (day, season, n)) s order by s.n",
            [pilot.pk, [day for day, _season in cases], [season for _day, season in cases]],
        )
        bounds = [row[0] for row in cursor.fetchall()]
    for (day, season), bound in zip(cases, bounds, strict=True):
        lowest, share = (said(use, book, {"day": day, "season": season}) for use in (wage, percent))
        exact = None if lowest is None else Decimal(lowest) * Decimal(share or 100) / 100
        # A class that goes by what the sieve does not read is bounded, though the rule may not ask.
        assert exact is None or bound == exact, (day, season)


def test_what_selects_a_value_is_what_the_scheme_says(cast):
    pilot = open_pilot("rse", date(2026, 6, 30)).pilot
    with cast.acting("ines"):
        book = rulebook(pilot)
    parameters = Parameters({pilot.pk: book})
    for use in uses():
        if use.name in book.names:
            wanted = use.day or PLACEMENT_DAYS[book.changes(use.name)[-1].selected_by]
            assert parameters.day(use, PLACEMENT_DAYS) == f"({wanted})::date"
    assert parameters.day(Use("nothing"), PLACEMENT_DAYS) == "(null::date)::date"
    assert parameters.value(Use("nothing"), PLACEMENT_DAYS) == "(null)::numeric"
