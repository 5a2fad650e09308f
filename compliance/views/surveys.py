"""Surveys of a cohort: who is to be asked, who was reached, and the form of one survey."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance.models import SurveyContact
from compliance.queries import placement_or_404
from compliance.surveys.door import Try, record
from compliance.surveys.forms import SurveyForm
from compliance.surveys.instrument import edition_on
from compliance.surveys.standing import (
    ANSWERED,
    DIED,
    MISSED,
    NOBODY_TRIED,
    NOT_AGREED,
    NOT_YET,
    OPEN,
    Owed,
    of_cohort,
    of_placements,
)
from pilots.models import Cohort, ExchangeRate

LIST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One survey of the cohort in numbers: how many are owed, how it stands with them, and why not."""

    wave: str
    title: str
    first: date
    last: date
    owed: int
    answered: int
    open: int
    missed: int
    not_yet: int
    died: int
    over: int  # whose time is over
    over_answered: int
    why: tuple[tuple[str, int], ...]


def _states() -> dict[str, tuple[str, str]]:
    """State → words and tone."""
    return {
        OPEN: (_("To be asked"), "warning"), ANSWERED: (_("Answered"), "good"), NOT_YET: (_("Not yet"), "neutral"),
        MISSED: (_("Not reached in time"), "critical"),
        NOT_AGREED: (_("Did not agree to be contacted"), "neutral"), DIED: (_("Has died"), "neutral"),
    }  # fmt: skip


def _why(outcome: str) -> str:
    if outcome == NOT_AGREED:
        return _("Did not agree to be contacted")
    return _("Nobody noted a try") if outcome == NOBODY_TRIED else str(SurveyContact.Outcome(outcome).label)


def _lines(owed: list[Owed], today: date) -> list[Line]:
    answer = []
    for wave in SurveyContact.Wave:
        rows = [one for one in owed if one.wave == wave]
        if not rows:
            continue
        states = Counter(one.state for one in rows)
        over = [one for one in rows if one.closes_on < today and one.state != DIED]
        why = Counter(_why(one.outcome) for one in rows if one.state == MISSED)
        answer.append(Line(
            wave, str(wave.label), min(one.planned_on for one in rows), max(one.planned_on for one in rows), len(rows) - states[DIED],
            states[ANSWERED], states[OPEN], states[MISSED], states[NOT_YET], states[DIED],
            len(over), sum(one.state == ANSWERED for one in over),
            tuple(sorted(why.items(), key=lambda pair: (-pair[1], pair[0]))),
        ))  # fmt: skip
    return answer


@require_safe
@requires(Permission.SURVEY_RECORD)
def of_the_cohort(request: PortalRequest, pk: int) -> HttpResponse:
    """How the surveys of a cohort stand, and whom to ask now. ``?wave=`` and ``?state=`` choose the list."""
    cohort = get_object_or_404(Cohort.objects.select_related("pilot"), pk=pk)
    today = timezone.localdate()
    owed, states = of_cohort(cohort.pk, on=today, as_of=timezone.now()), _states()
    wave, state = request.GET.get("wave", ""), request.GET.get("state", OPEN)
    state = state if state in states else OPEN
    chosen = [one for one in owed if one.state == state and wave in ("", one.wave)]
    context = {
        "cohort": cohort, "lines": _lines(owed, today), "today": today, "state": state, "wave": wave, "label": states[state][0],
        "rows": [{"one": one, "wave": SurveyContact.Wave(one.wave).label, "why": "" if one.outcome == ANSWERED else _why(one.outcome)} for one in chosen[:LIST]],
        "more": max(0, len(chosen) - LIST), "edition": edition_on(today), "count": len(chosen),
        "states": [(code, words, sum(one.state == code for one in owed)) for code, (words, _tone) in states.items()],
    }  # fmt: skip
    return render(request, "compliance/surveys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SURVEY_RECORD)
def survey(request: PortalRequest, pk: int, wave: str) -> HttpResponse:
    """The form of one survey of one worker; POST notes the try. What was answered is shown to nobody afterwards."""
    if wave not in SurveyContact.Wave.values:
        raise Http404
    placement, today = placement_or_404(pk), timezone.localdate()
    owed = next((one for one in of_placements([pk], on=today, as_of=timezone.now()) if one.wave == wave), None)
    if owed is None:
        raise Http404
    questions = edition_on(today).questions(wave)
    form = SurveyForm(
        request.POST if request.method == "POST" else None,
        questions=questions,
        currencies=_currencies(placement),
        today=today,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            attempt = Try(placement, wave, data["outcome"], data["done_on"], data["mode"], form.answers())
            record([attempt], by=request.scope, today=today)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Noted. Nobody is shown the answers of one person."))
            return SeeOther(reverse("compliance:surveys", args=[placement.cohort_id]))
    context = {
        "placement": placement, "owed": owed, "form": form, "title": SurveyContact.Wave(wave).label,
        "asked": owed.state in (OPEN, MISSED) and owed.outcome != NOT_AGREED, "state": _states()[owed.state][0],
    }  # fmt: skip
    return render(request, "compliance/survey.html", context, status=422 if form.errors else 200)


def _currencies(placement) -> list[str]:
    """The currencies that amounts may be in: those that the pilot's currency is exchanged with first, then its own."""
    own = placement.pilot.currency
    pairs = ExchangeRate.objects.values_list("from_currency", "to_currency").distinct()
    others = {code for pair in pairs for code in pair if own in pair and code != own}
    return [*sorted(others), own]
