"""A worker's whole story: each reader their own part, everything in words, in few statements however much there is."""

import gzip
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.checking import Answered, record_check
from compliance.models import ContactAttempt
from compliance.story.contracts import versions
from compliance.story.telling import stories
from pilots.models import Site
from workers.models import (
    ContractVersion,
    CostItem,
    Debt,
    DeductionAgreement,
    HousingStay,
    Insurance,
    PayRecord,
    Placement,
    Room,
    RoomInspection,
    TrainingRecord,
    Travel,
)

pytestmark = pytest.mark.django_db
START = date(2026, 2, 15)
D = Decimal


def _about(placement, *names) -> dict:
    return {"placement": placement, "pilot_id": placement.pilot_id} | {n: getattr(placement, n) for n in names}


@pytest.fixture
def life(cast, today):
    """IH-001 with a whole life: contracts that got worse, pay with shortfalls, deductions, costs, papers, a room …"""
    p = cast.placement("IH-001")
    both = ("recruiter_id", "employer_id")
    with cast.acting("ines"):
        contract = {**_about(p, *both), "currency": "NZD", "guaranteed_hours": D(30), "guarantee_period": "week",
                    "language": "Tongan", "starts_on": START, "ends_on": date(2026, 8, 31)}  # fmt: skip
        ContractVersion.objects.create(**contract, kind="signed", signed_on=date(2026, 1, 5), hourly_rate=D("24.50"))
        ContractVersion.objects.create(
            **{**contract, "guaranteed_hours": D(24)},
            kind="arrival",
            signed_on=date(2026, 2, 16),
            hourly_rate=D("23.00"),
        )
        site = Site.objects.get(pk=p.site_id)
        room = Room.objects.create(
            pilot_id=p.pilot_id, site=site, employer_id=site.employer_id, name="4", address="1 Bay Rd"
        )
        RoomInspection.objects.create(
            pilot_id=p.pilot_id, room=room, employer_id=site.employer_id, inspected_on=date(2026, 3, 1), occupants=6,
            approved_maximum=4, area=D("18.5"), weekly_rent=D("150"), currency="NZD",
        )  # fmt: skip
        HousingStay.objects.create(**_about(p, "employer_id"), room=room, starts_on=START)
        Insurance.objects.create(**_about(p, *both), kind="medical", joined_on=START, ends_on=date(2026, 7, 20))
        Travel.objects.create(**_about(p, *both), direction="out", departs_on=date(2026, 2, 14), met_by="Rosa")
        TrainingRecord.objects.create(
            **_about(p, *both), course="Orchard safety", held_on=date(2026, 1, 20), passed=True
        )
        CostItem.objects.create(
            **_about(p, "cohort_id", *both), item="recruiter fee", amount=D(300), currency="TOP",
            paid_on=date(2025, 12, 1), paid_by="worker", paid_to="CANARY-broker",
        )  # fmt: skip
        Debt.objects.create(
            **_about(p), kind="loan", lender="money-lender", amount=D(1000), currency="TOP", taken_on=date(2025, 12, 1),
            security="the plantation",
        )  # fmt: skip
        DeductionAgreement.objects.create(
            **_about(p, *both), item="Airfare", agreed_total=D(100), per_period=D(60), currency="NZD", starts_on=START,
            consent_on=START,
        )  # fmt: skip
    with cast.acting("omar"):
        pay(p, 4)
    with cast.acting("rosa") as by:
        record_check(p.pk, "employment", {"D02": Answered("no", shown_by="document", evidence="seen in the office"),
                     "D09": Answered("yes")}, by=by, done_on=date(2026, 6, 1), today=today)  # fmt: skip
        record_check(p.pk, "employment", {"D11": Answered("yes", shown_by="worker alone", note="CANARY-told")}, by=by,
                     done_on=date(2026, 6, 2), today=today, told=True)  # fmt: skip
        ContactAttempt.objects.create(
            **_about(p), stage="employment", due_on=date(2026, 6, 15), tried_on=date(2026, 6, 16), reason="no answer",
            user_id=by.user_id, organisation_id=by.organisation_id,
        )  # fmt: skip
    return p


