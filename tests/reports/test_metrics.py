"""Every metric against a count by hand, on the cast's eight placements and a few facts put to them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.scope import acting_as, compiler_scope
from compliance.models import Finding, FindingEvent, RemedyEntry
from reports.metrics import METRIC, Window
from reports.metrics.earnings import GAIN
from reports.metrics.gathering import ask
from workers.journey.door import move
from workers.models import CostItem, IdentityDocument, PayRecord, Person, PersonBackground, Placement, TrainingRecord

pytestmark = pytest.mark.django_db
AS_OF = datetime(2030, 1, 1, tzinfo=UTC)


def measured(cast, code, period_to=date(2026, 12, 31), employer=None, as_of=AS_OF):
    pilot = cast.pilot()
    window = Window(pilot.pk, pilot.scheme, date(2026, 1, 1), period_to, as_of, employer)
    with acting_as(compiler_scope(cast.scope("ines"), (pilot.pk,))):
        return METRIC[code].section(window)


def figure(section, **cell):
    return next(f for f in section.figures if f.cell == cell)


def of(placement, **more):
    return {
        "pilot_id": placement.pilot_id, "placement": placement, "recruiter_id": placement.recruiter_id,
        "employer_id": placement.employer_id,
    } | more  # fmt: skip


def pay(cast, code, gross, start=date(2026, 3, 1), end=date(2026, 3, 28), tax=0, items=None, **more):
    placement = cast.placement(code)
    taken = sum((Decimal(v) for v in (items or {}).values()), Decimal(0))
    with cast.acting("ines"):
        return PayRecord.objects.create(
            **of(placement), cohort_id=placement.cohort_id, period_start=start, period_end=end, gross=Decimal(gross),
            tax=Decimal(tax), deductions=taken, items=items or {}, net=Decimal(gross) - Decimal(tax) - taken,
            **({"currency": "NZD"} | more),
        )  # fmt: skip


def days_of(cast, code, step):
    with cast.acting("ines"):
        events = cast.placement(code).events.filter(to_step=step)
        return min(e.happened_on for e in events)


def test_each_step_is_compared_with_the_one_before(cast):
    found = measured(cast, "conversion")
    got = {f.cell["step"]: (f.numerator, f.denominator) for f in found.figures}
    assert got["shortlisted"] == (5, 8)
    assert got["documents_complete"] == (4, 5)
    assert got["departed"] == (3, 4)


def test_women_are_counted_at_each_step_where_sex_is_stated(cast):
    with cast.acting("ines"):
        Person.objects.filter(worker_code__in=["IH-001", "IH-002"]).update(sex="F")
        Person.objects.filter(worker_code="RR-001").update(sex="M")
        Person.objects.exclude(worker_code__in=["IH-001", "IH-002", "RR-001"]).update(sex="")
    found = measured(cast, "women")
    assert (figure(found, step="working").numerator, figure(found, step="working").denominator) == (2, 3)
    assert (figure(found, step="nominated").numerator, figure(found, step="nominated").denominator) == (2, 3)
    assert (found.base, found.missing) == (8, 5)


def test_departures_are_counted_from_nomination_with_those_still_waiting(cast):
    start, gone = days_of(cast, "IH-001", "nominated"), days_of(cast, "IH-001", "departed")
    days = (gone - start).days
    found = measured(cast, "departed_within", period_to=date(2029, 1, 1))
    assert figure(found, within="nominated").numerator == 8
    for within in (30, 60, 90, 120, 180, 365):
        assert figure(found, within=str(within)).numerator == (3 if within >= days else 0)
    assert (found.base, found.missing) == (8, 5)
    # Everybody has been watched for a year by then, so the estimate is the plain share.
    assert figure(found, within="365").value == Decimal("0.3750")
    assert measured(cast, "time_to_deploy").missing == 5


def test_somebody_who_dropped_out_does_not_wait_any_more(cast, today):
    with cast.acting("ines") as by:
        one = Placement.objects.filter(person__worker_code="IH-004")
        assert move(one, "withdraw", by=by, at=today, today=today, reason="family_needs").moved
    assert measured(cast, "departed_within").missing == 4


def test_retention_counts_only_those_who_began_long_enough_ago(cast, today):
    began = days_of(cast, "IH-001", "working")
    found = measured(cast, "retention", period_to=date.fromordinal(began.toordinal() + 31))
    assert [f.cell["after"] for f in found.figures] == ["30"]
    with cast.acting("ines") as by:
        one = Placement.objects.filter(person__worker_code="IH-002")
        assert move(one, "resign", by=by, at=date.fromordinal(began.toordinal() + 20), today=date(2026, 12, 1),
                    reason="better_offer").moved  # fmt: skip
    found = measured(cast, "retention", period_to=date.fromordinal(began.toordinal() + 31))
    assert (figure(found, after="30").numerator, figure(found, after="30").denominator) == (2, 3)


def test_worker_months_are_days_in_the_country_with_the_employer(cast):
    cut = date(2026, 6, 30)
    expected = sum((cut - days_of(cast, code, "departed")).days + 1 for code in ("IH-001", "IH-002", "RR-001"))
    found = measured(cast, "worker_months", period_to=cut)
    assert figure(found).value == round(Decimal(expected) / Decimal("30.4375"), 2)
    assert figure(found).denominator == 3


def test_early_ends_are_given_for_the_time_worked(cast):
    began = days_of(cast, "IH-001", "working")
    with cast.acting("ines") as by:
        one = Placement.objects.filter(person__worker_code="IH-002")
        assert move(one, "disengage", by=by, at=date.fromordinal(began.toordinal() + 10), today=date(2026, 12, 1),
                    reason="other_work_promised").moved  # fmt: skip
    found = measured(cast, "ends_for_time")
    months = figure(measured(cast, "worker_months")).value
    assert (figure(found, end="disengaged").numerator, figure(found, end="disengaged").denominator) == (1, months)
    assert figure(found).numerator == 1
    assert figure(found).value is None  # three people: too few for a rate


def test_places_filled_are_counted_against_places_asked_for(cast):
    from pilots.models import JobOrder

    with cast.acting("ines"):
        places = sum(o.places for o in JobOrder.objects.filter(pilot=cast.pilot()))
        assigned = Placement.objects.filter(pilot=cast.pilot(), job_order__isnull=False).count()
    found = measured(cast, "fill_rate")
    assert (figure(found, by="assigned").numerator, figure(found, by="assigned").denominator) == (assigned, places)
    assert figure(found, by="departed").numerator == 3


def test_the_three_return_rates_are_three_numbers_of_people(cast):
    with cast.acting("ines"):
        Placement.objects.filter(person__worker_code="IH-001").update(season=3)
    found = measured(cast, "rehire")
    assert (figure(found, which="twice").numerator, figure(found, which="twice").denominator) == (0, 3)
    assert (figure(found, which="returnees").numerator, figure(found, which="returnees").denominator) == (1, 3)
    assert figure(found, which="again").denominator == 0  # two years have not passed
    later = measured(cast, "rehire", period_to=date(2029, 12, 31))
    assert figure(later, which="again").denominator == 2
    assert figure(measured(cast, "deployments_per_person")).numerator == 3


def test_net_pay_deductions_gain_and_payback_of_one_worker(cast):
    """28 days: gross 4,000, tax 600, rent 400 and airfare 200; 304.375 paid for the job, 100 back; 1,000 TOP a month."""
    pay(cast, "IH-001", "4000", tax="600", items={"rent": "400", "airfare": "200"})
    placement = cast.placement("IH-001")
    with cast.acting("ines"):
        PersonBackground.objects.update_or_create(
            person_id=placement.person_id,
            defaults={
                "pilot_id": placement.pilot_id, "recruiter_id": placement.recruiter_id, "home_income": Decimal(304),
                "home_income_currency": "NZD",
            },
        )  # fmt: skip
        CostItem.objects.create(
            **of(placement), cohort_id=placement.cohort_id, item="visa", amount=Decimal("300"), currency="NZD",
            paid_on=date(2026, 1, 5), paid_by="worker", reimbursed=Decimal(100), reimbursed_on=date(2026, 2, 1),
        )  # fmt: skip
    pilot = cast.pilot()
    window = Window(pilot.pk, pilot.scheme, date(2026, 1, 1), date(2026, 12, 31), AS_OF)
    with acting_as(compiler_scope(cast.scope("ines"), (pilot.pk,))):
        (row,) = ask(
            "select gross, tax, taken, net, living, advances, paid, back, days, itemised from earned", window.params()
        )
        ((gain,),) = ask(f"select {GAIN} from earned", window.params())
    assert row == (4000, 600, 600, 2800, 400, 200, 300, 100, 28, True)
    assert round(gain, 20) == round(2800 - 200 - 304 * 28 / Decimal("30.4375"), 20)
    found = measured(cast, "net_gain")
    assert (found.base, found.missing) == (1, 0)
    assert figure(found, point="middle").value is None  # one worker is too few


def test_a_placement_without_a_cost_ledger_is_missing_not_free(cast):
    pay(cast, "IH-001", "4000")
    assert (measured(cast, "payback").base, measured(cast, "payback").missing) == (1, 1)
    assert measured(cast, "deduction_share").missing == 0


def test_medians_of_five_placements_equal_the_hand_count(cast):
    for number, code in enumerate(("IH-001", "IH-002", "IH-003", "IH-004", "RR-001")):
        pay(cast, code, str(1000 + 400 * number), items={"rent": "100"})
    weekly = figure(measured(cast, "net_pay"))
    assert (weekly.value, weekly.unit, weekly.denominator) == (Decimal("425.00"), "NZD", 5)  # (1800 − 100) ÷ 4
    share = measured(cast, "deduction_share")
    assert figure(share, part="all").value == Decimal("0.0556")  # 100 of 1,800
    assert figure(share, part="living").value == Decimal("0.0556")
    assert figure(share, part="advances").value == 0


def test_courses_count_once_at_the_first_and_at_any_attempt(cast):
    placement = cast.placement("IH-001")
    with cast.acting("ines"):
        for day, course, passed in ((5, "Language", False), (9, "Language", True), (5, "Safety", True)):
            TrainingRecord.objects.create(**of(placement), course=course, held_on=date(2026, 1, day), passed=passed)
    found = measured(cast, "training")
    assert (figure(found, attempt="any").numerator, figure(found, attempt="any").denominator) == (2, 2)
    assert figure(found, attempt="first").numerator == 1


def test_returns_in_time_are_counted_against_visas_that_ended(cast):
    with cast.acting("ines") as by:
        for code in ("IH-001", "IH-002"):
            person = cast.placement(code).person
            visa = {"pilot_id": person.pilot_id, "recruiter_id": person.recruiter_id, "person": person, "kind": "visa"}
            IdentityDocument.objects.create(**visa, number=f"V{code}", country="NZ", expires_on=date(2026, 9, 1))
        home = Placement.objects.filter(person__worker_code="IH-001")
        assert move(home, "leave_country", by=by, at=date(2026, 8, 31), today=date(2026, 9, 15)).moved
    found = measured(cast, "on_time_return")
    assert (figure(found).numerator, figure(found).denominator) == (1, 2)
    assert figure(measured(cast, "overstay_stock")).value == 1
    assert figure(measured(cast, "overstay_stock", period_to=date(2026, 8, 1))).value == 0


def put_finding(cast, code, family_code, opened, resolved=None, owed=None, currency="NZD"):
    placement = cast.placement(code)
    with cast.acting("rosa"):
        finding = Finding.objects.create(
            pilot_id=placement.pilot_id, placement=placement, cohort_id=placement.cohort_id, code=family_code,
            version="1", severity="major", opened_on=opened, employer_id=placement.employer_id,
            state="resolved" if resolved else "open", closed_on=resolved, remedy="Done." if resolved else "",
            owed=owed, currency=currency if owed else "", source=f"{family_code} {code}",
        )  # fmt: skip
        for kind, on in (("opened", opened), ("resolved", resolved)):
            if on:
                FindingEvent.objects.create(
                    pilot_id=placement.pilot_id, finding=finding, kind=kind, happened_on=on, words="", who="Rosa"
                )
    return finding


def enter(finding, kind, amount, by):
    RemedyEntry.objects.create(
        pilot_id=finding.pilot_id, finding=finding, employer_id=finding.employer_id, kind=kind, amount=Decimal(amount),
        currency="NZD", happened_on=date(2026, 4, 9), words="Bank slip.", user_id=by.user_id,
        organisation_id=by.organisation_id, who="Rosa",
    )  # fmt: skip


def test_findings_put_right_and_money_paid_back_equal_the_hand_count(cast):
    one = put_finding(cast, "IH-001", "PAY-01", date(2026, 4, 1), date(2026, 4, 11), Decimal(100))
    put_finding(cast, "IH-002", "PAY-01", date(2026, 4, 1), None, Decimal(300))
    seen = put_finding(cast, "IH-002", "C05", date(2026, 4, 2))
    with cast.acting("rosa") as by:
        entries = [(one, "agreed", 80), (one, "paid", 80)]
        for finding, kind, amount in entries:
            enter(finding, kind, amount, by)
    found = measured(cast, "remedied")
    assert (figure(found, about="PAY").numerator, figure(found, about="PAY").denominator) == (1, 2)
    assert (figure(found, about="check").numerator, figure(found, about="check").denominator) == (0, 1)
    assert (figure(found).numerator, figure(found).denominator) == (1, 3)
    money = figure(measured(cast, "money_recovered"))
    assert (money.value, money.numerator, money.denominator) == (Decimal("0.2000"), Decimal(80), Decimal(400))
    waits = measured(cast, "days_to_remedy")
    assert (waits.base, waits.missing) == (3, 2)
    before = measured(cast, "remedied", period_to=date(2026, 4, 5))
    assert figure(before).numerator == 0
    put_finding(cast, "IH-003", "PAY-01", date(2026, 4, 1), None, Decimal(50), "USD")
    told = measured(cast, "money_recovered")
    assert (figure(told).denominator, told.base, told.missing) == (Decimal(400), 3, 1)
    # What a visit found has no amount of a rule: what was claimed and agreed says what is to be repaid.
    with cast.acting("rosa") as by:
        for kind, amount in (("claimed", 60), ("agreed", 40), ("paid", 40)):
            enter(seen, kind, amount, by)
    money = figure(measured(cast, "money_recovered"))
    assert (money.numerator, money.denominator) == (Decimal(120), Decimal(460))
