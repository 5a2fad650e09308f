"""Grants and their targets: recorded by the programme, read by the funder whose they are, and by nobody else."""

import re
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


# --- changed, closed, and what was said before -------------------------------------------------------------------------


def target_of(cast, grant, **more):
    with cast.acting("ines"):
        return GrantTarget.objects.create(
            pilot_id=grant.pilot_id, organisation_id=grant.organisation_id, grant=grant,
            **({"figure": "departed", "value": 60, "by_on": date(2026, 12, 31)} | more),
        )  # fmt: skip


def test_a_grant_is_set_right_and_what_it_said_before_is_shown(cast, sign_in):
    grant, client = given(cast), sign_in("ines")
    address = f"/pilots/verde/grants/{grant.pk}/"
    seen = {"seen": re.search(r'name="seen" value="([^"]+)"', client.get(address).content.decode())[1]}
    assert client.post(address, GOOD | seen | {"amount": "-1"}).status_code == 422
    assert client.post(address, GOOD | seen | {"amount": "300000", "name": "Renamed"}).status_code == 303
    late = client.post(address, GOOD | seen | {"name": "Another name"})
    assert late.status_code == 409
    assert "Theirs: Renamed" in late.content.decode()
    page = client.get(address).content.decode()
    assert "Renamed" in page
    assert "250000.00" in page
    assert "First grant" in page


def test_a_grant_is_closed_with_a_reason_and_opened_again(cast, sign_in):
    grant, client = given(cast), sign_in("ines")
    address = f"/pilots/verde/grants/{grant.pk}/closings/"

    def seen():
        page = client.get(f"/pilots/verde/grants/{grant.pk}/").content.decode()
        return {"seen": re.findall(r'name="seen" value="([^"]+)"', page)[1]}

    at_first = seen()
    for wrong, words in (
        ({"closed_on": "2026-05-01"}, "Say why it was closed"),
        ({"closed_reason": "x"}, "Say on which day"),
        ({"closed_on": "2025-05-01", "closed_reason": "x"}, "on or after the day it begins"),
    ):
        answer = client.post(address, at_first | wrong)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert client.post(address, at_first | {"closed_on": "2026-05-01", "closed_reason": "Spent."}).status_code == 303
    with cast.acting("ines"):
        assert Grant.objects.get().last_day == date(2026, 5, 1)
    assert "Spent." in client.get(f"/pilots/verde/grants/{grant.pk}/").content.decode()
    late = client.post(address, at_first | {"closed_on": "2026-06-01", "closed_reason": "Ended."})
    assert late.status_code == 409
    assert "Theirs: Spent." in late.content.decode(), "who closes it again is asked, and overwrites nothing"
    assert client.post(address, seen()).status_code == 303
    with cast.acting("ines"):
        assert Grant.objects.get().closed_on is None


def test_a_changed_target_keeps_what_was_agreed_and_reports_hold_the_one_of_their_day(cast, sign_in):
    from datetime import UTC, datetime

    from accounts.scope import acting_as, compiler_scope
    from reports.compiling import Order
    from reports.spanning import aims_of

    grant = given(cast)
    target, client = target_of(cast, grant), sign_in("ines")
    address = f"/pilots/verde/grants/{grant.pk}/targets/{target.pk}/"
    early = client.post(address, {"on": "2025-07-01", "value": "40", "reason": "Fewer places."})
    assert early.status_code == 422
    assert client.post(address, {"on": "2026-07-01", "value": "40", "reason": "Fewer places."}).status_code == 303
    assert client.get(address).status_code == 404  # it is a target no more
    assert "Fewer places." in client.get(f"/pilots/verde/grants/{grant.pk}/targets/").content.decode()

    def aims(last: date):
        funder = grant.organisation_id
        order = Order("funder", grant.pilot_id, funder, date(2026, 1, 1), last, datetime(2030, 1, 1, tzinfo=UTC))
        with acting_as(compiler_scope(cast.scope("fay"), (grant.pilot_id,))):
            return [int(aim.value) for aim in aims_of(order)]

    assert aims(date(2026, 6, 30)) == [60]
    assert aims(date(2026, 7, 1)) == [40]
    with cast.acting("ines"):
        Grant.objects.update(closed_on=date(2026, 2, 1), closed_reason="Spent.")
    assert aims(date(2026, 7, 1)) == [40]
    with cast.acting("ines"):
        second = GrantTarget.objects.get(ended_on__isnull=True)
    assert (
        client.post(
            f"/pilots/verde/grants/{grant.pk}/targets/{second.pk}/", {"on": "2026-08-01", "reason": "Dropped."}
        ).status_code
        == 303
    )
    assert aims(date(2026, 9, 1)) == []
