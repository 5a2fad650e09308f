"""Acting on many placements of a cohort: first what would happen to whom, then the act itself.

``POST /cohorts/3/selection/`` shows; ``POST /cohorts/3/moves/``, ``…/assignments/`` and ``…/unassignments/`` do. Each ticked placement
travels as "id-version", so that one that somebody else moved in between is left alone and named.
"""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from pilots.models import Cohort, JobOrder
from workers.asking.views import preview as ask_papers
from workers.forms import AssignForm, MoveForm, OrderChoice
from workers.journey import door
from workers.journey.enrolment import assign, take_off
from workers.journey.moves import BEFORE_OFFER, MOVE
from workers.journey.places import places_taken
from workers.journey.wording import move_words, step_words
from workers.models import Hold, JourneyEvent, Placement, PlacementState
from workers.queries.moves import moves_for_set
from workers.queries.placements import Row
from workers.telling.partner_views import preview as write_partners
from workers.telling.views import preview as tell_workers
from workers.views.acts import MOVERS, back_to, picked, rows_of, undo_tag
from workers.views.cohorts import cohort_or_404

NAMED = 5  # people named in the message after a move that some did not make


def _to_board(request: PortalRequest, found: Cohort) -> SeeOther:
    return SeeOther(back_to(request, found)["back_url"])


@require_POST
@requires(*MOVERS)
def selection(request: PortalRequest, pk: int) -> HttpResponse:
    """What the chosen act would do to the ticked people. Nothing is changed."""
    found, today = cohort_or_404(pk), timezone.localdate()
    rows = rows_of(found, list(picked(request)), today)
    if not rows:
        messages.warning(request, _("Tick the people first, then choose what to do with them."))
        return _to_board(request, found)
    if request.POST.get("do") == "assign":
        request.scope.require(Permission.MOVE_CANDIDATES)
        return _preview_assignment(request, found, rows)
    if request.POST.get("do") == "papers":
        return ask_papers(request, found, rows, back_to(request, found))
    if request.POST.get("do") == "write":
        return write_partners(request, found, rows, back_to(request, found))
    if request.POST.get("do") == "tell":
        return tell_workers(request, found, rows, back_to(request, found))
    return _preview_move(request, found, rows)


def _preview_move(request: PortalRequest, found: Cohort, rows: list[Row]) -> HttpResponse:
    today = timezone.localdate()
    form = MoveForm(request.POST, moves=moves_for_set(found.pilot.scheme, request.scope), today=today)
    context = {"cohort": found, "rows": rows, "form": form, "today": today, **back_to(request, found)}
    if not form.is_valid():
        return render(request, "workers/selection_move.html", context, status=422)
    code = form.cleaned_data["move"]
    ids = [row.placement.pk for row in rows]
    outcome = door.preview(Placement.objects.filter(pk__in=ids), code, by=request.scope, today=today, **form.given())
    reasons = {refusal.placement_id: refusal.reasons for refusal in outcome.refused}
    context |= {
        "passing": [row for row in rows if row.placement.pk not in reasons],
        "refused": [(row, reasons[row.placement.pk]) for row in rows if row.placement.pk in reasons],
        "label": move_words(code),
        "to": step_words(MOVE[code].to_step, found.pilot.scheme),
    }
    return render(request, "workers/selection_move.html", context)


def _assign_form(data, found: Cohort) -> AssignForm:
    return AssignForm(data, cohort=found, taken=places_taken(list(found.job_orders.values_list("pk", flat=True))))


def _preview_assignment(request: PortalRequest, found: Cohort, rows: list[Row]) -> HttpResponse:
    form = _assign_form(request.POST if request.POST.get("job_order") else None, found)
    ids = [row.placement.pk for row in rows]
    gone = set(
        JourneyEvent.objects.filter(placement_id__in=ids, to_step="departed").values_list("placement_id", flat=True)
    )
    # As the door asks it: any hold that was not lifted, also one whose day is over.
    held = set(Hold.objects.filter(placement_id__in=ids, lifted_at=None).values_list("placement_id", flat=True))
    passing = [row for row in rows if row.placement.pk not in gone | held]
    context = {
        "cohort": found, "rows": rows, "form": form, **back_to(request, found),
        "passing": passing,
        "departed": [row for row in rows if row.placement.pk in gone],
        "held": [row for row in rows if row.placement.pk in held - gone],
        "on_order": [row for row in passing if row.placement.job_order_id and row.placement.state.step in BEFORE_OFFER],
    }  # fmt: skip
    if form.is_bound and form.is_valid():
        order: JobOrder = form.cleaned_data["job_order"]
        left = order.places - cast("OrderChoice", form.fields["job_order"]).taken.get(order.pk, 0)
        context |= {"order": order, "left": max(left, 0), "too_many": len(passing) > left}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "workers/selection_assign.html", context, status=status)


