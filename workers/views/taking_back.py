"""Taking moves back: at once from the message after an act, from the placement's page, or by asking for a correction."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.parameters import number
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from workers.journey import taking_back as door
from workers.journey.leaning import leaning_on, words_of
from workers.journey.moves import MOVE
from workers.journey.taken_back_by import HOURS
from workers.journey.wording import move_words, step_words
from workers.models import JourneyEvent, MoveCorrection
from workers.queries import placement as placement_facts
from workers.views.acts import MOVERS

MOST = 5000  # moves of one act on one page
SHOWN = 200


class WhyForm(forms.Form):
    """Why a move is taken back, or is not."""

    why = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Seen by everybody who sees the placement. Nothing about health, family or a complaint."),
    )  # fmt: skip


def _of_act(request: PortalRequest, act: str) -> list[JourneyEvent]:
    rows = door.made_by(request.scope, now=timezone.now(), request=act)
    found = list(rows.select_related("placement__person", "placement__pilot", "placement__cohort")[:MOST])
    if not found:
        raise Http404("act")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*MOVERS)
def act(request: PortalRequest, act: str) -> HttpResponse:
    """What one act has moved. POST with ``all``: take all of it back if nothing stands in the way, else show what does;
    POST with ticked placements: those."""
    events, now = _of_act(request, act), timezone.now()
    refused = door.refusals(events, by=request.scope, now=now)
    if request.method == "POST":
        ticked = {number(value) for value in request.POST.getlist("placement")}
        chosen = [e for e in events if ("all" in request.POST and not refused) or e.placement_id in ticked]
        if chosen:
            return _done(request, chosen, events)
    context = {
        "able": [e for e in events if e.pk not in refused], "label": move_words(events[0].move), "act": act,
        "refused": [(e, refused[e.pk]) for e in events if e.pk in refused], "back": _back(events), "hours": HOURS,
        "cohort": events[0].placement.cohort,
    }  # fmt: skip
    return render(request, "workers/taking_back.html", context, status=422 if request.method == "POST" else 200)


def _back(events: list[JourneyEvent]) -> str:
    if len(events) == 1:
        return reverse("workers:placement", args=[events[0].placement_id])
    return reverse("workers:cohort", args=[events[0].cohort_id])


def _done(request: PortalRequest, chosen: list[JourneyEvent], events: list[JourneyEvent]) -> HttpResponse:
    outcome = door.take_back(
        chosen, by=request.scope, now=timezone.now(), why=request.POST.get("why", "").strip()[:300]
    )
    if outcome.done:
        words = ngettext("Taken back: %(n)s move.", "Taken back: %(n)s moves.", len(outcome.done))
        messages.success(request, words % {"n": len(outcome.done)})
    for event in chosen:
        if event.placement_id in outcome.refused:
            said = {"who": event.placement.person.worker_code, "why": " ".join(outcome.refused[event.placement_id])}
            messages.warning(request, _("%(who)s stays: %(why)s") % said)
    return SeeOther(_back(events))


@require_safe
@requires(*MOVERS)
def last_move(request: PortalRequest, pk: int) -> HttpResponse:
    """A placement's last move: whether the reader can take it back, and else the form that asks for it."""
    return _last_move(request, pk)


def _last_move(request: PortalRequest, pk: int, form: WhyForm | None = None, status: int = 200) -> HttpResponse:
    found, by = placement_facts.one(pk), request.scope
    event = door.last_move(found.pk)
    reasons = door.refusals([event], by=by, now=timezone.now()).get(event.pk, ()) if event else ()
    leaning = leaning_on([event.pk], by=by).get(event.pk, ()) if event else ()
    context = {
        "placement": found, "event": event, "reasons": reasons, "form": form or WhyForm(), "hours": HOURS,
        "leaning": words_of(leaning), "to": step_words(event.to_step, found.pilot.scheme) if event else "",
        "back_to": step_words(event.from_step, found.pilot.scheme) if event else "",
        "may_ask": event is not None and by.allows(Permission(MOVE[event.move].permission)),
        "asked": MoveCorrection.objects.filter(placement=found, decision="").first(),
    }  # fmt: skip
    return render(request, "workers/last_move.html", context, status=status)


