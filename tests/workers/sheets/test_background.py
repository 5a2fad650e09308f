"""What reads every row of a long sheet goes to a worker: taking back, looking first, the next part, handing over."""

import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import jobs
from accounts.models import Job
from accounts.scope import acting_as
from lamp_portal.tasks import JOB_KINDS
from tests.workers.sheets.test_door import opened, workbook
from workers.models import ImportBatch, Person, WithheldText
from workers.sheets import handling
from workers.sheets.door import check, commit

pytestmark = pytest.mark.django_db(transaction=True)
HEADERS = ["Worker ID", "Family name", "Date of birth", "Passport number", "Comment"]


@pytest.fixture(autouse=True)
def _long(monkeypatch):
    """Three rows are a long sheet; nobody takes a job but the test."""
    monkeypatch.setattr(handling, "INLINE_ROWS", 2)
    monkeypatch.setattr(jobs, "send", lambda job_id: None)


def recorded(cast, today, bad="31.31.1990", kind="workers"):
    rows = [["L-1", "One", "1990-01-02", "", ""], ["L-2", "Two", "1990-01-03", "", ""], ["L-3", "Three", bad, "", ""]]
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by, workbook(rows, HEADERS), kind=kind), by=by, today=today)
        commit(batch, by=by, today=today)
    return batch


def work(cast, kind):
    with cast.acting("sefo") as by:
        job = Job.objects.filter(kind=kind).latest("pk")
    jobs.run(jobs.take(job.pk), by, JOB_KINDS[kind])
    with acting_as(by):
        return Job.objects.get(pk=job.pk)


def test_a_long_sheet_is_looked_at_and_taken_back_by_a_worker(cast, sign_in, today):
    batch, sefo = recorded(cast, today), sign_in("sefo")
    page, undo = reverse("workers:import", args=[batch.pk]), reverse("workers:import_undoings", args=[batch.pk])
    assert sefo.post(undo, {"look": "1"}).status_code == 303
    assert "Taking a spreadsheet back" in sefo.get(page).content.decode()
    assert work(cast, "undo_sheet").state == "done"
    assert "2 rows would be taken back" in sefo.get(page).content.decode()
    with cast.acting("sefo"):
        assert ImportBatch.objects.get(pk=batch.pk).state == "committed"
        Job.objects.filter(kind="undo_sheet").exists()
    # Without a reason nothing is left to a worker.
    assert sefo.post(undo, {"reason": " "}).status_code == 422
    with cast.acting("sefo"):
        assert Person.objects.filter(worker_code__startswith="L-").count() == 2
        assert Job.objects.filter(kind="undo_sheet").count() == 1


def test_taking_a_long_sheet_back_is_a_job_and_refused_in_words_the_second_time(cast, sign_in, today, monkeypatch):
    batch, sefo = recorded(cast, today), sign_in("sefo")
    undo = reverse("workers:import_undoings", args=[batch.pk])
    assert sefo.post(undo, {"reason": "the wrong list"}).status_code == 303
    assert work(cast, "undo_sheet").state == "done"
    with cast.acting("sefo"):
        found = ImportBatch.objects.get(pk=batch.pk)
        assert (found.state, found.undone_reason) == ("undone", "the wrong list")
        assert not Person.objects.filter(worker_code__startswith="L-").exists()
    assert sefo.post(undo, {"reason": "again"}).status_code == 422


def test_the_next_part_of_a_long_sheet_is_made_by_a_worker_once(cast, sign_in, today):
    batch, sefo = recorded(cast, today), sign_in("sefo")
    rest = reverse("workers:import_rest", args=[batch.pk])
    assert sefo.post(rest)["Location"] == reverse("workers:import", args=[batch.pk])
    done = work(cast, "rest_of_sheet")
    with cast.acting("sefo"):
        part = ImportBatch.objects.get(part_of=batch)
        assert (done.state, done.result["url"], part.summary["counts"]["rows"]) == ("done", f"/imports/{part.pk}/", 1)
    assert sefo.post(rest)["Location"] == reverse("workers:import", args=[part.pk])


def test_the_file_of_the_rows_to_mend_of_a_long_sheet_is_made_by_a_worker_and_is_that_of_the_sheet_as_it_stands(
    cast, sign_in, today
):
    batch, sefo = recorded(cast, today), sign_in("sefo")
    page, address = (reverse(f"workers:{name}", args=[batch.pk]) for name in ("import", "import_remainder"))
    assert sefo.get(address)["Location"] == page
    assert "Make a file of the rows to mend" in sefo.get(page).content.decode()
    assert sefo.post(address).status_code == 303
    assert work(cast, "rest_as_file").state == "done"
    shown = sefo.get(page).content.decode()
    assert ("Download the rows to mend" in shown, "Make a file of the rows" in shown) == (True, False)
    book = openpyxl.load_workbook(io.BytesIO(sefo.get(address).content))
    assert [row[0].value for row in book.worksheets[0].iter_rows(min_row=2)] == ["L-3"]
    with cast.acting("sefo"):
        ImportBatch.objects.filter(pk=batch.pk).update(committed_at=timezone.now())
    assert sefo.get(address).status_code == 303
    for name in ("tavi", "ines"):
        assert sign_in(name).post(address).status_code == 404
        assert sign_in(name).get(address).status_code == 404


def test_comments_of_a_long_sheet_are_handed_over_by_a_worker(cast, sign_in, today):
    headers = ["Worker ID", "Step", "Date", "Note"]
    rows = [["IH-004", "shortlisted", "2026-06-01", "pregnant, told the nurse"], ["IH-005", "shortlisted", "2026-06-01", ""],
            ["IH-005", "shortlisted", "2026-06-02", ""]]  # fmt: skip
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by, workbook(rows, headers), kind="moves"), by=by, today=today)
        assert batch.summary["withheld"]
    sefo = sign_in("sefo")
    assert sefo.post(reverse("workers:import_hand_over", args=[batch.pk])).status_code == 303
    assert work(cast, "hand_over_sheet").state == "done"
    with cast.acting("lena"):
        assert [text.text for text in WithheldText.objects.all()] == ["pregnant, told the nurse"]


def test_a_rival_asks_no_worker_about_a_sheet(cast, sign_in, today):
    batch = recorded(cast, today)
    for name, code in (("tavi", 404), ("ines", 403)):
        client = sign_in(name)
        for address in ("import_rest", "import_hand_over"):
            assert client.post(reverse(f"workers:{address}", args=[batch.pk])).status_code == code
        assert client.post(reverse("workers:import_undoings", args=[batch.pk]), {"reason": "x"}).status_code == code
    with cast.acting("ines"):
        assert not Job.objects.filter(kind__in=("undo_sheet", "rest_of_sheet", "hand_over_sheet")).exists()


def test_an_answer_given_while_a_check_begins_is_used_and_not_overwritten_by_older_ones(cast, today, monkeypatch):
    from workers.sheets import door

    with cast.acting("sefo") as by:
        batch = opened(cast, by, workbook([["L-9", "Nine", "03/04/1990", "", ""]], HEADERS))
        stale = ImportBatch.objects.select_related("pilot__corridor").get(pk=batch.pk)
        ImportBatch.objects.filter(pk=batch.pk).update(options={"date_order": "dmy"})
        door.check(stale, by=by, today=today)
        found = ImportBatch.objects.get(pk=batch.pk)
        assert (found.options, found.summary["counts"]["new"]) == ({"date_order": "dmy"}, 1)
