"""The door of spreadsheets, end to end: file in, rows judged, persons recorded."""

import io

import pytest
import xlsxwriter

from workers.models import Consent, IdentityDocument, ImportRow, Person, Placement
from workers.sheets import staging
from workers.sheets.door import NotCommitted, check, commit, open_batch

pytestmark = pytest.mark.django_db
HEADERS = [
    "Worker ID", "Family name", "Given names", "Sex", "Date of birth", "Nationality", "Passport number",
    "Passport country", "Passport expiry", "Phone", "Cohort", "Registered on", "Consent date",
]  # fmt: skip
ROWS = [
    ["NEW-1", "Faleolo", "Sione", "M", "1994-05-17", "Tonga", "T900001", "Tonga", "2031-02-28", "+676 7712345", "V1", "2025-12-01", "2025-12-01"],
    ["NEW-2", "Tupou", "Mele", "F", "1996-01-02", "Tonga", "T900002", "Tonga", "2031-02-28", "", "", "2025-12-02", ""],
]  # fmt: skip


def workbook(rows=ROWS, headers=HEADERS) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("List")
        for at, row in enumerate([headers, *rows]):
            sheet.write_row(at, 0, row)
    return buffer.getvalue()


def opened(cast, by, content=None, kind="workers", name="list.xlsx", **options):
    cohort = options.pop("cohort", None)
    return open_batch(content or workbook(), name, kind, cast.pilot(), by=by, cohort=cohort, options=options)


def verdicts(batch):
    return dict(ImportRow.objects.filter(batch=batch).values_list("row_number", "verdict"))


def codes(batch):
    rows = ImportRow.objects.filter(batch=batch).values_list("row_number", "problems")
    return {number: [p["code"] for p in problems] for number, problems in rows}


def test_a_recruiters_list_becomes_persons_papers_consent_and_a_nomination(cast, today):
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by), by=by, today=today)
        assert batch.state == "checked", batch.trouble
        assert verdicts(batch) == {2: "new", 3: "new"}, codes(batch)
        done = commit(batch, by=by, today=today)
        assert (done.new, done.changed, done.refused, done.conflict) == (2, 0, 0, 0)
        person = Person.objects.get(worker_code="NEW-1")
        assert (person.recruiter_id, person.family_name, str(person.birth_date)) == (
            by.organisation_id, "Faleolo", "1994-05-17",
        )  # fmt: skip
        assert person.contact.phone == "+6767712345"
        assert IdentityDocument.objects.get(person=person).number == "T900001"
        assert Consent.objects.get(person=person).purpose == "participation"
        placement = Placement.objects.get(person=person)
        assert (placement.state.step, str(placement.state.since)) == ("nominated", "2025-12-01")
        assert not Placement.objects.filter(person__worker_code="NEW-2").exists()


def test_the_same_file_again_is_the_same_rows(cast, today):
    with cast.acting("sefo") as by:
        content = workbook()
        commit(check(opened(cast, by, content), by=by, today=today), by=by, today=today)
        again = check(opened(cast, by, content), by=by, today=today)
        assert set(verdicts(again).values()) == {"same"}
        with pytest.raises(NotCommitted, match="already"):
            commit(again, by=by, today=today)
        assert Person.objects.filter(worker_code__startswith="NEW-").count() == 2


def test_a_changed_cell_is_shown_before_and_after_and_a_blank_one_never_overwrites(cast, today):
    rows = [["IH-001", "", "Renamed", "", "", "", "", "", "", "+676 7700099", "", "", ""]]
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by, workbook(rows)), by=by, today=today)
        row = ImportRow.objects.get(batch=batch)
        assert row.verdict == "changed", row.problems
        assert row.changes == {"given_names": ["Given1", "Renamed"], "phone": ["+6767000001", "+6767700099"]}
        commit(batch, by=by, today=today)
        person = Person.objects.get(worker_code="IH-001")
        assert (person.given_names, person.family_name, person.version) == ("Renamed", "FamilyIH-001", 2)
        assert (person.contact.phone, str(person.birth_date)) == ("+6767700099", "1991-03-14")


def test_a_new_passport_replaces_the_old_one(cast, today):
    headers = ["Worker ID", "Passport number", "Passport country", "Passport expiry"]
    with cast.acting("sefo") as by:
        content = workbook([["IH-001", "T555555", "Tonga", "2033-01-01"]], headers)
        batch = check(opened(cast, by, content), by=by, today=today)
        assert ImportRow.objects.get(batch=batch).changes["passport_number"] == ["PIH001", "T555555"]
        commit(batch, by=by, today=today)
        papers = IdentityDocument.objects.filter(person__worker_code="IH-001", kind="passport")
        assert {paper.number: paper.replaced_at is None for paper in papers} == {"PIH001": False, "T555555": True}


