"""Two at once, what was taken between the check and the commit, and how far a long sheet is."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.jobs import Progress
from accounts.models import AuditEvent
from accounts.scope import acting_as
from tests.workers.sheets.test_door import ROWS, opened, verdicts, workbook
from workers.models import IdentityDocument, Person
from workers.sheets import matching
from workers.sheets.door import NotCommitted, check, commit

pytestmark = pytest.mark.django_db(transaction=True)


def record_at_once(batches, by):
    """Commit each batch in a thread of its own, all at the same moment; answers what each was told."""
    outcomes, together = [], Barrier(len(batches))

    def record(batch):
        try:
            together.wait(10)
            with acting_as(by):
                outcomes.append(commit(batch, by=by))
        except NotCommitted as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    threads = [Thread(target=record, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def recorded():
    """How often the rows of the list stand in the tables."""
    people = Person.objects.filter(worker_code__startswith="NEW-").count()
    return people, IdentityDocument.objects.filter(number__startswith="T90000").count()


def test_the_same_file_twice_at_once_is_recorded_once(cast, today):
    content = workbook()
    with cast.acting("sefo") as by:
        batches = [check(opened(cast, by, content), by=by, today=today) for _n in range(2)]
    outcomes = record_at_once(batches, by)
    assert sorted(o.new if not isinstance(o, str) else -1 for o in outcomes) == [-1, 2]
    assert "This very file was already committed." in str(next(o for o in outcomes if isinstance(o, str)))
    with cast.acting("sefo"):
        assert recorded() == (2, 2)


def test_two_people_who_press_record_on_one_sheet_at_once_record_it_once(cast, today):
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by), by=by, today=today)
        twin = type(batch).objects.select_related("pilot__corridor").get(pk=batch.pk)
    outcomes = record_at_once([batch, twin], by)
    assert sorted(o.new if not isinstance(o, str) else -1 for o in outcomes) == [-1, 2]
    assert "This sheet is already recorded." in outcomes
    with cast.acting("sefo"):
        assert recorded() == (2, 2)
    with cast.acting("ines"):
        assert AuditEvent.objects.filter(action="import committed", object_id=batch.pk).count() == 1


def test_new_people_are_not_judged_again_and_a_number_taken_meanwhile_is_still_found(cast, today, monkeypatch):
    asked, judge = [], matching.judge

    def counted(batch, by):
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from sheet")
            asked.append(cursor.fetchone()[0])
        judge(batch, by)

    monkeypatch.setattr(matching, "judge", counted)
    with cast.acting("sefo") as by:
        first, second = (check(opened(cast, by, workbook(rows)), by=by, today=today) for rows in (ROWS[:1], ROWS))
        assert asked == [1, 2]
        assert commit(first, by=by, today=today).new == 1
        assert asked[2:] == [], "no row of the first changed what is recorded, so none was looked at"
        done = commit(second, by=by, today=today)
        assert asked[2:] == [2], "a constraint spoke, so every row was judged anew"
        assert (done.new, done.same, done.conflict) == (1, 1, 0)
        assert verdicts(second) == {2: "same", 3: "new"}
        assert recorded() == (2, 2)


def test_a_passport_taken_meanwhile_by_another_person_is_a_conflict_of_that_row_alone(cast, today):
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by), by=by, today=today)
        other = ["NEW-9", "Vea", "Ana", "F", "1990-01-01", "Tonga", "T900001", "Tonga", "2031-02-28", "", "", "", ""]
        commit(check(opened(cast, by, workbook([other])), by=by, today=today), by=by, today=today)
        done = commit(batch, by=by, today=today)
        assert (done.new, done.conflict) == (1, 1)
        assert verdicts(batch) == {2: "conflict", 3: "new"}


def test_a_long_sheet_tells_how_far_it_is(cast, today):
    told = []

    class Heard(Progress):
        def say(self, words, done=None, total=None):
            super().say(words, done, total)
            told.append((self.words, self.done, self.total))

    rows = [[f"NEW-{n}", "Vea", "Ana", "F", "1990-01-01", "Tonga", *[""] * 7] for n in range(2500)]
    with cast.acting("sefo") as by:
        batch = check(opened(cast, by, workbook(rows)), by=by, today=today, progress=Heard())
        commit(batch, by=by, today=today, progress=Heard())
    words, percent = [w for w, _d, _t in told], [d for _w, d, _t in told]
    assert words[0] == "Reading the rows: 1000 of about 2500"
    assert words[-1] == "Recording 2500 rows"
    assert percent[-2:] == [20, 100], "recorded, block by block"
    assert percent[:-2] == sorted(percent[:-2])
    assert {total for _w, _d, total in told} == {100}
