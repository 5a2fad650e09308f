"""A list downloaded and sent back: unchanged rows are the same, edited ones changed, overtaken ones a conflict."""

import csv
import io
import unicodedata
from dataclasses import replace
from datetime import datetime
from unittest.mock import patch

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.roles import ROLES, Permission
from tests.workers.sheets.test_door import opened, verdicts, workbook
from workers.exports import door
from workers.exports.listings import LISTINGS, Asked
from workers.exports.of_kinds import code_of
from workers.exports.rows import first
from workers.models import CostItem, Export, ImportRow, Insurance, Person, PersonBackground, PersonContact
from workers.sheets import versions
from workers.sheets.door import check, commit
from workers.sheets.kinds import COLUMNS
from workers.sheets.parts import person_version

pytestmark = pytest.mark.django_db

# Two rows of every kind, as somebody would write them; the second leaves blank what may be blank.
SHEETS = {
    "workers": [
        {"Worker ID": "IH-901", "Family name": "Faleolo", "Given names": "'Ana =1+1", "Sex": "F", "Date of birth": "May 1994",
         "Nationality": "Tonga", "Passport number": "P5550001", "Passport country": "Tonga", "Passport expiry": "2031-02-28",
         "National ID": "0184466", "Phone": "+676 777 1234", "Email": "ana@example.org", "Village": "Kolovai \u2028 x",
         "Province": "Tongatapu", "Languages": "Tongan, English", "Marital status": "married", "Dependants": "3",
         "Home monthly income": "450.50", "Home income currency": "TOP", "Recruiter": "Island Hands", "Cohort": "V1",
         "Registered on": "2026-01-12", "Consent date": "2026-01-12", "Consent version": "02", "Consent language": "Tongan"},
        {"Worker ID": "IH-902", "Given names": "سيوني", "Date of birth": "1988"},
    ],
    "moves": [{"Worker ID": "IH-004", "Step": "shortlisted", "Date": "2026-06-01", "Note": "-5 = ok"}],
    "contracts": [
        {"Worker ID": "IH-001", "Version": "signed", "Signed on": "2026-01-20", "Language": "Tongan", "Employer": "Orchard Bay",
         "Site": "Orchard Bay main", "Occupation": "picker", "Start": "2026-02-20", "Planned end": "2026-09-20",
         "Hourly rate": "25.1234", "Currency": "NZD", "Guaranteed hours": "120", "Guarantee period": "4 weeks",
         "Overtime multiplier": "1.5", "Pay cycle": "weekly", "Weekly deductions": "165.50"},
        {"Worker ID": "IH-002", "Version": "offer", "Signed on": "2026-01-02"},
    ],
    "deductions": [
        {"Worker ID": "IH-001", "Item": "air fare", "Agreed total": "750", "Amount per period": "62.50", "Currency": "NZD",
         "From": "2026-03-02", "To": "2026-06-02", "Consent date": "2026-01-20", "Authority approval": "AB-7",
         "Withdrawn on": "2026-05-01"},
        {"Worker ID": "IH-002", "Item": "rent", "Currency": "NZD"},
    ],
    "pay": [
        {"Worker ID": "IH-001", "Period start": "2026-05-04", "Period end": "2026-05-10", "Pay due": "2026-05-12",
         "Paid on": "2026-05-13", "Hours offered": "40", "Hours worked": "38.5", "Overtime hours": "2.5", "Pieces": "12",
         "Rate": "25.1234", "Gross": "1000", "Tax": "100", "Pension": "30", "Deduction: rent": "140",
         "Deduction: air fare": "25.50", "Net": "704.50", "Currency": "NZD", "Paid to": "cash"},
        {"Worker ID": "IH-002", "Period start": "2026-05-04", "Period end": "2026-05-10", "Gross": "900", "Net": "900",
         "Currency": "NZD"},
    ],
    "costs": [
        {"Worker ID": "IH-001", "Item": "visa", "Amount": "120.00", "Currency": "NZD", "Date": "2026-01-05", "Paid by": "worker",
         "Paid to": "Embassy, =A1", "Receipt": "007", "Reimbursed amount": "20", "Reimbursed on": "2026-02-01",
         "Financed by": "savings", "Security": "land"},
        {"Worker ID": "IH-002", "Item": "passport", "Amount": "80.25", "Currency": "TOP", "Date": "2026-01-05",
         "Paid by": "recruiter"},
    ],
    "documents": [
        {"Worker ID": "IH-001", "Type": "visa", "Number": "V-0099", "Country": "New Zealand", "Issued": "2026-01-02",
         "Expires": "2027-01-02", "Status": "verified"},
        {"Worker ID": "IH-002", "Type": "medical", "Number": "0012", "Country": "TO"},
    ],
    "training": [
        {"Worker ID": "IH-001", "Course": "Safety", "Provider": "Red School", "Planned hours": "8", "Attended hours": "7.5",
         "Date": "2026-02-01", "Score": "81.25", "Passed": "yes", "Certificate": "C-1"},
        {"Worker ID": "IH-002", "Course": "Safety", "Date": "2026-02-01", "Passed": "no"},
    ],
    "housing": [
        {"Site": "Orchard Bay main", "Address": "Lane 1", "Room": "01", "Area m²": "18.5", "Beds": "4", "Occupants": "3",
         "Approved maximum": "4", "Weekly rent": "140", "Currency": "NZD", "Inspected on": "2026-03-01", "Building": "newer",
         "Own bathroom": "yes"},
        {"Site": "Orchard Bay main", "Room": "02", "Inspected on": "2026-03-01"},
    ],
    "exchange rates": [
        {"Month": "2026-03-01", "From": "NZD", "To": "TOP", "Rate": "1.41250001", "Source": "Central bank"},
        {"Month": "2026-04-01", "From": "NZD", "To": "TOP", "Rate": 1.412, "Source": "Central bank"},
    ],
    "debts": [
        {"Worker ID": "IH-001", "Kind": "loan", "Held by": "money-lender", "Amount": "900", "Currency": "TOP",
         "Monthly rate": 2.125, "Security": "land", "Taken on": "2026-01-02", "Cleared on": "2026-06-01"},
        {"Worker ID": "IH-002", "Kind": "bond", "Held by": "recruiter", "Amount": "100", "Currency": "TOP", "Taken on": "2026-01-02"},
    ],
    "insurance": [
        {"Worker ID": "IH-001", "Kind": "medical", "Insurer": "Sure", "Policy number": "0005", "Paid by": "employer",
         "Premium": "95", "Currency": "NZD", "Joined on": "2026-02-20", "Ends on": "2026-10-01", "Claim": "paid",
         "Claimed on": "2026-04-01", "Paid on": "2026-05-01"},
        {"Worker ID": "IH-002", "Kind": "medical", "Joined on": "2026-02-20"},
    ],
    "travel": [
        {"Worker ID": "IH-001", "Direction": "out", "Carrier": "NZ 971", "Departs": "2026-02-19", "Arrives": "2026-02-20",
         "Met by": "Rosa", "Paid by": "employer"},
        {"Worker ID": "IH-002", "Direction": "out", "Departs": "2026-02-19"},
    ],
    "stays": [
        {"Worker ID": "IH-001", "Site": "Orchard Bay main", "Room": "01", "From": "2026-03-02", "To": "2026-05-01"},
        {"Worker ID": "IH-001", "Site": "Orchard Bay main", "Room": "01", "From": "2026-05-02"},
    ],
    "licences": [
        {"Recruiter": "Island Hands", "Number": "L-77", "Authority": "Ministry", "Valid from": "2026-01-01",
         "Valid to": "2027-01-01", "Looked up on": "2026-02-01", "Withdrawn on": "2026-03-01"},
    ],
    "bans": [
        {"Worker ID": "IH-001", "Imposed by": "Orchard Bay", "Imposed on": "2026-03-01", "Reason": "Left early",
         "Ends on": "2027-03-01", "Appeal": "To the ministry within 30 days", "Lifted on": "2026-04-01"},
        {"Worker ID": "IH-002", "Imposed by": "Orchard Bay", "Imposed on": "2026-03-01"},
    ],
}  # fmt: skip
BEFORE = {"stays": ("housing",)}


