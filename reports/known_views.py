"""The page behind every figure, and the way to it from a printed key."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.models import Organisation
from accounts.requests import PortalRequest
from accounts.roles import Kind, Permission
from accounts.verbs import SeeOther, requires
from pilots.models import Participation
from reports.behind import list_behind
from reports.content import Content
from reports.edition_views import series_of
from reports.keys import read_key
from reports.kinds import title_of
from reports.known import figure_at, known, told
from reports.models import Edition
from reports.rendering.words import direction


@require_GET
@requires(Permission.REPORT_VIEW)
def figure(request: PortalRequest, pk: int, metric: str, row: int) -> HttpResponse:
    """How do you know? Everything behind one figure of one edition, as it was frozen."""
    edition = get_object_or_404(Edition.objects.select_related("pilot", "organisation"), pk=pk)
    content = Content.from_json(edition.content)
    behind, found = known(content, edition.sha256, metric, row), figure_at(content, metric, row)
    if behind is None or found is None:
        raise Http404
    series = list(reversed(series_of(edition)))
    lines = told([Content.from_json(one.edition.content) for one in series], metric, found[1])
    context = {
        "edition": edition, "known": behind, "language": content.language, "direction": direction(content.language),
        "title": title_of(edition.kind),
        "history": list(zip(series, lines, strict=True))[::-1], "ask": _whom_to_ask(edition),
        "today": list_behind(edition, *found, request.scope),
    }  # fmt: skip
    return render(request, "reports/known.html", context)


def _whom_to_ask(edition: Edition) -> list[str]:
    """The organisations that run the pilot, as far as the reader may know their names."""
    running = Participation.objects.filter(pilot_id=edition.pilot_id, kind=Kind.PROGRAMME, left_on__isnull=True)
    names = Organisation.objects.filter(pk__in=running.values("organisation_id")).order_by("name")
    return list(names.values_list("name", flat=True))


def by_key(text: str) -> SeeOther | None:
    """The page of the figure that a printed key names, if the reader may read its edition; None otherwise."""
    read = read_key(text)
    if read is None:
        return None
    start, metric, row = read
    edition = Edition.objects.filter(sha256__startswith=start).order_by("-id").first()
    if edition is None or figure_at(Content.from_json(edition.content), metric, row) is None:
        return None
    return SeeOther(reverse("reports:known", args=[edition.pk, metric, row]))
