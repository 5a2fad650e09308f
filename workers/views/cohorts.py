"""The board of a cohort, and the people who could join it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Organisation
from accounts.parameters import number
from accounts.requests import PortalRequest
from accounts.roles import Kind, Permission
from accounts.verbs import SeeOther, requires
from pilots.models import Cohort
from workers.forms import CohortFilter, MoveForm
from workers.journey.enrolment import enrol
from workers.queries import cohorts
from workers.queries.board import board
from workers.queries.moves import moves_for_set
from workers.queries.orders import with_places
from workers.queries.placement import people_without_open_placement, sees_lacking
from workers.queries.search import people_matching
from workers.views.placements import key_of, part_of, with_short_address

CANDIDATES_SHOWN = 200


def cohort_or_404(pk: int) -> Cohort:
    """The cohort with its pilot; 404 where the scope does not see it."""
    return get_object_or_404(Cohort.objects.select_related("pilot"), pk=pk)


@require_GET
@requires(Permission.PERSON_VIEW)
def cohort(request: PortalRequest, pk: int) -> HttpResponse:
    """Who is in the cohort and where each stands: as a table or as a board, both to act on."""
    found, by, today = cohort_or_404(pk), request.scope, timezone.localdate()
    scheme = found.pilot.scheme
    line = cohorts.lines(Cohort.objects.filter(pk=pk))[0]
    partners = list(Organisation.objects.filter(kind__in=[Kind.RECRUITER, Kind.EMPLOYER]))
    orders = with_places(found.job_orders.all())
    steps = cohorts.step_counts(line.now, scheme)
    form = CohortFilter(
        request.GET, by=by, steps=steps, partners=partners, orders=[o.order for o in orders],
        milestones=line.milestone_choices,
    )  # fmt: skip
    chosen = form.chosen()
    rows = cohorts.in_cohort(found, chosen, today)
    moves = moves_for_set(scheme, by)
    context = {
        "cohort": found, "line": line, "steps": steps, "orders": orders, "form": form, "chosen": chosen,
        "today": today, "view": chosen.get("view") or "table", "tabs": _tabs(request),
        "move_form": MoveForm(moves=moves, today=today) if moves else None,
        "may_assign": by.allows(Permission.MOVE_CANDIDATES), "may_ask_surveys": by.allows(Permission.SURVEY_RECORD),
        "may_edit": by.allows(Permission.PILOT_EDIT),
        "may_ask_papers": by.allows(Permission.PAPERS_ASK), "may_tell": by.allows(Permission.WORKERS_TELL), "may_write": by.allows(Permission.PARTNERS_WRITE), "may_see_papers": sees_lacking(by),
    }  # fmt: skip
    context["back"] = "board" if context["view"] == "board" else ""
    if context["view"] == "board":
        unfiltered = not (set(chosen) - {"view"})
        context["columns"] = board(rows, line.now if unfiltered else {}, scheme=scheme, by=by, today=today)
    else:
        context["rows"], last = cohorts.table(rows, by=by, today=today, after=key_of(request, "after"))
        context["next_url"] = _with(request, after=last) if last else None
    return with_short_address(request, render(request, part_of(request, "workers/cohort.html", "members"), context))


def _with(request: PortalRequest, **changed: object) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    for name, value in changed.items():
        query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"


def _tabs(request: PortalRequest) -> list[dict]:
    view = request.GET.get("view", "table")
    return [
        {"label": _("Table"), "url": _with(request, view="table"), "current": view != "board", "count": None},
        {"label": _("Board"), "url": _with(request, view="board"), "current": view == "board", "count": None},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MOVE_CANDIDATES)
def enrolments(request: PortalRequest, pk: int) -> HttpResponse:
    """People of the pilot who stand in no cohort now; those ticked are nominated for this one."""
    found, today = cohort_or_404(pk), timezone.localdate()
    candidates = people_without_open_placement(found.pilot_id)
    if request.method == "POST":
        asked = [one for value in request.POST.getlist("person") if (one := number(value)) is not None]
        ids = list(candidates.filter(pk__in=asked).values_list("pk", flat=True))
        made = enrol(ids, found, by=request.scope, at=today) if ids else []
        if not made:
            messages.warning(request, _("Nobody was enrolled: tick the people who join."))
            return SeeOther(request.path)
        words = ngettext("%(n)s person was nominated for the cohort.", "%(n)s people were nominated for the cohort.",
                         len(made)) % {"n": len(made)}  # fmt: skip
        messages.success(request, words)
        return SeeOther(reverse("workers:cohort", args=[found.pk]))
    query = request.GET.get("q", "").strip()[:120]
    if query:
        candidates = candidates.filter(pk__in=people_matching(query, request.scope))
    rows = list(candidates.order_by("family_name", "given_names", "pk")[: CANDIDATES_SHOWN + 1])
    context = {"cohort": found, "people": rows[:CANDIDATES_SHOWN], "more": len(rows) > CANDIDATES_SHOWN,
               "query": query, "shown": CANDIDATES_SHOWN}  # fmt: skip
    return render(request, "workers/enrol.html", context)
