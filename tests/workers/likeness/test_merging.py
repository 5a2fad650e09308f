"""A merge joins two records and rewrites neither; undoing it gives back exactly what was."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.scope import acting_as, operator_scope
from compliance.models import RuleMark
from reports.metrics.declaring import ask
from tests.workers.likeness.people import record
from tests.workers.sheets.test_door import opened, workbook
from workers.journey.door import move
from workers.journey.enrolment import enrol
from workers.likeness.deciding import decide, undo
from workers.likeness.finding import seek
from workers.likeness.merging import NotMerged, merge, unmerge
from workers.models import (
    Consent,
    IdentityDocument,
    ImportBatch,
    ImportRow,
    LikePair,
    MergedPerson,
    MergeEvent,
    Person,
    Placement,
)
from workers.queries.placement import person_with_placements
from workers.queries.search import people_matching
from workers.sheets.door import check, commit
from workers.sheets.door import undo as take_back

pytestmark = pytest.mark.django_db
NOW, DAY = datetime(2026, 7, 1, 9, tzinfo=UTC), date(2026, 7, 1)
TABLES = ("workers_person", "workers_placement", "workers_identitydocument", "workers_consent", "workers_personcontact",
          "workers_ban", "workers_hold", "workers_mergedperson")  # fmt: skip


def merged(cast, keep, other, who="ines"):
    with cast.acting(who) as by:
        return merge(keep, other, by=by, reason="The same passport photo.")


def undone(cast, event):
    with cast.acting("ines") as by:
        return unmerge(event, by=by, reason="Two cousins.")


def pointers(cast, who="ines") -> dict[str, str]:
    with cast.acting(who):
        return {m.person.worker_code: m.keep.worker_code for m in MergedPerson.objects.select_related("person", "keep")}


def everything(cast) -> dict[str, list]:
    with cast.acting("ines"), connection.cursor() as cursor:
        answer = {}
        for table in TABLES:
            cursor.execute(f"select t::text from {table} t order by t::text")
            answer[table] = cursor.fetchall()
        return answer


def test_undoing_gives_back_every_row_as_it_was(cast):
    a, b = record(cast, "sefo", "S-1", phone="7712345"), record(cast, "sefo", "S-2", passport="TP200002")
    before = everything(cast)
    event = merged(cast, a, b)
    assert pointers(cast) == {"S-2": "S-1"}
    assert {k: v for k, v in everything(cast).items() if k != "workers_mergedperson"} == {
        k: v for k, v in before.items() if k != "workers_mergedperson"
    }
    undone(cast, event)
    assert everything(cast) == before
    with cast.acting("ines"), pytest.raises(NotMerged, match="undone already"):
        undone(cast, event)


def test_chains_point_at_the_last_and_come_apart_as_they_were_made(cast):
    a, b, c = (record(cast, "sefo", f"S-{n}") for n in (1, 2, 3))
    first = merged(cast, b, c)
    second = merged(cast, a, b)
    assert pointers(cast) == {"S-2": "S-1", "S-3": "S-1"}
    undone(cast, second)
    assert pointers(cast) == {"S-3": "S-2"}
    again = merged(cast, a, b)
    undone(cast, first)
    assert pointers(cast) == {"S-2": "S-1"}
    undone(cast, again)
    assert pointers(cast) == {}


def test_who_is_merged_is_not_merged_again_and_nobody_into_itself_or_another_pilot(cast):
    a, b, c = (record(cast, "sefo", f"S-{n}") for n in (1, 2, 3))
    merged(cast, a, b)
    for keep, other in ((c, b), (b, c), (a, a), (a, record(cast, "abel", "AZ-9"))):
        with cast.acting("ines") as by, pytest.raises(NotMerged):
            merge(keep, other, by=by, reason="The same.")
    with cast.acting("ines") as by, pytest.raises(NotMerged, match="reason"):
        merge(a, c, by=by, reason="")
    for who in ("sefo", "rosa", "lena", "omar", "dana"):
        with cast.acting(who) as by, pytest.raises((PermissionDenied, NotMerged)):
            merge(a, c, by=by, reason="The same.")


def test_the_database_refuses_a_placement_of_a_merged_person_and_the_door_takes_who_stands_for_them(cast):
    a, b = record(cast, "sefo", "S-1"), record(cast, "sefo", "S-2")
    merged(cast, a, b)
    cohort = cast.cohort("V1")
    with cast.acting("sefo") as by:
        with pytest.raises(IntegrityError, match="merged person"), transaction.atomic():
            Placement.objects.create(pilot_id=b.pilot_id, person=b, cohort=cohort, recruiter_id=b.recruiter_id)
        (made,) = enrol([b.pk], cohort, by=by, at=DAY)
        assert Placement.objects.get(pk=made).person_id == a.pk
        assert enrol([a.pk, b.pk], cohort, by=by, at=DAY) == []


def test_the_last_season_of_one_record_counts_for_the_other(cast):
    a = cast.placement("IH-001").person
    b = record(cast, "sefo", "S-1")
    merged(cast, b, a)
    with cast.acting("ines") as by:
        other = cast.cohort("V1")
        other.pk, other.code = None, "V2"
        other.save()
        (made,) = enrol([a.pk], other, by=by, at=DAY)
        assert (Placement.objects.get(pk=made).person_id, Placement.objects.get(pk=made).season) == (b.pk, 2)


def test_consent_withdrawn_on_one_record_is_withdrawn_and_a_passport_of_either_counts(cast):
    a = cast.placement("IH-004").person
    b = record(cast, "sefo", "S-1")
    ids = [cast.placement("IH-004").pk]

    def facts():
        with cast.acting("ines"), connection.cursor() as cursor:
            cursor.execute("select consent, passport_until from workers_journey_facts(%s)", [ids])
            return cursor.fetchone()

    with cast.acting("sefo"):
        common = {"person": b, "pilot_id": b.pilot_id, "recruiter_id": b.recruiter_id}
        Consent.objects.create(**common, purpose="participation", given_on=DAY, withdrawn_on=DAY)
        IdentityDocument.objects.create(
            **common, kind="passport", number="TP7", country="TO", expires_on=date(2040, 1, 1)
        )
    assert facts() == (True, date(2030, 1, 1))
    event = merged(cast, a, b)
    assert facts() == (False, date(2040, 1, 1))
    undone(cast, event)
    assert facts() == (True, date(2030, 1, 1))


def test_both_codes_find_both_histories_on_pages_and_in_sheets(cast):
    a, b = record(cast, "sefo", "S-1"), cast.placement("IH-005").person
    merged(cast, a, b)
    with cast.acting("sefo") as by:

        def ids(query):
            return set(Person.objects.filter(pk__in=people_matching(query, by)).values_list("pk", flat=True))

        assert ids("S-1") == ids("IH-005") == {a.pk, b.pk}
        assert [p.person_id for p in person_with_placements(a.pk)[1]] == [b.pk]
        headers = ["Worker ID", "Course", "Provider", "Date", "Score", "Passed", "Certificate"]
        sheet = workbook([["S-1", "Safety", "TVET", "2026-02-02", "88.5", "yes", "C-1"]], headers)
        batch = check(opened(cast, by, sheet, kind="training"), by=by, today=DAY)
        assert batch.summary["counts"]["refused"] == 0, list(
            ImportRow.objects.filter(batch=batch).values_list("problems", flat=True)
        )


def test_a_recruiter_whose_person_is_also_a_rivals_sees_and_does_what_it_did(cast):
    mine, theirs = record(cast, "tavi", "T-1"), record(cast, "sefo", "S-1")
    event = merged(cast, theirs, mine)
    assert pointers(cast, "tavi") == pointers(cast, "sefo") == {}
    assert pointers(cast) == {"T-1": "S-1"}
    with cast.acting("tavi") as by:
        (made,) = enrol([mine.pk], cast.cohort("V1"), by=by, at=DAY)
        assert Placement.objects.get(pk=made).person_id == mine.pk
        assert move(Placement.objects.filter(pk=made), "shortlist", by=by, at=DAY, today=DAY)
    with cast.acting("ines"):
        assert {p.pk for p in person_with_placements(theirs.pk)[1]} == {made}
    undone(cast, event)


def test_a_merge_and_its_undoing_mark_both_people_for_the_rules(cast):
    a, b = record(cast, "sefo", "S-1"), record(cast, "sefo", "S-2")
    with acting_as(operator_scope()):
        newest = max(RuleMark.objects.values_list("pk", flat=True), default=0)
    event = merged(cast, a, b)
    undone(cast, event)
    with acting_as(operator_scope()):
        marks = RuleMark.objects.filter(pk__gt=newest, kind="person").values_list("ids", flat=True)
        assert sorted(pk for ids in marks for pk in ids) == sorted([a.pk, b.pk] * 2)


def test_a_decision_same_merges_into_the_one_chosen_and_undoing_says_different(cast):
    a, b = record(cast, "sefo", "S-1"), record(cast, "tavi", "T-1")
    seek()
    with cast.acting("ines") as by:
        pair = LikePair.objects.get(first=a, second=b)
        assert decide(pair, "same", by=by, reason="Same photo.", at=NOW, today=DAY, keep_id=b.pk).state == "same"
        with pytest.raises(NotMerged, match="decided already"):
            decide(pair, "different", by=by, reason="No.", at=NOW, today=DAY)
    assert pointers(cast) == {"S-1": "T-1"}
    seek()
    with cast.acting("ines") as by:
        undo(MergeEvent.objects.get(other=a), by=by, reason="Cousins.", at=NOW, today=DAY)
        pair.refresh_from_db()
        assert (pair.state, pair.reason) == ("different", "Cousins.")
    assert pointers(cast) == {}


def test_people_counted_in_reports_are_people_and_not_records(cast):
    a, b = cast.placement("IH-001").person, cast.placement("RR-001").person
    count = "n as (select 1) select count(distinct person_id), count(*) from placements"
    given = {"pilot": a.pilot_id, "as_of": datetime(2100, 1, 1, tzinfo=UTC), "cut": DAY, "from": date(2026, 1, 1),
             "to": date(2026, 12, 31), "employer": None, "cohort": None}  # fmt: skip

    def people():
        with cast.acting("ines"):
            return ask(count, given)[0]

    before = people()
    event = merged(cast, a, b)
    assert people() == (before[0] - 1, before[1])
    undone(cast, event)
    assert people() == before


def test_somebody_merged_is_not_taken_back_with_the_sheet_that_added_them(cast):
    a = record(cast, "sefo", "S-1")
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by), by=by, today=DAY)
        commit(batch, by=by, today=DAY)
        b = Person.objects.get(worker_code="NEW-1")
    merged(cast, a, b)
    with cast.acting("sefo") as by:
        kept = take_back(batch, by=by, reason="The wrong file.").kept
    assert [row["worker"] if isinstance(row, dict) else row.worker for row in kept] == ["NEW-1"]


def test_whose_people_they_are_decides_who_sees_the_pointer_also_when_that_changes(cast):
    a, b = record(cast, "sefo", "S-1", phone="7712345"), record(cast, "sefo", "S-2", passport="TP200002")
    merged(cast, a, b)
    assert pointers(cast, "sefo") == {"S-2": "S-1"}
    with cast.acting("ines"):
        Person.objects.filter(pk=b.pk).update(recruiter=cast.organisation("reef-recruiting"))
    assert pointers(cast, "sefo") == pointers(cast, "tavi") == {}
    with cast.acting("ines"):
        Person.objects.filter(pk=a.pk).update(recruiter=cast.organisation("reef-recruiting"))
    assert (pointers(cast, "sefo"), pointers(cast, "tavi")) == ({}, {"S-2": "S-1"})


def test_an_employer_sees_the_pointer_only_where_both_worked_for_it_and_others_do_not_ask(cast):
    """The policy itself, in SQL: what no page asks for must not be there either."""
    with cast.acting("ines"):
        orchard, hill = (cast.organisation(slug).pk for slug in ("orchard-bay", "hill-vines"))
        mine = list(Placement.objects.filter(employer=orchard).select_related("person").order_by("pk")[:2])
        theirs = Placement.objects.filter(employer=hill).select_related("person").first()
    merged(cast, mine[0].person, mine[1].person)
    first = {mine[1].person.worker_code: mine[0].person.worker_code}
    assert (pointers(cast, "omar"), pointers(cast, "olga")) == (first, {})
    merged(cast, mine[0].person, theirs.person)
    assert (pointers(cast, "omar"), pointers(cast, "olga")) == (first, {})
    for who in ("rosa", "lena"):
        assert len(pointers(cast, who)) == 2
    assert pointers(cast, "dana") == {}
    for who in ("omar", "sefo", "rosa", "lena"):
        with cast.acting(who), pytest.raises(DatabaseError), transaction.atomic():
            MergedPerson.objects.filter(keep=mine[0].person).delete()
    for who in ("fay", "kofi"):
        with cast.acting(who), pytest.raises(DatabaseError), transaction.atomic():
            MergedPerson.objects.exists()


def test_people_of_an_undone_merge_are_taken_back_with_their_sheet_and_the_event_stays(cast, today):
    headers = ["Worker ID", "Family name", "Given names", "Date of birth"]
    with cast.acting("ines") as by:
        rows = [["S-1", "Tau", "Sione", "1994-05-17"], ["S-2", "Tau", "Sione", "1994-05-17"]]
        batch = check(opened(cast, by, workbook(rows, headers)), by=by, today=today)
        commit(batch, by=by, today=today)
        a, b = (Person.objects.get(worker_code=code) for code in ("S-1", "S-2"))
    event = merged(cast, a, b)
    with cast.acting("ines") as by:
        assert [row["worker"] for row in take_back(batch, by=by, reason="Wrong.").kept] == ["S-1", "S-2"]
    undone(cast, event)
    with cast.acting("ines") as by:
        done = take_back(ImportBatch.objects.get(pk=batch.pk), by=by, reason="Wrong.")
        assert (done.undone, done.kept) == (2, [])
        assert not Person.objects.filter(worker_code__in=["S-1", "S-2"]).exists()
        assert MergeEvent.objects.filter(keep_id=a.pk, other_id=b.pk).count() == 2


def test_an_event_names_two_people_of_its_pilot(cast):
    a, far = record(cast, "sefo", "S-1"), record(cast, "abel", "A-1")
    with cast.acting("ines") as by, pytest.raises(IntegrityError), transaction.atomic():
        MergeEvent.objects.create(
            pilot=cast.pilot(), kind="merge", keep=a, other_id=far.pk, reason="x", user_id=by.user_id
        )
