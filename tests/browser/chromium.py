"""The one Chromium of a test run, loaded as a pytest plugin: found as `make test` finds it, launched once, shared.

Tests marked ``browser`` are left out, and the summary says so, where there is none; LAMP_REQUIRE_BROWSER=1 refuses that.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

FINDER = Path(__file__).resolve().parents[2] / "scripts" / "find_chromium.sh"
ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--font-render-hinting=none",
    "--lang=en-GB",
)  # fmt: skip
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Only what is wrong crosses to the test: the whole answer of axe is megabytes.
FIND_BARRIERS = """([context, options]) => axe.run(context, options).then(answer => answer.violations.map(found => [
    found.id, found.help, found.nodes.slice(0, 3).map(node => [node.html.slice(0, 160), node.failureSummary.slice(-220)])]))"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def find() -> str:
    """The path of a Chromium that runs (LAMP_CHROMIUM first), or nothing."""
    return subprocess.run(["sh", str(FINDER)], check=False, capture_output=True, text=True).stdout.strip()


def launch(playwright):
    """A headless Chromium that talks to nobody but the portal."""
    # The language of date fields is the browser's own, which it takes from here.
    words = os.environ | {"LANGUAGE": "en_GB", "LANG": "en_GB.UTF-8"}
    return playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS), env=words)


def context_of(browser, viewport=None, scheme="light", touch=False, **more):
    """A fresh browser profile: at a desk, or on a phone with touch; nothing moves while one looks."""
    viewport = viewport or DESK
    phone = viewport == PHONE
    return browser.new_context(
        viewport=viewport, color_scheme=scheme, reduced_motion="reduce", has_touch=phone or touch, is_mobile=phone,
        locale="en-GB", timezone_id="UTC", **more,
    )  # fmt: skip


# Chromium calls every refused form an error; a form that comes back with its errors is how this portal answers.
REFUSED_FORM = re.compile(r"Failed to load resource: .* status of (409|422)")


def watched(page):
    """Collect in ``page.complaints`` what the browser says against the page: errors, and blocks by the content policy."""
    page.complaints = []

    def heard(said):
        if said.type in {"error", "warning"} and not REFUSED_FORM.match(said.text):
            page.complaints.append(said.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.asked = 0
    page.on("request", lambda _request: setattr(page, "asked", page.asked + 1))
    for end in ("requestfinished", "requestfailed"):
        page.on(end, lambda _request: setattr(page, "asked", page.asked - 1))
    return page


def settled(page, most=5000) -> None:
    """Wait until the page has every answer it asked for: a server still at work would meet the tables being emptied."""
    while page.asked > 0 and most > 0 and not page.is_closed():
        page.wait_for_timeout(50)
        most -= 50


def barriers(page, without: str = "", **options) -> list[tuple]:
    """What axe finds against WCAG 2.2 A and AA on the open page: (rule, what is wrong, elements). ``without``: leaves these
    elements and what they hold out."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    context = {"include": [["html"]]} | ({"exclude": [[without]]} if without else {})
    chosen = {"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]} | options
    return [tuple(found) for found in page.evaluate(FIND_BARRIERS, [context, chosen])]


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of this process. Two would need two event loops, which cannot run in one thread."""
    from playwright.sync_api import sync_playwright

    from lamp_portal import fonts

    fonts.build_web(fonts.WEB_FOLDER)
    with sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread from here on; Django would refuse every query beside it.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        chromium = launch(playwright)
        yield chromium
        chromium.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


LEFT_OUT = pytest.StashKey[int]()


def pytest_collection_modifyitems(config, items):
    """Leave the browser tests out where no Chromium is found and none is demanded."""
    needing = [item for item in items if item.get_closest_marker("browser")]
    if not needing or os.environ.get("LAMP_REQUIRE_BROWSER") == "1" or find():
        return
    config.stash[LEFT_OUT] = len(needing)
    config.hook.pytest_deselected(items=needing)
    items[:] = [item for item in items if not item.get_closest_marker("browser")]


def pytest_terminal_summary(terminalreporter, config):
    """Say what was left out, so that nobody takes silence for proof."""
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{count} browser tests were left out: no Chromium was found.", yellow=True)
