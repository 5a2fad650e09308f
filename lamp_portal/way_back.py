"""An address that only takes what is sent to it, opened as a page: a reload, a bookmark, a link out of the history."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import Resolver404, resolve

from accounts.requests import VisitorRequest
from accounts.verbs import SeeOther

Respond = Callable[[VisitorRequest], HttpResponse]


class WayBackMiddleware:
    """Leads a browser from there to the page that the address belongs to: from ``/imports/7/undoings/`` to ``/imports/7/``.

    Programs, and parts of a page, still get their 405. Whether the thing exists, and for whom, is that page's to say.
    """

    def __init__(self, get_response: Respond):
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        response = self.get_response(request)
        reads = request.method in {"GET", "HEAD"} and "text/html" in request.headers.get("Accept", "")
        if response.status_code != 405 or not reads or request.htmx:
            return response
        return SeeOther(page_above(request.path_info))


def page_above(path: str) -> str:
    """The nearest address above this one that leads anywhere; at the end the first page."""
    parts = path.strip("/").split("/")
    while parts:
        parts.pop()
        above = f"/{'/'.join(parts)}/" if parts else "/"
        try:
            resolve(above)
        except Resolver404:
            continue
        return above
    return "/"
