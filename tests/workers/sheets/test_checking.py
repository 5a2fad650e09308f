"""Whole sheets checked: every problem at once, with its address; nothing of health or abuse in the open."""

import datetime
import json
from pathlib import Path

import pytest

from workers.sheets.checking import check_rows
from workers.sheets.cleaning import Context
from workers.sheets.reading import Sheet, SheetRefused, read_sheet

FILES = Path(__file__).parents[2] / "files"
PLAIN = Context(today=datetime.date(2026, 7, 1))


def checked(kind, name, context=PLAIN):
    """A file of the folder, checked to the end."""
    result = check_rows(kind, read_sheet(FILES / name, kind=kind), context)
    return result, {row.number: row for row in result}


def of_rows(kind, headers, *rows, context=PLAIN):
    """Rows given here, as if they stood in a file from row 2 on."""
    numbered = [(number, [*cells, *[""] * (len(headers) - len(cells))]) for number, cells in enumerate(rows, start=2)]
    sheet = Sheet("s", [], 1, headers, 0, iter(numbered), close=lambda: None)
    return list(check_rows(kind, sheet, context))


def codes(row):
    """(column, code) of the problems of a row."""
    return {(problem.key, problem.code) for problem in row.problems}


def test_a_good_list_has_no_problem_and_its_values_are_ready_for_json():
    result, rows = checked("workers", "workers_good.xlsx")
    assert (result.rows, result.refused) == (4, 0)
    first = json.loads(json.dumps(rows[2].values))
    assert first["birth_date"] == "1994-05-17"
    assert first["home_income"] == "450.00"
    assert first["passport_country"] == "TO"
    assert first["dependants"] == 3
    assert rows[4].values["phone"] == "+6767771236, +6768881236"
    assert rows[5].values["home_income"] == "1200.00"
    assert rows[4].values["home_income"] is None


def test_every_mess_of_the_field_is_named_at_its_cell():
    result, rows = checked("workers", "workers_messy.xlsx")
    assert codes(rows[2]) == {
        ("registered_on", "ambiguous_date"),
        ("sex", "ambiguous_word"),
        ("birth_date", "ambiguous_date"),
    }
    assert codes(rows[3]) == {("registered_on", "no_such_day"), ("home_income", "range"), ("birth_date", "no_such_day")}
    assert codes(rows[4]) == {
        ("family_name", "no_letters"),
        ("registered_on", "incomplete_date"),
        ("home_income", "negative"),
    }
    assert codes(rows[5]) == {("home_income", "ambiguous_number"), ("birth_date", "other_calendar")}
    assert codes(rows[6]) == {("registered_on", "no_real_date"), ("birth_date", "in_future")}
    assert codes(rows[8]) == {("worker_id", "no_key")}
    assert codes(rows[9]) == {
        ("family_name", "looks_like_formula"), ("sex", "unknown_word"), ("home_income", "not_a_number"),
        ("home_income_currency", "unknown_currency"),
    }  # fmt: skip
    assert codes(rows[10]) == {
        ("registered_on", "excel_error"),
        ("home_income", "not_a_number"),
        ("birth_date", "no_real_date"),
    }
    assert codes(rows[11]) == set()
    assert result.refused == 8
    problem = next(p for p in rows[3].problems if p.key == "birth_date")
    assert (problem.column, problem.cell, problem.value) == ("D.O.B.", "H3", "29/02/2023")
    assert problem.as_dict(3) == {
        "row": 3, "column": "D.O.B.", "cell": "H3", "value": "29/02/2023", "message": problem.message,
    }  # fmt: skip


def test_what_the_reader_chooses_for_the_file_settles_its_ambiguities():
    chosen = Context(today=PLAIN.today, date_order="dmy", decimal_sign=",", words={"sex": {"1": "M"}})
    _result, rows = checked("workers", "workers_messy.xlsx", chosen)
    assert codes(rows[2]) == set()
    assert rows[2].values["registered_on"] == "2024-04-03"
    assert rows[2].values["sex"] == "M"
    assert rows[2].values["home_income"] == "400000.00"
    assert rows[2].values["home_income_currency"] == "BDT"
    assert rows[5].values["home_income"] == "1500.00"


def test_a_two_digit_birth_year_is_read_where_a_workers_age_decides():
    _result, rows = checked("workers", "workers_messy.xlsx")
    assert rows[4].values["birth_date"] == "1985-05-13"


def test_health_and_abuse_are_withheld_from_values_cells_and_messages():
    result, rows = checked("workers", "workers_messy.xlsx")
    row = rows[4]
    assert row.withheld == {"Comments": "pregnant, sent home"}
    assert any(warning.code == "restricted" for warning in row.warnings)
    assert "pregnant" not in repr((row.values, row.problems, row.warnings, row.cells, result.notes))
    assert rows[11].withheld == {}
    _result, moves = checked("moves", "moves_words.xlsx")
    assert moves[8].withheld == {"note": "beaten by supervisor"}
    assert "beaten" not in repr((moves[8].values, moves[8].problems, moves[8].warnings, moves[8].cells))
    assert moves[3].values["note"] == "left at night"


