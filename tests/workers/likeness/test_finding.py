"""Look-alikes are found after they were recorded, by whomever, and asked about once."""

import json
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import ProgrammingError

from lamp_portal.tasks import seek_all_look_alikes, seek_look_alikes
from tests.workers.likeness.people import record
from workers.likeness.deciding import decide
from workers.likeness.finding import seek, seek_in
from workers.likeness.merging import NotMerged
from workers.models import LikeDecision, LikenessMark, LikePair, Person, PersonContact

pytestmark = pytest.mark.django_db
NOW, DAY = datetime(2026, 7, 1, 9, tzinfo=UTC), date(2026, 7, 1)


@pytest.fixture(autouse=True)
def quiet(cast):
    """The people of the cast are alike among themselves; those pairs are not what is asked here."""
    seek()
    with cast.acting("ines"):
        LikePair.objects.all().delete()


def pairs(cast, who="ines") -> list[tuple[str, str, str]]:
    with cast.acting(who):
        code = dict(Person.objects.values_list("pk", "worker_code"))
        mine = [p for p in LikePair.objects.order_by("pk") if code[p.first_id][:2] in {"S-", "T-"}]
        return [(code[p.first_id], code[p.second_id], p.state) for p in mine]


def pair_of(cast) -> LikePair:
    with cast.acting("ines"):
        return LikePair.objects.get(first__worker_code="S-1")


def answer(cast, pair, what, who="ines", **more):
    with cast.acting(who) as by:
        return decide(pair, what, by=by, reason="Asked by telephone.", at=NOW, today=DAY, **more)


def test_the_same_person_with_a_new_passport_is_found_once_and_with_reasons(cast):
    record(cast, "sefo", "S-1", passport="TP100001")
    record(cast, "sefo", "S-2", passport="TP200002", given_names="Sioni Mafi", phone="7712345")
    seek()
    seek()
    assert pairs(cast) == [("S-1", "S-2", "open")]
    assert {part[0] for part in pair_of(cast).parts} == {"name", "born", "paper", "sex", "nationality"}


def test_a_pair_across_two_recruiters_is_the_programmes_and_nobody_elses(cast):
    record(cast, "sefo", "S-1")
    record(cast, "tavi", "T-1")
    seek()
    assert pairs(cast) == [("S-1", "T-1", "open")]
    for who in ("sefo", "tavi", "omar", "rosa"):
        with pytest.raises(ProgrammingError, match="permission denied"), cast.acting(who):
            LikePair.objects.count()


def test_people_of_two_pilots_are_never_compared(cast):
    record(cast, "sefo", "S-1", passport="TP100001")
    record(cast, "abel", "A-1", passport="TP100001")
    seek()
    assert pairs(cast) == pairs(cast, "dana") == []


def test_people_without_date_name_or_paper_in_common_are_not_compared(cast):
    record(cast, "sefo", "S-1", birth_date=None, given_names="")
    record(cast, "sefo", "S-2", family_name="Vea", given_names="Losa", birth_date=date(1994, 5, 18))
    assert seek().compared == 0


@pytest.mark.parametrize("later", [{"phone": "8877665"}, {"email": "s@example.org"}])
def test_different_is_remembered_until_a_compared_fact_changes(cast, later):
    first = record(cast, "sefo", "S-1", phone="7712345")
    record(cast, "sefo", "S-2", phone="7799999")
    seek()
    answer(cast, pair_of(cast), "different")
    seek_in(first.pilot_id)
    assert pairs(cast) == [("S-1", "S-2", "different")]
    with cast.acting("sefo"):
        Person.objects.filter(pk=first.pk).update(languages="Tongan")
    seek()
    assert pairs(cast) == [("S-1", "S-2", "different")]
    with cast.acting("sefo"):
        PersonContact.objects.filter(person=first).update(**later)
    seek()
    assert pairs(cast) == [("S-1", "S-2", "open")]
    assert pair_of(cast).asked_again


def test_an_open_question_fades_when_the_two_are_no_longer_alike(cast):
    first = record(cast, "sefo", "S-1")
    record(cast, "sefo", "S-2")
    seek()
    with cast.acting("sefo"):
        Person.objects.filter(pk=first.pk).update(family_name="Vea", given_names="Losa", sex="F")
    seek()
    assert pairs(cast) == [("S-1", "S-2", "faded")]


def test_later_comes_back_and_every_answer_is_kept_with_its_reason(cast):
    record(cast, "sefo", "S-1")
    record(cast, "sefo", "S-2")
    seek()
    assert answer(cast, pair_of(cast), "later").again_on == date(2026, 7, 15)
    answer(cast, pair_of(cast), "different")
    with cast.acting("ines") as by:
        kept = list(LikeDecision.objects.values_list("answer", "reason", "user_id"))
    assert kept == [("later", "Asked by telephone.", by.user_id), ("different", "Asked by telephone.", by.user_id)]


def test_a_decision_needs_a_reason_and_the_right(cast):
    record(cast, "sefo", "S-1")
    record(cast, "sefo", "S-2")
    seek()
    pair = pair_of(cast)
    with cast.acting("ines") as by, pytest.raises(NotMerged, match="needs a reason"):
        decide(pair, "different", by=by, reason=" ", at=NOW, today=DAY)
    with cast.acting("ines") as by, pytest.raises(NotMerged, match="which of the two"):
        decide(pair, "same", by=by, reason="Same passport.", at=NOW, today=DAY)
    with cast.acting("sefo") as by, pytest.raises(PermissionDenied):
        decide(pair, "different", by=by, reason="No.", at=NOW, today=DAY)


def test_the_tasks_take_every_mark_and_find_the_same(cast):
    record(cast, "sefo", "S-1")
    record(cast, "tavi", "T-1")
    seek_look_alikes()
    found = pairs(cast)
    seek_all_look_alikes()
    assert pairs(cast) == found == [("S-1", "T-1", "open")]
    with cast.acting("ines"):
        assert not LikenessMark.objects.exists()


def test_what_was_recorded_a_moment_ago_is_marked_by_the_database(cast):
    person = record(cast, "sefo", "S-1", phone="7712345")
    with cast.acting("ines"):
        marked = [pk for ids in LikenessMark.objects.values_list("ids", flat=True) for pk in ids]
    assert marked == [person.pk, person.pk]


def test_the_command_seeks_as_somebody_who_may_decide_and_lists_the_pairs(cast, capsys):
    record(cast, "sefo", "S-1")
    record(cast, "sefo", "S-2")
    call_command("find_look_alikes", "--pilot", "verde", "--as", "ines@cast.example", "--json")
    told = json.loads(capsys.readouterr().out)
    assert {"workers": ["S-1", "S-2"], "points": 18} in told["open"]
    for who, pilot in (("sefo", "verde"), ("ines", "azul"), ("dana", "verde")):
        with pytest.raises(SystemExit) as refused:
            call_command("find_look_alikes", "--pilot", pilot, "--as", f"{who}@cast.example")
        assert refused.value.code == 2
