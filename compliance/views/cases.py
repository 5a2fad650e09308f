"""Cases: a list shows a code and what it is about; the account opens by a click that is itself a row.

Filing, the cover and the opened account. What is done with a case is in ``case_acts.py``, who else comes in is in
``case_doors.py``.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organisation
from accounts.parameters import number, without
from accounts.refusing import refuse
from accounts.requests import PortalRequest
from accounts.roles import Kind, Permission
from accounts.verbs import SeeOther, requires
from compliance.filter_forms import CaseFilter
from compliance.grievances import attachments, door, filing, glass, identity, offers, readers, reprisal
from compliance.grievances.codes import shown
from compliance.grievances.forms import FileForm
from compliance.grievances.targets import due
from compliance.grievances.words import CATEGORIES, CHANNELS, EMERGENCY, OPTIONS, REMEDIES
from compliance.models import Grievance, GrievanceOpening
from compliance.queries import placement_or_404
from compliance.views.case_forms import acts_of
from pilots.chosen import pilot_number
from pilots.models import Participation, Pilot
from workers.files.delivery import attachment
from workers.files.views import take_back
from workers.models import Placement

HANDLE = Permission.CASE_HANDLE
S = Grievance.Sensitivity
STAGES = dict(Grievance.Stage.choices)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(HANDLE)
def cases(request: PortalRequest) -> HttpResponse:
    """GET: the cases I am named on. POST: file one."""
    if request.method == "POST":
        return _create(request)
    today = timezone.localdate()
    rows = readers.visible(request.scope).select_related("pilot__corridor").defer("account")
    if (pilot := pilot_number(request.GET.get("pilot", ""))) is not None:
        rows = rows.filter(pilot_id=pilot)
    if (stage := request.GET.get("stage", "")) in STAGES:
        rows = rows.filter(stage=stage)
    rows = rows.order_by("-opened_on", "-pk")[:200]
    waits = request.GET.get("waits", "")
    lines: list[dict[str, Any]] = []
    for case in rows:
        first = next(iter(due(case, on=today)), None)
        if (waits == "late" and not (first and first.late)) or (
            waits == "mine" and case.lead_id != request.scope.user_id
        ):
            continue
        lines.append({"case": case, "category": CATEGORIES.get(case.category, case.category), "due": first,
                      "mine": case.lead_id == request.scope.user_id})  # fmt: skip
    lines.sort(key=lambda line: (line["due"] is None, line["due"].by if line["due"] else today))
    context = {
        "lines": lines, "today": today, "filter": _filter(request), "filtered": without(request.GET), "waiting": offers.offered_to(request.scope),
        "reviews": glass.to_review(request.scope), "alone": readers.left_alone(request.scope),
    }  # fmt: skip
    return render(request, "compliance/cases/list.html", context)


def _filter(request: PortalRequest) -> CaseFilter:
    waits = [("late", _("Past its target")), ("mine", _("You see to it"))]
    return CaseFilter(request.GET, list(Pilot.objects.order_by("name", "pk")), stage=list(STAGES.items()), waits=waits)


@require_safe
@requires(HANDLE)
def case_new(request: PortalRequest) -> HttpResponse:
    """The routine form, which never asks about the graver harms."""
    return _new(request, told=False)


@require_safe
@requires(Permission.CASE_RESTRICTED)
def case_told(request: PortalRequest) -> HttpResponse:
    """The form for what was told unasked: safety first, then the limits of silence, then the person's words."""
    return _new(request, told=True)


def _new(request: PortalRequest, *, told: bool) -> HttpResponse:
    placement, pilot = _about(request.GET.get("placement", ""), request.GET.get("pilot", ""))
    if pilot is None:
        pilots = list(Pilot.objects.order_by("name", "pk"))
        if len(pilots) != 1:
            return render(request, "compliance/cases/pilot.html", {"pilots": pilots, "told": told})
        pilot = pilots[0]
    return _form_page(request, _form(request, None, placement, pilot, told), placement, pilot, told)


def _about(placement: str, pilot: str) -> tuple[Placement | None, Pilot | None]:
    if (asked := number(placement)) is not None:
        found = placement_or_404(asked)
        return found, found.pilot
    asked = number(pilot)
    return None, get_object_or_404(Pilot, pk=asked) if asked is not None else None


def _form(request: PortalRequest, data, placement: Placement | None, pilot: Pilot, told: bool) -> FileForm:
    organisations = partners_of(pilot.pk)
    about = [pk for pk in (placement.employer_id, placement.recruiter_id) if pk] if placement else []
    chosen = (
        [pk for given in data.getlist("concerned") if (pk := number(given)) is not None] if data is not None else []
    )
    sensitivity = S.RESTRICTED if told else S.ORDINARY
    return FileForm(
        data, told=told, readers=readers.possible(pilot.pk, sensitivity, [*about, *chosen], by=request.scope),
        me=request.scope.user_id, organisations=organisations, initial={"concerned": [str(pk) for pk in about]},
    )  # fmt: skip


def partners_of(pilot_id: int) -> list[tuple[int, str]]:
    """Whom it may be about: every partner of the pilot that meets workers."""
    kinds = [Kind.EMPLOYER, Kind.RECRUITER, Kind.PROGRAMME, Kind.WELFARE]
    rows = Participation.objects.filter(pilot_id=pilot_id, left_on__isnull=True, kind__in=kinds)
    return list(rows.order_by("organisation__name").values_list("organisation_id", "organisation__name"))


