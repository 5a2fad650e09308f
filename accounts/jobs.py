"""Jobs: ``ask`` for work in the transaction that needs it; a worker does it once, under the asker's rights.

PostgreSQL is the truth and the broker only a hint: the message carries the job's id, so a lost or doubled
message is harmless. A worker *takes* a lease; its attempt number fences every later write. A heartbeat thread
renews the lease and shows progress; ``sweep`` sends again what nobody took, hands on what a dead worker held, and
gives up after three attempts in words a person can act on.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Job
from accounts.scope import Scope, acting_as, operator_scope

log = logging.getLogger(__name__)
TASK = "lamp_portal.tasks.run_job"

# What each kind of work is called. The handlers stand in lamp_portal/tasks.py; a test holds the two together.
LABELS = {
    "compile_report": _lazy("Compiling a report"),
    "check_sheet": _lazy("Reading a spreadsheet"),
    "commit_sheet": _lazy("Recording a spreadsheet"),
    "undo_sheet": _lazy("Taking a spreadsheet back"),
    "rest_of_sheet": _lazy("Gathering the rows to mend"),
    "rest_as_file": _lazy("Making a file of the rows to mend"),
    "hand_over_sheet": _lazy("Handing comments over"),
    "evaluate_rights": _lazy("Applying the rights rules"),
    "make_export": _lazy("Making a file of a list"),
    "research_extract": _lazy("Making an extract for research"),
    "tell_asked": _lazy("Writing to an organisation that is asked for papers"),
}


class Superseded(Exception):
    """Another attempt holds the job now: this worker must leave without a trace."""


class Failure(Exception):
    """The work cannot be done, for a reason that the asker can read and act on. Not tried again."""


@dataclass
class Progress:
    """What a job's page shows while it runs; written by the heartbeat, in its own transaction."""

    done: int = 0
    total: int = 0
    words: str = ""

    def say(self, words: str, done: int | None = None, total: int | None = None) -> None:
        """Tell the reader what is being done now, and how far it is."""
        self.words = words
        self.done = self.done if done is None else done
        self.total = self.total if total is None else total


@dataclass
class Work:
    """What a handler gets: the job, the asker's scope and a progress to report to."""

    job: Job
    scope: Scope
    progress: Progress = field(default_factory=Progress)


Handler = Callable[[Work], dict]


def label(kind: str) -> str:
    """What this kind of work is called."""
    return str(LABELS.get(kind, kind))


def ask(kind: str, *, key: str, by: Scope, pilot_id: int | None = None, **params) -> Job:
    """The job of this kind and key, made now or made before; its message leaves after the commit.

    Call it inside the transaction of the act that needs the work. ``params`` are plain JSON values.
    """
    job, made = Job.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={
            "params": params, "organisation_id": by.organisation_id, "user_id": by.user_id,
            "role": by.role_code, "pilot_id": pilot_id,
        },
    )  # fmt: skip
    if made:
        transaction.on_commit(lambda: send(job.pk), robust=True)
    return job


def ask_again(job: Job) -> None:
    """A person asks for a failed job once more: it gets a new round of tries."""
    with acting_as(operator_scope()), connection.cursor() as cursor:
        # The number goes on, to the next round of tries: it is a fence, and a worker of long ago still holds its own.
        cursor.execute(
            "update accounts_job set state = 'waiting', finished_at = null, trouble = '', sent_at = null,"
            " attempt = ((attempt + %(round)s - 1) / %(round)s) * %(round)s where id = %(id)s and state = 'failed'",
            {"round": settings.JOB_ATTEMPTS, "id": job.pk},
        )
        changed = cursor.rowcount
    if changed:
        transaction.on_commit(lambda: send(job.pk), robust=True)


def send(job_id: int) -> None:
    """Tell the broker that a job waits. When the broker is away the sweep tells it later."""
    try:
        current_app.send_task(TASK, args=[job_id], retry=False)
    except Exception as error:  # noqa: BLE001 - any broker trouble is the sweep's to mend
        log.warning("job %s not sent yet: %s", job_id, type(error).__name__)


def take(job_id: int) -> Job | None:
    """Take the job for this worker, or None when it is done, held by a living worker, or given up."""
    with acting_as(operator_scope()), connection.cursor() as cursor:
        cursor.execute(
            "update accounts_job set state = 'running', attempt = attempt + 1, progress_done = 0, progress_words = '',"
            " lease_until = clock_timestamp() + make_interval(secs => %s)"
            " where id = (select id from accounts_job where id = %s"
            "   and (state = 'waiting'"
            "     or (state = 'running' and lease_until < clock_timestamp() and attempt %% %s <> 0))"
            "   for update skip locked) returning id",
            [settings.JOB_LEASE_SECONDS, job_id, settings.JOB_ATTEMPTS],
        )
        return Job.objects.get(pk=job_id) if cursor.fetchone() else None


