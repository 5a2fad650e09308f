"""The page of a pilot: its cohorts with their counts, its partners, its job orders, the rules in force.

It stands here and not in the pilots app because it counts placements, which that app does not know.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.rows import may
from accounts.verbs import requires
from pilots.models import Cohort, JobOrder, Participation, Pilot, Site
from pilots.rulebook import rulebook
from pilots.rules import first_rules
from workers.models import RecruiterLicence, Room
from workers.queries import cohorts
from workers.queries.orders import with_places


@require_GET
@requires(Permission.PERSON_VIEW)
def pilot(request: PortalRequest, slug: str) -> HttpResponse:
    """What this pilot is about and how far it has come."""
    found = get_object_or_404(Pilot.objects.select_related("corridor", "programme"), slug=slug)
    today = timezone.localdate()
    book = rulebook(found)
    partners = Participation.objects.filter(pilot=found, left_on__isnull=True).select_related("organisation")
    sees_orders = may(JobOrder, request.scope.db_role)
    context = {
        "pilot": found,
        "scheme": book.scheme,
        "today": today,
        "cohorts": cohorts.lines(Cohort.objects.filter(pilot=found).order_by("-departs_on", "id")),
        "partners": sorted(partners, key=lambda p: (p.kind, p.organisation.name)),
        "orders": with_places(JobOrder.objects.filter(pilot=found)) if sees_orders else [],
        "sites": list(Site.objects.filter(pilot=found).select_related("employer")) if sees_orders else [],
        "rules": first_rules(book, today),
        "rule_count": len(book.on(today)),
        "sees_licences": may(RecruiterLicence, request.scope.db_role),
        "sees_rooms": may(Room, request.scope.db_role),
        "may_edit": request.scope.allows(Permission.PILOT_EDIT),
    }
    return render(request, "pilots/pilot.html", context)
