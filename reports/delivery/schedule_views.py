"""Pages of schedules: all of them with the form to make one, and one with its dates and what became of each period."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from accounts.views.jobs import described
from reports.delivery import schedules as door
from reports.delivery.forms import ScheduleForm
from reports.delivery.models import Schedule
from reports.delivery.tabs import tabs
from reports.kinds import title_of

SHOWN = 60
TONES = {Schedule.State.ACTIVE: "good", Schedule.State.PAUSED: "warning", Schedule.State.ENDED: "neutral"}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT_VIEW)
def schedules(request: PortalRequest) -> HttpResponse:
    """The schedules that the reader may see, each with its next dates. POST makes one."""
    form, now = None, timezone.now()
    if request.method == "POST" or door.may_schedule(request.scope):
        door.require_schedule(request.scope)
        form = ScheduleForm(
            request.POST or None, by=request.scope, today=timezone.localdate(now), time_zone=request.user.time_zone
        )
        if request.method == "POST" and form.is_valid():
            try:
                made = door.make(form.schedule(), by=request.scope)
            except ValidationError as error:
                _show(form, error)
            else:
                return SeeOther(reverse("reports:schedule", args=[made.pk]))
    found = list(door.visible(request.scope)[:SHOWN])
    context = {"rows": described_rows(found, request), "form": form, "tabs": tabs(request, "schedules")}
    return render(request, "reports/delivery/schedules.html", context, status=422 if form and form.errors else 200)


def _show(form: ScheduleForm, error: ValidationError) -> None:
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else "whom", errors)


def described_rows(found: list[Schedule], request: PortalRequest) -> list[dict]:
    """Schedules in words, with the next three dates and what came of their periods."""
    now = timezone.now()
    became, dates = door.became(found, now, by=request.scope), door.dates(found, now)
    rows = []
    for schedule in found:
        history = became[schedule.pk]
        rows.append({
            "schedule": schedule, "title": title_of(schedule.kind), "dates": dates[schedule.pk],
            "tone": TONES[Schedule.State(schedule.state)], "became": history, "last": history[0] if history else None,
        })  # fmt: skip
    return rows


@require_safe
@requires(Permission.REPORT_VIEW)
def schedule(request: PortalRequest, pk: int) -> HttpResponse:
    """One schedule: the next three dates, and every period so far with its edition, its progress or its trouble."""
    return _page(request, get_object_or_404(door.visible(request.scope), pk=pk))


def _page(request: PortalRequest, found: Schedule, trouble: str = "") -> HttpResponse:
    row = described_rows([found], request)[0]
    lines = [
        {"became": became, "progress": described(became.job) if became.job and became.state == "running" else None}
        for became in row["became"][:SHOWN]
    ]
    writes = door.may_schedule(request.scope)
    context = row | {
        "lines": lines, "may_change": writes, "trouble": trouble, "mine": found.user_id == request.scope.user_id,
        "states": [(state, _words(state)) for state in Schedule.State.values
                   if writes and state in door.STATES[Schedule.State(found.state)]],
    }  # fmt: skip
    return render(request, "reports/delivery/schedule.html", context, status=422 if trouble else 200)


def _words(state: str) -> str:
    return {"active": _("Take it up again"), "paused": _("Pause"), "ended": _("End it for good")}[state]


@require_POST
@requires(Permission.REPORT_VIEW)
def states(request: PortalRequest, pk: int) -> HttpResponse:
    """Pause a schedule, take it up again, end it, or take it over."""
    found = get_object_or_404(door.visible(request.scope), pk=pk)
    state = request.POST.get("state", "")
    try:
        if state == "mine":
            door.take_over(found, by=request.scope)
        else:
            door.change(found, state, by=request.scope, now=timezone.now())
    except ValidationError as error:
        return _page(request, found, " ".join(error.messages))
    return SeeOther(reverse("reports:schedule", args=[pk]))