def pay(placement, periods: int, first: int = 0) -> None:
    """Fortnights of pay, the second of each four short, with airfare and a fine taken off."""
    PayRecord.objects.bulk_create(
        PayRecord(
            **_about(placement, "cohort_id", "recruiter_id", "employer_id"),
            period_start=START + timedelta(days=14 * n), period_end=START + timedelta(days=14 * n + 13),
            paid_on=START + timedelta(days=14 * n + 16), hours_worked=D(80), gross=D(900) if n % 4 == 1 else D(1960),
            tax=D(200), deductions=D(80), items={"airfare": "60.00", "Fine": "20.00"}, net=D(620), currency="NZD",
        )
        for n in range(first, first + periods)
    )  # fmt: skip


AROUND = Placement.objects.select_related(
    "person", "state", "cohort", "pilot", "employer", "recruiter", "site", "job_order"
)


def story_of(cast, name, placement, today):
    with cast.acting(name) as by:
        return stories(list(AROUND.filter(pk=placement.pk)), by=by, today=today)[0]


def page(sign_in, name, placement):
    return sign_in(name).get(reverse("compliance:placement_story", args=[placement.pk]))


def test_the_story_is_told_in_words_and_sums(cast, life, today):
    season = story_of(cast, "rosa", life, today)
    assert season.glance.open == 2
    assert season.glance.seen_on == date(2026, 6, 2)
    assert season.glance.tried == 1
    assert (season.glance.ends.name, season.glance.ends.soon) == ("Insured: medical", True)
    assert (len(season.pay.lines), season.pay.short, season.pay.lacking) == (4, 1, D(1060))
    [airfare] = season.deductions
    assert (airfare.taken, airfare.left, airfare.over) == (D(240), D(0), True)
    assert season.unagreed == [("Fine", D(80), "NZD")]
    assert season.paid == [{"currency": "TOP", "paid": D(300), "back": D(0)}]
    signed, arrival = season.versions
    assert signed.changes == []
    assert [(c.label, c.worse) for c in arrival.changes] == [("Hourly rate", True), ("Guaranteed hours", True)]
    assert arrival.worse
    assert season.stays[0].seen["occupants"] == 6
    checks = {s.check.restricted: s for s in season.checks}
    assert len(checks[False].failed) == 1
    assert len(checks[False].unverified) == 1
    assert (checks[True].failed, checks[True].unverified) == ([], [])


def test_days_stand_under_the_phase_in_which_they_were_lived(cast, life, today):
    season = story_of(cast, "ines", life, today)
    titles = [chapter.title for chapter in season.chapters]
    assert titles == ["Recruitment", "Preparation", "Abroad"] or titles[-1] == "Abroad"
    days = [entry.on for chapter in season.chapters for entry in chapter.entries]
    assert days == sorted(days)
    words = " ".join(entry.title for chapter in season.chapters for entry in chapter.entries)
    for part in ("Nominated", "Contract: ", "Insured: medical", "Travel: ", "Moved in: 1 Bay Rd, room 4", "Check: ", "Finding: ",
                 "Loan taken", "The worker paid: recruiter fee", "Orchard safety: passed", "Not reached"):  # fmt: skip
        assert part in words, part


def test_a_welfare_officer_reads_all_of_it_on_one_page(life, sign_in):
    answer = page(sign_in, "rosa", life)
    text = answer.content.decode()
    for words in ("More than agreed", "No agreement", "Worse for the worker", "the plantation", "1 Bay Rd, room 4", "CANARY-broker",
                  "Owed to the worker", "Told in confidence", "6 people, approved for 4", "seen in the office"):  # fmt: skip
        assert words in text, words
    assert "CANARY-told" not in text
    assert len(gzip.compress(answer.content)) < 15_000


