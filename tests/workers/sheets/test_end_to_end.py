"""The contract of headers, and the files of the field and of nightmares, from the bytes to the verdicts."""

from pathlib import Path

import pytest

from tests.files import dreadful
from tests.workers.sheets.test_door import codes, opened, verdicts, workbook
from workers.models import ImportRow
from workers.sheets.columns import synonyms
from workers.sheets.door import check, commit, remainder
from workers.sheets.kinds import COLUMNS

pytestmark = pytest.mark.django_db
FILES = Path(__file__).resolve().parents[2] / "files"
OFFICIAL = [c.header for c in COLUMNS["workers"].columns]
VALUES = {
    "worker_id": "TON-0042", "family_name": "Faleolo", "given_names": "Sione", "passport_name": "FALEOLO SIONE",
    "sex": "M", "birth_date": "1994-05-17", "nationality": "Tonga", "passport_number": "P1234567",
    "passport_country": "Tonga", "passport_expiry": "2031-02-28", "national_id": "0184466", "phone": "+676 777 1234",
    "email": "name@example.org", "village": "Kolovai", "province": "Tongatapu", "languages": "Tongan",
    "marital_status": "married", "dependants": "3", "home_income": "450.00", "home_income_currency": "TOP",
    "recruiter": "Island Hands", "cohort": "V1", "registered_on": "2026-01-12", "consent_date": "2026-01-12",
    "consent_version": "2", "consent_language": "Tongan",
}  # fmt: skip


def read(cast, by, today, name, kind="workers", **options):
    content = (FILES / name).read_bytes()
    return check(opened(cast, by, content, kind=kind, name=name, **options), by=by, today=today)


def test_every_column_of_the_contract_arrives_in_the_database(cast, today):
    with cast.acting("ines") as by:
        batch = check(opened(cast, by, workbook([list(VALUES.values())], OFFICIAL)), by=by, today=today)
        assert codes(batch) == {2: []}
        clean = ImportRow.objects.get(batch=batch).clean
        assert set(clean) >= set(VALUES)
        commit(batch, by=by, today=today)
        again = check(opened(cast, by, workbook([list(VALUES.values())], OFFICIAL)), by=by, today=today)
        assert verdicts(again) == {2: "same"}


def test_headers_in_other_words_case_and_accents_mean_the_same(cast, today):
    kind = COLUMNS["workers"]
    headers = [f" {(synonyms(kind, column) or [column.header])[0].upper()} " for column in kind.columns]
    with cast.acting("ines") as by:
        batch = check(opened(cast, by, workbook([list(VALUES.values())], headers)), by=by, today=today)
        assert batch.summary["ignored"] == []
        assert set(ImportRow.objects.get(batch=batch).clean) >= set(VALUES)


@pytest.mark.parametrize(
    ("name", "rows"),
    [("workers_two_headers.xlsx", 3), ("workers_semicolon_cp1252.csv", 2), ("workers_utf16.tsv", 2),
     ("workers_bom.csv", 2), ("workers_pipe.csv", 2), ("workers.ods", 4), ("workers_old.xls", 4)],
)  # fmt: skip
def test_honest_files_of_every_sort_are_read(cast, today, name, rows):
    with cast.acting("ines") as by:
        batch = read(cast, by, today, name)
        assert batch.state == "checked", batch.trouble
        assert batch.summary["counts"]["rows"] == rows


def test_the_worst_honest_list_is_told_cell_by_cell_and_comes_back_as_a_workbook(cast, today):
    with cast.acting("ines") as by:
        batch = read(cast, by, today, "workers_messy.xlsx")
        counts = batch.summary["counts"]
        assert counts["refused"] >= 7
        assert sum(counts[v] for v in ("new", "changed", "same", "refused", "conflict")) == counts["rows"] == 10
        told = ImportRow.objects.filter(batch=batch).values_list("problems", flat=True)
        assert all(p["cell"] and p["message"] for problems in told for p in problems)
        assert "pregnant" not in str(list(ImportRow.objects.filter(batch=batch).values()))
        left = remainder(batch)
        assert b"pregnant" not in left
        again = check(opened(cast, by, left, name="left.xlsx"), by=by, today=today)
        assert again.summary["counts"]["refused"] == counts["refused"]


def test_files_made_to_harm_are_refused_in_a_sentence(cast, today, tmp_path):
    harmful = {
        "bomb": dreadful.bomb(tmp_path / "bomb.xlsx", 200),
        "laughs": dreadful.archive(tmp_path / "laughs.xlsx", dreadful.workbook_parts(dtd=dreadful.LAUGHS)),
        "cut": tmp_path / "cut.xlsx",
        "nothing": tmp_path / "nothing.xlsx",
    }
    harmful["cut"].write_bytes((FILES / "workers_good.xlsx").read_bytes()[:-400])
    harmful["nothing"].write_bytes(b"")
    with cast.acting("ines") as by:
        for name, path in harmful.items():
            batch = check(opened(cast, by, path.read_bytes() or b" ", name=path.name), by=by, today=today)
            assert batch.state == "refused", name
            assert batch.trouble.endswith((".", ".)")), name
            assert not ImportRow.objects.filter(batch=batch).exists()


def test_headers_and_cells_with_signs_no_database_stores_do_no_harm(cast, today):
    odd = "_x0000_"  # how a workbook writes the sign of the number nought
    headers = ["Worker ID", "Family name", f"Odd{odd}head", "Village\u202e"]
    rows = [["ODD-1", "Any", f"a{odd}b", f"c{odd}d"], [f"ODD{odd}2", "Any", "", ""]]
    with cast.acting("ines") as by:
        batch = check(opened(cast, by, workbook(rows, headers)), by=by, today=today)
        assert batch.state == "checked"
        assert commit(batch, by=by, today=today).refused + batch.summary["counts"]["new"] >= 1
        content = b"Worker ID,Family name,Od\x01d\r\nODD-3,An\x02y,x\x03\r\n"
        batch = check(opened(cast, by, content, name="odd.csv"), by=by, today=today)
        assert batch.state in {"checked", "refused"}
