"""Members of an organisation: who they are, ending a membership, changing a role. Only its managers may change."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Invitation, Membership, Organisation
from accounts.roles import ROLES
from accounts.scope import Scope, acting_as


def members_of(by: Scope) -> list[Membership]:
    """Open memberships of the reader's organisation, by name; each with ``second_factor`` (whether one is set up)."""
    members = list(_open(by).select_related("user").order_by("user__name", "id"))
    with acting_as(None):  # second factors are no reader role's to see; here only that they exist
        having = set(_second_factors([m.user_id for m in members]).values_list("user_id", flat=True))
    for membership in members:
        membership.second_factor = membership.user_id in having
    return members


def has_second_factor(user_id: int) -> bool:
    """Whether this person has set up a code generator or a passkey. Recovery codes alone do not count."""
    return _second_factors([user_id]).exists()


def _second_factors(user_ids: list[int]) -> QuerySet[Authenticator]:
    strong = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user_id__in=user_ids, type__in=strong)


def open_invitations(by: Scope) -> QuerySet[Invitation]:
    """Invitations of the reader's organisation that nobody has accepted or withdrawn."""
    return Invitation.objects.filter(
        organisation_id=by.organisation_id, accepted_at__isnull=True, revoked_at__isnull=True
    ).select_related("invited_by")


def require_manager(by: Scope) -> Membership:
    """The acting person's own membership, read now; PermissionDenied unless it manages members."""
    found = _open(by).filter(user_id=by.user_id, manages_members=True).select_related("organisation").first()
    if found is None:
        raise PermissionDenied("manages members")
    return found


def check_role(role: str, organisation: Organisation) -> None:
    """ValidationError unless a member of this kind of organisation may hold the role."""
    if role not in ROLES or organisation.kind not in ROLES[role].kinds:
        raise ValidationError(_("Members of this organisation cannot hold this role."))


def end(membership: Membership, *, by: Scope, at: datetime) -> None:
    """End a membership of one's own organisation; its open invitations end with it.

    The person loses access with their next request. ValidationError for the last manager.
    """
    require_manager(by)
    locked = lock(membership, by)
    if locked.manages_members:
        _keep_a_manager(locked, by)
    locked.ended_at = at
    locked.save(update_fields=["ended_at"])
    open_invitations(by).filter(invited_by_id=locked.user_id).update(revoked_at=at)
    audit.record("end_membership", "membership", locked.pk)


def change(membership: Membership, role: str, manages_members: bool, *, by: Scope) -> None:
    """Give a member of one's own organisation another role.

    ValidationError for one's own role, a role not of this kind of organisation, or the last manager.
    """
    manager = require_manager(by)
    check_role(role, manager.organisation)
    locked = lock(membership, by)
    if locked.user_id == by.user_id and locked.role != role:
        raise ValidationError(
            _("Nobody changes their own role. Ask another member who manages members, or an operator.")
        )
    if locked.manages_members and not manages_members:
        _keep_a_manager(locked, by)
    locked.role, locked.manages_members = role, manages_members
    locked.save(update_fields=["role", "manages_members"])
    audit.record("change_role", "membership", locked.pk)


def _open(by: Scope) -> QuerySet[Membership]:
    return Membership.objects.filter(organisation_id=by.organisation_id, ended_at__isnull=True)


def lock(membership: Membership, by: Scope) -> Membership:
    """The member as they stand now, whom nobody else changes until the transaction is over; ValidationError once ended.

    Every manager is locked first, in one order, so that two managers who remove each other meet here."""
    list(_open(by).filter(manages_members=True).order_by("id").select_for_update())
    require_manager(by)
    try:
        return _open(by).select_for_update().get(pk=membership.pk)
    except Membership.DoesNotExist:
        raise ValidationError(_("This membership has ended already.")) from None


def _keep_a_manager(membership: Membership, by: Scope) -> None:
    if not _open(by).filter(manages_members=True).exclude(pk=membership.pk).exists():
        raise ValidationError(_("This is the last member who manages members. Give that right to somebody else first."))