@pytest.mark.parametrize("name", ["omar", "sefo"])
def test_the_partner_whom_it_may_be_about_reads_no_check_no_finding_and_no_cost(life, sign_in, name):
    text = page(sign_in, name, life).content.decode()
    for words in ("CANARY", "Findings", "Checks", "Costs of the job", "Not reached", "Owed to the worker", "recruiter fee",
                  "money-lender", "Told in confidence"):  # fmt: skip
        assert words not in text, words
    assert "Worse for the worker" in text


def test_a_recruiter_sees_no_pay_and_an_employer_no_papers(life, sign_in):
    assert "gross pay" not in page(sign_in, "sefo", life).content.decode()
    omar = page(sign_in, "omar", life).content.decode()
    assert "gross pay" in omar
    assert "Passport" not in omar


def test_a_programme_officer_sees_no_trace_of_what_was_told(life, sign_in):
    text = page(sign_in, "ines", life).content.decode()
    assert "Told in confidence" not in text
    assert "seen in the office" in text


def test_the_statements_do_not_grow_with_what_happened(cast, life, sign_in, today):
    def asked() -> int:
        with cast.acting("rosa") as by, CaptureQueriesContext(connection) as seen:
            stories(list(AROUND.filter(pk=life.pk)), by=by, today=today)
        return len(seen)

    before = asked()
    with cast.acting("omar"):
        pay(life, 12, first=4)
    with cast.acting("rosa") as by:
        for n in range(5):
            record_check(life.pk, "employment", {"D01": Answered("no", shown_by="document"), "D03": Answered("no", shown_by="document")},
                         by=by, done_on=today - timedelta(days=n), today=today)  # fmt: skip
    assert asked() == before
    assert before <= 14


def test_a_person_over_the_seasons(life, sign_in, cast):
    placement = cast.placement("IH-001")
    answer = sign_in("rosa").get(reverse("compliance:person_story", args=[placement.person_id]))
    assert answer.status_code == 200
    assert (
        reverse("compliance:person_story", args=[placement.person_id]) in page(sign_in, "rosa", life).content.decode()
    )


def test_terms_that_one_paper_leaves_out_are_no_change():
    first = ContractVersion(pk=1, kind="signed", signed_on=date(2026, 1, 1), hourly_rate=D("24"), currency="NZD")
    later = ContractVersion(pk=2, kind="in force", signed_on=date(2026, 2, 1), monthly_wage=D("4000"), currency="NZD")
    assert [v.changes for v in versions([later, first])] == [[], []]
    other = ContractVersion(pk=3, kind="in force", signed_on=date(2026, 3, 1), hourly_rate=D("20"), currency="AUD")
    [_one, change] = versions([first, other])
    assert [(c.label, c.worse) for c in change.changes] == [("Currency", False)]


def test_the_reading_is_recorded(life, sign_in, cast):
    from accounts.models import AuditEvent

    page(sign_in, "rosa", life)
    with cast.acting("ines"):
        assert AuditEvent.objects.filter(action="read", object_kind="story", object_id=life.pk).exists()


def test_hours_in_another_period_and_an_earlier_end_are_judged_as_on_the_page_of_terms():
    """120 hours in four weeks are no fewer than 30 in one; work that ends sooner is worse."""
    signed = ContractVersion(
        kind="signed", signed_on=START, guaranteed_hours=120, guarantee_period="4 weeks", ends_on=date(2026, 8, 31)
    )
    later = ContractVersion(
        kind="arrival", signed_on=START, guaranteed_hours=30, guarantee_period="week", ends_on=date(2026, 7, 31)
    )
    _first, change = versions([signed, later])
    judged = {c.label: c.worse for c in change.changes}
    assert (judged["Guaranteed hours"], judged["Planned end"]) == (False, True)
