"""Telling the members of an organisation that is asked for papers: how many requests wait, and nothing of whom or what.

When that mail leaves, in which language and whether at all is the room of notices' to say (``docs/notices.md``).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from accounts.jobs import Work
from accounts.models import Membership
from accounts.notices.door import knock
from accounts.roles import ROLES, Permission
from accounts.scope import acting_as, operator_scope
from pilots.models import Pilot
from workers.asking.reminding import remind
from workers.models import PaperRequest

PAPERS: Final = "papers"  # the kind of notice (lamp_portal/notices/kinds.py)
# Who brings papers: the roles that see persons and bring or move somebody.
WHO_BRINGS: Final = (Permission.PERSON_IMPORT, Permission.MOVE_DEPLOYED)
ROLES_ASKED: Final = [role.code for role in ROLES.values() if any(role.allows(verb) for verb in WHO_BRINGS)]


def members_of(organisation_ids: Iterable[int]) -> set[int]:
    """The people of these organisations who bring papers and may sign in; ids."""
    with acting_as(None):
        found = Membership.objects.filter(
            organisation_id__in=list(organisation_ids), ended_at__isnull=True, role__in=ROLES_ASKED,
            organisation__suspended_at__isnull=True,
        )  # fmt: skip
        return set(found.values_list("user_id", flat=True))


def tell_asked(work: Work) -> dict:
    """A job: each member of the organisation of one request hears of it with their next notices, except who asked."""
    one = PaperRequest.objects.get(pk=work.job.params["request_id"])
    people = members_of([one.asked_id]) - {one.user_id}
    knock(people, PAPERS)
    return {"told": len(people)}


def remind_papers(today: date) -> int:
    """Remind of what is due or overdue, by the portal itself; answers how many people will hear of it."""
    with acting_as(operator_scope(request="papers")):
        pilots = tuple(Pilot.objects.order_by("pk").values_list("pk", flat=True))
    portal = replace(
        operator_scope(request="papers"), db_role="lamp_programme", role_code="programme_officer", pilot_ids=pilots
    )
    with acting_as(portal):
        people = members_of(remind(today, by=portal))
        knock(people, PAPERS)
    return len(people)
