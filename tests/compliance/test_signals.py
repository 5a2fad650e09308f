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


def test_one_critical_finding_with_an_indicator_is_enough_and_a_major_one_is_not(cast, today):
    checked(cast, today, ["IH-002"], D16=Answered("no", shown_by="worker alone"))
    assert not any(kind == "indicators" and who == "IH-002" for kind, who, _n in seen(cast, today))
    checked(cast, today, ["IH-001"], D09=Answered("no", shown_by="worker alone"))
    assert any(kind == "indicators" and who == "IH-001" for kind, who, _n in seen(cast, today))


def slip(cast, code, start, days, hours):
    placement = cast.placement(code)
    with cast.acting("ines"):
        PayRecord.objects.create(
            pilot_id=placement.pilot_id, placement=placement, cohort_id=placement.cohort_id,
            employer_id=placement.employer_id, period_start=start, period_end=start + timedelta(days=days - 1),
            gross=Decimal(900), net=Decimal(800), currency="NZD", hours_offered=Decimal(hours),
            hours_worked=Decimal(hours),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "days", "after", "expected"),
    [
        ("59.99", 14, 14, {1}),  # comes to 119.98 of 120 hours in four weeks
        ("60", 14, 14, set()),
        ("10", 6, 10, set()),  # less than a week is paid: it says nothing yet
        ("20", 14, 27, {1}),
        ("20", 14, 28, set()),  # the next block has begun, and nothing is paid in it
        ("20", 28, 27, set()),  # the block is paid whole: that is for the rule to judge
    ],
)
def test_hours_at_risk_are_told_while_the_block_still_runs(cast, hours, days, after, expected):
    start = date(2026, 5, 4)
    slip(cast, "IH-001", start, days, hours)
    found = {n for kind, _site, n in seen(cast, start + timedelta(days=after)) if kind == "hours"}
    assert found == expected


def of_rule(cast, today, code, ends=0, placement="IH-001", **more):
    from compliance.models import Finding

    about = cast.placement(placement)
    row = {"placement_id": about.pk, "cohort_id": about.cohort_id} | more
    with cast.acting("rosa"):
        return Finding.objects.create(
            pilot_id=about.pilot_id, employer_id=about.employer_id, code=code, version="1", severity="major",
            source=f"{code}:{placement}:{ends}", opened_on=today, due_on=today,
            period_end=today - timedelta(days=ends), **row,
        )  # fmt: skip


@pytest.mark.parametrize("code", ["PAY-05", "PAY-04", "PAY-08", "DOC-01", "FEE-02"])
def test_what_a_rule_found_is_told_by_place_of_work_until_it_is_closed(cast, today, code):
    found = of_rule(cast, today, code)
    of_rule(cast, today, code, placement="IH-002")
    with cast.acting("rosa") as by:
        sign = next(s for s in signals(by, on=today) if s.item == code)
        assert (sign.kind, sign.site, sign.number) == ("rule", "Orchard Bay main", 2)
        assert sign.words.startswith("2 workers here")
        Finding = type(found)
        Finding.objects.filter(code=code).update(state="resolved", closed_on=today, remedy="Paid.")
        assert not any(s.item == code for s in signals(by, on=today))


def test_pay_under_the_floor_is_a_sign_for_four_weeks_and_crowding_is_counted_in_rooms(cast, today):
    of_rule(cast, today, "PAY-05", ends=29)
    assert not any(kind == "rule" for kind, _s, _n in seen(cast, today))
    of_rule(cast, today, "PAY-05", ends=28)
    site = cast.placement("IH-001").site_id
    of_rule(cast, today, "HOU-01", cohort_id=None, site_id=site, placement_id=None)
    assert {n for kind, _s, n in seen(cast, today) if kind == "rule"} == {1}


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
