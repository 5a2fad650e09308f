"""Nobody is shut out: every page a role can reach, in both schemes, at a desk and on a phone, against WCAG 2.2 AA."""

import pytest

from tests import cast as cast_module
from tests.browser.chromium import PHONE
from tests.browser.examining import Examined
from tests.browser.lived_in import live
from tests.browser.walking import walk
from tests.conftest import start_over

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("world")]

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


# Who works on the phone finds everything large enough to touch.
ON_THE_PHONE = ("rosa", "sefo")
SMALL = """[...document.querySelectorAll(`main .button, .topbar button, .topbar summary, main .tabs a, main select,
    main .field input:not([type=checkbox], [type=radio], [type=hidden]), main .check-answer`)]
   .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
   .map(e => e.outerHTML.slice(0, 120))"""


def too_small(page) -> list:
    """What one cannot touch well on the open page, on the phone."""
    page.set_viewport_size(PHONE)
    return page.evaluate(SMALL)[:3]


@pytest.mark.parametrize("name", WAYS)
def test_no_page_of_a_role_has_a_barrier(as_person, cast, examined, name):
    page = as_person(name, touch=name in ON_THE_PHONE)
    wrong, small, seen = {}, {}, set()
    for kind in walk(page, leave_out=() if name == "ines" else OWN_ACCOUNT):
        seen.add(kind)
        if found := examined.faults(page):
            wrong[f"{kind} {page.url}"] = found
        if name in ON_THE_PHONE and not kind.startswith(OWN_ACCOUNT) and (found := too_small(page)):
            small[kind] = found
    assert wrong == {}
    assert small == {}
    assert WAYS[name] | {"home"} <= seen


@pytest.mark.parametrize("path", ["/account/login/", "/account/login/code/", "/account/password/reset/"])
def test_pages_before_the_sign_in_have_no_barrier(window, examined, path):
    page = window()
    page.goto(path)
    assert examined.faults(page) == []


def test_error_pages_have_no_barrier(as_person, cast, examined):
    page = as_person("fay")
    for path, status in (("/placements/999999/", 403), ("/editions/999999/", 404)):
        assert page.goto(path).status == status
        page.complaints.clear()  # the browser calls the status itself an error
        assert examined.faults(page) == []


def test_the_walk_can_fail(window, examined):
    page = window()
    page.goto("/account/login/")
    assert examined.faults(page) == []
    page.evaluate(
        """document.querySelector("main, body").insertAdjacentHTML("afterbegin",
           '<img src="/static/portal/icon.svg"><p class="vast">Words that nobody can read</p>')"""
    )
    page.locator(".vast").evaluate(
        "e => { e.style.width = '3000px'; e.style.color = '#eee'; e.style.background = '#fff' }"
    )
    rules = {found[2] for found in examined.faults(page)}
    assert {"image-alt", "color-contrast"} <= rules
    assert "wider than the screen by" in {found[1] for found in examined.faults(page)}


@pytest.mark.parametrize(
    ("rule", "spoilt"),
    [
        ("label", "document.querySelector('label[for]').textContent = ''"),
        ("button-name", "document.querySelector('main button').textContent = ''"),
        ("link-name", "document.querySelector('main a[href]').textContent = ''"),
        ("aria-roles", "document.querySelector('main button').setAttribute('role', 'nothing')"),
        ("html-has-lang", "document.documentElement.removeAttribute('lang')"),
        ("document-title", "document.title = ''"),
    ],
)
def test_what_is_spoilt_in_a_page_that_is_known_is_found(window, rule, spoilt):
    page, examined = window(), Examined()
    page.goto("/account/login/")
    assert examined.faults(page) == []
    page.evaluate(spoilt)
    assert rule in {found[2] for found in examined.faults(page)}
