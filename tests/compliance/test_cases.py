"""Restricted cases: only the named readers know of them, nobody of an organisation concerned ever reads one."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import Membership
from accounts.scope import acting_as
from compliance.cases import Changed, change, close, open_case, possible_readers, reopen, visible_cases
from compliance.models import CaseEntry, Finding, RestrictedCase
from tests.compliance.test_two_worlds import NOISE
from workers.models import Hold

pytestmark = pytest.mark.django_db
ON = date(2026, 7, 1)


@pytest.fixture
def case(cast):
    """Rosa opens a case about IH-001 and names Lena."""
    placement = cast.placement("IH-001")
    lena = cast.user("lena").pk
    with cast.acting("rosa") as by:
        return open_case(
            by=by, on=ON, pilot_id=placement.pilot_id, placement=placement, category="threats",
            account="CANARY-account", wishes="CANARY-wish", reader_ids=[lena], safe_now=False,
        )  # fmt: skip


def url(case, name="case"):
    return reverse(f"compliance:{name}", args=[case.code])


def test_a_case_has_a_random_code_its_readers_and_the_organisations_it_is_about(cast, case):
    assert case.code.startswith("C-")
    assert len(case.code) == 7
    assert case.reader_ids == sorted([cast.user("rosa").pk, cast.user("lena").pk])
    assert set(case.concerned_ids) == {cast.organisation("orchard-bay").pk, cast.organisation("island-hands").pk}


def test_a_case_moves_nothing_holds_nothing_and_opens_no_finding(cast, case):
    with cast.acting("lena"):
        assert not Finding.objects.exists()
        assert not Hold.objects.exists()


def test_only_the_named_readers_see_it_even_in_sql(cast, case):
    second_officer(cast, "zed", "harbour-welfare", "welfare_officer")
    for name, sees in (("rosa", True), ("lena", True), ("zed", False)):
        with cast.acting(name):
            assert RestrictedCase.objects.exists() is sees, name
            assert CaseEntry.objects.exists() is sees, name
    for name in ("ines", "mara", "omar", "sefo", "fay", "kofi", "dana"):
        with cast.acting(name), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            RestrictedCase.objects.count()


def second_officer(cast, name, organisation, role):
    with acting_as(None):
        return Membership.objects.create(user=cast.user(name), organisation=cast.organisation(organisation), role=role)


def test_readers_are_of_the_own_organisation_or_safeguarding_leads_of_the_pilot(cast):
    pilot = cast.pilot().pk
    with cast.acting("rosa") as by:
        assert [r.name for r in possible_readers(pilot, [], by=by)] == ["Lena Verde", "Rosa Harbour"]
        assert possible_readers(cast.pilot("azul").pk, [], by=by) == []


def test_nobody_who_also_belongs_to_the_organisation_concerned_can_be_named(cast):
    orchard = cast.organisation("orchard-bay").pk
    second_officer(cast, "lena", "orchard-bay", "employer")
    placement, lena = cast.placement("IH-001"), cast.user("lena").pk
    with cast.acting("rosa") as by:
        assert [r.name for r in possible_readers(placement.pilot_id, [orchard], by=by)] == ["Rosa Harbour"]
        with pytest.raises(ValidationError, match="may not read"):
            open_case(
                by=by, on=ON, pilot_id=placement.pilot_id, placement=placement, category="threats", account="x",
                reader_ids=[lena],
            )  # fmt: skip


@pytest.mark.parametrize("name", ["omar", "ines", "sefo", "dana"])
def test_a_forged_reader_is_refused(cast, case, name):
    forged = cast.user(name).pk
    with cast.acting("rosa") as by, pytest.raises(ValidationError, match="may not read"):
        change(case, by=by, on=ON, reader_ids=[forged], safe_now=True, wishes="", consent_to_share=False)


def test_a_reader_who_joins_the_organisation_concerned_reads_no_more(cast, case, sign_in):
    assert sign_in("lena").get(url(case)).status_code == 200
    second_officer(cast, "lena", "orchard-bay", "employer")
    with cast.acting("lena") as by:
        assert not visible_cases(by).exists()
    assert sign_in("lena").get(url(case)).status_code == 404


def test_the_account_opens_by_a_click_and_every_reader_sees_who_read(cast, case, sign_in):
    cover = sign_in("lena").get(url(case)).content.decode()
    assert "CANARY" not in cover
    assert "IH-001" not in cover
    opened = sign_in("lena").post(url(case, "readings"))
    assert b"CANARY-account" in opened.content
    assert "Lena Verde" in sign_in("rosa").get(url(case)).content.decode()
    with cast.acting("rosa"):
        assert list(case.entries.values_list("kind", "who")) == [("opened", "Rosa Harbour"), ("read", "Lena Verde")]


@pytest.mark.parametrize("name", ["case_entries", "case_changes", "case_closings"])
def test_a_refused_form_does_not_open_the_account_by_the_back_door(cast, case, sign_in, name):
    answer = sign_in("lena").post(url(case, name), {})
    assert answer.status_code == 422
    assert b"CANARY" not in answer.content


def test_what_happens_is_added_and_never_rewritten(cast, case, sign_in):
    assert sign_in("rosa").post(url(case, "case_entries"), {"text": "Moved to a safe house."}).status_code == 303
    assert b"Moved to a safe house." in sign_in("lena").post(url(case, "readings")).content
    with cast.acting("rosa"), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        CaseEntry.objects.update(text="")


def test_a_case_is_closed_only_when_the_person_agrees(cast, case, sign_in):
    client, data = sign_in("rosa"), {"text": "Went home, follow-up offered.", "revision": 1}
    assert client.post(url(case, "case_closings"), data).status_code == 422
    assert client.post(url(case, "case_closings"), data | {"agreed": "on"}).status_code == 303
    with cast.acting("lena") as by:
        closed = visible_cases(by).get()
        assert closed.state == "closed"
        reopen(closed, by=by, on=ON, text="The person called again.")
        assert visible_cases(by).get().state == "open"


def test_of_two_readers_at_once_one_wins(cast, case, sign_in):
    with cast.acting("lena") as by:
        close(visible_cases(by).get(), by=by, on=ON, agreed=True, text="done")
    with cast.acting("rosa") as by, pytest.raises(Changed):
        close(case, by=by, on=ON, agreed=True, text="done")
    answer = sign_in("rosa").post(url(case, "case_closings"), {"agreed": "on", "text": "x", "revision": 1})
    assert answer.status_code == 409


def test_a_case_is_opened_on_its_page_with_the_readers_chosen(cast, sign_in):
    client = sign_in("rosa")
    placement = cast.placement("IH-001").pk
    page = client.get(reverse("compliance:case_new"), {"placement": placement}).content.decode()
    assert "Lena Verde, Fair Passage" in page
    assert "Omar" not in page
    data = {"placement": placement, "category": "violence", "account": "CANARY", "readers": [cast.user("lena").pk]}
    answer = client.post(reverse("compliance:cases"), data)
    assert answer.status_code == 303
    with cast.acting("lena") as by:
        made = visible_cases(by).get()
        assert answer["Location"] == url(made)
    listed = sign_in("lena").get(reverse("compliance:cases")).content.decode()
    assert made.code in listed
    assert "IH-001" not in listed


@pytest.mark.parametrize(
    "change",
    [{"account": ""}, {"category": ""}, {"readers": ["999999"]}, {"concerned": ["999999"]}],
    ids=["no account", "no subject", "unknown reader", "unknown organisation"],
)
def test_a_case_form_that_is_wrong_is_shown_again(cast, sign_in, change):
    data = {"placement": cast.placement("IH-001").pk, "category": "violence", "account": "kept words"} | change
    answer = sign_in("rosa").post(reverse("compliance:cases"), data)
    assert answer.status_code == 422
    with cast.acting("rosa"):
        assert not RestrictedCase.objects.exists()


def test_nobody_without_the_right_opens_a_case(cast):
    placement = cast.placement("IH-001")
    with cast.acting("ines") as by, pytest.raises(PermissionDenied):
        open_case(by=by, on=ON, pilot_id=placement.pilot_id, category="threats", account="x", reader_ids=[])
    with cast.acting("rosa") as by, pytest.raises(ValidationError, match="organisation"):
        open_case(
            by=by, on=ON, pilot_id=cast.pilot("azul").pk, category="threats", account="x", reader_ids=[],
        )  # fmt: skip


def test_other_officers_of_the_same_organisation_get_not_found_for_every_verb(cast, case, sign_in):
    second_officer(cast, "zed", "harbour-welfare", "welfare_officer")
    client = sign_in("zed")
    missing = client.get(reverse("compliance:case", args=["C-22222"]))
    found = client.get(url(case))
    assert (missing.status_code, found.status_code) == (404, 404)
    same = [NOISE.sub(b"", answer.content) for answer in (missing, found)]
    assert same[0].replace(b"C-22222", b"") == same[1].replace(case.code.encode(), b"")
    for name in ("readings", "case_entries", "case_changes", "case_closings", "case_reopenings"):
        assert client.post(url(case, name), {"text": "x", "revision": 1, "agreed": "on"}).status_code == 404
    assert case.code not in client.get(reverse("compliance:cases")).content.decode()
