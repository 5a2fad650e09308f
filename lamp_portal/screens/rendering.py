"""How a component becomes HTML: its template, its tone, and the attributes a page may add to it."""

from collections.abc import Mapping

from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

TONES = ("neutral", "info", "good", "warning", "critical")

# What a page may add to a component. Event handlers are not among them, and `hx-on` would need eval.
ATTRIBUTE_PREFIXES = ("hx_", "data_", "aria_")
ATTRIBUTE_NAMES = frozenset({"id", "title", "download", "rel", "target", "form", "disabled", "popovertarget"})


def render(component: str, values: Mapping[str, object]) -> SafeString:
    """Render `templates/components/<component>.html` with exactly `values`: it sees nothing else of the page."""
    return trimmed(get_template(f"components/{component}.html").render(dict(values)))


def checked_tone(tone: str) -> str:
    """The tone, `neutral` where none is given; a wrong word fails at once rather than losing its colour."""
    return one_of(tone or "neutral", TONES, "tone")


def one_of(value: str, allowed: tuple[str, ...], what: str) -> str:
    """`value` where it is allowed, else an error that names the choices."""
    if value not in allowed:
        raise TemplateSyntaxError(f"{what} {value!r} is not one of {', '.join(allowed)}")
    return value


def attributes(given: Mapping[str, object]) -> SafeString:
    """Extra attributes as HTML, with a leading space: `hx_get` is written `hx-get`; false and `None` are left out."""
    pairs = []
    for name, value in given.items():
        if name.startswith("hx_on") or not (name.startswith(ATTRIBUTE_PREFIXES) or name in ATTRIBUTE_NAMES):
            raise TemplateSyntaxError(f"a component takes no attribute {name!r}")
        if value is False or value is None:
            continue
        pairs.append((name.replace("_", "-"), "" if value is True else value))
    return format_html_join("", ' {}="{}"', pairs)


def trimmed(content: str) -> SafeString:
    """Rendered content without the white space around it, still safe (`strip` alone would lose that)."""
    return mark_safe(content.strip())  # noqa: S308 - what Django rendered, with its values escaped
