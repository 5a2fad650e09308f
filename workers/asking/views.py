"""Pages of requests of papers: what would be asked of whom, the requests of the reader's organisations, and one request."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import jobs
from accounts.parameters import number
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from pilots.models import Cohort
from workers.asking import door
from workers.asking.forms import AskForm
from workers.asking.standing import ANSWERED, WITHDRAWN, standing
from workers.models import PaperRequest
from workers.queries.departing import MISSING
from workers.queries.placements import Row
from workers.views.acts import back_to, picked, rows_of

SHOWN = 200


def preview(
    request: PortalRequest, cohort: Cohort, rows: list[Row], around: dict[str, str], *, sent: bool = False
) -> HttpResponse:
    """Whom the act would ask for what, and for whom nobody is asked. Nothing is changed. ``sent``: with the form as it was
    sent, whatever it lacks."""
    request.scope.require(Permission.PAPERS_ASK)
    today = timezone.localdate()
    given = request.POST if sent or request.POST.get("departs_on") else None
    day = date.fromisoformat(around["back_day"]) if around["back_day"] else cohort.departs_on
    form = AskForm(given, today=today, initial=AskForm.proposed(max(day, today), today))
    valid = given is not None and form.is_valid()
    departs_on = form.cleaned_data["departs_on"] if valid else form.initial["departs_on"]
    found = door.drafts(cohort, [row.placement.pk for row in rows], departs_on, by=request.scope)
    people = {row.placement.pk: row for row in rows}
    context = {
        "cohort": cohort, "rows": rows, "form": form, "departs_on": departs_on, **around,
        "drafts": [
            {"draft": draft, "lines": [(people[pk], [_(MISSING[code][0]) for code in codes]) for pk, codes in draft.lines.items()]}
            for draft in found.drafts
        ],
        "refused": [(people[pk], why) for pk, why in found.refused.items() if pk in people],
    }  # fmt: skip
    return render(
        request, "workers/asking/preview.html", context, status=422 if given is not None and not valid else 200
    )


@require_POST
@requires(Permission.PAPERS_ASK)
def asked(request: PortalRequest, pk: int) -> HttpResponse:
    """Ask: one request for each organisation, and one mail to each of their members that tells nothing."""
    cohort = get_object_or_404(Cohort.objects.select_related("pilot"), pk=pk)
    form = AskForm(request.POST, today=timezone.localdate())
    ids = list(picked(request))
    if not form.is_valid():
        return preview(request, cohort, rows_of(cohort, ids, timezone.localdate()), back_to(request, cohort), sent=True)
    made = door.ask(cohort, ids, by=request.scope, **form.cleaned_data)
    if not made:
        messages.warning(request, _("Nobody was asked: of these people no paper is missing that was not asked for."))
        return SeeOther(reverse("workers:cohort", args=[cohort.pk]))
    for one in made:
        jobs.ask("tell_asked", key=f"papers:{one.pk}", by=request.scope, pilot_id=one.pilot_id, request_id=one.pk)
    words = ngettext("%(n)d organisation was asked.", "%(n)d organisations were asked.", len(made))
    messages.success(request, words % {"n": len(made)})
    return SeeOther(f"{reverse('workers:paper_requests')}?cohort={cohort.pk}")


@require_safe
@requires(Permission.PERSON_VIEW)
def paper_requests(request: PortalRequest) -> HttpResponse:
    """What the reader's organisation is asked for, and what it asks others for; the open ones first."""
    by, today = request.scope, timezone.localdate()
    rows = PaperRequest.objects.select_related("cohort__pilot", "asked", "organisation").order_by("-pk")
    if cohort := number(request.GET.get("cohort", "")):
        rows = rows.filter(cohort=cohort)
    found = standing(rows[:SHOWN], by=by, today=today)
    found.sort(key=lambda one: (one.state in (ANSWERED, WITHDRAWN), one.asked.due_on, one.asked.pk))
    context = {"rows": found, "today": today, "shown": SHOWN, "asks": by.allows(Permission.PAPERS_ASK)}
    return render(request, "workers/asking/list.html", context)


@require_safe
@requires(Permission.PERSON_VIEW)
def paper_request(request: PortalRequest, pk: int) -> HttpResponse:
    """One request: for whom, what, by when, and what has come."""
    rows = PaperRequest.objects.select_related("cohort__pilot", "asked", "organisation")
    one, today = get_object_or_404(rows, pk=pk), timezone.localdate()
    (found,) = standing([one], by=request.scope, today=today)
    context = {
        "one": one, "found": found, "today": today,
        "may_withdraw": request.scope.allows(Permission.PAPERS_ASK) and found.state not in (ANSWERED, WITHDRAWN),
    }  # fmt: skip
    return render(request, "workers/asking/request.html", context)


@require_POST
@requires(Permission.PAPERS_ASK)
def withdrawals(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a request back."""
    one = get_object_or_404(PaperRequest, pk=pk)
    door.withdraw(one, by=request.scope, now=timezone.now())
    messages.success(request, _("The request was withdrawn. What came is kept."))
    return SeeOther(reverse("workers:paper_requests"))
