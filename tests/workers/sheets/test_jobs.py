"""A long sheet as a job, with real transactions; and what is left when a statement fails half-way."""

import pytest
from django.db import DatabaseError, connection

from accounts import jobs
from accounts.models import Job
from accounts.scope import acting_as
from tests.workers.sheets.test_door import ROWS, opened, workbook
from workers.models import IdentityDocument, ImportBatch, Person
from workers.sheets import committing
from workers.sheets.door import check, check_job, commit, commit_job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _quiet(monkeypatch):
    monkeypatch.setattr(jobs, "send", lambda job_id: None)


def run(job, scope, handler):
    """What a worker does with a job."""
    taken = jobs.take(job.pk)
    assert taken is not None
    jobs.run(taken, scope, handler)
    with acting_as(scope):
        return Job.objects.get(pk=job.pk)


@pytest.mark.usefixtures("_quiet")
def test_a_sheet_is_read_and_recorded_by_jobs(cast):
    with cast.acting("sefo") as by:
        batch = opened(cast, by)
        first = jobs.ask("check_sheet", key=f"{batch.pk}", by=by, pilot_id=batch.pilot_id, batch=batch.pk)
    done = run(first, by, check_job)
    assert (done.state, done.result["url"]) == ("done", f"/imports/{batch.pk}/")
    with cast.acting("sefo") as by:
        assert ImportBatch.objects.get(pk=batch.pk).state == "checked"
        asked = {"by": by, "pilot_id": batch.pilot_id, "batch": batch.pk, "only_accepted": True}
        second = jobs.ask("commit_sheet", key=f"{batch.pk}", **asked)
        third = jobs.ask("commit_sheet", key=f"{batch.pk} again", **asked)
    assert run(second, by, commit_job).state == "done"
    late = run(third, by, commit_job)
    assert (late.state, late.trouble) == ("failed", "This sheet is already recorded.")
    with cast.acting("sefo"):
        assert Person.objects.filter(worker_code__startswith="NEW-").count() == 2


def test_a_statement_that_fails_half_way_leaves_nothing(cast, today, monkeypatch):
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by), by=by, today=today)
    broken = (*committing.NEW_PARTS[:-1], "select 1 / 0")
    monkeypatch.setattr(committing, "NEW_PARTS", broken)
    with pytest.raises(DatabaseError), cast.acting("sefo") as by:
        commit(batch, by=by, today=today)
    monkeypatch.undo()
    with cast.acting("sefo") as by:
        assert not Person.objects.filter(worker_code__startswith="NEW-").exists()
        assert not IdentityDocument.objects.filter(number="T900001").exists()
        assert ImportBatch.objects.get(pk=batch.pk).state == "checked"
        assert commit(batch, by=by, today=today).new == 2


def test_two_people_at_once_record_a_person_once(cast, today):
    from threading import Thread

    with cast.acting("sefo") as by:
        batches = [
            check(opened(cast, by, workbook([ROWS[1][:3] + [sex] + ROWS[1][4:]])), by=by, today=today) for sex in "FM"
        ]
    outcomes = []

    def record(batch):
        try:
            with acting_as(by):
                outcomes.append(commit(batch, by=by, today=today))
        finally:
            connection.close()

    threads = [Thread(target=record, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((done.new, done.conflict) for done in outcomes) == [(0, 1), (1, 0)]
    with cast.acting("sefo"):
        assert Person.objects.filter(worker_code="NEW-2").count() == 1
