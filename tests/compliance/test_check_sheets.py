"""Checks from a sheet: one answer per row, through the door of checks, kept apart from the programme."""

from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied

from compliance.models import Check, CheckAnswer, Finding, PrivateNote
from tests.workers.sheets.test_door import codes, opened, verdicts, workbook
from tests.workers.sheets.test_facts import cells, said
from workers.exports import door
from workers.exports.listings import LISTINGS
from workers.models import ImportBatch, ImportFile, ImportRow, Placement
from workers.sheets.door import check, commit, undo

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-07-01T10:00:00+00:00")
HEADERS = ["Worker ID", "Site", "Check", "Item", "Answer", "Date", "By", "Mode", "Private", "Evidence", "Note"]


def line(
    worker="IH-001",
    item="D01",
    answer="yes",
    site="",
    on="2026-05-05",
    mode="in person",
    private="yes",
    evidence="Payslip",
    note="",
):
    return [worker, site, "Round 3", item, answer, on, "Rosa", mode, private, evidence, note]


def sent(cast, by, today, *rows):
    return check(opened(cast, by, workbook(rows, HEADERS), kind="checks"), by=by, today=today)


def test_rows_of_one_contact_are_one_check_with_its_answers(cast, today):
    with cast.acting("rosa") as by:
        batch = sent(
            cast,
            by,
            today,
            line(),
            line(item="D02", note="He was afraid and in pain"),
            line("IH-002", evidence="", private="no"),
        )
        assert codes(batch) == {2: [], 3: [], 4: []}
        assert "no_evidence" in {w["code"] for w in ImportRow.objects.get(batch=batch, row_number=4).warnings}
        assert commit(batch, by=by, today=today).new == 3
        (contact,) = Check.objects.filter(placement__person__worker_code="IH-001")
        assert (contact.stage, contact.mode, contact.private, contact.answers.count()) == (
            "employment",
            "in person",
            True,
            2,
        )
        assert PrivateNote.objects.filter(check_record=contact, item="D02", text__contains="afraid").exists()
        assert PrivateNote.objects.filter(check_record=contact, item="", text__contains="Rosa").exists()
        assert CheckAnswer.objects.get(placement__person__worker_code="IH-002").answer == "not verified"
        again = sent(cast, by, today, line(), line(item="D02", answer="no"))
        assert verdicts(again)[2] == "same"
        assert cells(again) == {3: {"answered_otherwise": "E3"}}


def test_every_refusal_has_its_cell_and_a_whole_sentence(cast, today):
    with cast.acting("rosa") as by:
        batch = sent(
            cast, by, today, line("XX-9"), line("AZ-001"), line("", site="Nowhere"), line(item="D29"), line(item="Z01"),
            line(on="2023-01-05"), line(mode="group", private="no", evidence=""), line("", site=""), line(item="D02", answer="perhaps"),
        )  # fmt: skip
        assert cells(batch) == {
            2: {"nobody": "A2"}, 3: {"nobody": "A3"}, 4: {"unknown_site": "B4", "site_private": "I4"},
            5: {"unknown_item": "D5"}, 6: {"unknown_word": "D6"}, 7: {"too_old": "F7"}, 8: {"answer": "E8"},
            9: {"no_key": "A9"}, 10: {"unknown_word": "E10"},
        }  # fmt: skip
        assert all(words and "{" not in words for words in said(batch))


def test_what_few_may_read_is_not_taken_from_a_sheet_and_leaves_no_trace(cast, today):
    from compliance.catalogue.reader import catalogue

    with cast.acting("rosa") as by:
        for item in [i for i in catalogue().items if i.restricted]:
            batch = sent(cast, by, today, line(item=item.code, note="what was told"))
            assert codes(batch) == {2: ["kept_apart"]}
            assert "told" not in str(ImportRow.objects.filter(batch=batch).values())


def test_a_row_for_a_site_counts_for_everybody_who_worked_there_on_the_day(cast, today):
    with cast.acting("rosa") as by:
        site = Placement.objects.get(person__worker_code="IH-001").site.name
        batch = sent(
            cast,
            by,
            today,
            line("", site=site, item="D09", mode="document", private="no"),
            line("IH-002", item="D09", mode="document", private="no", answer="not verified"),
        )
        assert codes(batch) == {2: [], 3: []}
        commit(batch, by=by, today=today)
        assert set(Check.objects.values_list("placement__person__worker_code", flat=True)) == {"IH-001", "IH-002"}
        assert CheckAnswer.objects.get(placement__person__worker_code="IH-002").answer == "not verified"
        early = sent(cast, by, today, line("", site=site, item="D09", mode="document", private="no", on="2025-12-01"))
        assert cells(early) == {2: {"nobody_there": "B2"}}


def test_a_sheet_of_checks_is_taken_back_unless_a_finding_followed(cast, today):
    with cast.acting("rosa") as by:
        batch = sent(cast, by, today, line(), line("IH-002", answer="no"))
        commit(batch, by=by, today=today)
        assert Finding.objects.filter(placement__person__worker_code="IH-002").count() == 1
        done = undo(batch, by=by, reason="wrong file")
        assert (done.undone, [row["worker"] for row in done.kept]) == (1, ["IH-002"])
        assert list(Check.objects.values_list("placement__person__worker_code", flat=True)) == ["IH-002"]


def test_programme_officers_neither_send_nor_read_a_sheet_of_checks(cast, sign_in, today):
    for name in ("ines", "sefo", "omar"):
        with cast.acting(name) as by, pytest.raises(PermissionDenied):
            opened(cast, by, kind="checks")
    with cast.acting("lena") as by:  # of the programme's own organisation
        batch = sent(cast, by, today, line(note="said alone"))
    with cast.acting("ines"):
        for model in (ImportBatch, ImportFile, ImportRow):
            assert not model.objects.exists()
    assert sign_in("ines").get(f"/imports/{batch.pk}/").status_code == 404
    assert sign_in("lena").get(f"/imports/{batch.pk}/").status_code == 200


def test_answers_that_are_downloaded_and_sent_back_are_the_same(cast, today):
    with cast.acting("rosa") as by:
        batch = sent(cast, by, today, line(), line(item="D02", answer="no"), line("IH-002", evidence="", private="no"))
        commit(batch, by=by, today=today)
        recorded = CheckAnswer.objects.filter(restricted=False).count()
        for form in ("xlsx", "csv"):
            export = door.ask(LISTINGS["checks"], {}, form, by=by, pilot_id=None)
            content = door.at_once(export, by=by, at=NOW, today=today)
            back = check(opened(cast, by, content, kind="checks", name=f"list.{form}"), by=by, today=today)
            assert set(verdicts(back).values()) == {"same"}, codes(back)
            assert len(verdicts(back)) == export.row_count == recorded
    with cast.acting("ines") as by, pytest.raises(PermissionDenied):
        door.ask(LISTINGS["checks"], {}, "csv", by=by, pilot_id=None)
