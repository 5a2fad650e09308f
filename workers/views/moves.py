"""Moving one placement: ``POST /placements/7/moves/``. One person is a set of one for the journey's door."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.parameters import number
from accounts.requests import PortalRequest
from accounts.verbs import SeeOther, requires
from workers.forms import MoveForm
from workers.journey import door
from workers.models import JourneyEvent, Placement, PlacementState
from workers.queries import placement as placement_facts
from workers.queries.moves import moves_for_set
from workers.timeline import door as timeline
from workers.views.acts import MOVERS, undo_tag
from workers.views.placements import show


@require_POST
@requires(*MOVERS)
def moves(request: PortalRequest, pk: int) -> HttpResponse:
    """Make one move. A form filled in on an older state is not applied: the reader sees first what changed."""
    found = placement_facts.one(pk)
    today = timezone.localdate()
    state = PlacementState.objects.select_for_update().get(pk=found.pk)
    found.state = state
    form = MoveForm(request.POST, moves=moves_for_set(found.pilot.scheme, request.scope), today=today)
    seen = number(request.POST.get("version", "")) or 0
    if seen != state.version:
        return _changed_meanwhile(request, found, form, seen)
    if not form.is_valid():
        return show(request, found, form=form, status=422)
    code = form.cleaned_data["move"]
    outcome = door.move(
        Placement.objects.filter(pk=found.pk), code, by=request.scope, today=today, **form.given()
    )  # fmt: skip
    if outcome.refused:
        if "reason_given" in outcome.refused[0].guards and "reason" in form.fields:
            form.add_error("reason", _("Choose the reason that fits."))
        return show(request, found, form=form, refused=outcome.refused[0].reasons, status=422)
    messages.success(request, _("Moved. The timeline shows the new step."), extra_tags=undo_tag(request))
    return SeeOther(reverse("workers:placement", args=[found.pk]))


def _changed_meanwhile(request: PortalRequest, found: Placement, form: MoveForm, seen: int) -> HttpResponse:
    """409: what changed since the form was opened, with the form as it was filled in, ready to be sent again."""
    form.is_valid()
    since = JourneyEvent.objects.filter(placement=found, version__gt=seen).count()
    happened = timeline.page(found, by=request.scope, only="move", limit=max(since, 1))
    context = {"placement": found, "form": form, "timeline": happened.entries, "today": timezone.localdate()}
    return render(request, "workers/changed.html", context, status=409)
