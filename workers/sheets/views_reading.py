"""Pages on which the sender of a sheet says how it is meant: its columns, its words, and single cells mended in place."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from workers.models import ImportBatch, ImportEdit, SheetHabit

from . import answers, background, door, habits
from .columns import Kind
from .delimited import ENCODINGS
from .forms import DATE_ORDERS
from .handling import check_again, long, own_batch, url_of
from .kinds import COLUMNS
from .limits import LIMITS
from .mending import Mended, mend_row, settle_row
from .reading import row_words
from .refusals import SheetRefused
from .sampling import Sample, SampledColumn, sample
from .telling import encoding_name
from .troubles import DECIMAL_SIGNS, meanings
from .units import HOUR_WORDS, HOURS, PERIOD_WORDS

IMPORT = Permission.SHEET_SEND
OPEN_STATES = ("uploaded", "checked", "refused")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(IMPORT)
def import_columns(request: PortalRequest, pk: int) -> HttpResponse:
    """Each column of the file with some of its values and what it is taken for. POST chooses and checks again."""
    batch = open_batch_of(request, pk)
    if request.method == "POST":
        return _chosen(request, batch)
    return _columns_page(request, batch)


def open_batch_of(request: PortalRequest, pk: int) -> ImportBatch:
    batch = own_batch(request, pk)
    if batch.state not in OPEN_STATES:
        raise Http404
    return batch


def _chosen(request: PortalRequest, batch: ImportBatch) -> HttpResponse:
    """Where the list stands first: another place has other columns, which are shown before anything is checked."""
    try:
        given = answers.of_place(batch, request.POST.dict())
        if given.elsewhere:
            batch.options = given.options
            batch.save(update_fields=["options"])
            ImportEdit.objects.filter(batch=batch).delete()  # they name cells of the former place
            messages.info(request, _("The columns below are those of the place you chose."))
            return SeeOther(reverse("workers:import_columns", args=[batch.pk]))
        shown = sample(batch, request.scope, LIMITS)
        given = answers.of_reading(batch, shown, request.POST.dict())
    except (ValueError, SheetRefused) as wrong:
        return _columns_page(request, batch, str(wrong), 422)
    batch.options = given.options
    habits.keep_columns(batch.kind, given.columns, request.scope)
    return _try(request, batch, "")


def checked_again(request: PortalRequest, batch: ImportBatch, where: str = "") -> HttpResponse:
    """Check the batch with its new options and show its page, with a word on what came of it. Raises NotCommitted."""
    done = check_again(request, batch)
    if done and batch.state == ImportBatch.State.REFUSED:
        messages.error(request, batch.trouble)
    elif done:
        left = batch.summary["counts"]["refused"]
        say = messages.info if left else messages.success
        say(
            request,
            _("The sheet was checked again. Every row can be taken.") if not left else ngettext(
                "The sheet was checked again. %(n)s row is left to mend.",
                "The sheet was checked again. %(n)s rows are left to mend.", left,
            ) % {"n": left},
        )  # fmt: skip
    return SeeOther(url_of(batch) + where)


def _columns_page(request: PortalRequest, batch: ImportBatch, trouble: str = "", status: int = 200) -> HttpResponse:
    shown: Sample | None = None
    try:
        shown = sample(batch, request.scope, LIMITS)
    except SheetRefused as refused:
        trouble = trouble or refused.message
    audit.read_sensitive(request, "import", batch.pk, batch.pilot_id, restricted=batch.restricted)
    kind = COLUMNS[batch.kind]
    context: dict[str, Any] = {
        "batch": batch, "title": _(kind.title), "trouble": trouble, "shown": shown,
        "columns": [_row(kind, batch, column) for column in shown.columns] if shown else [],
        "encodings": [(code, encoding_name(code)) for code in ENCODINGS], "separators": ((",", _("comma")), (";", _("semicolon")), ("tab", _("tab")), ("|", "|")),
        "asked": batch.summary.get("code", ""), "options": batch.options,
        "separator": {"\t": "tab"}.get(shown.separator, shown.separator) if shown else batch.options.get("separator", ""),
        "missing": _missing(kind, shown),
    }  # fmt: skip
    return render(request, "workers/sheets/columns.html", context, status=status)


def _missing(kind: Kind, shown: Sample | None) -> list[str]:
    """Columns that must be there and are not, for the sentence above the table."""
    if shown is None or not shown.columns:
        return []
    there = {column.key for column in shown.columns}
    return [column.header for column in kind.columns if column.required and column.key not in there]


def _row(kind: Kind, batch: ImportBatch, column: SampledColumn) -> dict[str, Any]:
    """One line of the page of columns: the sample, what it may be taken for, and the choices for it alone."""
    choices = [
        (f"{each.key}{' '.join(column.header.lower().split())}" if each.repeated else each.key,
         f"{each.header} {column.header}" if each.repeated else each.header)
        for each in kind.columns
    ]  # fmt: skip
    if column.key and column.key not in dict(choices):  # a repeated column under its own name
        choices.append((column.key, column.header))
    chosen = (batch.options.get("columns") or {}).get(column.key, {})
    asks = []
    options: list[tuple[str, Any]]
    for about in column.asks:
        own = kind.column(column.key).unit
        if about == "date_order":
            label, options = _("Dates"), list(DATE_ORDERS)
        elif about == "decimal_sign":
            label, options = _("Decimals"), [("", _("Only amounts that can be read one way")), *DECIMAL_SIGNS]
        elif own == HOURS:
            label, options = _("Hours are for"), [("", _("the time the row names")), *HOUR_WORDS.items()]
        else:
            label, options = _("Amounts are for"), list(PERIOD_WORDS.items())
        asks.append(
            {
                "about": about,
                "label": label,
                "options": options,
                "value": chosen.get(about, own if about == "unit" else ""),
            }
        )
    return {"column": column, "choices": choices, "asks": asks}


@require_POST
@requires(IMPORT)
def import_row(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    """Cells of one row, mended on the page: kept beside the file, and the row is checked again."""
    batch = open_batch_of(request, pk)
    cells = {
        name.removeprefix("cell_"): value for name, value in request.POST.dict().items() if name.startswith("cell_")
    }
    done = mend_row(batch, number, cells, by=request.scope)
    back = f"{url_of(batch)}?show=refused#rows"
    if done is not Mended.KEPT:
        messages.error(request, done.words)
        return SeeOther(back)
    try:
        at_once = check_again(request, batch)
    except door.NotCommitted as refused:
        messages.error(request, str(refused))
        return SeeOther(back)
    row = batch.rows.filter(row_number=number).values_list("verdict", "problems").first() if at_once else None
    label = row_words(number, batch.summary.get("sheets", []))
    if row and row[0] == "refused":
        messages.warning(request, _("Row %(n)s is not right yet: %(why)s") % {"n": label, "why": row[1][0]["message"]})
    elif row:
        messages.success(request, _("Row %(n)s can be taken now.") % {"n": label})
    return SeeOther(back)


@require_POST
@requires(IMPORT)
def import_rest(request: PortalRequest, pk: int) -> HttpResponse:
    """Go on with the rows that were left over, without a download: they become the next part, mended on its page."""
    batch = own_batch(request, pk)
    counts = batch.summary.get("counts", {})
    left = counts.get("refused", 0) + counts.get("conflict", 0)
    if batch.state != ImportBatch.State.COMMITTED or not left:
        raise Http404
    begun = batch.parts.order_by("-pk").first()
    if begun is None and long(batch):
        background.ask("rest_of_sheet", batch, by=request.scope)
        return SeeOther(url_of(batch))
    return SeeOther(url_of(begun or background.next_part(batch, by=request.scope)))


@require_POST
@requires(IMPORT)
def import_sides(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    """Settle a row whose record changed meanwhile: ``side_<column>`` is "theirs" or "yours" for each field."""
    batch = open_batch_of(request, pk)
    theirs = {
        name.removeprefix("side_")
        for name, value in request.POST.items()
        if name.startswith("side_") and value == "theirs"
    }
    done = settle_row(batch, number, theirs, by=request.scope)
    if done is not Mended.KEPT:
        messages.error(request, done.words)
        return SeeOther(f"{url_of(batch)}?show=conflict#rows")
    return _try(request, batch, "?show=changed#rows")


def _try(request: PortalRequest, batch: ImportBatch, where: str) -> HttpResponse:
    try:
        return checked_again(request, batch, where)
    except door.NotCommitted as refused:
        messages.error(request, str(refused))
        return SeeOther(url_of(batch) + where)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(IMPORT)
def import_habits(request: PortalRequest, kind: str) -> HttpResponse:
    """What the organisation settled for a kind of sheet: columns and words. POST forgets one of them."""
    if kind not in door.judges.offered(request.scope):
        raise Http404
    if request.method == "POST":
        pk = request.POST.get("habit", "")
        if not (pk.isdecimal() and len(pk) < 19 and habits.forget(int(pk), request.scope)):
            raise Http404
        messages.success(request, _("Forgotten. The next sheet is read without it."))
        return SeeOther(request.path)
    found = list(habits.habits(kind, request.scope))
    context = {
        "kind": kind, "title": _(COLUMNS[kind].title),
        "columns": [(habit, _header(kind, habit)) for habit in found if habit.part == SheetHabit.Part.HEADER],
        "words": [(habit, *_word(kind, habit)) for habit in found if habit.part == SheetHabit.Part.WORD],
    }  # fmt: skip
    return render(request, "workers/sheets/habits.html", context)


def _header(kind: str, habit: SheetHabit) -> str:
    try:
        return COLUMNS[kind].column(habit.means).header if habit.means else _("Left out")
    except KeyError:  # a column that is no more
        return habit.means


def _word(kind: str, habit: SheetHabit) -> tuple[str, str]:
    """(name of the column the word stands in, what it means)."""
    for column in COLUMNS[kind].columns:
        of_list, choices = meanings(kind, column.key)
        if of_list == habit.about and choices:
            return column.header, str(dict(choices).get(habit.means, habit.means))
    return habit.about, habit.means
