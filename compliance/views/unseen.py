"""Workers whom nobody met in person for a while."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.parameters import mark, number, without
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import requires
from compliance.unseen import unseen

PAGE = 50
DAYS = 15
CHOICES = (8, DAYS, 29)


@require_safe
@requires(Permission.CHECK_VIEW)
def not_met(request: PortalRequest) -> HttpResponse:
    """Who was not met face to face for fifteen days, or as many as the address says; the longest first."""
    today, days = timezone.localdate(), number(request.GET.get("days", ""), 366) or DAYS
    found = unseen(
        request.scope, on=today, days=days, after=mark(request.GET.get("after", ""), date, int), limit=PAGE + 1
    )
    more, found = len(found) > PAGE, found[:PAGE]
    context = {
        "rows": [{"row": row, "days": (today - row.since).days} for row in found], "days": days, "choices": CHOICES,
        "given": without(request.GET, "after"), "may_record": request.scope.allows(Permission.CHECK_RECORD),
        "next": f"{found[-1].since.isoformat()}~{found[-1].placement_id}" if more else "",
    }  # fmt: skip
    return render(request, "compliance/not_met.html", context)
