"""The same world with and without a restricted case: nobody but its readers can tell the two apart.

Every page of the access table that the person may open is fetched before and after. Tokens and keys of forms are noise,
and so is a page that differs from itself a moment later; nothing else may differ.
"""

import re
from decimal import Decimal

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


def changed(client, before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """Addresses whose pages tell the two worlds apart; a page that differs from itself a moment later tells nothing."""
    other = [url for url in before if after[url] != before[url]]
    again = world(client, other)
    return [url for url in other if again[url] == after[url]]


def play_a_case(cast, rosa, lena) -> str:
    """Rosa opens a case about IH-001, Lena reads it, it is added to and closed: all through the pages."""
    data = {
        "placement": cast.placement("IH-001").pk, "category": "sexual violence", "account": "CANARY-account", "told": "yes",
        "wishes": "CANARY-wish", "readers": [cast.user("lena").pk], "safe_now": "no", "limits_told": "on",
        "channel": "in person",
    }  # fmt: skip
    filed = rosa.post(reverse("compliance:cases"), data)
    code = re.search(rb"C-[0-9A-Z]{7}", filed.content)[0].decode()
    cover = reverse("compliance:case", args=[code])
    assert lena.post(cover + "readings/").status_code == 200
    assert rosa.post(cover + "notes/", {"text": "CANARY-entry"}).status_code == 303
    end = {"move": "close", "text": "CANARY-end", "satisfaction": "satisfied", "agreed_to_close": "on", "revision": 2}
    assert rosa.post(cover + "moves/", end).status_code == 303
    return code


@pytest.mark.parametrize("person", ["omar", "sefo", "ines", "mara", "fay", "kofi", "nell", "tavi", "olga"])
def test_with_and_without_the_case_every_page_is_the_same_to_the_byte(cast, sign_in, person):
    client, rosa, lena = sign_in(person), sign_in("rosa"), sign_in("lena")
    before = world(client, addresses(cast, person))
    assert len(before) > 2
    code = play_a_case(cast, rosa, lena)
    after = world(client, list(before))
    assert changed(client, before, after) == []
    for page in after.values():
        assert b"CANARY" not in page
        assert code.encode() not in page


@pytest.mark.parametrize("person", ["omar", "olga", "sefo", "fay", "kofi", "nell"])
def test_what_was_told_in_confidence_changes_no_page_of_employer_recruiter_funder_and_government(cast, sign_in, person):
    client, rosa = sign_in(person), sign_in("rosa")
    before = world(client, addresses(cast, person))
    data = {
        "done_on": "2026-07-01", "mode": "in person", "stage": "employment", "key": "t" * 32, "D11": "yes",
        "D11-by": "worker alone", "D11-note": "CANARY-told",
    }  # fmt: skip
    told = reverse("compliance:told", args=[cast.placement("IH-001").pk])
    assert rosa.post(told, data).status_code == 303
    after = world(client, list(before))
    assert changed(client, before, after) == []
    assert not any(b"CANARY" in page for page in after.values())


@pytest.mark.parametrize("person", ["omar", "ines", "fay"])
def test_mending_what_was_told_in_confidence_changes_no_page_of_employer_officer_and_funder(
    cast, sign_in, today, person
):
    """An action is put inside, done, returned, done and verified, and money is claimed, agreed and paid."""
    from compliance.checking import Answered, record_check
    from compliance.models import Finding
    from compliance.remedies import actions, ledger

    placement = cast.placement("IH-001").pk
    answers = {"D11": Answered("yes", shown_by="worker alone")}
    with cast.acting("rosa") as by:
        opened = record_check(placement, "employment", answers, by=by, done_on=today, today=today, told=True).opened
    client = sign_in(person)
    before = world(client, addresses(cast, person))
    owner = cast.organisation("harbour-welfare").pk
    with cast.acting("lena") as by:
        put = {"words": "CANARY-do", "owner_id": owner, "due_on": today}
        action = actions.put(opened, by=by, on=today, **put)[0]
        found = Finding.objects.get(pk=opened[0])
        ledger.record(found, "claimed", Decimal(40), currency="NZD", by=by, on=today, words="CANARY-claimed")
        ledger.record(found, "agreed", Decimal(40), currency="NZD", by=by, on=today, words="CANARY-agreed")
        ledger.record(found, "paid", Decimal(40), currency="NZD", by=by, on=today, words="CANARY-paid")
    for verdict in (actions.send_back, None):
        with cast.acting("rosa") as by:
            actions.report_done(action, by=by, on=today, words="CANARY-done")
        if verdict:
            with cast.acting("lena") as by:
                verdict(action, by=by, on=today, reason="CANARY-again")
    after = world(client, list(before))
    assert changed(client, before, after) == []
    assert not any(b"CANARY" in page for page in after.values())


@pytest.mark.parametrize("person", ["omar", "olga", "sefo", "tavi", "fay", "kofi", "nell"])
def test_a_payment_for_several_findings_changes_no_page_of_whoever_paid_and_of_other_partners(
    cast, sign_in, today, person
):
    """It is recorded, withdrawn, recorded again and verified: they see the same pages before and after."""
    from compliance.remedies import settlements
    from tests.compliance.test_remedy_ledger import enter, opened

    owed = [opened(cast, today, code) for code in ("IH-001", "IH-002")]
    for found in owed:
        enter(cast, found, "claimed", "40", today, words="CANARY-claimed")
    client = sign_in(person)
    before = world(client, addresses(cast, person))
    for end in (settlements.withdraw, settlements.verify):
        with cast.acting("ines") as by:
            made = settlements.record(
                {f.pk: Decimal(40) for f in owed}, debtor_id=cast.organisation("orchard-bay").pk, amount=Decimal(90),
                currency="NZD", agrees=True, reference="CANARY-reference", words="CANARY-bank", by=by, on=today, today=today,
            )  # fmt: skip
        with cast.acting("rosa") as by:
            end(made, by=by, on=today, words="CANARY-end")
    after = world(client, list(before))
    assert changed(client, before, after) == []
    assert not any(b"CANARY" in page for page in after.values())


@pytest.mark.parametrize("person", ["omar", "sefo", "fay", "kofi", "nell"])
def test_a_finding_shows_on_no_page_of_theirs_but_as_a_hold_that_names_nothing(cast, sign_in, finding, person):
    client = sign_in(person)
    pages = world(client, addresses(cast, person))
    words = (
        b"CANARY",
        b"Is the passport still with the worker",
        b"D09",
        b"worker alone",
        b'href="/findings/',
        b'href="/checks/',
    )
    assert {url: word for url, page in pages.items() for word in words if word in page} == {}


def test_this_test_can_fail(cast, sign_in):
    """A reader's own list does change."""
    client = sign_in("lena")
    urls = [reverse("compliance:cases")]
    before = world(client, urls)
    play_a_case(cast, sign_in("rosa"), client)
    assert world(client, urls) != before
