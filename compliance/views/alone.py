"""The worker answers alone on the officer's phone; afterwards the screen shows nothing of it to whoever is next."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance import due
from compliance.alone import AloneForm, key_of_talk, visit_key
from compliance.catalogue.spoken import spoken
from compliance.checking import CannotRecord, record_check
from compliance.queries import placement_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHECK_RECORD)
def alone(request: PortalRequest, pk: int) -> HttpResponse:
    """GET: the questions, in the worker's language. POST: keep the answers, once for this visit."""
    placement = placement_or_404(pk)
    given = request.POST if request.method == "POST" else request.GET
    stage = given.get("stage", "") or due.stage_for_step(placement.state.step)
    if stage not in spoken().stages:
        raise Http404("stage")
    wanted = given.get("language", "")
    language = spoken().language(wanted) if wanted else spoken().for_person(placement.person.languages)
    if request.method == "POST":
        form = AloneForm(request.POST, stage=stage, language=language)
        if form.is_valid() and (answers := form.answers()):
            visit, today = form.cleaned_data["visit"], timezone.localdate()
            try:
                record_check(
                    placement.pk, stage, answers, by=request.scope, done_on=today, today=today, private=True,
                    key=key_of_talk(visit, placement.pk) if visit else "",
                )  # fmt: skip
            except CannotRecord as refused:
                form.add_error(None, [problem.words for problem in refused.problems])
            else:
                where = reverse("compliance:alone_done", args=[placement.pk])
                return SeeOther(f"{where}?language={language.code}&visit={visit}&stage={stage}")
        elif form.is_valid():
            form.add_error(None, language.intro)
        status = 422
    else:
        form = AloneForm(stage=stage, language=language, initial={"visit": visit_key(given.get("visit", ""))})
        status = 200
    context = {
        "placement": placement, "form": form, "language": language, "languages": spoken().languages, "stage": stage,
        "visit": visit_key(given.get("visit", "")),
    }  # fmt: skip
    return render(request, "compliance/alone.html", context, status=status)


@require_safe
@requires(Permission.CHECK_RECORD)
def alone_done(request: PortalRequest, pk: int) -> HttpResponse:
    """Thanks to the worker, and the way back for the officer; neither name nor answer."""
    placement = placement_or_404(pk)
    back = reverse("compliance:checks")
    visit = visit_key(request.GET.get("visit", ""))
    if visit and placement.site_id:
        back = f"{reverse('compliance:visit', args=[placement.site_id, visit])}?stage={request.GET.get('stage', '')}"
    language = spoken().language(request.GET.get("language", ""))
    return render(request, "compliance/alone_done.html", {"language": language, "back": back})
