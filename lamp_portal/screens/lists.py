"""What stands in the head of a list: how it is taken as a file, and the views that were kept of it."""

from urllib.parse import urlencode

from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from lamp_portal.saved import kept, may_open, views_of
from workers.exports.door import listing_of

from . import formats
from .data import PLACES
from .rendering import render


def download_list(context: Context, code: str, *, total: int | None = None, **given: object) -> SafeString:
    """A link to the page that makes a file of the list `code` under the filters in the address; nothing where the reader
    may not have the list. `total` is said where the page knows it; more filters are named by keyword."""
    request = context.get("request")
    scope = getattr(request, "scope", None)
    if request is None or scope is None or listing_of(code, scope) is None:
        return SafeString("")
    filters = {name: value for name, value in request.GET.items() if value and name not in PLACES}
    query = urlencode({"list": code, **filters, **{name: str(value) for name, value in given.items()}})
    words = ""
    if total is not None:
        words = ngettext("%(n)s row", "%(n)s rows", total) % {"n": formats.number(total)}
    return render("download_list", {"url": f"{reverse('workers:download_new')}?{query}", "words": words})


def saved_views(context: Context, listing: str) -> SafeString:
    """The views of the list `listing` (a line of `LISTS` in lamp_portal/saved.py) that the reader or the team kept, and,
    under filters that are not kept yet, the form that keeps them; nothing where the reader may not open the list."""
    request = context.get("request")
    scope = getattr(request, "scope", None)
    if request is None or scope is None or not may_open(listing, scope):
        return SafeString("")
    query = kept(listing, request.GET.urlencode())
    lines = [
        {
            "name": view.name, "shared": view.shared, "url": f"{request.path}?{view.query}",
            "current": view.query == query and bool(query), "own": view.user_id == scope.user_id,
            "end_url": reverse("view_end", args=[view.pk]),
        }
        for view in views_of(listing)
    ]  # fmt: skip
    here = next((line for line in lines if line["current"]), None)
    values = {
        "views": lines, "here": here if here and here["own"] else None, "query": "" if here else query,
        "listing": listing, "may_share": request.membership.manages_members, "csrf_token": context.get("csrf_token", ""),
    }  # fmt: skip
    return render("saved_views", values)
