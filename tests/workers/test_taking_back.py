"""A move that was a mistake: taken back by whoever made it, together or one by one, or by a second pair of eyes later."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.roles import COMPILER_DB_ROLE
from accounts.scope import acting_as
from compliance.models import RuleMark
from reports.metrics.gathering import EVENTS
from workers.journey import taking_back as door
from workers.journey.door import move
from workers.journey.enrolment import assign
from workers.models import JourneyEvent, MoveCorrection, MoveTakenBack, PayRecord, Placement, PlacementState, RollupMark

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 20)


def now() -> datetime:
    return timezone.now()


def stands(cast, code: str) -> str:
    return cast.placement(code).state.step


def moved(cast, code: str, by_move: str, who: str = "ines", today=date(2026, 7, 1), **given) -> JourneyEvent:
    one = cast.placement(code)
    with cast.acting(who) as by:
        outcome = move(Placement.objects.filter(pk=one.pk), by_move, by=by, at=ON, today=today, **given)
        assert outcome.moved, [r.reasons for r in outcome.refused]
        return door.last_move(one.pk)


def pay(cast, code: str, who: str = "ines") -> None:
    one = cast.placement(code)
    with cast.acting(who):
        PayRecord.objects.create(
            pilot_id=one.pilot_id, placement=one, cohort_id=one.cohort_id, recruiter_id=one.recruiter_id,
            employer_id=one.employer_id, period_start=date(2026, 6, 1), period_end=date(2026, 6, 14), gross=100, net=100,
            currency="NZD",
        )  # fmt: skip


def marks(cast) -> tuple[int, int]:
    """How often rules and roll-ups were told to look again."""
    with acting_as(replace(cast.scope("ines"), db_role=COMPILER_DB_ROLE)):
        return RuleMark.objects.count(), RollupMark.objects.count()


def test_whoever_made_a_move_takes_it_back_and_everything_that_is_counted_follows(cast):
    before = cast.placement("IH-001").state
    event = moved(cast, "IH-001", "start_leave", note="by the sea")
    before_marks = marks(cast)
    with cast.acting("ines") as by:
        assert door.take_back([event], by=by, now=now(), why="the wrong line").done == (event.placement_id,)
        state = PlacementState.objects.get(pk=event.placement_id)
        assert (state.step, state.since, state.version) == ("working", before.since, event.version + 1)
        assert not JourneyEvent.objects.filter(pk=event.pk).exists()
        kept = MoveTakenBack.objects.get()
        assert (kept.event_id, kept.to_step, kept.note, kept.why) == (
            event.pk,
            "on_leave",
            "by the sea",
            "the wrong line",
        )
        assert kept.taken_back_by_id == by.user_id
    assert all(now > then for now, then in zip(marks(cast), before_marks, strict=True))
    assert moved(cast, "IH-001", "start_sick_leave").from_step == "working"


def test_a_report_as_of_before_still_knows_the_move_and_one_as_of_after_does_not(cast):
    event = moved(cast, "IH-001", "start_leave")
    between = now()
    with cast.acting("ines") as by:
        door.take_back([event], by=by, now=now())
        given = {"pilot": event.pilot_id, "cut": date(2026, 12, 31)}
        asked = f"select count(*) from ({EVENTS}) e where to_step = 'on_leave'"
        for as_of, n in ((between, 1), (now(), 0)):
            with connection.cursor() as cursor:
                cursor.execute(asked, given | {"as_of": as_of})
                assert cursor.fetchone() == (n,)


def test_what_somebody_else_made_what_is_old_and_what_later_facts_stand_on_stays(cast):
    event = moved(cast, "IH-001", "start_leave")
    with cast.acting("mara") as by:
        assert door.take_back([event], by=by, now=now()).refused == {
            event.placement_id: ("Somebody else recorded it.",)
        }
    with cast.acting("ines") as by:
        late = door.take_back([event], by=by, now=now() + timedelta(hours=25))
        assert late.refused == {event.placement_id: ("It was recorded more than 24 hours ago.",)}
    pay(cast, "IH-001")
    with cast.acting("ines") as by:
        said = door.take_back([event], by=by, now=now()).refused[event.placement_id]
        assert said == ("Later facts stand on it: a payslip.",)
    moved(cast, "IH-001", "return_to_work")
    with cast.acting("ines") as by:
        (said,) = door.take_back([event], by=by, now=now()).refused[event.placement_id]
    assert said == "Later facts stand on it: a later move, a payslip."
    assert stands(cast, "IH-001") == "working"


def test_a_place_that_was_given_away_is_not_taken_back(cast):
    event = moved(cast, "RR-002", "withdraw", reason="family_needs")
    one = cast.placement("RR-003")
    with cast.acting("ines") as by:
        assign([one.pk], cast.job_order("Pruning vines"), by=by)
    for code in ("shortlist", "select"):
        moved(cast, "RR-003", code)
    with cast.acting("ines") as by:
        (said,) = door.take_back([event], by=by, now=now()).refused[event.placement_id]
    assert said == "Its place on the job order was given to somebody else."


def test_the_database_takes_back_for_nobody_else_and_deletes_nothing_that_was_not_put_aside(cast):
    event = moved(cast, "IH-001", "start_leave")
    asked = "select * from workers_take_back(%s, '', null)"
    for who in ("mara", "omar", "sefo"):
        with cast.acting(who), connection.cursor() as cursor:
            cursor.execute(asked, [[event.pk]])
            assert cursor.fetchall() == []
    for who in ("rosa", "lena"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            cast.acting(who),
            connection.cursor() as cursor,
        ):
            cursor.execute(asked, [[event.pk]])
    with connection.cursor() as cursor:  # the owner, too, is bound by the policy
        cursor.execute(
            "select qual from pg_policies where tablename = 'workers_journeyevent' and policyname = 'owner_delete'"
        )
        assert "workers_movetakenback" in cursor.fetchone()[0]


def test_an_act_on_many_is_undone_from_its_message_as_one_or_as_far_as_it_can_be(cast, sign_in):
    client = sign_in("ines")
    rows = [cast.placement(code) for code in ("IH-001", "IH-002")]
    ticked = [f"{one.pk}-{one.state.version}" for one in rows]
    asked = {"move": "start_leave", "happened_on": ON.isoformat(), "placement": ticked}

    def act() -> str:
        ticked[:] = [f"{one.pk}-{cast.placement(one.person.worker_code).state.version}" for one in rows]
        shown = client.post(f"/cohorts/{rows[0].cohort_id}/moves/", asked | {"placement": ticked}, follow=True)
        return re.search(r'action="(/acts/[0-9a-f]+/taking-back/)"', shown.content.decode())[1]

    undone = client.post(act(), {"all": "1"})
    assert undone.status_code == 303
    assert {stands(cast, "IH-001"), stands(cast, "IH-002")} == {"working"}
    url = act()
    pay(cast, "IH-002")
    shown = client.post(url, {"all": "1"})
    assert shown.status_code == 422
    assert "Later facts stand on it: a payslip." in shown.content.decode()
    assert {stands(cast, "IH-001"), stands(cast, "IH-002")} == {"on_leave"}
    assert client.post(url, {"placement": [rows[0].pk], "why": "the wrong day"}).status_code == 303
    assert (stands(cast, "IH-001"), stands(cast, "IH-002")) == ("working", "on_leave")
    assert sign_in("mara").get(url).status_code == 404  # an act is undone by whoever did it
    told = client.get(f"/placements/{rows[0].pk}/").content.decode()
    assert "Taken back: On leave" in told
    assert "the wrong day" in told


def test_one_move_is_taken_back_on_its_page_by_who_made_it(cast, sign_in):
    event = moved(cast, "IH-001", "start_leave", who="omar")
    url = f"/placements/{event.placement_id}/takings-back/"
    page = sign_in("omar").get(f"/placements/{event.placement_id}/last-move/").content.decode()
    assert "Take the move back" in page
    refused = sign_in("ines").post(url, {"event": event.pk})
    assert refused.status_code == 422
    assert "Somebody else recorded it." in refused.content.decode()
    assert sign_in("omar").post(url, {"event": event.pk - 1}).status_code == 303  # an older page: nothing is done
    assert stands(cast, "IH-001") == "on_leave"
    assert sign_in("omar").post(url, {"event": event.pk})["Location"] == f"/placements/{event.placement_id}/"
    assert stands(cast, "IH-001") == "working"


def test_a_death_recorded_by_mistake_goes_back_by_a_second_pair_of_eyes(cast, sign_in):
    event = moved(cast, "IH-001", "record_death", who="omar")
    client = sign_in("ines")
    page = client.get(f"/placements/{event.placement_id}/last-move/").content.decode()
    assert "Somebody else recorded it." in page
    asked = client.post(f"/placements/{event.placement_id}/move-corrections/", {"why": "Somebody of the same name."})
    assert asked.status_code == 303
    again = client.post(f"/placements/{event.placement_id}/move-corrections/", {"why": "Once more."})
    assert again.status_code == 422
    decide = asked["Location"] + "decisions/"
    assert client.post(decide, {"decision": "accept", "why": "yes"}).status_code == 403
    manager = sign_in("mara")
    assert "Somebody of the same name." in manager.get(asked["Location"]).content.decode()
    assert manager.post(decide, {"decision": "accept", "why": ""}).status_code == 422
    assert manager.post(decide, {"decision": "accept", "why": "Seen the papers."}).status_code == 303
    assert stands(cast, "IH-001") == "working"
    assert manager.post(decide, {"decision": "accept", "why": "again"}).status_code == 422
    with cast.acting("mara"):
        kept = MoveTakenBack.objects.select_related("correction").get()
        assert (kept.to_step, kept.correction.decision) == ("deceased", "accepted")


def test_nobody_decides_what_they_asked_themselves_and_a_refusal_changes_nothing(cast):
    event = moved(cast, "IH-001", "start_leave", who="mara")
    with cast.acting("mara") as by:
        one = door.ask(event, by=by, why="a mistake")
        with pytest.raises(door.CannotCorrect, match="Somebody else"):
            door.decide(one.pk, accept=True, by=by, now=now())
    with cast.acting("ines") as by, pytest.raises(PermissionDenied):
        door.decide(one.pk, accept=True, by=by, now=now())
    assert stands(cast, "IH-001") == "on_leave"
    with cast.acting("ines") as by:
        MoveCorrection.objects.filter(pk=one.pk).update(asked_by=by.user_id)
    with cast.acting("mara") as by:
        assert door.decide(one.pk, accept=False, by=by, now=now(), why="it is true").decision == "refused"
    assert stands(cast, "IH-001") == "on_leave"


def test_a_correction_whose_move_is_no_longer_the_last_is_refused_with_a_sentence(cast):
    event = moved(cast, "IH-001", "start_leave")
    with cast.acting("ines") as by:
        one = door.ask(event, by=by, why="a mistake")
    moved(cast, "IH-001", "return_to_work")
    with cast.acting("mara") as by, pytest.raises(door.CannotCorrect, match="no longer the last move"):
        door.decide(one.pk, accept=True, by=by, now=now())
    with cast.acting("mara"):
        assert MoveCorrection.objects.get().decision == ""
