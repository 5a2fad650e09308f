"""Pages of lists and downloads: the lists there are, one as a table, one as a file, and the files that lie ready."""

import re
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import read_sensitive
from accounts.models import Job
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from accounts.views.jobs import described
from pilots.models import Pilot
from workers.models import Export

from . import door
from .forms import DownloadForm, ListFilter
from .listings import DAY, NUMBER, WHOLE, Asked, Listing, Plan, offered
from .marks import file_name, rows_words
from .rows import count, first

PAGE = 50
RECENT = 20
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
# What the address of a page may hold beside its filters.
NOT_FILTERS = {
    "list",
    "after",
    "before",
    "from",
    "csrfmiddlewaretoken",
    "format",
    "without_persons",
    "recipient",
    "seen",
}
VIEW = Permission.PERSON_VIEW


@require_safe
@requires(VIEW)
def lists(request: PortalRequest) -> HttpResponse:
    """Every list that this reader may have."""
    # A list about one thing is found on that thing's page.
    found = [each for each in offered(request.scope) if not each.own]
    rows = [{"listing": each, "title": _(str(each.title)), "url": page_of(each)} for each in found]
    return render(request, "workers/exports/lists.html", {"rows": rows})


def page_of(listing: Listing) -> str:
    """Where a list is looked at: its own page, else the room's."""
    return reverse(listing.page) if listing.page else reverse("workers:listed", args=[listing.code])


@require_safe
@requires(VIEW)
def listed(request: PortalRequest, code: str) -> HttpResponse:
    """A list as a table: the rows and columns of its file, in the same order."""
    listing = _listing(code, request)
    today = timezone.localdate()
    if listing.page:
        own = Asked(request.scope, request.GET.dict(), today).number(listing.own) if listing.own else None
        if listing.own and own is None:
            raise Http404(listing.own)
        return SeeOther(reverse(listing.page, args=[] if own is None else [own]))
    plan = listing.plan(Asked(request.scope, request.GET.dict(), today))
    place = request.GET.get("from", "")
    start = int(place) if place.isdecimal() and len(place) < 8 else 0
    total, found = count(plan), first(plan, PAGE, start)
    if listing.sensitive and found:
        read_sensitive(request, f"list {listing.code}", 0, plan.pilot_id)
    here, given = request.path, _given(request.GET)
    # A pilot may be named by its short name as well; the filter shows the one whose rows are below.
    chosen = {**request.GET.dict(), "pilot": plan.pilot_id or request.GET.get("pilot", "")}
    form = ListFilter(chosen, listing=listing, pilot_id=plan.pilot_id)
    context = {
        "listing": listing, "title": _(str(listing.title)), "form": form if form.fields else None, "total": total, "today": today,
        "headers": [{"words": cell.header, "number": cell.form in (NUMBER, WHOLE)} for cell in plan.cells],
        "rows": [_shown(plan, row) for row in found], "first": start + 1, "last": start + len(found),
        "next_url": f"{here}?{urlencode(given | {'from': start + PAGE})}" if start + len(found) < total else "",
        "previous_url": f"{here}?{urlencode(given | {'from': max(0, start - PAGE)})}" if start else "",
    }  # fmt: skip
    return render(request, "workers/exports/listed.html", context)


def _shown(plan: Plan, row: tuple) -> list[dict[str, Any]]:
    return [
        {"value": value, "label": cell.header, "day": cell.form == DAY, "number": cell.form in (NUMBER, WHOLE)}
        for cell, value in zip(plan.cells, row, strict=True)
    ]


def _listing(code: str, request: PortalRequest) -> Listing:
    listing = door.listing_of(code, request.scope)
    if listing is None:
        raise Http404("list")
    return listing


def _given(query: Any) -> dict[str, str]:
    """The filters of a list as they stand in its page's address."""
    return {name: value[:200] for name, value in query.items() if name not in NOT_FILTERS and value}


@require_safe
@requires(VIEW)
def download_new(request: PortalRequest) -> HttpResponse:
    """How many rows a list has now, and in which form it is wanted."""
    listing = _listing(request.GET.get("list", ""), request)
    form = DownloadForm(deidentified=door.may_deidentify(listing, request.scope))
    return _asking(request, listing, _given(request.GET), form)


def _asking(
    request: PortalRequest, listing: Listing, given: dict[str, str], form: DownloadForm, status: int = 200
) -> HttpResponse:
    plan = listing.plan(Asked(request.scope, given, timezone.localdate()))
    number = count(plan)
    context = {
        "listing": listing, "title": _(str(listing.title)), "form": form, "given": given, "filters": plan.filters,
        "number": number, "number_words": rows_words(number), "headers": [cell.header for cell in plan.cells],
        "long": number > settings.EXPORT_INLINE_ROWS, "hours": settings.EXPORT_KEEP_HOURS, "back": _back(listing, given),
    }  # fmt: skip
    return render(request, "workers/exports/new.html", context, status=status)


