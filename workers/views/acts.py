"""What all pages that act on ticked people share: who was ticked, which verbs move, and the offer to take a move back."""

from datetime import date

from django.urls import reverse

from accounts.parameters import number
from accounts.requests import PortalRequest
from accounts.roles import Permission
from pilots.models import Cohort
from workers.models import Placement
from workers.queries.placements import Row, with_state

MOVERS = (
    Permission.MOVE_CANDIDATES, Permission.MOVE_DEPLOYED, Permission.RECORD_EARLY_END, Permission.CLOSE_PLACEMENT,
    Permission.REOPEN_PLACEMENT,
)  # fmt: skip


def undo_tag(request: PortalRequest) -> str:
    """What the message after a move carries, so that it offers to take back what this request has moved."""
    return f"undo:{reverse('workers:taking_back', args=[request.scope.request])}"


def picked(request: PortalRequest) -> dict[int, int]:
    """placement id → the version the reader saw (0 where the list did not say)."""
    answer = {}
    for value in request.POST.getlist("placement"):
        pk, _dash, version = value.partition("-")
        if (found := number(pk)) is not None:
            answer[found] = number(version) or 0
    return answer


def rows_of(cohort: Cohort, ids: list[int], today: date) -> list[Row]:
    """These people of the cohort, by name, each with where they stand."""
    rows = with_state(Placement.objects.filter(cohort=cohort, pk__in=ids), today)
    return [Row(p, today) for p in rows.order_by("person__family_name", "person__given_names", "pk")]


def back_to(request: PortalRequest, cohort: Cohort) -> dict[str, str]:
    """Where the people were ticked: the table, the board ("board"), one placement's own page ("p" and its number), or the page of
    a departure on a day (its date, which is then also ``back_day``)."""
    given, board = request.POST.get("back", "")[:20], reverse("workers:cohort", args=[cohort.pk])
    if given == "board":
        return {"back": given, "back_day": "", "back_url": f"{board}?view=board"}
    if given.startswith("p") and (one := number(given[1:])) is not None:
        return {"back": given, "back_day": "", "back_url": reverse("workers:placement", args=[one])}
    try:
        on = date.fromisoformat(given).isoformat()
    except ValueError:
        return {"back": "", "back_day": "", "back_url": board}
    return {"back": on, "back_day": on, "back_url": f"{reverse('workers:readiness', args=[cohort.pk])}?on={on}"}
