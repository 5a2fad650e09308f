"""The door of spreadsheets, end to end: file in, rows judged, persons recorded."""

import io

import pytest
import xlsxwriter

from workers.models import Consent, IdentityDocument, ImportRow, Person, Placement
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
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
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
        commit(check(opened(cast, by), by=by, today=today), by=by, today=today)
        again = check(opened(cast, by), by=by, today=today)
        assert set(verdicts(again).values()) == {"same"}
        with pytest.raises(NotCommitted, match="already"):
            commit(again, by=by, today=today)
        assert Person.objects.filter(worker_code__startswith="NEW-").count() == 2
