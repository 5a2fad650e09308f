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


HTMX = ("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete")


class Plain(HTMLParser):
    """Finds what a page can do only by a script: parts without a plain way, buttons without a form, forms that cannot be sent."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[str] = []
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.waiting: list[tuple[int, str]] = []  # parts that must hold a link or a form: their depth and what they are
        self.forms: dict[str, bool] = {}  # id (or action) of each form -> whether there is something to fill in
        self.senders: set[str] = set()  # ids of forms that a button elsewhere sends
        self.feed(html)
        self.found += [
            f"form {name} has nothing to send it"
            for name, asks in self.forms.items()
            if asks and name not in self.senders
        ]

    def inside(self, *tags: str) -> bool:
        """Whether one of these is open."""
        return any(tag in tags for tag, _attrs in self.open)

    def handle_starttag(self, tag, attrs):
        """Look at one element."""
        given = dict(attrs)
        if tag in ("a", "form"):
            self.waiting = []
        if tag == "a" and (given.get("href") or "").startswith("javascript"):
            self.found.append("a link that is a script")
        if tag == "form":
            self.forms.setdefault(given.get("id") or given.get("action") or "here", False)
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden" and self.inside("form"):
            self.forms[[*self.forms][-1]] = True
        if tag == "button" and given.get("type") == "button" and not self._native(given):
            self.found.append(f"button {given}")
        if tag in ("button", "input") and given.get("type", "submit" if tag == "button" else "text") in (
            "submit",
            "search",
        ):
            if given.get("form"):
                self.senders.add(str(given["form"]))
            elif self.inside("form") and self.forms:
                self.senders.add([*self.forms][-1])
        plain = tag == "form" or (tag == "a" and given.get("href")) or self.inside("form")
        if any(name in given for name in HTMX) and not plain:
            self.waiting.append((len(self.open), f"{tag} {given}"))
        if tag not in VOID:
            self.open.append((tag, given))

    def _native(self, given: dict) -> bool:
        """Whether the browser itself, or nobody before a script, can press it."""
        hidden = "hidden" in given or any("hidden" in attrs for _tag, attrs in self.open)
        return "popovertarget" in given or "command" in given or hidden or self.inside("dialog")

    def handle_endtag(self, tag):
        """Close an element; a part that held no plain way is a fault."""
        if self.open and self.open[-1][0] == tag:
            self.open.pop()
            self.found += [what for depth, what in self.waiting if depth == len(self.open)]
            self.waiting = [(depth, what) for depth, what in self.waiting if depth != len(self.open)]


def needs_scripts(html: str) -> list[str]:
    """What on this page a reader without JavaScript cannot do; empty when everything can be done."""
    return Plain(html).found
