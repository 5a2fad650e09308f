"""The worker answers alone on the officer's phone, which opens nothing else until the officer unlocks it (``narrowed``);
afterwards the screen shows nothing of it to whoever is next."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.narrowed import answer, is_answered, is_narrowed, narrow
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from compliance import due
from compliance.alone import AloneForm, key_of_talk, visit_key
from compliance.catalogue.spoken import spoken
from compliance.checking import CannotRecord, record_check
from compliance.queries import placement_or_404
from workers.models import Placement


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHECK_RECORD)
def alone(request: PortalRequest, pk: int) -> HttpResponse:
    """GET: the questions, in the worker's language. POST: keep the answers, once for this visit. Only on a phone that was
    locked by handing it over; else the page that does so."""
    placement = placement_or_404(pk)
    given = request.POST if request.method == "POST" else request.GET
    stage = _stage(given.get("stage", ""), placement)
    if not is_narrowed(request.session):
        context = {
            "placement": placement, "stage": stage, "visit": visit_key(given.get("visit", "")),
            "language": given.get("language", ""),
        }  # fmt: skip
        status = 409 if request.method == "POST" else 200
        return render(request, "compliance/handing_over.html", context, status=status)
    if is_answered(request.session):
        # Whoever takes the phone from the worker now must not answer once more in their name.
        return _thanks(placement, given.get("language", ""))
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
                answer(request.session)
                return _thanks(placement, language.code)
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


def _thanks(placement: Placement, language: str) -> SeeOther:
    where = reverse("compliance:alone_done", args=[placement.pk])
    return SeeOther(f"{where}?language={spoken().language(language).code}")


def _stage(asked: str, placement: Placement) -> str:
    stage = asked or due.stage_for_step(placement.state.step)
    if stage not in spoken().stages:
        raise Http404("stage")
    return stage


@require_POST
@requires(Permission.CHECK_RECORD)
def handing_over(request: PortalRequest, pk: int) -> HttpResponse:
    """Narrow the session to the questions of this one worker, and show them."""
    placement = placement_or_404(pk)
    stage, visit = _stage(request.POST.get("stage", ""), placement), visit_key(request.POST.get("visit", ""))
    back = reverse("compliance:checks")
    if visit and placement.site_id:
        back = f"{reverse('compliance:visit', args=[placement.site_id, visit])}?stage={stage}"
    only = [reverse(f"compliance:{name}", args=[placement.pk]) for name in ("alone", "alone_done")]
    narrow(request.session, only=only, back=back)
    audit.record("phone handed over", "placement", placement.pk, pilot_id=placement.pilot_id)
    language = spoken().language(request.POST["language"]).code if request.POST.get("language") else ""
    return SeeOther(f"{only[0]}?stage={stage}&visit={visit}&language={language}")


@require_safe
@requires(Permission.CHECK_RECORD)
def alone_done(request: PortalRequest, pk: int) -> HttpResponse:
    """Thanks to the worker, and the way back for the officer; neither name nor answer."""
    placement_or_404(pk)
    language = spoken().language(request.GET.get("language", ""))
    return render(request, "compliance/alone_done.html", {"language": language, "back": reverse("phone_lock")})
