"""Going through the real sign-in: password, code, and the codes of an authenticator app."""

import time

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.cast import PASSWORD

LOGIN = "/account/login/"
SECOND = "/account/2fa/authenticate/"


def may_sign_in(user: User) -> User:
    """The cast is made without addresses to confirm; a person who signs in has one."""
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    user.set_password(PASSWORD)  # with the tests' quick hasher
    user.save()
    cache.clear()
    return user


def with_totp(user: User) -> str:
    """Give the person a code generator; answers its secret."""
    secret = generate_totp_secret()
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, secret)
    return secret


def code(secret: str, ago: int = 0) -> str:
    """The code of an authenticator app now, or so many seconds ago."""
    return format_hotp_value(hotp_value(secret, (int(time.time()) - ago) // 30))


def password_step(client: Client, user: User, password: str = PASSWORD, **more):
    """Post e-mail and password."""
    return client.post(LOGIN, {"login": user.email, "password": password, **more})


def sign_in_fully(client: Client, user: User, secret: str):
    """Password, then code."""
    password_step(client, user)
    return client.post(SECOND, {"code": code(secret)})
