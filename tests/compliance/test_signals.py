"""Early signs: found in the facts, counted by worker or by place of work, and only in the reader's sight."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from compliance.checking import Answered, record_check
from compliance.signals import signals
from workers.journey.door import move
from workers.models import PayRecord, Placement

pytestmark = pytest.mark.django_db


def seen(cast, on, name="rosa"):
    with cast.acting(name) as by:
        return {(s.kind, s.worker_code or s.site, s.number) for s in signals(by, on=on)}


def paid(cast, code, *nets):
    placement = cast.placement(code)
    with cast.acting("ines"):
        for week, net in enumerate(nets):
            start = date(2026, 5, 4) + timedelta(weeks=week)
            PayRecord.objects.create(
                pilot_id=placement.pilot_id, placement=placement, cohort_id=placement.cohort_id,
                employer_id=placement.employer_id, period_start=start, period_end=start + timedelta(days=6),
                gross=Decimal(net) + 100, net=Decimal(net), currency="NZD",
            )  # fmt: skip


def checked(cast, today, codes, **answers):
    ids = [cast.placement(code).pk for code in codes]
    with cast.acting("rosa") as by:
        return record_check(ids, "employment", answers, by=by, done_on=today, today=today)


def test_silence_is_told_after_21_days_without_a_contact(cast, today):
    assert ("silence", "Orchard Bay main", 2) in seen(cast, today)
    checked(cast, today, ["IH-001"], D27=Answered("yes", shown_by="worker alone"))
    assert ("silence", "Orchard Bay main", 1) in seen(cast, today + timedelta(days=21))
    assert ("silence", "Orchard Bay main", 2) in seen(cast, today + timedelta(days=22))


@pytest.mark.parametrize(
    ("nets", "expected"), [((700, 700, 490), {30}), ((700, 700, 500), set()), ((700, 300), set()), ((0, 0, 0), set())]
)
def test_falling_pay_is_told_from_30_percent_under_the_workers_own_average(cast, today, nets, expected):
    paid(cast, "IH-001", *nets)
    assert {n for kind, who, n in seen(cast, today) if kind == "pay" and who == "IH-001"} == expected


def test_two_indicators_of_one_worker_are_told(cast, today):
    checked(cast, today, ["IH-001"], D09=Answered("no", shown_by="worker alone"))
    before = {n for kind, _w, n in seen(cast, today) if kind == "indicators"}
    checked(cast, today, ["IH-001"], D08=Answered("no", shown_by="worker alone"))
    after = {n for kind, _w, n in seen(cast, today) if kind == "indicators"}
    assert max(after) > max(before or {1})


def test_the_same_failure_of_three_workers_at_one_site_is_told_once_for_the_site(cast, today):
    from tests.cast import placements

    placements(cast, "sefo", "V1", "IH", [("working", "Picking apples")])
    codes = ["IH-001", "IH-002", "IH-006"]
    checked(cast, today, codes[:2], D17=Answered("no", shown_by="worker alone"))
    assert not any(kind == "same answer" for kind, _w, _n in seen(cast, today))
    checked(cast, today, codes[2:], D17=Answered("no", shown_by="worker alone"))
    assert ("same answer", "Orchard Bay main", 3) in seen(cast, today)
    assert not any(kind == "same answer" for kind, _w, _n in seen(cast, today + timedelta(days=31)))


def test_two_who_leave_one_site_are_told(cast, today):
    with cast.acting("ines") as by:
        rows = Placement.objects.filter(pk__in=[cast.placement(c).pk for c in ("IH-001", "IH-002")])
    with cast.acting("ines") as by:
        assert len(move(rows, "disengage", by=by, at=today, today=today, reason="not_known").moved) == 2
    assert ("leaving", "Orchard Bay main", 2) in seen(cast, today)


def test_what_was_told_in_confidence_gives_officers_no_sign(cast, today):
    checked(cast, today, ["IH-001"], D09=Answered("no", shown_by="worker alone"))
    before = seen(cast, today, "ines")
    with cast.acting("rosa") as by:
        record_check(
            cast.placement("IH-001").pk, "employment", {"D11": Answered("yes", shown_by="worker alone")}, by=by,
            done_on=today, today=today, told=True,
        )  # fmt: skip
    assert seen(cast, today, "ines") == before
    assert seen(cast, today, "dana") == set()


def test_the_page_of_checks_shows_the_signs_and_says_what_they_are(cast, sign_in):
    page = sign_in("rosa").get(reverse("compliance:checks")).content.decode()
    assert "Early signs" in page
    assert "None is a verdict" in page