def test_a_long_note_of_abuse_is_withheld_and_its_refusal_does_not_quote_it():
    rows = of_rows("moves", ["Worker ID", "Step", "Date", "Note"], ["A-1", "working", "2026-01-01", "assault " * 300])
    assert "assault" not in repr((rows[0].problems, rows[0].warnings, rows[0].values, rows[0].cells))


def test_moves_in_words_of_the_field():
    _result, rows = checked("moves", "moves_words.xlsx")
    assert rows[2].values["step"] == "visa_lodged"
    assert rows[3].values["step"] == "disengaged"
    assert rows[3].values["reason"] == "pay_not_as_agreed"
    assert codes(rows[4]) == {("step", "doubtful")}
    assert codes(rows[5]) == {("step", "ambiguous_word")}
    assert codes(rows[6]) == set()
    assert codes(rows[8]) == {("step", "unknown_word"), ("reason", "unknown_word"), ("known_on", "wrong_order")}


def test_pay_has_one_value_for_each_deduction_and_hours_in_every_writing():
    _result, rows = checked("pay", "pay_good.xlsx")
    assert rows[2].values["deduction:rent"] == "150.00"
    assert rows[2].values["deduction:airfare"] == "50.00"
    assert rows[3].values["hours_worked"] == "38.50"
    assert rows[4].values["hours_worked"] == "7.50"
    assert rows[2].values["rate"] == "24.1234"
    assert not any(row.problems for row in rows.values())


def test_columns_that_are_not_used_are_named_and_set_nothing():
    rows = of_rows("workers", ["Worker ID", "Family name", "Status", "Owner"], ["A-1", "Ana", "admin", "7"])
    assert set(rows[0].values) == {"worker_id", "family_name"}
    result = check_rows("workers", read_sheet(FILES / "workers_messy.xlsx"), PLAIN)
    assert "Comments" in " ".join(result.notes)


def test_a_missing_column_is_a_sentence():
    with pytest.raises(SheetRefused, match="missing: Step, Date"):
        of_rows("moves", ["Worker ID", "Note"], ["A-1", "x"])


def test_an_amount_needs_a_currency_from_its_cell_its_column_or_the_file():
    headers = ["Worker ID", "Home monthly income"]
    assert codes(of_rows("workers", headers, ["A-1", "500"])[0]) == {("home_income", "no_currency")}
    assert of_rows("workers", headers, ["A-1", "NZ$500"])[0].values["home_income_currency"] == "NZD"
    with_file = Context(today=PLAIN.today, currency="TOP")
    assert of_rows("workers", headers, ["A-1", "500"], context=with_file)[0].values["home_income_currency"] == "TOP"
    assert of_rows("workers", headers, ["A-1", "NZ$500"], context=with_file)[0].values["home_income_currency"] == "NZD"
    clash = of_rows("workers", [*headers, "Currency"], ["A-1", "NZ$500", "AUD"])
    assert codes(clash[0]) == {("home_income", "other_currency")}


def test_a_deduction_needs_a_currency_too():
    headers = ["Worker ID", "Period start", "Period end", "Deduction: rent"]
    rows = of_rows("pay", headers, ["A-1", "2026-04-06", "2026-04-12", "150"])
    assert codes(rows[0]) == {("deduction:rent", "no_currency")}


def test_a_passport_counts_with_its_country_or_the_nationality():
    assert codes(of_rows("workers", ["Worker ID", "Passport number"], ["A-1", "P123456"])[0]) == {
        ("passport_number", "no_country")
    }
    rows = of_rows("workers", ["Worker ID", "Passport number", "Nationality"], ["A-1", "P123456", "Tonga"])
    assert rows[0].values["passport_country"] == "TO"
    assert not rows[0].problems


def test_a_blank_or_malformed_key_matches_nobody():
    rows = of_rows(
        "moves", ["Worker ID", "Step", "Date"], ["", "working", "2026-01-01"], ["***", "working", "2026-01-01"]
    )
    assert codes(rows[0]) == {("worker_id", "no_key")}
    assert codes(rows[1]) == {("worker_id", "not_a_code")}


def test_a_row_may_be_keyed_by_passport_alone():
    headers = ["Passport number", "Passport country", "Step", "Date"]
    rows = of_rows("moves", headers, ["P123456", "TO", "working", "2026-01-01"], ["", "TO", "working", "2026-01-01"])
    assert codes(rows[0]) == set()
    assert codes(rows[1]) == {("passport_number", "no_key")}


def test_every_row_that_comes_in_goes_out():
    for name in ("workers_good.xlsx", "workers_messy.xlsx", "workers_two_headers.xlsx", "villages.xlsx"):
        with read_sheet(FILES / name, kind="workers") as sheet:
            numbers = [number for number, _cells in sheet.rows]
        _result, rows = checked("workers", name)
        assert list(rows) == numbers
