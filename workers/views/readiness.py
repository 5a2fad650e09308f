"""Who of a cohort can fly on a day, who cannot, what is missing and from whom."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.parameters import without
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import requires
from pilots.models import JobOrder
from workers.forms import MoveForm
from workers.forms_departing import DayForm, ReadinessForm
from workers.models import Placement
from workers.queries.cohorts import by_name
from workers.queries.departing import Count, Departures, Traveller, departures
from workers.queries.moves import moves_for_set
from workers.queries.placement import sees_lacking
from workers.queries.placements import Row, with_state
from workers.views.cohorts import cohort_or_404
from workers.views.placements import key_of


@require_GET
@requires(Permission.PERSON_VIEW)
def readiness(request: PortalRequest, pk: int) -> HttpResponse:
    """The chosen people of the cohort, judged for one day; counts by matter and by owner open their rows."""
    found, by, today = cohort_or_404(pk), request.scope, timezone.localdate()
    if not sees_lacking(by):
        raise PermissionDenied("papers")
    on = ReadinessForm(request.GET).day(found, today)
    answer = departures(found, on, by=by)
    form = ReadinessForm(request.GET.dict() | {"on": on.isoformat()})
    matters, owners = answer.by_matter(), answer.by_owner()
    form.offer(matters, owners)
    chosen = form.chosen()
    people = answer.only(**chosen)
    page, after = by_name(with_state(Placement.objects.filter(pk__in=list(people)), on), key_of(request, "after"))
    moves = moves_for_set(found.pilot.scheme, by)
    path = f"{request.path}?on={on.isoformat()}"
    context = {
        "cohort": found, "answer": answer, "form": form, "day_form": DayForm({"on": on.isoformat()}), "chosen": chosen, "today": today, "path": path,
        "matters": _bars(matters, path, "lacks"), "owners": _bars(owners, path, "owner"),
        "rows": [(Row(p, on), _told(answer, people[p.pk])) for p in page],
        "shown": len(people), "back": on.isoformat(), "past": on < today,
        "next_url": f"{request.path}?{without(request.GET, 'after')}after={after}" if after else None,
        "move_form": MoveForm(moves=moves, today=today) if moves else None,
        "may_assign": by.allows(Permission.MOVE_CANDIDATES),
        "may_ask_papers": by.allows(Permission.PAPERS_ASK), "may_tell": by.allows(Permission.WORKERS_TELL), "may_write": by.allows(Permission.PARTNERS_WRITE),
        "orders": JobOrder.objects.filter(cohort=found).exists(),
    }  # fmt: skip
    return render(request, "workers/readiness.html", context)


def _bars(counts: list[Count], path: str, name: str) -> list[dict]:
    return [
        {"label": one.words, "count": one.people, "note": one.note, "url": f"{path}&{name}={one.key}#members"}
        for one in counts
    ]


def _told(answer: Departures, one: Traveller) -> list[dict]:
    """What stands in the way of one person, each with who can bring it."""
    return [{"lack": lack, "owner": answer.owner(lack)} for lack in one.lacks]