@require_POST
@requires(*MOVERS)
def takings_back(request: PortalRequest, pk: int) -> HttpResponse:
    """Take the last move of one placement back."""
    found = placement_facts.one(pk)
    event = door.last_move(found.pk)
    if event is None or event.pk != number(request.POST.get("event", "")):
        messages.warning(request, _("Somebody else moved it in the meantime."))
        return SeeOther(reverse("workers:last_move", args=[found.pk]))
    outcome = door.take_back([event], by=request.scope, now=timezone.now(), why=request.POST.get("why", "").strip())
    if outcome.done:
        messages.success(request, _("Taken back. The timeline keeps what was recorded, and by whom."))
        return SeeOther(reverse("workers:placement", args=[found.pk]))
    return _last_move(request, found.pk, status=422)


def _names(rows: list[MoveCorrection]) -> dict[int, str]:
    """Names of who asked and decided, as far as the reader may know them: colleagues."""
    ids = {pk for one in rows for pk in (one.asked_by_id, one.decided_by_id) if pk}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


@require_safe
@requires(*MOVERS)
def corrections(request: PortalRequest) -> HttpResponse:
    """What was asked to be taken back: first what waits for a decision."""
    rows = MoveCorrection.objects.select_related("placement__person", "placement__pilot", "asked_for")
    found = list(rows.order_by("decision", "-pk")[:SHOWN])
    names = _names(found)
    shown = [
        {
            "one": one, "to": step_words(one.to_step, one.placement.pilot.scheme),
            "asked_by": names.get(one.asked_by_id, ""), "decided_by": names.get(one.decided_by_id or 0, ""),
        }
        for one in found
    ]  # fmt: skip
    context = {"rows": shown, "may_decide": request.scope.allows(Permission.MOVE_CORRECT)}
    return render(request, "workers/move_corrections.html", context)


@require_POST
@requires(*MOVERS)
def corrections_asked(request: PortalRequest, pk: int) -> HttpResponse:
    """Ask that the last move of a placement be taken back."""
    found, form = placement_facts.one(pk), WhyForm(request.POST)
    event = door.last_move(found.pk)
    if event is None:
        raise Http404("move")
    if form.is_valid():
        try:
            made = door.ask(event, by=request.scope, why=form.cleaned_data["why"])
        except door.CannotCorrect as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Asked. The programme's manager decides; nothing has been changed yet."))
            return SeeOther(reverse("workers:move_correction", args=[made.pk]))
    return _last_move(request, found.pk, form, status=422)


@require_safe
@requires(*MOVERS)
def correction(request: PortalRequest, pk: int) -> HttpResponse:
    """One request: what was recorded, why it is said to be a mistake, what stands on it, and the decision."""
    return _correction(request, pk)


def _correction(
    request: PortalRequest, pk: int, form: WhyForm | None = None, trouble: str = "", status: int = 200
) -> HttpResponse:
    one = get_object_or_404(MoveCorrection.objects.select_related("asked_for"), pk=pk)
    names = _names([one])
    found, by = placement_facts.one(one.placement_id), request.scope
    event = JourneyEvent.objects.filter(pk=one.event_id).select_related("user", "organisation").first()
    context = {
        "one": one, "placement": found, "event": event, "trouble": trouble, "form": form or WhyForm(),
        "to": step_words(one.to_step, found.pilot.scheme),
        "back_to": step_words(event.from_step, found.pilot.scheme) if event else "",
        "leaning": words_of(leaning_on([event.pk], by=by).get(event.pk, ())) if event else "",
        "asked_by": names.get(one.asked_by_id, ""), "decided_by": names.get(one.decided_by_id or 0, ""),
        "may_decide": by.allows(Permission.MOVE_CORRECT) and not one.decision, "own": one.asked_by_id == by.user_id,
    }  # fmt: skip
    return render(request, "workers/move_correction.html", context, status=status)


@require_POST
@requires(Permission.MOVE_CORRECT)
def decisions(request: PortalRequest, pk: int) -> HttpResponse:
    """Take it back, or leave it as it is."""
    get_object_or_404(MoveCorrection, pk=pk)
    form, answer = WhyForm(request.POST), request.POST.get("decision", "")
    if answer not in {"accept", "refuse"} or not form.is_valid():
        return _correction(request, pk, form, status=422)
    try:
        one = door.decide(
            pk, accept=answer == "accept", by=request.scope, now=timezone.now(), why=form.cleaned_data["why"]
        )
    except door.CannotCorrect as refused:
        return _correction(request, pk, form, str(refused), status=422)
    taken = one.decision == MoveCorrection.Decision.ACCEPTED
    messages.success(request, _("Taken back. The timeline keeps what was recorded, and by whom.") if taken
                     else _("It stays as it is. Who asked can read why."))  # fmt: skip
    return SeeOther(reverse("workers:placement", args=[one.placement_id]))
