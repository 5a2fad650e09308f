"""A worker's whole story on one page: of one placement, and of a person over the seasons."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import requires
from compliance.story.telling import stories
from compliance.story.top import Top, top
from workers.models import Person, Placement

AROUND = ("person", "state", "cohort", "pilot__corridor", "recruiter", "employer", "site", "job_order")


@require_safe
@requires(Permission.PERSON_VIEW)
def placement_story(request: PortalRequest, pk: int) -> HttpResponse:
    """Everything the reader may see of one placement, in the order in which an officer needs it."""
    found = Placement.objects.select_related(*AROUND).filter(pk=pk).first()
    if found is None:
        raise Http404("placement")
    return _page(request, found.person, [found], top=top(found, by=request.scope, today=timezone.localdate()))


@require_safe
@requires(Permission.PERSON_VIEW)
def person_story(request: PortalRequest, pk: int) -> HttpResponse:
    """The same over all placements of a person that the reader sees, newest first."""
    rows = list(Placement.objects.select_related(*AROUND).filter(person=pk).order_by("-planned_start", "-pk"))
    person = rows[0].person if rows else Person.objects.filter(pk=pk).first()
    if person is None:
        raise Http404("person")
    return _page(request, person, rows)


def _page(
    request: PortalRequest, person: Person, placements: list[Placement], *, top: Top | None = None
) -> HttpResponse:
    today = timezone.localdate()
    seasons = stories(placements, by=request.scope, today=today)
    for season in seasons:
        audit.read_sensitive(request, "story", season.placement.pk, season.placement.pilot_id)
    context = {
        "person": person, "seasons": seasons, "one": seasons[0] if len(seasons) == 1 else None, "today": today,
        "top": top, "may_record": request.scope.allows(Permission.CHECK_RECORD),
    }  # fmt: skip
    return render(request, "compliance/story.html", context)
