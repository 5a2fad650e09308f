"""Pages of research: the agreements, what was given under each, and the download of an extract."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PortalRequest
from accounts.roles import Kind, Permission
from accounts.verbs import SeeOther, requires
from reports.research import making
from reports.research.forms import AgreementForm, EndForm, ExtractForm
from reports.research.models import ResearchAgreement, ResearchDownload, ResearchExtract
from reports.research.rows import COLUMNS, QUASI

MOST = 200


def _refuse_others(request: PortalRequest) -> None:
    if request.scope.kind != Kind.PROGRAMME:
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EXPORT_DEIDENTIFIED)
def agreements(request: PortalRequest) -> HttpResponse:
    """The agreements of the pilots in sight, and the form to record one. POST records it."""
    _refuse_others(request)
    row = ResearchAgreement(organisation_id=request.scope.organisation_id, user_id=request.scope.user_id)
    form = AgreementForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        found = making.agree(form.save(commit=False), by=request.scope)
        return SeeOther(reverse("reports:research_agreement", args=[found.pk]))
    rows = ResearchAgreement.objects.select_related("pilot").annotate(given=Count("extracts")).order_by("-id")[:MOST]
    context = {"rows": rows, "form": form, "today": timezone.localdate()}
    return render(request, "reports/research.html", context, status=422 if form.errors else 200)


def _agreement(pk: int) -> ResearchAgreement:
    return get_object_or_404(ResearchAgreement.objects.select_related("pilot", "user"), pk=pk)


def _page(request: PortalRequest, agreement: ResearchAgreement, form: ExtractForm, end: EndForm) -> HttpResponse:
    today, now = timezone.localdate(), timezone.now()
    extracts = list(ResearchExtract.objects.filter(agreement=agreement).order_by("-id")[:MOST])
    fetched = ResearchDownload.objects.filter(extract__in=extracts).values_list("extract").annotate(n=Count("pk"))
    times = dict(fetched.order_by())
    steps = {quasi.column: len(quasi.steps) - 1 for quasi in QUASI}
    context = {
        "agreement": agreement, "form": form, "end": end, "columns": [(c.key, _(c.words), c.sensitive) for c in COLUMNS],
        "runs": agreement.signed_on <= today <= agreement.last_day,
        "mine": agreement.organisation_id == request.scope.organisation_id and making.may(request.scope),
        "extracts": [
            {"one": one, "times": times.get(one.pk, 0), "ready": now < one.expires_at and today <= agreement.last_day,
             "levels": [(name, level, steps.get(name, 0)) for name, level in sorted(one.levels.items())]}
            for one in extracts
        ],
    }  # fmt: skip
    return render(request, "reports/research_agreement.html", context, status=422 if form.errors or end.errors else 200)


def _form(agreement: ResearchAgreement, data=None) -> ExtractForm:
    first = ResearchExtract.objects.filter(agreement=agreement).order_by("id").first()
    given = (first.period_from, first.period_to) if first else None
    return ExtractForm(data, today=timezone.localdate(), given=given)


@require_safe
@requires(Permission.EXPORT_DEIDENTIFIED)
def agreement(request: PortalRequest, pk: int) -> HttpResponse:
    """One agreement: what was agreed, the register of what was given, and the form to have an extract made."""
    _refuse_others(request)
    found = _agreement(pk)
    return _page(request, found, _form(found), EndForm())


@require_POST
@requires(Permission.EXPORT_DEIDENTIFIED)
def extracts(request: PortalRequest, pk: int) -> HttpResponse:
    """Ask for an extract; a job makes it."""
    _refuse_others(request)
    found = _agreement(pk)
    form = _form(found, request.POST)
    if form.is_valid():
        try:
            data = form.cleaned_data
            job = making.ask(found, data["period_from"], data["period_to"], by=request.scope, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return SeeOther(reverse("accounts:job", args=[job.pk]))
    return _page(request, found, form, EndForm())


@require_POST
@requires(Permission.EXPORT_DEIDENTIFIED)
def ends(request: PortalRequest, pk: int) -> HttpResponse:
    """End an agreement before its day: what lies ready is deleted."""
    _refuse_others(request)
    found = _agreement(pk)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            making.end(found, by=request.scope, on=timezone.localdate(), reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return SeeOther(reverse("reports:research_agreement", args=[pk]))
    return _page(request, found, _form(found), form)


@require_POST
@requires(Permission.EXPORT_DEIDENTIFIED)
def downloads(request: PortalRequest, pk: int) -> HttpResponse:
    """Hand an extract out and record it."""
    _refuse_others(request)
    found = get_object_or_404(ResearchExtract.objects.select_related("agreement"), pk=pk)
    try:
        body = making.hand_out(found, by=request.scope, now=timezone.now())
    except ValidationError as error:
        agreement_ = _agreement(found.agreement_id)
        form = _form(agreement_, {"period_from": found.period_from, "period_to": found.period_to})
        form.add_error(None, error)
        return _page(request, agreement_, form, EndForm())
    response = HttpResponse(body, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="research-extract-{found.pk}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
