"""The door of the journey: who moves, who is refused and why."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from workers.journey.door import Asked, Outcome, move, move_each, preview
from workers.models import Hold, JourneyEvent, Placement, PlacementState

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 20)


def test_a_set_moves_and_each_placement_gets_its_event(cast, today):
    with cast.acting("ines") as by:
        nominated = Placement.objects.filter(state__step="nominated")
        ids = set(nominated.values_list("pk", flat=True))
        outcome = move(nominated, "shortlist", by=by, at=ON, today=today, note="first look")
        assert set(outcome.moved) == ids
        assert outcome.refused == ()
        assert set(PlacementState.objects.filter(step="shortlisted").values_list("pk", flat=True)) == ids
        event = JourneyEvent.objects.filter(to_step="shortlisted", happened_on=ON).first()
        assert (event.from_step, event.note, event.user_id) == ("nominated", "first look", by.user_id)


def test_an_empty_set_moves_nobody_and_still_asks_for_the_right(cast, today):
    with cast.acting("ines") as by:
        assert move(Placement.objects.none(), "shortlist", by=by, at=ON, today=today) == Outcome()
    with cast.acting("sefo") as by, pytest.raises(PermissionDenied):
        move(Placement.objects.filter(pk__in=[]), "arrive", by=by, at=ON, today=today)


def test_a_preview_answers_as_the_move_would_and_changes_nothing(cast, today):
    with cast.acting("ines") as by:
        everybody = Placement.objects.all()
        before = set(PlacementState.objects.values_list("pk", "step", "version"))
        shown = preview(everybody, "shortlist", by=by, at=ON, today=today)
        assert set(PlacementState.objects.values_list("pk", "step", "version")) == before
        assert shown == move(everybody, "shortlist", by=by, at=ON, today=today)
        assert shown.moved
        assert shown.refused


def test_every_reason_of_a_refusal_is_given_at_once(cast, today):
    with cast.acting("ines") as by:
        one = Placement.objects.filter(person__worker_code="IH-004")
        outcome = move(one, "select", by=by, at=date(2026, 7, 9), today=today)
        (refusal,) = outcome.refused
        assert set(refusal.guards) >= {"wrong_step", "date_not_in_future", "has_job_order"}
        assert all(refusal.reasons)
        assert outcome.moved == ()


def test_a_hold_stops_the_programmes_decisions_but_not_a_return_home(cast, today):
    ready = cast.placement("IH-003")
    working = cast.placement("IH-001")
    with cast.acting("ines") as by:
        for placement in (ready, working):
            Hold.objects.create(
                pilot=placement.pilot, placement=placement, recruiter_id=placement.recruiter_id,
                employer_id=placement.employer_id, source="finding:1", words="A finding is open.",
            )  # fmt: skip
        stopped = move(Placement.objects.filter(pk=ready.pk), "deploy", by=by, at=ON, today=today)
        assert stopped.refused[0].guards == ("no_hold",)
        home = move(Placement.objects.filter(pk=working.pk), "leave_country", by=by, at=ON, today=today)
        assert home.moved == (working.pk,)


def test_a_recruiter_moves_its_own_people_only(cast, today):
    rival = cast.placement("RR-003")
    own = cast.placement("IH-004")
    with cast.acting("sefo") as by:
        rows = [Asked(rival.pk, ON), Asked(own.pk, ON)]
        outcome = move_each(rows, "shortlist", by=by, today=today)
    assert outcome.moved == (own.pk,)
    assert outcome.refused[0].placement_id == rival.pk
    assert outcome.refused[0].guards == ("not_found",)


def test_a_recruiter_may_not_record_what_happens_abroad(cast, today):
    with cast.acting("sefo") as by, pytest.raises(PermissionDenied):
        move(Placement.objects.all(), "arrive", by=by, at=ON, today=today)


def test_a_job_order_is_never_overfilled(cast, today):
    from tests.cast import placements

    made = placements(cast, "tavi", "V1", "RX", [("nominated", None)] * 3)
    with cast.acting("ines") as by:
        from workers.journey.enrolment import assign

        assign(made, cast.job_order("Picking apples"), by=by)
        order = cast.job_order("Picking apples")
        order.places = 4  # three are taken
        order.save(update_fields=["places"])
        some = Placement.objects.filter(pk__in=made)
        assert len(move(some, "shortlist", by=by, at=ON, today=today).moved) == 3
        outcome = move(some, "select", by=by, at=ON, today=today)
        assert len(outcome.moved) == 1
        assert {r.guards for r in outcome.refused} == {("job_order_has_places",)}


def test_an_early_end_needs_a_reason_of_its_list(cast, today):
    working = Placement.objects.filter(person__worker_code="IH-001")
    with cast.acting("omar") as by:
        without = move(working, "resign", by=by, at=ON, today=today)
        assert without.refused[0].guards == ("reason_given",)
        assert move(working, "resign", by=by, at=ON, today=today, reason="better_offer").moved


def test_an_event_cannot_be_changed_afterwards(cast):
    from django.db import ProgrammingError, transaction

    with cast.acting("ines"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            JourneyEvent.objects.update(note="never happened")
