"""The rules of a pilot: on any day, as known on any day, what changed when, one rule's history, and overrides."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from pilots import overriding
from pilots.forms_overrides import EndForm, OverrideForm
from pilots.models import ParameterOverride, Pilot
from pilots.rulebook import Rulebook, rulebook
from pilots.rules import Rule, changes, history, rule_of, rules
from pilots.schemes.scheme import UnknownParameter
from pilots.schemes.writing import read_value
from pilots.value_words import written
from pilots.views.places import pilot_or_404
from pilots.views.schemes import day_asked

GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


def _frame(request: PortalRequest, pilot: Pilot, book: Rulebook, current: str) -> dict:
    """What all these pages show: the pilot, its scheme and the tabs."""
    places = (
        ("rules", _("In force"), "pilots:rules"), ("changes", _("What changed when"), "pilots:rule_changes"),
        ("overrides", _("Overrides"), "pilots:overrides"),
    )  # fmt: skip
    tabs = [
        {"label": words, "url": reverse(url, args=[pilot.slug]), "current": c == current} for c, words, url in places
    ]
    return {
        "pilot": pilot, "scheme": book.scheme, "tabs": tabs, "may_edit": request.scope.allows(Permission.PILOT_EDIT),
    }  # fmt: skip


@require_GET
@requires(Permission.PERSON_VIEW)
def in_force(request: PortalRequest, slug: str) -> HttpResponse:
    """Every rule in force on a day, with its source, whether it was seen there, and the pilot's own values marked."""
    pilot = pilot_or_404(slug)
    on, known_on = day_asked(request) or timezone.localdate(), day_asked(request, "known")
    book = rulebook(pilot, known_on)
    found = rules(book, on)
    context = _frame(request, pilot, book, "rules") | {
        "on": on, "known_on": known_on, "rules": found, "unverified": sum(not rule.verified for rule in found),
        "departures": sum(rule.departure is not None for rule in found),
    }  # fmt: skip
    return render(request, "pilots/rules.html", context)


@require_GET
@requires(Permission.PERSON_VIEW)
def rule_changes(request: PortalRequest, slug: str) -> HttpResponse:
    """Every change of a rule, the newest first, and what was corrected backwards in time."""
    pilot = pilot_or_404(slug)
    book = rulebook(pilot)
    context = _frame(request, pilot, book, "changes") | {
        "changes": changes(book), "corrections": [_corrected(row) for row in reversed(book.scheme.corrections)],
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "pilots/rule_changes.html", context)


def _corrected(row) -> dict:
    """A correction with what the rule read before, in words."""
    was: list[Rule] = [rule_of(value) for value in row.was]
    return {"correction": row, "words": row.was[0].words, "was": was}


@require_GET
@requires(Permission.PERSON_VIEW)
def rule(request: PortalRequest, slug: str, name: str) -> HttpResponse:
    """One rule: every value it has had for this pilot, and its corrections."""
    pilot = pilot_or_404(slug)
    book = rulebook(pilot)
    try:
        values = history(book, name)
    except UnknownParameter as unknown:
        raise Http404 from unknown
    context = _frame(request, pilot, book, "") | {
        "values": values, "words": values[0].words, "name": name, "today": timezone.localdate(),
        "corrections": [_corrected(row) for row in book.scheme.corrections_of(name)],
    }  # fmt: skip
    return render(request, "pilots/rule.html", context)


@GET_AND_POST
@requires(Permission.PERSON_VIEW)
def overrides(request: PortalRequest, slug: str) -> HttpResponse:
    """Where this pilot departs from its scheme, now and earlier; the programme adds one here."""
    pilot = pilot_or_404(slug)
    if request.method == "POST":
        return _depart(request, pilot)
    return _overrides(request, pilot)


def _overrides(request: PortalRequest, pilot: Pilot, form: Form | None = None, status: int = 200) -> HttpResponse:
    book, today = rulebook(pilot), timezone.localdate()
    rows = ParameterOverride.objects.filter(pilot=pilot).order_by("-valid_from", "-pk")
    if form is None and request.scope.allows(Permission.PILOT_EDIT):
        form = OverrideForm(scheme=book.scheme, today=today, initial={"valid_from": today})
    lines = [
        {
            "row": row, "words": _words_of(book, row.parameter),
            "value": written(read_value(row.value, row.unit), row.unit, row.currency), "state": _state(row, today),
        }
        for row in rows
    ]  # fmt: skip
    context = _frame(request, pilot, book, "overrides") | {"lines": lines, "form": form, "today": today}
    return render(request, "pilots/overrides.html", context, status=status)


def _words_of(book: Rulebook, name: str) -> str:
    return book.changes(name)[0].words if name in book.names else name


def _state(row: ParameterOverride, today: date) -> str:
    """now, later, or over."""
    if (row.ended_on and row.ended_on <= today) or row.valid_to < today or row.ended_on == row.valid_from:
        return "over"
    return "later" if row.valid_from > today else "now"


def _depart(request: PortalRequest, pilot: Pilot) -> HttpResponse:
    request.scope.require(Permission.PILOT_EDIT)
    form = OverrideForm(request.POST, scheme=rulebook(pilot).scheme, today=timezone.localdate())
    if form.is_valid():
        try:
            overriding.depart(pilot, by=request.scope, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("The override was recorded. Rules, checks and duties of this pilot follow it."))
            return SeeOther(reverse("pilots:overrides", args=[pilot.slug]))
    return _overrides(request, pilot, form, status=422)


@GET_AND_POST
@requires(Permission.PILOT_EDIT)
def ends(request: PortalRequest, slug: str, pk: int) -> HttpResponse:
    """End an override before its time."""
    pilot = pilot_or_404(slug)
    row = get_object_or_404(ParameterOverride, pk=pk, pilot=pilot)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"on": timezone.localdate()})
    if form.is_valid():
        try:
            overriding.end(row, by=request.scope, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, "; ".join(wrong.messages))
        else:
            messages.success(request, _("The override was ended. From that day the scheme’s own value holds again."))
            return SeeOther(reverse("pilots:overrides", args=[pilot.slug]))
    book = rulebook(pilot)
    context = {"pilot": pilot, "row": row, "words": _words_of(book, row.parameter), "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "pilots/override_end.html", context, status=status)
