"""Proof of a duty, taken back and given again; clocks started by hand; who may record whose; reminders that climb."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEvent
from accounts.scope import acting_as, operator_scope
from compliance.duties import recording
from compliance.duties.door import DONE, LATE, OVERDUE, due
from compliance.duties.reminding import latest, remind, sweep_duties
from compliance.models import DutyDischarge, DutyReminder
from lamp_portal import tasks

pytestmark = pytest.mark.django_db
ARRIVED = date(2026, 1, 26)
ON = date(2026, 3, 1)


@pytest.fixture
def palm(field):
    """The pilot under the scheme whose employer reports arrivals."""
    field.scheme("palm-short", destination="AU")
    return field


def record(field, key="10", code="IH-001", who="ines", on=ON, **changed):
    given = {"done_on": date(2026, 2, 5), "evidence": "Receipt 4711 of the department"} | changed
    with field.cast.acting(who) as by:
        found = [o for o in due(by, on=on, placement_id=field.placement(code).pk) if o.key == key]
        return recording.discharge(found, by=by, today=on, **given)[0]


def test_a_proof_says_when_what_and_who_and_the_duty_is_done(palm):
    row = record(palm, who="omar")
    owed = palm.one("10", ON, "IH-001")
    assert (owed.state, owed.done, owed.evidence) == (DONE, date(2026, 2, 5), "Receipt 4711 of the department")
    assert (row.who, row.employer_id, row.recruiter_id) == (
        "Omar Orchard", palm.placement("IH-001").employer_id, None,
    )  # fmt: skip
    assert palm.one("10", date(2026, 2, 4), "IH-001").state != DONE, "as asked before it was done"


def test_what_shows_it_stands_with_the_duty_and_not_in_the_trail_that_operators_read(palm):
    row = record(palm, evidence="CANARY receipt of Mele")
    with palm.cast.acting("ines") as by:
        recording.take_back(row, reason="CANARY it was Sione", by=by)
    with acting_as(operator_scope()):
        trail = list(AuditEvent.objects.filter(object_kind="duty").values_list("action", "reason"))
    assert sorted(trail) == [("duty done", ""), ("duty proof taken back", "")]


def test_done_after_its_day_is_late(palm):
    record(palm, done_on=date(2026, 2, 10))
    assert palm.one("10", ON, "IH-001").state == LATE


def test_one_proof_serves_several_workers(palm):
    with palm.cast.acting("omar") as by:
        found = [o for o in due(by, on=ON) if o.key == "10"]
        made = recording.discharge(found, done_on=date(2026, 2, 5), evidence="One report for all", by=by, today=ON)
    assert len(made) == len(found) == 2


@pytest.mark.parametrize(
    ("changed", "field_name", "words"),
    [
        ({"done_on": date(2026, 3, 2)}, "done_on", "lies in the future"),
        ({"done_on": date(2026, 1, 25)}, "done_on", "started on 2026-01-26"),
        ({"evidence": " "}, "evidence", "what shows that it was done"),
    ],
)
def test_what_cannot_be_is_refused_in_words(palm, changed, field_name, words):
    with pytest.raises(ValidationError) as wrong:
        record(palm, **changed)
    assert words in wrong.value.message_dict[field_name][0]


def test_twice_is_refused_until_the_first_is_taken_back(palm):
    first = record(palm)
    with palm.cast.acting("ines") as by:
        owed = palm_owed(palm, by)
        with pytest.raises(ValidationError, match="already recorded as done"):
            recording.discharge([owed], done_on=date(2026, 2, 6), evidence="Again", by=by, today=ON)
    with palm.cast.acting("ines") as by:
        recording.take_back(first, reason="It was another worker's report.", by=by)
        with pytest.raises(ValidationError, match="taken back already"):
            recording.take_back(first, reason="Again", by=by)
    assert palm.one("10", ON, "IH-001").state == OVERDUE
    again = record(palm, done_on=date(2026, 2, 8))
    assert palm.one("10", ON, "IH-001").done == date(2026, 2, 8)
    assert again.supersedes.withdrawn
    assert again.supersedes.supersedes_id == first.pk


def palm_owed(field, by):
    (owed,) = [o for o in due(by, on=ON, placement_id=field.placement("IH-001").pk) if o.key == "10"]
    return owed


def test_nothing_about_duties_is_changed_or_deleted(palm):
    row = record(palm)
    with palm.cast.acting("ines"):
        for statement in ("update compliance_dutydischarge set done_on = '2026-02-01'",
                          "delete from compliance_dutydischarge", "delete from compliance_dutyreminder"):  # fmt: skip
            with pytest.raises(Exception, match="permission denied"), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(statement)
        assert DutyDischarge.objects.get(pk=row.pk).done_on == date(2026, 2, 5)


def test_a_row_is_about_one_thing(palm):
    p = palm.placement("IH-001")
    with palm.cast.acting("ines") as by:
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyDischarge.objects.create(
                pilot_id=p.pilot_id, duty="10", started_on=ON, done_on=ON, evidence="x", user_id=by.user_id,
                organisation_id=by.organisation_id, who="x",
            )  # fmt: skip


def test_an_organisation_sees_and_records_its_own_duties_only(palm):
    palm.event("IH-001", "disengaged", date(2026, 2, 20))
    own = {o.key for o in palm.due(ON, who="omar")}
    assert {"10", "12"} <= own
    assert not own & {"16", "30"}, "the welfare person's and the worker's"
    assert {o.worker for o in palm.due(ON, who="omar") if o.worker} == {"IH-001", "IH-002"}
    assert {o.key for o in palm.due(ON, who="sefo")} == {"3"}, "what the sending unit owes with the employer"
    assert {o.pilot_id for o in palm.due(ON, who="dana")} == {palm.cast.pilot("azul").pk}
    for who, key in (("rosa", "10"), ("lena", "10")):
        with palm.cast.acting(who) as by:
            found = [o for o in due(by, on=ON) if o.key == key]
            with pytest.raises(PermissionDenied):
                recording.discharge(found[:1], done_on=ON, evidence="x", by=by, today=ON)
    row = record(palm, who="omar")
    with palm.cast.acting("olga"):
        assert not DutyDischarge.objects.exists()
    with palm.cast.acting("sefo"):
        assert not DutyDischarge.objects.exists(), "the employer's duty is not the recruiter's to read"
    with palm.cast.acting("omar"):
        assert DutyDischarge.objects.get().pk == row.pk


def test_a_clock_is_started_by_hand_only_where_no_record_starts_it(palm):
    pilot, p = palm.cast.pilot(), palm.placement("IH-001")
    good = {"about": p, "happened_on": ON, "known_on": ON, "words": "Told the foreman that he will leave.", "today": ON}
    with palm.cast.acting("omar") as by:
        assert [clock.key for clock in recording.by_hand(pilot, by)] == ["12", "15"]
        row = recording.start(pilot, key="12", by=by, **good)
        assert row.employer_id == p.employer_id
        with pytest.raises(ValidationError, match="not started by hand"):
            recording.start(pilot, key="10", by=by, **good)
        with pytest.raises(ValidationError, match="lies in the future"):
            recording.start(pilot, key="12", by=by, **good | {"known_on": ON + timedelta(days=1)})
        with pytest.raises(ValidationError, match="on the day it happens or later"):
            recording.start(pilot, key="12", by=by, **good | {"known_on": ON - timedelta(days=1)})
        with pytest.raises(ValidationError, match="in words what happened"):
            recording.start(pilot, key="12", by=by, **good | {"words": " "})
    with palm.cast.acting("sefo") as by:
        assert recording.by_hand(pilot, by) == []


def test_the_owner_hears_first_then_the_officer_then_the_manager(palm):
    due_on = ARRIVED + timedelta(days=14)

    def told(day):
        with palm.cast.acting("ines") as by:
            remind(due_on + timedelta(days=day), by=by)
            rows = DutyReminder.objects.filter(duty="10", placement=palm.placement("IH-001").pk).order_by("pk")
            return [(row.rung, row.addressee, row.organisation.slug) for row in rows.select_related("organisation")]

    assert told(-8) == []
    assert told(-7) == [("coming", "owner", "orchard-bay")]
    assert told(-6) == told(-7), "once for each rung"
    assert told(0)[1:] == [("due", "owner", "orchard-bay")]
    assert told(3)[2:] == [("late", "programme officer", "fair-passage")]
    assert told(11)[3:] == [("very late", "programme manager", "fair-passage")]
    assert told(60) == told(11), "nothing is said twice"


def test_a_duty_that_is_done_climbs_no_further_and_a_moved_day_climbs_again(palm):
    record(palm, on=date(2026, 2, 8), done_on=date(2026, 2, 8))
    with palm.cast.acting("ines") as by:
        made = remind(ON, by=by)
        assert not [row for row in made if row.duty == "10" and row.placement_id == palm.placement("IH-001").pk]
        assert [row for row in made if row.duty == "10" and row.placement_id == palm.placement("IH-002").pk]
    palm.event("IH-002", "arrived", date(2026, 1, 20))
    with palm.cast.acting("ines") as by:
        (again,) = [row for row in remind(ON, by=by) if row.duty == "10"]
        assert (again.started_on, again.due_on) == (date(2026, 1, 20), date(2026, 2, 3))
        assert latest([palm.one("10", ON, "IH-002")])


def test_the_workers_own_duty_is_told_to_the_programme(palm):
    with palm.cast.acting("ines") as by:
        remind(date(2026, 10, 20), by=by)
        (row,) = DutyReminder.objects.filter(duty="30", placement=palm.placement("IH-001").pk)
    assert (row.rung, row.addressee) == ("coming", "programme officer")


def test_an_employer_reads_the_reminders_of_its_own_duties_only(palm):
    with palm.cast.acting("ines") as by:
        remind(date(2026, 10, 20), by=by)
    with palm.cast.acting("omar") as by:
        assert set(DutyReminder.objects.values_list("employer_id", flat=True)) == {by.organisation_id}
    with palm.cast.acting("dana"):
        assert not DutyReminder.objects.exists()


def test_every_night_the_portal_reminds_by_itself_in_every_pilot(palm, capsys, monkeypatch):
    made = sweep_duties(ON)
    assert {row.pilot_id for row in made} == {palm.cast.pilot("verde").pk, palm.cast.pilot("azul").pk}
    assert sweep_duties(ON) == []
    call_command("remind_duties", on=ON + timedelta(days=60))
    assert "reminders written" in capsys.readouterr().out
    monkeypatch.setattr(tasks, "sweep_duties", lambda day: made.append(day))
    tasks.remind_duties()
    assert isinstance(made[-1], date)
