"""The worker's own door: codes, filing without an account, the receipt, reading answers and writing again."""

import hashlib
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.grievances import codes, door, intake
from compliance.grievances.intake import Told
from compliance.models import ConcernCode, Grievance, GrievanceIdentity
from pilots.models import Site
from tests.grievances.conftest import ON

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_code(cast):
    """The code of IH-001's own, given by Rosa."""
    placement = cast.placement("IH-001")
    with cast.acting("rosa") as by:
        return codes.issue_to(placement, by=by, on=ON)


@pytest.fixture
def poster(cast):
    """The code on the poster at IH-001's workplace."""
    placement = cast.placement("IH-001")
    with cast.acting("rosa") as by:
        return codes.issue_at(Site.objects.get(pk=placement.site_id), by=by, on=ON)


def test_a_slip_of_the_pen_is_found_without_asking_the_database(django_assert_num_queries):
    code = codes.draw(codes.PERSON)
    assert codes.typed(codes.shown(code).lower()) == code
    with django_assert_num_queries(0):
        for place in range(len(code)):
            other = next(letter for letter in codes.LETTERS if letter != code[place])
            assert codes.typed(code[:place] + other + code[place + 1 :]) == ""
        for place in range(len(code) - 3):
            a, b = code[place], code[place + 1]
            if a != b:
                assert codes.typed(code[:place] + b + a + code[place + 2 :]) == ""


def test_a_code_is_kept_only_as_its_hash(cast, own_code):
    with cast.acting("rosa"):
        row = ConcernCode.objects.get()
        assert row.code_hash == codes.digest(own_code)
        assert own_code not in str([getattr(row, f.attname) for f in row._meta.concrete_fields])


def test_with_ones_own_code_one_is_known_to_nobody_until_one_says_so(cast, own_code):
    receipt = intake.file_concern(own_code, Told("Ko e totongi ʻoku siʻi.", language="Tongan"), on=ON)
    with cast.acting("lena"):
        found = Grievance.objects.get()
        assert (found.code, found.account, found.channel) == (receipt.code, "Ko e totongi ʻoku siʻi.", "own code")
        assert found.reader_ids == [cast.scope("lena").user_id]
        assert set(found.concerned_ids) == {cast.organisation("orchard-bay").pk, cast.organisation("island-hands").pk}
        assert not GrievanceIdentity.objects.exists()
    assert intake.follow(receipt.followup).may_release
    assert intake.release(receipt.followup, on=ON)
    with cast.acting("lena"):
        assert GrievanceIdentity.objects.get().placement_id == cast.placement("IH-001").pk
    assert not intake.follow(receipt.followup).may_release
    assert intake.withdraw(receipt.followup, on=ON)
    with cast.acting("lena"):
        assert not GrievanceIdentity.objects.exists()
        kinds = list(Grievance.objects.get().events.order_by("recorded_at", "pk").values_list("kind", flat=True))
    assert sorted(kinds) == ["opened", "released", "withdrawn"]


def test_the_receipt_proves_what_was_filed_and_when(own_code):
    receipt = intake.file_concern(own_code, Told("They keep my passport.\r\nSince May."), on=ON)
    assert receipt.words == "They keep my passport.\nSince May."
    assert receipt.sha256 == hashlib.sha256(b"They keep my passport.\nSince May.").hexdigest()
    assert receipt.filed_on == ON
    assert codes.typed(codes.shown(receipt.followup)) == receipt.followup


def test_from_a_poster_nobody_is_named_and_the_employer_of_the_place_never_reads(cast, poster):
    intake.file_concern(poster, Told("The room is wet.", contact="the blue phone box"), on=ON)
    with cast.acting("lena"):
        found = Grievance.objects.get()
        assert found.channel == "poster"
        assert found.concerned_ids == [cast.organisation("orchard-bay").pk]
        assert not GrievanceIdentity.objects.exists()  # how to reach them is theirs to release


def test_about_the_programme_itself_the_welfare_partner_reads(cast, own_code):
    intake.file_concern(own_code, Told("The officer asks for money.", about=["programme"]), on=ON)
    for name, sees in (("lena", False), ("ines", False), ("rosa", True)):
        with cast.acting(name):
            assert Grievance.objects.exists() is sees, name


def test_somebody_in_danger_is_urgent(cast, own_code):
    intake.file_concern(own_code, Told("x", safe_now=False), on=ON)
    with cast.acting("lena"):
        assert Grievance.objects.get().urgent


