"""The operator's page of keeping: what goes when and why, how much of it today and by a day to come, what holds it, and
when it ran. It changes nothing: the same statements as the nightly run, asked what would go.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import VisitorRequest
from accounts.scope import acting_as, operator_scope
from compliance.models import RetentionRun
from compliance.retaining import legal
from compliance.retaining.forgetting import Forgotten, forget
from compliance.retaining.terms import TERMS, Fate, Term
from lamp_portal.deleting import EVERY_RULE
from workers.files.retention import Rule, hands
from workers.sheets import forgetting as sheets

LATER = timedelta(days=365)
RUNS = 14
# A nightly run that is older than this did not happen.
LATE = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Due:
    """What would go at one moment. ``classes``: code of a term → number; ``kinds``: rule of files → number."""

    people: Forgotten
    classes: dict[str, int]
    kinds: dict[Rule, int]


def due_at(moment: datetime) -> Due:
    """Ask every door what would go, changing nothing; one statement for each kind of thing."""
    people = forget(now=moment, really=False)
    kinds = {}
    for rule, portal in hands(EVERY_RULE):
        with acting_as(portal):
            kinds[rule] = rule.count(moment)
    with acting_as(operator_scope(request="retention")):
        sent, downloads = sheets.due(moment)
    counts = {
        "people": people.people, "home": people.people, "words": people.people, "answers": people.answers, "files": sum(kinds.values()),
        "sheets": sent, "downloads": downloads, "confidence": people.review,
    }  # fmt: skip
    return Due(people, counts, kinds)


class DayForm(forms.Form):
    """The day to come that the page counts for."""

    on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))


def _day(given: str, today: date) -> date:
    form = DayForm({"on": given})
    found = form.cleaned_data["on"] if form.is_valid() else None
    return found if found and today <= found <= today + 40 * LATER else today + LATER


def _line(term: Term, now: Due, then: Due) -> dict:
    code = term.code
    kept = term.fate == Fate.KEPT
    return {
        "term": term, "kept": kept, "now": now.classes.get(code), "then": then.classes.get(code),
        "held": now.people.held if code == "people" else None,
    }  # fmt: skip


@require_safe
def retention(request: VisitorRequest) -> HttpResponse:
    """Every class with its term, its reason and its numbers; the operators' alone, who sees no person here either."""
    moment = timezone.now()
    today = timezone.localdate(moment)
    day = _day(request.GET.get("on", ""), today)
    now, then = due_at(moment), due_at(datetime.combine(day, time(23, 59), UTC))
    runs = list(RetentionRun.objects.all()[:RUNS])
    last = {door: next((run for run in runs if run.door == door), None) for door in RetentionRun.Door.values}
    why = {
        "finding": _("A finding is open or waived"), "hold": _("A hold stands"),
        "action": _("A corrective action is not finished"), "payment": _("A payment waits to be verified"),
        "money": _("Money is owed"), "law": _("A legal hold stands"),
    }  # fmt: skip
    context = {
        "lines": [_line(term, now, then) for term in TERMS], "today": today, "day": day, "runs": runs,
        "late": [RetentionRun.Door(door).label for door, run in last.items() if run is None or moment - run.ran_at > LATE],
        "kinds": [
            {"name": rule.model._meta.verbose_name_plural, "words": rule.words, "now": number, "then": then.kinds[rule]}
            for rule, number in now.kinds.items()
        ],
        "held": now.people.held, "legal": legal.standing(today),
        "holds": [(words, now.people.why.get(code, 0)) for code, words in why.items()],
    }  # fmt: skip
    return render(request, "operator/retention.html", context)
