"""The commands that send a sheet and take it back: exit codes, and JSON alone on standard output."""

import json

import pytest
from django.core.management import call_command

from tests.workers.sheets.test_door import ROWS, workbook
from workers.models import ImportBatch, Person

pytestmark = pytest.mark.django_db
MIXED = [ROWS[0], ["NEW-7", "Any", "One", "wombat", "", "Tonga", "", "", "", "", "", "", ""]]


def run(capsys, *args):
    """(exit code, standard output, standard error) of a command."""
    code = 0
    try:
        call_command(*args)
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr()
    return code, said.out, said.err


def sheet(tmp_path, rows=ROWS, name="list.xlsx"):
    path = tmp_path / name
    path.write_bytes(workbook(rows))
    return str(path)


def imported(capsys, path, *more, who="sefo", kind="workers"):
    return run(capsys, "import_sheet", kind, path, "--pilot", "verde", "--as", f"{who}@cast.example", *more)


def test_a_clean_sheet_is_recorded_with_exit_0(cast, capsys, tmp_path):
    path = sheet(tmp_path)
    code, out, err = imported(capsys, path, "--json")
    answer = json.loads(out)
    assert code == 0
    assert {k: answer[k] for k in ("rows", "new", "changed", "same", "refused", "errors", "conflicts")} == {
        "rows": 2, "new": 2, "changed": 0, "same": 0, "refused": 0, "errors": [], "conflicts": [],
    }  # fmt: skip
    assert err
    with cast.acting("sefo"):
        assert Person.objects.filter(worker_code="NEW-1").exists()
    code, out, _err = imported(capsys, path, "--json")
    again = json.loads(out)
    assert (code, again["new"], again["same"]) == (0, 0, 2)


def test_refused_rows_are_listed_and_the_others_recorded_with_exit_1(cast, capsys, tmp_path):
    code, out, _err = imported(capsys, sheet(tmp_path, MIXED), "--json")
    (error,) = json.loads(out)["errors"]
    assert code == 1
    assert {k: error[k] for k in ("row", "column", "cell", "value")} == {
        "row": 3, "column": "Sex", "cell": "D3", "value": "wombat",
    }  # fmt: skip
    with cast.acting("sefo"):
        assert Person.objects.filter(worker_code="NEW-1").exists()


def test_all_or_nothing_records_nothing_with_exit_2(cast, capsys, tmp_path):
    code, out, err = imported(capsys, sheet(tmp_path, MIXED), "--json", "--all-or-nothing")
    assert code == 2
    assert json.loads(out) == {"error": err.strip().splitlines()[-1]}
    assert "Nothing was recorded" in err
    with cast.acting("sefo"):
        assert not Person.objects.filter(worker_code="NEW-1").exists()


def test_check_stops_after_the_preview(cast, capsys, tmp_path):
    code, out, _err = imported(capsys, sheet(tmp_path), "--check", "--json")
    assert (code, json.loads(out)["new"]) == (0, 2)
    with cast.acting("sefo"):
        assert ImportBatch.objects.get().state == "checked"
        assert not Person.objects.filter(worker_code="NEW-1").exists()


@pytest.mark.parametrize(
    ("who", "kind", "more"),
    [
        ("kofi", "workers", ()),
        ("nobody", "workers", ()),
        ("sefo", "potatoes", ()),
        ("sefo", "workers", ("--cohort", "NONE")),
        ("dana", "workers", ()),
    ],
)
def test_nothing_is_done_with_exit_2_and_a_sentence(cast, capsys, tmp_path, who, kind, more):
    code, out, err = imported(capsys, sheet(tmp_path), *more, who=who, kind=kind)
    assert (code, out) == (2, "")
    assert " " in err
    assert err.strip().endswith(".")


def test_a_file_that_is_missing_or_no_sheet_ends_with_exit_2(cast, capsys, tmp_path):
    code, _out, err = imported(capsys, str(tmp_path / "absent.xlsx"))
    assert code == 2
    assert err.startswith("There is no file “")
    (tmp_path / "x.xlsx").write_bytes(b"%PDF-1.7")
    code, _out, err = imported(capsys, str(tmp_path / "x.xlsx"))
    assert code == 2
    assert "PDF" in err


def test_the_order_of_dates_and_the_cohort_can_be_given(cast, capsys, tmp_path):
    rows = [[*ROWS[1][:4], "03/04/1994", *ROWS[1][5:]]]
    path = sheet(tmp_path, rows)
    assert imported(capsys, path, "--check")[0] == 1
    assert imported(capsys, path, "--date-order", "dmy", "--cohort", "V1", "--json")[0] == 0
    with cast.acting("sefo"):
        person = Person.objects.get(worker_code="NEW-2")
        assert str(person.birth_date) == "1994-04-03"
        assert person.placements.get().cohort.code == "V1"


def test_a_batch_is_taken_back_by_its_number(cast, capsys, tmp_path):
    batch = json.loads(imported(capsys, sheet(tmp_path), "--json")[1])["batch"]
    undo = ("undo_import", str(batch), "--as", "sefo@cast.example", "--reason", "wrong file")
    code, out, _err = run(capsys, *undo, "--json")
    assert (code, json.loads(out)) == (0, {"batch": batch, "undone": 2, "kept": []})
    code, out, err = run(capsys, *undo)
    assert (code, out) == (2, "")
    assert err
    assert run(capsys, "undo_import", str(batch), "--as", "tavi@cast.example", "--reason", "x")[0] == 2
