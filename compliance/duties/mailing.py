"""Whom a reminder of a duty is for: they are told with their next notices, how many duties wait and nothing of whom or what.

When that mail leaves, in which language and whether at all is the room of notices' to say (``docs/notices.md``).
"""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import Membership
from accounts.notices.door import knock
from accounts.scope import Scope, acting_as
from compliance.duties.ladder import MANAGER, OFFICER, OWNER
from compliance.models import DutyReminder

DUTIES = "duties"  # the kind of notice (lamp_portal/notices/kinds.py)
# To whom a rung of the ladder is, by their role in the organisation that hears of it.
ROLES_OF = {
    OWNER: ("recruiter", "employer", "welfare_officer", "programme_officer"),
    OFFICER: ("programme_officer",),
    MANAGER: ("programme_manager",),
}


def addressed(rows: Iterable[DutyReminder]) -> set[int]:
    """The people whom these reminders are for: open memberships of the organisation in the role of the rung; ids."""
    wanted = {(row.organisation_id, role) for row in rows for role in ROLES_OF[row.addressee]}
    with acting_as(None):
        members = Membership.objects.filter(
            organisation_id__in={organisation for organisation, _role in wanted}, ended_at__isnull=True,
            organisation__suspended_at__isnull=True,
        ).values_list("user_id", "organisation_id", "role")  # fmt: skip
        return {user for user, organisation, role in members if (organisation, role) in wanted}


def for_member(by: Scope) -> QuerySet[DutyReminder]:
    """The reminders that are for somebody in this role of this organisation."""
    mine = [addressee for addressee, roles in ROLES_OF.items() if by.role_code in roles]
    return DutyReminder.objects.filter(pilot__in=by.pilot_ids, organisation_id=by.organisation_id, addressee__in=mine)


def tell(fresh: Iterable[DutyReminder]) -> int:
    """Knock for whoever these reminders are for; answers for how many people. Inside a scope that may knock."""
    people = addressed(fresh)
    knock(people, DUTIES)
    return len(people)
