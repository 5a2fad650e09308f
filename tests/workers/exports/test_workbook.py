"""Whatever text stands in a list, its workbook is one that programs open, and holds that text as text."""

import io
from datetime import date
from decimal import Decimal
from unittest.mock import patch

import openpyxl
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from workers.exports import workbook
from workers.exports.listings import DAY, NUMBER, WHOLE, YES, Cell, Plan

FORMS = ("text", DAY, NUMBER, WHOLE, YES, "text")
CELLS = tuple(Cell(f"c{n}", f"Header {n} & more", form=form) for n, form in enumerate(FORMS))
MARK = workbook.Mark(
    "Workers [all] & so on", "head & foot " * 30, "foot", [("Made for", "<Ines>"), ("Long", "x" * 40_000)]
)
# Signs that mean something to XML, to COPY, to a spreadsheet, or that XML cannot hold.
NASTY = st.text(st.sampled_from(list("<>&'\"\\\t\n\r #%=+-@_x000DN\x01\x0b\x1fé日")), max_size=12)
TEXT = NASTY | st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\ufffe\uffff"), max_size=20)
ROWS = st.lists(
    st.tuples(
        TEXT, st.dates(date(1900, 3, 1), date(2199, 1, 1)) | st.none(),
        st.decimals(-(10**9), 10**9, places=4) | st.none(), st.integers(-(10**9), 10**9) | st.none(),
        st.sampled_from(["yes", "no", None]), TEXT | st.none(),
    ), min_size=1, max_size=6,
)  # fmt: skip


def as_copied(rows: list[tuple]) -> bytes:
    """The rows as COPY writes them in text, days counted."""

    def cell(value: object) -> str:
        if value is None:
            return r"\N"
        if isinstance(value, date):
            return str((value - date(1899, 12, 30)).days)
        special = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\b": r"\b", "\f": r"\f", "\v": r"\v"}
        return "".join(special.get(sign, sign) for sign in str(value))

    return "".join("\t".join(map(cell, row)) + "\n" for row in rows).encode()


def copied(rows: list[tuple]) -> io.BytesIO:
    target = io.BytesIO()
    with patch.object(workbook, "lines", lambda _plan: iter([(as_copied(rows), len(rows))])):
        assert workbook.copy(target, Plan(CELLS), MARK, len(rows)) == len(rows)
    return target


def read(target: io.BytesIO) -> list[list]:
    target.seek(0)
    return CalamineWorkbook.from_filelike(target).get_sheet_by_index(0).to_python()[1:]


def wanted(value: object) -> object:
    return "" if value is None else float(value) if isinstance(value, int | Decimal) else value


@given(ROWS)
def test_whatever_leaves_can_be_read_again_from_the_database_or_from_here(rows):
    here = io.BytesIO()
    assert workbook.write(here, CELLS, rows, MARK, len(rows)) == len(rows)
    asked = [[wanted(value) for value in row] for row in rows]
    assert read(copied(rows)) == asked
    assert read(here) == asked


def test_looks_page_and_the_word_on_itself_are_there_and_a_list_without_rows_is_one():
    target = io.BytesIO()
    workbook.write(target, CELLS, [], MARK, 0)
    book = openpyxl.load_workbook(target)
    sheet, about = book.worksheets
    assert [cell.value for cell in sheet[1]] == [cell.header for cell in CELLS]
    assert (sheet.max_row, sheet.freeze_panes, sheet.page_setup.orientation) == (1, "B2", "landscape")
    assert [row[1].value[:9] for row in about.iter_rows()] == ["Value", "0", "<Ines>", "xxxxxxxxx"]
    assert sheet.oddHeader.left.text


def test_a_column_of_text_stays_one_and_words_among_numbers_are_text():
    target = io.BytesIO()
    workbook.write(
        target, CELLS, [("=1+1", "May 2026", "about 3", 4, True, date(2026, 5, 1)), ("b",) + (None,) * 5], MARK, 2
    )
    first, _second = openpyxl.load_workbook(target).worksheets[0].iter_rows(min_row=2)
    assert [cell.value for cell in first] == ["=1+1", "May 2026", "about 3", 4, "yes", "2026-05-01"]
    assert [cell.data_type for cell in first] == ["s", "s", "s", "n", "s", "s"]
    assert [cell.number_format for cell in first][:3] == ["@", "yyyy-mm-dd", "0.00######"]


def test_a_text_longer_than_a_cell_is_cut_and_the_file_stays_whole():
    (row,) = read(copied([("a\\b" * 20_000, None, None, None, None, "é" * 40_000)]))
    assert row[0].startswith("a\\ba\\b")
    assert len(row[0]) <= workbook.LONGEST_CELL
    assert row[5] == "é" * workbook.LONGEST_CELL
