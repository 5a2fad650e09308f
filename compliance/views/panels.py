"""A part for a page of a lower floor: the record of one placement.

It opens as a plain page too; with htmx only the part is sent.
"""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.rows import may
from accounts.verbs import requires
from compliance import due
from compliance.models import Finding
from compliance.queries import placement_or_404, record_of
from compliance.story.top import top
from compliance.views import checks
from compliance.words import finding_words, indicator_words, severity_words, stage_words


def _part(request: PortalRequest, template: str, part: str, context: dict) -> HttpResponse:
    """The part alone for htmx, the whole page otherwise."""
    return render(request, f"{template}#{part}" if request.htmx else template, context)


def _alike(findings: list[Finding]) -> list[dict]:
    """Findings in their order, those that say the same at the same gravity and state in one line: seven payslips
    with one fault are one fault to look at."""
    lines: dict[tuple, dict] = {}
    for finding in findings:
        words = finding_words(finding)
        line = lines.setdefault(
            (words, finding.severity, finding.state),
            {"finding": finding, "question": words, "severity": severity_words(finding.severity), "more": []},
        )
        if line["finding"] is not finding:
            line["more"].append(finding)
    return list(lines.values())


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHECK_VIEW)
def placement_panel(request: PortalRequest, pk: int) -> HttpResponse:
    """GET: checks, findings and holds of one placement. POST: record a check of it."""
    if request.method == "POST":
        return checks.record(request, pk)
    placement = placement_or_404(pk)
    today = timezone.localdate()
    known = record_of(pk)
    owed = due.worklist(request.scope, on=today, placement_id=pk)
    context = {
        "placement": placement, "today": today, "record": known,
        "owed": [{"row": row, "stage": stage_words(row.stage)} for row in owed if row.state in (due.OVERDUE, due.DUE)],
        "checks": [{"check": c, "stage": stage_words(c.stage)} for c in known.checks],
        "findings": _alike(known.findings),
        "events": [{"event": e, "question": finding_words(e.finding)} for e in known.events],
        # Several findings hold with the same words: they are said once.
        "holds": list(dict.fromkeys((_(h.words), h.owner.name if h.owner else "") for h in known.holds)),
        "indicators": indicator_words(known.indicators),
        "may_record": request.scope.allows(Permission.CHECK_RECORD),
        "may_open_case": request.scope.allows(Permission.CASE_HANDLE),
    }  # fmt: skip
    return _part(request, "compliance/placement_panel.html", "panel", context)


@require_safe
@requires(Permission.PERSON_VIEW)
def placement_next(request: PortalRequest, pk: int) -> HttpResponse:
    """For the first screen of a placement: checks and duties that are due, findings that are open, whom to call."""
    placement, scope, today = placement_or_404(pk), request.scope, timezone.localdate()
    owed = due.worklist(scope, on=today, placement_id=pk) if scope.allows(Permission.CHECK_VIEW) else []
    gravities: list[str] = []
    if scope.allows(Permission.FINDING_VIEW) and may(Finding, scope.db_role):
        rows = Finding.objects.filter(placement=placement, state=Finding.State.OPEN)
        gravities = list(rows.order_by().values_list("severity", flat=True))
    context = {
        "placement": placement, "today": today, "top": top(placement, by=scope, today=today),
        "owed": [{"row": row, "stage": stage_words(row.stage)} for row in owed if row.state in (due.OVERDUE, due.DUE)],
        "findings": len(gravities), "critical": "critical" in gravities,
        "may_record": scope.allows(Permission.CHECK_RECORD),
    }  # fmt: skip
    return _part(request, "compliance/placement_next.html", "part", context)
