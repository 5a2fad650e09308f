"""What the demonstration world holds: people in the shapes the field knows, through every step of every journey."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import ROLES
from accounts.scope import acting_as
from compliance import due
from compliance.models import (
    Check,
    CheckAnswer,
    Finding,
    Grievance,
    GrievanceFile,
    RemedyEntry,
    Settlement,
    StepFile,
    Waiver,
)
from compliance.remedies import settlements
from lamp_portal import demo
from lamp_portal.world import plans
from pilots.models import JobOrder
from reports.compiling import Order, compile_report
from reports.models import Edition, EditionFile
from workers.journey.missing import lacking
from workers.journey.steps import STEPS
from workers.models import (
    CostItem,
    Hold,
    IdentityDocument,
    ImportBatch,
    JourneyEvent,
    PayRecord,
    Person,
    Placement,
    PlacementState,
)

LOGINS = 41
PROGRAMMES = ("long-bridge", "open-harbour")


def officer(played, slug):
    return acting_as(played.ground.hands.of(slug, "programme_officer"))


def of_programmes(played, ask):
    """What both programmes see together."""
    found = []
    for slug in PROGRAMMES:
        with officer(played, slug):
            found += list(ask())
    return found


def test_five_pilots_hold_about_three_hundred_people(played):
    people = Counter(of_programmes(played, lambda: Person.objects.values_list("pilot__slug", flat=True)))
    assert set(people) == set(plans.PILOTS)
    assert 290 <= sum(people.values()) <= 340
    assert people["tonga-apples"] >= 140
    assert min(people.values()) >= 20


def test_every_step_of_every_journey_was_reached_by_somebody(played):
    reached = set(of_programmes(played, lambda: JourneyEvent.objects.values_list("to_step", flat=True)))
    assert {step.code for step in STEPS} - reached == set()


def test_fewer_people_stand_at_every_later_step_of_the_way(played):
    def departed_cohorts():
        return JourneyEvent.objects.filter(
            placement__cohort__departs_on__lte=played.today - timedelta(days=20)
        ).values_list("to_step", "placement_id")

    reached = {}
    for step, placement in of_programmes(played, departed_cohorts):
        reached.setdefault(step, set()).add(placement)
    counts = [len(reached[step]) for step in ("nominated", "contract_signed", "visa_granted", "departed", "working")]
    assert counts == sorted(counts, reverse=True)
    assert 0.3 <= counts[3] / counts[0] <= 0.65


def test_most_ended_placements_ran_their_course_and_the_rest_ended_as_the_field_knows_it(played):
    early = [step.code for step in STEPS if step.early_end]

    def ends():
        events = JourneyEvent.objects.filter(placement__planned_end__lte=played.today, version__gt=1)
        return events.filter(to_step__in=[*early, "left_country"]).order_by("pk").values_list("placement_id", "to_step")

    first = {}
    for placement, step in of_programmes(played, ends):
        first.setdefault(placement, step)
    shares = {step: n / len(first) for step, n in Counter(first.values()).items()}
    assert len(first) == 60
    assert 0.80 <= shares["left_country"] <= 0.90
    for step, low, high in (("family_return", 0.01, 0.07), ("medical_return", 0.01, 0.06), ("resigned", 0.01, 0.06),
                            ("disengaged", 0.01, 0.07), ("dismissed", 0.005, 0.04)):  # fmt: skip
        assert low <= shares[step] <= high, step


def test_whoever_left_the_way_left_with_a_reason_where_one_is_asked(played):
    def reasons():
        return JourneyEvent.objects.filter(
            to_step__in=["withdrawn", "declined", "not_selected", "no_show"]
        ).values_list("reason", flat=True)

    found = Counter(of_programmes(played, reasons))
    assert "" not in found
    assert {"passport_late", "medical_not_cleared", "language_not_passed", "family_needs", "better_offer"} <= set(found)


def test_people_came_back_for_a_second_season(played):
    with officer(played, "long-bridge"):
        placements = Counter(Placement.objects.values_list("person_id", flat=True))
        assert sum(1 for n in placements.values() if n > 1) >= 25
        assert Placement.objects.filter(season=2).count() == sum(1 for n in placements.values() if n > 1)


def test_no_job_order_is_overfilled(played):
    for slug in PROGRAMMES:
        with officer(played, slug):
            for order in JobOrder.objects.all():
                assert order.placements.count() <= order.places


def test_some_people_cannot_go_on_and_it_is_plain_what_they_lack(played):
    with officer(played, "long-bridge") as by:
        waiting = Placement.objects.filter(cohort__departs_on__gt=played.today, state__step__in=[
            "nominated", "contract_signed", "documents_complete", "first_training",
        ])  # fmt: skip
        found = lacking(waiting.values_list("pk", flat=True), by=by, today=played.today)
        missing = Counter(guard for guards in found.values() for guard in guards)
    for guard in ("has_passport", "passport_outlasts_stay", "consent_given", "age_at_least_minimum", "training_passed"):
        assert missing[guard] >= 1, guard


def test_papers_of_people_on_their_way_end_within_two_months(played):
    soon = (played.today, played.today + timedelta(days=60))
    ending = of_programmes(
        played, lambda: IdentityDocument.objects.filter(expires_on__range=soon).values_list("kind", flat=True)
    )
    assert {"passport", "medical", "police"} <= set(ending)
    assert len(ending) >= 15


def test_every_hold_has_somebody_who_can_act(played):
    holds = of_programmes(played, lambda: Hold.objects.values_list("owner_id", "lifted_at", "source"))
    assert all(owner for owner, _lifted, _source in holds)
    standing = [source.partition(":")[0] for _owner, lifted, source in holds if lifted is None]
    assert Counter(standing)["person"] >= 3
    assert Counter(standing)["finding"] >= 4
    assert any(lifted for _owner, lifted, _source in holds)


def test_about_four_fifths_of_the_checks_due_were_done(played):
    with officer(played, "long-bridge") as by:
        counts = Counter()
        for tally in due.tally(by, on=played.today, pilot_id=played.ground.pilots["tonga-apples"].pk):
            counts[tally.state] += tally.placements
        done, missed = counts[due.DONE], counts[due.NOT_REACHED] + counts[due.OVERDUE]
        assert 0.7 <= done / (done + missed) <= 0.92
        assert counts[due.DUE] >= 5
        assert CheckAnswer.objects.filter(failed=True).count() >= 30
        assert Check.objects.count() >= 900


def test_findings_stand_open_resolved_and_waived(played):
    states = Counter(of_programmes(played, lambda: Finding.objects.filter(source="").values_list("severity", "state")))
    assert states["critical", "open"] >= 4
    assert states["critical", "resolved"] >= 2
    assert states["major", "resolved"] > states["major", "open"] > 0
    waivers = of_programmes(played, lambda: Waiver.objects.values_list("ends_on", flat=True))
    assert len(waivers) == 1
    assert waivers[0] > played.today


def test_what_was_told_in_confidence_is_seen_by_its_readers_alone(played):
    hands = played.ground.hands
    for slug, role, seen in (("harbour-light", "welfare_officer", 2), ("long-bridge", "safeguarding_lead", 3),
                             ("harbour-light", "safeguarding_lead", 1), ("open-harbour", "safeguarding_lead", 0)):  # fmt: skip
        with acting_as(hands.of(slug, role)):
            assert Grievance.objects.count() == seen, (slug, role)
    with officer(played, "long-bridge"):
        assert not Finding.objects.filter(code="D11").exists()


def test_pay_stays_within_what_the_scheme_pays_and_some_weeks_fall_short(played):
    with officer(played, "long-bridge"):
        pay = PayRecord.objects.filter(pilot__slug="tonga-apples")
        assert pay.count() >= 600
        assert all(r.net == r.gross - r.tax - r.deductions and r.net >= 0 for r in pay)
        assert {r.rate for r in pay} <= set(JobOrder.objects.values_list("hourly_rate", flat=True))
        assert 5 <= pay.filter(hours_offered__lt=60).count() <= 80
        assert pay.filter(supersedes__isnull=False).exists()
        assert CostItem.objects.filter(paid_by="worker", reimbursed__gt=0).count() >= 20
        assert CostItem.objects.filter(item__in=["informal broker", "recruiter fee"]).count() >= 2


def test_rivals_share_a_pilot_and_see_nobody_of_each_other(played):
    seen = {}
    for slug in ("tide-link", "coral-gate"):
        with acting_as(played.ground.hands.of(slug)):
            seen[slug] = set(Person.objects.values_list("worker_code", flat=True))
    assert len(seen["tide-link"]) > 50
    assert len(seen["coral-gate"]) > 40
    assert not seen["tide-link"] & seen["coral-gate"]


def test_the_two_programmes_are_strangers(played):
    assert {p.slug for p in plans.pilots() if p.programme == "long-bridge"} == {
        "tonga-apples", "vanuatu-meat", "guatemala-cooks",
    }  # fmt: skip
    with officer(played, "open-harbour"):
        assert not Person.objects.filter(pilot__slug="tonga-apples").exists()


def test_recruiters_brought_their_people_in_with_sheets(played):
    with acting_as(played.ground.hands.of("tide-link")):
        batches = ImportBatch.objects.all()
        assert len(batches) == 5
        assert {batch.state for batch in batches} == {"committed"}


def test_one_report_of_each_kind_was_compiled_and_shows_numbers(played):
    with officer(played, "long-bridge"):
        editions = {e.kind: e for e in Edition.objects.all()}
        assert set(editions) == set(Edition.Kind.values)
        figures = {s["metric"]: s["figures"] for s in editions["funder"].content["sections"]}
    for metric in ("funnel", "time_to_deploy", "income_multiple", "cost_ratio", "check_coverage", "pass_rate"):
        assert any(not f["suppressed"] and f["value"] is not None for f in figures[metric]), metric
    with acting_as(played.ground.hands.of("meridian-fund")):
        assert EditionFile.objects.filter(edition_id=editions["funder"].pk).count() >= 4


def test_a_report_on_a_small_pilot_hides_most_of_its_numbers(played):
    pilot = played.ground.pilots["kenya-stay"]
    with transaction.atomic():
        with acting_as(played.ground.hands.of("two-shores")) as by:
            year = timedelta(weeks=52)
            order = Order("funder", pilot.pk, by.organisation_id, played.today - year, played.today, timezone.now())
            sections = compile_report(order, by=by).content["sections"]
        transaction.set_rollback(True)
    figures = {s["metric"]: s["figures"] for s in sections}
    # Every way to end early is listed; where it happened to somebody, the number is hidden.
    assert all(f["suppressed"] or Decimal(f["value"]) == 0 for f in figures["early_ends"])
    assert any(f["suppressed"] for f in figures["early_ends"])
    hidden = [f["suppressed"] for s in figures.values() for f in s]
    assert sum(hidden) >= len(hidden) / 3


def test_every_role_has_a_login_and_one_person_belongs_to_two_organisations(played):
    assert settings.DEMO
    logins = demo.logins()
    with acting_as(None):
        people = User.objects.filter(email__endswith=demo.DOMAIN)
        assert people.count() == LOGINS
        memberships = Membership.objects.filter(user__in=people)
        assert set(memberships.values_list("role", flat=True)) == set(ROLES)
        assert Counter(Counter(memberships.values_list("user_id", flat=True)).values())[2] == 1
        assert people.filter(is_staff=True).count() == 1
    assert len({login.email for login in logins}) == LOGINS


@pytest.mark.parametrize("slug", plans.PILOTS)
def test_nothing_in_the_world_lies_after_its_present(played, slug):
    plan = next(p for p in plans.pilots() if p.slug == slug)
    with officer(played, plan.programme):
        pilot = played.ground.pilots[slug]
        for model, day in ((JourneyEvent, "happened_on"), (Check, "done_on"), (PayRecord, "period_end"),
                           (PlacementState, "since"), (CostItem, "paid_on")):  # fmt: skip
            assert not model.objects.filter(pilot=pilot, **{f"{day}__gt": played.today}).exists(), model


def test_one_payment_for_several_findings_waits_one_is_verified_and_one_was_taken_back(played):
    with officer(played, "long-bridge"):
        found = {row.reference: row for row in settlements.standing(Settlement.objects.all())}
        assert sorted(row.state for row in found.values()) == ["recorded", "verified", "withdrawn"]
        verified = next(row for row in found.values() if row.state == "verified")
        paid = RemedyEntry.objects.filter(kind="paid", settlement_line__settlement=verified)
        assert paid.count() == verified.lines.count() > 5
        assert sum(entry.amount for entry in paid) == verified.amount
        waiting = next(row for row in found.values() if row.state == "recorded")
        assert not RemedyEntry.objects.filter(settlement_line__settlement=waiting).exists()


def test_a_report_of_an_employer_and_a_worker_with_a_code_sent_pictures(played):
    with officer(played, "long-bridge"):
        assert StepFile.objects.filter(step__action__pilot__slug="tonga-apples").exists()
        assert not GrievanceFile.objects.exists()
    with acting_as(played.ground.hands.of("long-bridge", "safeguarding_lead")):
        assert GrievanceFile.objects.count() == 1
