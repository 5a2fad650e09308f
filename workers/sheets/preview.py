"""What the page of an import shows: counts, tabs, and rows in words. Reads only."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from workers.journey.wording import step_words
from workers.models import ImportBatch, ImportRow

from . import troubles, words
from .kinds import COLUMNS
from .mending import born, cells_to_mend, changes_of
from .reading import row_words

PAGE = 40
TABS = ("refused", "conflict", "changed", "new", "same", "warnings")
VERDICTS = ("new", "changed", "same", "refused", "conflict")
BESIDE = {"workers": {"family_name", "given_names"}, "moves": {"date", "step"}}  # shown with the row's number already
# How much is known of a date of birth shows in the date itself; that it was estimated does not.
IN_THE_DATE = {("birth_precision", precision) for precision in ("day", "month", "year")}
TONES = {"refused": "critical", "conflict": "warning", "changed": "info", "new": "good", "same": "neutral"}


@dataclass(frozen=True)
class Shown:
    """One row of the preview."""

    number: int
    label: str
    who: str
    name: str
    verdict: str
    problems: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    changes: list[tuple[str, str, str]]
    values: list[tuple[str, str]]
    """What a new row would record: label and value."""
    cells: list[dict[str, Any]]
    """Cells that can be typed anew on the page."""
    sides: list[dict[str, str]]
    """Fields that somebody changed meanwhile: key, label, what is recorded now, what the row says."""


def labels(state: str = "checked") -> dict[str, str]:
    """The words of the verdicts, as the tabs name them. Once a sheet is recorded its other rows are left out."""
    refused = _("To mend") if state in ("uploaded", "checked", "refused") else _("Left out")
    return {
        "refused": refused, "conflict": _("Changed meanwhile"), "changed": _("Changed"), "new": _("New"),
        "same": _("Same as recorded"), "warnings": _("With a warning"),
    }  # fmt: skip


def tabs(batch: ImportBatch, current: str) -> list[dict[str, Any]]:
    """The verdicts that occur, with their counts and addresses."""
    counts = batch.summary.get("counts", {})
    page, said = reverse("workers:import", args=[batch.pk]), labels(batch.state)
    return [
        {"label": said[tab], "url": f"{page}?show={tab}#rows", "current": tab == current, "count": counts[tab]}
        for tab in TABS
        if counts.get(tab)
    ]


def first_tab(batch: ImportBatch, asked: str) -> str:
    """The tab to show: the one asked for, else the first that occurs, what must be mended before the rest."""
    counts = batch.summary.get("counts", {})
    there = [tab for tab in TABS if counts.get(tab)]
    return asked if asked in there else next(iter(there), "new")


def sum_of(counts: dict[str, int], state: str = "checked") -> str:
    """How the rows by verdict add up to the rows of the file, said: nothing went missing on the way."""
    said = labels(state)
    parts = [f"{number_format(counts[tab])} {said[tab].lower()}" for tab in VERDICTS if counts.get(tab)]
    total = sum(counts.get(tab, 0) for tab in VERDICTS)
    if not parts or total != counts.get("rows"):
        return ""
    return _("%(parts)s: together %(total)s, every row of the list.") % {
        "parts": " + ".join(parts), "total": number_format(total),
    }  # fmt: skip


def rows(
    batch: ImportBatch, tab: str, after: int, *, problem: troubles.Group | None = None, mendable: bool = False
) -> tuple[list[Shown], int | None]:
    """A page of rows after a row number, and the number to go on from; those with one sort of problem when asked for.
    ``mendable``: with the cells that can be typed anew."""
    found = ImportRow.objects.filter(batch=batch, row_number__gt=after).order_by("row_number")
    found = found.exclude(warnings=[]) if tab == "warnings" else found.filter(verdict=tab)
    if problem is not None and tab in ("refused", "conflict"):
        found = found.filter(problems__contains=[{"code": problem.code, "key": problem.key}])
    page = list(found[: PAGE + 1])
    more = page[PAGE - 1].row_number if len(page) > PAGE else None
    scheme = batch.pilot.scheme
    return [_shown(batch, scheme, row, mendable=mendable) for row in page[:PAGE]], more


def _shown(batch: ImportBatch, scheme: str, row: ImportRow, *, mendable: bool) -> Shown:
    kind, clean = batch.kind, row.clean
    name = f"{clean.get('given_names', '')} {clean.get('family_name', '')}".strip() or clean.get("passport_name", "")
    if kind == "moves":
        name = str(clean.get("date", ""))
    elif kind != "workers":
        name = what(kind, clean)
    changes = [
        (label_of(kind, key), _value(scheme, key, old), _value(scheme, key, new))
        for key, (old, new) in changes_of(row).items()
    ]
    if not changes and kind == "moves" and clean.get("step"):
        changes = [(label_of(kind, "step"), "", step_words(clean["step"], scheme))]
    who = clean.get("worker_id") or clean.get("passport_number") or clean.get("site") or clean.get("recruiter") or "–"
    cells = cells_to_mend(batch, row) if mendable and row.verdict == "refused" else []
    there = {cell["cell"] for cell in cells}
    problems = [problem for problem in row.problems if problem["cell"] not in there]
    sides = _sides(batch, scheme, row) if mendable and row.verdict == "conflict" else []
    label = row_words(row.row_number, batch.summary.get("sheets", []))
    values = _values(kind, scheme, clean) if row.verdict == "new" else []
    return Shown(row.row_number, label, who, name, row.verdict, problems, row.warnings, changes, values, cells, sides)


def _values(kind: str, scheme: str, clean: dict[str, Any]) -> list[tuple[str, str]]:
    """What a new row holds, in the order of the kind's columns, without what stands beside the row's number anyway."""
    shown = {"worker_id", "row_version"} | BESIDE.get(kind, set())
    order = {column.key: at for at, column in enumerate(COLUMNS[kind].columns)}
    keys = sorted((key for key in clean if key not in {*shown, "more"}), key=lambda key: order.get(key, len(order)))
    clean = {**clean, "birth_date": born(clean.get("birth_date"), clean.get("birth_precision"))}
    found = [
        (label_of(kind, key), _said(kind, scheme, key, clean[key]))
        for key in keys
        if (key, clean[key]) not in IN_THE_DATE
    ]
    items = (clean.get("more") or {}).items()
    return found + [(f"{COLUMNS[kind].column(key).header} {key.partition(':')[2]}", str(value)) for key, value in items]


def _sides(batch: ImportBatch, scheme: str, row: ImportRow) -> list[dict[str, str]]:
    """What is recorded now beside what the row says, for the fields that have a column of their own."""
    there = batch.summary.get("headers", {})
    return [
        {"key": key, "label": label_of(batch.kind, key), "theirs": _value(scheme, key, theirs),
         "yours": _value(scheme, key, yours)}
        for key, (theirs, yours) in changes_of(row).items() if key in there
    ]  # fmt: skip


def what(kind: str, clean: dict[str, Any]) -> str:
    """What tells the row from others about the same: its room and day, its period, its item."""
    columns = COLUMNS[kind].columns
    keys = COLUMNS[kind].unique[0] if COLUMNS[kind].unique else [column.key for column in columns[:3]]
    own = ("worker_id", "recruiter") if clean.get("worker_id") else ("worker_id", "recruiter", "site")
    return " · ".join(str(clean[key]) for key in keys if clean.get(key) and key not in own)


def _said(kind: str, scheme: str, key: str, value: Any) -> str:
    """A clean value as a reader says it: words for codes."""
    about = troubles.VOCABULARIES.get(COLUMNS[kind].column(key).cleaner) if key in _keys(kind) else None
    if about in ("country", "sex"):
        return str(words.vocabulary(about).names.get(value, value))
    if value in ("True", "False"):
        return _("yes") if value == "True" else _("no")
    return _value(scheme, key, str(value))


def _keys(kind: str) -> set[str]:
    return {column.key for column in COLUMNS[kind].columns}


def _value(scheme: str, key: str, value: str | None) -> str:
    return step_words(value, scheme) if key == "step" and value else value or ""


def label_of(kind: str, key: str) -> str:
    """A column's header, for a field that only a hint fills its plain key."""
    try:
        return COLUMNS[kind].column(key).header
    except KeyError:
        return key.replace("_", " ").capitalize()