@require_POST
@requires(*MOVERS)
def cohort_moves(request: PortalRequest, pk: int) -> HttpResponse:
    """Do it: everybody who passes moves, the others stay and are named with their reasons."""
    found, today = cohort_or_404(pk), timezone.localdate()
    seen = picked(request)
    form = MoveForm(request.POST, moves=moves_for_set(found.pilot.scheme, request.scope), today=today)
    if not form.is_valid() or not seen:
        return selection(request, pk) if seen else _to_board(request, found)
    states = PlacementState.objects.select_for_update().filter(cohort_id=found.pk, placement_id__in=list(seen))
    now = dict(states.order_by("placement_id").values_list("placement_id", "version"))
    fresh = [pk for pk, version in now.items() if seen[pk] == version]
    code = form.cleaned_data["move"]
    outcome = door.move(Placement.objects.filter(pk__in=fresh), code, by=request.scope, today=today, **form.given())
    reasons = {refusal.placement_id: refusal.reasons for refusal in outcome.refused}
    reasons |= {pk: [_("Somebody else moved it in the meantime.")] for pk in now if pk not in set(fresh)}
    _say(request, found, len(outcome.moved), move_words(code), reasons)
    return _to_board(request, found)


def _say(request: PortalRequest, found: Cohort, moved: int, label: str, reasons: dict[int, list[str]]) -> None:
    """One message on who moved, one on who did not, with names and reasons."""
    if moved:
        words = ngettext("%(move)s: %(n)s person moved.", "%(move)s: %(n)s people moved.", moved)
        messages.success(request, words % {"move": label, "n": moved}, extra_tags=undo_tag(request))
    if not reasons:
        return
    people = dict(Placement.objects.filter(pk__in=list(reasons)[:NAMED]).values_list("pk", "person__worker_code"))
    named = "; ".join(f"{people[pk]}: {' '.join(reasons[pk])}" for pk in people)
    words = ngettext("%(n)s was not moved. %(named)s", "%(n)s were not moved. %(named)s", len(reasons))
    messages.warning(request, words % {"n": len(reasons), "named": named})


@require_POST
@requires(Permission.MOVE_CANDIDATES)
def assignments(request: PortalRequest, pk: int) -> HttpResponse:
    """Put the ticked people on a job order; those who have departed stay as they are."""
    found = cohort_or_404(pk)
    form = _assign_form(request.POST, found)
    ids = list(picked(request))
    if not ids:
        messages.warning(request, _("Tick the people first, then choose what to do with them."))
        return _to_board(request, found)
    if not form.is_valid():
        return _preview_assignment(request, found, rows_of(found, ids, timezone.localdate()))
    order = form.cleaned_data["job_order"]
    done = assign(ids, order, by=request.scope)
    words = ngettext("%(n)s person is on the job order “%(task)s”.", "%(n)s people are on the job order “%(task)s”.",
                     len(done))  # fmt: skip
    messages.success(request, words % {"n": len(done), "task": order.task})
    if len(done) < len(ids):
        words = ngettext("%(n)s person was left out: departed already, held, or in another cohort.",
                         "%(n)s people were left out: departed already, held, or in another cohort.", len(ids) - len(done))  # fmt: skip
        messages.warning(request, words % {"n": len(ids) - len(done)})
    return _to_board(request, found)


@require_POST
@requires(Permission.MOVE_CANDIDATES)
def unassignments(request: PortalRequest, pk: int) -> HttpResponse:
    """Take the ticked people off their job order; who was selected for it, or is held, stays on it."""
    found = cohort_or_404(pk)
    mine = Placement.objects.filter(cohort=found, pk__in=list(picked(request)), job_order__isnull=False)
    ids = list(mine.order_by("pk").values_list("pk", flat=True))
    if not ids:
        messages.warning(request, _("Tick the people first, then choose what to do with them."))
        return _to_board(request, found)
    done = take_off(ids, by=request.scope)
    if done:
        words = ngettext("%(n)s person was taken off the job order.", "%(n)s people were taken off their job orders.",
                         len(done))  # fmt: skip
        messages.success(request, words % {"n": len(done)})
    if len(done) < len(ids):
        words = ngettext(
            "%(n)s person stays on the job order: held, or selected for it already. Take that move back first.",
            "%(n)s people stay on their job orders: held, or selected for them already. Take those moves back first.",
            len(ids) - len(done),
        )
        messages.warning(request, words % {"n": len(ids) - len(done)})
    return _to_board(request, found)
