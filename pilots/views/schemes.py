"""Schemes beside each other on any day, and one scheme with its rules, changes and corrections. No pilot's rows."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import requires
from pilots.rulebook import Rulebook
from pilots.rules import changes, compared, rules
from pilots.schemes.reader import UnknownScheme, all_schemes, load


def day_asked(request: PortalRequest, name: str = "on") -> date | None:
    """The day asked for in the address; none where there is none, and one that does not exist is said."""
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        messages.warning(request, _("There is no such day; the rules of today are shown."))
        return None


@require_GET
@requires(Permission.PILOT_VIEW)
def schemes(request: PortalRequest) -> HttpResponse:
    """What the schemes ask, beside each other: one line a rule, one column a scheme."""
    on = day_asked(request) or timezone.localdate()
    books = [Rulebook(0, scheme) for scheme in all_schemes() if not scheme.template]
    context = {
        "on": on, "schemes": [book.scheme for book in books], "lines": compared(books, on),
        "sees_pilots": request.scope.allows(Permission.PERSON_VIEW),
    }  # fmt: skip
    return render(request, "pilots/schemes.html", context)


@require_GET
@requires(Permission.PILOT_VIEW)
def scheme(request: PortalRequest, slug: str) -> HttpResponse:
    """One scheme: its rules on a day with their sources, what changed when, and its corrections."""
    try:
        found = load(slug)
    except UnknownScheme as unknown:
        raise Http404 from unknown
    on, book = day_asked(request) or timezone.localdate(), Rulebook(0, found)
    rows = rules(book, on)
    context = {
        "on": on, "scheme": found, "rules": rows, "unverified": sum(not rule.verified for rule in rows),
        "changes": changes(book), "duties": found.duties_on(on), "all_url": reverse("pilots:schemes"),
    }  # fmt: skip
    return render(request, "pilots/scheme.html", context)