def test_two_sheets_on_the_same_person_make_the_second_a_conflict(cast, today):
    headers = ["Worker ID", "Village"]
    with cast.acting("sefo") as by:
        first = check(opened(cast, by, workbook([["IH-001", "Kolovai"]], headers)), by=by, today=today)
        second = check(opened(cast, by, workbook([["IH-001", "Neiafu"]], headers)), by=by, today=today)
        agreeing = check(
            opened(cast, by, workbook([["IH-001", "Kolovai"], ["IH-002", "X"]], headers)), by=by, today=today
        )
        commit(first, by=by, today=today)
        done = commit(second, by=by, today=today)
        assert (done.changed, done.conflict) == (0, 1)
        row = ImportRow.objects.get(batch=second)
        assert (row.verdict, row.problems[0]["code"], row.problems[0]["cell"]) == ("conflict", "changed_since", "A2")
        assert Person.objects.get(worker_code="IH-001").village == "Kolovai"
        assert (commit(agreeing, by=by, today=today).same, Person.objects.get(worker_code="IH-002").village) == (1, "X")


def test_all_or_nothing_records_nothing_when_a_row_is_refused(cast, today):
    rows = [ROWS[0], ["NEW-9", "", "", "M", "", "", "", "", "", "", "", "", ""]]
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by, workbook(rows)), by=by, today=today)
        assert codes(batch)[3] == ["no_name"]
        with pytest.raises(NotCommitted, match="all rows or none"):
            commit(batch, by=by, only_accepted=False, today=today)
        assert not Person.objects.filter(worker_code="NEW-1").exists()
        assert commit(batch, by=by, today=today).refused == 1
        assert Person.objects.filter(worker_code="NEW-1").exists()


def test_a_refused_row_does_not_bar_the_same_file_once_the_world_is_mended(cast, today):
    rows = [[*ROWS[0][:10], "LATER", *ROWS[0][11:]], ROWS[1]]
    with cast.acting("ines") as by:
        batch = check(opened(cast, by, workbook(rows)), by=by, today=today)
        assert codes(batch)[2] == ["unknown_cohort"]
        assert commit(batch, by=by, today=today).new == 1
        cohort = cast.cohort("V1")
        cohort.pk, cohort.code, cohort.name = None, "LATER", "Later"
        cohort.save()
        again = check(opened(cast, by, workbook(rows)), by=by, today=today)
        assert verdicts(again) == {2: "new", 3: "same"}
        assert commit(again, by=by, today=today).new == 1


RIVAL = [["RR-001", "Any", "Name", "M", "", "Tonga", "T900009", "Tonga", "", "", "", "", ""]]


def test_a_recruiter_learns_nothing_about_a_rivals_people(cast, today):
    rows = [
        *RIVAL,
        ["NEW-5", "Any", "Name", "M", "", "Tonga", "PRR001", "Tonga", "", "", "", "", ""],
        ["", "Any", "Name", "M", "", "Tonga", "PRR002", "Tonga", "", "", "", "", ""],
        ["", "Any", "Name", "M", "", "Tonga", "T777777", "Tonga", "", "", "", "", ""],
    ]
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by, workbook(rows)), by=by, today=today)
        told = dict(ImportRow.objects.filter(batch=batch).values_list("row_number", "problems"))
        assert [p["code"] for p in told[2]] == ["id_unusable"]
        assert told[2][0]["message"] == told[3][0]["message"]
        # Without a Worker ID a rival's passport and an unknown one have the same answer, word for word.
        assert {k: v for k, v in told[4][0].items() if k not in ("row", "cell")} == {
            k: v for k, v in told[5][0].items() if k not in ("row", "cell")
        }
        assert "RR-001" not in told[3][0]["message"]
        assert batch.summary["unusable"] == 2
        assert commit(batch, by=by, today=today).new == 0
    with cast.acting("tavi"):
        assert Person.objects.get(worker_code="RR-001").given_names == "Given1"
        assert not ImportRow.objects.filter(batch_id=batch.pk).exists()


def test_the_ids_of_another_pilot_are_as_unknown_as_any(cast, today):
    headers = ["Worker ID", "Village"]
    with cast.acting("ines") as by:
        rows = [["AZ-001", "Here"], ["ZZ-999", "Here"]]
        batch = check(opened(cast, by, workbook(rows, headers)), by=by, today=today)
        assert codes(batch) == {2: ["no_name"], 3: ["no_name"]}


def test_a_recruiter_names_only_its_own_organisation(cast, today):
    headers = ["Worker ID", "Family name", "Recruiter"]
    rows = [["N-1", "A", "Island Hands"], ["N-2", "B", "Reef Recruiting"], ["N-3", "C", "Nobody Ltd"]]
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by, workbook(rows, headers)), by=by, today=today)
        assert codes(batch) == {2: [], 3: ["not_your_organisation"], 4: ["not_your_organisation"]}
    with cast.acting("ines") as by:
        batch = check(opened(cast, by, workbook(rows, headers)), by=by, today=today)
        assert codes(batch) == {2: [], 3: [], 4: ["unknown_recruiter"]}
        commit(batch, by=by, today=today)
        assert Person.objects.get(worker_code="N-2").recruiter.slug == "reef-recruiting"


