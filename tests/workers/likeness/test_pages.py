"""The pages of look-alikes: what is shown, what a decision does, and what is refused."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.scope import acting_as, operator_scope
from tests.workers.likeness.people import record
from workers.likeness.finding import seek
from workers.likeness.queries import compared
from workers.models import LikePair, MergedPerson, MergeEvent, Person

pytestmark = pytest.mark.django_db
TYPED = {
    "worker_id": "N-1", "family_name": "Tauelangi", "given_names": "Sioni Mafi", "birth_date": "1994-05-17", "sex": "M",
    "nationality": "TO",
}  # fmt: skip


@pytest.fixture
def pair(cast) -> LikePair:
    """Two records of Sione, by two recruiters."""
    record(cast, "sefo", "S-1", phone="7712345", passport="TP100001")
    record(cast, "tavi", "T-1", phone="7712345", passport="TP200002")
    seek()
    with cast.acting("ines"):
        return LikePair.objects.get(first__worker_code="S-1")


def decided(client, pair, **data):
    return client.post(reverse("workers:pair_decisions", args=[pair.pk]), data)


def test_the_queue_names_both_with_reasons_and_the_pair_shows_them_side_by_side(sign_in, pair):
    ines = sign_in("ines")
    queue = ines.get(reverse("workers:alike")).content.decode()
    assert "S-1" in queue
    assert "The names are the same." in queue
    page = ines.get(reverse("workers:pair", args=[pair.pk])).content.decode()
    for words in (
        "…001",
        "…002",
        "Born on the same day.",
        "are the same",
        "not compared",
        "The phone number is the same.",
    ):
        assert words in page, words


def test_numbers_of_papers_are_whole_on_a_pair_as_on_a_placement_when_they_are_asked_for(cast, sign_in, pair):
    ines, address = sign_in("ines"), reverse("workers:pair", args=[pair.pk])
    with acting_as(operator_scope()):
        before = AuditEvent.objects.filter(action="read", object_kind="identity document").count()
    assert "TP100001" not in ines.get(address).content.decode()
    with acting_as(operator_scope()):
        assert AuditEvent.objects.filter(action="read", object_kind="identity document").count() == before
    whole = ines.get(address, {"numbers": "1"}).content.decode()
    assert "TP100001" in whole
    assert "TP200002" in whole
    with acting_as(operator_scope()):
        assert AuditEvent.objects.filter(action="read", object_kind="identity document").count() == before + 2


def test_what_is_compared_is_said_in_words_and_a_spelling_is_no_difference(cast):
    with cast.acting("ines"):
        a, b = Person.objects.order_by("pk")[:2]
    a.family_name, b.family_name, a.village, b.village, a.province, b.province = (
        "Tupou",
        "TUPOU ",
        "Kolovai",
        "",
        "",
        "",
    )
    told = {row.label: row.how for row in compared(a, b)}
    assert (told["Family name"], told["Village"], told["Province"], told["Worker ID"]) == (
        "spelt",
        "one",
        "neither",
        "",
    )
    a.family_name, a.given_names, b.family_name, b.given_names = "Peauafu", "Toakase", "TOAKASE", "Peauafu"
    told = {row.label: row.how for row in compared(a, b)}
    assert (told["Family name"], told["Given names"]) == ("turned", "turned")


def test_the_same_merges_and_can_be_undone_from_the_page(cast, sign_in, pair):
    ines = sign_in("ines")
    answer = decided(ines, pair, answer="same", keep=pair.first_id, reason="Same photo.")
    assert (answer.status_code, answer.url) == (303, reverse("workers:pair", args=[pair.pk]))
    with cast.acting("ines"):
        assert MergedPerson.objects.get().keep_id == pair.first_id
        event = MergeEvent.objects.get()
    assert "Undo the merge" in ines.get(answer.url).content.decode()
    assert "Recorded more than once" in ines.get(reverse("workers:person", args=[pair.first_id])).content.decode()
    refused = ines.post(reverse("workers:merge_undoing", args=[event.pk]), {"reason": ""})
    assert refused.status_code == 303
    with cast.acting("ines"):
        assert MergedPerson.objects.exists()
    ines.post(reverse("workers:merge_undoing", args=[event.pk]), {"reason": "Cousins."})
    with cast.acting("ines"):
        assert not MergedPerson.objects.exists()
        assert LikePair.objects.get(pk=pair.pk).state == "different"


def test_a_decision_without_reason_or_record_is_refused_and_changes_nothing(cast, sign_in, pair):
    ines = sign_in("ines")
    for data in ({"answer": "same", "reason": "Same."}, {"answer": "different", "reason": " "}, {"reason": "x"}):
        assert decided(ines, pair, **data).status_code == 422
    with cast.acting("ines"):
        assert LikePair.objects.get(pk=pair.pk).state == "open"
        assert not MergeEvent.objects.exists()


def test_later_leaves_the_queue_and_stands_under_later(sign_in, pair):
    ines = sign_in("ines")
    assert decided(ines, pair, answer="later", reason="Asked the recruiter.").status_code == 303
    assert "S-1" not in ines.get(reverse("workers:alike")).content.decode()
    assert "S-1" in ines.get(reverse("workers:alike") + "?state=later").content.decode()


def test_somebody_typed_who_resembles_somebody_is_shown_first_and_recorded_all_the_same(cast, sign_in):
    record(cast, "sefo", "S-1")
    seek()
    sefo = sign_in("sefo")
    typed = TYPED | {"pilot": cast.pilot().pk}
    part = sefo.post(reverse("workers:new_person_alike"), typed).content.decode()
    assert "S-1" in part
    first = sefo.post(reverse("workers:new_person"), typed)
    assert first.status_code == 422
    assert part.strip() in first.content.decode()
    done = sefo.post(reverse("workers:new_person"), typed | {"compared": "1"})
    assert done.status_code == 303
    with cast.acting("sefo"):
        assert Person.objects.get(worker_code="N-1").family_name == "Tauelangi"


def test_a_person_is_not_recorded_with_a_known_worker_id_or_without_a_name(cast, sign_in):
    sefo = sign_in("sefo")
    for data in ({"worker_id": "IH-001", "family_name": "Zz"}, {"worker_id": "N-2"}, {"family_name": "Zz"},
                 {"worker_id": "N-3", "family_name": "Zz", "birth_date": "soon"}):  # fmt: skip
        answer = sefo.post(reverse("workers:new_person"), data | {"pilot": cast.pilot().pk})
        assert answer.status_code == 422, data
    with cast.acting("ines"):
        assert not Person.objects.filter(family_name="Zz").exists()


def test_a_blank_form_resembles_nobody(cast, sign_in):
    seek()
    assert sign_in("ines").post(reverse("workers:new_person_alike"), {"pilot": cast.pilot().pk}).content.strip() == b""
