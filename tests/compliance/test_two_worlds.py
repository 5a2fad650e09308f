"""The same world with and without a restricted case: nobody but its readers can tell the two apart.

Every page of the access table that the person may open is fetched twice before and once after; what differs between
the first two (tokens, keys of forms) is noise, and nothing else may differ.
"""

import re

import pytest
from django.urls import NoReverseMatch, reverse

from tests.guards.test_access import _value, pages

pytestmark = pytest.mark.django_db
NOISE = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|"?X-CSRFToken"?[^,}>]*|name="key" value="[^"]*"|nonce="[^"]*"'
)


def addresses(cast, person: str) -> list[str]:
    """Every page of the access table that this person may open by GET."""
    found = ["/"]
    for page in pages():
        name, arguments, expected = page[:3]
        if len(page) > 3 or expected.get(person) != 200:
            continue
        try:
            found.append(reverse(name, kwargs={k: _value(cast, v) for k, v in arguments.items()}))
        except NoReverseMatch:
            continue
    return list(dict.fromkeys(found))


def world(client, urls: list[str]) -> dict[str, bytes]:
    """address → the page without its noise."""
    return {url: NOISE.sub(b"", client.get(url).content) for url in urls}


def play_a_case(cast, rosa, lena) -> str:
    """Rosa opens a case about IH-001, Lena reads it, it is added to and closed: all through the pages."""
    data = {
        "placement": cast.placement("IH-001").pk, "category": "sexual violence", "account": "CANARY-account",
        "wishes": "CANARY-wish", "readers": [cast.user("lena").pk], "safe_now": "no",
    }  # fmt: skip
    cover = rosa.post(reverse("compliance:cases"), data)["Location"]
    assert lena.post(cover + "readings/").status_code == 200
    assert rosa.post(cover + "entries/", {"text": "CANARY-entry"}).status_code == 303
    assert rosa.post(cover + "closings/", {"text": "CANARY-end", "agreed": "on", "revision": 1}).status_code == 303
    return cover.strip("/").split("/")[-1]


@pytest.mark.parametrize("person", ["omar", "sefo", "ines", "mara", "fay", "kofi", "nell", "tavi", "olga"])
def test_with_and_without_the_case_every_page_is_the_same_to_the_byte(cast, sign_in, person):
    client, rosa, lena = sign_in(person), sign_in("rosa"), sign_in("lena")
    urls = addresses(cast, person)
    first, before = world(client, urls), world(client, urls)
    steady = [url for url in urls if first[url] == before[url]]
    assert len(steady) > 2
    code = play_a_case(cast, rosa, lena)
    after = world(client, urls)
    assert [url for url in steady if after[url] != before[url]] == []
    for page in after.values():
        assert b"CANARY" not in page
        assert code.encode() not in page


def test_this_test_can_fail(cast, sign_in):
    """A reader's own list does change."""
    client = sign_in("lena")
    urls = [reverse("compliance:cases")]
    before = world(client, urls)
    play_a_case(cast, sign_in("rosa"), client)
    assert world(client, urls) != before
