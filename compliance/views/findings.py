"""Findings: what is open, one finding with all that belongs to it, and the three things that can be done to it."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form, Textarea
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.merging import read_again
from accounts.parameters import mark, without
from accounts.refusing import refuse
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance import findings as door
from compliance import following
from compliance.catalogue.reader import catalogue
from compliance.filter_forms import FindingFilter
from compliance.forms import RemedyForm, ReopenForm, WaiverForm
from compliance.gravity import RANKS
from compliance.models import Finding
from compliance.queries import (
    asked_findings,
    events_of,
    open_counts,
    page_of_findings,
    partners_of_findings,
    rank_of,
    sites_to_choose,
    standing_holds,
    who_can_act,
)
from compliance.remedies.balances import balances
from compliance.rules.table import rules
from compliance.rules.words import applied_lines, evidence_lines
from compliance.views.mending import mending
from compliance.words import evidence_words, finding_words, indicator_words, question, severity_words, wrong
from pilots.models import Pilot

PAGE = 25


@require_safe
@requires(Permission.FINDING_VIEW)
def findings(request: PortalRequest) -> HttpResponse:
    """Findings by severity and age: the gravest and longest due first."""
    today = timezone.localdate()
    rows = asked_findings(request.GET)
    found = page_of_findings(rows, after=mark(request.GET.get("after", ""), int, date, int), limit=PAGE)
    more, found = len(found) > PAGE, found[:PAGE]
    last = found[-1] if found else None
    money, with_whom = balances(f.pk for f in found), who_can_act([f.pk for f in found])
    context = {
        "lines": [
            {"finding": f, "question": finding_words(f), "age": (today - f.opened_on).days, "balance": money.get(f.pk),
             "with": with_whom.get(f.pk, "")}
            for f in found
        ],
        "counts": open_counts(Finding.objects.all(), today), "filter": _filter(request), "today": today,
        "may_settle": request.scope.allows(Permission.FINDING_RESOLVE), "given": without(request.GET, "after"),
        "next": f"{rank_of(last)}~{last.due_on.isoformat()}~{last.pk}" if more and last and last.due_on else "",
    }  # fmt: skip
    return render(request, "compliance/findings.html", context)


def _filter(request: PortalRequest) -> FindingFilter:
    others = [(s.value, s.label) for s in Finding.State if s != Finding.State.OPEN]
    return FindingFilter(
        request.GET, list(Pilot.objects.order_by("name", "pk")), state=[("", Finding.State.OPEN.label), *others],
        severity=[(c, severity_words(c)) for c in RANKS], partner=partners_of_findings(), site=sites_to_choose(),
    )  # fmt: skip


def finding_or_404(pk: int) -> Finding:
    """A finding in sight with all that its page shows."""
    rows = Finding.objects.select_related(
        "placement__person", "placement__site", "placement__employer", "placement__state", "pilot", "site",
        "answer__check_record__organisation",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


@require_safe
@requires(Permission.FINDING_VIEW)
def finding(request: PortalRequest, pk: int) -> HttpResponse:
    """One finding: what was found and what showed it, what it may be a sign of, the hold, and what happened since."""
    found = finding_or_404(pk)
    if found.restricted:
        audit.read_sensitive(request, "finding", found.pk, restricted=True)
    return finding_page(request, found)


def finding_page(
    request: PortalRequest,
    found: Finding,
    *,
    late: bool = False,
    status: int = 200,
    sent: Mapping[str, Form] | None = None,
    problem: str = "",
) -> HttpResponse:
    """The page of a finding, with the forms that were sent and are wrong, or the ``problem`` of a button."""
    scope, today = request.scope, timezone.localdate()
    about = {"placement_id": found.placement_id} if found.placement_id else {"site_id": found.site_id}
    others = Finding.objects.filter(**about, state=Finding.State.OPEN).exclude(pk=found.pk)
    touched = list(dict.fromkeys([*found.indicators, *(code for f in others for code in f.indicators)]))
    book = {item.code: item for item in catalogue().items}
    may_close = scope.allows(Permission.FINDING_RESOLVE)
    start = {"revision": found.revision, "on": today}
    resolves = may_close and found.state != Finding.State.RESOLVED
    waives = scope.allows(Permission.FINDING_WAIVE) and found.state == Finding.State.OPEN
    reopens = may_close and found.state != Finding.State.OPEN
    waiver_start = {"revision": found.revision, "until": today + timedelta(days=14)}
    forms = sent or {}
    context = {
        "finding": found, "title": wrong(found), "question": question(found.code), "item": book.get(found.code), "today": today,
        "answer": found.answer, "evidence": evidence_words(found.answer.evidence) if found.answer else "", "late": late,
        "yours": [
            field.value() for form in forms.values() for field in form.visible_fields()
            if late and isinstance(field.field.widget, Textarea) and field.value()
        ],
        "indicators": indicator_words(found.indicators), "touched": indicator_words(touched),
        "asks_for_review": len(touched) > 1 or found.severity == "critical",
        "evidence_lines": evidence_lines(found), "applied": applied_lines(found), "rule": rules().get(found.code),
        "hold": next((h for h in standing_holds([found.placement_id] if found.placement_id else []) if h.source == f"finding:{found.pk}"), None),
        "events": events_of([found.pk]), "waiver": found.waivers.order_by("-pk").first(),
        "remedy_form": forms.get("remedy_form") or (RemedyForm(initial=start, label_suffix="") if resolves else None),
        "waiver_form": forms.get("waiver_form") or (WaiverForm(initial=waiver_start, label_suffix="") if waives else None),
        "reopen_form": forms.get("reopen_form") or (ReopenForm(initial=start, label_suffix="") if reopens else None),
        "follows": not found.restricted and following.follows(found, scope),
        "problem": problem, **mending(scope, found, today, forms),
    }  # fmt: skip
    return render(request, "compliance/finding.html", context, status=status)


@require_POST
@requires(Permission.FINDING_VIEW)
def follows(request: PortalRequest, pk: int) -> HttpResponse:
    """Follow a finding, or follow it no more."""
    found = finding_or_404(pk)
    if request.POST.get("follow") == "no":
        following.unfollow(found, by=request.scope)
        messages.success(request, _("You no longer follow this."))
    else:
        following.follow(found, by=request.scope)
        messages.success(
            request, _("You follow this. What changes stands under “What changed”, and comes by mail as you choose.")
        )
    return SeeOther(reverse("compliance:finding", args=[found.pk]))


def _act(
    request: PortalRequest, pk: int, name: str, form: Form, act: Callable[[Finding, dict], object], done: str
) -> HttpResponse:
    """Do it to the finding as it was read; or show the form with what is wrong, or the finding as it stands now."""
    found = finding_or_404(pk)
    if form.is_valid():
        read = form.cleaned_data["revision"]
        stands = found.revision
        found.revision = read
        try:
            with transaction.atomic():
                act(found, form.cleaned_data)
        except ValidationError as wrong:
            found.revision = stands
            refuse(form, wrong)
        except door.Changed as changed:
            fresh = finding_or_404(changed.finding.pk)
            read_again(form, fresh.revision)  # what was written stays where that still fits, and stands above it
            return finding_page(request, fresh, late=True, status=409, sent={name: form})
        except Finding.DoesNotExist:
            return finding_page(request, finding_or_404(pk), status=404)
        else:
            messages.success(request, done)
            return SeeOther(reverse("compliance:finding", args=[pk]))
    return finding_page(request, found, status=422, sent={name: form})


@require_POST
@requires(Permission.FINDING_RESOLVE)
def remedies(request: PortalRequest, pk: int) -> HttpResponse:
    """Resolve the finding with what was done."""
    today = timezone.localdate()
    form = RemedyForm(request.POST, label_suffix="")
    if form.is_valid() and form.cleaned_data["on"] > today:
        form.add_error("on", _("The date lies in the future."))

    def act(found: Finding, data: dict) -> object:
        return door.resolve(found, by=request.scope, on=data["on"], remedy=data["remedy"])

    return _act(request, pk, "remedy_form", form, act, _("The finding is resolved."))


@require_POST
@requires(Permission.FINDING_WAIVE)
def waivers(request: PortalRequest, pk: int) -> HttpResponse:
    """Waive the finding by name, for a reason, until a day."""
    today = timezone.localdate()

    def act(found: Finding, data: dict) -> object:
        return door.waive(found, by=request.scope, reason=data["reason"], until=data["until"], on=today)

    form = WaiverForm(request.POST, label_suffix="")
    return _act(request, pk, "waiver_form", form, act, _("The finding is waived until the day you chose."))


@require_POST
@requires(Permission.FINDING_RESOLVE)
def reopenings(request: PortalRequest, pk: int) -> HttpResponse:
    """Open the finding again."""
    today = timezone.localdate()

    def act(found: Finding, data: dict) -> object:
        return door.reopen(found, by=request.scope, on=max(today, found.opened_on), reason=data["reason"])

    form = ReopenForm(request.POST, label_suffix="")
    return _act(request, pk, "reopen_form", form, act, _("The finding is open again."))
