"""Legal holds: who may, stops by name that anything of a person is deleted by the clock; lifting it is written down."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models.functions import Coalesce
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.merging import overtaken
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.rows import may
from accounts.verbs import SeeOther, requires
from workers.forms import LegalHoldForm, LiftForm
from workers.legal_holds import lift, place, standing
from workers.models import LegalHold, Person

MOST = 200
GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


def back_to(person_id: int) -> SeeOther:
    """To the person's page."""
    return SeeOther(reverse("workers:person", args=[person_id]))


def _form(request: PortalRequest, person: Person, form: BaseForm, title: str, **more) -> HttpResponse:
    context = {"person": person, "form": form, "title": title, **more}
    return render(request, "workers/legal_hold.html", context, status=422 if request.method == "POST" else 200)


@GET_AND_POST
@requires(Permission.LEGAL_HOLD)
def legal_holds(request: PortalRequest, pk: int) -> HttpResponse:
    """Place a legal hold on a person."""
    found = get_object_or_404(Person, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = LegalHoldForm(data, instance=LegalHold(person=found, pilot_id=found.pilot_id))
    if data is not None and form.is_valid():
        try:
            place(form.instance, by=request.scope, today=timezone.localdate())
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("The legal hold stands: nothing of this person is deleted by the clock."))
            return back_to(found.pk)
    return _form(request, found, form, _("Place a legal hold"))


@GET_AND_POST
@requires(Permission.LEGAL_HOLD)
def lifting(request: PortalRequest, pk: int) -> HttpResponse:
    """Lift a legal hold, with a reason."""
    standing_now = {} if request.method == "POST" else {"lifted_at__isnull": True}
    hold = get_object_or_404(LegalHold.objects.select_related("person"), pk=pk, **standing_now)
    form = LiftForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if lift(hold, form.cleaned_data["reason"], by=request.scope, now=timezone.now()):
            messages.success(request, _("The legal hold was lifted."))
            return back_to(hold.person_id)
        hold.refresh_from_db()
        theirs = {_("By"): hold.lifted_by_name, _("Why"): hold.lifted_reason}
        back = reverse("workers:person", args=[hold.person_id])
        return overtaken(request, form, theirs, title=_("Lift the legal hold"), back=back)
    return _form(request, hold.person, form, _("Lift the legal hold"), hold=hold)


@require_safe
@requires(Permission.LEGAL_HOLD)
def standing_holds(request: PortalRequest) -> HttpResponse:
    """Every legal hold that stands, the next to end or to be looked at first."""
    today = timezone.localdate()
    found = standing(today).select_related("person", "pilot")
    rows = list(found.order_by(Coalesce("ends_on", "review_on"), "pk")[: MOST + 1])
    context = {"holds": rows[:MOST], "more": len(rows) > MOST, "most": MOST, "today": today}
    return render(request, "workers/legal_holds.html", context)


def of_person(request: PortalRequest, person_ids: Iterable[int]) -> dict:
    """What the page of a person shows of the legal holds on its records, to those who read them."""
    if not may(LegalHold, request.scope.db_role):
        return {}
    return {
        "legal_holds": list(LegalHold.objects.filter(person_id__in=person_ids)),
        "may_hold": request.scope.allows(Permission.LEGAL_HOLD),
    }
