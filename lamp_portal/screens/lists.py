"""The one way in which a list offers itself as a file."""

from urllib.parse import urlencode

from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

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
