"""Jobs: asked twice is once, a worker that lost its lease leaves nothing, and nothing waits for ever.

Most of these play with real commits: leases and fences are about what other connections see.
"""

import threading
import time

import pytest
from celery import Celery, current_app
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from kombu.exceptions import OperationalError

from accounts import jobs, members
from accounts.models import Job, Membership, User
from accounts.scope import acting_as, operator_scope
from lamp_portal import tasks
from pilots.models import Corridor
from tests.accounts.working import now, sql
from tests.cast import load
from tests.conftest import as_owner


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """The cast, with real commits; what a test leaves behind is taken away by the owner."""
    with django_db_blocker.unblock():
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("select coalesce(max(id), 0) from accounts_history")
            (before,) = cursor.fetchone()
        yield load()
        with acting_as(None):
            Membership.objects.update(ended_at=None)
        take_away("accounts_job", "true")
        take_away("pilots_corridor", "sector = 'left behind'")
        take_away("accounts_auditevent", "true")
        take_away("accounts_history", f"id > {before}")


def take_away(table: str, which: str) -> None:
    """Delete rows as the owner, whom row security binds too as long as it is forced."""
    with as_owner(), connection.cursor() as cursor:
        forced = table != "accounts_history"
        if forced:
            cursor.execute(f"alter table {table} no force row level security")
        cursor.execute(f"delete from {table} where {which}")
        if forced:
            cursor.execute(f"alter table {table} force row level security")


@pytest.fixture
def ask(committed, sent):
    """Ask for a job as ines."""

    def _ask(key: str = "k1", kind: str = "compile_report", **params) -> Job:
        with committed.acting("ines") as by:
            return jobs.ask(kind, key=key, by=by, **params)

    return _ask


def lapse(job: Job) -> None:
    """Its worker was not heard of for long."""
    sql("update accounts_job set lease_until = clock_timestamp() - interval '1 second' where id = %s", job.pk)


def handle(monkeypatch, handler) -> None:
    monkeypatch.setitem(tasks.JOB_KINDS, "compile_report", handler)


def corridors(prefix: str) -> list[str]:
    with acting_as(operator_scope()):
        return list(Corridor.objects.filter(name__startswith=prefix).values_list("name", flat=True))


def test_every_kind_of_job_has_words():
    assert set(tasks.JOB_KINDS) == set(jobs.LABELS)


def test_messages_leave_for_the_portals_own_broker_from_every_process():
    assert current_app.main == "lamp_portal"
    assert current_app.conf.broker_url == settings.CELERY_BROKER_URL


def test_asked_twice_is_once(ask, sent):
    first, second = ask(), ask()
    assert first.pk == second.pk
    assert sent == [first.pk]


def test_asked_in_a_transaction_that_fails_is_not_asked(committed, sent):
    with committed.acting("ines") as by:
        jobs.ask("compile_report", key="lost", by=by)
        transaction.set_rollback(True)
    assert sent == []
    with acting_as(operator_scope()):
        assert not Job.objects.filter(key="lost").exists()


def test_a_job_is_done_once_however_often_the_message_comes(ask, monkeypatch):
    runs = []
    handle(monkeypatch, lambda work: runs.append(work.job.pk) or {"words": "Done."})
    job = ask()
    for _n in range(3):
        tasks.run_job(job.pk)
    assert runs == [job.pk]
    assert (now(job).state, now(job).result) == ("done", {"words": "Done."})
    tasks.run_job(job.pk + 1000)  # a message for a job that never was


