"""Who acts in the world: the scope of a member of an organisation, as the portal itself would give it to them."""

from django.contrib.auth import get_user_model

from accounts.models import Membership
from accounts.scope import Scope, acting_as
from lamp_portal.world import plans
from pilots.access import scope_for

REQUEST = "seed_demo"


class Hands:
    """Scopes by organisation and role, each read once. Make it after the last participation is written."""

    def __init__(self) -> None:
        emails = {member.email for plan in plans.organisations() for member in plan.people}
        with acting_as(None):
            users = {user.pk: user.email for user in get_user_model().objects.filter(email__in=emails)}
            found = Membership.objects.filter(user__in=users).select_related("organisation").order_by("id")
            self._scopes: dict[tuple[str, str], Scope] = {}
            for membership in found:
                scope = scope_for(membership, REQUEST)
                self._scopes.setdefault((membership.organisation.slug, membership.role), scope)
                self._scopes.setdefault((membership.organisation.slug, ""), scope)

    def of(self, organisation: str, role: str = "") -> Scope:
        """The first member of the organisation (in this role). KeyError where there is none."""
        return self._scopes[organisation, role]

    def __contains__(self, key: tuple[str, str]) -> bool:
        """Whether the organisation has a member in the role."""
        return key in self._scopes
