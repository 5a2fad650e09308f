"""Whatever stands in an address or a form, no page breaks: it refuses, ignores, or answers that there is nothing.

The walk goes by the access table, so a new page is walked too. Which parameters a page reads is not listed anywhere: the
test watches what the page asks for, and asks again with what nobody would type.
"""

from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tests.guards.test_access import _value, pages

pytestmark = pytest.mark.django_db

GARBAGE = {
    "nul": "a%00b", "beyond bigint": "9" * 25, "beyond every number": "9" * 5000, "negative": "-" + "9" * 25,
    "no text": "%ff%fe%ed%a0%80", "long": "x" * 3000, "a mark": "9~9999-12-31~" + "9" * 25, "last day": "9999-12-31",
    "first day": "0001-01-01", "superscript": quote("²"), "not a number": "NaN", "exponent": "1e400",
}  # fmt: skip
OF_PATHS = {name: GARBAGE[name] for name in ("nul", "beyond bigint", "beyond every number", "no text")}
OF_FORMS = {name: GARBAGE[name] for name in ("nul", "beyond bigint", "no text", "last day", "superscript", "exponent")}
# Each by itself as well: where all are wrong at once, the first one ends it.
ALONE = ("beyond bigint", "superscript")
MARK = 987654321012345678


@pytest.fixture
def asked(monkeypatch):
    """The names that pages ask their parameters for, as they ask."""
    seen = set()
    for method in ("get", "__getitem__", "getlist", "__contains__"):
        real = getattr(QueryDict, method)

        def watched(self, key, *more, _real=real, **named):
            if isinstance(key, str):
                seen.add(key)
            return _real(self, key, *more, **named)

        monkeypatch.setattr(QueryDict, method, watched)
    return seen


def _visitors(expected: dict) -> list[str]:
    """Somebody whom the table lets in; else the first it names."""
    welcome = [person for person, status in expected.items() if status in (200, 303, 422)]
    return (welcome or list(expected))[:1]


def _lines(method: str) -> list[tuple]:
    """The first line of each address for this method."""
    first = {}
    for page in pages():
        if (page[3] if len(page) > 3 else "get") == method:
            first.setdefault(page[0], page)
    return list(first.values())


def _visitor(sign_in, client, person: str) -> Client:
    visitor = client if person == "nobody" else sign_in(person)
    visitor.raise_request_exception = False
    return visitor


def _ids(page: tuple) -> str:
    return page[0]


@pytest.mark.parametrize("page", _lines("get"), ids=_ids)
def test_no_parameter_of_a_page_breaks_it(cast, sign_in, client, asked, page):
    name, arguments, expected = page[:3]
    url = reverse(name, kwargs={k: _value(cast, v) for k, v in arguments.items()})
    broken, tried = {}, set()
    for person in _visitors(expected):
        visitor = _visitor(sign_in, client, person)
        asked.clear()
        visitor.get(url)
        while names := asked - tried:
            tried |= names
            for parameter in names:
                for kind, value in GARBAGE.items():
                    answer = visitor.get(f"{url}?{quote(parameter)}={value}")
                    if answer.status_code >= 500:
                        broken[parameter, kind] = answer.status_code
    assert broken == {}


@pytest.mark.parametrize("page", _lines("post"), ids=_ids)
def test_no_field_of_a_form_breaks_it(cast, sign_in, client, asked, page):
    name, arguments, expected = page[:3]
    url = reverse(name, kwargs={k: _value(cast, v) for k, v in arguments.items()})
    broken, tried = {}, set()
    urlencoded = "application/x-www-form-urlencoded"
    for person in _visitors(expected):
        visitor = _visitor(sign_in, client, person)
        asked.clear()
        visitor.post(url)
        while names := asked - tried - {"csrfmiddlewaretoken"}:
            tried |= names
            for kind, value in OF_FORMS.items():
                bodies = [(parameter, f"{quote(parameter)}={value}") for parameter in names]
                every = [("all", "&".join(body for _name, body in bodies))]
                bodies = bodies + every if kind in ALONE else every
                for parameter, body in bodies:
                    answer = visitor.post(url, body, content_type=urlencoded)
                    if answer.status_code >= 500:
                        broken[parameter, kind] = answer.status_code
    assert broken == {}


@pytest.mark.parametrize("page", _lines("get") + _lines("post"), ids=lambda p: "-".join([p[0], *p[3:]]))
def test_no_piece_of_an_address_breaks_it(cast, sign_in, client, page):
    name, arguments, expected = page[:3]
    if not arguments:
        return
    broken = {}
    real = {k: _value(cast, v) for k, v in arguments.items()}
    for person in _visitors(expected):
        visitor = _visitor(sign_in, client, person)
        for key in real:
            marked = reverse(name, kwargs=real | {key: MARK if isinstance(real[key], int) else str(MARK)})
            for kind, value in OF_PATHS.items():
                answer = getattr(visitor, page[3] if len(page) > 3 else "get")(marked.replace(str(MARK), value))
                if answer.status_code >= 500:
                    broken[key, kind] = answer.status_code
    assert broken == {}


def test_the_walk_sees_what_a_page_asks_for(client, asked):
    client.get(reverse("compliance:concern"))
    assert "at" in asked
