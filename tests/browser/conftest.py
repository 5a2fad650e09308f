"""People before real pages: the portal on a port of its own, and a browser window for each person of a story."""

import os

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import Job
from accounts.scope import acting_as, operator_scope
from tests import cast as cast_module
from tests.browser.chromium import context_of, settled, watched
from tests.browser.examining import Examined
from tests.conftest import signed_in


@pytest.fixture(scope="session")
def portal(django_db_setup, django_test_environment):
    """The portal served on a port of its own. Asks for no database: the test says how long its world lasts."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def examined() -> Examined:
    """What axe need not look at again in this process."""
    return Examined()


@pytest.fixture
def cast(transactional_db) -> cast_module.Cast:
    """The cast with real commits: the portal under test reads them over connections of its own."""
    return cast_module.load()


@pytest.fixture
def window(browser, portal, examined, request):
    """``page = window(viewport=PHONE, scheme="dark", scripts=False, touch=True)``: nobody's fresh browser, at the portal.

    With LAMP_BROWSER_PICTURES=folder the last state of each window is kept there as a picture.
    At the end of the test no page may have complained: no error on the console, nothing blocked by the content policy.
    """
    contexts, pages = [], []

    def opened(viewport=None, scheme="light", scripts=True, **more):
        context = context_of(
            browser, viewport, scheme, java_script_enabled=scripts, base_url=portal.url, accept_downloads=True, **more
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = watched(context.new_page())
        page.examined = examined
        pages.append(page)
        return page

    yield opened
    complaints = [f"{page.url}: {said}" for page in pages for said in page.complaints]
    if os.environ.get("LAMP_BROWSER_PICTURES"):
        for number, page in enumerate(pages):
            page.screenshot(path=f"{os.environ['LAMP_BROWSER_PICTURES']}/{request.node.name[-60:]}-{number}.png")
    for page in pages:
        settled(page)
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def as_person(window, cast, portal):
    """``page = as_person("ines", viewport=PHONE)``: the window of somebody signed in, second factor shown."""

    def opened(name: str, **how):
        page = window(**how)
        session = signed_in(cast.user(name)).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": portal.url}])
        return page

    return opened


@pytest.fixture
def work_off(cast):
    """``work_off()``: do what waits in the background, as a worker would, and answer how much it was."""

    from lamp_portal.tasks import run_job

    def done() -> int:
        with acting_as(operator_scope()):
            waiting = list(Job.objects.filter(state="waiting").order_by("id").values_list("pk", flat=True))
        for pk in waiting:
            run_job(pk)
        return len(waiting)

    return done
