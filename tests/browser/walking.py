"""Walking through the portal as a reader would: every page that links lead to, one of each kind."""

import re
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import expect

# Addresses that answer with a file, a part of a page or a change of language, and a library's own admin.
NOT_PAGES = {"reports:chart", "home_duties", "accounts:language", "account_logout"}
FILE = re.compile(r"\.(xlsx|xls|ods|csv|pdf|json|svg)$")


def kind_of(path: str) -> str:
    """The name of the address, which pages of one kind share; nothing for what is no page of the portal."""
    try:
        found = resolve(path)
    except Resolver404:
        return ""
    if found.view_name in NOT_PAGES or found.app_name in {"admin"} or path.startswith("/static/") or FILE.search(path):
        return ""
    return found.view_name


def settled(page) -> None:
    """Wait until the parts that a page asks for by itself have come."""
    expect(page.locator(".htmx-request")).to_have_count(0)


def walk(page, start: str = "/", leave_out: tuple[str, ...] = (), limit: int = 140):
    """Open ``start`` and then one page of each kind that links lead to; yields the kind while its page is open."""
    seen, waiting = {kind_of(start)}, [(kind_of(start), start)]
    while waiting and len(seen) <= limit:
        kind, path = waiting.pop(0)
        answer = page.goto(path)
        assert answer.status == 200, f"{path} answers {answer.status}"
        settled(page)
        for href in page.locator("a[href]:not([download])").evaluate_all("links => links.map(a => a.href)"):
            parts = urlsplit(urljoin(page.url, href))
            if parts.netloc != urlsplit(page.url).netloc:
                continue
            found = kind_of(parts.path)
            if found and found not in seen and not found.startswith(leave_out or ("-",)):
                seen.add(found)
                # Some pages are asked for with what they are about: a list behind one number, a clock to start.
                waiting.append((found, f"{parts.path}?{parts.query}" if parts.query else parts.path))
        yield kind
