"""Pages: the queue of look-alikes, two people side by side and the decision, undoing a merge, somebody new."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import read_sensitive
from accounts.requests import PortalRequest
from accounts.roles import Kind, Permission
from accounts.verbs import SeeOther, requires
from pilots.models import Pilot
from workers.facts.one import trace_of
from workers.models import LikeDecision, LikePair, MergeEvent, Person
from workers.sheets.row_rules import is_whole_name, whole_name_words

from . import queries
from .deciding import decide, undo
from .forms import DecisionForm, PersonForm, UndoForm
from .merging import NotMerged
from .one import record_person, resembling
from .parts import ASK, STRONG

SHOWN = ("open", "later", "different", "same")


@require_safe
@requires(Permission.PERSON_MERGE)
def alike(request: PortalRequest) -> HttpResponse:
    """Pairs to decide, the most alike first; and what was decided."""
    state = request.GET.get("state", "open")
    state = state if state in SHOWN else "open"
    pairs, after = queries.page_of(queries.queue(state, timezone.localdate()), request.GET.get("after", ""))
    words = {
        "open": _("To decide"),
        "later": _("Later"),
        "different": _("Different people"),
        "same": _("The same person"),
    }
    tabs = [{"label": words[s], "url": f"?state={s}", "current": s == state, "count": None} for s in SHOWN]
    context = {"lines": queries.lines(pairs), "tabs": tabs, "state": state, "next": after, "ask": ASK, "strong": STRONG}
    return render(request, "workers/likeness/alike.html", context)


@require_safe
@requires(Permission.PERSON_MERGE)
def pair(request: PortalRequest, pk: int) -> HttpResponse:
    """Two people side by side: all fields, papers, journeys, pay; what speaks for and against; the decision."""
    found = queries.pair_or_404(pk)
    return _pair(request, found, DecisionForm(None, first=found.first, second=found.second), UndoForm(None))


def _pair(
    request: PortalRequest, found: LikePair, form: DecisionForm, undoing: UndoForm, status: int = 200
) -> HttpResponse:
    numbers = "numbers" in request.GET
    first, second = queries.sides(found, whole=numbers)
    if numbers:
        for person in (found.first, found.second):
            read_sensitive(request, "identity document", person.pk, found.pilot_id)
    merge = queries.standing_merge(found.first_id, found.second_id)
    context = {
        "pair": found, "first": first, "second": second, "rows": queries.compared(found.first, found.second),
        "reasons": queries.reasons(found, whole=numbers), "numbers": numbers, "papers": first.papers or second.papers, "strong": found.points >= STRONG, "ask": ASK, "form": form, "undoing": undoing,
        "merge": merge, "since": queries.since_merge(merge) if merge else 0, "two_recruiters":
        found.first.recruiter_id != found.second.recruiter_id,
        "decisions": LikeDecision.objects.filter(pair=found).select_related("user"),
    }  # fmt: skip
    return render(request, "workers/likeness/pair.html", context, status=status)


@require_POST
@requires(Permission.PERSON_MERGE)
def decisions(request: PortalRequest, pk: int) -> HttpResponse:
    """Record a decision on a pair."""
    found = queries.pair_or_404(pk)
    form = DecisionForm(request.POST, first=found.first, second=found.second)
    if form.is_valid():
        clean = form.cleaned_data
        try:
            decide(
                found, clean["answer"], by=request.scope, reason=clean["reason"], at=timezone.now(),
                today=timezone.localdate(), keep_id=clean["keep"],
            )  # fmt: skip
        except NotMerged as refused:
            form.add_error(None, str(refused))
        else:
            words = {
                "same": _("They are one person from now on. This can be undone."),
                "different": _("They are two people. This is not asked again unless their facts change."),
                "later": _("This comes back in two weeks."),
            }  # fmt: skip
            messages.success(request, words[clean["answer"]])
            return SeeOther(
                reverse("workers:alike") if clean["answer"] != "same" else reverse("workers:pair", args=[pk])
            )
    return _pair(request, found, form, UndoForm(None), status=422)


@require_POST
@requires(Permission.PERSON_MERGE)
def undoings(request: PortalRequest, pk: int) -> HttpResponse:
    """Undo a merge: the two records are two people again."""
    event = get_object_or_404(MergeEvent, pk=pk)
    first, second = sorted((event.keep_id, event.other_id))
    known = LikePair.objects.filter(first=first, second=second).values_list("pk", flat=True).first()
    back = reverse("workers:pair", args=[known]) if known else reverse("workers:person", args=[event.keep_id])
    form = UndoForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing was undone: say why."))
        return SeeOther(back)
    try:
        undo(event, by=request.scope, reason=form.cleaned_data["reason"], at=timezone.now(), today=timezone.localdate())
    except NotMerged as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("They are two people again. What was recorded since stays where it was recorded."))
    return SeeOther(back)


def _form(request: PortalRequest) -> tuple[PersonForm, list[Pilot]]:
    pilots = list(Pilot.objects.select_related("corridor").order_by("name", "pk"))
    data: Any = request.POST if request.method == "POST" else None
    return PersonForm(data, pilots=pilots, names_recruiter=request.scope.kind != Kind.RECRUITER), pilots


def _chosen(form: PersonForm, pilots: list[Pilot]) -> Pilot | None:
    asked = form.data.get("pilot", "")
    return next((p for p in pilots if str(p.pk) == asked), None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PERSON_IMPORT)
def new_person(request: PortalRequest) -> HttpResponse:
    """Somebody new, typed. Who resembles them is shown before anything is recorded, and stops nothing."""
    form, pilots = _form(request)
    found: list = []
    if request.method == "POST":
        today, chosen = timezone.localdate(), _chosen(form, pilots)
        form.full_clean()
        if chosen is not None:
            form.errors.clear()
            cells = form.cells()
            if not form.data.get("compared"):
                found = resembling(chosen, cells, by=request.scope, today=today)
            if not found:
                answer = record_person(chosen, cells, by=request.scope, today=today)
                if answer.verdict == "new":
                    person = Person.objects.get(pilot=chosen, worker_code=cells["worker_id"])
                    messages.success(request, _("The person was recorded."))
                    for remark in _remarks(cells):
                        messages.warning(request, remark)
                    return SeeOther(reverse("workers:person", args=[person.pk]))
                trace_of(request, answer, chosen.pk)
                form.refuse(answer.problems)
    status = 422 if request.method == "POST" else 200
    context = {
        "form": form,
        "found": found,
        "strong": STRONG,
        "remarks": _remarks(form.cells()) if form.is_bound else [],
    }
    return render(request, "workers/likeness/new.html", context, status=status)


@require_POST
@requires(Permission.PERSON_IMPORT)
def new_person_alike(request: PortalRequest) -> HttpResponse:
    """Who resembles what was typed so far: the part of the page that is asked for while typing. By POST, because names
    and numbers belong in no address."""
    form, pilots = _form(request)
    chosen = _chosen(form, pilots)
    cells = form.cells()
    found = resembling(chosen, cells, by=request.scope, today=timezone.localdate()) if chosen else []
    context = {"found": found, "strong": STRONG, "remarks": _remarks(cells)}
    return render(request, "workers/likeness/resembling.html", context)


def _remarks(cells: dict[str, str]) -> list[str]:
    """What is said about what was typed, and holds up nothing."""
    whole = not cells.get("given_names") and is_whole_name(cells.get("family_name", ""))
    return [whole_name_words()] if whole else []
