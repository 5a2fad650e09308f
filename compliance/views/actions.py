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
from accounts.parameters import mark, without
from accounts.refusing import refuse
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.rows import may as may_use
from accounts.verbs import SeeOther, requires
from compliance.evidence import show
from compliance.filter_forms import StateFilter
from compliance.models import CorrectiveAction, StepFile
from compliance.remedies import actions as door
from compliance.remedies.together import MOST, alike
from compliance.remedy_forms import ActionForm, StepForm, with_subject
from compliance.views.findings import finding_or_404, finding_page
from workers.files.delivery import attachment
from workers.files.door import withdraw
from workers.files.views import lines_of, take_back

PAGE = 50
SHOWN_ALIKE = 20
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
        "rows": found, "today": timezone.localdate(), "given": without(request.GET, "after"),
        "filter": StateFilter(request.GET, state=_states()),
        "follows": request.scope.allows(Permission.FINDING_VIEW),
        "next": f"{found[-1].due_on.isoformat()}~{found[-1].pk}" if more else "",
    }  # fmt: skip
    return render(request, "compliance/actions.html", context)


def _states() -> list[tuple[str, str]]:
    return [("", _("To be done")), ("reported", _("Reported done, to be verified")), ("closed", _("Closed"))]


def _one(pk: int) -> CorrectiveAction:
    rows = door.standing(CorrectiveAction.objects.select_related("owner", "placement__person", "pilot", "organisation"))
    return get_object_or_404(rows, pk=pk)


@require_safe
@requires(*MAY_SEE)
def action(request: PortalRequest, pk: int) -> HttpResponse:
    """One action: what is to be done, until when, what happened, and the forms of whoever may act now."""
    found = _one(pk)
    if found.restricted:
        audit.read_sensitive(request, "corrective action", found.pk, restricted=True)
    return _page(request, found)


def _page(
    request: PortalRequest, found: CorrectiveAction, sent: dict[str, Form] | None = None, *, status: int = 200
) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()
    owns = found.owner_id == scope.organisation_id
    judges = scope.allows(Permission.FINDING_RESOLVE)
    state = found.state  # type: ignore[attr-defined]  # annotated by ``standing``
    others = list(alike(found).select_related("placement__person").order_by("pk"))
    reported = state == door.DONE
    may = {
        "report_form": owns and state in door.OPEN,
        "verify_form": judges and reported and not owns,
        "return_form": judges and reported and not owns,
        "withdraw_form": judges and state in (*door.OPEN, door.DONE),
    }
    forms: dict[str, Form | None] = {
        name: _form(name, None, found) if allowed else None for name, allowed in may.items()
    }
    context = {
        "action": found, "today": today, "state": state, "owns": owns, "follows": scope.allows(Permission.FINDING_VIEW),
        "steps": list(door.newest(found.steps.select_related("organisation"))), "alike": others[:SHOWN_ALIKE],
        "files": [lines_of(f, "compliance:action_file") for f in StepFile.objects.filter(step__action=found).order_by("pk")],
        "may_withdraw": judges and may_use(StepFile, scope.db_role, "u"), "alike_more": max(len(others) - SHOWN_ALIKE, 0), **forms, **(sent or {}),
    }  # fmt: skip
    return render(request, "compliance/action.html", context, status=status)


def _words(name: str) -> tuple[str, str]:
    """(label, hint) of the words of a form."""
    return {
        "report_form": (
            _("What was done, and what shows it"),
            _("For example the date of the payment and the payslip that shows it. The programme reads this."),
        ),
        "verify_form": (_("How you know that it was done"), _("Stands with the finding. The owner does not read it.")),
        "return_form": (_("What is still to be done"), _("The owner reads this. Name nobody who told you.")),
        "withdraw_form": (_("Why it is withdrawn"), _("The owner reads this.")),
    }[name]


def _stand_alike(found: CorrectiveAction, name: str) -> list[CorrectiveAction]:
    """The actions put with this one that this form may answer as well: those that stand where it stands."""
    states: tuple[str, ...] = (door.DONE,) if name in {"verify_form", "return_form"} else door.OPEN
    if name == "withdraw_form":
        states = (*door.OPEN, door.DONE)
    return list(alike(found, states).order_by("pk")[:MOST])


def _form(name: str, data, found: CorrectiveAction, files=None) -> StepForm:
    label, hint = _words(name)
    start, prefix = {"on": timezone.localdate()}, name.removesuffix("_form")
    others = len(_stand_alike(found, name))
    return StepForm(
        data, label=label, hint=hint, alike=others, files=files, takes_files=name == "report_form", initial=start,
        auto_id=f"{prefix}_%s",
    )  # fmt: skip


def _act(
    request: PortalRequest,
    pk: int,
    name: str,
    act: Callable[[CorrectiveAction, dict, list[CorrectiveAction]], object],
    done: str,
) -> HttpResponse:
    found = _one(pk)
    form = _form(name, request.POST, found, request.FILES)
    if form.is_valid() and form.cleaned_data["on"] > timezone.localdate():
        form.add_error("on", _("The date lies in the future."))
    if form.is_valid():
        try:
            with transaction.atomic():
                act(found, form.cleaned_data, _stand_alike(found, name) if form.cleaned_data.get("also") else [])
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

    def act(found: CorrectiveAction, data: dict, also: list[CorrectiveAction]) -> object:
        step = door.report_done(found, by=request.scope, on=data["on"], words=data["words"], also=also)
        for words in show(step, data["files"], by=request.scope):
            messages.warning(request, words)
        return step

    return _act(request, pk, "report_form", act, _("Reported done. The programme verifies it."))


@require_safe
@requires(*MAY_SEE)
def file(request: PortalRequest, pk: int) -> HttpResponse:
    """What shows a report, as a download; the reading is recorded."""
    return attachment(request, get_object_or_404(StepFile, pk=pk), "report")


@require_POST
@requires(Permission.FINDING_RESOLVE)
def file_withdrawals(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a file back, with a reason: it shows somebody whom the owner should not have photographed."""
    row = get_object_or_404(StepFile.objects.select_related("step"), pk=pk)
    take_back(request, lambda reason: withdraw(row, by=request.scope, reason=reason))
    return SeeOther(reverse("compliance:action", args=[row.step.action_id]))


@require_POST
@requires(Permission.FINDING_RESOLVE)
def verifications(request: PortalRequest, pk: int) -> HttpResponse:
    """Somebody else verifies that it was done."""

    def act(found: CorrectiveAction, data: dict, also: list[CorrectiveAction]) -> object:
        return door.verify(found, by=request.scope, on=data["on"], words=data["words"], also=also)

    return _act(request, pk, "verify_form", act, _("Verified."))


@require_POST
@requires(Permission.FINDING_RESOLVE)
def returns(request: PortalRequest, pk: int) -> HttpResponse:
    """What was reported is not enough."""

    def act(found: CorrectiveAction, data: dict, also: list[CorrectiveAction]) -> object:
        return door.send_back(found, by=request.scope, on=data["on"], reason=data["words"], also=also)

    return _act(request, pk, "return_form", act, _("Returned to the owner."))


@require_POST
@requires(Permission.FINDING_RESOLVE)
def withdrawals(request: PortalRequest, pk: int) -> HttpResponse:
    """It is no longer asked for."""

    def act(found: CorrectiveAction, data: dict, also: list[CorrectiveAction]) -> object:
        return door.withdraw(found, by=request.scope, on=data["on"], reason=data["words"], also=also)

    return _act(request, pk, "withdraw_form", act, _("The action is withdrawn."))


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