def test_a_passport_of_somebody_else_names_them_to_the_programme(cast, today):
    rows = [["NEW-5", "Any", "Name", "M", "", "Tonga", "PRR001", "Tonga", "", "", "", "", ""]]
    with cast.acting("ines") as by:
        batch = check(opened(cast, by, workbook(rows)), by=by, today=today)
        (problem,) = ImportRow.objects.get(batch=batch).problems
        assert (problem["code"], problem["cell"]) == ("passport_of_other", "G2")
        assert "RR-001" in problem["message"]


def test_the_same_person_by_two_keys_stands_once(cast, today):
    headers = ["Worker ID", "Passport number", "Passport country", "Village"]
    rows = [["IH-001", "", "", "A"], ["", "PIH001", "Tonga", "B"]]
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by, workbook(rows, headers)), by=by, today=today)
        assert codes(batch) == {2: [], 3: ["twice_person"]}


def test_a_file_that_cannot_be_read_says_why_and_keeps_no_row(cast, today):
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by, b"%PDF-1.7 not a sheet", name="../../x.xlsx"), by=by, today=today)
        assert batch.state == "refused"
        assert "PDF" in batch.trouble
        assert batch.file_name == "x.xlsx"
        with pytest.raises(NotCommitted):
            commit(batch, by=by, today=today)


MOVE_HEADERS = ["Worker ID", "Step", "Date", "Known on", "Reason", "Note"]


@pytest.mark.parametrize("block", [1, 20_000])
def test_a_sheet_of_moves_takes_everybody_along_row_after_row(cast, today, monkeypatch, block):
    monkeypatch.setattr(staging, "BLOCK", block)
    rows = [
        ["IH-004", "Interviewed", "2026-02-10", "", "", ""],
        ["IH-004", "Shortlisted", "2026-02-01", "", "", ""],
        ["IH-005", "Shortlisted", "2026-02-01", "2026-02-03", "", "called twice"],
        ["IH-005", "Working", "2026-02-20", "", "", ""],
        ["IH-003", "Departed", "2026-06-01", "", "", ""],
        ["RR-001", "Shortlisted", "2026-02-01", "", "", ""],
        ["XX-001", "Shortlisted", "2026-02-01", "", "", ""],
        ["IH-001", "Disengaged", "2026-06-01", "", "", ""],
    ]
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by, workbook(rows, MOVE_HEADERS), kind="moves"), by=by, today=today)
        assert codes(batch) == {
            2: [], 3: [], 4: [], 5: ["no_move"], 6: ["not_your_step"], 7: ["no_placement"], 8: ["no_placement"],
            9: ["not_your_step"],
        }  # fmt: skip
        rival, nobody = (ImportRow.objects.get(batch=batch, row_number=n).problems[0]["message"] for n in (7, 8))
        assert rival.replace("RR-001", "XX-001") == nobody
        assert cast.placement("IH-004").state.step == "nominated"
        assert commit(batch, by=by, today=today).new == 3
    placement = cast.placement("IH-004")
    assert placement.state.step == "interviewed"
    with cast.acting("ines") as by:
        event = cast.placement("IH-005").events.get(to_step="shortlisted")
        assert (str(event.happened_on), str(event.known_on), event.note) == ("2026-02-01", "2026-02-03", "called twice")
    with cast.acting("sefo") as by:
        again = check(opened(cast, by, workbook(rows, MOVE_HEADERS), kind="moves"), by=by, today=today)
        assert [verdicts(again)[n] for n in (2, 3, 4)] == ["same", "same", "same"]


def test_guards_of_the_journey_refuse_a_row_in_their_own_words(cast, today):
    rows = [["IH-003", "Departed", "2025-12-01", "", "", ""], ["IH-001", "Disengaged", "2026-06-01", "", "", ""]]
    with cast.acting("ines") as by:
        batch = check(opened(cast, by, workbook(rows, MOVE_HEADERS), kind="moves"), by=by, today=today)
        first, second = (ImportRow.objects.get(batch=batch, row_number=n).problems[0] for n in (2, 3))
        assert (first["cell"], first["message"]) == ("C2", "The date lies before the last step of this placement.")
        assert (second["cell"], second["message"]) == ("E3", "This move needs a reason from its list.")


def test_a_row_is_told_everything_at_once_also_what_only_the_database_knows(cast, today):
    rows = [["NEW-5", "Any", "Name", "wombat", "", "Tonga", "", "", "", "", "NOWHERE", "", ""]]
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by, workbook(rows)), by=by, today=today)
        assert codes(batch) == {2: ["unknown_word", "unknown_cohort"]}
