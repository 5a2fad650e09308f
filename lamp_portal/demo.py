"""The demonstration's logins: one published password, and second factors that anybody may compute.

Everything here refuses to work unless ``settings.DEMO`` is on, and touches only ``@demo.example`` addresses. A real
installation never turns DEMO on: ``make_login`` then raises, ``/demo/`` is 404, and no such account exists.
"""

import base64
import functools
import hashlib
import hmac
import time
from dataclasses import asdict, dataclass

from allauth.account.models import EmailAddress
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.roles import ROLES
from accounts.scope import acting_as

DOMAIN = "@demo.example"
PASSWORD = "orchard river lantern bridge"  # noqa: S105 - published on purpose: the demonstration holds nobody's data
_TOTP_KEY = b"the demonstration's second factors are public"


@dataclass(frozen=True, slots=True)
class Login:
    """One way into the demonstration: who, as what, for whom, and what to type."""

    user_id: int
    membership_id: int | None
    name: str
    role: str
    organisation: str
    email: str
    password: str
    code: str
    code_seconds: int

    def as_dict(self) -> dict:
        """The login as plain values, for ``--json``."""
        return asdict(self)


def totp_secret(email: str) -> str:
    """The secret (base32) that stands behind a demonstration person's codes; anybody may compute it."""
    digest = hmac.new(_TOTP_KEY, email.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode()


def totp_code(email: str, at: float) -> tuple[str, int]:
    """The six digits in force at a moment (seconds since 1970), and how many seconds they still hold."""
    period = mfa_settings.TOTP_PERIOD
    code = format_hotp_value(hotp_value(totp_secret(email), int(at) // period))
    return code, period - int(at) % period


@functools.cache
def _hashed(_hasher: str) -> str:
    """One hash for everybody: the password is public, and the slow hash of forty accounts would take ten seconds."""
    return make_password(PASSWORD)


def make_login(user: User) -> None:
    """Give a demonstration person the published password, a verified address and a second factor. May be repeated."""
    if not settings.DEMO:
        raise ImproperlyConfigured("Demonstration logins are made only where DEMO=True.")
    if not user.email.endswith(DOMAIN):
        raise ValueError(f"Demonstration logins are for {DOMAIN} addresses only.")
    with acting_as(None):
        user.password = _hashed(settings.PASSWORD_HASHERS[0])
        user.save(update_fields=["password"])
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        TOTP.activate(user, totp_secret(user.email))


def logins(at: float | None = None) -> list[Login]:
    """Everybody who can sign in to the demonstration, once for each organisation they belong to."""
    now = time.time() if at is None else at
    if not settings.DEMO:
        return []
    with acting_as(None):
        people = list(User.objects.filter(email__endswith=DOMAIN, is_active=True).order_by("id"))
        memberships = Membership.objects.filter(user__in=people, ended_at__isnull=True).select_related("organisation")
        held: dict[int, list[Membership]] = {}
        for membership in memberships.order_by("id"):
            held.setdefault(membership.user_id, []).append(membership)
    answer: list[Login] = []
    for user in people:
        code, seconds = totp_code(user.email, now)
        answer.extend(
            Login(user.pk, membership_id, user.name, role, organisation, user.email, PASSWORD, code, seconds)
            for membership_id, role, organisation in _places(user, held.get(user.pk, []))
        )
    return answer


def _places(user: User, memberships: list[Membership]) -> list[tuple[int | None, str, str]]:
    places: list[tuple[int | None, str, str]] = [
        (m.pk, str(ROLES[m.role].label), m.organisation.name) for m in memberships
    ]
    if user.is_staff:
        places.append((None, _("Operator"), ""))
    return places or [(None, "", "")]
