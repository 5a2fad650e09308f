"""Restricted cases. A list shows a code and what it is about; the account opens by a click that is itself a row."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organisation
from accounts.requests import PortalRequest
from accounts.roles import Kind, Permission
from accounts.verbs import SeeOther, requires
from compliance import cases as door
from compliance.case_forms import CaseForm, ChangeForm, CloseForm, EntryForm, ReopenCaseForm
from compliance.models import RestrictedCase
from compliance.queries import placement_or_404
from pilots.models import Participation, Pilot
from workers.models import Placement

CASES = Permission.CASE_RESTRICTED


@require_http_methods(["GET", "HEAD", "POST"])
@requires(CASES)
def cases(request: PortalRequest) -> HttpResponse:
    """GET: the cases I am named on. POST: open one."""
    if request.method == "POST":
        return _create(request)
    rows = door.visible_cases(request.scope).select_related("pilot").order_by("-opened_on", "-pk")
    # Open cases first: the words of the states do not sort that way.
    found = sorted(rows[:200], key=lambda c: c.state != RestrictedCase.State.OPEN)
    lines = [{"case": c, "category": door.CATEGORIES.get(c.category, c.category)} for c in found]
    return render(request, "compliance/cases.html", {"lines": lines})


@require_safe
@requires(CASES)
def case_new(request: PortalRequest) -> HttpResponse:
    """The form to open a case, about a worker or without a name; first the pilot, where there are several."""
    placement, pilot = _about(request.GET.get("placement", ""), request.GET.get("pilot", ""))
    if pilot is None:
        pilots = list(Pilot.objects.order_by("name", "pk"))
        if len(pilots) != 1:
            return render(request, "compliance/case_pilot.html", {"pilots": pilots})
        pilot = pilots[0]
    return _form_page(request, _form(request, None, placement, pilot), placement, pilot)


def _about(placement: str, pilot: str) -> tuple[Placement | None, Pilot | None]:
    if placement.isdecimal():
        found = placement_or_404(int(placement))
        return found, found.pilot
    return None, get_object_or_404(Pilot, pk=int(pilot)) if pilot.isdecimal() else None


def _form(request: PortalRequest, data, placement: Placement | None, pilot: Pilot) -> CaseForm:
    partners = Participation.objects.filter(
        pilot=pilot, left_on__isnull=True, kind__in=[Kind.EMPLOYER, Kind.RECRUITER]
    ).select_related("organisation")
    organisations = [(p.organisation_id, p.organisation.name) for p in partners.order_by("organisation__name")]
    about = [pk for pk in (placement.employer_id, placement.recruiter_id) if pk] if placement else []
    chosen = [int(pk) for pk in data.getlist("concerned") if pk.isdecimal()] if data is not None else []
    readers = door.possible_readers(pilot.pk, [*about, *chosen], by=request.scope)
    return CaseForm(
        data, readers=readers, me=request.scope.user_id, organisations=organisations,
        initial={"concerned": [str(pk) for pk in about]},
    )  # fmt: skip


def _create(request: PortalRequest) -> HttpResponse:
    placement, pilot = _about(request.POST.get("placement", ""), request.POST.get("pilot", ""))
    if pilot is None:
        raise Http404
    form = _form(request, request.POST, placement, pilot)
    if form.is_valid():
        try:
            with transaction.atomic():
                made = door.open_case(
                    by=request.scope, on=timezone.localdate(), pilot_id=pilot.pk, placement=placement, **form.values()
                )
        except ValidationError as wrong:
            _show(form, wrong)
        else:
            messages.success(request, _("Saved."))
            return SeeOther(reverse("compliance:case", args=[made.code]))
    return _form_page(request, form, placement, pilot, status=422)


def _show(form: Form, wrong: ValidationError) -> None:
    if not hasattr(wrong, "error_dict"):
        form.add_error(None, wrong.messages)
        return
    for field, words in wrong.message_dict.items():
        form.add_error(field if field in form.fields else None, words)


def _form_page(request: PortalRequest, form: CaseForm, placement, pilot: Pilot, *, status: int = 200) -> HttpResponse:
    return render(
        request, "compliance/case_form.html", {"form": form, "placement": placement, "pilot": pilot}, status=status
    )


def _one(request: PortalRequest, code: str) -> RestrictedCase:
    rows = door.visible_cases(request.scope).select_related("pilot", "placement__person", "placement__site")
    return get_object_or_404(rows, code=code)


@require_safe
@requires(CASES)
def case(request: PortalRequest, code: str) -> HttpResponse:
    """The cover of a case: code, subject, readers and who opened it when. Not the account."""
    return _page(request, _one(request, code), opened=False)


@require_POST
@requires(CASES)
def readings(request: PortalRequest, code: str) -> HttpResponse:
    """Open the account. The reading is written down first, and every reader of the case sees it."""
    found = _one(request, code)
    door.note_reading(found, by=request.scope, on=timezone.localdate())
    return _page(request, found, opened=True)


def _page(
    request: PortalRequest,
    found: RestrictedCase,
    *,
    opened: bool,
    late: bool = False,
    status: int = 200,
    sent: Mapping[str, Form] | None = None,
) -> HttpResponse:
    context = {
        "case": found, "opened": opened, "late": late, "category": door.CATEGORIES.get(found.category, found.category),
        "readers": door.names_of(found.reader_ids), "entries": list(found.entries.order_by("-pk")[:200]),
        "safe": {True: _("Yes"), False: _("No"), None: _("Not known")}[found.safe_now],
    }  # fmt: skip
    if opened:
        about = Organisation.objects.filter(pk__in=found.concerned_ids).order_by("name")
        context["concerned"] = list(about.values_list("name", flat=True))
        context |= _forms(request, found)
    context |= sent or {}
    return render(request, "compliance/case.html", context, status=status)


def _forms(request: PortalRequest, found: RestrictedCase) -> dict[str, Form]:
    """The forms that fit where the case stands."""
    start = {"revision": found.revision}
    if found.state == RestrictedCase.State.CLOSED:
        return {"reopen_form": ReopenCaseForm(initial=start, label_suffix="")}
    now = start | {
        "wishes": found.wishes, "consent_to_share": found.consent_to_share,
        "safe_now": {True: "yes", False: "no", None: ""}[found.safe_now], "readers": [str(pk) for pk in found.reader_ids],
    }  # fmt: skip
    return {
        "entry_form": EntryForm(label_suffix="", auto_id="entry_%s"),
        "change_form": ChangeForm(
            readers=_possible(request, found), me=request.scope.user_id, initial=now, auto_id="change_%s"
        ),
        "close_form": CloseForm(initial=start, label_suffix="", auto_id="close_%s"),
    }


def _possible(request: PortalRequest, found: RestrictedCase) -> list[door.Reader]:
    return door.possible_readers(found.pilot_id, found.concerned_ids, by=request.scope)


def _act(
    request: PortalRequest, code: str, name: str, make: Callable[[RestrictedCase], Form], act: Callable[..., None]
) -> HttpResponse:
    """Do it, or show the cover of the case and the form with what is wrong: a refusal must not open the account."""
    found = _one(request, code)
    form = make(found)
    if form.is_valid():
        stands = found.revision
        found.revision = form.cleaned_data.get("revision", stands)
        try:
            with transaction.atomic():
                act(found, form.cleaned_data)
        except ValidationError as wrong:
            found.revision = stands
            _show(form, wrong)
        except door.Changed:
            return _page(request, _one(request, code), opened=False, late=True, status=409)
        else:
            messages.success(request, _("Saved."))
            return SeeOther(reverse("compliance:case", args=[code]))
    return _page(request, found, opened=False, status=422, sent={name: form})


@require_POST
@requires(CASES)
def entries(request: PortalRequest, code: str) -> HttpResponse:
    """Add what happened since."""
    day, by = timezone.localdate(), request.scope
    return _act(
        request, code, "entry_form", lambda c: EntryForm(request.POST, label_suffix="", auto_id="entry_%s"),
        lambda c, data: door.add_entry(c, by=by, on=day, text=data["text"]),
    )  # fmt: skip


@require_POST
@requires(CASES)
def changes(request: PortalRequest, code: str) -> HttpResponse:
    """Change readers, safety, wishes and consent."""
    day, by = timezone.localdate(), request.scope

    def make(found: RestrictedCase) -> ChangeForm:
        return ChangeForm(request.POST, readers=_possible(request, found), me=by.user_id, auto_id="change_%s")

    def act(found: RestrictedCase, data: dict) -> None:
        values = {"reader_ids": data["readers"], "wishes": data["wishes"], "consent_to_share": data["consent_to_share"]}
        door.change(found, by=by, on=day, safe_now={"yes": True, "no": False}.get(data["safe_now"]), **values)

    return _act(request, code, "change_form", make, act)


@require_POST
@requires(CASES)
def closings(request: PortalRequest, code: str) -> HttpResponse:
    """Close with the person's agreement."""
    day, by = timezone.localdate(), request.scope
    return _act(
        request, code, "close_form", lambda c: CloseForm(request.POST, label_suffix="", auto_id="close_%s"),
        lambda c, data: door.close(c, by=by, on=day, agreed=data["agreed"], text=data["text"]),
    )  # fmt: skip


@require_POST
@requires(CASES)
def case_reopenings(request: PortalRequest, code: str) -> HttpResponse:
    """Open a closed case again."""
    day, by = timezone.localdate(), request.scope
    return _act(
        request, code, "reopen_form", lambda c: ReopenCaseForm(request.POST, label_suffix=""),
        lambda c, data: door.reopen(c, by=by, on=day, text=data["text"]),
    )  # fmt: skip