def record(cast, by, today, kind):
    for earlier in BEFORE.get(kind, ()):
        record(cast, by, today, earlier)
    rows = SHEETS[kind]
    headers = list(dict.fromkeys(header for row in rows for header in row))
    content = workbook([[row.get(header, "") for header in headers] for row in rows], headers)
    batch = check(opened(cast, by, content, kind=kind), by=by, today=today)
    assert "refused" not in verdicts(batch).values(), [
        r.problems for r in ImportRow.objects.filter(batch=batch, verdict="refused")
    ]
    commit(batch, by=by, today=today)


def downloaded(cast, by, today, code, form, **given) -> tuple[bytes, Export]:
    given = {"pilot": str(cast.pilot("verde").pk)} | {k: str(v) for k, v in given.items()}
    listing = LISTINGS[code]
    plan = listing.plan(Asked(by, given, today))
    export = door.ask(listing, given, form, by=by, pilot_id=plan.pilot_id)
    return door.at_once(export, by=by, at=datetime.fromisoformat("2026-07-01T10:00:00+00:00"), today=today), export


def sent_back(cast, by, today, kind, content, form):
    return check(opened(cast, by, content, kind=kind, name=f"list.{form}"), by=by, today=today)


def told(batch):
    rows = ImportRow.objects.filter(batch=batch).exclude(verdict="same")
    return [(r.row_number, r.verdict, r.changes, [p["message"] for p in r.problems]) for r in rows]


