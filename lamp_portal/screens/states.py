"""Small components: buttons, badges, chips, and values that carry a state."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import formats
from .rendering import attributes, checked_tone, one_of, render

KINDS = ("primary", "secondary", "quiet", "danger")
SOON_DAYS = 14

# Where a placement is, in four words that every scheme shares; the steps themselves are the journey's.
PHASES = ("before", "abroad", "returned", "ended")


def _button(label: str, kind: str, icon: str, small: bool, extra: Mapping[str, object]) -> dict[str, object]:
    return {
        "label": label,
        "kind": one_of(kind, KINDS, "kind"),
        "icon": icon,
        "small": small,
        "attributes": attributes(extra),
    }


def button(
    label: str,
    *,
    kind: str = "secondary",
    icon: str = "",
    small: bool = False,
    type: str = "submit",
    name: str = "",
    value: object = "",
    **extra: object,
) -> SafeString:
    """A button of a form."""
    of_form = {
        "type": one_of(type, ("submit", "button", "reset"), "type"),
        "name": name,
        "value": value,
    }
    return render("button", _button(label, kind, icon, small, extra) | of_form)


def link_button(
    label: str,
    url: str,
    *,
    kind: str = "secondary",
    icon: str = "",
    small: bool = False,
    **extra: object,
) -> SafeString:
    """A link that looks like a button, for what leads to another page."""
    return render("link_button", _button(label, kind, icon, small, extra) | {"url": url})


def post_button(
    context: Context,
    label: str,
    url: str,
    *,
    kind: str = "secondary",
    icon: str = "",
    small: bool = False,
    name: str = "",
    value: object = "",
    **extra: object,
) -> SafeString:
    """A form of one button, for an act that needs no answers. Takes the CSRF token from the page."""
    of_form = {
        "url": url,
        "name": name,
        "value": value,
        "csrf_token": context.get("csrf_token", ""),
    }
    return render("post_button", _button(label, kind, icon, small, extra) | of_form)


def dialog_link(
    label: str,
    url: str,
    dialog: str,
    *,
    kind: str = "secondary",
    icon: str = "",
    small: bool = False,
    **extra: object,
) -> SafeString:
    """A link to a page, or with JavaScript to the dialog of this page that holds the same form."""
    return link_button(label, url, kind=kind, icon=icon, small=small, data_lamp_dialog=dialog, **extra)


def badge(label: str, *, tone: str = "", icon: str = "", dot: bool = True) -> SafeString:
    """A state in a word, with a dot in its tone or an icon instead of the dot."""
    return render("badge", {"label": label, "tone": checked_tone(tone), "icon": icon, "dot": dot})


def verified(yes: object, *, both: bool = False) -> SafeString:
    """The mark of what nobody has seen in its source yet; `both` also marks what was seen."""
    return render("verified", {"yes": bool(yes), "both": both})


def step_badge(label: str, *, phase: str = "before", held: bool = False) -> SafeString:
    """The step of a placement; `held` adds that a hold stands against the next move."""
    return render(
        "step_badge",
        {"label": label, "phase": one_of(phase, PHASES, "phase"), "held": held},
    )


def due(value: date | datetime | None, today: date, *, done: bool = False) -> SafeString:
    """When something is due, with a tone: late is critical, within 14 days is a warning, done is good."""
    if value is None:
        return formats.missing()
    days = formats.days_between(today, value)
    if done:
        words, tone = _("done"), "good"
    elif days < 0:
        late = formats.number(-days)
        words, tone = (
            ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": late},
            "critical",
        )
    else:
        words, tone = (
            formats.days_left(value, today),
            "warning" if days <= SOON_DAYS else "neutral",
        )
    return render("due", {"date": formats.day(value), "words": words, "tone": tone})


def person(name: str, *, code: str = "", url: str = "", note: str = "") -> SafeString:
    """A person by name and code, without a picture."""
    return render("person", {"name": name, "code": code, "url": url, "note": note})


def file_link(name: str, url: str, *, size: int | None = None, sha256: str = "") -> SafeString:
    """A file to download, with its size in bytes and its SHA-256, so that a reader can prove which one they hold."""
    size_words = formats.file_size(size) if size is not None else ""
    return render("file_link", {"name": name, "url": url, "size": size_words, "sha256": sha256})


def diff(before: object, after: object) -> SafeString:
    """What a value was and what it becomes."""
    return render("diff", {"before": before, "after": after, "same": before == after})


def cell(address: str, *, sheet: str = "") -> SafeString:
    """The address of a cell in a spreadsheet, such as D14."""
    return render("cell", {"address": address, "sheet": sheet})


def share(
    value: Decimal | float | None,
    *,
    low: Decimal | float | None = None,
    high: Decimal | float | None = None,
    numerator: int | None = None,
    denominator: int | None = None,
    unit: str = "",
    places: int = 0,
) -> SafeString:
    """A share (0 to 1) with its interval and its base: `72 % (58–83), 18 of 25 placements`."""
    if value is None:
        return formats.missing()
    return render(
        "share",
        {
            "percent": formats.percent(value, places),
            "low": None if low is None else formats.number(Decimal(str(low)) * 100, places),
            "high": None if high is None else formats.number(Decimal(str(high)) * 100, places),
            "numerator": None if numerator is None else formats.number(numerator),
            "denominator": None if denominator is None else formats.number(denominator),
            "unit": unit,
        },
    )


def bar(
    value: float,
    total: float,
    *,
    label: str = "",
    tone: str = "",
    words: str = "",
) -> SafeString:
    """A bar for `value` out of `total`, with its words beside it (`words` replaces “18 of 25”)."""
    said = words or _("%(value)s of %(total)s") % {
        "value": formats.number(value),
        "total": formats.number(total),
    }
    width = 100 * float(value) / float(total) if total else 0
    return render(
        "bar",
        {
            "label": label,
            "words": said,
            "width": f"{min(max(width, 0), 100):.1f}",
            "tone": checked_tone(tone or "info"),
        },
    )
