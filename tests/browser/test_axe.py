"""Nobody is shut out: every page a role can reach, in both schemes, at a desk and on a phone, against WCAG 2.2 AA."""

import pytest

from tests import cast as cast_module
from tests.browser.chromium import DESK, OVERFLOW, PHONE, barriers
from tests.browser.lived_in import live
from tests.browser.walking import walk
from tests.conftest import start_over

pytestmark = pytest.mark.browser

# Who walks, and pages that must be on the way, so that a walk that saw nothing does not pass.
WAYS = {
    "ines": {"workers:placement", "workers:cohort", "workers:pilot", "compliance:finding", "reports:edition",
             "mfa_index", "account_email", "usersessions_list"},
    "mara": {"workers:placement", "compliance:finding", "accounts:member"},
    "lena": {"compliance:case", "compliance:finding", "compliance:check"},
    "rosa": {"compliance:check_new", "compliance:visit_new", "compliance:check"},
    "sefo": {"workers:placement", "workers:cohort"},
    "omar": {"workers:placement", "reports:list"},
    "kofi": {"reports:list"},
    "nell": {"reports:list"},
    "fay": {"reports:edition", "accounts:members"},
}  # fmt: skip
# Pages of one's own account are the same for everybody; one walk sees them.
OWN_ACCOUNT = ("account_", "mfa_", "usersessions_")
THOROUGH = ("ines", "rosa")
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One lived-in world for all walks: they only read."""
    with django_db_blocker.unblock():
        cast = cast_module.load()
        live(cast)
        yield cast
        start_over()


@pytest.fixture
def cast(world, django_db_blocker):
    """The cast of that world."""
    with django_db_blocker.unblock():
        yield world


def faults(page, *, all_four: bool = False) -> list:
    """What is wrong with the open page: barriers, width, what the browser said; at the desk in light, on the phone in dark.

    ``all_four``: contrast also at the desk in dark and on the phone in light.
    """
    found = []
    for viewport, first, other in ((DESK, "light", "dark"), (PHONE, "dark", "light")):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=first)
        found += [(viewport["width"], first, *barrier) for barrier in barriers(page)]
        if (wider := page.evaluate(OVERFLOW)) > 0:
            found.append((viewport["width"], "wider than the screen by", wider))
        if all_four:
            page.emulate_media(color_scheme=other)
            found += [(viewport["width"], other, *barrier) for barrier in barriers(page, **CONTRAST)]
    found += [("the browser said", said) for said in page.complaints]
    page.complaints.clear()
    page.set_viewport_size(DESK)
    return found


@pytest.mark.parametrize("name", WAYS)
def test_no_page_of_a_role_has_a_barrier(as_person, cast, name):
    page = as_person(name)
    wrong, seen = {}, set()
    for kind in walk(page, leave_out=() if name == "ines" else OWN_ACCOUNT):
        seen.add(kind)
        if found := faults(page, all_four=name in THOROUGH):
            wrong[f"{kind} {page.url}"] = found
    assert wrong == {}
    assert WAYS[name] | {"home"} <= seen


@pytest.mark.parametrize("name", ["rosa", "sefo"])
def test_who_works_on_the_phone_finds_everything_large_enough_to_touch(as_person, cast, name):
    page = as_person(name, viewport=PHONE)
    small = {}
    for kind in walk(page, leave_out=OWN_ACCOUNT):
        found = page.evaluate(
            """[...document.querySelectorAll(`main .button, .topbar button, .topbar summary, main .tabs a, main select,
                main .field input:not([type=checkbox], [type=radio], [type=hidden]), main .check-answer`)]
               .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
               .map((e) => e.outerHTML.slice(0, 120))"""
        )
        if found:
            small[kind] = found[:3]
    assert small == {}


@pytest.mark.parametrize("path", ["/account/login/", "/account/login/code/", "/account/password/reset/"])
def test_pages_before_the_sign_in_have_no_barrier(window, path):
    page = window()
    page.goto(path)
    assert faults(page) == []


def test_error_pages_have_no_barrier(as_person, cast):
    page = as_person("fay")
    for path, status in (("/placements/999999/", 403), ("/editions/999999/", 404)):
        assert page.goto(path).status == status
        page.complaints.clear()  # the browser calls the status itself an error
        assert faults(page) == []


def test_the_walk_can_fail(window):
    page = window()
    page.goto("/account/login/")
    page.evaluate(
        """document.querySelector("main, body").insertAdjacentHTML("afterbegin",
           '<img src="/static/portal/icon.svg"><p class="vast">Words that nobody can read</p>')"""
    )
    page.locator(".vast").evaluate(
        "e => { e.style.width = '3000px'; e.style.color = '#eee'; e.style.background = '#fff' }"
    )
    rules = {found[2] for found in faults(page)}
    assert {"image-alt", "color-contrast"} <= rules
    assert "wider than the screen by" in {found[1] for found in faults(page)}