def test_two_workers_at_the_same_instant_do_it_once(ask, monkeypatch):
    runs = []
    handle(monkeypatch, lambda work: runs.append(threading.get_ident()) or {})
    job = ask()
    start = threading.Barrier(4)

    def worker():
        start.wait()
        try:
            tasks.run_job(job.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 1


def test_a_superseded_attempt_leaves_nothing(ask, monkeypatch):
    job = ask()

    def slow(work):
        with acting_as(operator_scope()):
            Corridor.objects.create(
                name=f"left by {work.job.attempt}", origin="TO", destination="NZ", sector="left behind"
            )
        if work.job.attempt == 1:  # stands still past its lease; another worker takes over and finishes
            other = threading.Thread(target=_take_over, args=(job,))
            other.start()
            other.join()
        return {"words": f"attempt {work.job.attempt}"}

    def _take_over(job):
        try:
            lapse(job)
            tasks.run_job(job.pk)
        finally:
            connection.close()

    handle(monkeypatch, slow)
    tasks.run_job(job.pk)
    assert corridors("left by") == ["left by 2"]
    assert now(job).result == {"words": "attempt 2"}
    assert now(job).attempt == 2


def test_a_job_that_raises_is_tried_three_times_and_given_up_in_words(ask, sent, monkeypatch, caplog):
    tries = []

    def broken(work):
        tries.append(work.job.attempt)
        note_inside = Corridor.objects.count()
        raise ValueError(note_inside)

    handle(monkeypatch, broken)
    job = ask()
    tasks.run_job(job.pk)
    for _n in range(5):
        again, _given_up = jobs.sweep()
        if again:
            tasks.run_job(job.pk)
    assert tries == [1, 2, 3]
    after = now(job)
    assert after.state == "failed"
    assert "three times" in after.trouble
    assert "ValueError" not in after.trouble
    assert after.finished_at is not None


def test_a_dead_workers_job_is_sent_again_by_the_sweep(ask, sent):
    job = ask()
    assert jobs.take(job.pk).attempt == 1
    assert jobs.take(job.pk) is None, "its worker is alive"
    assert jobs.sweep() == (0, 0)
    lapse(job)
    assert jobs.sweep() == (1, 0)
    assert sent == [job.pk, job.pk]
    assert jobs.take(job.pk).attempt == 2


def test_a_broker_away_at_commit_loses_nothing(committed, monkeypatch):
    def away(*_args, **_options):
        raise ConnectionError

    monkeypatch.setattr(current_app, "send_task", away)
    with committed.acting("ines") as by:
        job = jobs.ask("compile_report", key="k", by=by)
    assert now(job).state == "waiting", "the row stays although nobody was told"
    sql("update accounts_job set asked_at = clock_timestamp() - interval '30 seconds' where id = %s", job.pk)
    told = []
    monkeypatch.setattr(current_app, "send_task", lambda _name, args, retry: told.append(args[0]))
    assert jobs.sweep() == (1, 0)
    assert told == [job.pk]
    assert jobs.sweep() == (0, 0), "told a moment ago"


def test_nobody_waits_long_for_a_broker_that_is_away(committed):
    lost = Celery("lost", broker="redis+socket:///nowhere/valkey.sock?virtual_host=3", set_as_current=False)
    lost.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    start = time.monotonic()
    with pytest.raises(OperationalError):
        lost.send_task(jobs.TASK, args=[1], retry=False)
    assert time.monotonic() - start < 10  # without limits it would try for ever


def test_the_heartbeat_shows_progress_and_renews_the_lease_while_the_work_is_open(ask, monkeypatch):
    job = ask()
    seen = {}

    def working(work):
        work.progress.say("Counting placements", done=3, total=10)
        time.sleep(2.2)
        reader = threading.Thread(target=_look)
        reader.start()
        reader.join()
        return {}

    def _look():
        try:
            seen.update(vars(now(job)))
        finally:
            connection.close()

    handle(monkeypatch, working)
    tasks.run_job(job.pk)
    assert (seen["progress_words"], seen["progress_done"], seen["progress_total"]) == ("Counting placements", 3, 10)
    assert seen["state"] == "running"
    assert now(job).progress_total == 10


def test_a_failure_in_words_is_final_and_leaves_nothing(ask, monkeypatch):
    def refuses(work):
        with acting_as(operator_scope()):
            Corridor.objects.create(name="half done", origin="TO", destination="NZ", sector="left behind")
        raise jobs.Failure("The file has no rows.")

    handle(monkeypatch, refuses)
    job = ask()
    tasks.run_job(job.pk)
    assert (now(job).state, now(job).trouble) == ("failed", "The file has no rows.")
    assert corridors("half done") == []
    assert jobs.sweep() == (0, 0)


def test_rights_are_read_again_when_the_work_begins(ask, committed, monkeypatch):
    runs = []
    handle(monkeypatch, lambda work: runs.append(1) or {})
    job = ask()
    with committed.acting("mara") as by:
        members.end(Membership.objects.get(user=committed.user("ines")), by=by, at=timezone.now())
    tasks.run_job(job.pk)
    assert runs == []
    assert "no longer a member" in now(job).trouble


def test_the_work_runs_with_its_askers_rights(ask, committed, monkeypatch):
    seen = {}

    def looks(work):
        from workers.models import Placement

        seen["role"] = work.scope.db_role
        seen["codes"] = sorted(Placement.objects.values_list("person__worker_code", flat=True))
        return {}

    handle(monkeypatch, looks)
    with committed.acting("sefo") as by:
        job = jobs.ask("compile_report", key="sefo", by=by)
    tasks.run_job(job.pk)
    assert seen["role"] == "lamp_recruiter"
    assert {code[:2] for code in seen["codes"]} == {"IH"}


def test_the_work_speaks_its_askers_language_and_counts_days_as_their_calendar_does(ask, monkeypatch):
    job, seen = ask(), {}
    with acting_as(None):
        User.objects.filter(pk=job.user_id).update(language="fr", time_zone="Pacific/Auckland")

    def looks(work):
        seen["said"], seen["zone"] = translation.get_language(), timezone.get_current_timezone_name()
        raise jobs.Failure("no")

    handle(monkeypatch, looks)
    try:
        tasks.run_job(job.pk)
    finally:
        with acting_as(None):
            User.objects.filter(pk=job.user_id).update(language="en", time_zone="UTC")
    assert seen == {"said": "fr", "zone": "Pacific/Auckland"}
    assert (translation.get_language(), timezone.get_current_timezone_name()) == ("en", "UTC")


def test_asking_again_starts_a_new_round_and_a_worker_of_the_old_one_stays_fenced(ask, sent, monkeypatch):
    job = ask()
    stale = jobs.take(job.pk)
    lapse(job)
    jobs.take(job.pk)
    lapse(job)
    jobs.take(job.pk)
    lapse(job)
    assert jobs.sweep() == (0, 1)
    jobs.ask_again(now(job))
    assert sent[-1] == job.pk
    taken = jobs.take(job.pk)
    assert taken.attempt == 4
    jobs.fail(stale, "the old worker wakes up")
    assert now(job).state == "running"
    with pytest.raises(jobs.Superseded):
        jobs.run(stale, _scope(job), lambda work: {"words": "old"})
    jobs.run(taken, _scope(job), lambda work: {"words": "new"})
    assert now(job).result == {"words": "new"}


def _scope(job: Job):
    from pilots.access import scope_of

    with acting_as(None):
        return scope_of(job.user_id, job.organisation_id, request="job")


def test_asking_again_for_a_job_that_is_not_failed_changes_nothing(ask, sent):
    job = ask()
    jobs.ask_again(job)
    assert sent == [job.pk]
    assert now(job).attempt == 0
