"""Who else comes in: answers to offers, openings in an emergency and their review, and the codes that workers type."""

from urllib.parse import urlencode

from babel import Locale
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.fresh import ask_for_it, fresh_second_factor
from accounts.parameters import number
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance.grievances import codes, glass, offers, readers
from compliance.grievances.forms import AnswerForm, OpeningForm, ReviewForm
from compliance.grievances.qr import square
from compliance.grievances.words import EMERGENCY
from compliance.models import ConcernCode, Grievance, GrievanceOffer, GrievanceOpening
from compliance.queries import placement_or_404
from compliance.views.cases import show
from pilots.models import Pilot, Site

HANDLE = Permission.CASE_HANDLE


def _offer(request: PortalRequest, pk: int) -> GrievanceOffer:
    """An offer made to me, still waiting or accepted."""
    rows = GrievanceOffer.objects.select_related("pilot").filter(to_user_id=request.scope.user_id)
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(HANDLE)
def offer_answers(request: PortalRequest, pk: int) -> HttpResponse:
    """GET: what is asked of me. POST: accept or reject."""
    made = _offer(request, pk)
    form = AnswerForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        accept = form.cleaned_data["accept"] == "yes"
        try:
            with transaction.atomic():
                offers.answer(
                    made, by=request.scope, on=timezone.localdate(), accept=accept, words=form.cleaned_data["answer"]
                )
        except ValidationError as wrong:
            show(form, wrong)
        else:
            messages.success(request, _("Your answer is with those who asked."))
            return SeeOther(reverse("compliance:case", args=[made.code]) if accept else reverse("compliance:cases"))
    status = 422 if request.method == "POST" else 200
    return render(request, "compliance/cases/offer.html", {"offer": made, "form": form}, status=status)


@require_POST
@requires(HANDLE)
def offer_revocations(request: PortalRequest, pk: int) -> HttpResponse:
    """A reader withdraws an offer, or notes what somebody outside answered (``answer`` yes or no)."""
    made = get_object_or_404(GrievanceOffer, pk=pk)
    found = get_object_or_404(Grievance, pk=made.grievance_id)
    by, on, words = request.scope, timezone.localdate(), request.POST.get("why", "")
    said = request.POST.get("answer", "")
    try:
        with transaction.atomic():
            if said in {"yes", "no"}:
                offers.note_answer(made, found, by=by, on=on, accept=said == "yes", words=words)
            else:
                offers.revoke(made, found, by=by, on=on, why=words)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        messages.success(request, _("Saved."))
    return SeeOther(reverse("compliance:case", args=[found.code]))


@require_POST
@requires(Permission.CASE_RESTRICTED)
def takings(request: PortalRequest, code: str) -> HttpResponse:
    """A safeguarding lead takes up a case that nobody can read any more."""
    if not readers.take_up(code, by=request.scope, on=timezone.localdate()):
        raise Http404
    messages.success(
        request, _("You are its reader now. Who the person is stays with the person until they say so again.")
    )
    return SeeOther(reverse("compliance:case", args=[code]))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(HANDLE)
def openings(request: PortalRequest) -> HttpResponse:
    """GET: the form, and what waits for review. POST: open a case for an hour, after a second factor shown just now."""
    form = OpeningForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST":
        if not fresh_second_factor(request):
            return ask_for_it(reverse("compliance:openings"))
        if form.is_valid():
            data = form.cleaned_data
            try:
                with transaction.atomic():
                    made = glass.open_now(data["code"], data["reason"], by=request.scope, at=timezone.now())
            except ValidationError as wrong:
                show(form, wrong)
            else:
                if made is not None:
                    messages.warning(request, _("Open for an hour. Its readers and the safeguarding leads were told."))
                    return SeeOther(reverse("compliance:case", args=[made.code]))
                form.add_error("code", _("No case opens for you under this code."))
    context = {"form": form, "fresh": fresh_second_factor(request), "reviews": glass.to_review(request.scope)}
    return render(request, "compliance/cases/openings.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(HANDLE)
def opening_reviews(request: PortalRequest, pk: int) -> HttpResponse:
    """GET: who opened what, and why. POST: somebody else says whether it was needed."""
    opening = get_object_or_404(GrievanceOpening.objects.select_related("pilot"), pk=pk)
    form = ReviewForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                glass.review(
                    opening,
                    by=request.scope,
                    at=timezone.now(),
                    justified=data["justified"] == "yes",
                    words=data["review"],
                )
        except ValidationError as wrong:
            show(form, wrong)
        else:
            messages.success(request, _("Saved."))
            return SeeOther(reverse("compliance:cases"))
    status = 422 if request.method == "POST" else 200
    context = {"opening": opening, "form": form, "own": opening.user_id == request.scope.user_id}
    return render(request, "compliance/cases/opening.html", context, status=status)


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
    context["pilots"] = [
        (pilot, of_pilots.get(pilot.pk), codes.shown(of_pilots[pilot.pk].poster) if pilot.pk in of_pilots else "")
        for pilot in Pilot.objects.order_by("name", "pk")
    ]
    return render(request, "compliance/cases/codes.html", context)


def _issue(request: PortalRequest) -> HttpResponse:
    by, on = request.scope, timezone.localdate()
    if (asked := number(request.POST.get("placement", ""))) is not None:
        placement = placement_or_404(asked)
        code = codes.issue_to(placement, by=by, on=on)
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
    country = pilot.corridor.destination
    names = Locale.parse(get_language() or "en", sep="-").territories
    return {
        "address": address, "square": square(address), "country": names.get(country, country),
        "numbers": EMERGENCY.get(country, ()),
    }  # fmt: skip


@require_safe
@requires(HANDLE)
def poster(request: PortalRequest, pk: int) -> HttpResponse:
    """The poster of a place, to print and hang where nobody watches who reads it."""
    row = get_object_or_404(ConcernCode.objects.select_related("site", "pilot").exclude(poster=""), pk=pk)
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
