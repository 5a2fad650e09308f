"""Files nobody should ever open: each is refused in words, quickly, and the parent never grows."""

import subprocess
import sys
import time
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.files import dreadful
from tests.files.make import archive
from workers.sheets.child import PROJECT
from workers.sheets.limits import Limits
from workers.sheets.reading import SheetRefused, read_sheet

QUICK = 20.0  # seconds on a busy machine; what is caught here would take minutes


def refused(path, **options):
    """The refusal of a file, in bounded time; fails when the file is read."""
    began = time.monotonic()
    with pytest.raises(SheetRefused) as caught, read_sheet(path, kind="workers", **options) as sheet:
        list(sheet.rows)
    assert time.monotonic() - began < QUICK
    assert len(caught.value.message) > 20
    return caught.value


def memory_of_reading(path) -> int:
    """Kilobytes of the largest process that reading this file starts, asked of an interpreter that starts no other."""
    program = """
import resource, sys
from contextlib import suppress
from django.conf import settings
settings.configure(USE_I18N=False)
from workers.sheets.reading import SheetRefused, read_sheet
with suppress(SheetRefused), read_sheet(sys.argv[1], kind="workers") as sheet:
    list(sheet.rows)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
    done = subprocess.run([sys.executable, "-c", program, str(path)], cwd=PROJECT, capture_output=True, check=True)
    return int(done.stdout)


def test_a_bomb_of_half_a_megabyte_is_refused_before_it_is_unpacked(tmp_path):
    path = dreadful.bomb(tmp_path / "bomb.xlsx", megabytes=420)
    assert path.stat().st_size < 700_000
    assert refused(path).code == "bomb_ratio"
    assert refused(path, limits=Limits(unpacked_size=300 * 2**20)).code == "bomb_size"
    assert memory_of_reading(path) < 400_000


def test_a_bomb_whose_table_of_contents_lies_is_refused(tmp_path):
    assert refused(dreadful.lying_bomb(tmp_path / "liar.xlsx")).code == "damaged"


def test_a_parser_that_runs_out_of_memory_is_a_sentence(tmp_path):
    found = refused(dreadful.stretched(tmp_path / "wide.xlsx"))
    assert found.code == "stretched"
    assert "A1:XFD1048576" in found.message


def test_a_parser_that_runs_out_of_time_is_a_sentence(tmp_path):
    path = tmp_path / "slow.csv"
    path.write_text("Worker ID,Family name\n" + "A-1,Ana\n" * 2_000_000)
    assert refused(path, limits=Limits(wall_seconds=0, rows=10_000_000)).code == "too_slow"


def test_an_archive_of_too_many_parts_is_refused(tmp_path):
    parts = dreadful.workbook_parts() | {f"xl/x{n}.xml": "<x/>" for n in range(2_100)}
    assert refused(archive(tmp_path / "many.xlsx", parts)).code == "bomb_entries"


def test_parts_that_share_one_packed_block_are_refused(tmp_path):
    assert refused(dreadful.overlapping(tmp_path / "overlap.xlsx")).code == "damaged"


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "xl/../../evil.xml", "C:/evil.xml", "..\\evil.xml"])
def test_names_that_lead_out_of_the_archive_are_refused(tmp_path, name):
    assert refused(dreadful.with_part(tmp_path / "path.xlsx", name, "x")).code == "path_names"


def test_archives_inside_the_archive_are_refused_by_name_and_by_content(tmp_path):
    inner = dreadful.tiny_workbook()
    assert refused(dreadful.with_part(tmp_path / "a.xlsx", "xl/embeddings/inner.xlsx", inner)).code == "nested"
    assert refused(dreadful.with_part(tmp_path / "b.xlsx", "xl/media/image1.png", inner)).code == "nested"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_entities_are_refused_in_every_part(tmp_path, encoding):
    laughing = dreadful.SHEET.format(dtd=dreadful.LAUGHS, rows=dreadful.ROW).encode(encoding)
    assert refused(archive(tmp_path / "a.xlsx", dreadful.workbook_parts(sheet=laughing))).code == "entities"
    outside = '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'.encode(encoding)
    assert refused(dreadful.with_part(tmp_path / "b.xlsx", "docProps/app.xml", outside)).code == "entities"
    padded = b"<!-- " + b"x" * 100_000 + b" --><!DOCTYPE x [<!ENTITY a 'b'>]><x/>"
    assert refused(dreadful.with_part(tmp_path / "c.xlsx", "xl/theme.xml", padded)).code == "entities"


@pytest.mark.parametrize(
    ("main", "part", "code"),
    [
        ("ms-excel.sheet.macroEnabled.main+xml", "xl/vbaProject.bin", "macros"),
        (dreadful.SHEET_MAIN, "xl/vbaProject.bin", "macros"),
        (dreadful.SHEET_MAIN, "xl/macrosheets/sheet1.xml", "macros"),
        ("ms-excel.sheet.binary.macroEnabled.main", "xl/workbook.bin", "xlsb"),
        (dreadful.SHEET_MAIN, "xl/externalLinks/externalLink1.xml", "external_links"),
        ("openxmlformats-officedocument.wordprocessingml.document.main+xml", "word/document.xml", "document"),
        ("openxmlformats-officedocument.other", "x.xml", "not_workbook"),
    ],
)
def test_workbooks_with_programs_links_or_other_contents_are_refused(tmp_path, main, part, code):
    assert refused(dreadful.with_part(tmp_path / "list.xlsx", part, "<x/>", main=main)).code == code


@pytest.mark.parametrize(
    ("streams", "code"),
    [
        (("EncryptedPackage", "EncryptionInfo"), "encrypted"),
        (("Workbook", "_VBA_PROJECT_CUR"), "macros"),
        (("WordDocument",), "document"),
        (("Nothing",), "not_workbook"),
        (("Workbook",), "damaged"),
    ],
)
def test_old_office_files_are_told_apart_by_their_streams(tmp_path, streams, code):
    assert refused(dreadful.ole(tmp_path / "list.xls", *streams)).code == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \r\n\r\n", "empty"),
        (b"<html><body><table><tr><td>Worker ID</td></tr></table></body></html>", "html"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "html"),
        (b'<?xml version="1.0"?><Workbook/>', "xml"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\x1f\x8b\x08\x00", "archive"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04", "not_workbook"),
        (b"PK\x03\x04 not really", "damaged"),
        (b"\xff\xfe\x00", "wrong_encoding"),
    ],
)
def test_what_is_no_spreadsheet_is_named_for_what_it_is(tmp_path, content, code):
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    assert refused(path).code == code


def test_a_plain_archive_is_refused(tmp_path):
    assert refused(archive(tmp_path / "list.xlsx", {"list.csv": "Worker ID,Family name\n"})).code == "archive"


def test_a_locked_archive_is_refused(tmp_path):
    path = archive(tmp_path / "list.xlsx", dreadful.workbook_parts())
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as made:
        start = made.start_dir
    content[start + 8] |= 1
    path.write_bytes(content)
    assert refused(path).code == "encrypted"


def test_the_child_knows_nothing_of_the_portal():
    program = "import sys, workers.sheets.reader_process; print([m for m in sys.modules if m.startswith('django')])"
    seen = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"


def test_a_separator_nobody_offers_is_asked_again(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text('sep="\nWorker ID,Family name\nA-1,Ana\n')
    with read_sheet(path, kind="workers") as sheet:
        assert sheet.separator == ","
    assert refused(path, separator="ab").code == "ask_separator"


def test_a_file_above_the_size_limit_is_refused_unread(tmp_path):
    path = tmp_path / "large.csv"
    path.write_bytes(b"Worker ID,Family name\n" * 100_000)
    assert refused(path, limits=Limits(file_size=2**20)).code == "too_big"


def test_a_quotation_mark_that_is_never_closed_is_named(tmp_path):
    path = tmp_path / "quotes.csv"
    path.write_text('Worker ID,Family name\nA-1,"Ana\n' + "A-2,Ben\n" * 20_000)
    assert refused(path).code == "quotes"


def test_too_many_columns_are_refused(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("Worker ID,Family name" + ",x" * 300 + "\n")
    assert refused(path).code == "too_wide"


def read_or_refused(path, limits=None) -> str:
    """``read``, or the code of the refusal; in bounded time either way."""
    began = time.monotonic()
    try:
        with read_sheet(path, kind="workers", limits=limits or Limits(wall_seconds=60, cpu_seconds=20)) as sheet:
            longest = max((len(str(cell)) for _number, cells in sheet.rows for cell in cells), default=0)
        assert longest <= Limits().cell_characters + 1
        code, words = "read", ""
    except SheetRefused as found:
        code, words = found.code, found.message
    assert code == "read" or len(words) > 20
    assert time.monotonic() - began < 65
    return code


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (dreadful.deep, {"damaged", "memory", "read"}),
        (dreadful.empty_cells, {"read"}),
        (dreadful.one_string_everywhere, {"memory", "bomb_ratio", "too_slow"}),
        (dreadful.many_sheets, {"too_many_sheets"}),
        (dreadful.far_column, {"damaged", "too_wide", "memory"}),
    ],
)
def test_bombs_of_depth_cells_strings_sheets_and_columns_end_in_words_or_rows(tmp_path, make, codes):
    path = make(tmp_path / "bomb.xlsx")
    assert path.stat().st_size < 2**20
    assert read_or_refused(path) in codes


def test_the_memory_of_a_bomb_of_strings_stays_below_the_bound(tmp_path):
    path = dreadful.one_string_everywhere(tmp_path / "strings.xlsx")
    assert memory_of_reading(path) < Limits().memory // 1024


def test_more_rows_than_are_read_over_several_sheets_are_refused(tmp_path):
    made = dreadful.book(tmp_path / "sheets.xlsx")
    for name in ("a", "b", "c"):
        dreadful.fill(
            made.add_worksheet(name),
            [["Worker ID", "Family name"], *([f"{name}-{n}", "Vaka"] for n in range(30))],
            None,
        )
    made.close()
    assert read_or_refused(tmp_path / "sheets.xlsx", Limits(rows=60)) == "too_many_rows"
    assert read_or_refused(tmp_path / "sheets.xlsx", Limits(rows=90)) == "read"


WORKBOOK = dreadful.tiny_workbook()


@settings(max_examples=10)
@given(data=st.data())
def test_cut_and_flipped_workbooks_are_read_or_refused_and_never_more(tmp_path, data):
    content = bytearray(WORKBOOK)
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=12)):
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path / "fuzzed.xlsx"
    path.write_bytes(bytes(content[: data.draw(st.integers(1, len(content)))] if data.draw(st.booleans()) else content))
    with suppress(SheetRefused), read_sheet(path, kind="workers", limits=Limits(wall_seconds=10)) as sheet:
        list(sheet.rows)


@settings(max_examples=10)
@given(content=st.binary(max_size=600) | st.text(max_size=300).map(str.encode))
def test_bytes_at_random_are_read_or_refused_and_never_more(tmp_path, content):
    path = tmp_path / "fuzzed.csv"
    path.write_bytes(content)
    with suppress(SheetRefused), read_sheet(path, kind="workers", limits=Limits(wall_seconds=10)) as sheet:
        list(sheet.rows)
