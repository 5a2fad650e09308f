"""What only a browser can show: the page of components under the content policy, in both schemes, on the phone, from right
to left. The pages are rendered here and handed to Chromium without a server; static files come from where Django finds them.
"""

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.csp import CSP, build_policy

from lamp_portal import styleguide
from tests.browser.chromium import DESK, OVERFLOW, PHONE, barriers, context_of
from tests.screens.test_layout import NAV

pytestmark = pytest.mark.browser

SITE = "http://portal.test"
VIEWS = [
    ("light", DESK, "en"),
    ("dark", DESK, "en"),
    ("light", PHONE, "en"),
    ("dark", PHONE, "en"),
    ("light", DESK, "ar"),
]
POLICY = {name: [v for v in values if v != CSP.NONCE] for name, values in settings.SECURE_CSP.items()}


def components() -> str:
    """The page of components inside the whole layout."""
    context = styleguide.samples() | {
        "nav": NAV,
        "form": styleguide.SampleForm(prefix="empty"),
        "bad_form": styleguide.SampleForm({"number": "RA 1", "income": "12"}),
        "filters": styleguide.SampleFilter({"step": "visa"}),
    }
    return render_to_string("styleguide.html", context, RequestFactory().get("/styleguide/"))


def answer(route, html: str) -> None:
    """Play the server: the page under the portal's content policy, and static files."""
    path, query = urlsplit(route.request.url)[2:4]
    if query.startswith("job="):
        route.fulfill(status=204, body="")  # a job shown as running asks every two seconds; nothing is new
    elif path == "/styleguide/":
        headers = {"content-security-policy": build_policy(POLICY)}
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
    elif file := finders.find(path.removeprefix(settings.STATIC_URL)):
        route.fulfill(body=Path(file).read_bytes(), content_type=mimetypes.guess_type(path)[0] or "font/woff2")
    else:
        route.fulfill(status=404, body="")


@pytest.fixture
def open_page(browser):
    """A function that opens the page of components; what the browser complains about is in `page.complaints`."""
    contexts = []

    def opened(scheme="light", viewport=DESK, language="en", scripts=True):
        context = context_of(browser, viewport, scheme, java_script_enabled=scripts)
        contexts.append(context)
        with translation.override(language):
            html = components()
        context.route("**/*", lambda route: answer(route, html))
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if "Security" in said.text else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{SITE}/styleguide/")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("scheme", "viewport", "language"), VIEWS)
def test_the_components_are_accessible_and_stay_inside_the_screen(open_page, scheme, viewport, language):
    page = open_page(scheme, viewport, language)
    assert barriers(page) == []
    assert page.evaluate(OVERFLOW) <= 0
    assert page.complaints == []


def test_what_one_touches_on_the_phone_is_large_enough(open_page):
    page = open_page(viewport=PHONE)
    small = page.evaluate(
        """[...document.querySelectorAll(`.button, .topbar button, .topbar summary, .tabs a, .chip, select,
            .field input:not([type=checkbox], [type=radio])`)]
           .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43.5)
           .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_without_scripts_the_menu_opens_and_nothing_is_hidden_behind_them(open_page):
    page = open_page(viewport=PHONE, scripts=False)
    assert not page.locator(".nav a").first.is_visible()
    page.click(".nav-button")
    assert page.locator(".nav a").first.is_visible()
    assert page.locator("[data-lamp-select-all]").first.is_hidden()
    assert page.locator("a[data-lamp-dialog]").first.get_attribute("href")


def test_one_box_ticks_every_row_and_the_count_follows(open_page):
    page = open_page()
    page.locator("[data-lamp-select-all] input").check()
    rows = page.locator(".pick-box:not(.pick-all) input")
    assert page.locator(".pick-box:not(.pick-all) input:checked").count() == rows.count()
    rows.first.uncheck()
    assert page.inner_text("[data-lamp-bulk-count]") == str(rows.count() - 1)
    assert page.evaluate("document.querySelector('[data-lamp-select-all] input').indeterminate")


def test_a_dialog_opens_over_the_page_and_closes_with_escape(open_page):
    page = open_page()
    page.click("a[data-lamp-dialog]")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_a_form_with_errors_puts_the_reader_on_their_summary(open_page):
    page = open_page()
    assert page.evaluate("document.activeElement.matches('[data-lamp-error-summary]')")


def test_on_paper_it_is_light_and_without_bars(open_page):
    page = open_page("dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".topbar").is_visible()
    assert not page.locator(".nav").is_visible()
