"""Reading honest files: every format, every layout of the field, and what is said about it."""

import datetime
from pathlib import Path

import pytest

from workers.sheets.limits import Limits
from workers.sheets.reading import SheetRefused, peek, read_sheet

FILES = Path(__file__).parents[2] / "files"


def read(name, **options):
    """A file of the folder, read to the end: the sheet and its rows."""
    options.setdefault("kind", "workers")
    with read_sheet(FILES / name, **options) as sheet:
        return sheet, list(sheet.rows)


@pytest.mark.parametrize("name", ["workers_good.xlsx", "workers_old.xls", "workers.ods"])
def test_every_workbook_format_gives_the_same_people(name):
    sheet, rows = read(name)
    assert sheet.header_row == 1
    assert sheet.headers[:3] == ["Worker ID", "Family name", "Given names"]
    assert [number for number, _cells in rows] == [2, 3, 4, 5]
    assert [cells[0] for _number, cells in rows] == ["TON-001", "TON-002", "TON-003", "TON-004"]
    assert rows[0][1][5] == datetime.date(1994, 5, 17)
    assert rows[2][1][1] == "ʻUlukivaiola"


def test_the_type_is_decided_by_content_and_not_by_the_name(tmp_path):
    wrong = tmp_path / "list.csv"
    wrong.write_bytes((FILES / "workers_good.xlsx").read_bytes())
    with read_sheet(wrong, kind="workers") as sheet:
        assert sheet.kind_of_file == "xlsx"
        assert len(list(sheet.rows)) == 4


@pytest.mark.parametrize(
    ("name", "encoding", "separator"),
    [
        ("workers_semicolon_cp1252.csv", "cp1252", ";"),
        ("workers_utf16.tsv", "utf-16", "\t"),
        ("workers_bom.csv", "utf-8", ";"),
        ("workers_pipe.csv", "utf-8", "|"),
    ],
)
def test_text_files_are_told_apart_by_encoding_and_separator(name, encoding, separator):
    sheet, rows = read(name)
    assert (sheet.encoding, sheet.separator) == (encoding, separator)
    assert rows[0][1] == ["V-01", "Kaló", "Jean-Noël", "1.500,00", "VUV"]
    assert rows[0][0] == sheet.header_row + 1


def test_a_western_encoding_is_noted_because_it_is_an_assumption():
    sheet, _rows = read("workers_semicolon_cp1252.csv")
    assert any("Western European" in note for note in sheet.notes)


def test_a_separator_that_cannot_be_told_is_asked_and_the_answer_is_taken():
    with pytest.raises(SheetRefused) as refused:
        read("no_separator.csv")
    assert refused.value.code == "ask_separator"
    sheet, rows = read("no_separator.csv", separator=";", header_row=1)
    assert sheet.headers == ["Worker ID"]
    assert [cells for _number, cells in rows] == [["V-01"], ["V-02"]]


def test_an_encoding_that_cannot_be_told_is_asked_and_the_answer_is_taken():
    with pytest.raises(SheetRefused) as refused:
        read("shift_jis.csv")
    assert refused.value.code == "ask_encoding"
    assert "shift_jis" in refused.value.params["choices"]
    _sheet, rows = read("shift_jis.csv", encoding="shift_jis", header_row=1)
    assert rows[0][1][1] == "山田太郎"


def test_titles_two_header_rows_totals_and_blank_lines_are_left_out_and_said():
    sheet, rows = read("workers_two_headers.xlsx")
    assert sheet.headers == [
        "Worker ID", "Family name", "Given names", "Passport number", "Passport country", "DOB",
        "Home monthly income", "Home income currency",
    ]  # fmt: skip
    assert [(number, cells[0]) for number, cells in rows] == [(6, "V-01"), (9, "V-02"), (11, "V-03")]
    said = " ".join(sheet.notes)
    for words in (
        "Rows above the column names were left out: 1, 2.",
        "read as one: 4, 5.",
        "totals: row 13, 14.",
        "repeated headers: row 10.",
        "3 blank rows",
        "formulas: 1.",
        "Hidden rows were read like the others: 11.",
    ):
        assert words in said


