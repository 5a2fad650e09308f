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


def _day(request: PortalRequest) -> date:
    """The day asked for; a day that does not exist is said, and today is shown."""
    asked = request.GET.get("on", "")
    try:
        return parse_date(asked) or timezone.localdate()
    except ValueError:
        messages.warning(request, _("There is no such day; the rules of today are shown."))
        return timezone.localdate()


@require_GET
@requires(Permission.PILOT_VIEW)
def schemes(request: PortalRequest) -> HttpResponse:
    """What the schemes ask, beside each other: one line a rule, one column a scheme."""
    on = _day(request)
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
    on, book = _day(request), Rulebook(0, found)
    rows = rules(book, on)
    context = {
        "on": on, "scheme": found, "rules": rows, "unverified": sum(not rule.verified for rule in rows),
        "changes": changes(book), "duties": found.duties_on(on), "all_url": reverse("pilots:schemes"),
    }  # fmt: skip
    return render(request, "pilots/scheme.html", context)
