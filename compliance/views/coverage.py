"""Coverage of checks by site and stage with the list behind each number, and attempts that reached nobody."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.parameters import mark, number
from accounts.refusing import refuse
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance import coverage as door
from compliance import due
from compliance.coverage_forms import AttemptForm
from compliance.filter_forms import PeriodFilter
from compliance.models import ContactAttempt
from compliance.queries import placement_or_404
from compliance.views.checks import mark_of
from compliance.words import stage_words
from pilots.chosen import pilot_number
from pilots.models import Pilot

PAGE = 50
PERIODS = (31, 92, 366, 3660)
USUAL = 92


def _shows() -> dict[str, str]:
    return {
        "owed": _("Checks whose day has come"), "reached": _("Reached"), "late": _("Reached after their day"),
        "overdue": _("Overdue, still to be done"), "not reached": _("Not reached: the time went by without a check"),
        "missed": _("Missed: overdue or gone by"),
    }  # fmt: skip


def _periods() -> list[tuple[str, str]]:
    words = (_("Last month"), _("Last three months"), _("Last year"), _("All"))
    return [("" if days == USUAL else str(days), said) for days, said in zip(PERIODS, words, strict=True)]


def _asked(request: PortalRequest) -> dict:
    """The day, the period and the pilot that both pages take from the address."""
    today = timezone.localdate()
    days = number(request.GET.get("days", "")) or USUAL
    pilot = pilot_number(request.GET.get("pilot", ""))
    return {"on": today, "since": today - timedelta(days=min(max(days, 1), 3660)), "pilot_id": pilot}


def _site(text: str) -> int | None:
    """A site of the address; -1 is a placement without one."""
    return -1 if text == "-1" else number(text)


def _behind(asked: dict) -> dict[str, str]:
    """The lists behind the totals of the page, over all sites and stages."""
    given = {"days": (asked["on"] - asked["since"]).days, "pilot": asked["pilot_id"] or ""}
    page = reverse("compliance:coverage_list")
    shows = ("owed", "reached", "overdue", "not reached")
    return {show.replace(" ", "_"): f"{page}?{urlencode(given | {'show': show})}" for show in shows}


@require_safe
@requires(Permission.CHECK_VIEW)
def coverage(request: PortalRequest) -> HttpResponse:
    """Who was reached and who was not, by site and stage; and why."""
    asked = _asked(request)
    lines = door.coverage(request.scope, **asked)
    words = {r.value: r.label for r in ContactAttempt.Reason}
    why = door.reasons(request.scope, **asked) if any(line.missed for line in lines) else {}
    context = {
        "lines": [{"line": line, "stage": stage_words(line.stage)} for line in lines], "today": asked["on"],
        "owed": sum(line.owed for line in lines), "reached": sum(line.reached for line in lines),
        "late": sum(line.late for line in lines), "overdue": sum(line.overdue for line in lines),
        "not_reached": sum(line.not_reached for line in lines), "worst": max((n.in_a_row for n in lines), default=0),
        "why": [(code, words.get(code, _("Nobody noted an attempt")), n) for code, n in why.items()],
        "pilot": asked["pilot_id"], "days": (asked["on"] - asked["since"]).days, "behind": _behind(asked),
        "filter": PeriodFilter(request.GET, list(Pilot.objects.order_by("name", "pk")), days=_periods()),
    }  # fmt: skip
    return render(request, "compliance/coverage.html", context)


@require_safe
@requires(Permission.CHECK_VIEW)
def coverage_list(request: PortalRequest) -> HttpResponse:
    """The checks behind one number of the coverage table, by day."""
    asked, given = _asked(request), request.GET
    shows = _shows()
    show = given.get("show", "missed")
    show = show if show in shows else "missed"
    rows = door.behind(
        request.scope, **asked, site_id=_site(given.get("site", "")), stage=given.get("stage", "")[:20], show=show,
        reason=given.get("reason", "")[:14], after=mark(given.get("after", ""), date, int, str), limit=PAGE + 1,
    )  # fmt: skip
    more, rows = len(rows) > PAGE, rows[:PAGE]
    kept = given.copy()
    if more:
        kept["after"] = mark_of(rows[-1])
    context = {
        "rows": [{"row": row, "stage": stage_words(row.stage)} for row in rows], "label": shows[show],
        "today": asked["on"], "next": kept.urlencode() if more else "", "since": asked["since"],
    }  # fmt: skip
    return render(request, "compliance/coverage_list.html", context)


@require_safe
@requires(Permission.CHECK_RECORD)
def attempt_new(request: PortalRequest, pk: int) -> HttpResponse:
    """The form: this worker was not reached."""
    today = timezone.localdate()
    placement = placement_or_404(pk)
    stage = request.GET.get("stage", "") or due.stage_for_step(placement.state.step)
    on = mark(request.GET.get("due", ""), date)
    form = AttemptForm(initial={"tried_on": today, "stage": stage, "due_on": on[0] if on else today})
    return _attempt_page(request, placement, form)


@require_POST
@requires(Permission.CHECK_RECORD)
def attempts(request: PortalRequest, pk: int) -> HttpResponse:
    """Record the attempt."""
    placement = placement_or_404(pk)
    form = AttemptForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            door.note_attempts(
                [pk], stage=data["stage"], due_on=data["due_on"], tried_on=data["tried_on"], reason=data["reason"],
                by=request.scope, today=timezone.localdate(),
            )  # fmt: skip
        except ValidationError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, _("Noted. The check stays due until it is done."))
            return SeeOther(reverse("compliance:placement_panel", args=[pk]))
    return _attempt_page(request, placement, form, status=422)


def _attempt_page(request: PortalRequest, placement, form: AttemptForm, *, status: int = 200) -> HttpResponse:
    stage = str(form["stage"].value() or "")
    context = {"placement": placement, "form": form, "stage": stage_words(stage)}
    return render(request, "compliance/attempt_form.html", context, status=status)
