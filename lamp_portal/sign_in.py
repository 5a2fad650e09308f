"""How people get in: by invitation only, with second factors kept encrypted, and every way in and out in the audit trail.

allauth does the work; its adapters carry what the portal decides. Its second-factor app has no hooks but signals, so
the two of them that matter are connected here (``connect``, called once by ``lamp_portal.apps``).
"""

import base64
import hashlib
import hmac

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.encoding import force_bytes

from accounts import audit
from accounts.models import User
from accounts.scope import person_scope

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs up from outside: an account is made by accepting an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never; see accounts/invitations.py."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The home page of the person's role."""
        return reverse("home")

    def post_login(self, request: HttpRequest, user: User, **options) -> HttpResponse:
        """Signed in, every factor shown."""
        note(request, "sign_in", user.pk)
        return super().post_login(request, user, **options)

    def authentication_failed(self, request: HttpRequest, **credentials) -> None:
        """A wrong password. The trail keeps whose account it was for, never what was typed."""
        email = str(credentials.get("email", "")).lower()
        found = User.objects.filter(email=email).values_list("pk", flat=True).first()
        note(request, "sign_in", found, outcome="refused", reason="password")

    def logout(self, request: HttpRequest) -> None:
        """Signed out by choice."""
        if request.user.is_authenticated:
            note(request, "sign_out", request.user.pk)
        super().logout(request)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted at rest, under a key made from SECRET_KEY (and its fallbacks)."""

    def encrypt(self, text: str) -> str:
        """A secret as it is stored."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A stored secret as it is used."""
        return _keys().decrypt(encrypted_text.encode()).decode()


def _keys() -> MultiFernet:
    given = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hmac.new(force_bytes(key), b"second factors at rest", hashlib.sha256).digest() for key in given)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def note(request: HttpRequest, action: str, user_id: int | None, *, outcome: str = "done", reason: str = "") -> None:
    """Write a sign-in event to the audit trail, as the person it concerns."""
    scope = person_scope(user_id, request=getattr(request, "id", ""))
    audit.record(action, "user", user_id, scope=scope, outcome=outcome, reason=reason)


def second_factor_shown(request: HttpRequest) -> bool:
    """Whether this very session proved a second factor: a session opened before one was set up did not."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def connect() -> None:
    """Listen to allauth's second-factor app."""
    signals.authenticator_added.connect(_added, dispatch_uid="second factor added")
    signals.authenticator_removed.connect(_removed, dispatch_uid="second factor removed")
    signals.authentication_failed.connect(_failed, dispatch_uid="second factor refused")


def _added(sender, request: HttpRequest, user: User, authenticator: Authenticator, **_others) -> None:
    note(request, "second_factor_added", user.pk, reason=authenticator.type)
    if authenticator.type in STRONG:
        # Setting it up proved it. Sessions elsewhere did not, and may be a thief's who knows the password.
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, set_up=True)
        end_other_sessions(request, user)


def _removed(sender, request: HttpRequest, user: User, authenticator: Authenticator, **_others) -> None:
    note(request, "second_factor_removed", user.pk, reason=authenticator.type)
    if authenticator.type in STRONG:
        end_other_sessions(request, user)


def _failed(sender, request: HttpRequest, user: User, **_others) -> None:
    note(request, "sign_in", user.pk, outcome="refused", reason="second factor")


def end_other_sessions(request: HttpRequest, user: User) -> None:
    """Sign this person out everywhere but here."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key or ""):
        session.end()
