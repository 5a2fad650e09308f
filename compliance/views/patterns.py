"""Patterns by employer, place of work and recruiter: signals for a person, and the findings behind each."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.parameters import number
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import requires
from compliance import patterns as door
from compliance.filter_forms import PeriodFilter
from compliance.words import finding_words
from pilots.chosen import pilot_number
from pilots.models import Pilot

PERIODS = (92, 366, 731)
USUAL = 366


def _asked(request: PortalRequest) -> dict:
    today = timezone.localdate()
    days = number(request.GET.get("days", ""))
    length = days if days in PERIODS else USUAL
    return {
        "on": today, "since": today - timedelta(days=length),
        "pilot_id": pilot_number(request.GET.get("pilot", "")),
    }  # fmt: skip


@require_safe
@requires(Permission.FINDING_VIEW)
def patterns(request: PortalRequest) -> HttpResponse:
    """Where findings come in more often than chance explains."""
    asked = _asked(request)
    words = {
        door.EMPLOYER: (_("Employers"), "factory"), door.SITE: (_("Places of work"), "map-pin"),
        door.RECRUITER: (_("Recruiters"), "handshake"),
    }  # fmt: skip
    context = {
        "found": [{"pattern": p, "label": words[p.kind][0], "icon": words[p.kind][1]} for p in door.patterns(request.scope, **asked)],
        "pilot": asked["pilot_id"], "days": (asked["on"] - asked["since"]).days,
        "filter": PeriodFilter(
            request.GET, list(Pilot.objects.order_by("name", "pk")),
            days=[("", _("Last year")), ("92", _("Last three months")), ("731", _("Last two years"))],
        ),
    }  # fmt: skip
    return render(request, "compliance/patterns.html", context)


@require_safe
@requires(Permission.FINDING_VIEW)
def pattern_list(request: PortalRequest) -> HttpResponse:
    """The findings of one group that were counted."""
    asked, kind, group = _asked(request), request.GET.get("kind", ""), number(request.GET.get("group", ""))
    if kind not in door.KINDS or group is None:
        raise Http404
    rows = door.behind(request.scope, kind=kind, group_id=group, **asked)
    context = {"lines": [{"finding": f, "question": finding_words(f)} for f in rows], "since": asked["since"]}
    return render(request, "compliance/pattern_list.html", context)
