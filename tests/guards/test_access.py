"""The walk over every address: described in the access table, and answering each of the cast as described.

A new address that nobody described fails; so does a line for an address that is gone.
"""

import importlib
import pkgutil

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import tests.access
from tests.screens.pages import needs_scripts

pytestmark = pytest.mark.django_db

# Addresses of libraries with rules of their own, and why they are not in the table.
LIBRARIES = {
    "admin": "the operators' admin: members get 302 to sign-in or 404 (tests/accounts/test_admin.py)",
    "account": "sign-in and one's own account, before any organisation is chosen",
}
LIBRARY_NAMES = ("account_", "mfa_", "usersessions_", "socialaccount_")
CAST = ("ines", "mara", "lena", "rosa", "sefo", "tavi", "omar", "olga", "kofi", "nell", "fay", "dana", "abel")


def names(patterns=None, prefix: str = "") -> set[str]:
    """Names of every address, through every include; an address without a name is named by its route."""
    found = set()
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found |= names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            found.add(f"{prefix}{pattern.name}" if pattern.name else f"{prefix}<{pattern.pattern}>")
    return found


def of_ours(found: set[str]) -> set[str]:
    """Without the addresses of libraries."""
    return {n for n in found if not n.startswith(LIBRARY_NAMES) and n.split(":")[0] not in LIBRARIES}


def modules() -> list:
    """The modules of the access table."""
    return [importlib.import_module(f"tests.access.{m.name}") for m in pkgutil.iter_modules(tests.access.__path__)]


def pages() -> list[tuple]:
    """All lines of the access table."""
    return [page for module in modules() for page in module.PAGES]


def test_every_address_is_described_and_every_description_has_an_address():
    described = {page[0] for page in pages()}
    exist = of_ours(names())
    assert exist - described == set(), "describe these in tests/access/"
    assert described - exist == set(), "these addresses are gone"


def test_the_walk_can_fail():
    from django.urls import include, path

    nested = [path("x/", include(([path("y/", lambda r: None, name="secret")], "new"), namespace="new"))]
    assert of_ours(names(nested)) == {"new:secret"}


def _value(cast, text):
    if not isinstance(text, str) or "=" not in text:
        return text
    kind, key = text.split("=", 1)
    known = {
        "placement": lambda c, k: c.placement(k).pk,
        "person": lambda c, k: c.placement(k).person_id,
        "cohort": lambda c, k: c.cohort(k).pk,
        "pilot": lambda c, k: c.pilot(k).slug,
        "pilot_id": lambda c, k: c.pilot(k).pk,
        "job_order": lambda c, k: c.job_order(k).pk,
        "organisation": lambda c, k: c.organisation(k).pk,
        "user": lambda c, k: c.user(k).pk,
    }
    for module in modules():
        known |= getattr(module, "RESOLVE", {})
    return known[kind](cast, key)


def address(cast, page: tuple) -> str:
    """The address of a line of the table; what it names is made where it must be."""
    return reverse(page[0], kwargs={k: _value(cast, v) for k, v in page[1].items()})


@pytest.mark.parametrize("page", pages(), ids=lambda p: f"{p[0]}-{'-'.join(map(str, p[1].values()))}")
def test_each_of_the_cast_gets_what_the_table_says(cast, sign_in, client, page):
    expected = page[2]
    method = page[3] if len(page) > 3 else "get"
    url = address(cast, page)
    # One visitor's page is read for what it does without scripts; the page of components shows parts without their page.
    wrong, seen = {}, False
    for person, status in expected.items():
        visitor = client if person == "nobody" else sign_in(person)
        answer = getattr(visitor, method)(url)
        if answer.status_code != status:
            wrong[person] = (answer.status_code, "expected", status)
        elif status == 200 and not seen and page[0] != "styleguide" and "html" in answer["Content-Type"]:
            seen = True
            assert needs_scripts(answer.content.decode()) == [], f"{url} does this by a script alone"
    assert wrong == {}, url
