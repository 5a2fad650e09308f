"""Duties: who owes what by when, proof that one was done, and clocks that people start by hand."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.parameters import number, without
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.scope import Scope
from accounts.verbs import SeeOther, requires
from compliance.duties import recording
from compliance.duties.door import DUE, KEPT, LATE, OPEN, OVERDUE, SOON, STATES, Owed, due, organisations
from compliance.duties.reminding import latest
from compliance.duties.words import ABOUT, OWNERS, TONES, addressee_words, duty_words, owner_words, state_words
from compliance.filter_forms import DutyFilter
from compliance.forms_duties import DischargeForm, StartForm, TakeBackForm
from compliance.models import DutyDischarge, DutyReminder
from compliance.queries import placement_or_404
from pilots.chosen import pilot_number
from pilots.models import Pilot

GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 25
MOST_AT_ONCE = 200
LATER_DAYS = 60
TOTALS = {"overdue": OVERDUE, "due": DUE, "soon": SOON, "late": LATE}
MAY_RECORD = (Permission.FINDING_RESOLVE, Permission.ACTION_ANSWER)


@require_safe
@requires(Permission.PERSON_VIEW)
def duties(request: PortalRequest) -> HttpResponse:
    """What is owed, overdue first; an organisation sees its own duties, the programme those of everybody."""
    today = timezone.localdate()
    asked = {name: request.GET.get(name, "") for name in ("pilot", "state", "owner", "worker")}
    pilots = list(Pilot.objects.order_by("name", "pk"))
    everything, found = asked_duties(request.scope, asked, today)
    first = number(request.GET.get("from", ""), 999_999) or 0
    shown, counts = found[first : first + PAGE], Counter(owed.state for owed in everything)
    context = {
        "lines": _lines(request, shown), "counts": counts, "soon": counts[SOON], "today": today,
        "filter": DutyFilter(
            request.GET, pilots, owner=_owners(everything),
            state=[("", _("Open, the next 60 days")), *((state, state_words(state)) for state in STATES)],
        ),
        "behind": {name: f"?{urlencode({'pilot': asked['pilot'], 'state': state})}" for name, state in TOTALS.items()},
        "given": without(request.GET, "from"), "total": len(found), "first": first + 1, "last": first + len(shown),
        "next": first + PAGE if len(found) > first + PAGE else None,
        "starts": [p for p in pilots if _may_start(request) and recording.by_hand(p, request.scope)], "several": len(pilots) > 1,
    }  # fmt: skip
    return render(request, "compliance/duties.html", context)


def asked_duties(by: Scope, given: Mapping[str, str], today: date) -> tuple[list[Owed], list[Owed]]:
    """(all duties of the pilot chosen, those of them under the filters of the page), overdue first."""
    asked = {name: given.get(name, "") for name in ("pilot", "state", "owner", "worker")}
    chosen = pilot_number(asked["pilot"])
    everything = due(by, on=today, pilot_id=chosen, since=today - KEPT)
    return everything, [owed for owed in everything if _fits(owed, asked, today)]


def _fits(owed: Owed, asked: dict[str, str], today: date) -> bool:
    if asked["owner"] in OWNERS and asked["owner"] not in owed.owners:
        return False
    if asked["worker"] and asked["worker"].casefold() not in f"{owed.worker} {owed.name}".casefold():
        return False
    if asked["state"] in STATES:
        return owed.state == asked["state"]
    return owed.state in OPEN and (owed.due is None or (owed.due - today).days <= LATER_DAYS)


def _owners(found: list[Owed]) -> list[tuple[str, str]]:
    """The owners to choose from."""
    present = {owner for owed in found for owner in owed.owners}
    return [(owner, _(words)) for owner, words in OWNERS.items() if owner in present]


def _may_start(request: PortalRequest) -> bool:
    return any(request.scope.allows(verb) for verb in MAY_RECORD)


def _lines(request: PortalRequest, shown: list[Owed]) -> list[dict]:
    """Each duty with its words, its owner's name, and the last reminder."""
    names = organisations(shown)
    reminders = latest(shown)
    may = _may_start(request)
    return [
        {
            "owed": owed, "words": duty_words(owed), "owner": owner_words(owed), "state": state_words(owed.state),
            "tone": TONES.get(owed.state, "neutral"), "token": recording.token_of(owed), "kind": _(ABOUT[owed.about]),
            "organisations": [names[pk].name for pk in owed.organisation_ids if pk in names],
            "reminder": _reminder(reminders.get((*owed.subject, owed.key, owed.starts))) if owed.is_open else None,
            "may_record": may and owed.is_open and not owed.right and recording.may_record(owed.owners, request.scope),
        }
        for owed in shown
    ]  # fmt: skip


