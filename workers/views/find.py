"""The one search: what the words in the bar on top may mean, grouped; and while typing, the same part by itself."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import requires
from workers.journey.wording import step_phase, step_words
from workers.queries.found import FoundPerson, find, long_enough
from workers.views.placements import part_of


@require_GET
@requires(Permission.PERSON_VIEW)
def found(request: PortalRequest) -> HttpResponse:
    """People first, then cohorts, partners, job orders and pilots of that name. What was typed is kept nowhere."""
    query = request.GET.get("q", "").strip()[:120]
    answer = find(query, request.scope)
    context = {
        "q": query, "found": answer, "people": [_line(one) for one in answer.people],
        "short": bool(query) and not long_enough(query), "may_add": request.scope.allows(Permission.PERSON_IMPORT),
    }  # fmt: skip
    return render(request, part_of(request, "workers/find.html", "found"), context)


def _line(one: FoundPerson) -> dict:
    """A person with the step of the newest placement in words."""
    placement = one.placement
    return {
        "person": one.person, "placement": placement, "near": one.near,
        "step": step_words(placement.state.step, placement.pilot.scheme) if placement else "",
        "phase": step_phase(placement.state.step) if placement else "",
    }  # fmt: skip
