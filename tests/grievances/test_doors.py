"""Stages, targets, identity, offers, emergency openings and the reprisal watch."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from compliance.grievances import door, glass, identity, offers, readers, reprisal
from compliance.grievances.stages import MOVES, moves_from
from compliance.grievances.targets import add_days, due, target, targets
from compliance.models import Grievance, GrievanceIdentity, GrievanceMessage, GrievanceOffer, GrievanceOpening
from tests.grievances.conftest import ON, filed, joins
from workers.models import HousingStay, PayRecord, Room

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
REASON = "The worker calls from the hospital and Rosa cannot be reached."


def walk(grievance, by, *codes, on=ON, **more):
    """Make these moves with what each needs."""
    given = {
        "acknowledge": {"message": "We have it. We call you on Friday."},
        "triage": {"category": grievance.category, "lead_id": by.user_id, "limits_told": True},
        "investigate": {},
        "propose": {"remedy_kind": "money", "remedy_words": "The deduction is paid back.",
                    "remedy_amount": Decimal("120.00"), "currency": "NZD"},
        "deliver": {"delivered_on": on, "text": "Shown on the payslip."},
        "close": {"satisfaction": "satisfied", "text": "Paid.", "agreed_to_close": True},
        "reopen": {"text": "Deducted again."},
    }  # fmt: skip
    for code in codes:
        door.move(grievance, code, by=by, on=on, **(given[code] | more))


def test_a_case_goes_from_new_to_closed_and_can_be_opened_again(cast, grievance):
    with cast.acting("rosa") as by:
        walk(grievance, by, "acknowledge", "triage", "investigate", "propose", "deliver", "close", "reopen", "propose")
        fresh = Grievance.objects.get()
        moved = [(e.from_stage, e.to_stage) for e in fresh.events.filter(kind="moved").order_by("recorded_at", "pk")]
    assert len(moved) == 8
    assert sorted(moved)[:1] == [("acknowledged", "triaged")]
    assert (fresh.stage, fresh.reopened_on, fresh.remedy_amount) == ("proposed", ON, Decimal("120.00"))


@pytest.mark.parametrize("code", MOVES)
def test_every_move_says_all_that_is_missing(cast, grievance, code):
    with cast.acting("rosa") as by:
        with pytest.raises(ValidationError) as refused:
            door.move(grievance, code, by=by, on=ON, day=ON + timedelta(days=1))
        assert set(MOVES[code].needs) | {"day"} <= set(refused.value.message_dict)
        assert Grievance.objects.get().stage == "new"


@pytest.mark.parametrize("code", sorted(set(MOVES) - {"acknowledge", "close"}))
def test_a_move_that_does_not_follow_is_refused(cast, grievance, code):
    with cast.acting("rosa") as by, pytest.raises(ValidationError, match="does not follow"):
        walk(grievance, by, code)


def test_every_stage_leads_somewhere_and_every_move_starts_at_a_known_stage():
    for stage in Grievance.Stage.values:
        assert moves_from(stage)
    assert {s for m in MOVES.values() for s in (*m.sources, m.target)} == set(Grievance.Stage.values)


def test_a_restricted_case_closes_only_with_the_persons_agreement(cast, grave):
    with cast.acting("rosa") as by:
        with pytest.raises(ValidationError, match="only when the person agrees"):
            walk(grave, by, "close", agreed_to_close=False)
        walk(grave, by, "close")
        assert Grievance.objects.get().agreed_to_close


@pytest.mark.parametrize("wrong", [
    {"remedy_amount": Decimal(0)}, {"currency": "kiwi"}, {"remedy_kind": "gold"},
])  # fmt: skip
def test_a_remedy_is_of_a_known_kind_with_an_amount_and_its_currency(cast, grievance, wrong):
    with cast.acting("rosa") as by:
        walk(grievance, by, "acknowledge", "triage")
        with pytest.raises(ValidationError):
            walk(grievance, by, "propose", **wrong)


def test_what_turns_out_graver_at_triage_is_restricted_from_then_on(cast, grievance):
    with cast.acting("rosa") as by:
        walk(grievance, by, "acknowledge")
        walk(grievance, by, "triage", category="threats")
        assert Grievance.objects.get().restricted


def test_what_staff_write_is_beside_the_words_and_nothing_else_can_be_changed(cast, grievance):
    with cast.acting("rosa") as by:
        door.change(grievance, by=by, on=ON, summary="Bed and board deducted twice.", safe_now=True)
        assert Grievance.objects.get().account == "CANARY-account"
        with pytest.raises(TypeError):
            door.change(grievance, by=by, on=ON, account="nicer words")


def test_internal_notes_are_apart_from_what_the_person_reads(cast, grievance):
    with cast.acting("rosa") as by:
        door.note(grievance, by=by, on=ON, text="CANARY-note")
        door.say(grievance, by=by, on=ON, text="We spoke with the payroll office.")
        assert list(GrievanceMessage.objects.values_list("text", flat=True)) == ["We spoke with the payroll office."]


# --- Targets --------------------------------------------------------------------------------------------------


def test_targets_are_data_with_a_source_and_none_of_them_claims_to_be_verified():
    assert {t.code for t in targets()} == {"acknowledge", "triage", "triage-urgent", "progress", "close"}
    assert all(t.source and not t.verified for t in targets())
    with pytest.raises(KeyError):
        target("close", date(2020, 1, 1))


def test_working_days_leave_out_the_weekend():
    friday = date(2026, 7, 3)
    assert add_days(friday, 2, "working days") == date(2026, 7, 7)
    assert add_days(friday, 2, "days") == date(2026, 7, 5)


def test_working_days_leave_out_the_holidays_of_both_countries(cast, grievance):
    matariki = date(2026, 7, 10)  # a Friday, in New Zealand only
    assert add_days(date(2026, 7, 9), 1, "working days", ("TO", "AU")) == matariki
    assert add_days(date(2026, 7, 9), 1, "working days", ("TO", "NZ")) == date(2026, 7, 13)
    with cast.acting("lena"):
        corridor = grievance.pilot.corridor
        assert {corridor.origin, corridor.destination} == {"TO", "NZ"}
        grievance.opened_on, grievance.acknowledged_on = date(2026, 7, 8), None
        assert next(d for d in due(grievance, on=ON) if d.code == "acknowledge").by == date(2026, 7, 13)


def test_lateness_is_counted_from_the_days_of_the_targets(cast, grievance):
    with cast.acting("lena"):
        found = {d.code: d for d in due(grievance, on=date(2026, 8, 5))}
        assert found["acknowledge"].by == date(2026, 7, 3)
        assert {code: d.late for code, d in found.items()} == {
            "acknowledge": 33,
            "triage": 28,
            "progress": 20,
            "close": 5,
        }
        grievance.urgent = True
        assert next(d for d in due(grievance, on=ON) if d.code == "triage-urgent").by == ON
        grievance.stage = "closed"
        assert due(grievance, on=date(2027, 1, 1)) == []


# --- Identity -------------------------------------------------------------------------------------------------


def test_who_told_it_is_released_to_one_reader_at_a_time_with_consent_and_taken_back(cast, grievance):
    lena, mara = cast.user("lena").pk, cast.user("mara").pk
    with cast.acting("rosa") as by:
        with pytest.raises(ValidationError) as refused:
            identity.release(grievance, mara, by=by, on=ON, consent="")
        assert set(refused.value.message_dict) == {"reader", "consent"}
        identity.release(grievance, lena, by=by, on=ON, consent="By phone on 1 July.")
    with cast.acting("lena"):
        assert identity.of(grievance).placement.person.worker_code == "IH-001"
    with cast.acting("rosa") as by:
        identity.withdraw(grievance, lena, by=by, on=ON)
    with cast.acting("lena") as by:
        assert identity.of(grievance) is None
        with pytest.raises(ValidationError, match="Only somebody who knows"):
            identity.release(grievance, lena, by=by, on=ON, consent="x")


def test_whoever_is_taken_off_the_list_no_longer_knows_who_told_it(cast, grievance):
    lena = cast.user("lena").pk
    with cast.acting("rosa") as by:
        identity.release(grievance, lena, by=by, on=ON, consent="By phone.")
        readers.remove(grievance, lena, by=by, on=ON, why="Left the team.")
        assert GrievanceIdentity.objects.get().reader_ids == [by.user_id]


# --- Offers ---------------------------------------------------------------------------------------------------


@pytest.fixture
def alone(cast):
    """A restricted grievance that Rosa alone reads."""
    return filed(cast, readers=(), category="violence", limits_told=True).grievance


def offered(cast, grievance, kind="referral", to="lena", **more):
    given = {
        "purpose": "Counselling",
        "consent_on": ON,
        "consent_how": "In person",
        "to_user_id": cast.user(to).pk,
    } | more
    with cast.acting("rosa") as by:
        return offers.offer(grievance, by=by, on=ON, kind=kind, **given)


@pytest.mark.parametrize("wrong", [
    {"consent_how": ""}, {"consent_on": None}, {"consent_on": date(2026, 7, 2)}, {"purpose": " "}, {"to": "omar"},
    {"to": "ines"}, {"to_user_id": None}, {"to_user_id": None, "to_name": "Refuge", "kind": "transfer"},
])  # fmt: skip
def test_nothing_is_offered_without_consent_or_to_somebody_who_may_not_read(cast, alone, wrong):
    with pytest.raises(ValidationError):
        offered(cast, alone, **wrong)


def test_an_offer_shows_nothing_until_it_is_accepted_and_everything_stops_when_it_is_withdrawn(cast, alone):
    made = offered(cast, alone, with_identity=True)
    with cast.acting("lena") as by:
        assert not Grievance.objects.exists()
        waiting = offers.offered_to(by)
        assert [o.pk for o in waiting] == [made.pk]
        offers.answer(waiting[0], by=by, on=ON, accept=True)
        assert identity.of(Grievance.objects.get()) is not None
    with cast.acting("rosa") as by:
        fresh = Grievance.objects.get()
        offers.revoke(GrievanceOffer.objects.get(), fresh, by=by, on=ON, why="She no longer agrees.")
    with cast.acting("lena"):
        assert not Grievance.objects.exists()
        assert not GrievanceOffer.objects.exists()
        assert not GrievanceIdentity.objects.exists()


def test_with_a_transfer_the_new_reader_sees_to_it_and_the_old_one_reads_no_more(cast, alone):
    made = offered(cast, alone, kind="transfer")
    with cast.acting("lena") as by:
        offers.answer(GrievanceOffer.objects.get(pk=made.pk), by=by, on=ON, accept=True)
        assert Grievance.objects.get().lead_id == by.user_id
        assert identity.of(Grievance.objects.get()) is None
    with cast.acting("rosa"):
        assert not Grievance.objects.exists()


def test_an_offer_is_rejected_with_a_reason_and_answered_once(cast, alone):
    made = offered(cast, alone)
    with cast.acting("lena") as by:
        mine = GrievanceOffer.objects.get(pk=made.pk)
        with pytest.raises(ValidationError, match="Say why not"):
            offers.answer(mine, by=by, on=ON, accept=False)
        offers.answer(mine, by=by, on=ON, accept=False, words="I know the supervisor.")
        with pytest.raises(ValidationError, match="no longer waits"):
            offers.answer(mine, by=by, on=ON, accept=True)
        assert not Grievance.objects.exists()


def test_nobody_answers_for_somebody_else(cast, alone):
    made = offered(cast, alone)
    with cast.acting("rosa") as by, pytest.raises(ValidationError, match="no longer waits"):
        offers.answer(made, by=by, on=ON, accept=True)


def test_somebody_outside_is_named_and_their_answer_noted(cast, alone):
    made = offered(cast, alone, to_user_id=None, to_name="Women's refuge")
    with cast.acting("rosa") as by:
        offers.note_answer(made, alone, by=by, on=ON, accept=True, words="A room from tonight.")
        assert GrievanceOffer.objects.get().state == "accepted"


# --- Opening in an emergency ----------------------------------------------------------------------------------


def test_an_emergency_opening_lets_a_colleague_read_for_an_hour_and_change_nothing(cast, grave):
    joins(cast, "zed", "harbour-welfare", "welfare_officer")
    now = datetime.now(UTC)
    with cast.acting("zed") as by:
        assert glass.open_now(grave.code, REASON, by=by, at=now) is not None
        read = Grievance.objects.get()
        assert GrievanceIdentity.objects.count() == 0
        with pytest.raises(ValidationError, match="read it, not change"):
            door.note(read, by=by, on=ON, text="x")
        assert Grievance.objects.update(summary="x") == 0
    past = now - timedelta(minutes=61)
    with cast.acting("lena"):
        GrievanceOpening.objects.update(opened_at=past, until=past + timedelta(minutes=60))
    with cast.acting("zed"):
        assert not Grievance.objects.exists()


def test_nobody_without_the_right_opens_anything(cast, grave):
    with cast.acting("omar") as by, pytest.raises(PermissionDenied):
        glass.open_now(grave.code, REASON, by=by, at=AT)


@pytest.mark.parametrize("name", ["ines", "dana", "zed"])
def test_the_code_leads_nowhere_for_those_whom_it_is_about_or_who_may_not_read_such_a_case(cast, grave, name):
    if name == "zed":
        joins(cast, "zed", "harbour-welfare", "welfare_officer")
        joins(cast, "zed", "orchard-bay", "employer")
    with cast.acting(name) as by:
        assert glass.open_now(grave.code, REASON, by=by, at=AT) is None
    with cast.acting("rosa"):
        assert not GrievanceOpening.objects.exists()


def test_an_opening_needs_a_reason_and_is_reviewed_by_somebody_else(cast, grave):
    joins(cast, "zed", "harbour-welfare", "welfare_officer")
    with cast.acting("zed") as by:
        with pytest.raises(ValidationError, match="in a sentence"):
            glass.open_now(grave.code, "because", by=by, at=AT)
        opened = glass.open_now(grave.code, REASON, by=by, at=datetime.now(UTC))
        with pytest.raises(ValidationError, match="Somebody else"):
            glass.review(opened, by=by, at=AT, justified=True, words="It was.")
        assert glass.to_review(by) == []
    with cast.acting("lena") as by:
        [waiting] = glass.to_review(by)
        assert waiting.review_by - waiting.opened_at.date() == timedelta(days=7)
        with pytest.raises(ValidationError) as refused:
            glass.review(waiting, by=by, at=AT, justified=None, words="")
        assert set(refused.value.message_dict) == {"justified", "review"}
        glass.review(waiting, by=by, at=AT, justified=False, words="Rosa could be reached.")
        assert [e.kind for e in grave.events.order_by("recorded_at", "pk")][-1:] == ["reviewed"]


# --- Reprisal -------------------------------------------------------------------------------------------------


def pay(cast, weeks_from_filing, hours, net, deductions=Decimal(50)):
    placement = cast.placement("IH-001")
    start = ON + timedelta(weeks=weeks_from_filing)
    with cast.acting("ines"):
        PayRecord.objects.create(
            pilot_id=placement.pilot_id, placement=placement, cohort_id=placement.cohort_id,
            recruiter_id=placement.recruiter_id, employer_id=placement.employer_id, period_start=start,
            period_end=start + timedelta(days=6), hours_worked=hours, gross=net + deductions, deductions=deductions,
            net=net, currency="NZD",
        )  # fmt: skip


def test_hours_and_pay_that_fall_by_thirty_per_cent_are_a_signal_and_less_is_not(cast, grievance):
    for week in (-2, -1):
        pay(cast, week, Decimal(40), Decimal(800))
    pay(cast, 0, Decimal(28), Decimal(570))
    with cast.acting("rosa") as by:
        watch = reprisal.watch(grievance, by=by, on=ON + timedelta(weeks=3))
    found = {row.words: row for row in watch.compared}
    assert (found["Hours worked a week"].before, found["Hours worked a week"].after) == (
        Decimal("40.00"),
        Decimal("28.00"),
    )
    assert found["Hours worked a week"].signal  # 30 per cent to the hour
    assert not found["Net pay a week"].signal  # 28.75 per cent
    assert watch.signals == 1


def test_a_corrected_payslip_counts_once_and_missing_ones_say_nothing(cast, grievance):
    with cast.acting("rosa") as by:
        watch = reprisal.watch(grievance, by=by, on=ON)
        assert [(row.before, row.after, row.signal) for row in watch.compared] == [(None, None, False)] * 3


def test_another_room_and_an_end_after_filing_are_signals(cast, grievance):
    placement = cast.placement("IH-001")
    with cast.acting("ines") as by:
        room = Room.objects.create(
            pilot_id=placement.pilot_id, site_id=placement.site_id, employer_id=placement.employer_id, name="7"
        )
        HousingStay.objects.create(
            pilot_id=placement.pilot_id, placement=placement, room=room, employer_id=placement.employer_id,
            starts_on=ON + timedelta(days=3),
        )  # fmt: skip
    with cast.acting("rosa") as by:
        watch = reprisal.watch(grievance, by=by, on=ON + timedelta(weeks=1))
        assert [(row.words, row.signal) for row in watch.happened] == [("Moved to another room", True)]


def test_only_whoever_knows_the_person_can_watch(cast, grievance):
    with cast.acting("lena") as by:
        assert reprisal.watch(grievance, by=by, on=ON) is None
