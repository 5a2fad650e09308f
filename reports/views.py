"""Pages of the reports: ask for one, read an edition, download its files."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Job
from accounts.requests import PortalRequest
from accounts.roles import Kind, Permission
from accounts.verbs import requires
from accounts.views.jobs import described
from reports.compiling import Order, ask_for
from reports.content import Content
from reports.delivery.answering import of_edition
from reports.delivery.files import attachment, files_of
from reports.delivery.taking import take
from reports.edition_views import may_withdraw, series_of
from reports.forms import OrderForm
from reports.kinds import KINDS, kinds_for, title_of
from reports.known_views import by_key
from reports.metrics import METRICS
from reports.metrics.purchasing import MARKET, PURCHASING
from reports.models import Download, Edition, EditionFile, Withdrawal
from reports.rendering.view import view as in_words
from reports.rendering.words import population

ROWS = 30


def _editions():
    withdrawn = Exists(Withdrawal.objects.filter(edition=OuterRef("pk")))
    return Edition.objects.defer("content").select_related("pilot", "organisation").annotate(withdrawn=withdrawn)


def _titled(editions) -> list[Edition]:
    rows = list(editions)
    for edition in rows:
        edition.title = title_of(edition.kind)
        edition.about = _("All pilots") if KINDS[edition.kind].across else edition.pilot.name
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT_VIEW)
def report_list(request: PortalRequest) -> HttpResponse:
    """The editions this organisation may read, the jobs under way, and the form to ask for one. POST asks."""
    kinds = kinds_for(request.scope.kind) if request.scope.allows(Permission.REPORT_REQUEST) else []
    form = None
    if kinds:
        now = timezone.now()
        form = OrderForm(request.POST or None, kinds=kinds, today=timezone.localdate(now))
        if request.method == "POST" and form.is_valid():
            return _asked(request, form.cleaned_data)
    elif request.method == "POST":
        request.scope.require(Permission.REPORT_REQUEST)
    page = Paginator(_editions().order_by("-id"), ROWS).get_page(request.GET.get("page"))
    running = Job.objects.filter(
        kind="compile_report", organisation_id=request.scope.organisation_id, state__in=["waiting", "running"]
    ).order_by("-id")[:5]
    context = {
        "form": form, "page": page, "editions": _titled(page), "running": [described(job) for job in running],
        "may_sign": request.scope.allows(Permission.REPORT_SIGN),
        "may_research": request.scope.kind == Kind.PROGRAMME and request.scope.allows(Permission.EXPORT_DEIDENTIFIED),
    }  # fmt: skip
    return render(request, "reports/list.html", context, status=422 if form and form.errors else 200)


TERMS = (
    ("population", gettext_lazy("What is counted")), ("numerator_words", gettext_lazy("Numerator")),
    ("denominator_words", gettext_lazy("Denominator")), ("exclusions", gettext_lazy("Left out")),
    ("missing_words", gettext_lazy("Counts as missing")), ("uncertainty_words", gettext_lazy("How sure")),
    ("source", gettext_lazy("Source")),
)  # fmt: skip


@require_GET
@requires(Permission.REPORT_VIEW)
def metric_list(request: PortalRequest) -> HttpResponse:
    """What every figure means: the declarations of the metrics, in the words that stand under the figures.

    ``?key=``: the key that a printed report names; it leads to the page of that figure.
    """
    typed = request.GET.get("key", "")[:120]
    if typed and (found := by_key(typed)):
        return found
    metrics = []
    for metric in METRICS:
        said = {name: _(text) for name, _term in TERMS[1:] if (text := getattr(metric, name))}
        said["population"] = population(metric.population)
        rows = [(str(term), said[name]) for name, term in TERMS if name in said]
        rows += [
            (_("Version"), str(metric.version)),
            (_("In the reports"), ", ".join(_(k.title) for k in KINDS.values() if metric.code in k.metrics)),
        ]
        metrics.append({
            "code": metric.code, "anchor": f"#{metric.code}", "title": _(metric.title), "definition": _(metric.definition), "rows": rows,
            "statement": _(metric.statement),
        })  # fmt: skip
    return render(request, "reports/metrics.html", {"metrics": metrics, "typed": typed})


def _asked(request: PortalRequest, data: dict) -> HttpResponseRedirect:
    # Pressing the button twice within a minute is one order.
    as_of = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=1)
    order = Order(
        data["kind"], data["pilot"].pk, request.scope.organisation_id, data["period_from"], data["period_to"], as_of,
        data["reason"], PURCHASING if data["prices"] else MARKET,
    )  # fmt: skip
    job = ask_for(order, by=request.scope)
    return HttpResponseRedirect(reverse("accounts:job", args=[job.pk]), status=303)


@require_GET
@requires(Permission.REPORT_VIEW)
def edition_page(request: PortalRequest, pk: int) -> HttpResponse:
    """One edition as a page: the same content, words and hidden cells as its files."""
    edition = get_object_or_404(Edition.objects.select_related("pilot", "organisation"), pk=pk)
    content = Content.from_json(edition.content)
    others = series_of(edition)
    newest = next((other.edition for other in others if other.current), edition)
    context = {
        "edition": edition, "report": in_words(content), "files": files_of(edition), "others": others,
        "newest": newest if newest.number > edition.number else None,
        "withdrawal": next(other.withdrawal for other in others if other.edition.pk == edition.pk),
        "may_withdraw": may_withdraw(request),
        "downloads": Download.objects.filter(edition=edition).count(),
    } | of_edition(edition, request.scope)  # fmt: skip
    return render(request, "reports/edition.html", context)


@require_POST
@requires(Permission.REPORT_VIEW)
def download(request: PortalRequest, pk: int) -> HttpResponse:
    """Hand out one file of an edition and record that it was downloaded, in one transaction."""
    edition = get_object_or_404(Edition.objects.only("pk", "pilot_id", "organisation_id"), pk=pk)
    file = get_object_or_404(EditionFile, edition=edition, name=request.POST.get("name", ""))
    take(edition, file.name, by=request.scope)
    return attachment(file)


@require_GET
@requires(Permission.REPORT_VIEW)
def chart(request: PortalRequest, pk: int, name: str) -> HttpResponse:
    """One chart of an edition, for the edition's page. It is an image: it runs nothing and asks for nothing."""
    if not name.endswith(".svg"):
        raise Http404
    file = get_object_or_404(EditionFile, edition_id=pk, name=name)
    response = HttpResponse(bytes(file.body), content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