def run(job: Job, scope: Scope, handler: Handler) -> None:
    """Do the work and mark the job done in one transaction, under the asker's scope.

    Raises Superseded when another attempt took over meanwhile: then nothing of this attempt remains.
    """
    work = Work(job, scope)
    try:
        with _heartbeat(work), acting_as(scope):
            result = handler(work)
            with connection.cursor() as cursor:
                cursor.execute(
                    "update accounts_job set state = 'done', result = %s, finished_at = clock_timestamp(),"
                    " lease_until = null, progress_done = %s, progress_total = %s"
                    " where id = %s and attempt = %s and state = 'running'",
                    [_json(result), work.progress.total, work.progress.total, job.pk, job.attempt],
                )
                if cursor.rowcount != 1:
                    raise Superseded(job.pk)
    except Failure as failure:
        fail(job, str(failure))


def fail(job: Job, trouble: str) -> None:
    """Give the job up with a sentence for its asker, unless another attempt holds it now."""
    with acting_as(operator_scope()), connection.cursor() as cursor:
        cursor.execute(
            "update accounts_job set state = 'failed', trouble = %s, finished_at = clock_timestamp(),"
            " lease_until = null where id = %s and attempt = %s and state = 'running'",
            [trouble, job.pk, job.attempt],
        )


def release(job: Job) -> None:
    """Put an interrupted job back: somebody else takes it, or the sweep gives it up after the last attempt."""
    with acting_as(operator_scope()), connection.cursor() as cursor:
        cursor.execute(
            "update accounts_job set lease_until = clock_timestamp() where id = %s and attempt = %s"
            " and state = 'running'",
            [job.pk, job.attempt],
        )


def sweep() -> tuple[int, int]:
    """Give up what failed three times, send again what nobody works on. Answers (sent, given up)."""
    with acting_as(operator_scope()), connection.cursor() as cursor:
        cursor.execute(
            "update accounts_job set state = 'failed', finished_at = clock_timestamp(), lease_until = null,"
            " trouble = %s where state = 'running' and lease_until < clock_timestamp() and attempt %% %s = 0 returning id",
            [
                _("This work was tried three times and did not come to an end. Ask again, or tell the operator."),
                settings.JOB_ATTEMPTS,
            ],
        )
        given_up = len(cursor.fetchall())
        cursor.execute(
            "update accounts_job set sent_at = clock_timestamp() where id in (select id from accounts_job where"
            " (state = 'waiting' and coalesce(sent_at, asked_at) < clock_timestamp() - interval '20 seconds')"
            " or (state = 'running' and lease_until < clock_timestamp())"
            " order by id for update skip locked limit 500) returning id"
        )
        waiting = [row[0] for row in cursor.fetchall()]
    for job_id in waiting:
        send(job_id)
    return len(waiting), given_up


@contextmanager
def _heartbeat(work: Work) -> Iterator[None]:
    """Renew the lease and write the progress every second, on a connection of its own, until the work ends."""
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(work, stop), daemon=True, name=f"job-{work.job.pk}-heartbeat")
    beat.start()
    try:
        yield
    finally:
        stop.set()
        beat.join(timeout=10)


def _beat(work: Work, stop: threading.Event) -> None:
    # A thread has its own connection in Django, so the beat commits while the work's transaction is open. Its last
    # act is before the work's final update: the row is locked only for a moment either way.
    try:
        while not stop.wait(1.0):
            with acting_as(operator_scope()), connection.cursor() as cursor:
                cursor.execute("set local lock_timeout = '3s'")
                cursor.execute(
                    "update accounts_job set lease_until = clock_timestamp() + make_interval(secs => %s),"
                    " progress_done = %s, progress_total = %s, progress_words = %s"
                    " where id = %s and attempt = %s and state = 'running'",
                    [
                        settings.JOB_LEASE_SECONDS, work.progress.done, work.progress.total,
                        work.progress.words[:200], work.job.pk, work.job.attempt,
                    ],
                )  # fmt: skip
                if cursor.rowcount == 0:
                    return
    except Exception as error:  # noqa: BLE001 - a missed beat only lets the lease run out
        log.warning("heartbeat of job %s: %s", work.job.pk, type(error).__name__)
    finally:
        connection.close()


def _json(value: dict) -> str:
    import json

    return json.dumps(value)
