"""Telling the workers of a selection something: what each would read, who cannot be told, and that it was done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.parameters import number
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from pilots.models import Cohort
from workers.models import WorkerMessage
from workers.queries.placements import Row
from workers.telling import door
from workers.telling.forms import TellForm


def preview(request: PortalRequest, cohort: Cohort, rows: list[Row], around: dict) -> HttpResponse:
    """The texts, person by person, to be printed, read out or sent from one's own phone. Nothing is recorded yet."""
    request.scope.require(Permission.WORKERS_TELL)
    given = request.POST if "text" in request.POST else None
    form = TellForm(given)
    context = {"cohort": cohort, "rows": rows, "form": form, **around}
    if given and form.is_valid():
        found = door.drafts([row.placement.pk for row in rows], by=request.scope, **form.given())
        context |= {"found": found, "unverified": any(not d.language.verified for d in found.drafts)}
        context["hows"] = WorkerMessage.How.choices
    return render(request, "workers/telling.html", context, status=422 if given and form.errors else 200)


@require_POST
@requires(Permission.WORKERS_TELL)
def told(request: PortalRequest, pk: int) -> HttpResponse:
    """Note that these workers were told."""
    cohort = get_object_or_404(Cohort, pk=pk)
    form = TellForm(request.POST)
    ids = [one for value in request.POST.getlist("placement") if (one := number(value)) is not None]
    if not form.is_valid() or not form.cleaned_data["how"]:
        messages.warning(request, _("Nothing was noted: choose the text again."))
        return SeeOther(reverse("workers:cohort", args=[cohort.pk]))
    rows = cohort.placements.filter(pk__in=ids).values_list("pk", flat=True)
    n = door.note(rows, by=request.scope, how=form.cleaned_data["how"], **form.given())
    words = ngettext("Noted: %(n)d worker was told.", "Noted: %(n)d workers were told.", n)
    messages.success(request, words % {"n": n})
    return SeeOther(reverse("workers:cohort", args=[cohort.pk]))
