"""Facts recorded by hand on a placement's page: holds, training, consent, papers. A sheet does the same for many."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.merging import overtaken
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.rows import may
from accounts.verbs import SeeOther, requires
from workers.files.door import FileRefused, keep
from workers.files.records import KINDS
from workers.forms import ConsentForm, DocumentForm, HoldForm, LiftForm, TrainingForm
from workers.models import Consent, Hold, IdentityDocument, Placement, TrainingRecord
from workers.queries import placement as placement_facts

GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


def back_to(placement_id: int) -> SeeOther:
    """To the placement's page."""
    return SeeOther(reverse("workers:placement", args=[placement_id]))


def _record(
    request: PortalRequest,
    found: Placement,
    form: ModelForm,
    *,
    title: str,
    done: str,
    before_save: Callable[[Any], None] | None = None,
    files: str = "",
) -> HttpResponse:
    """Show the form, or check the row against every constraint of its table and write it, with its file.

    ``files``: the kind of files that hang on such a record (``workers/files/records.py``).
    """
    if request.method == "POST" and form.is_valid():
        if before_save is not None:
            before_save(form.instance)
        try:
            row = form.save()
            if files and form.cleaned_data["file"]:
                kind = KINDS[files]
                keep(kind.files, form.cleaned_data["file"], by=request.scope, **kind.owners(row))
        except FileRefused as refused:  # the storage is full; the row goes with the answer's rollback
            form.add_error("file", refused.message)
        else:
            messages.success(request, done)
            return back_to(found.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "workers/record.html", {"placement": found, "form": form, "title": title}, status=status)


def _data(request: PortalRequest):
    return request.POST if request.method == "POST" else None


def _files(request: PortalRequest):
    return request.FILES if request.method == "POST" else None


def _writable(request: PortalRequest, model: type[models.Model]) -> None:
    """403 for a role that has the verb but not the table."""
    if not may(model, request.scope.db_role, "i"):
        raise PermissionDenied(model._meta.label)


def _of_person(model: type[models.Model], found: Placement) -> models.Model:
    """A new row about the person, with the owners that its policy asks for."""
    return model(person=found.person, pilot=found.pilot, recruiter_id=found.person.recruiter_id)


@GET_AND_POST
@requires(Permission.PERSON_IMPORT)
def trainings(request: PortalRequest, pk: int) -> HttpResponse:
    """Record a course and its result."""
    _writable(request, TrainingRecord)
    found = placement_facts.one(pk)
    row = TrainingRecord(
        placement=found, pilot=found.pilot, recruiter_id=found.recruiter_id, employer_id=found.employer_id
    )
    form = TrainingForm(_data(request), _files(request), instance=row)
    return _record(request, found, form, title=_("Record a training"), done=_("The training was recorded."),
                   files="training")  # fmt: skip


@GET_AND_POST
@requires(Permission.PERSON_IMPORT)
def consents(request: PortalRequest, pk: int) -> HttpResponse:
    """Record consent to one purpose."""
    _writable(request, Consent)
    found = placement_facts.one(pk)
    form = ConsentForm(_data(request), instance=_of_person(Consent, found))
    return _record(request, found, form, title=_("Record consent"), done=_("The consent was recorded."))


@require_POST
@requires(Permission.PERSON_IMPORT)
def withdrawals(request: PortalRequest, pk: int, consent_id: int) -> HttpResponse:
    """The person takes a consent back; from now on it counts no more."""
    _writable(request, Consent)
    found = placement_facts.one(pk)
    today = timezone.localdate()
    consent = get_object_or_404(Consent, pk=consent_id, person_id=found.person_id, withdrawn_on__isnull=True)
    consent.withdrawn_on = max(today, consent.given_on)
    consent.save(update_fields=["withdrawn_on"])
    messages.success(request, _("The consent was withdrawn."))
    return back_to(found.pk)


@GET_AND_POST
@requires(Permission.PERSON_IMPORT)
def documents(request: PortalRequest, pk: int) -> HttpResponse:
    """Record a paper; the one of the same kind and country that was valid until now is kept as replaced."""
    _writable(request, IdentityDocument)
    found = placement_facts.one(pk)
    form = DocumentForm(_data(request), _files(request), instance=_of_person(IdentityDocument, found))

    def replace_former(row: IdentityDocument) -> None:
        IdentityDocument.objects.filter(
            person_id=found.person_id, kind=row.kind, country=row.country, replaced_at__isnull=True
        ).update(replaced_at=timezone.now())

    return _record(request, found, form, title=_("Record a paper"), done=_("The paper was recorded."),
                   before_save=replace_former, files="document")  # fmt: skip


@GET_AND_POST
@requires(Permission.HOLD_PLACE)
def holds(request: PortalRequest, pk: int) -> HttpResponse:
    """Place a hold by hand: the journey refuses its decisions until somebody lifts it or its day is over."""
    found = placement_facts.one(pk)
    row = Hold(
        placement=found, pilot=found.pilot, recruiter_id=found.recruiter_id, employer_id=found.employer_id,
        source=f"person:{request.user.pk}:{timezone.now():%Y%m%d%H%M%S}",
    )  # fmt: skip
    form = HoldForm(_data(request), instance=row, pilot=found.pilot)
    return _record(request, found, form, title=_("Place a hold"), done=_("The hold stands."))


@GET_AND_POST
@requires(Permission.HOLD_PLACE)
def lift(request: PortalRequest, pk: int) -> HttpResponse:
    """Lift a hold that a person placed, with a reason. One that a finding placed goes with the finding."""
    rows, sends = Hold.objects.select_related("owner"), request.method == "POST"
    hold = get_object_or_404(rows.select_for_update(of=("self",)) if sends else rows, pk=pk)
    if not hold.by_hand or (hold.lifted_at and not sends):
        raise Http404("no hold that stands by hand")
    found = placement_facts.one(hold.placement_id)
    form = LiftForm(_data(request))
    if hold.lifted_at:
        theirs = {_("Why"): hold.lifted_reason}
        back = reverse("workers:placement", args=[found.pk])
        return overtaken(request, form, theirs, title=_("Lift the hold"), back=back)
    if request.method == "POST" and form.is_valid():
        hold.lifted_at = timezone.now()
        hold.lifted_by_id = request.user.pk
        hold.lifted_reason = form.cleaned_data["reason"]
        hold.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
        messages.success(request, _("The hold was lifted."))
        return back_to(found.pk)
    context = {"placement": found, "form": form, "title": _("Lift the hold"), "hold": hold}
    return render(request, "workers/record.html", context, status=422 if request.method == "POST" else 200)
