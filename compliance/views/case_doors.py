"""Who else comes in: answers to offers, openings in an emergency and their review."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.fresh import ask_for_it, fresh_second_factor
from accounts.refusing import refuse
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance.grievances import glass, offers, readers
from compliance.grievances.forms import AnswerForm, OpeningForm, ReviewForm
from compliance.models import Grievance, GrievanceOffer, GrievanceOpening

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
            refuse(form, wrong)
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
                refuse(form, wrong)
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
            refuse(form, wrong)
        else:
            messages.success(request, _("Saved."))
            return SeeOther(reverse("compliance:cases"))
    status = 422 if request.method == "POST" else 200
    context = {"opening": opening, "form": form, "own": opening.user_id == request.scope.user_id}
    return render(request, "compliance/cases/opening.html", context, status=status)
