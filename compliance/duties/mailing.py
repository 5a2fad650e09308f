"""A mail in the morning to whoever a reminder of the night is for: that duties wait, and nothing of whom or what.

One mail for each person and day, however many duties: whoever was addressed by an earlier row of the day is not written to again.
"""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.scope import acting_as
from compliance import mails
from compliance.duties.ladder import MANAGER, OFFICER, OWNER
from compliance.models import DutyReminder

SUBJECT = _("Duties are waiting in the LaMP Portal")
TEMPLATE = "compliance/mail/duties.txt"
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


def tell(fresh: Sequence[DutyReminder], earlier: Iterable[DutyReminder]) -> int:
    """Mail whoever ``fresh`` reminders are for and none ``earlier`` of the same day was; answers how many mails went out."""
    return mails.write(addressed(fresh) - addressed(earlier), SUBJECT, TEMPLATE)
