"""Pages of spreadsheets: send one, look at what it would do, record it, take it back, fetch what is left to mend."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, jobs
from accounts.models import Job, User
from accounts.requests import PortalRequest
from accounts.roles import Kind, Permission
from accounts.verbs import SeeOther, requires
from accounts.views.jobs import described
from workers.models import ImportBatch

from . import door, preview
from .forms import MappingForm, UploadForm
from .judges import offered
from .kinds import COLUMNS
from .limits import LIMITS, MEGABYTE
from .refusals import SheetRefused
from .template import template_workbook

PAGE = 25
# About three hundred rows: read within the request, so that the preview is there at once.
INLINE_BYTES = 80_000
INLINE_ROWS = 300
INLINE = replace(LIMITS, rows=1000, unpacked_size=20 * MEGABYTE, cpu_seconds=8, wall_seconds=15)
TOO_MUCH = frozenset({"too_many_rows", "bomb_size", "too_slow"})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMPORT = Permission.SHEET_SEND


@require_http_methods(["GET", "HEAD", "POST"])
@requires(IMPORT)
def imports(request: PortalRequest) -> HttpResponse:
    """The sheets that were sent, newest first, and the form to send one. POST sends."""
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, by=request.scope)
        if form.is_valid():
            return _sent(request, form)
        return _list(request, form, 422)
    return _list(request, UploadForm(by=request.scope), 200)


def _list(request: PortalRequest, form: UploadForm, status: int) -> HttpResponse:
    found = ImportBatch.objects.select_related("pilot", "organisation").order_by("-id")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    batches = list(found[: PAGE + 1])
    here = reverse("workers:imports")
    # Not joined: a person of another organisation is not seen, and the sheet would be lost with them.
    names = dict(User.objects.filter(pk__in={b.user_id for b in batches}).values_list("pk", "name"))
    for batch in batches:
        batch.sender = names.get(batch.user_id, "")  # type: ignore[attr-defined]
        batch.title, batch.tone = _(COLUMNS[batch.kind].title), _tone(batch)  # type: ignore[attr-defined]
        batch.words = _state(batch)  # type: ignore[attr-defined]
    context = {
        "form": form, "batches": batches[:PAGE], "kinds": [(code, _(COLUMNS[code].title)) for code in offered(request.scope)],
        "older": f"{here}?before={batches[PAGE - 1].pk}" if len(batches) > PAGE else "", "newest": here if before else "",
        "programme": request.scope.kind == Kind.PROGRAMME,
    }  # fmt: skip
    return render(request, "workers/sheets/imports.html", context, status=status)


def _sent(request: PortalRequest, form: UploadForm) -> HttpResponse:
    data = form.cleaned_data
    options = {"date_order": data["date_order"], "currency": data["currency"]}
    file = data["file"]
    try:
        batch = door.open_batch(
            file.read(),
            file.name,
            data["kind"],
            data["pilot"],
            by=request.scope,
            cohort=data["cohort"],
            options=options,
        )
    except SheetRefused as refused:
        form.add_error("file", refused.message)
        return _list(request, form, 422)
    if file.size <= INLINE_BYTES:
        door.check(batch, by=request.scope, today=timezone.localdate(), limits=INLINE)
    # A small file may hold a lot: what is more than a request should carry is left to a worker as well.
    if file.size > INLINE_BYTES or batch.summary.get("code") in TOO_MUCH:
        jobs.ask("check_sheet", key=f"{batch.pk}", by=request.scope, pilot_id=batch.pilot_id, batch=batch.pk)
    return SeeOther(_url(batch))


@require_safe
@requires(IMPORT)
def import_page(request: PortalRequest, pk: int) -> HttpResponse:
    """What a sheet would do, or did: counts, rows by verdict with their cells, and the next step."""
    return _page(request, _batch(pk))


def _page(request: PortalRequest, batch: ImportBatch, trouble: str = "", status: int = 200) -> HttpResponse:
    tab = preview.first_tab(batch, request.GET.get("show", ""))
    after = request.GET.get("after", "")
    shown, more = preview.rows(batch, tab, int(after) if after.isdecimal() and len(after) < 10 else 0)
    counts = batch.summary.get("counts", {})
    here = _url(batch)
    if shown:
        audit.read_sensitive(request, "import", batch.pk, batch.pilot_id)
    context = {
        "batch": batch, "title": _(COLUMNS[batch.kind].title), "counts": counts, "tone": _tone(batch),
        "state_words": _state(batch),
        "change_words": _("What changed") if batch.state == "committed" else _("What would change"),
        "accepted": counts.get("new", 0) + counts.get("changed", 0), "left": counts.get("refused", 0) + counts.get("conflict", 0),
        "tabs": preview.tabs(batch, tab), "tab": tab, "tab_label": preview.labels()[tab], "rows": shown,
        "next_url": f"{here}?show={tab}&after={more}#rows" if more else "",
        "first_url": f"{here}?show={tab}#rows" if after else "", "trouble": trouble,
        "own": batch.organisation_id == request.scope.organisation_id, "work": _work(batch),
        "programme": request.scope.kind == Kind.PROGRAMME, "reading": _reading(batch),
        "steps": _steps(batch), "sender": User.objects.filter(pk=batch.user_id).values_list("name", flat=True).first(),
    }  # fmt: skip
    return render(request, "workers/sheets/import.html", context, status=status)


@require_POST
@requires(IMPORT)
def checks(request: PortalRequest, pk: int) -> HttpResponse:
    """Check the same file again, against what is recorded now, and perhaps with its dates read differently."""
    batch = _batch(pk)
    form = _reading(batch, request.POST)
    if not form.is_valid():
        return _page(request, batch, " ".join(str(e) for errors in form.errors.values() for e in errors), 422)
    if request.POST:
        batch.options = {**batch.options, **form.options()}
    own = batch.organisation_id == request.scope.organisation_id
    if own and batch.summary.get("counts", {}).get("rows", 0) > INLINE_ROWS:
        batch.save(update_fields=["options"])
        key = f"{batch.pk} {timezone.now():%Y%m%d%H%M}"  # pressing twice within a minute is one check
        jobs.ask("check_sheet", key=key, by=request.scope, pilot_id=batch.pilot_id, batch=batch.pk)
        return SeeOther(_url(batch))
    try:
        with transaction.atomic():
            door.check(batch, by=request.scope, today=timezone.localdate())
    except door.NotCommitted as refused:
        return _page(request, _batch(pk), str(refused), 422)
    messages.success(request, _("The sheet was checked again."))
    return SeeOther(_url(batch))


@require_POST
@requires(IMPORT)
def commits(request: PortalRequest, pk: int) -> HttpResponse:
    """Record the accepted rows; a long sheet goes on in the background."""
    batch = _batch(pk)
    rows = batch.summary.get("counts", {}).get("rows", 0)
    whole = request.POST.get("rows") == "all"
    if (
        rows > INLINE_ROWS
        and batch.state == ImportBatch.State.CHECKED
        and batch.organisation_id == request.scope.organisation_id
    ):
        # A batch is committed once, so its number is the key; after a failure another check makes another key.
        key = f"{batch.pk} {batch.checked_at:%Y%m%d%H%M%S}"
        jobs.ask(
            "commit_sheet", key=key, by=request.scope, pilot_id=batch.pilot_id, batch=batch.pk, only_accepted=not whole
        )
        return SeeOther(_url(batch))
    try:
        done = door.commit(batch, by=request.scope, only_accepted=not whole, today=timezone.localdate())
    except door.NotCommitted as refused:
        return _page(request, _batch(pk), str(refused), 422)
    number = done.new + done.changed
    messages.success(request, ngettext("%(n)s row is recorded.", "%(n)s rows are recorded.", number) % {"n": number})
    return SeeOther(_url(batch))


@require_POST
@requires(IMPORT)
def undoings(request: PortalRequest, pk: int) -> HttpResponse:
    """Take the sheet back, with a reason; what stays is shown with why."""
    batch = _batch(pk)
    try:
        done = door.undo(batch, by=request.scope, reason=request.POST.get("reason", ""))
    except door.NotCommitted as refused:
        return _page(request, _batch(pk), str(refused), 422)
    taken = ngettext("%(n)s row was taken back.", "%(n)s rows were taken back.", done.undone) % {"n": done.undone}
    if done.undone:
        messages.success(request, taken)
    else:
        messages.warning(request, _("Nothing could be taken back; the page says why."))
    return SeeOther(_url(batch))


@require_safe
@requires(IMPORT)
def import_remainder(request: PortalRequest, pk: int) -> HttpResponse:
    """The rows that were not taken, as a workbook to mend and send again."""
    batch = _batch(pk)
    if batch.organisation_id != request.scope.organisation_id or not batch.summary.get("counts") or batch.forgotten_at:
        raise Http404
    audit.read_sensitive(request, "import", batch.pk, batch.pilot_id)
    return _workbook(door.remainder(batch), f"{batch.kind}-{batch.pk}-to-mend.xlsx")


@require_safe
@requires(IMPORT)
def import_template(request: PortalRequest, kind: str) -> HttpResponse:
    """An empty sheet of a kind, with its columns, words and an explanation."""
    if kind not in offered(request.scope):
        raise Http404
    return _workbook(template_workbook(kind), f"{kind}.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _reading(batch: ImportBatch, data: QueryDict | None = None) -> MappingForm:
    """The questions of how the file is read, with the answers so far."""
    return MappingForm(
        data, kind=batch.kind, headers=batch.summary.get("unknown", []), mapping=batch.options.get("mapping") or {},
        initial=batch.options,
    )  # fmt: skip


def _batch(pk: int) -> ImportBatch:
    found = ImportBatch.objects.select_related("pilot__corridor", "organisation", "cohort")
    return get_object_or_404(found, pk=pk)


def _url(batch: ImportBatch) -> str:
    return reverse("workers:import", args=[batch.pk])


def _tone(batch: ImportBatch) -> str:
    return {"refused": "critical", "committed": "good", "checked": "info", "undone": "neutral"}.get(batch.state, "info")


def _work(batch: ImportBatch) -> dict[str, Any] | None:
    """The job under way for this batch, or the one that failed last."""
    if batch.state in {"committed", "undone"}:
        return None
    found = Job.objects.filter(kind__in=["check_sheet", "commit_sheet"], params__batch=batch.pk).order_by("-id").first()
    return described(found) if found and found.state != Job.State.DONE else None


def _state(batch: ImportBatch) -> str:
    """Where the sheet stands, in the words of the buttons."""
    return {
        "uploaded": _("Being read"), "checked": _("Not recorded yet"), "refused": _("Could not be read"),
        "committed": _("Recorded"), "undone": _("Taken back"),
    }[batch.state]  # fmt: skip


def _steps(batch: ImportBatch) -> list[dict[str, str]]:
    """Where the sheet stands on its way."""
    at = {"uploaded": 1, "refused": 1, "checked": 2, "committed": 3, "undone": 3}[batch.state]
    last = _("Taken back") if batch.state == "undone" else _("Recorded")
    return [
        {"label": label, "state": "done" if number < at or at == 3 else "current" if number == at else "todo"}
        for number, label in enumerate((_("Sent"), _("Read"), _("Look through"), last))
    ]
