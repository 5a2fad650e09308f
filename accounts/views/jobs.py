"""Work in the background: what was asked for, how far it is, what came of it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import jobs as door
from accounts.models import Job
from accounts.parameters import number
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires

PAGE = 30
STOP_POLLING = 286


@require_safe
@requires(Permission.JOB_VIEW)
def jobs(request: PortalRequest) -> HttpResponse:
    """The organisation's jobs, newest first."""
    query = Job.objects.select_related("user").filter(organisation_id=request.scope.organisation_id).order_by("-id")
    before = number(request.GET.get("before", ""))
    if before is not None:
        query = query.filter(pk__lt=before)
    found = list(query[: PAGE + 1])
    more = len(found) > PAGE
    rows = [described(job) for job in found[:PAGE]]
    older = f"{reverse('accounts:jobs')}?before={found[PAGE - 1].pk}" if more else ""
    newest = reverse("accounts:jobs") if before else ""
    return render(request, "accounts/jobs.html", {"rows": rows, "older": older, "newest": newest})


@require_safe
@requires(Permission.JOB_VIEW)
def job(request: PortalRequest, pk: int) -> HttpResponse:
    """One job with its progress."""
    return render(request, "accounts/job.html", _context(request, pk))


@require_safe
@requires(Permission.JOB_VIEW)
def progress(request: PortalRequest, pk: int) -> HttpResponse:
    """The progress, and beside it the facts as they are now, for the page to swap in; 286 tells it to stop asking."""
    context = _context(request, pk)
    status = STOP_POLLING if context["job"].finished else 200
    return render(request, "accounts/job.html#polled", context | {"polled": True}, status=status)


@require_POST
@requires(Permission.JOB_VIEW)
def again(request: PortalRequest, pk: int) -> HttpResponse:
    """The asker asks for a failed job once more."""
    found = _job(pk)
    if found.user_id != request.user.pk:
        raise PermissionDenied("somebody else's job")
    door.ask_again(found)
    return SeeOther(reverse("accounts:job", args=[pk]))


def _job(pk: int) -> Job:
    return get_object_or_404(Job.objects.select_related("user"), pk=pk)


def _context(request: PortalRequest, pk: int) -> dict:
    found = _job(pk)
    may_ask = found.state == Job.State.FAILED and found.user_id == request.user.pk
    return described(found) | {"may_ask": may_ask, "page_url": reverse("accounts:job", args=[pk])}


def described(job: Job) -> dict:
    """A job in words: what it is, what it says now, and where its result stands."""
    address = str(job.result.get("url", ""))
    own = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    words = {
        Job.State.WAITING: _("Waits for a worker."),
        Job.State.RUNNING: job.progress_words or _("Work has begun."),
        Job.State.DONE: str(job.result.get("words", "")) or _("Finished."),
        Job.State.FAILED: job.trouble,
    }[Job.State(job.state)]
    return {
        "job": job,
        "label": door.label(job.kind),
        "words": words,
        "result_url": address if job.state == Job.State.DONE and own else "",
        "progress_url": reverse("accounts:job_progress", args=[job.pk]),
    }