def _create(request: PortalRequest) -> HttpResponse:
    placement, pilot = _about(request.POST.get("placement", ""), request.POST.get("pilot", ""))
    if pilot is None:
        raise Http404
    told = request.POST.get("told") == "yes" and request.scope.allows(Permission.CASE_RESTRICTED)
    form = _form(request, request.POST, placement, pilot, told)
    if form.is_valid():
        try:
            with transaction.atomic():
                made = filing.file(
                    by=request.scope, on=timezone.localdate(), pilot_id=pilot.pk, placement=placement, restricted=told,
                    **form.values(),
                )  # fmt: skip
        except ValidationError as wrong:
            refuse(form, wrong)
        else:
            context = {"case": made.grievance, "followup": shown(made.followup)}
            return render(request, "compliance/cases/filed.html", context)
    return _form_page(request, form, placement, pilot, told, status=422)


def _form_page(request: PortalRequest, form: FileForm, placement, pilot: Pilot, told: bool, *, status: int = 200):
    numbers = EMERGENCY.get(pilot.corridor.destination, ())
    # Who may not open a restricted case is told whom to send the worker to, not shown a door that is shut.
    may_be_told = request.scope.allows(Permission.CASE_RESTRICTED)
    context = {
        "form": form, "placement": placement, "pilot": pilot, "told": told, "numbers": numbers, "may_be_told": may_be_told,
    }  # fmt: skip
    return render(request, "compliance/cases/form.html", context, status=status)


def one(request: PortalRequest, code: str) -> Grievance:
    """The case of this code, if it names me; else 404."""
    return get_object_or_404(readers.visible(request.scope).select_related("pilot__corridor"), code=code)


@require_safe
@requires(HANDLE)
def case(request: PortalRequest, code: str) -> HttpResponse:
    """The cover of a case: code, subject, stage, readers and who opened it when. Not the account."""
    return page(request, one(request, code), opened=False)


@require_POST
@requires(HANDLE)
def readings(request: PortalRequest, code: str) -> HttpResponse:
    """Open the account. The reading is written down first, and every reader of the case sees it."""
    found = one(request, code)
    door.note_reading(found, by=request.scope, on=timezone.localdate())
    return page(request, found, opened=True)


@require_POST
@requires(HANDLE)
def case_file(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """A photo or paper of the person, as a download. The opening is written down first, as that of the account is."""
    found = one(request, code)
    row = get_object_or_404(found.files, pk=pk)
    attachments.open_file(row, by=request.scope, on=timezone.localdate())
    return attachment(request, row, "sent", audited=False)


@require_POST
@requires(HANDLE)
def case_file_withdrawals(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """Take a photo back, with a reason."""
    found = one(request, code)
    row = get_object_or_404(found.files, pk=pk)
    take_back(
        request, lambda reason: attachments.withdraw(row, by=request.scope, on=timezone.localdate(), reason=reason)
    )
    return SeeOther(reverse("compliance:case", args=[code]))


def page(request: PortalRequest, found: Grievance, *, opened: bool, status: int = 200, **more) -> HttpResponse:
    """The cover, or the opened case; ``acts`` are the forms that fit, or the one that was refused."""
    today = timezone.localdate()
    about = found.events.exclude(about_user_id__isnull=True).values_list("about_user_id", flat=True)
    names = readers.names_of({*found.reader_ids, *(pk for pk in about if pk)})
    named = request.scope.user_id in found.reader_ids
    context = {
        "case": found, "opened": opened, "named": named, "category": CATEGORIES.get(found.category, found.category),
        "channel": CHANNELS.get(found.channel, found.channel), "due": due(found, on=today), "today": today,
        "readers": [(pk, names.get(pk, "")) for pk in found.reader_ids], "lead": names.get(found.lead_id or 0, ""),
        "gone": [names.get(pk, "") for pk in readers.gone(found)],
        "events": [
            (e, names.get(e.about_user_id or 0, ""), STAGES.get(e.to_stage, ""))
            for e in found.events.order_by("-recorded_at", "-pk")[:200]
        ],
        "until": None if named else _until(found, request.scope.user_id),
    }  # fmt: skip
    if opened:
        context |= _inside(request, found, named)
    return render(request, "compliance/cases/case.html", context | more, status=status)


def _until(found: Grievance, user_id: int):
    rows = GrievanceOpening.objects.filter(grievance=found, user_id=user_id)
    return rows.order_by("-until").values_list("until", flat=True).first()


def _inside(request: PortalRequest, found: Grievance, named: bool) -> dict:
    """What is behind the click."""
    about = Organisation.objects.filter(pk__in=found.concerned_ids).order_by("name").values_list("name", flat=True)
    known = identity.of(found)
    return {
        "files": list(found.files.all()), "identity": known, "concerned": list(about), "sent": list(found.messages.order_by("recorded_at", "pk")[:200]),
        "safe": {True: _("Yes"), False: _("No"), None: _("Not known")}[found.safe_now],
        "options": [OPTIONS.get(o, o) for o in found.options_told], "remedy": REMEDIES.get(found.remedy_kind, ""),
        "watch": reprisal.watch(found, by=request.scope, on=timezone.localdate()),
        "offers": list(found.offers.all()[:50]), "acts": acts_of(request, found, known) if named else [],
    }  # fmt: skip
