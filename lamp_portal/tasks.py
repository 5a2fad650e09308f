"""What Celery runs. ``JOB_KINDS`` names the handler of every kind of job."""

import logging
from contextlib import nullcontext

from celery import shared_task
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import jobs
from accounts.models import Job, User
from accounts.preferences import as_read_by
from accounts.scope import acting_as
from compliance.asked_papers import remind_papers, tell_asked
from compliance.duties.reminding import sweep_duties
from compliance.findings import sweep_waivers
from compliance.grievances import notices
from compliance.retaining.forgetting import forget
from compliance.rules.evaluating import evaluate_all, evaluate_changed, evaluate_job
from lamp_portal.deleting import delete_files
from lamp_portal.notices import sending
from pilots.access import scope_of
from reports.compiling import compile_job
from reports.delivery import notices as report_notices
from reports.delivery.asking import ask_due
from reports.research.making import make_job as make_extract_job
from reports.rollups import computing as rollups
from workers.exports.door import make_job
from workers.likeness.finding import seek, seek_all
from workers.sheets.background import hand_over_job, rest_file_job, rest_job, undo_job
from workers.sheets.door import check_job, commit_job

log = logging.getLogger(__name__)

JOB_KINDS: dict[str, jobs.Handler] = {
    "compile_report": compile_job,
    "check_sheet": check_job,
    "commit_sheet": commit_job,
    "undo_sheet": undo_job,
    "rest_of_sheet": rest_job,
    "rest_as_file": rest_file_job,
    "hand_over_sheet": hand_over_job,
    "evaluate_rights": evaluate_job,
    "make_export": make_job,
    "research_extract": make_extract_job,
    "tell_asked": tell_asked,
}


@shared_task(name="lamp_portal.tasks.run_job")
def run_job(job_id: int, **_unknown) -> None:
    """Take the job and do it under its asker's rights as they are now, in their language and on their calendar."""
    job = jobs.take(job_id)
    if job is None:
        return
    with acting_as(None):
        person = User.objects.filter(pk=job.user_id).first() if job.user_id else None
    with as_read_by(person) if person else nullcontext():
        _do(job)


def _do(job: Job) -> None:
    try:
        with acting_as(None):
            scope = scope_of(job.user_id, job.organisation_id, request=f"job:{job.pk}:{job.attempt}")
    except PermissionDenied:
        jobs.fail(job, _("The person who asked is no longer a member of the organisation."))
        return
    try:
        jobs.run(job, scope, JOB_KINDS[job.kind])
    except jobs.Superseded:
        log.warning("job %s: another attempt took over", job.pk)
    except PermissionDenied:
        jobs.fail(job, _("The person who asked may no longer do this."))
    except Exception:
        log.exception("job %s attempt %s", job.pk, job.attempt)
        jobs.release(job)


@shared_task(name="lamp_portal.tasks.sweep")
def sweep() -> None:
    """Send again what nobody works on; give up what failed three times."""
    jobs.sweep()


@shared_task(name="lamp_portal.tasks.end_waivers")
def end_waivers() -> None:
    """Bring back the findings whose waivers ended."""
    sweep_waivers(timezone.localdate())


@shared_task(name="lamp_portal.tasks.tell")
def tell(user_ids: list[int], **_unknown) -> None:
    """Mail these people that something waits for them, in words that tell nothing."""
    notices.deliver(user_ids)


@shared_task(name="lamp_portal.tasks.remind_duties")
def remind_duties() -> None:
    """Every open duty climbs its ladder of reminders; papers that were asked for and have not come are asked for again."""
    today = timezone.localdate()
    sweep_duties(today)
    remind_papers(today)


@shared_task(name="lamp_portal.tasks.delete_due_files")
def delete_due_files() -> None:
    """Delete the bytes of files, extracts and downloads, and sent sheets, whose time is over."""
    delete_files(now=timezone.now())


@shared_task(name="lamp_portal.tasks.forget_people")
def forget_people() -> None:
    """Blank people whose time is over, and what showed old answers."""
    forget(now=timezone.now(), really=True)


@shared_task(name="lamp_portal.tasks.seek_look_alikes")
def seek_look_alikes() -> None:
    """Seek look-alikes of everybody whose compared facts changed: after each sheet, and after what was typed."""
    seek()


@shared_task(name="lamp_portal.tasks.seek_all_look_alikes")
def seek_all_look_alikes() -> None:
    """Seek look-alikes among everybody, once a night."""
    seek_all()


@shared_task(name="lamp_portal.tasks.evaluate_changed")
def evaluate_what_changed() -> None:
    """Apply the rules to what changed since the last time, in every pilot."""
    evaluate_changed(timezone.localdate())


@shared_task(name="lamp_portal.tasks.evaluate_all")
def evaluate_everything() -> None:
    """Apply the rules to every pilot whole: papers end and contacts fall due although nobody wrote anything."""
    evaluate_all(timezone.localdate())


@shared_task(name="lamp_portal.tasks.refresh_rollups")
def refresh_rollups() -> None:
    """Compute again the roll-ups of cohorts of which something changed."""
    rollups.refresh()


@shared_task(name="lamp_portal.tasks.check_rollups")
def check_rollups() -> None:
    """Hold every roll-up against the rows behind it, once a night; what differs is repaired and told to operators."""
    rollups.check()


@shared_task(name="lamp_portal.tasks.deliver_reports")
def deliver_reports() -> None:
    """Ask for the reports that schedules have due, and tell the readers of those that came."""
    now = timezone.now()
    ask_due(now)
    report_notices.sweep(now)


@shared_task(name="lamp_portal.tasks.send_notices")
def send_notices() -> None:
    """Write to everybody for whom something is due: at once, or the digest of their morning."""
    sending.sweep(timezone.now())
