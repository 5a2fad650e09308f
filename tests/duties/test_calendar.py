"""Counting time: ends of months, leap days, weekends, holidays of both countries, halves of a contract, stays."""

from datetime import date, timedelta

import pytest

from compliance.duties.calendar import add_business_days, add_months, is_business_day, last_day_of_stay, shift
from compliance.duties.ladder import BadLadder, _ladder, ladder_for, ladders


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)), (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)), (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)), (date(2026, 5, 31), 48, date(2030, 5, 31)),
    ],
)  # fmt: skip
def test_months_end_on_the_same_day_or_on_the_last_of_a_shorter_month(day, months, then):
    assert add_months(day, months) == then


def test_the_stay_counts_the_day_of_entry_as_the_scheme_says():
    """Entry on 1 October 2025, seven months: 30 April 2026, or 1 May where the day of entry does not count."""
    assert last_day_of_stay(date(2025, 10, 1), 7, counts_entry_day=True) == date(2026, 4, 30)
    assert last_day_of_stay(date(2025, 10, 1), 7, counts_entry_day=False) == date(2026, 5, 1)
    assert last_day_of_stay(date(2025, 7, 31), 7, counts_entry_day=True) == date(2026, 2, 28)
    assert last_day_of_stay(date(2027, 7, 31), 7, counts_entry_day=True) == date(2028, 2, 29)
    assert last_day_of_stay(date(2026, 3, 1), 12, counts_entry_day=True) == date(2027, 2, 28)


def test_a_business_day_is_no_weekend():
    friday = date(2026, 7, 3)
    assert add_business_days(friday, 1, ("AU",)) == date(2026, 7, 6)
    assert add_business_days(friday, -1, ("AU",)) == date(2026, 7, 2)
    assert add_business_days(friday + timedelta(days=1), 1, ("AU",)) == date(2026, 7, 6)


def test_a_business_day_is_no_holiday_of_the_country_of_the_one_who_acts():
    """6 February is Waitangi Day in New Zealand; Boxing Day on a Saturday is kept there on the Monday after."""
    assert not is_business_day(date(2026, 2, 6), ("NZ",))
    assert is_business_day(date(2026, 2, 6), ("AU",))
    assert add_business_days(date(2026, 2, 5), 1, ("NZ",)) == date(2026, 2, 9)
    assert add_business_days(date(2026, 12, 24), 1, ("NZ",)) == date(2026, 12, 29)


def test_where_both_have_to_act_a_day_counts_that_is_free_in_neither_country():
    """6 February is free in New Zealand only; 16 to 18 February 2026 are the new year of the moon in Korea."""
    thursday = date(2026, 2, 5)
    assert add_business_days(thursday, 1, ("AU",)) == date(2026, 2, 6)
    assert add_business_days(thursday, 1, ("AU", "NZ")) == date(2026, 2, 9)
    new_year = date(2026, 2, 13)
    assert add_business_days(new_year, 1, ("AU", "KR")) > add_business_days(new_year, 1, ("AU",))


def test_a_country_nobody_knows_has_weekends_only():
    assert add_business_days(date(2026, 12, 24), 1, ("ZZ",)) == date(2026, 12, 25)


@pytest.mark.parametrize(
    ("limit", "unit", "then"),
    [
        (14, "days", date(2026, 3, 15)), (2, "weeks", date(2026, 3, 15)), (-8, "weeks", date(2026, 1, 4)),
        (24, "hours", date(2026, 3, 2)), (25, "hours", date(2026, 3, 3)), (1, "years", date(2027, 3, 1)),
    ],
)  # fmt: skip
def test_limits_in_days_weeks_hours_years(limit, unit, then):
    assert shift(date(2026, 3, 1), limit, unit) == then


def test_half_of_a_contract_is_the_day_on_which_half_of_its_days_are_over():
    first = date(2026, 3, 1)
    assert shift(first, 50, "percent of the contract", ends=date(2026, 3, 10)) == date(2026, 3, 5)
    assert shift(first, 50, "percent of the contract", ends=date(2026, 3, 11)) == date(2026, 3, 6)
    assert shift(first, 50, "percent of the contract", ends=first) == first
    assert shift(first, 50, "percent of the contract") is None
    with pytest.raises(ValueError, match="no unit of time"):
        shift(first, 1, "moons")


def test_the_ladder_climbs():
    due_on = date(2026, 7, 20)
    usual = ladder_for("days")
    reached = [usual.reached(due_on, due_on + timedelta(days=n)) for n in (-8, -7, -1, 0, 2, 3, 9, 10, 99)]
    assert [rung.code if rung else None for rung in reached] == [
        None, "coming", "coming", "due", "due", "late", "late", "very late", "very late",
    ]  # fmt: skip
    assert [rung.to for rung in ladders()["quick"].rungs] == ["owner", "programme officer", "programme manager"]
    assert ladder_for("business days") is ladder_for("hours") is ladders()["quick"]


def test_a_ladder_that_does_not_climb_is_refused():
    good = {"code": "due", "days": 0, "to": "owner"}
    with pytest.raises(BadLadder, match="do not climb"):
        _ladder("x", {"soon": 1, "rung": [good, {**good, "code": "late"}]})
    with pytest.raises(BadLadder, match="nobody is called neighbour"):
        _ladder("x", {"soon": 1, "rung": [{**good, "to": "neighbour"}]})
