"""The rules, what cannot be told, and asking for the rules to be applied now."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import jobs
from accounts.parameters import number
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance.models import CannotTell, Evaluation, Finding
from compliance.rules.table import rules as table
from compliance.rules.words import missing_words
from pilots.models import Pilot

PAGE = 100


@require_safe
@requires(Permission.FINDING_VIEW)
def rules(request: PortalRequest) -> HttpResponse:
    """Every rule with its open findings and what cannot be told, and when each pilot was last looked at whole."""
    found = dict(
        Finding.objects.filter(state=Finding.State.OPEN).exclude(source="").values_list("code").annotate(n=Count("pk")).order_by()
    )  # fmt: skip
    unknown = dict(CannotTell.objects.values_list("code").annotate(n=Count("pk")).order_by())
    pilots = list(Pilot.objects.order_by("name", "pk"))
    latest = Evaluation.objects.filter(whole=True).order_by("pilot_id", "-pk").distinct("pilot_id")
    runs = {run.pilot_id: run for run in latest}
    context = {
        "lines": [
            {"rule": rule, "open": found.get(code, 0), "unknown": unknown.get(code, 0)}
            for code, rule in sorted(table().items())
        ],
        "pilots": [{"pk": pilot.pk, "name": pilot.name, "run": runs.get(pilot.pk)} for pilot in pilots],
        "may_evaluate": request.scope.allows(Permission.RULES_EVALUATE),
    }
    return render(request, "compliance/rules.html", context)


@require_safe
@requires(Permission.FINDING_VIEW)
def cannot_tell(request: PortalRequest) -> HttpResponse:
    """What is missing, by fact and by rule: the list to chase."""
    code, chosen = request.GET.get("code", ""), request.GET.get("missing", "")
    rows = CannotTell.objects.select_related("placement__person", "site").order_by("pk")
    if code:
        rows = rows.filter(code=code)
    counts = rows.order_by().values_list("missing").annotate(n=Count("pk")).order_by("-n", "missing")
    missing = [{"key": key, "words": missing_words(key), "n": n} for key, n in counts]
    if chosen:
        rows = rows.filter(missing=chosen)
    after = number(request.GET.get("after", ""))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    shown = list(rows[: PAGE + 1])
    more, shown = len(shown) > PAGE, shown[:PAGE]
    book = table()
    context = {
        "missing": missing, "chosen": chosen, "code": code, "next": shown[-1].pk if more else "",
        "lines": [
            {"row": row, "missing": missing_words(row.missing), "rule": book[row.code].words if row.code in book else ""}
            for row in shown
        ],
    }  # fmt: skip
    return render(request, "compliance/cannot_tell.html", context)


@require_POST
@requires(Permission.RULES_EVALUATE)
def evaluations(request: PortalRequest) -> HttpResponse:
    """Ask for a pilot to be looked at whole, as of today; asked twice by one organisation in the same minute it runs once."""
    pilot = get_object_or_404(Pilot, pk=number(request.POST.get("pilot", "")) or 0)
    now = timezone.now()
    job = jobs.ask(
        "evaluate_rights", key=f"{request.scope.organisation_id}:{pilot.pk}:{now:%Y-%m-%dT%H:%M}", by=request.scope, pilot_id=pilot.pk,
    )  # fmt: skip
    return SeeOther(reverse("accounts:job", args=[job.pk]))