def edited(content: bytes, change) -> bytes:
    """The workbook after ``change(sheet, {header: column})``."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    change(sheet, {cell.value: cell.column for cell in sheet[1]})
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def row_of(sheet, columns, code, header="Worker ID"):
    return next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, columns[header]).value == code)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", SHEETS)
def test_what_is_downloaded_and_sent_back_unchanged_is_all_the_same(cast, today, kind, form):
    with cast.acting("ines") as by:
        record(cast, by, today, kind)
        content, export = downloaded(cast, by, today, code_of(kind), form)
        batch = sent_back(cast, by, today, kind, content, form)
        assert told(batch) == []
        assert len(verdicts(batch)) == export.row_count >= len(SHEETS[kind])
        assert commit(batch, by=by, today=today).same == export.row_count


def test_every_kind_of_sheet_that_the_programme_reads_makes_the_round_trip():
    # Checks are kept apart from the programme: their round trip is tested with them, in tests/compliance.
    assert set(SHEETS) | {"checks", "surveys"} == set(COLUMNS)  # no list tells what one person answered


@pytest.mark.parametrize("kind", SHEETS)
def test_the_headers_of_a_download_are_those_of_the_kind_in_order_and_the_version_is_last(cast, today, kind):
    with cast.acting("ines") as by:
        plan = LISTINGS[code_of(kind)].plan(Asked(by, {}, today))
    own = [c.header for c in COLUMNS[kind].columns if not c.repeated]
    shown = [cell.header for cell in plan.cells if not cell.header.startswith("Deduction: ")]
    assert [h for h in own if h in shown] == shown
    assert shown[-1] == COLUMNS[kind].column(versions.KEY).header == "Row version"


def test_an_edited_row_is_changed_and_the_others_are_the_same(cast, today):
    with cast.acting("ines") as by:
        record(cast, by, today, "workers")
        content, _export = downloaded(cast, by, today, "workers", "xlsx")
        content = edited(content, lambda s, c: s.cell(row_of(s, c, "IH-901"), c["Village"], "Pea"))
        batch = sent_back(cast, by, today, "workers", content, "xlsx")
        ((_n, verdict, changes, _words),) = told(batch)
        assert (verdict, list(changes)) == ("changed", ["village"])
        assert commit(batch, by=by, today=today).changed == 1
        assert Person.objects.get(worker_code="IH-901").village == "Pea"


def test_a_person_changed_meanwhile_is_a_conflict_shown_beside_and_never_overwritten(cast, today):
    with cast.acting("ines") as by:
        record(cast, by, today, "workers")
        content, _export = downloaded(cast, by, today, "workers", "xlsx")
        PersonContact.objects.filter(person__worker_code="IH-901").update(phone="+676999")
        content = edited(content, lambda s, c: s.cell(row_of(s, c, "IH-901"), c["Village"], "Pea"))
        batch = sent_back(cast, by, today, "workers", content, "xlsx")
        ((number, verdict, changes, words),) = told(batch)
        assert verdict == "conflict"
        assert changes["phone"] == ["+676999", "+6767771234"]
        assert changes["village"][1] == "Pea"
        assert "changed after the list was downloaded" in words[0]
        done = commit(batch, by=by, today=today)
        assert (done.conflict, done.changed) == (1, 0)
        assert PersonContact.objects.get(person__worker_code="IH-901").phone == "+676999"
        assert ImportRow.objects.get(batch=batch, row_number=number).verdict == "conflict"


def test_a_record_changed_between_check_and_commit_is_a_conflict_too(cast, today):
    with cast.acting("ines") as by:
        record(cast, by, today, "insurance")
        content, _export = downloaded(cast, by, today, "insurance", "xlsx")
        content = edited(content, lambda s, c: s.cell(row_of(s, c, "IH-001"), c["Insurer"], "Other"))
        batch = sent_back(cast, by, today, "insurance", content, "xlsx")
        assert [verdict for _n, verdict, *_rest in told(batch)] == ["changed"]
        Insurance.objects.filter(placement__person__worker_code="IH-001").update(policy_number="0006")
        assert commit(batch, by=by, today=today).conflict == 1
        assert Insurance.objects.get(placement__person__worker_code="IH-001").insurer == "Sure"


def test_a_fact_whose_own_marks_were_edited_is_not_recorded_twice(cast, today):
    with cast.acting("ines") as by:
        record(cast, by, today, "costs")
        before = CostItem.objects.count()
        content, _export = downloaded(cast, by, today, "costs", "xlsx")
        content = edited(content, lambda s, c: s.cell(row_of(s, c, "IH-001"), c["Amount"], 150))
        batch = sent_back(cast, by, today, "costs", content, "xlsx")
        ((_n, verdict, _changes, words),) = told(batch)
        assert verdict == "refused"
        assert "Row version" in words[0]
        commit(batch, by=by, today=today)
        assert CostItem.objects.count() == before
        # Whoever means a new fact says so.
        content = edited(
            content, lambda s, c: s.cell(row_of(s, c, "IH-001"), c["Row version"]).__setattr__("value", None)
        )
        batch = sent_back(cast, by, today, "costs", content, "xlsx")
        assert [verdict for _n, verdict, *_rest in told(batch)] == ["new"]


def test_the_version_of_a_row_is_made_of_what_its_reader_sees(cast, today):
    """A hash of what somebody may not see could be guessed at, and would tell when it changes."""
    with cast.acting("ines"):
        person = Person.objects.get(worker_code="IH-001")
        parts = PersonContact.objects.filter(person=person), PersonBackground.objects.filter(person=person)
    for name, contact, home in (
        ("rosa", True, False),
        ("lena", True, False),
        ("omar", False, False),
        ("sefo", True, True),
    ):
        with cast.acting(name) as by:
            before = row_version(by, today, "IH-001")
        with cast.acting("ines"):
            parts[0].update(phone=f"+676{name}")
        with cast.acting(name) as by:
            then = row_version(by, today, "IH-001")
        with cast.acting("ines"):
            parts[1].update(marital_status=name)
        with cast.acting(name) as by:
            assert (then != before, row_version(by, today, "IH-001") != then) == (contact, home), name


def row_version(by, today, code):
    plan = LISTINGS["workers"].plan(Asked(by, {}, today))
    return next(row[-1] for row in first(plan, 100) if row[0] == code)


def test_a_role_without_the_verb_has_no_background_in_its_versions(cast):
    """The database role alone does not decide: what the list leaves out is in no version either."""
    with cast.acting("sefo") as by:
        assert "home_income" in person_version(by)
        role = replace(ROLES["recruiter"], permissions=ROLES["recruiter"].permissions - {Permission.BACKGROUND_VIEW})
        with patch.dict(ROLES, {"recruiter": role}):
            assert "home_income" not in person_version(by)


def test_a_version_that_the_portal_did_not_write_is_refused(cast, today):
    with cast.acting("ines") as by:
        record(cast, by, today, "costs")
        content, _export = downloaded(cast, by, today, "costs", "xlsx")
        content = edited(content, lambda s, c: s.cell(row_of(s, c, "IH-001"), c["Row version"], "version 3"))
        ((_n, verdict, _changes, words),) = told(sent_back(cast, by, today, "costs", content, "xlsx"))
        assert (verdict, "is not what the portal wrote" in words[0]) == ("refused", True)


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")) | st.sampled_from("=+-@'\",;"),
    max_size=30,
)


@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
@settings(max_examples=10)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_any_text_that_is_recorded_leaves_and_returns_as_it_is(cast, today, form, texts):
    with cast.acting("ines") as by:
        people = Person.objects.filter(worker_code__startswith="IH-").order_by("pk")[: len(texts)]
        for person, text in zip(people, texts, strict=False):
            # What the intake itself would have recorded of such a cell.
            Person.objects.filter(pk=person.pk).update(
                village=" ".join(unicodedata.normalize("NFC", text).split())[:120]
            )
        content, _export = downloaded(cast, by, today, "workers", form)
        recorded = dict(Person.objects.values_list("worker_code", "village"))
        batch = sent_back(cast, by, today, "workers", content, form)
        for row in ImportRow.objects.filter(batch=batch):
            assert row.clean.get("village", "") in ("", recorded[row.clean["worker_id"]])
            if row.verdict != "same":
                assert "village" not in row.changes


def test_a_csv_is_plain_data_with_every_text_quoted(cast, today):
    with cast.acting("ines") as by:
        record(cast, by, today, "costs")
        content, export = downloaded(cast, by, today, "costs", "csv")
    assert content.startswith(b'\xef\xbb\xbf"Worker ID",')
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) == export.row_count + 1
    assert '"Embassy, =A1"' in content.decode()
