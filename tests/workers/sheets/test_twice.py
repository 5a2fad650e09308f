"""What may stand once in a file: asked of the staged rows, told at the later row, and it names the first."""

import pytest

from tests.workers.sheets.test_door import codes, opened, verdicts, workbook
from workers.models import ImportRow
from workers.sheets import staging, twice
from workers.sheets.door import check, commit

pytestmark = pytest.mark.django_db
HEADERS = ["Worker ID", "Family name", "Passport number", "Passport country"]


def sent(cast, by, today, rows, headers=HEADERS, kind="workers"):
    return check(opened(cast, by, workbook(rows, headers), kind=kind), by=by, today=today)


def test_the_later_row_is_refused_and_names_the_first(cast, today):
    rows = [
        ["N-1", "Vea", "p 123456", "TO"],
        ["N-2", "Vea", "P123456", "FJ"],
        ["N-3", "Vea", "P123456", "Tonga"],
        ["n-1", "Vea"],
    ]
    with cast.acting("sefo") as by:
        batch = sent(cast, by, today, rows)
        assert codes(batch) == {2: [], 3: [], 4: ["twice"], 5: ["twice"]}
        told = {row.row_number: row.problems[0] for row in ImportRow.objects.filter(batch=batch, verdict="refused")}
    assert (
        told[4]["message"] == "The same Passport number, Passport country already stands in row 2. Keep one of the two."
    )
    assert (told[4]["cell"], told[4]["column"], told[4]["key"]) == ("C4", "Passport number", "passport_number")
    assert (told[5]["cell"], told[5]["message"].split(".")[0]) == ("A5", "The same Worker ID already stands in row 2")


def test_a_row_may_stand_twice_in_two_ways_and_a_bad_cell_is_told_beside_it(cast, today):
    rows = [["N-1", "Vea", "P123456", "TO"], ["N-1", "=1", "P123456", "TO"]]
    with cast.acting("sefo") as by:
        assert codes(sent(cast, by, today, rows)) == {2: [], 3: ["looks_like_formula", "twice", "twice"]}


def test_blank_cells_are_not_the_same_and_a_passport_without_a_country_counts_for_nothing(cast, today):
    rows = [
        ["N-1", "Vea", "", ""],
        ["N-2", "Vea", "", ""],
        ["N-3", "Vea", "P123456", ""],
        ["N-4", "Vea", "P123456", ""],
    ]
    with cast.acting("sefo") as by:
        assert codes(sent(cast, by, today, rows)) == {2: [], 3: [], 4: ["no_country"], 5: ["no_country"]}


def test_many_that_stand_twice_are_all_told_packet_by_packet(cast, today, monkeypatch):
    monkeypatch.setattr(twice, "PACKET", 2)
    rows = [["N-1", "Vea"] for _n in range(8)]
    with cast.acting("sefo") as by:
        batch = sent(cast, by, today, rows, HEADERS[:2])
        assert verdicts(batch) == {2: "new"} | dict.fromkeys(range(3, 10), "refused")


def test_moves_are_the_same_when_worker_step_and_day_are(cast, today):
    headers = ["Worker ID", "Step", "Date"]
    rows = [
        ["IH-005", "Shortlisted", "2026-02-01"],
        ["ih-005", "Shortlisted", "2026-02-01"],
        ["IH-005", "Shortlisted", "2026-02-02"],
    ]
    with cast.acting("ines") as by:
        found = codes(sent(cast, by, today, rows, headers, kind="moves"))
    assert "twice" in found[3]
    assert "twice" not in found[2] + found[4]


def test_a_sheet_is_recorded_block_by_block_as_if_at_once(cast, today, monkeypatch):
    monkeypatch.setattr(staging, "BLOCK", 2)
    rows = [[f"N-{n}", "Vea", f"P{n:06d}", "TO"] for n in range(5)]
    with cast.acting("sefo") as by:
        batch = sent(cast, by, today, rows)
        assert commit(batch, by=by, today=today).new == 5
        again = sent(cast, by, today, [*rows[:3], ["N-9", "Vea", "P900009", "TO"]])
        assert verdicts(again) == {2: "same", 3: "same", 4: "same", 5: "new"}
