"""The blocks a page is made of: heads, panels, notices, disclosures, dialogs, tabs, jobs.

Functions that take `context` and `content` are slotted block tags (`slots.py`); those with `content` alone are plain
block tags.
"""

from collections.abc import Iterable, Mapping

from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import formats
from .rendering import checked_tone, one_of, render
from .slots import slots_of

STAGE_STATES = ("done", "current", "todo")
JOB_STATES = ("waiting", "running", "done", "failed")
NOTICE_ICONS = {
    "neutral": "info",
    "info": "info",
    "good": "circle-check",
    "warning": "triangle-alert",
    "critical": "octagon-alert",
}


def crumb(label: str, url: str = "") -> SafeString:
    """One step of the breadcrumbs; without an address it is the page itself."""
    return render("crumb", {"label": label, "url": url})


def panel(
    context: Context,
    content: SafeString,
    title: str = "",
    *,
    tone: str = "",
    icon: str = "",
    id: str = "",
    level: int = 2,
    flush: bool = False,
    count: int | None = None,
) -> SafeString:
    """A titled part of a page; places to fill: `actions`, `footer`. `count` stands beside the title."""
    slots = slots_of(context)
    values = {
        "title": title,
        "tone": checked_tone(tone),
        "icon": icon,
        "id": id,
        "level": one_of(str(level), ("2", "3", "4"), "level"),
        "flush": flush,
        "count": None if count is None else formats.number(count),
        "body": content,
    }
    return render(
        "panel",
        values | {"actions": slots.get("actions"), "footer": slots.get("footer")},
    )


def notice(content: SafeString, *, tone: str = "info", title: str = "", announce: bool = False) -> SafeString:
    """Something the reader must know before going on. `announce` reads it aloud when it appears."""
    tone = checked_tone(tone)
    return render(
        "notice",
        {
            "body": content,
            "tone": tone,
            "title": title,
            "icon": NOTICE_ICONS[tone],
            "announce": announce,
        },
    )


def message_tone(level_tag: str) -> str:
    """The tone of one of Django's messages."""
    return {
        "success": "good",
        "warning": "warning",
        "error": "critical",
        "debug": "neutral",
    }.get(level_tag, "info")


def empty_state(
    context: Context,
    content: SafeString,
    title: str,
    *,
    icon: str = "inbox",
    level: int = 2,
) -> SafeString:
    """What stands where nothing is yet: says what would be here and how it gets here. Place to fill: `actions`."""
    values = {
        "title": title,
        "icon": icon,
        "body": content,
        "actions": slots_of(context).get("actions"),
    }
    return render("empty_state", values | {"level": one_of(str(level), ("2", "3", "4"), "level")})


def explain(content: SafeString, summary: str, *, open: bool = False) -> SafeString:
    """A disclosure: a question of the reader, answered in place."""
    return render("explain", {"summary": summary, "body": content, "open": open})


def tabs(items: Iterable[Mapping[str, object]], label: str) -> SafeString:
    """Links between the views of one thing. Items have `label`, `url`, `current` and perhaps `count`."""
    return render("tabs", {"items": items, "label": label})


def stepper(items: Iterable[Mapping[str, object]], label: str) -> SafeString:
    """Where one stands on a path of stages.

    Items have `label`, `state` (done, current, todo), and perhaps `note` and `url`.
    """
    checked = [dict(item, state=one_of(str(item["state"]), STAGE_STATES, "state")) for item in items]
    return render("stepper", {"items": checked, "label": label})


def dialog(content: SafeString, id: str, title: str) -> SafeString:
    """A dialog of this page, opened by `dialog_link`; the link's own page serves readers without JavaScript."""
    return render("dialog", {"id": id, "title": title, "body": content})


def pager(previous: str | None = None, next: str | None = None, *, summary: str = "") -> SafeString:
    """Links to the rows before and after; lists page by key and do not count what nobody asked to count."""
    return render("pager", {"previous": previous, "next": next, "summary": summary})


def job_progress(
    url: str,
    *,
    state: str,
    label: str,
    done: int | None = None,
    total: int | None = None,
    message: str = "",
    result_url: str = "",
    result_label: str = "",
    page_url: str = "",
) -> SafeString:
    """A background job as it goes. While it goes, htmx asks `url` every two seconds for this same panel."""
    words = ""
    if done is not None and total:
        words = _("%(done)s of %(total)s") % {
            "done": formats.number(done),
            "total": formats.number(total),
        }
    return render(
        "job_progress",
        {
            "url": url,
            "state": one_of(state, JOB_STATES, "state"),
            "going": state in ("waiting", "running"),
            "label": label,
            "done": done,
            "total": total,
            "words": words,
            "message": message,
            "result_url": result_url,
            "result_label": result_label or _("Open"),
            "page_url": page_url,
        },
    )
