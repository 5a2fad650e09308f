"""Pages of spreadsheets: send one, look at what it would do, record it, take it back, fetch what is left to mend.

How a sheet is meant, column by column and word by word, is said on the pages of ``views_reading``.
"""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, jobs
from accounts.models import User
from accounts.requests import PortalRequest
from accounts.roles import Kind, Permission
from accounts.verbs import SeeOther, requires
from accounts.views.jobs import described
from workers.models import ImportBatch

from . import answers, background, chain, door, habits, judges, preview, troubles
from .choices import choices_of
from .forms import HistoryFilter, UploadForm, state_words
from .handling import INLINE, INLINE_BYTES, INLINE_ROWS, ask_check, batch_of, long, seen, url_of
from .kinds import COLUMNS
from .reading import row_words
from .refusals import SheetRefused
from .template import template_workbook
from .views_reading import checked_again, open_batch_of
from .views_withheld import may_read

PAGE = 25
FEW = 6  # so many sheets are seen at a glance, and need no filter
# Refusals that an answer on the page of columns can mend.
ASKABLE = frozenset(
    {"no_header", "no_header_below", "missing_columns", "duplicate_headers", "ask_separator", "ask_encoding",
     "wrong_encoding", "no_such_sheet"}
)  # fmt: skip
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
    chosen = HistoryFilter(request.GET, by=request.scope)
    batches_seen = seen(ImportBatch.objects.select_related("pilot", "organisation"), request.scope)
    found = chosen.narrowed(batches_seen.order_by("-id"))
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    batches = list(chain.with_rest(found)[: PAGE + 1])
    # Not joined: a person of another organisation is not seen, and the sheet would be lost with them.
    names = dict(User.objects.filter(pk__in={b.user_id for b in batches}).values_list("pk", "name"))
    for batch in batches:
        batch.sender = names.get(batch.user_id, "")
        batch.title, batch.tone = _(COLUMNS[batch.kind].title), _tone(batch)
        batch.words = _state(batch)
    here = reverse("workers:imports")
    kept = request.GET.copy()
    kept.pop("before", None)
    newest = f"{here}?{kept.urlencode()}" if kept else here
    if len(batches) > PAGE:
        kept["before"] = str(batches[PAGE - 1].pk)
    context = {
        "form": form, "batches": batches[:PAGE], "kinds": [(code, _(COLUMNS[code].title)) for code in judges.offered(request.scope)],
        "older": f"{here}?{kept.urlencode()}" if len(batches) > PAGE else "", "newest": newest if before else "",
        "programme": request.scope.kind == Kind.PROGRAMME, "filter": chosen, "filtered": chosen.in_use, "many": len(batches) > FEW or bool(before),
        "confidant": may_read(request),
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
        ask_check(request, batch)
    return SeeOther(url_of(batch))


@require_safe
@requires(IMPORT)
def import_page(request: PortalRequest, pk: int) -> HttpResponse:
    """What a sheet would do, or did: counts, problems by sort, rows by verdict with their cells, and the next step."""
    return _page(request, batch_of(request, pk))


def _page(
    request: PortalRequest,
    batch: ImportBatch,
    trouble: str = "",
    status: int = 200,
    would: dict[str, Any] | None = None,
) -> HttpResponse:
    would = would or batch.summary.get("would")
    here = url_of(batch)
    counts = batch.summary.get("counts", {})
    own = batch.organisation_id == request.scope.organisation_id
    work = _work(batch)
    busy = bool(work and work["job"].kind in background.READING)
    mendable = own and batch.state == "checked" and not busy and not batch.forgotten_at
    context = {
        "batch": batch, "title": _(COLUMNS[batch.kind].title), "counts": counts, "tone": _tone(batch), "here": here,
        "state_words": _state(batch), "own": own, "work": work, "mendable": mendable, "trouble": trouble,
        "prepared": not long(batch) or background.rest_of(batch) is not None, "would": would,
        "change_words": _("What changed") if batch.state in ("committed", "undone") else _("What would change"),
        "accepted": counts.get("new", 0) + counts.get("changed", 0), "kept": _kept(batch, batch.summary.get("kept", [])),
        "would_stay": _kept(batch, would["kept"]) if would else [],
        "programme": request.scope.kind == Kind.PROGRAMME, "steps": _steps(batch),
        "sender": User.objects.filter(pk=batch.user_id).values_list("name", flat=True).first(),
        "askable": batch.summary.get("code") in ASKABLE, "checks_url": reverse("workers:import_checks", args=[batch.pk]),
        "sum": preview.sum_of(counts, batch.state), "readable": own and batch.state in ("checked", "refused") and not batch.forgotten_at,
    }  # fmt: skip
    context |= _rows(request, batch, mendable=mendable) | _parts(batch)
    return render(request, "workers/sheets/import.html", context, status=status)


def _kept(batch: ImportBatch, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that stay when a sheet is taken back, each with its number in words."""
    return [row | {"label": row_words(row["row"], batch.summary.get("sheets", []))} for row in rows]


def _rows(request: PortalRequest, batch: ImportBatch, *, mendable: bool) -> dict[str, Any]:
    """The rows to show, by verdict and sort of problem, and the questions that one answer settles."""
    here, after = url_of(batch), request.GET.get("after", "")
    tab = preview.first_tab(batch, request.GET.get("show", ""))
    found = troubles.groups(batch) if batch.summary.get("counts", {}).get("refused") else []
    problem = next((group for group in found if group.name == request.GET.get("problem", "")), None)
    shown, more = preview.rows(
        batch, tab, int(after) if after.isdecimal() and len(after) < 10 else 0, problem=problem, mendable=mendable
    )
    if shown:
        audit.read_sensitive(request, "import", batch.pk, batch.pilot_id, restricted=batch.restricted)
    only = f"&problem={quote(problem.name)}" if problem else ""
    return {
        "tabs": preview.tabs(batch, tab), "tab": tab, "tab_label": preview.labels(batch.state)[tab], "rows": shown,
        "next_url": f"{here}?show={tab}{only}&after={more}#rows" if more else "",
        "first_url": f"{here}?show={tab}{only}#rows" if after else "", "groups": found, "problem": problem,
        "questions": troubles.questions(batch, found) if mendable else [],
    }  # fmt: skip


def _parts(batch: ImportBatch) -> dict[str, Any]:
    """How this sheet belongs to others: the one whose rest it holds, and the parts that came after it."""
    number, before, following = chain.of(batch)
    left = chain.with_rest(ImportBatch.objects.filter(pk=batch.pk)).values_list("left", flat=True).first() or 0
    counts = batch.summary.get("counts", {})
    return {
        "left": left, "went_on": counts.get("refused", 0) + counts.get("conflict", 0) - left,
        "part_words": chain.part_words(number) if before else "", "first_part": before[0] if before else None,
        "following": following,
    }  # fmt: skip


@require_POST
@requires(IMPORT)
def checks(request: PortalRequest, pk: int) -> HttpResponse:
    """Check the same file again, against what is recorded now."""
    batch = batch_of(request, pk)
    try:
        return checked_again(request, batch)
    except door.NotCommitted as refused:
        return _page(request, batch_of(request, pk), str(refused), 422)


@require_POST
@requires(IMPORT)
def import_answers(request: PortalRequest, pk: int) -> HttpResponse:
    """Answers to the questions beside the problems, used for this file; words are remembered for the organisation."""
    batch = open_batch_of(request, pk)
    try:
        given = answers.of_questions(batch, request.POST.dict())
        batch.options = given.options
        habits.keep_columns(batch.kind, given.columns, request.scope)
        habits.keep_words(batch.kind, given.words, request.scope)
        return checked_again(request, batch)
    except (ValueError, door.NotCommitted) as wrong:
        return _page(request, batch_of(request, pk), str(wrong), 422)


@require_POST
@requires(IMPORT)
def commits(request: PortalRequest, pk: int) -> HttpResponse:
    """Record the accepted rows; a long sheet goes on in the background."""
    batch = batch_of(request, pk)
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
        return SeeOther(url_of(batch))
    try:
        done = door.commit(batch, by=request.scope, only_accepted=not whole, today=timezone.localdate())
    except door.NotCommitted as refused:
        return _page(request, batch_of(request, pk), str(refused), 422)
    number = done.new + done.changed
    messages.success(request, ngettext("%(n)s row is recorded.", "%(n)s rows are recorded.", number) % {"n": number})
    return SeeOther(url_of(batch))


@require_POST
@requires(IMPORT)
def undoings(request: PortalRequest, pk: int) -> HttpResponse:
    """Take the sheet back, with a reason; what stays is shown with why."""
    batch = batch_of(request, pk)
    try:
        if long(batch):
            judges.require(batch.kind, request.scope)
            background.ask_undo(batch, request.POST.get("reason", ""), by=request.scope, look="look" in request.POST)
            return SeeOther(url_of(batch))
        if "look" in request.POST:
            return _page(request, batch_of(request, pk), would=background.would_undo(batch, by=request.scope))
        done = door.undo(batch, by=request.scope, reason=request.POST.get("reason", ""))
    except door.NotCommitted as refused:
        return _page(request, batch_of(request, pk), str(refused), 422)
    taken = ngettext("%(n)s row was taken back.", "%(n)s rows were taken back.", done.undone) % {"n": done.undone}
    if done.undone:
        messages.success(request, taken)
    else:
        messages.warning(request, _("Nothing could be taken back; the page says why."))
    return SeeOther(url_of(batch))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(IMPORT)
def import_remainder(request: PortalRequest, pk: int) -> HttpResponse:
    """The rows that were not taken, as a workbook to mend and send again. That of a long sheet a worker makes: POST asks."""
    batch = batch_of(request, pk)
    if batch.organisation_id != request.scope.organisation_id or not batch.summary.get("counts") or batch.forgotten_at:
        raise Http404
    if request.method == "POST" or long(batch):
        made = None if request.method == "POST" else background.rest_of(batch)
        if made is None:
            if request.method == "POST":
                background.ask("rest_as_file", batch, by=request.scope)
            return SeeOther(url_of(batch))
        audit.read_sensitive(request, "import", batch.pk, batch.pilot_id, restricted=batch.restricted)
        return _workbook(bytes(made.content), chain.file_name(batch))
    audit.read_sensitive(request, "import", batch.pk, batch.pilot_id, restricted=batch.restricted)
    return _workbook(door.remainder(batch), chain.file_name(batch))


@require_safe
@requires(IMPORT)
def import_template(request: PortalRequest, kind: str) -> HttpResponse:
    """An empty sheet of a kind, with its columns, words and an explanation."""
    if kind not in judges.offered(request.scope):
        raise Http404
    return _workbook(template_workbook(kind, choices_of(kind, request.scope)), f"{kind}.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _tone(batch: ImportBatch) -> str:
    return {"refused": "critical", "committed": "good", "checked": "info", "undone": "neutral"}.get(batch.state, "info")


def _work(batch: ImportBatch) -> dict[str, Any] | None:
    """The job under way for this batch, or the one that failed last."""
    found = background.under_way(batch)
    return described(found) if found else None


def _state(batch: ImportBatch) -> str:
    return state_words()[batch.state]


def _steps(batch: ImportBatch) -> list[dict[str, str]]:
    """Where the sheet stands on its way."""
    at = {"uploaded": 1, "refused": 1, "checked": 2, "committed": 3, "undone": 3}[batch.state]
    last = _("Taken back") if batch.state == "undone" else _("Recorded")
    return [
        {"label": label, "state": "done" if number < at or at == 3 else "current" if number == at else "todo"}
        for number, label in enumerate((_("Sent"), _("Read"), _("Look through"), last))
    ]
