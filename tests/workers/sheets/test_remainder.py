"""What is given back: refused rows with their reasons, and empty sheets to fill in. Read with another library than wrote them."""

import datetime
import io
from pathlib import Path

import openpyxl
import pytest

from workers.sheets.checking import CheckedRows, check_rows
from workers.sheets.cleaning import Context
from workers.sheets.columns import WHAT_TO_FIX, Mapping
from workers.sheets.examples import EXAMPLES
from workers.sheets.kinds import COLUMNS
from workers.sheets.reading import Sheet, read_sheet
from workers.sheets.remainder import Refused, remainder_workbook
from workers.sheets.template import template_workbook

FILES = Path(__file__).parents[2] / "files"
PLAIN = Context(today=datetime.date(2026, 7, 1))


def remainder_of(path):
    """The remainder of a workers sheet as the portal makes it: (bytes, number of refused rows)."""
    result = check_rows("workers", read_sheet(path, kind="workers"), PLAIN)
    places = result.mapping.places
    refused = [
        Refused(row.cells, [(places.get(problem.key), problem.message) for problem in row.problems])
        for row in result
        if row.problems
    ]
    as_text = [places[c.key] for c in COLUMNS["workers"].columns if c.as_text and c.key in places]
    return remainder_workbook("Workers", result.sheet.headers, refused, as_text), len(refused)


def test_only_refused_rows_come_back_with_the_bad_cells_marked_and_the_reasons_last():
    content, count = remainder_of(FILES / "workers_messy.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    headers = [cell.value for cell in sheet[1]]
    assert headers[-1] == WHAT_TO_FIX
    assert sheet.max_row == count + 1 == 9
    assert sheet["A2"].value == "M-01"
    assert "2024-04-03" in sheet.cell(2, len(headers)).value
    assert sheet["D2"].fill.fgColor.rgb == "FFFFE3B3"
    assert "can mean" in sheet["D2"].comment.text
    assert sheet["A2"].comment is None
    assert sheet["A2"].fill.fill_type is None


def test_the_remainder_can_be_sent_again_and_gives_the_same_problems(tmp_path):
    content, count = remainder_of(FILES / "workers_messy.xlsx")
    again = tmp_path / "again.xlsx"
    again.write_bytes(content)
    result = check_rows("workers", read_sheet(again, kind="workers"), PLAIN)
    rows = list(result)
    assert len(rows) == count
    assert sum(1 for row in rows if row.problems) == count
    assert WHAT_TO_FIX not in " ".join(result.mapping.unknown)


def test_nothing_in_a_remainder_is_a_formula_or_a_link():
    cells = ["=1+1", "@SUM(A1)", "+1", "-1", "http://evil.example", '=HYPERLINK("http://evil.example")', "\t=1"]
    content = remainder_workbook("x", [f"h{n}" for n in range(len(cells))], [Refused(cells, [(0, "=2+2")])])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [cell.data_type for cell in sheet[2]] == ["s"] * (len(cells) + 1)
    assert [cell.value for cell in sheet[2]][:4] == ["=1+1", "@SUM(A1)", "+1", "-1"]
    assert not sheet._hyperlinks


def test_cells_keep_their_kind_and_codes_stay_text():
    cells = [
        1001.0,
        12.5,
        datetime.date(2024, 4, 3),
        "",
        datetime.time(7, 30),
        datetime.timedelta(hours=40),
        float("nan"),
    ]
    content = remainder_workbook(
        "x/y:z" * 10, list("abcdefg"), [Refused(cells, [(3, "fill"), (None, "whole row")])], as_text=[0]
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet["A2"].value == "1001"
    assert sheet["B2"].value == 12.5
    assert sheet["C2"].value == datetime.datetime(2024, 4, 3)
    assert sheet["D2"].comment.text == "What to fix: fill"
    assert sheet["H2"].value == "fill whole row"


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_template_has_every_column_and_reads_back_as_its_own_kind(tmp_path, kind):
    path = tmp_path / "template.xlsx"
    path.write_bytes(template_workbook(kind))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    assert len(headers) == len([column for column in COLUMNS[kind].columns if not column.carried])
    with read_sheet(path, kind=kind) as read:
        assert check_rows(kind, read, PLAIN).mapping.unknown == []


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_line_of_examples_is_a_row_that_could_be_taken(kind):
    columns = [column for column in COLUMNS[kind].columns if not column.carried]
    given = {column.key: column.example for column in columns if column.example}
    assert set(EXAMPLES[kind]) == set(given), "an example of a column that is none"
    assert len(given) >= 0.6 * len(columns)
    named = {key: f"{key}rent" if key.endswith(":") else key for key in given}
    headers = [COLUMNS[kind].column(key).header for key in given]
    sheet = Sheet("", [], 0, headers, 0, iter([(2, list(given.values()))]), close=lambda: None)
    mapping = Mapping(dict(enumerate(named.values())), [], [])
    (row,) = CheckedRows(COLUMNS[kind], sheet, PLAIN, mapping)
    assert (row.problems, row.warnings) == ((), ())


def test_a_template_offers_choices_and_keeps_codes_as_text():
    content = template_workbook("workers", {"cohort": ["Apples 2026", "Kiwifruit 2026"]})
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    cohort = openpyxl.utils.get_column_letter(headers.index("Cohort") + 1)
    source = next(formula for area, formula in lists.items() if area.startswith(cohort + "2"))
    name, _, area = source.partition("!")
    words = [row[0].value for row in book[name.strip("'")][area.replace("$", "")]]
    assert words == ["Apples 2026", "Kiwifruit 2026"]
    assert sheet.column_dimensions["A"].width > 10
    assert book.worksheets[1]["A2"].value == "Worker ID"
