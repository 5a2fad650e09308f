"""Whose time is over stands for nobody any more; what is open holds it; figures and editions stay."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from accounts.models import AuditEvent, History
from accounts.privacy import Privacy
from accounts.scope import acting_as, operator_scope
from compliance.findings import resolve
from compliance.models import (
    CheckAnswer,
    CorrectiveAction,
    CorrectiveStep,
    Finding,
    FindingEvent,
    GrievanceIdentity,
    RemedyEntry,
    RetentionRun,
)
from compliance.remedies.actions import put, withdraw
from compliance.retaining.forgetting import forget
from compliance.retaining.terms import TERMS, Fate
from lamp_portal.deleting import delete_files
from lamp_portal.privacy import ALL
from tests.compliance.test_corrective_actions import told
from tests.compliance.test_remedy_ledger import enter, opened
from tests.grievances.conftest import filed
from tests.workers.files.test_retention import go_home
from workers.journey.door import move
from workers.models import IdentityDocument, Note, Person, PersonBackground, PersonContact, Placement, Task
from workers.notes import door as note_door
from workers.notes import tasks as task_door
from workers.notes.about import about_cohort, about_placement

pytestmark = pytest.mark.django_db
RETURNED = date(2026, 6, 1)


def at(years: float, day: date = RETURNED) -> datetime:
    return datetime.combine(day + timedelta(days=round(365.25 * years)), datetime.min.time(), UTC)


def person(cast, code="IH-001") -> Person:
    with cast.acting("lena"):
        return Person.objects.get(pk=cast.placement(code).person_id)


def test_nobody_is_forgotten_while_abroad_or_before_seven_years(cast):
    forget(now=at(30), really=True)
    assert person(cast).worker_code == "IH-001"  # still at work, as far as anybody wrote down
    go_home(cast)
    forget(now=at(6.9), really=True)
    assert person(cast).worker_code == "IH-001"


def test_seven_years_after_the_stay_nothing_says_who_it_was_and_the_steps_stay(cast):
    pk = cast.placement("IH-001").person_id
    go_home(cast)
    with cast.acting("ines"):
        before = Placement.objects.get(person_id=pk)
        names = Person.objects.values_list("family_name", "given_names").get(pk=pk)
    done = forget(now=at(7.1), really=True)
    assert done.people >= 1
    with cast.acting("ines"):
        found = Person.objects.get(pk=pk)
        assert (found.worker_code, found.family_name, found.given_names) == (f"erased-{pk}", "erased", "")
        assert (found.birth_date, found.nationality, found.village) == (None, "", "")
        assert not PersonContact.objects.filter(person_id=pk).exists()
        assert not PersonBackground.objects.filter(person_id=pk).exists()
        numbers = IdentityDocument.objects.filter(person_id=pk).values_list("number", flat=True)
        assert all(number.startswith("erased-") for number in numbers)
        assert Placement.objects.get(person_id=pk).pk == before.pk
        kept = json.dumps(list(History.objects.filter(before__isnull=False).values_list("before", flat=True)))
    for name in filter(None, names):
        assert name not in kept


def test_it_is_done_once(cast):
    go_home(cast)
    assert forget(now=at(7.1), really=True).people >= 1
    assert forget(now=at(7.1), really=True).people == 0


def test_a_dry_run_says_what_would_go_and_changes_nothing(cast):
    go_home(cast)
    said = forget(now=at(7.1), really=False)
    assert said.people >= 1
    assert person(cast).worker_code == "IH-001"
    assert forget(now=at(7.1), really=True).people == said.people


def test_never_placed_goes_after_two_years(cast):
    with cast.acting("ines"):
        pilot = cast.pilot()
        Person.objects.create(pilot=pilot, worker_code="NEW-1", family_name="Nova", recruiter_id=None)
        recorded = Person.objects.get(worker_code="NEW-1").recorded_at
    assert forget(now=recorded + timedelta(days=700), really=False).people == 0
    assert forget(now=recorded + timedelta(days=760), really=True).people == 1
    with cast.acting("ines"):
        assert not Person.objects.filter(worker_code="NEW-1").exists()


def test_a_grievance_holds_nothing_that_others_see_and_keeps_who_told_it_for_its_readers(cast, today):
    go_home(cast)
    pk = cast.placement("IH-001").person_id
    without = forget(now=at(7.1), really=False)
    case = filed(cast).grievance
    assert forget(now=at(7.1), really=False) == without
    with cast.acting("ines"):
        name = Person.objects.get(worker_code="IH-001").family_name
    forget(now=at(7.1), really=True)
    with cast.acting("ines"):
        assert Person.objects.get(pk=pk).worker_code == f"erased-{pk}"
    with cast.acting("rosa"):
        kept = GrievanceIdentity.objects.get(grievance=case)
        assert name in kept.name
        assert "IH-001" in kept.name
    for who in ("lena", "ines"):
        with cast.acting(who):
            assert not GrievanceIdentity.objects.exists()


def test_an_open_finding_holds(cast, today):
    free = forget(now=at(7.1), really=False)
    opened(cast, today, "IH-001")
    go_home(cast)
    held = forget(now=at(7.1), really=False)
    assert held.held == free.held + 1
    forget(now=at(7.1), really=True)
    assert person(cast).worker_code == "IH-001"


def test_what_was_told_in_confidence_holds_nothing_and_keeps_who_it_is_about_for_its_readers(cast, today):
    """A name that stays while others go would tell the employer that something was told."""
    told(cast, today)
    with cast.acting("ines"):
        worker = Person.objects.get(worker_code="IH-001")
    with cast.acting("omar") as by:
        for step in ("leave_country", "reach_home"):
            assert not move(Placement.objects.filter(person=worker), step, by=by, at=RETURNED, today=RETURNED).refused
    assert forget(now=at(7.1), really=False).held == 0
    forget(now=at(7.1), really=True)
    with cast.acting("omar"):
        assert Person.objects.get(pk=worker.pk).worker_code == f"erased-{worker.pk}"
    kept = FindingEvent.objects.filter(kind="kept")
    with cast.acting("rosa"):
        assert worker.family_name in kept.get().words
        assert "IH-001" in kept.get().words
    with cast.acting("ines"):
        assert not kept.all().exists()


def test_the_dry_run_says_what_holds_people(cast, today):
    opened(cast, today, "IH-001")
    go_home(cast)
    said = forget(now=at(7.1), really=False)
    assert said.why == {"finding": said.held, "hold": 0, "action": 0, "payment": 0, "money": 0, "law": 0}


def test_every_run_is_written_down_also_where_nothing_was_due(cast):
    forget(now=at(0), really=True)
    forget(now=at(0), really=False)
    delete_files(now=at(0))
    with acting_as(operator_scope()):
        assert list(RetentionRun.objects.order_by("id").values_list("door", flat=True)) == ["people", "files"]
    with pytest.raises(DatabaseError, match="permission denied"), cast.acting("ines"):
        RetentionRun.objects.exists()


def test_money_that_is_owed_holds(cast, today):
    finding = opened(cast, today, "IH-001")
    enter(cast, finding, "claimed", "10", today)
    go_home(cast)
    assert forget(now=at(7.1), really=False).held >= 1


def test_what_showed_an_answer_goes_after_two_years_and_the_answer_stays(cast, today):
    from compliance.checking import Answered, record_check

    answered = {"D02": Answered("yes", shown_by="document", evidence="CANARY-seen")}
    with cast.acting("rosa") as by:
        done = record_check(cast.placement("IH-001").pk, "employment", answered, by=by, done_on=today, today=today)
    go_home(cast)
    assert forget(now=at(1.9), really=True).answers == 0
    assert forget(now=at(2.1), really=True).answers == 1
    with cast.acting("rosa"):
        answer = CheckAnswer.objects.get(check_record_id=done.checks[0])
        assert (answer.answer, answer.evidence) == ("yes", "erased")


def test_the_audit_trail_gets_one_line_of_counts_and_none_for_a_dry_run(cast):
    go_home(cast)
    forget(now=at(7.1), really=False)
    forget(now=at(7.1), really=True)
    with acting_as(operator_scope()):
        reasons = AuditEvent.objects.filter(object_kind="retention").values_list("reason", flat=True)
        assert len(reasons) == 1
        assert reasons[0].startswith("people ")


def test_the_command_says_what_would_go(cast):
    go_home(cast)
    out = StringIO()
    call_command("forget_people", "--on", "2033-07-01", "--dry-run", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert said["dry_run"] is True
    assert said["people"] >= 1
    assert person(cast).worker_code == "IH-001"


def test_every_table_with_what_says_who_a_person_is_has_a_term_or_a_reason():
    """A new table with personal, sensitive or restricted fields is named in ``terms.py``: with its fate, or kept and why."""
    grave = (Privacy.PERSONAL, Privacy.SENSITIVE, Privacy.RESTRICTED)
    named = [field for term in TERMS for field in term.fields]
    with_them = {
        model for app in ALL.values() for model, fields in app.items() if any(p in grave for p in fields.values())
    }
    assert with_them - set(named) == set()
    assert len(named) == len(set(named))
    assert all(bool(term.door) == (term.fate != Fate.KEPT) for term in TERMS)


def test_words_typed_about_findings_that_are_over_go_with_the_person_and_amounts_stay(cast, today):
    finding = opened(cast, today, "IH-001")
    for kind in ("claimed", "agreed", "paid"):
        enter(cast, finding, kind, "10", today)
    with cast.acting("ines") as by:
        action = put(
            [finding.pk],
            words="CANARY-do",
            owner_id=finding.employer_id,
            due_on=today,
            by=by,
            on=today,
            names_worker=True,
        )
        withdraw(action[0], by=by, on=today, reason="CANARY-withdrawn")
        resolve(Finding.objects.get(pk=finding.pk), by=by, on=today, remedy="CANARY-mended")
    go_home(cast)
    forget(now=at(7.1), really=True)
    with cast.acting("lena"):
        rows = [list(model.objects.values()) for model in
                (Finding, FindingEvent, RemedyEntry, CorrectiveAction, CorrectiveStep, History)]  # fmt: skip
        assert "CANARY" not in str(rows[:5])
        assert [row["amount"] for row in rows[2]] == [10, 10, 10]
    with acting_as(operator_scope()), connection.cursor() as cursor:
        cursor.execute("reset role")
        cursor.execute("select count(*) from accounts_history where before::text like '%CANARY%'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("last", [False, True])
def test_what_was_noted_and_asked_about_somebody_goes_with_them_and_of_a_cohort_with_its_last(cast, last):
    go_home(cast)
    home, stays = cast.placement("IH-001"), cast.placement("IH-002")
    with cast.acting("ines") as by:
        for about in (about_placement(home.pk), about_placement(stays.pk), about_cohort(home.cohort_id)):
            note = note_door.write(about, "Sione called", "own", by=by, at=at(0))
            note_door.correct(note, "Sione Tau called", by=by, at=at(0))
            task_door.give(about, "Call Sione", task_door.Holder(by.organisation_id), by=by, at=at(0))
        others = set(Placement.objects.filter(cohort=home.cohort_id).values_list("person_id", flat=True)) - {
            home.person_id
        }
    if last:
        with cast.acting("ines"):
            Person.objects.filter(pk__in=others).update(worker_code=Concat(Value("erased-"), Cast("pk", CharField())))
    forget(now=at(7.1), really=True)
    with cast.acting("ines"):
        texts = {(n.placement_id, n.text) for n in Note.objects.all()}
        words = {(t.placement_id, t.words) for t in Task.objects.all()}
    erased = {(home.pk, "erased")} | ({(None, "erased")} if last else set())
    kept = {stays.pk} if last else {stays.pk, None}
    assert texts == erased | {(pk, text) for pk in kept for text in ("Sione called", "Sione Tau called")}
    assert words == erased | {(pk, "Call Sione") for pk in kept}
