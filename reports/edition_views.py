"""Pages about what happened to editions: their history, a withdrawal, and the signatures for rare events."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import PortalRequest
from accounts.roles import Kind, Permission
from accounts.verbs import requires
from reports.content import Content, Previous
from reports.editions import withdraw
from reports.forms import SignOffForm, WithdrawalForm
from reports.kinds import title_of
from reports.models import Edition, SignOff, Withdrawal
from reports.signing import rare_events, sign

SIGNATURES = 50


def may_withdraw(request: PortalRequest) -> bool:
    """Whether the page offers to withdraw an edition."""
    return request.scope.kind == Kind.PROGRAMME and request.scope.allows(Permission.REPORT_REQUEST)


@dataclass(frozen=True, slots=True)
class InSeries:
    """One edition of a report among its others: withdrawn or not, and whether it is the one to be read now."""

    edition: Edition
    withdrawal: Withdrawal | None
    current: bool

    @property
    def previous(self) -> Previous | None:
        """What changed against the edition before, and why; none in the first."""
        return Content.from_json(self.edition.content).previous


def series_of(edition: Edition) -> list[InSeries]:
    """All editions for the same reader, kind and period, newest first. The current one is the newest not withdrawn."""
    editions = list(
        Edition.objects.filter(
            organisation_id=edition.organisation_id, pilot_id=edition.pilot_id, kind=edition.kind,
            period_from=edition.period_from, period_to=edition.period_to,
        ).select_related("pilot", "organisation").order_by("-number")
    )  # fmt: skip
    withdrawn = {row.edition_id: row for row in Withdrawal.objects.filter(edition__in=editions)}
    current = next((one.pk for one in editions if one.pk not in withdrawn), None)
    return [InSeries(one, withdrawn.get(one.pk), one.pk == current) for one in editions]


@require_GET
@requires(Permission.REPORT_VIEW)
def history(request: PortalRequest, pk: int) -> HttpResponse:
    """Every edition of one report: when, why, what changed cell by cell, which was withdrawn."""
    return _history(request, get_object_or_404(Edition, pk=pk), WithdrawalForm())


def _history(request: PortalRequest, edition: Edition, form: WithdrawalForm) -> HttpResponse:
    series = series_of(edition)
    this = next(one for one in series if one.edition.pk == edition.pk)
    context = {
        "edition": this.edition, "title": title_of(edition.kind), "series": series,
        "form": form if may_withdraw(request) and (form.errors or not this.withdrawal) else None,
    }  # fmt: skip
    return render(request, "reports/history.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.REPORT_REQUEST)
def withdrawals(request: PortalRequest, pk: int) -> HttpResponse:
    """Withdraw an edition with a reason that its readers see."""
    edition = get_object_or_404(Edition, pk=pk)
    if not may_withdraw(request):
        raise PermissionDenied
    form = WithdrawalForm(request.POST)
    if form.is_valid():
        try:
            withdraw(edition, by=request.scope, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return HttpResponseRedirect(reverse("reports:history", args=[pk]), status=303)
    return _history(request, edition, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT_SIGN)
def sign_offs(request: PortalRequest) -> HttpResponse:
    """Whether a rare event may stand in reports: the decisions so far, and the form to decide. POST signs."""
    form = SignOffForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            sign(
                data["pilot"].pk, data["event"], data["period_from"], data["period_to"], by=request.scope,
                may_be_shown=data["decision"] == "show", reason=data["reason"],
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return HttpResponseRedirect(reverse("reports:sign_offs"), status=303)
    titles = rare_events()
    signed = SignOff.objects.select_related("pilot").order_by("-id")[:SIGNATURES]
    context = {"form": form, "rows": [(titles.get(row.event, row.event), row) for row in signed]}
    return render(request, "reports/sign_offs.html", context, status=422 if form.errors else 200)