def _reminder(row: DutyReminder | None) -> dict | None:
    return {"to": addressee_words(row.addressee), "on": row.reminded_on} if row else None


@require_safe
@requires(Permission.PERSON_VIEW)
def placement_duties(request: PortalRequest, pk: int) -> HttpResponse:
    """What is owed about one worker; what was done is counted, and stands on the page of duties."""
    placement, today = placement_or_404(pk), timezone.localdate()
    found = due(request.scope, on=today, pilot_id=placement.pilot_id, placement_id=pk)
    waiting = [owed for owed in found if owed.is_open]
    context = {
        "placement": placement, "lines": _lines(request, waiting), "open": len(waiting),
        "closed": len(found) - len(waiting), "today": today,
    }  # fmt: skip
    template = "compliance/placement_duties.html"
    return render(request, f"{template}#panel" if request.htmx else template, context)


@GET_AND_POST
@requires(*MAY_RECORD)
def discharges(request: PortalRequest) -> HttpResponse:
    """Record one or several duties as done, with the day and what shows it."""
    today = timezone.localdate()
    tokens = (request.POST if request.method == "POST" else request.GET).getlist("duty")[:MOST_AT_ONCE]
    found = [owed for owed in recording.find(request.scope, tokens, on=today) if owed.is_open and not owed.right]
    if not found:
        messages.info(request, _("These duties are no longer open, or none was chosen."))
        return SeeOther(reverse("compliance:duties"))
    form = DischargeForm(request.POST if request.method == "POST" else None, initial={"done_on": today})
    if form.is_valid():
        try:
            made = recording.discharge(found, by=request.scope, today=today, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            words = ngettext("The duty was recorded as done.", "%(n)s duties were recorded as done.", len(made))
            messages.success(request, words % {"n": len(made)})
            return SeeOther(reverse("compliance:duties"))
    context = {"lines": _lines(request, found), "form": form, "today": today}
    return render(request, "compliance/duty_discharge.html", context, status=_status(form))


@GET_AND_POST
@requires(*MAY_RECORD)
def takings_back(request: PortalRequest, pk: int) -> HttpResponse:
    """A proof was wrong: the duty is open again."""
    row = get_object_or_404(DutyDischarge.objects.select_related("placement__person"), pk=pk)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            recording.take_back(row, by=request.scope, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("The proof was taken back. The duty is open again."))
            return SeeOther(reverse("compliance:duties"))
    return render(request, "compliance/duty_taking_back.html", {"row": row, "form": form}, status=_status(form))


@GET_AND_POST
@requires(*MAY_RECORD)
def starts(request: PortalRequest, slug: str) -> HttpResponse:
    """Record that something happened that starts a clock: an incident, a request, an intent to leave."""
    pilot = get_object_or_404(Pilot.objects.select_related("corridor"), slug=slug)
    today, offered = timezone.localdate(), recording.by_hand(pilot, request.scope)
    if not offered:
        raise Http404
    form = StartForm(
        request.POST if request.method == "POST" else None, pilot=pilot, clocks=offered,
        initial={"happened_on": today, "known_on": today},
    )  # fmt: skip
    if form.is_valid():
        try:
            recording.start(pilot, by=request.scope, today=today, **form.facts())
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("Recorded. The clock runs."))
            return SeeOther(f"{reverse('compliance:duties')}?pilot={pilot.pk}")
    return render(request, "compliance/duty_start.html", {"pilot": pilot, "form": form}, status=_status(form))


def _status(form: Form) -> int:
    return 422 if form.is_bound else 200
