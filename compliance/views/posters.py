"""The codes that workers type, the posters and cards they stand on, and the number to call that is printed beside them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.merging import alone_with, ask, settle
from accounts.parameters import number
from accounts.refusing import refuse
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance.grievances import codes, posters
from compliance.grievances.forms import HotlineForm
from compliance.grievances.qr import square
from compliance.grievances.words import EMERGENCY
from compliance.models import ConcernCode, Hotline
from compliance.queries import placement_or_404
from pilots.models import Pilot, Site

HANDLE = Permission.CASE_HANDLE


@require_http_methods(["GET", "HEAD", "POST"])
@requires(HANDLE)
def concern_codes(request: PortalRequest) -> HttpResponse:
    """GET: the codes of posters, and the form for a person's own. POST: give one (``placement`` or ``site``), shown once."""
    if request.method == "POST":
        return _issue(request)
    context: dict = {"placement": None}
    if (asked := number(request.GET.get("placement", ""))) is not None:
        context["placement"] = placement_or_404(asked)
    sites = Site.objects.select_related("pilot", "employer").order_by("pilot__name", "name")
    posters = {row.site_id: row for row in ConcernCode.objects.filter(site__isnull=False, revoked_on__isnull=True)}
    context["lines"] = [(site, posters.get(site.pk), codes.shown(posters[site.pk].poster) if site.pk in posters else "")
                        for site in sites[:300]]  # fmt: skip
    whole = ConcernCode.objects.filter(site__isnull=True, placement__isnull=True, revoked_on__isnull=True)
    of_pilots = {row.pilot_id: row for row in whole}
    numbers = {row.pk: row for row in Hotline.objects.all()}
    context["pilots"] = [
        (pilot, of_pilots.get(pilot.pk), codes.shown(of_pilots[pilot.pk].poster) if pilot.pk in of_pilots else "",
         numbers.get(pilot.pk))
        for pilot in Pilot.objects.order_by("name", "pk")
    ]  # fmt: skip
    return render(request, "compliance/cases/codes.html", context)


def _issue(request: PortalRequest) -> HttpResponse:
    by, on = request.scope, timezone.localdate()
    if (asked := number(request.POST.get("placement", ""))) is not None:
        placement = placement_or_404(asked)
        try:
            code = codes.issue_to(placement, by=by, on=on)
        except ValidationError as wrong:  # pressed twice at once: the code of the other press stands
            messages.error(request, " ".join(wrong.messages))
            return SeeOther(f"{reverse('compliance:concern_codes')}?placement={placement.pk}")
        context = {"code": codes.shown(code), "placement": placement, "pilot": placement.pilot}
        return render(request, "compliance/cases/card.html", context | _where(request, placement.pilot))
    whole = number(request.POST.get("pilot", ""))
    pilot = get_object_or_404(Pilot, pk=whole) if whole is not None else None
    site = get_object_or_404(Site, pk=number(request.POST.get("site", "")) or 0) if pilot is None else None
    try:
        with transaction.atomic():
            if pilot is not None:
                codes.issue_for(pilot, by=by, on=on)
            elif site is not None:
                codes.issue_at(site, by=by, on=on)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        messages.success(request, _("The code for the poster is ready."))
    return SeeOther(reverse("compliance:concern_codes"))


def _where(request: PortalRequest, pilot: Pilot, poster: str = "") -> dict:
    """The address of the worker's page, in letters and for a camera, with the country of work, whose emergency numbers
    then come first. A person's own code is in neither."""
    said = ({"at": poster} if poster else {}) | {"in": pilot.corridor.destination}
    address = f"{request.build_absolute_uri(reverse('compliance:concern'))}?{urlencode(said)}"
    found = posters.languages_of(pilot)
    return {
        "address": address, "square": square(address), "numbers": EMERGENCY.get(pilot.corridor.destination, ()),
        "languages": found.written, "missing": found.missing, "hotline": posters.hotline_of(pilot),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@requires(HANDLE)
def hotline(request: PortalRequest, slug: str) -> HttpResponse:
    """GET: the number that stands on the pilot's posters and cards. POST: set it, or take it off."""
    pilot = get_object_or_404(Pilot, slug=slug)
    given = request.POST if request.method == "POST" else None
    if given is not None:
        alone_with("hotline", pilot.pk)
    stands, back = posters.hotline_of(pilot), reverse("compliance:concern_codes")
    now = {"number": stands.number if stands else "", "words": stands.words if stands else ""}
    form = HotlineForm(given, initial=dict(now), label_suffix="")
    form.show(now)
    if given is not None and form.is_valid():
        settled = settle(form, now)
        if settled.open:
            return ask(request, form, settled, now, title=_("Number to call"), back=back)
        try:
            with transaction.atomic():
                data = settled.values
                posters.set_hotline(pilot, data["number"], data["words"], by=request.scope, at=timezone.now())
        except ValidationError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, _("Saved. It stands on what is printed from now on."))
            return SeeOther(back)
    status = 422 if form.errors else 200
    return render(request, "compliance/cases/hotline.html", {"form": form, "pilot": pilot}, status=status)


@require_safe
@requires(HANDLE)
def poster(request: PortalRequest, pk: int) -> HttpResponse:
    """The poster of a place, to print and hang where nobody watches who reads it."""
    row = get_object_or_404(ConcernCode.objects.select_related("site", "pilot__corridor").exclude(poster=""), pk=pk)
    context = {
        "code": codes.shown(row.poster),
        "site": row.site,
        "pilot": row.pilot,
        "poster": row.pk,
        "placement": None,
    }
    return render(request, "compliance/cases/card.html", context | _where(request, row.pilot, row.poster))


@require_POST
@requires(HANDLE)
def code_revocations(request: PortalRequest, pk: int) -> HttpResponse:
    """Withdraw a code."""
    get_object_or_404(ConcernCode, pk=pk)
    if codes.revoke(pk, by=request.scope, on=timezone.localdate()):
        messages.success(request, _("The code is withdrawn."))
    else:
        messages.warning(request, _("This code was withdrawn before."))
    return SeeOther(reverse("compliance:concern_codes"))
