"""The list of pilots, and the forms for cohorts, sites and job orders."""

from django.contrib import messages
from django.db.models import Count, F, Min, Q
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.merging import write_row
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from pilots.forms import CohortChangesForm, CohortForm, JobOrderForm, SiteForm
from pilots.models import Cohort, JobOrder, Pilot, Site
from pilots.schemes.reader import load

GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@requires(Permission.PERSON_VIEW)
def pilot_list(request: PortalRequest) -> HttpResponse:
    """The pilots of the reader's organisation, those with the nearest departure first."""
    today = timezone.localdate()
    found = (
        Pilot.objects.select_related("corridor", "programme")
        .annotate(
            cohort_count=Count("cohorts"),
            next_departure=Min("cohorts__departs_on", filter=Q(cohorts__departs_on__gte=today)),
        )
        .order_by(F("next_departure").asc(nulls_last=True), "name", "pk")
    )
    rows = [{"pilot": pilot, "scheme": load(pilot.scheme).name} for pilot in found]
    return render(request, "pilots/list.html", {"rows": rows, "today": today})


def pilot_or_404(slug: str) -> Pilot:
    """The pilot of this short name, if the reader's organisation takes part in it."""
    return get_object_or_404(Pilot.objects.select_related("corridor"), slug=slug)


def _new(request: PortalRequest, pilot: Pilot, form: ModelForm, title: str, done: str) -> HttpResponse:
    """Show the form, or write the row."""
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, done)
        return SeeOther(reverse("workers:pilot", args=[pilot.slug]))
    status = 422 if request.method == "POST" else 200
    return render(request, "pilots/form.html", {"pilot": pilot, "form": form, "title": title}, status=status)


def _data(request: PortalRequest):
    return request.POST if request.method == "POST" else None


@GET_AND_POST
@requires(Permission.PILOT_EDIT)
def cohorts(request: PortalRequest, slug: str) -> HttpResponse:
    """Start a cohort."""
    pilot = pilot_or_404(slug)
    form = CohortForm(_data(request), instance=Cohort(pilot=pilot))
    return _new(request, pilot, form, _("New cohort"), _("The cohort was started."))


@GET_AND_POST
@requires(Permission.PILOT_EDIT)
def cohort_changes(request: PortalRequest, pk: int) -> HttpResponse:
    """GET: the cohort in a form. POST: write what changed, or ask where somebody else changed the same."""
    sends = request.method == "POST"
    rows = Cohort.objects.select_related("pilot__corridor")
    found = get_object_or_404(rows.select_for_update(of=("self",)) if sends else rows, pk=pk)
    now = {name: getattr(found, name) for name in CohortForm.Meta.fields}
    form = CohortChangesForm(_data(request), instance=found)
    form.show(now)
    back = reverse("workers:cohort", args=[pk])
    if form.is_valid():
        asked = write_row(request, form, found, now, title=now["name"], back=back)
        if asked is not None:
            return asked
        if not form.errors:
            messages.success(request, _("The cohort was changed."))
            return SeeOther(back)
    context = {"pilot": found.pilot, "form": form, "title": _("Change the cohort")}
    return render(request, "pilots/form.html", context, status=422 if sends else 200)


@GET_AND_POST
@requires(Permission.PILOT_EDIT)
def sites(request: PortalRequest, slug: str) -> HttpResponse:
    """Add a place of work."""
    pilot = pilot_or_404(slug)
    form = SiteForm(_data(request), instance=Site(pilot=pilot), pilot=pilot)
    return _new(request, pilot, form, _("New site"), _("The site was added."))


@GET_AND_POST
@requires(Permission.PILOT_EDIT)
def job_orders(request: PortalRequest, slug: str) -> HttpResponse:
    """Record the places that an employer offers."""
    pilot = pilot_or_404(slug)
    form = JobOrderForm(_data(request), instance=JobOrder(pilot=pilot), pilot=pilot)
    return _new(request, pilot, form, _("New job order"), _("The job order was recorded."))
