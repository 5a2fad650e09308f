"""Nobody is shut out: every page a role can reach, in both schemes, at a desk and on a phone, against WCAG 2.2 AA."""

import pytest

from tests.browser.chromium import DESK, OVERFLOW, PHONE, barriers
from tests.browser.walking import walk

pytestmark = pytest.mark.browser

ROLES = ["ines", "mara", "lena", "rosa", "sefo", "omar", "kofi", "nell", "fay"]
OTHER = {"light": "dark", "dark": "light"}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def faults(page, scheme: str) -> list:
    """What is wrong with the open page: barriers in both schemes, words the browser said, width beyond the screen."""
    found = barriers(page)
    if (wider := page.evaluate(OVERFLOW)) > 0:
        found.append(("overflow", wider))
    page.emulate_media(color_scheme=OTHER[scheme])
    found += [("in the other scheme", *barrier) for barrier in barriers(page, **CONTRAST)]
    page.emulate_media(color_scheme=scheme)
    found += [("the browser said", said) for said in page.complaints]
    page.complaints.clear()
    return found


@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_no_page_of_a_role_has_a_barrier(as_person, name, viewport, scheme):
    page = as_person(name, viewport=viewport, scheme=scheme)
    wrong, seen = {}, []
    for kind in walk(page):
        seen.append(kind)
        if found := faults(page, scheme):
            wrong[f"{kind} {page.url}"] = found
    print(seen)
    assert wrong == {}
    assert {"home", "accounts:me"} <= set(seen)
