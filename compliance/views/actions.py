"""Corrective actions: the list, one action for its owner and for those who verify, and what can be done to it."""

from collections.abc import Callable
from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.parameters import mark
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance.models import CorrectiveAction
from compliance.remedies import actions as door
from compliance.remedy_forms import ActionForm, StepForm, with_subject
from compliance.views.findings import finding_or_404, finding_page, refuse

PAGE = 50
SHOWN = 5
STATES = {"open": door.OPEN, "reported": (door.DONE,), "closed": (door.VERIFIED, door.WITHDRAWN)}
MAY_SEE = (Permission.ACTION_ANSWER, Permission.FINDING_VIEW)


def rows_of_state(state: str):
    """The actions in one of ``STATES``, the longest due first."""
    rows = door.standing(CorrectiveAction.objects.all(), STATES[state])
    return rows.select_related("owner", "placement__person", "pilot").order_by("due_on", "pk")


@require_safe
@requires(*MAY_SEE)
def actions(request: PortalRequest) -> HttpResponse:
    """What is to be mended, the longest due first: an owner's own, or all of the pilot for those who follow it."""
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    rows = rows_of_state(state)
    if after := mark(request.GET.get("after", ""), date, int):
        on, pk = after
        rows = rows.filter(due_on__gte=on).exclude(due_on=on, pk__lte=pk)
    found = list(rows[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    context = {
        "rows": found, "state": state, "today": timezone.localdate(), "states": _states(),
        "follows": request.scope.allows(Permission.FINDING_VIEW),
        "next": f"{found[-1].due_on.isoformat()}~{found[-1].pk}" if more else "",
    }  # fmt: skip
    return render(request, "compliance/actions.html", context)


def _states() -> list[tuple[str, str]]:
    return [("open", _("To be done")), ("reported", _("Reported done, to be verified")), ("closed", _("Closed"))]


@require_safe
@requires(*MAY_SEE)
def actions_panel(request: PortalRequest) -> HttpResponse:
    """For home pages: what is to be done, and what waits for somebody to verify it."""
    today = timezone.localdate()
    found = list(rows_of_state("open")[: SHOWN + 1])
    follows = request.scope.allows(Permission.FINDING_VIEW)
    context = {
        "rows": found[:SHOWN], "more": len(found) > SHOWN, "today": today, "follows": follows,
        "reported": list(rows_of_state("reported")[:SHOWN]) if follows else [],
    }  # fmt: skip
    template = "compliance/actions_panel.html"
    return render(request, f"{template}#panel" if request.htmx else template, context)


def _one(pk: int) -> CorrectiveAction:
    rows = door.standing(CorrectiveAction.objects.select_related("owner", "placement__person", "pilot", "organisation"))
    return get_object_or_404(rows, pk=pk)


@require_safe
@requires(*MAY_SEE)
def action(request: PortalRequest, pk: int) -> HttpResponse:
    """One action: what is to be done, until when, what happened, and the forms of whoever may act now."""
    found = _one(pk)
    if found.restricted:
        audit.read_sensitive(request, "corrective action", found.pk)
    return _page(request, found)


def _page(
    request: PortalRequest, found: CorrectiveAction, sent: dict[str, Form] | None = None, *, status: int = 200
) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()
    forms = sent or {}
    owns = found.owner_id == scope.organisation_id
    judges = scope.allows(Permission.FINDING_RESOLVE)
    state = found.state  # type: ignore[attr-defined]  # annotated by ``standing``
    reported = state == door.DONE
    context = {
        "action": found, "today": today, "state": state, "owns": owns, "follows": scope.allows(Permission.FINDING_VIEW),
        "steps": list(door.newest(found.steps.select_related("organisation"))),
        "report_form": forms.get("report_form") or (_report_form(None) if owns and state in door.OPEN else None),
        "verify_form": forms.get("verify_form") or (_verify_form(None) if judges and reported and not owns else None),
        "return_form": forms.get("return_form") or (_return_form(None) if judges and reported and not owns else None),
        "withdraw_form": forms.get("withdraw_form")
        or (_withdraw_form(None) if judges and state in (*door.OPEN, door.DONE) else None),
    }  # fmt: skip
    return render(request, "compliance/action.html", context, status=status)


def _form(data, label: str, hint: str, prefix: str) -> StepForm:
    start = {"on": timezone.localdate()}
    return StepForm(data, label=label, hint=hint, initial=start, auto_id=f"{prefix}_%s")


def _report_form(data) -> StepForm:
    hint = _("For example the date of the payment and the payslip that shows it. The programme reads this.")
    return _form(data, _("What was done, and what shows it"), hint, "report")


def _verify_form(data) -> StepForm:
    return _form(
        data, _("How you know that it was done"), _("Stands with the finding. The owner does not read it."), "verify"
    )


def _return_form(data) -> StepForm:
    return _form(data, _("What is still to be done"), _("The owner reads this. Name nobody who told you."), "return")


def _withdraw_form(data) -> StepForm:
    return _form(data, _("Why it is withdrawn"), _("The owner reads this."), "withdraw")


def _act(
    request: PortalRequest,
    pk: int,
    name: str,
    form: StepForm,
    act: Callable[[CorrectiveAction, dict], object],
    done: str,
) -> HttpResponse:
    found = _one(pk)
    if form.is_valid() and form.cleaned_data["on"] > timezone.localdate():
        form.add_error("on", _("The date lies in the future."))
    if form.is_valid():
        try:
            with transaction.atomic():
                act(found, form.cleaned_data)
        except ValidationError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, done)
            return SeeOther(reverse("compliance:action", args=[pk]))
    return _page(request, found, {name: form}, status=422)


@require_POST
@requires(Permission.ACTION_ANSWER, Permission.FINDING_RESOLVE)
def reports(request: PortalRequest, pk: int) -> HttpResponse:
    """The owner reports it done, with what shows it."""

    def act(found: CorrectiveAction, data: dict) -> object:
        return door.report_done(found, by=request.scope, on=data["on"], words=data["words"])

    return _act(
        request, pk, "report_form", _report_form(request.POST), act, _("Reported done. The programme verifies it.")
    )


@require_POST
@requires(Permission.FINDING_RESOLVE)
def verifications(request: PortalRequest, pk: int) -> HttpResponse:
    """Somebody else verifies that it was done."""

    def act(found: CorrectiveAction, data: dict) -> object:
        return door.verify(found, by=request.scope, on=data["on"], words=data["words"])

    return _act(request, pk, "verify_form", _verify_form(request.POST), act, _("Verified."))


@require_POST
@requires(Permission.FINDING_RESOLVE)
def returns(request: PortalRequest, pk: int) -> HttpResponse:
    """What was reported is not enough."""

    def act(found: CorrectiveAction, data: dict) -> object:
        return door.send_back(found, by=request.scope, on=data["on"], reason=data["words"])

    return _act(request, pk, "return_form", _return_form(request.POST), act, _("Returned to the owner."))


@require_POST
@requires(Permission.FINDING_RESOLVE)
def withdrawals(request: PortalRequest, pk: int) -> HttpResponse:
    """It is no longer asked for."""

    def act(found: CorrectiveAction, data: dict) -> object:
        return door.withdraw(found, by=request.scope, on=data["on"], reason=data["words"])

    return _act(request, pk, "withdraw_form", _withdraw_form(request.POST), act, _("The action is withdrawn."))


@require_POST
@requires(Permission.FINDING_RESOLVE)
def put(request: PortalRequest, pk: int) -> HttpResponse:
    """Put an action for this finding to whoever must act (POST to the finding's actions)."""
    found, today = finding_or_404(pk), timezone.localdate()
    form = ActionForm(request.POST, owners=door.owners(found), initial={"due_on": today + timedelta(days=14)})
    if form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                door.put(
                    [pk], words=with_subject(data["subject"], data["words"]), owner_id=int(data["owner"]), due_on=data["due_on"], by=request.scope,
                    on=today, person=data["person"], names_worker=data["names_worker"],
                )  # fmt: skip
        except ValidationError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, _("The action is put to them."))
            return SeeOther(reverse("compliance:finding", args=[pk]))
    return finding_page(request, found, status=422, sent={"action_form": form})
