"""Every file of ``tests/files`` through the real door, against the expectation beside it.

With ``LAMP_WRITE_EXPECTATIONS=1`` the expectations are written instead; read them before you commit them.
"""

import os

import pytest

from tests.files import expected, make
from tests.files.casebook import CASES, HERE
from tests.workers.sheets.sending import outcome

WRITE = bool(os.environ.get("LAMP_WRITE_EXPECTATIONS"))
OTHERS = {".py", ".toml"}


@pytest.mark.parametrize("name", sorted(CASES))
@pytest.mark.django_db
def test_what_comes_of_a_file_is_what_is_expected(cast, today, name):
    case, file = CASES[name], HERE / name
    with cast.acting(case.by) as by:
        found = {"about": case.about, "kind": case.kind, "by": case.by, "run": outcome(case, cast.pilot(), by, today)}
    if WRITE:
        expected.write(file, found)
    assert expected.read(file) == found


def test_every_file_has_a_maker_and_an_expectation_and_there_are_enough_of_them():
    files = {file.name for file in HERE.iterdir() if file.is_file() and file.suffix not in OTHERS}
    expectations = {file.name.removesuffix(".expect.toml") for file in HERE.glob("*.expect.toml")}
    assert files == expectations == set(CASES)
    assert len(files) >= 60


def test_the_makers_give_the_committed_bytes(tmp_path):
    for case in CASES.values():
        if case.same_bytes:
            case.make(tmp_path / case.name)
            assert (tmp_path / case.name).read_bytes() == (HERE / case.name).read_bytes(), case.name


def test_the_files_are_small():
    assert all(file.stat().st_size < 60_000 for file in HERE.iterdir() if file.is_file())
    assert make.BOOKS
