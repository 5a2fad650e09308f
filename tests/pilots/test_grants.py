"""Grants and their targets: recorded by the programme, read by the funder whose they are, and by nobody else."""

from datetime import date

import pytest
from django.db import ProgrammingError, transaction

from pilots.models import Grant, GrantTarget

pytestmark = pytest.mark.django_db
GOOD = {
    "name": "First grant", "reference": "NF-1", "amount": "250000", "currency": "nzd", "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
}  # fmt: skip


def given(cast, **more):
    with cast.acting("ines"):
        return Grant.objects.create(
            pilot=cast.pilot(), organisation_id=cast.scope("fay").organisation_id, name="First grant", reference="NF-1",
            amount=250000, currency="NZD", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), **more,
        )  # fmt: skip


def test_a_grant_is_recorded_and_leads_to_its_targets(cast, sign_in):
    funder = cast.scope("fay").organisation_id
    answer = sign_in("ines").post("/pilots/verde/grants/", GOOD | {"organisation": funder})
    assert answer.status_code == 303
    with cast.acting("ines"):
        grant = Grant.objects.get()
    assert (grant.currency, grant.amount) == ("NZD", 250000)
    assert answer["Location"] == f"/pilots/verde/grants/{grant.pk}/targets/"
    page = sign_in("ines").get("/pilots/verde/grants/").content.decode()
    assert "NF-1" in page
    assert "No target yet." in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_on": "2025-12-31"}, "A grant ends after it begins."),
        ({"amount": "0"}, "An amount is above zero."),
        ({"currency": "N1"}, "three capital letters"),
    ],
)
def test_a_wrong_grant_is_explained(cast, sign_in, wrong, words):
    funder = cast.scope("fay").organisation_id
    answer = sign_in("ines").post("/pilots/verde/grants/", GOOD | {"organisation": funder} | wrong)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with cast.acting("ines"):
        assert not Grant.objects.exists()


def test_only_a_funder_that_takes_part_can_have_given_it(cast, sign_in):
    answer = sign_in("ines").post("/pilots/verde/grants/", GOOD | {"organisation": cast.scope("omar").organisation_id})
    assert answer.status_code == 422


def test_a_target_is_added_and_a_wrong_one_is_explained(cast, sign_in):
    grant = given(cast)
    client, url = sign_in("ines"), f"/pilots/verde/grants/{grant.pk}/targets/"
    assert client.post(url, {"figure": "completed", "value": "85", "by_on": "2026-12-31"}).status_code == 303
    for wrong, words in (
        ({"figure": "completed", "value": "120", "by_on": "2026-11-30"}, "at most 100 percent"),
        ({"figure": "completed", "value": "90", "by_on": "2026-12-31"}, "already has a target"),
        ({"figure": "income", "value": "3", "by_on": "2025-06-30"}, "on or after the day"),
    ):
        answer = client.post(url, wrong)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    with cast.acting("ines"):
        assert [str(row) for row in GrantTarget.objects.all()] == ["completed 85.00"]


def test_the_funder_reads_its_grants_and_nobody_outside_the_programme_does(cast):
    given(cast)
    with cast.acting("fay"):
        assert Grant.objects.count() == 1
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Grant.objects.update(amount=1)
    for name in ("kofi", "nell"):
        with cast.acting(name):
            assert not Grant.objects.exists()
    for name in ("omar", "sefo", "rosa"):
        with cast.acting(name), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Grant.objects.exists()


@pytest.mark.parametrize("name", ["rosa", "sefo", "omar", "fay"])
def test_nobody_else_records_a_grant(cast, sign_in, name):
    answer = sign_in(name).post("/pilots/verde/grants/", GOOD | {"organisation": cast.scope("fay").organisation_id})
    assert answer.status_code == 403


def test_a_stranger_does_not_find_the_grant(cast, sign_in):
    assert sign_in("dana").get(f"/pilots/verde/grants/{given(cast).pk}/targets/").status_code == 404
