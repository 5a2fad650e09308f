"""The test database is made by the owner and used by the app role, whom every row policy binds."""

from contextlib import contextmanager, suppress
from datetime import date

import hypothesis
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import TransactionTestCase, override_settings
from django.test.utils import setup_databases, teardown_databases

from accounts.scope import acting_as
from lamp_portal.environment import database
from tests import cast as cast_module
from tests import standing

TODAY = date(2026, 7, 1)
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A busy machine is no fault of what is tested; the cast, which a test's examples share, is put up before the first.
hypothesis.settings.register_profile(
    "portal", deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
)  # fmt: skip
hypothesis.settings.load_profile("portal")
_played_in: list[standing.Standing] = []  # as the session's cast was played in


@contextmanager
def as_owner():
    """Work on the test database as its owner (migrations, flush); the app role has no such rights."""
    app = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    owner = database(settings.OWNER_DATABASE_URL)
    connection.close()
    connection.settings_dict.update(USER=owner["USER"], PASSWORD=owner["PASSWORD"])
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(app)


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """Create and migrate as owner, play the cast in through the doors, then leave everything to the app role."""
    with django_db_blocker.unblock():
        with as_owner():
            config = setup_databases(verbosity=0, interactive=False)
        with override_settings(PASSWORD_HASHERS=QUICK):
            cast_module.build()
        assert_bound_by_policies()
        with as_owner():
            _played_in.append(standing.keep())
    yield
    # A thread of a live server may still hold a connection; then the next run drops the database before it begins.
    with django_db_blocker.unblock(), as_owner(), suppress(OperationalError):
        teardown_databases(config, verbosity=0)


def assert_bound_by_policies() -> None:
    """A superuser or an owner would see every row, and all these tests would prove nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        name, superuser, bypass = cursor.fetchone()
    assert name == settings.DB_APP_ROLE
    assert not superuser
    assert not bypass


def start_over() -> None:
    """Forget everything that was committed (only the owner may truncate) and let the cast stand as it was played in.

    A request that a browser gave up may still be at work in the server's thread, so a deadlock is tried again.
    """
    for attempt in range(5):
        try:
            with as_owner():
                standing.put_back(_played_in[0])
            break
        except OperationalError:
            if attempt == 4:
                raise


@pytest.fixture(scope="session", autouse=True)
def _flush_as_owner():
    """Tests with real transactions end by starting over."""
    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: start_over()
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(autouse=True)
def _fast_and_quiet(settings):
    """Quick password hashes, mail kept in memory."""
    settings.PASSWORD_HASHERS = QUICK
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


@pytest.fixture
def today() -> date:
    """The day on which the tests play."""
    return TODAY


@pytest.fixture
def cast(db) -> cast_module.Cast:
    """The named people of the tests, their organisations and pilots, as ids read back."""
    return cast_module.load()


def signed_in(user):
    """A client signed in as this person, its second factor set up and shown, as allauth leaves a session."""
    from allauth.account.internal.flows.login import record_authentication
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.test import Client

    with acting_as(None):
        factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        factor = factor or TOTP.activate(user, generate_totp_secret()).instance
    fresh = Client()
    fresh.force_login(user)
    request = HttpRequest()
    request.session = fresh.session
    record_authentication(request, user, "mfa", id=factor.pk, type=factor.type)
    request.session.save()
    return fresh


@pytest.fixture
def sign_in(cast):
    """``client = sign_in("ines")``: a test client signed in as that person, second factor done."""

    def _sign_in(name: str):
        return signed_in(cast.user(name))

    return _sign_in