def _back(listing: Listing, given: dict[str, str]) -> str:
    """The list's page with its filters; a page about one thing takes that from a filter."""
    given = dict(given)
    if listing.page and listing.own:
        address = reverse(listing.page, args=[given.pop(listing.own)]) if given.get(listing.own) else reverse("home")
    else:
        address = page_of(listing)
    return f"{address}?{urlencode(given)}" if given else address


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW)
def downloads(request: PortalRequest) -> HttpResponse:
    """One's own files, the newest first. POST asks for one: a short list comes at once, a long one by a job."""
    if request.method == "POST":
        return _asked(request)
    found = Export.objects.filter(organisation_id=request.scope.organisation_id)[:RECENT]
    rows = [_row(export) for export in found]
    return render(request, "workers/exports/downloads.html", {"rows": rows, "hours": settings.EXPORT_KEEP_HOURS})


def _asked(request: PortalRequest) -> HttpResponse:
    listing = _listing(request.POST.get("list", ""), request)
    given = _given(request.POST)
    form = DownloadForm(request.POST, deidentified=door.may_deidentify(listing, request.scope))
    if not form.is_valid():
        return _asking(request, listing, given, form, 422)
    by, now = request.scope, timezone.now()
    today = timezone.localdate(now)
    plan = listing.plan(Asked(by, given, today))
    try:
        with transaction.atomic():
            export = door.ask(
                listing, given, form.cleaned_data["format"], by=by, pilot_id=plan.pilot_id,
                recipient=form.cleaned_data["recipient"],
            )  # fmt: skip
            if count(plan) > settings.EXPORT_INLINE_ROWS:
                door.in_background(export, by=by)
                return SeeOther(reverse("workers:download", args=[export.pk]))
            content = door.at_once(export, by=by, at=now, today=today)
    except door.Refused as refused:
        form.add_error(None, str(refused))
        return _asking(request, listing, given, form, 422)
    return attachment(HttpResponse(content), export)


def attachment(response: HttpResponse | FileResponse, export: Export) -> Any:
    """The response as a download under a name of ours; nothing of it is shown inside the portal or kept on the way."""
    slug = Pilot.objects.filter(pk=export.pilot_id or 0).values_list("slug", flat=True).first() or ""
    response["Content-Type"] = MEDIA[export.format]
    response["Content-Disposition"] = (
        f'attachment; filename="{re.sub(r"[^a-z0-9.-]+", "-", file_name(export, slug).lower())}"'
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store, private"
    response["X-SHA-256"] = export.sha256
    return response


@require_safe
@requires(VIEW)
def download(request: PortalRequest, pk: int) -> HttpResponse:
    """One file: how far it is, until when it lies ready, and the button that fetches it."""
    return _page(request, _export(request, pk))


def _page(request: PortalRequest, export: Export, trouble: str = "", status: int = 200) -> HttpResponse:
    job = Job.objects.filter(kind="make_export", key=str(export.pk)).first()
    going = (
        job if job and job.state != Job.State.DONE and export.made_at is None and export.revoked_at is None else None
    )
    context = _row(export) | {"work": described(going) if going else None, "trouble": trouble}
    return render(request, "workers/exports/download.html", context, status=status)


def _row(export: Export) -> dict[str, Any]:
    listing = door.LISTINGS.get(export.listing)
    state = door.state_of(export, timezone.now())
    return {
        "export": export, "title": _(str(listing.title)) if listing else export.listing, "state": state,
        "ready": state == door.READY, "words": door.state_words(state), "tone": door.TONES[state],
        "rows": None if export.row_count is None else rows_words(export.row_count),
    }  # fmt: skip


def _export(request: PortalRequest, pk: int) -> Export:
    return get_object_or_404(Export, pk=pk, organisation_id=request.scope.organisation_id)


@require_POST
@requires(VIEW)
def download_file(request: PortalRequest, pk: int) -> HttpResponse:
    """Fetch a file that lies ready. Rights are looked at again."""
    export = _export(request, pk)
    try:
        file = door.hand_out(export, by=request.scope, now=timezone.now())
    except door.Refused as refused:
        return _page(request, export, str(refused), 410)
    response = attachment(FileResponse(file), export)
    response.carries_no_rows = True  # a file of this machine by now
    return response


@require_POST
@requires(VIEW)
def download_withdrawals(request: PortalRequest, pk: int) -> HttpResponse:
    """Delete a file before its time."""
    export = _export(request, pk)
    if export.deleted_at is None:
        door.withdraw(export, now=timezone.now())
        messages.success(request, _("The file is deleted. Nobody can fetch it any more."))
    return SeeOther(reverse("workers:downloads"))
