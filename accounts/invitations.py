"""Invitations: ``invite`` a colleague, ``accept`` it once within seven days, ``revoke`` it before.

The token is 256 bits of randomness that only the invited mailbox ever sees: the database keeps its SHA-256. Whoever
opens the link has shown that they read that mailbox, so the address counts as verified. An address that already has
an account gains a membership, after its owner signed in and said yes.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts import audit
from accounts.members import check_role, require_manager
from accounts.models import Invitation, Membership, User
from accounts.scope import Scope, acting_as, person_scope

VALID_FOR = timedelta(days=7)


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(email: str, role: str, *, by: Scope, at: datetime, manages_members: bool = False) -> tuple[Invitation, str]:
    """An open invitation into the inviter's own organisation, and the token for its mail (never readable again).

    Raises PermissionDenied unless ``by`` manages members, ValidationError in words where the role is not one of this
    kind of organisation, or the address is a member or has an open invitation. An outlived invitation makes way.
    """
    inviter = require_manager(by)
    check_role(role, inviter.organisation)
    check_free(email, by.organisation_id, at=at)
    invitation = Invitation(email=email, organisation_id=by.organisation_id, role=role, manages_members=manages_members)
    token = complete(invitation, invited_by=by.user_id, at=at)
    invitation.full_clean()
    invitation.save()
    audit.record("invite", "invitation", invitation.pk)
    return invitation, token


def check_free(email: str, organisation_id: int, *, at: datetime) -> None:
    """ValidationError in words where the address is a member's, or has an invitation that can still be accepted."""
    address = _address(email)
    members = Membership.objects.filter(organisation_id=organisation_id, ended_at__isnull=True)
    if members.filter(user__email=address).exists():
        raise ValidationError(_("This person is already a member."))
    if _open_of(organisation_id).filter(email=address, expires_at__gt=at).exists():
        raise ValidationError(_("This address already has an open invitation."))


def complete(invitation: Invitation, *, invited_by: int | None, at: datetime) -> str:
    """Give an unsaved invitation its token, its inviter and its end; answers the token, which is kept nowhere. One to
    the same address that was outlived makes way."""
    token = secrets.token_urlsafe(32)
    invitation.email = _address(invitation.email)
    standing = _open_of(invitation.organisation_id).filter(email=invitation.email)
    standing.filter(expires_at__lte=at).update(revoked_at=at)
    invitation.token_hash = digest(token)
    invitation.invited_by_id = invited_by
    invitation.expires_at = at + VALID_FOR
    return token


def send(invitation: Invitation, link: str) -> None:
    """Mail the link. Subject and body name no worker, no pilot and no colleague, only the organisation that invites."""
    words = {"organisation": invitation.organisation, "link": link, "days": VALID_FOR.days}
    body = render_to_string("accounts/mail/invitation.txt", words)
    EmailMessage(_("An invitation to the LaMP Portal"), body, to=[invitation.email]).send()


def revoke(invitation_id: int, *, by: Scope, at: datetime) -> bool:
    """Withdraw an open invitation of one's own organisation; False when it was accepted or withdrawn before."""
    require_manager(by)
    changed = _open_of(by.organisation_id).filter(pk=invitation_id).update(revoked_at=at)
    if changed:
        audit.record("revoke_invitation", "invitation", invitation_id)
    return bool(changed)


def find(token_hash: str, *, at: datetime) -> Invitation | None:
    """The open invitation behind a token's hash, or None: unknown, used, withdrawn and outlived look the same."""
    return _openable(at).filter(token_hash=token_hash).first()


def holder(invitation: Invitation) -> User | None:
    """The person who already has an account under the invited address, by their main or another verified address."""
    verified = EmailAddress.objects.filter(email=invitation.email, verified=True).values("user_id")
    return User.objects.filter(email=invitation.email).first() or User.objects.filter(pk__in=verified).first()


def accept_as_new(
    token_hash: str, *, name: str, password: str, at: datetime, language: str = "en", request: str = ""
) -> User:
    """Make the invited person's account and membership. ValidationError when the invitation is no longer open."""
    with acting_as(_nobody(request)):
        invitation = _take(token_hash, at)
        if holder(invitation) is not None:
            raise ValidationError(_("This address has an account. Sign in, then accept the invitation."))
        user = User.objects.create_user(invitation.email, password, name=name, language=language)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        with acting_as(person_scope(user.pk, invitation.organisation_id, request)):
            _join(invitation, user, at)
    return user


def accept_as(user: User, token_hash: str, *, at: datetime, request: str = "") -> Membership:
    """Add the membership to an account that exists. ValidationError when the invitation is not open or not theirs."""
    with acting_as(person_scope(user.pk, None, request)):
        invitation = _take(token_hash, at)
        owner = holder(invitation)
        if owner is None or owner.pk != user.pk:
            raise ValidationError(_("This invitation is for another address."))
        return _join(invitation, user, at)


def _nobody(request: str) -> Scope:
    """Somebody without an account yet, as the app role."""
    return person_scope(None, request=request)


def _take(token_hash: str, at: datetime) -> Invitation:
    """Lock the open invitation, so that it is accepted once."""
    invitation = _openable(at).filter(token_hash=token_hash).select_for_update(of=("self",)).first()
    if invitation is None:
        raise ValidationError(_("This invitation is no longer open. Ask for a new one."))
    return invitation


def _join(invitation: Invitation, user: User, at: datetime) -> Membership:
    check_role(invitation.role, invitation.organisation)
    held = Membership.objects.filter(user=user, organisation_id=invitation.organisation_id, ended_at__isnull=True)
    if held.exists():
        raise ValidationError(_("This person is already a member."))
    membership = Membership.objects.create(
        user=user, organisation_id=invitation.organisation_id, role=invitation.role,
        manages_members=invitation.manages_members,
    )  # fmt: skip
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=at)
    audit.record("accept_invitation", "invitation", invitation.pk)
    return membership


def _openable(at: datetime):
    """Invitations that may be accepted now: not used, not withdrawn, not outlived, organisation not suspended."""
    return Invitation.objects.select_related("organisation").filter(
        accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at, organisation__suspended_at__isnull=True
    )


def _open_of(organisation_id: int):
    return Invitation.objects.filter(organisation_id=organisation_id, accepted_at__isnull=True, revoked_at__isnull=True)


def _address(email: str) -> str:
    return email.strip().lower()
