"""Components for facts, figures, lists and tables."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from . import formats
from .rendering import attributes, checked_tone, one_of, render, trimmed

# The field of a filter that stays in sight on the phone.
SEARCH = "q"
# Where a reader stands in a list is no filter of it.
PLACES = ("after", "before", "from", "count")
# What a tile counts, in the number that its figure asks for.
UNITS = {
    "rows": ngettext_lazy("row", "rows", "n"),
    "checks": ngettext_lazy("check", "checks", "n"),
    "duties": ngettext_lazy("duty", "duties", "n"),
    "findings": ngettext_lazy("finding", "findings", "n"),
    "candidates": ngettext_lazy("candidate", "candidates", "n"),
    "placements": ngettext_lazy("placement", "placements", "n"),
    "people to depart": ngettext_lazy("person to depart", "people to depart", "n"),
}


def facts(content: SafeString, *, columns: int = 1) -> SafeString:
    """A definition list of `fact` tags, in one to three columns where there is room."""
    return render(
        "facts",
        {"body": content, "columns": one_of(str(columns), ("1", "2", "3"), "columns")},
    )


def fact(content: SafeString, label: str, *, hint: str = "") -> SafeString:
    """One fact: its name and its value; an empty value is shown as not recorded."""
    return render(
        "fact",
        {"label": label, "value": trimmed(content) or formats.missing(), "hint": hint},
    )


def tiles(content: SafeString) -> SafeString:
    """A row of `tile` tags."""
    return render("tiles", {"body": content})


def tile(
    label: str,
    value: object,
    *,
    unit: str = "",
    note: str = "",
    url: str = "",
    tone: str = "",
    icon: str = "",
) -> SafeString:
    """One figure with what it counts (`unit`) and against what (`note`). Whole numbers get the locale's separators, and
    a unit of the table `UNITS` agrees with its number. Nothing to warn of has no tone: where it is 0, a warning one is left out."""
    if value == 0 and tone in ("warning", "critical"):
        tone = ""
    if unit in UNITS:
        unit = UNITS[unit] % {"n": value if isinstance(value, int) else 2}
    written = formats.number(value) if isinstance(value, int) or value is None else value
    return render(
        "tile",
        {
            "label": label,
            "value": written,
            "unit": unit,
            "note": note,
            "url": url,
            "tone": checked_tone(tone),
            "icon": icon,
        },
    )


def funnel(rows: Iterable[Mapping[str, Any]], caption: str, *, unit: str = "") -> SafeString:
    """How many reached each step, as a table with bars measured against the largest count.

    Rows have `label` and `count` (`None` where the cell is hidden; say why in `note`), and perhaps `note`, `url`
    and `tone`.
    """
    rows = list(rows)
    largest = max((row["count"] or 0 for row in rows), default=0)
    drawn = [
        {
            "label": row["label"],
            "count": None if row["count"] is None else formats.number(row["count"]),
            "width": f"{100 * (row['count'] or 0) / largest:.1f}" if largest else "0",
            "note": row.get("note", ""),
            "url": row.get("url", ""),
            "tone": checked_tone(row.get("tone") or "info"),
        }
        for row in rows
    ]
    return render("funnel", {"rows": drawn, "caption": caption, "unit": unit})


def timeline(content: SafeString, label: str) -> SafeString:
    """A list of `event` tags in time order, named `label` for screen readers."""
    return render("timeline", {"body": content, "label": label})


def event(
    content: SafeString,
    title: str,
    *,
    when: date | datetime | None = None,
    who: str = "",
    recorded: date | datetime | None = None,
    tone: str = "",
    icon: str = "",
) -> SafeString:
    """One event: what happened, when, who says so, and when it was recorded if that was another day."""
    late = recorded is not None and when is not None and formats.days_between(when, recorded) != 0
    return render(
        "event",
        {
            "title": title,
            "body": trimmed(content),
            "when": formats.moment(when) if isinstance(when, datetime) else formats.day(when),
            "who": who,
            "recorded": formats.day(recorded) if late else "",
            "tone": checked_tone(tone),
            "icon": icon,
        },
    )


def chart(content: SafeString, src: str, alt: str, *, title: str, note: str = "") -> SafeString:
    """A chart drawn on the server, with its words and the table of its numbers behind a disclosure."""
    return render(
        "chart",
        {
            "src": src,
            "alt": alt,
            "title": title,
            "note": note,
            "table": trimmed(content),
        },
    )


def table(
    content: SafeString,
    caption: str,
    *,
    caption_hidden: bool = False,
    stack: bool = True,
    dense: bool = False,
    sticky: str = "",
    id: str = "",
    **extra: object,
) -> SafeString:
    """A table inside a region that scrolls sideways and takes focus; `stack` turns rows into cards on the phone.

    `sticky="page"`: the names of the columns stay in sight on a wide screen; for a long list that fits it.
    """
    values = {
        "caption": caption,
        "caption_hidden": caption_hidden,
        "stack": stack,
        "dense": dense,
        "sticky": sticky,
    }
    return render("table", values | {"id": id, "body": content, "attributes": attributes(extra)})


def empty_row(content: SafeString, columns: int) -> SafeString:
    """The row of a table that has none: a sentence over all its columns."""
    return render("empty_row", {"columns": columns, "body": content})


def select_all(form: str) -> SafeString:
    """A box in the head of a table that ticks every row of the form with this id; shown with JavaScript only."""
    return render("select_all", {"form": form})


def select_row(name: str, value: object, label: str) -> SafeString:
    """The box of one row."""
    return render("select_row", {"name": name, "value": value, "label": label})


def bulk_bar(content: SafeString, form: str) -> SafeString:
    """The buttons for the ticked rows of a form, with their count."""
    return render("bulk_bar", {"form": form, "body": content})


def filter_bar(context: Context, form: BaseForm, *, target: str = "", submit: str = "", anchor: str = "") -> SafeString:
    """A GET form over a list, with a chip for each filter in use that takes it away again.

    On the phone the fields are folded behind a button that says how many are set; a search field called ``q`` stays in
    sight. With `target` (a CSS selector) the part is swapped by htmx as soon as a filter changes, and the address
    follows. `anchor` (``#workers``) is where the list stands on a page that has more than the list.
    """
    request = context.get("request")
    path = request.path if request is not None else ""
    given = request.GET if request is not None else QueryDict()
    chips = []
    for field in form:
        value = _words(field)
        if value:
            rest = given.copy()
            # Another filter is another list: its pages begin anew.
            for name in (field.html_name, *PLACES):
                rest.pop(name, None)
            chips.append(
                {
                    "label": field.label,
                    "value": value,
                    "url": f"{path}?{rest.urlencode()}" if rest else path,
                    "ahead": field.name == SEARCH,
                }
            )
    seen = list(form.visible_fields())
    values = {
        "form": form,
        "ahead": [field for field in seen if field.name == SEARCH],
        "folded": [field for field in seen if field.name != SEARCH],
        "wrong": form.is_bound and bool(form.errors),
        "set": sum(not chip["ahead"] for chip in chips),
        "chips": chips,
        "path": path,
        "anchor": anchor,
        "target": target,
        "submit": submit or _("Show"),
    }
    return render("filter_bar", values)


def _words(field: BoundField) -> str:
    """The words of a filter's value: the labels of its choices, else what was typed; empty where it is not used."""
    if not field.form.is_bound or field.is_hidden:
        return ""
    given = field.data
    chosen = {str(v) for v in given} if isinstance(given, list | tuple) else {str(given or "")}
    chosen -= {"", "None", "False"}
    if not chosen:
        return ""
    choices = getattr(field.field, "choices", None)
    if choices:
        return ", ".join(str(label) for value, label in _flat(choices) if str(value) in chosen)
    if given is True:
        return str(field.label)
    return ", ".join(sorted(chosen))


def _flat(choices: Iterable[tuple[object, object]]) -> Iterable[tuple[object, object]]:
    """Choices without their groups."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label
