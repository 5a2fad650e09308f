"""Mail to the members of an organisation that is asked for papers: that something is asked, and nothing of whom or what."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.jobs import Work
from accounts.models import Membership
from accounts.roles import ROLES, Permission
from accounts.scope import acting_as, operator_scope
from compliance import mails
from pilots.models import Pilot
from workers.asking.reminding import remind
from workers.models import PaperRequest

SUBJECT = _("Papers are asked for in the LaMP Portal")
TEMPLATE = "compliance/mail/papers.txt"
# Who brings papers: the roles that see persons and bring or move somebody.
ROLES_ASKED = [
    role.code
    for role in ROLES.values()
    if role.allows(Permission.PERSON_IMPORT) or role.allows(Permission.MOVE_DEPLOYED)
]


def members_of(organisation_ids: Iterable[int]) -> set[int]:
    """The people of these organisations who bring papers and may sign in; ids."""
    with acting_as(None):
        found = Membership.objects.filter(
            organisation_id__in=list(organisation_ids), ended_at__isnull=True, role__in=ROLES_ASKED,
            organisation__suspended_at__isnull=True,
        )  # fmt: skip
        return set(found.values_list("user_id", flat=True))


def tell_asked(work: Work) -> dict:
    """A job: one mail to each member of the organisation of one request, except who asked."""
    one = PaperRequest.objects.get(pk=work.job.params["request_id"])
    people = members_of([one.asked_id]) - {one.user_id}
    return {"mails": mails.write(people, SUBJECT, TEMPLATE)}


def remind_papers(today: date) -> int:
    """Remind of what is due or overdue, by the portal itself; answers how many mails went out."""
    with acting_as(operator_scope(request="papers")):
        pilots = tuple(Pilot.objects.order_by("pk").values_list("pk", flat=True))
    portal = replace(
        operator_scope(request="papers"), db_role="lamp_programme", role_code="programme_officer", pilot_ids=pilots
    )
    with acting_as(portal):
        organisations = remind(today, by=portal)
    return mails.write(members_of(organisations), SUBJECT, TEMPLATE)
