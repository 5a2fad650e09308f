"""Rendering for these tests, and reading what was rendered."""

from html.parser import HTMLParser

from django.template import engines

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "rect", "path", "circle", "line"}


def draw(source: str, **context) -> str:
    """What a template with this source writes."""
    return engines["django"].from_string(source).render(context)


class Page(HTMLParser):
    """The elements of a page: (tag, attributes) in order, and the texts by the tag around them."""

    def __init__(self, html: str):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.text = ""
        self.feed(html)
        self.unbalanced += self.open

    def handle_starttag(self, tag, attrs):
        """Record an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """Record an element that closes itself."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        """Close an element, or note that it was not the open one."""
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.unbalanced.append(f"/{tag}")

    def handle_data(self, data):
        """Collect the words."""
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of this kind."""
        return [attrs for name, attrs in self.elements if name == tag]

    def ids(self) -> list[str]:
        """Every id, in order."""
        return [attrs["id"] for _, attrs in self.elements if attrs.get("id")]


def faults(html: str) -> list[str]:
    """What is wrong with a page for a screen reader or the content policy; empty when nothing is."""
    page = Page(html)
    ids = page.ids()
    found = [f"id {i} twice" for i in sorted(set(ids)) if ids.count(i) > 1]
    found += [f"unbalanced {tag}" for tag in page.unbalanced]
    for tag, attrs in page.elements:
        found += [f"{tag} has {name}" for name in attrs if name == "style" or name.startswith(("on", "hx-on"))]
        for name in ("aria-describedby", "aria-labelledby", "for", "popovertarget"):
            found += [f"{tag} {name} leads to no {i}" for i in (attrs.get(name) or "").split() if i not in ids]
        if tag == "th" and not attrs.get("scope"):
            found.append("th without scope")
        if tag == "img" and attrs.get("alt") is None:
            found.append("img without alt")
        if tag == "svg" and "aria-hidden" not in attrs and not attrs.get("aria-label"):
            found.append("svg without a name")
        if tag == "script" and "src" not in attrs and attrs.get("type") not in {"application/json"}:
            found.append("inline script")
    return found
