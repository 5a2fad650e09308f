"""What a spreadsheet would run leaves as text, and comes back as it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.sheets.formulas import SKIPPED, STARTERS, escape, escape_lines, unescape

NASTY = st.text(st.sampled_from(list("=+-@'\"\t\r\n, ;a1") + list(SKIPPED[-12:]) + list(STARTERS[4:])), max_size=8)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+61 400", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "\u200b=cmd|' /C calc'!A0", "\uff1d1+1", "'=1",
        "''@x", "\ufeff=1", "\n=1", "\tx",
    ],
)  # fmt: skip
def test_a_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(text):
    assert escape(text) == "'" + text
    assert unescape(escape(text)) == text


@pytest.mark.parametrize("text", ["", "Leota", "O'Brien", "'quoted'", "1-2", "a=b", "3.5", "’=1"])
def test_other_texts_are_left_alone(text):
    assert escape(text) == text == unescape(text)


@given(NASTY | st.text(max_size=30))
def test_whatever_leaves_comes_back(text):
    assert unescape(escape(text)) == text


@given(st.lists(st.tuples(NASTY, NASTY | st.none(), st.integers(-5, 5) | st.none(), NASTY), min_size=1, max_size=6))
def test_lines_that_the_database_wrote_are_escaped_like_single_texts(rows):
    def line(row):
        cells = ('"' + c.replace('"', '""') + '"' if isinstance(c, str) else "" if c is None else str(c) for c in row)
        return ",".join(cells) + "\n"

    written = escape_lines("".join(map(line, rows)).encode()).decode()
    read = list(csv.reader(io.StringIO(written, newline="")))
    wanted = [["" if c is None else escape(c) if isinstance(c, str) else str(c) for c in row] for row in rows]
    assert read == wanted
