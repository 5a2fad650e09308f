"""A long text file is read as it comes: the same frames as from the whole text, for every text file there is."""

import io
from pathlib import Path

import pytest

from workers.sheets import reader_process
from workers.sheets.archive import Refused
from workers.sheets.limits import LIMITS

FILES = Path(__file__).resolve().parents[2] / "files"
TEXTS = sorted(path for path in FILES.rglob("*") if path.suffix in {".csv", ".tsv", ".txt"})


def frames(path, monkeypatch, longer_than):
    monkeypatch.setattr(reader_process, "LONG_TEXT", longer_than)
    out = io.BytesIO()
    request = {"path": str(path), "sheet": None, "separator": None, "encoding": None}
    try:
        reader_process.read(request, LIMITS, out)
    except Refused as refused:
        return refused.code, out.getvalue()
    return "read", out.getvalue()


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_a_text_read_as_it_comes_gives_the_same_rows(path, monkeypatch):
    assert frames(path, monkeypatch, -1) == frames(path, monkeypatch, 2**40)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfWorker ID;Step\r\nA-1;x\r\n", "Worker ID,Village\nA-1,Nukuʻalofa\n".encode() * 3, b"Worker ID,V\rA,b\rC,d\r",
        b'Worker ID,Note\nA-1,"two\nlines"\n', "Worker ID\tName\nA\tÅ\n".encode("utf-16"), "Worker ID,N\nA,é\n".encode("cp1252"),
        "Worker ID,N\nA,e\n".encode("utf-16-le"), b"\n\n \n",
    ],
)  # fmt: skip
def test_marks_quotes_line_ends_and_other_encodings_are_no_different(content, tmp_path, monkeypatch):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    assert frames(path, monkeypatch, -1) == frames(path, monkeypatch, 2**40)
    monkeypatch.setattr(reader_process, "CHUNK", 3)
    assert frames(path, monkeypatch, -1)[0] == frames(path, monkeypatch, 2**40)[0]
