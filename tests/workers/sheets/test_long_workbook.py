"""A long workbook read as it comes says what the parser that holds it whole says, cell by cell."""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.files import sent
from workers.sheets import long_workbook
from workers.sheets.archive import Refused
from workers.sheets.limits import Limits
from workers.sheets.reader_process import read
from workers.sheets.refusals import refusal
from workers.sheets.workbooks import Whole

FILES = Path(sent.__file__).parent
WHOLE = Limits()
PASSING = replace(WHOLE, held=0)


def frames(path: Path, limits: Limits) -> Iterator[dict[str, Any]]:
    """What the child would tell of a file, in this process and without its bounds."""
    out = io.BytesIO()
    try:
        read({"path": str(path)}, limits, out)
    except Refused as refusal:
        yield {"refused": [refusal.code]}
    out.seek(0)
    while size := out.read(4):
        yield json.loads(out.read(struct.unpack(">I", size)[0]))


def told(path: Path, limits: Limits) -> tuple[dict, list]:
    """({(sheet, row, column): value}, everything else that was told). Blanks around a text mean nothing."""
    cells, others, about = {}, [], {}
    for frame in frames(path, limits):
        if "rows" in frame:
            columns = [c if isinstance(c, list) else [c["v"][i] for i in c["i"]] for c in frame["columns"]]
            for place, column in enumerate(columns):
                for row, value in zip(frame["rows"], column, strict=True):
                    if value != "":
                        plain = value.strip() if isinstance(value, str) else value
                        cells[about["sheet"], row, about["first_column"] + place] = plain
        elif "about" in frame:
            about = frame["about"]
            others.append({k: v for k, v in about.items() if k not in ("height", "first_column")})
        elif "end" not in frame:
            others.append(frame)
    return cells, [each for each in others if each == others[0]] if "refused" in others[0] else others


@pytest.mark.parametrize("path", sorted(FILES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_every_workbook_of_the_book_reads_the_same_as_it_passes(path):
    assert told(path, PASSING) == told(path, WHOLE)


def made(tmp_path: Path, write: Callable[[Any, Any], None], **parts: bytes) -> Path:
    """A workbook with one sheet; ``parts`` take the place of what was written there."""
    path, spoilt = tmp_path / "made.xlsx", tmp_path / "spoilt.xlsx"
    with xlsxwriter.Workbook(path) as book:
        write(book, book.add_worksheet("List"))
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(spoilt, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in whole.namelist():
            copy.writestr(name, parts.get(name.rpartition("/")[2].partition(".")[0], whole.read(name)))
    return spoilt


def test_every_format_of_a_number_means_the_same(tmp_path):
    patterns = (
        "General", "0", "0.00", "@", "yyyy-mm-dd", "dd/mm/yyyy hh:mm", "[h]:mm", "[mm]:ss", "h:mm AM/PM", "[$-409]d mmm yy;@",
        '0 "days"', "#,##0_-;[Red]-#,##0", '"d"0', "\\d0", "mmm yy", "0.0E+00", "[>100]0;[<5]d", "m:ss.0", "[Blue]General",
    )  # fmt: skip

    def write(book, sheet):
        for column, pattern in enumerate(patterns):
            form = book.add_format({"num_format": pattern})
            for row, number in enumerate((0, 0.25, 1, 59, 60, 61.5, 45_000, 45_000.999_99, 2_958_465)):
                sheet.write_number(row, column, number, form)

    path = made(tmp_path, write)
    assert told(path, PASSING) == told(path, WHOLE)


SHEET = (
    b'<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
    b"<x:row r='3'><x:c r='B3' t='inlineStr'><x:is><x:r><x:t>Family</x:t></x:r><x:rPh><x:t>kana</x:t></x:rPh><x:r>"
    b"<x:t> name &amp; \xc3\xa9</x:t></x:r></x:is></x:c><x:c t='b'><x:v>1</x:v></x:c></x:row>"
    b"<x:row r='6'><x:c r='B6' t='str'><x:f>A1&amp;\"x\"</x:f><x:v>Moli</x:v></x:c><x:c r='D6' t='e'><x:v>#N/A</x:v></x:c>"
    b"<x:c r='E6'><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>"
)


def test_prefixes_gaps_rich_text_and_cells_without_an_address_are_read(tmp_path):
    cells, _others = told(made(tmp_path, lambda *_made: None, sheet1=SHEET), PASSING)
    assert cells == {
        ("List", 3, 1): "Family name & é", ("List", 3, 2): "TRUE", ("List", 6, 1): "Moli", ("List", 6, 4): 7.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "spoilt",
    [
        b"<c r='A1' t='s'><v>9</v></c>", b"<c r='A1' t='s'><v>-1</v></c>", b"<c r='A1' t='s'><v>x</v></c>",
        b"<c r='A1'><v>1</v></c></row><row r='1'><c r='A1'><v>2</v></c>", b"<c r='A1'><v>1</v></d>",
        b"<c r='A1'><v>1</v></c><c r='XFEZ1'><v>1</v></c>", b"<c r='A1'><v>1</v></c></row><row r='9999999'>",
    ],
)  # fmt: skip
def test_what_is_damaged_is_refused_and_never_half_read_in_silence(tmp_path, spoilt):
    sheet = b"<worksheet><sheetData><row r='1'>" + spoilt + b"</row></sheetData></worksheet>"
    _cells, others = told(made(tmp_path, lambda *_made: None, sheet1=sheet), PASSING)
    assert others == [{"refused": ["damaged"]}]


def test_a_short_workbook_is_left_to_the_quicker_parser(tmp_path, monkeypatch):
    path = made(tmp_path, lambda _book, sheet: sheet.write_row(0, 0, ["Worker ID", "Family name"]))
    with zipfile.ZipFile(path) as archive:
        assert 0 < long_workbook.length(archive) < WHOLE.held
    monkeypatch.setattr(long_workbook, "Long", None)
    assert told(path, WHOLE)[0]


def test_other_workbooks_are_held_whole_and_so_bounded_in_rows():
    (refused,) = [each for each in frames(FILES / "workers.ods", replace(WHOLE, rows_held=-19)) if "refused" in each]
    assert refused == {"refused": ["too_many_rows"]}


def test_a_number_longer_than_any_time_is_refused_with_its_row_where_no_second_parser_reads_it():
    rows = Whole(str(FILES / "numbers_longer_than_any_time.xlsx")).sheet("Week 16").rows
    with pytest.raises(Refused) as refused:
        list(rows)
    assert (refused.value.code, refused.value.params) == ("length_of_time", {"sheet": "Week 16", "row": 3})
    assert "row 3 of the sheet “Week 16”" in refusal("length_of_time", **refused.value.params).message