@pytest.mark.parametrize(("code", "words", "field"), [("", "x", "code"), ("AAAA-AAAA-AAAA-AAA2", "x", "code"),
                                                      (None, "  ", "words"), (None, "x" * 8001, "words")])  # fmt: skip
def test_a_slip_or_an_empty_text_is_said(own_code, code, words, field):
    with pytest.raises(ValidationError) as refused:
        intake.file_concern(own_code if code is None else code, Told(words), on=ON)
    assert list(refused.value.message_dict) == [field]


def test_a_code_that_does_not_exist_is_answered_the_same_after_the_same_work_and_leaves_nothing(cast, own_code):
    work = []
    for code in (own_code, codes.draw(codes.PERSON)):
        with CaptureQueriesContext(connection) as captured:
            receipt = intake.file_concern(code, Told("the same words"), on=ON)
        assert receipt.code.startswith("C-")
        work.append([" ".join(q["sql"].replace("ROLLBACK TO", "RELEASE").split()[:3])[:30] for q in captured])
    known, invented = ([q for q in queries if not q.startswith(("SAVEPOINT", "RELEASE"))] for queries in work)
    assert known == invented
    with cast.acting("lena"):
        assert Grievance.objects.count() == 1


def test_a_withdrawn_code_still_reaches_somebody_but_not_in_the_persons_name(cast, own_code):
    with cast.acting("rosa") as by:
        assert codes.revoke(ConcernCode.objects.get().pk, by=by, on=ON)
    receipt = intake.file_concern(own_code, Told("still me"), on=ON)
    with cast.acting("lena"):
        assert Grievance.objects.count() == 1
    assert not intake.follow(receipt.followup).may_release


def test_a_new_code_withdraws_the_one_before(cast, own_code):
    placement = cast.placement("IH-001")
    with cast.acting("rosa") as by:
        second = codes.issue_to(placement, by=by, on=ON)
        assert second != own_code
        assert ConcernCode.objects.filter(revoked_on__isnull=True).count() == 1


@pytest.mark.parametrize("name", ["omar", "sefo", "fay"])
def test_codes_are_not_for_employers_and_recruiters_to_give(cast, name):
    from django.core.exceptions import PermissionDenied

    placement = cast.placement("IH-001")
    with cast.acting(name) as by, pytest.raises(PermissionDenied):
        codes.issue_to(placement, by=by, on=ON)


def test_the_person_reads_answers_and_writes_again_and_never_sees_a_note(cast, own_code):
    receipt = intake.file_concern(own_code, Told("the first words"), on=ON)
    with cast.acting("lena") as by:
        found = Grievance.objects.get()
        door.move(found, "acknowledge", by=by, on=ON, message="We read it and call on Friday.")
        door.note(found, by=by, on=ON, text="CANARY-note")
    assert intake.add(receipt.followup, "Please do not call, write here.", on=ON)
    now = intake.follow(receipt.followup)
    assert now.words == "the first words"
    assert [(mine, text) for mine, _on, text in now.messages] == [
        (False, "We read it and call on Friday."), (True, "Please do not call, write here."),
    ]  # fmt: skip
    assert "CANARY" not in str(now)
    with cast.acting("lena"):
        assert "received" in Grievance.objects.get().events.values_list("kind", flat=True)


@pytest.mark.parametrize("other", ["own", "invented", "nonsense", ""])
def test_no_other_code_leads_to_it(own_code, other):
    intake.file_concern(own_code, Told("x"), on=ON)
    code = {"own": own_code, "invented": codes.draw(codes.PERSON), "nonsense": "C-2345678", "": ""}[other]
    assert intake.follow(code) is None
    assert not intake.add(code, "x", on=ON)
    assert not intake.release(code, on=ON)
    assert not intake.withdraw(code, on=ON)
    assert not intake.judge(code, True, on=ON)


def test_the_person_says_whether_it_is_good(cast, own_code):
    receipt = intake.file_concern(own_code, Told("x"), on=ON)
    assert not intake.follow(receipt.followup).may_judge
    with cast.acting("lena") as by:
        found = Grievance.objects.get()
        door.move(found, "close", by=by, on=ON, satisfaction="not reached", text="No answer.", agreed_to_close=True)
    assert intake.follow(receipt.followup).may_judge
    assert intake.judge(receipt.followup, False, on=date(2026, 7, 2))
    with cast.acting("lena"):
        assert Grievance.objects.get().satisfaction == "not satisfied"
