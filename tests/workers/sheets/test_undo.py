"""Taking a sheet back: what it added goes, what it changed returns, what has moved on stays and is named."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import DataError, connection, transaction
from django.utils import timezone

from tests.workers.sheets.test_door import MOVE_HEADERS, ROWS, opened, workbook
from workers.journey.door import move
from workers.journey.enrolment import assign, take_off
from workers.models import IdentityDocument, ImportBatch, JourneyEvent, Person, Placement
from workers.sheets.door import NotCommitted, Undone, check, commit, undo

pytestmark = pytest.mark.django_db
WHY = "the wrong file"


def recorded(cast, by, today, rows, headers=None, kind="workers"):
    content = workbook(rows, headers) if headers else workbook(rows)
    batch = check(opened(cast, by, content, kind=kind), by=by, today=today)
    commit(batch, by=by, today=today)
    return batch


def test_people_that_were_added_go_again_with_their_papers_and_nomination(cast, today):
    with cast.acting("sefo") as by:
        batch = recorded(cast, by, today, ROWS)
        done = undo(batch, by=by, reason=WHY)
        assert (done.undone, done.kept, batch.state) == (2, [], "undone")
        assert not Person.objects.filter(worker_code__startswith="NEW-").exists()
        assert not IdentityDocument.objects.filter(number="T900001").exists()
        assert Person.objects.filter(worker_code__startswith="IH-").count() == 5
        # The way is free again for the right file, and for this one.
        assert commit(check(opened(cast, by), by=by, today=today), by=by, today=today).new == 2


def test_somebody_who_moved_since_stays_and_is_named(cast, today):
    with cast.acting("sefo") as by:
        batch = recorded(cast, by, today, ROWS)
        people = Placement.objects.filter(person__worker_code="NEW-1")
        assert move(people, "shortlist", by=by, at=today, today=today).moved
        done = undo(batch, by=by, reason=WHY)
        assert done.undone == 1
        assert [(row["row"], row["worker"]) for row in done.kept] == [(2, "NEW-1")]
        assert "moved" in done.kept[0]["message"]
        assert JourneyEvent.objects.filter(placement__person__worker_code="NEW-1").count() == 2
        assert not Person.objects.filter(worker_code="NEW-2").exists()


def test_somebody_on_a_job_order_stays_until_taken_off_it(cast, today):
    with cast.acting("sefo") as by:
        batch = recorded(cast, by, today, ROWS)
        who = list(Placement.objects.filter(person__worker_code__startswith="NEW-").values_list("pk", flat=True))
        assert assign(who, cast.job_order("Picking apples"), by=by) == sorted(who)
        done = undo(batch, by=by, reason=WHY)
        assert (done.undone, [row["message"].partition(".")[0] for row in done.kept]) == (
            1, ["The placement is on a job order"],
        )  # fmt: skip
        assert undo(batch, by=by, reason=WHY) == Undone(0, done.kept), "what went is not named as what stays"
        assert take_off(who, by=by) == who
        assert undo(batch, by=by, reason=WHY) == Undone(1, [])
        assert (batch.summary["undone"], batch.summary["kept"], batch.state) == (2, [], "undone")
        assert not Person.objects.filter(worker_code__startswith="NEW-").exists()
        with pytest.raises(NotCommitted, match="taken back"):
            undo(batch, by=by, reason=WHY)


def test_a_row_that_others_point_at_stays(cast, today):
    from workers.models import Hold

    with cast.acting("sefo") as by:
        batch = recorded(cast, by, today, ROWS)
    with cast.acting("ines"):
        placement = Placement.objects.get(person__worker_code="NEW-1")
        Hold.objects.create(
            pilot_id=placement.pilot_id,
            placement=placement,
            recruiter_id=placement.recruiter_id,
            source="x:1",
            words=".",
        )
    with cast.acting("sefo") as by:
        done = undo(batch, by=by, reason=WHY)
        assert (done.undone, [row["worker"] for row in done.kept]) == (1, ["NEW-1"])
        assert Person.objects.filter(worker_code="NEW-1").exists()


def test_changed_fields_get_their_former_values(cast, today):
    headers = ["Worker ID", "Given names", "Phone", "Village", "Passport number", "Passport country"]
    rows = [["IH-001", "Renamed", "+676 7700099", "Kolovai", "T555555", "Tonga"]]
    with cast.acting("sefo") as by:
        batch = recorded(cast, by, today, rows, headers)
        assert undo(batch, by=by, reason=WHY).undone == 1
        person = Person.objects.get(worker_code="IH-001")
        assert (person.given_names, person.village, person.contact.phone) == ("Given1", "Village", "+6767000001")
        assert IdentityDocument.objects.get(person=person, kind="passport", replaced_at=None).number == "PIH001"


def test_what_somebody_changed_since_is_not_set_back(cast, today):
    with cast.acting("sefo") as by:
        batch = recorded(cast, by, today, [["IH-001", "Sheet"]], ["Worker ID", "Village"])
        Person.objects.filter(worker_code="IH-001").update(village="By hand")
        done = undo(batch, by=by, reason=WHY)
        assert (done.undone, len(done.kept), batch.state) == (0, 1, "committed")
        assert Person.objects.get(worker_code="IH-001").village == "By hand"


def test_moves_are_history_and_stay(cast, today):
    with cast.acting("sefo") as by:
        rows = [["IH-004", "Shortlisted", "2026-02-01", "", "", ""]]
        batch = recorded(cast, by, today, rows, MOVE_HEADERS, kind="moves")
        done = undo(batch, by=by, reason=WHY)
        assert (done.undone, [row["worker"] for row in done.kept], batch.state) == (0, ["IH-004"], "committed")


def test_it_takes_a_reason_and_the_organisation_that_sent_it(cast, today):
    from django.core.exceptions import PermissionDenied

    with cast.acting("sefo") as by:
        batch = recorded(cast, by, today, ROWS)
        with pytest.raises(NotCommitted, match="why"):
            undo(batch, by=by, reason=" ")
    with cast.acting("ines") as by, pytest.raises(PermissionDenied):
        undo(batch, by=by, reason=WHY)


def test_the_owners_hands_refuse_another_pilots_and_a_rivals_people_and_whoever_the_sheet_did_not_add(cast, today):
    from django.db import DatabaseError, connection, transaction

    rival, foreign, own = cast.placement("RR-003"), cast.placement("AZ-001"), cast.placement("IH-001")
    with cast.acting("sefo") as by, connection.cursor() as cursor:
        batch = recorded(cast, by, today, ROWS)

        def hands(placement):
            cursor.execute(
                "select * from workers_take_back(%s, %s, %s, %s)",
                [batch.pk, placement.pilot_id, [placement.person_id], [placement.pk]],
            )
            return cursor.fetchall()

        with pytest.raises(DatabaseError), transaction.atomic():
            hands(foreign)
        assert hands(rival) == []
        assert hands(own) == []
    assert cast.placement("RR-003").state.step == "nominated"


def test_a_recruiter_takes_people_back_for_a_day_and_learns_nothing_later(cast, today):
    """Who stays while others go would tell that something is recorded of them: a complaint, a talk in private."""
    with cast.acting("sefo") as by:
        batch = recorded(cast, by, today, ROWS)
        people = list(Person.objects.filter(worker_code__startswith="NEW-").values_list("pk", flat=True))
        ImportBatch.objects.filter(pk=batch.pk).update(committed_at=timezone.now() - timedelta(days=2))
        done = undo(ImportBatch.objects.get(pk=batch.pk), by=by, reason=WHY)
        assert done.undone == 0
        assert {row["message"].partition(";")[0] for row in done.kept} == {
            "People are taken back within a day of being recorded"
        }
        with connection.cursor() as cursor, suppress(DataError), transaction.atomic():
            cursor.execute("select * from workers_take_back(%s, %s, %s, '{}')", [batch.pk, batch.pilot_id, people])
            assert cursor.fetchall() == []
        assert Person.objects.filter(pk__in=people).count() == 2
