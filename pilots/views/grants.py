"""The grants of a pilot and their targets: what a funder gave, and what was agreed to be reached with it."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from pilots.forms_grants import GrantForm, TargetForm
from pilots.models import AIMED, Grant, GrantTarget
from pilots.views.places import pilot_or_404

GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


def _lines(grant: Grant) -> list[dict]:
    """The targets of a grant, each with the unit it is written in."""
    return [
        {"label": AIMED[row.figure].label, "value": row.value, "unit": AIMED[row.figure].unit, "by": row.by_on}
        for row in grant.targets.all()
    ]


@GET_AND_POST
@requires(Permission.PILOT_EDIT)
def grants(request: PortalRequest, slug: str) -> HttpResponse:
    """The grants of the pilot, and the form to record one. POST records it."""
    pilot = pilot_or_404(slug)
    form = GrantForm(request.POST if request.method == "POST" else None, instance=Grant(pilot=pilot), pilot=pilot)
    if request.method == "POST" and form.is_valid():
        grant = form.save()
        messages.success(request, _("The grant was recorded. Now add what was agreed to be reached with it."))
        return SeeOther(reverse("pilots:grant_targets", args=[pilot.slug, grant.pk]))
    targets = Prefetch("targets", GrantTarget.objects.order_by("by_on", "id"))
    found = Grant.objects.filter(pilot=pilot).select_related("organisation").prefetch_related(targets)
    lines = [{"grant": grant, "targets": _lines(grant)} for grant in found]
    status = 422 if request.method == "POST" else 200
    return render(request, "pilots/grants.html", {"pilot": pilot, "lines": lines, "form": form}, status=status)


@GET_AND_POST
@requires(Permission.PILOT_EDIT)
def targets(request: PortalRequest, slug: str, pk: int) -> HttpResponse:
    """The targets of one grant, and the form to add one. POST adds it."""
    pilot = pilot_or_404(slug)
    grant = get_object_or_404(Grant.objects.select_related("organisation"), pk=pk, pilot=pilot)
    row = GrantTarget(pilot=pilot, organisation_id=grant.organisation_id, grant=grant)
    form = TargetForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The target was added."))
        return SeeOther(reverse("pilots:grant_targets", args=[pilot.slug, grant.pk]))
    context = {"pilot": pilot, "grant": grant, "targets": _lines(grant), "form": form}
    return render(request, "pilots/grant.html", context, status=422 if request.method == "POST" else 200)
