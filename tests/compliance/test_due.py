"""Who is due a check: computed from the journey, the scheme's days and the checks done."""

from datetime import date, timedelta

import pytest

from compliance.checking import Answered, record_check
from compliance.due import tally, worklist
from workers.journey.door import move
from workers.models import JourneyEvent, Placement

pytestmark = pytest.mark.django_db
GOOD = {
    "employment": {"D27": Answered("yes", shown_by="worker alone")},
    "arrival": {"C14": Answered("yes", shown_by="worker alone")},
    "after-return": {"F08": Answered("yes", shown_by="worker alone")},
    "pre-return": {"E01": Answered("yes", shown_by="document")},
}


def check(cast, code, stage, on):
    placement = cast.placement(code)
    with cast.acting("rosa") as by:
        record_check(placement.pk, stage, GOOD[stage], by=by, done_on=on, today=on)


def due(cast, code, on):
    placement = cast.placement(code)
    with cast.acting("rosa") as by:
        return {(d.stage, d.month): d for d in worklist(by, on=on, placement_id=placement.pk)}


def event(cast, code, step):
    placement = cast.placement(code)
    with cast.acting("ines"):
        return JourneyEvent.objects.get(placement=placement, to_step=step).happened_on


def test_the_arrival_check_is_due_within_fourteen_days_and_then_overdue(cast):
    arrived = event(cast, "IH-001", "arrived")
    last = arrived + timedelta(days=14)
    found = due(cast, "IH-001", last)["arrival", 0]
    assert (found.state, found.due_on) == ("due", last)
    assert due(cast, "IH-001", last + timedelta(days=1))["arrival", 0].state == "overdue"
    check(cast, "IH-001", "arrival", last)
    assert due(cast, "IH-001", last + timedelta(days=1))["arrival", 0].state == "done"


def test_a_late_arrival_check_is_not_asked_for_once_somebody_met_the_worker_at_work(cast):
    last = event(cast, "IH-001", "arrived") + timedelta(days=14)
    check(cast, "IH-001", "employment", last + timedelta(days=10))
    assert due(cast, "IH-001", last + timedelta(days=9))["arrival", 0].state == "overdue"
    assert due(cast, "IH-001", last + timedelta(days=10))["arrival", 0].state == "not reached"


def test_at_work_a_check_is_due_every_so_many_days_of_the_scheme_since_the_last(cast):
    began = event(cast, "IH-001", "working")
    every = timedelta(days=28)
    assert due(cast, "IH-001", began + every)["employment", 0].due_on == began + every
    check(cast, "IH-001", "employment", began + timedelta(days=20))
    assert due(cast, "IH-001", began + every)["employment", 0].state == "done"
    later = due(cast, "IH-001", began + timedelta(days=50))["employment", 0]
    assert (later.state, later.due_on) == ("overdue", began + timedelta(days=48))


def test_the_check_before_return_is_due_by_the_planned_end(cast):
    assert due(cast, "IH-001", date(2026, 8, 25))["pre-return", 0].due_on == date(2026, 8, 31)
    check(cast, "IH-001", "pre-return", date(2026, 8, 20))
    assert due(cast, "IH-001", date(2026, 9, 2))["pre-return", 0].state == "done"


def test_after_return_checks_are_due_after_one_six_and_twelve_months_and_a_missed_one_was_not_reached(cast):
    placement = cast.placement("IH-001")
    with cast.acting("ines") as by:
        rows = Placement.objects.filter(pk=placement.pk)
        for code, on in (("prepare_return", date(2026, 8, 20)), ("leave_country", date(2026, 8, 31)),
                         ("reach_home", date(2026, 9, 1))):  # fmt: skip
            assert move(rows, code, by=by, at=on, today=date(2026, 9, 1)).moved
    assert due(cast, "IH-001", date(2026, 9, 28))["after-return", 1].due_on == date(2026, 10, 1)
    found = due(cast, "IH-001", date(2027, 3, 2))
    assert (found["after-return", 1].state, found["after-return", 6].state) == ("not reached", "overdue")
    check(cast, "IH-001", "after-return", date(2027, 3, 5))
    assert due(cast, "IH-001", date(2027, 3, 6))["after-return", 6].state == "done"


def test_who_never_departed_owes_no_check_abroad(cast):
    assert {stage for stage, _month in due(cast, "IH-003", date(2026, 7, 1))} <= {"recruitment", "pre-departure"}


def test_a_check_told_in_confidence_does_not_count_as_the_routine_one(cast):
    began = event(cast, "IH-001", "working")
    on = began + timedelta(days=28)
    placement = cast.placement("IH-001")
    before = due(cast, "IH-001", on)["employment", 0]
    with cast.acting("rosa") as by:
        record_check(
            placement.pk, "employment", {"D11": Answered("no", shown_by="worker alone")}, by=by, done_on=on, today=on,
            told=True,
        )  # fmt: skip
    after = due(cast, "IH-001", on)["employment", 0]
    assert (after.state, after.due_on, after.last_on) == (before.state, before.due_on, before.last_on)


def test_the_list_runs_from_page_to_page_without_a_gap_or_a_double(cast, today):
    with cast.acting("rosa") as by:
        whole = worklist(by, on=today)
        pages, after = [], None
        while part := worklist(by, on=today, after=after, limit=2):
            pages += part
            after = (part[-1].due_on, part[-1].placement_id, part[-1].stage)
    assert pages == whole
    assert len(whole) > 3


def test_the_tally_counts_each_placement_once_per_stage_and_only_those_in_sight(cast, today):
    with cast.acting("rosa") as by:
        rows = tally(by, on=today)
        arrival = sum(r.placements for r in rows if r.stage == "arrival")
    assert arrival == 3
    with cast.acting("dana") as by:
        assert tally(by, on=today) == []
    with cast.acting("rosa") as by:
        listed = len(worklist(by, on=today, limit=500))
        assert listed == sum(r.placements for r in rows if r.state in ("due", "overdue"))


def test_one_statement_answers_however_many_placements(cast, today, django_assert_max_num_queries):
    with cast.acting("rosa") as by, django_assert_max_num_queries(3):  # pilots, their own values, the question
        worklist(by, on=today)
