"""Amounts and hours that a sheet counts over another time than the portal does."""

import datetime

import pytest

from workers.sheets.cleaning import Context
from workers.sheets.columns import match_headers
from workers.sheets.kinds import COLUMNS
from workers.sheets.row_rules import Packet
from workers.sheets.units import counted, hours_of_period


@pytest.mark.parametrize(
    ("own", "given", "value", "becomes"),
    [
        ("month", "week", "100.00", "433.33"), ("month", "fortnight", "600.00", "1300.00"), ("month", "year", "12000.00", "1000.00"),
        ("week", "fortnight", "300.00", "150.00"), ("week", "4 weeks", "600.00", "150.00"), ("week", "month", "433.33", "100.00"),
        ("month", "month", "7.00", "7.00"), ("", "week", "7.00", "7.00"), ("month", "", "7.00", "7.00"), ("week", "month", None, None),
    ],
)  # fmt: skip
def test_an_amount_is_turned_by_the_weeks_and_months_of_a_year(own, given, value, becomes):
    assert counted(own, given)(value) == becomes


def packet(kind, headers, table, **units):
    mapping = match_headers(kind, headers)
    context = Context(datetime.date(2026, 7, 1), columns={key: {"unit": unit} for key, unit in units.items()})
    made = Packet(COLUMNS[kind], mapping, context, [2, 3], {})
    made.table |= table
    return made


def test_hours_of_a_week_or_a_day_become_those_of_the_period():
    made = packet(
        "pay", ["Worker ID", "Period start", "Period end", "Hours worked", "Hours offered"],
        {"period_start": ["2026-06-01", None], "period_end": ["2026-06-14", "2026-06-14"], "hours_worked": ["40.00", "40.00"],
         "hours_offered": ["8.00", None]},
        hours_worked="week", hours_offered="day5",
    )  # fmt: skip
    hours_of_period(made)
    assert made.table["hours_worked"] == ["80.00", "40.00"], "without its period a row is told elsewhere"
    assert made.table["hours_offered"] == ["80.00", None]


def test_guaranteed_hours_of_a_day_become_those_of_a_week_and_disagree_with_another_period():
    made = packet(
        "contracts", ["Worker ID", "Guaranteed hours", "Guarantee period"],
        {"guaranteed_hours": ["8.00", "8.00"], "guarantee_period": [None, "month"]}, guaranteed_hours="day6",
    )  # fmt: skip
    hours_of_period(made)
    assert (made.table["guaranteed_hours"][0], made.table["guarantee_period"][0]) == ("48.00", "week")
    assert [told[1] for told in made.problems[1]] == ["other_period"]


def test_without_a_choice_nothing_is_turned():
    made = packet("pay", ["Worker ID", "Hours worked"], {"hours_worked": ["40.00", None]})
    hours_of_period(made)
    assert made.table["hours_worked"] == ["40.00", None]
