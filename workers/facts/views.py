"""Pages of a placement's terms, of the rooms of a site and of recruiters' licences, and the forms to record one fact."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.merging import ask
from accounts.models import Organisation
from accounts.parameters import number
from accounts.requests import PortalRequest
from accounts.roles import Kind, Permission
from accounts.rows import may
from accounts.verbs import SeeOther, requires
from pilots.models import Participation, Pilot, Site
from workers.facts import queries
from workers.facts.forms import FactForm, cost_items
from workers.facts.meeting import meet, stands
from workers.facts.one import One, record, trace_of
from workers.models import Placement, RecruiterLicence, Room
from workers.queries import placement as placement_facts
from workers.sheets import versions
from workers.sheets.ledgers import LEDGERS

# The kinds that a placement's page records by hand; papers, consent and training have forms of their own.
OF_PLACEMENT = ("contracts", "deductions", "pay", "costs", "debts", "insurance", "travel", "stays", "bans")
GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])
WHOM = frozenset({"worker_id"})


@require_GET
@requires(Permission.PERSON_VIEW)
def terms(request: PortalRequest, pk: int) -> HttpResponse:
    """What was promised, what is taken from pay, how the worker is insured and housed, and what bars the way."""
    found = placement_facts.one(pk)
    today = timezone.localdate()
    shown = queries.terms_of(found, by=request.scope, today=today)
    context = {"placement": found, "terms": shown, "today": today, "may": _may(request), "plain": request.htmx}
    return render(request, "workers/facts/terms.html", context)


def _may(request: PortalRequest) -> dict[str, bool]:
    """Kind → whether this reader records it."""
    by = request.scope
    sends = by.allows(Permission.SHEET_SEND)
    return {kind: sends and may(LEDGERS[kind].model, by.db_role, "i") for kind in OF_PLACEMENT}


@GET_AND_POST
@requires(Permission.SHEET_SEND)
def fact(request: PortalRequest, pk: int, kind: str) -> HttpResponse:
    """Record one fact of a placement, or (``?of=``) what is new about one that is recorded."""
    if kind not in OF_PLACEMENT:
        raise Http404(kind)
    found = placement_facts.one(pk)
    _writable(request, kind)
    choices = {"item": cost_items()} if kind == "costs" else {}
    if kind == "stays":
        sites = Site.objects.filter(pilot_id=found.pilot_id, pk__in=Room.objects.values("site_id"))
        choices["site"] = [(name, name) for name in sites.values_list("name", flat=True)]
    form = FactForm(request.POST if request.method == "POST" else None, kind=kind, without=WHOM, choices=choices)
    form.initial = _initial(request, kind, found)
    form.show(form.initial)
    one = One(kind, found.pilot_id, found.cohort_id)
    back = reverse("workers:terms", args=[found.pk])
    context = {"placement": found, "title": _title(kind), "back": back, "of": "of" in request.GET}
    whom = {"worker_id": found.person.worker_code}
    if (of := number(request.GET.get("of", ""))) is not None:
        whom[versions.KEY] = versions.naming(of)
    return _recorded(request, form, one, whom, context, found.pk)


def _title(kind: str) -> str:
    return {
        "contracts": _("Record a version of the contract"), "deductions": _("Record an agreement on a deduction"),
        "pay": _("Record a payslip"), "costs": _("Record a recruitment cost"), "debts": _("Record a debt, deposit or bond"),
        "insurance": _("Record an insurance"), "travel": _("Record a journey"), "stays": _("Record a stay in a room"),
        "bans": _("Record a ban"),
    }[kind]  # fmt: skip


def _writable(request: PortalRequest, kind: str) -> None:
    """403 for a role that has the verb but not the table."""
    if not may(LEDGERS[kind].model, request.scope.db_role, "i"):
        raise PermissionDenied(kind)


def _initial(request: PortalRequest, kind: str, found: Placement) -> dict[str, str]:
    of = number(request.GET.get("of", ""))
    if of is None:
        return {}
    owner = {"person_id": found.person_id} if LEDGERS[kind].owner == "person" else {"placement": found}
    row = get_object_or_404(LEDGERS[kind].model, pk=of, **owner)
    return stands(kind, row)


def _recorded(
    request: PortalRequest,
    form: FactForm,
    one: One,
    whom: dict[str, str],
    context: dict[str, Any],
    whose: int,
    template: str = "workers/facts/record.html",
) -> HttpResponse:
    """Show the form, or give the fact to the door and go back; with every sentence when it is refused, and with both sides
    where somebody else recorded the same otherwise. ``whose``: as ``meet``."""
    if request.method == "POST":
        by, today = request.scope, timezone.localdate()
        met = meet(form, one, lambda texts: whom | form.cells(texts), whose, by=by, today=today)
        if met.settled.open:
            title, again = str(context["title"]), request.get_full_path()
            return ask(request, form, met.settled, met.now, title=title, back=context["back"], action=again)
        answer = record(one, whom | form.cells(met.settled.values), by=by, today=today)
        if answer.verdict != "refused":
            words = {
                "new": _("It was recorded."), "changed": _("The change was recorded; what stood there before is kept."),
                "same": _("This is recorded already."),
            }  # fmt: skip
            messages.success(request, words[answer.verdict])
            return SeeOther(context["back"])
        trace_of(request, answer, one.pilot_id)
        form.errors.clear()
        form.refuse(answer.problems)
    status = 422 if request.method == "POST" else 200
    return render(request, template, context | {"form": form}, status=status)


@require_GET
@requires(Permission.PERSON_VIEW)
def site(request: PortalRequest, pk: int) -> HttpResponse:
    """The rooms of a site: how each was last found, who lives there, and against what is approved."""
    if not may(Room, request.scope.db_role):
        raise PermissionDenied("room")
    found, today = queries.site_of(pk), timezone.localdate()
    rooms = queries.rooms_of(found, today=today)
    context = {
        "site": found, "rooms": rooms, "today": today, "crowded": [room for room in rooms if room.crowded],
        "may_inspect": request.scope.allows(Permission.SHEET_SEND) and may(LEDGERS["housing"].model, request.scope.db_role, "i"),
    }  # fmt: skip
    return render(request, "workers/facts/site.html", context)


@GET_AND_POST
@requires(Permission.SHEET_SEND)
def inspections(request: PortalRequest, pk: int) -> HttpResponse:
    """Record how a room was found; a room that is new is created with it."""
    found = queries.site_of(pk)
    _writable(request, "housing")
    form = FactForm(
        request.POST if request.method == "POST" else None, kind="housing", without=frozenset({"site"}), choices={}
    )
    form.initial = {"inspected_on": timezone.localdate().isoformat()}
    back = reverse("workers:site", args=[found.pk])
    context = {"site": found, "title": _("Record how a room was found"), "back": back}
    return _recorded(request, form, One("housing", found.pilot_id), {"site": found.name}, context, found.pk)


@GET_AND_POST
@requires(Permission.PERSON_VIEW)
def licences(request: PortalRequest, slug: str) -> HttpResponse:
    """The licences of a pilot's recruiters; the programme records one, or that the register was looked up again."""
    if not may(RecruiterLicence, request.scope.db_role):
        raise PermissionDenied("licence")
    found = get_object_or_404(Pilot, slug=slug)
    writes = request.scope.allows(Permission.SHEET_SEND) and may(RecruiterLicence, request.scope.db_role, "i")
    if request.method == "POST" and not writes:
        raise PermissionDenied("licence")
    back = reverse("workers:licences", args=[slug])
    rows = (
        RecruiterLicence.objects.filter(pilot=found)
        .select_related("recruiter")
        .order_by("recruiter__name", "-valid_from")
    )
    context = {
        "pilot": found,
        "licences": rows,
        "today": timezone.localdate(),
        "title": _("Licences of recruiters"),
        "writes": writes,
        "back": back,
    }
    if not writes:
        return render(request, "workers/facts/licences.html", context)
    recruiters = Participation.objects.filter(pilot=found, kind=Kind.RECRUITER, left_on__isnull=True).values(
        "organisation"
    )
    names = [(name, name) for name in Organisation.objects.filter(pk__in=recruiters).values_list("name", flat=True)]
    form = FactForm(
        request.POST if request.method == "POST" else None,
        kind="licences",
        without=frozenset(),
        choices={"recruiter": names},
    )
    return _recorded(request, form, One("licences", found.pk), {}, context, found.pk, "workers/facts/licences.html")
