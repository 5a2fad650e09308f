"""The settings of a real installation, read in a process of their own: nothing of a laptop's ease is left."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

ASK = """
import json
import django
from django.conf import settings as s
django.setup()
names = [n for n in dir(s) if n.isupper() and n.startswith(("SESSION_", "CSRF_", "SECURE_", "MFA_", "DEBUG", "DEMO"))]
print(json.dumps({n: getattr(s, n) for n in names}, default=str))
"""


def started(**environment) -> subprocess.CompletedProcess:
    """Read the settings as a real installation would, with these variables on top."""
    given = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "lamp_portal.settings",
        "DATABASE_URL": "postgresql://lamp_app:x@db.example/lamp",
        "REDIS_URL": "redis://cache.example:6379",
        "ALLOWED_HOSTS": "portal.example",
        "SECRET_KEY": "k" * 60,
    } | environment
    given = {name: value for name, value in given.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", ASK], env=given, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60
    )


@pytest.fixture(scope="module")
def production() -> dict:
    done = started()
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_cookies_are_bound_to_this_host_over_https(production):
    assert production["SESSION_COOKIE_NAME"] == "__Host-session"
    assert production["CSRF_COOKIE_NAME"] == "__Host-csrf"
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY"):
        assert production[name] is True, name


def test_browsers_are_told_to_come_by_https_for_two_years(production):
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_HSTS_SECONDS"] >= 2 * 365 * 24 * 3600
    assert production["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True


def test_a_forged_forwarded_header_is_not_believed_without_a_proxy(production):
    assert production["SECURE_PROXY_SSL_HEADER"] is None
    behind = json.loads(started(TRUSTED_PROXY_COUNT="1").stdout)
    assert behind["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_sessions_last_as_promised_and_the_demonstration_is_off(production):
    assert (production["SESSION_IDLE_SECONDS"], production["SESSION_OVERALL_SECONDS"]) == (1800, 43200)
    assert (production["DEBUG"], production["DEMO"]) == (False, False)
    assert production["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is False
    assert production["MFA_TRUST_ENABLED"] is False


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_it_does_not_start_without(missing):
    done = started(**{missing: None})
    assert done.returncode != 0
    assert f"Set {missing}." in done.stderr


@pytest.mark.parametrize("value", ["yes", "1", "true"])
def test_a_switch_that_is_neither_on_nor_off_is_refused(value):
    done = started(DEBUG=value)
    assert done.returncode != 0
    assert "write True or False" in done.stderr