def test_visible_sheets_with_the_same_columns_are_one_list_and_the_others_are_named():
    sheet, rows = read("villages.xlsx")
    assert sheet.name == "Kolovai"
    assert sheet.other_sheets == ["Cover", "Neiafu", "old"]
    assert [(sheet.address(number, 0), cells[0]) for number, cells in rows] == [
        ("Kolovai!A2", "KOL-1"),
        ("Neiafu!A2", "NEI-1"),
    ]
    assert "hidden: old." in " ".join(sheet.notes)
    _other, other_rows = read("villages.xlsx", sheet="Neiafu")
    assert [cells[0] for _number, cells in other_rows] == ["NEI-1"]


def test_a_sheet_that_does_not_exist_is_refused_by_its_name():
    with pytest.raises(SheetRefused, match="no sheet called “Vava") as refused:
        read("villages.xlsx", sheet="Vavaʻu")
    assert refused.value.code == "no_such_sheet"


def test_without_known_headers_the_reader_is_asked_and_may_point_at_the_row(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("List of people,,\nNummer,Wer,Woher\n1,Ana,Tonga\n")
    with pytest.raises(SheetRefused) as refused:
        read_sheet(path, kind="workers")
    assert refused.value.code == "no_header"
    assert "Worker ID" in refused.value.message
    with read_sheet(path, kind="workers", header_row=2) as sheet:
        assert sheet.headers == ["Nummer", "Wer", "Woher"]
        assert list(sheet.rows) == [(3, ["1", "Ana", "Tonga"])]
    with read_sheet(path, kind="workers", remembered={"Nummer": "worker_id", "wer": "given_names"}) as sheet:
        assert sheet.header_row == 2


def test_a_peek_shows_the_first_rows_as_they_are():
    shown = peek(FILES / "workers_two_headers.xlsx")
    assert shown.sheets == ["Pool"]
    assert shown.rows[0] == (1, ["WORK READY POOL 2026", *[""] * 7])


def test_addresses_count_the_empty_columns_on_the_left(tmp_path):
    from tests.files.make import book

    path = tmp_path / "moved.xlsx"
    made = book(path)
    sheet = made.add_worksheet()
    sheet.write_row(4, 27, ["Worker ID", "Family name"])
    sheet.write_row(5, 27, ["A-1", "Ana"])
    made.close()
    with read_sheet(path, kind="workers") as sheet:
        rows = list(sheet.rows)
        assert sheet.address(rows[0][0], 1) == "AC6"


def test_a_row_of_zeros_is_not_blank_and_a_row_of_spaces_is(tmp_path):
    path = tmp_path / "z.csv"
    path.write_text("Worker ID,Dependants,Family name\nA-1,0,x\n ,  ,\n0,0,0\nA-2,0,y\n")
    with read_sheet(path, kind="workers") as sheet:
        assert [number for number, _cells in sheet.rows] == [2, 4, 5]


def test_more_rows_than_the_limit_are_refused_and_the_limit_is_an_argument(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("Worker ID,Family name\n" + "".join(f"A-{n},Ana\n" for n in range(300)))
    with read_sheet(path, kind="workers", limits=Limits(rows=300)) as sheet:
        assert sum(1 for _row in sheet.rows) == 300
    with pytest.raises(SheetRefused, match="more than 299 rows"), read_sheet(path, limits=Limits(rows=299)) as sheet:
        list(sheet.rows)


def test_ticked_boxes_become_words_and_overlong_cells_are_cut(tmp_path):
    from tests.files.make import book

    path = tmp_path / "ticks.xlsx"
    made = book(path)
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, ["Worker ID", "Passed", "Course", "Score"])
    sheet.write_row(1, 0, ["A-1", True, "x" * 30_000, 1])
    made.close()
    with read_sheet(path, kind="training", limits=Limits(cell_characters=100)) as sheet:
        cells = next(iter(sheet.rows))[1]
    assert cells[1] == "TRUE"
    assert cells[3] == 1
    assert len(cells[2]) in (101, 30_000)


def test_leaving_early_ends_the_child(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("Worker ID,Family name\n" + "".join(f"A-{n},Ana\n" for n in range(50_000)))
    with read_sheet(path, kind="workers") as sheet:
        child = sheet.close.__self__
        next(iter(sheet.rows))
    assert child._process.poll() is not None
