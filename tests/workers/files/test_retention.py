"""What has been kept long enough goes, once and counted; hash, day and that it was seen stay."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from compliance.checking import Answered, record_check
from compliance.evidence import attach
from compliance.models import AnswerFile
from lamp_portal.deleting import EVERY_RULE
from pilots.models import Pilot
from tests.files import sent
from workers.files import storage
from workers.files.door import keep, look, withdraw
from workers.files.orphans import delete_orphans
from workers.files.records import KINDS
from workers.files.retention import delete_due
from workers.journey.door import move
from workers.models import ImportBatch, ImportFile, ImportRow, Placement, StoredFile
from workers.sheets import door as sheets

pytestmark = pytest.mark.django_db
RETURNED = date(2026, 6, 1)


def at(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


def run(day: date):
    return delete_due(EVERY_RULE, now=at(day))


def go_home(cast, code="IH-001", on=RETURNED):
    """Walk the placement home."""
    with cast.acting("ines") as by:
        placement = Placement.objects.filter(person__worker_code=code)
        for step in ("leave_country", "reach_home"):
            outcome = move(placement, step, by=by, at=on, today=on + timedelta(days=1))
            assert not outcome.refused, (step, outcome.refused)


def here(cast, row) -> bool:
    with cast.acting("lena"):
        fresh = type(row).objects.get(pk=row.pk)
    return fresh.bytes_deleted_at is None


def test_every_table_of_files_has_a_rule():
    assert {rule.model for rule in EVERY_RULE} == set(StoredFile.__subclasses__())


def test_nothing_goes_while_the_person_is_abroad(records, cast):
    assert sum(run(date(2040, 1, 1)).files.values()) == 0
    assert here(cast, records.document_file)


def test_a_copy_of_a_passport_goes_three_months_after_the_return(records, cast, folder, sign_in):
    go_home(cast)
    path = folder / records.document_file.stored_as
    assert run(date(2026, 9, 1)).files["documentfile"] == 0
    assert path.exists()
    done = run(date(2026, 9, 2))
    assert {kind: n for kind, n in done.files.items() if n} == {"documentfile": 1}
    assert not path.exists()
    assert run(date(2026, 9, 2)).files["documentfile"] == 0
    ines = sign_in("ines")
    assert ines.get(reverse("workers:document_file", args=[records.document_file.pk])).status_code == 404
    page = ines.get(reverse("workers:document_files", args=[records.document.pk])).content.decode()
    assert "Seen and kept" in page
    assert "Deleted" in page


def test_receipts_and_certificates_go_after_seven_years(records, cast):
    go_home(cast)
    done = run(date(2033, 6, 1))
    assert (done.files["costfile"], done.files["trainingfile"]) == (0, 0)
    done = run(date(2033, 6, 2))
    assert (done.files["costfile"], done.files["trainingfile"]) == (1, 1)


def test_evidence_of_answers_goes_after_two_years_and_what_was_told_in_confidence_by_a_person(cast, today):
    placement = cast.placement("IH-001")
    with cast.acting("rosa") as by:
        openly = record_check(placement.pk, "employment", {"D02": Answered("yes", shown_by="document")}, by=by,
                              done_on=date(2026, 5, 1), today=today)  # fmt: skip
        told = record_check(placement.pk, "employment", {"D11": Answered("yes", shown_by="worker alone")}, by=by,
                            done_on=date(2026, 5, 1), today=today, told=True)  # fmt: skip
        attach(openly.checks, {"D02": look(sent.photo())}, by=by)
        attach(told.checks, {"D11": look(sent.photo())}, by=by)
        one, other = AnswerFile.objects.order_by("restricted")
    assert (one.restricted, other.restricted) == (False, True)
    go_home(cast)
    assert run(date(2040, 1, 1)).files["answerfile"] == 1
    assert (here(cast, one), here(cast, other)) == (False, True)


def test_evidence_goes_two_years_after_the_return(cast, today):
    placement = cast.placement("IH-002")
    with cast.acting("rosa") as by:
        done = record_check(placement.pk, "employment", {"D02": Answered("yes", shown_by="document")}, by=by,
                            done_on=date(2026, 5, 1), today=today)  # fmt: skip
        attach(done.checks, {"D02": look(sent.photo())}, by=by)
        row = AnswerFile.objects.get()
    go_home(cast, "IH-002")
    assert run(date(2028, 6, 1)).files["answerfile"] == 0
    assert run(date(2028, 6, 2)).files["answerfile"] == 1
    assert not here(cast, row)


def test_a_withdrawn_file_goes_after_thirty_days(records, cast):
    with cast.acting("ines") as by:
        withdraw(records.cost_file, by=by, reason="of somebody else")
    today = timezone.now().date()
    assert run(today + timedelta(days=29)).files["costfile"] == 0
    assert run(today + timedelta(days=32)).files["costfile"] == 1


def test_bytes_that_are_gone_already_are_counted_as_gone(records, cast, folder):
    go_home(cast)
    (folder / records.document_file.stored_as).unlink()
    assert run(date(2027, 1, 1)).files["documentfile"] == 1


def test_bytes_that_cannot_be_deleted_are_tried_again(records, cast, monkeypatch):
    go_home(cast)

    def refuse(_self, _name):
        raise PermissionError("read-only file system")

    with monkeypatch.context() as broken:
        broken.setattr(storage.Folder, "delete", refuse)
        done = run(date(2027, 1, 1))
    assert (done.files["documentfile"], done.failed) == (0, 1)
    assert here(cast, records.document_file)
    assert run(date(2027, 1, 1)).files["documentfile"] == 1


def test_a_sheet_goes_after_ninety_days_and_its_counts_stay(cast, sign_in, today):
    with cast.acting("sefo") as by:
        pilot = Pilot.objects.get(slug="verde")
        body = "Worker ID,Family name,Given names\nIH-900,Canary,Sione\n"
        batch = sheets.open_batch(body.encode(), "workers.csv", "workers", pilot, by=by)
        sheets.check(batch, by=by, today=today)
        sheets.commit(batch, by=by, today=today)
        assert ImportRow.objects.filter(batch=batch).count() == 1
        sent_at = batch.uploaded_at
    assert delete_due((), now=sent_at + timedelta(days=89)).sheets == 0
    done = delete_due((), now=sent_at + timedelta(days=91))
    assert (done.sheets, done.rows) == (1, 1)
    assert delete_due((), now=sent_at + timedelta(days=91)).sheets == 0
    with cast.acting("sefo") as by:
        fresh = ImportBatch.objects.get(pk=batch.pk)
        assert not ImportFile.objects.filter(batch=fresh).exists()
        assert not ImportRow.objects.filter(batch=fresh).exists()
        assert fresh.summary["counts"]["rows"] == 1
        with pytest.raises(sheets.NotCommitted, match="90 days"):
            sheets.undo(fresh, by=by, reason="too late")
    sefo = sign_in("sefo")
    page = sefo.get(reverse("workers:import", args=[batch.pk])).content.decode()
    assert "The rows of this sheet were deleted" in page
    assert "Canary" not in page
    assert sefo.get(reverse("workers:import_remainder", args=[batch.pk])).status_code == 404


def test_the_command_says_how_much_went(records, cast):
    go_home(cast)
    out = StringIO()
    call_command("delete_due_files", "--on", "2027-01-01", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["files"]["documentfile"] == 1
    assert (told["failed"], told["orphans"]) == (0, 0)
    out = StringIO()
    call_command("delete_due_files", "--on", "2027-01-01", stdout=out)
    assert out.getvalue().startswith("0 files and 0 sheets")


def test_bytes_without_a_row_are_found_and_those_with_one_are_left(records, cast, folder):
    name = storage.put(b"left behind")
    now = timezone.now()
    assert delete_orphans(now=now) == 0
    assert delete_orphans(now=now + timedelta(days=2)) == 1
    assert not storage.store().exists(name)
    for code in ("document", "cost", "training"):
        assert storage.store().exists(getattr(records, f"{code}_file").stored_as)


def test_a_file_of_somebody_never_placed_goes_after_two_years(cast, folder):
    from workers.models import IdentityDocument, Person

    with cast.acting("sefo") as by:
        person = Person.objects.create(
            pilot=Pilot.objects.get(slug="verde"), worker_code="IH-777", given_names="Ana",
            recruiter_id=by.organisation_id,
        )  # fmt: skip
        paper = IdentityDocument.objects.create(
            person=person, pilot_id=person.pilot_id, recruiter_id=by.organisation_id, kind="passport", number="Z1",
            country="TO",
        )  # fmt: skip
        keep(KINDS["document"].files, sent.photo(), by=by, **KINDS["document"].owners(paper))
    today = timezone.now().date()
    assert run(today + timedelta(days=729)).files["documentfile"] == 0
    assert run(today + timedelta(days=733)).files["documentfile"] == 1
