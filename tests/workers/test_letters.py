"""Writing to the recruiters and employers of many people: each reads about its own, hears that something came, and answers."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import NoticeKnock
from accounts.scope import acting_as, operator_scope
from workers.models import Note
from workers.telling import partners as door

pytestmark = pytest.mark.django_db


def knocked(cast, kind: str = "letters") -> set[str]:
    with acting_as(operator_scope()):
        ids = set(NoticeKnock.objects.filter(kind=kind).values_list("user_id", flat=True))
    return {
        name for name in ("ines", "mara", "lena", "sefo", "tavi", "omar", "olga", "rosa") if cast.user(name).pk in ids
    }


def letters(cast, name: str) -> list[tuple[str, list[str]]]:
    """What the person reads on the page of news: the words, and about whom."""
    now = timezone.now() + timedelta(minutes=1)
    with cast.acting(name) as by:
        found = door.letters(by, now - timedelta(days=2), now)
        return [(each.note.text, sorted(n.placement.person.worker_code for n in each.about)) for each in found]


@pytest.fixture
def ticked(cast):
    """Two people of Sefo's and one of Tavi's, of whom some work for Omar. → what the board sends."""
    rows = [cast.placement(code) for code in ("IH-001", "IH-002", "RR-001")]
    return {"placement": [f"{row.pk}-0" for row in rows], "back": "board"}


def test_each_organisation_reads_about_its_own_people_and_hears_only_that_something_came(cast, sign_in, ticked):
    client, cohort = sign_in("ines"), cast.cohort().pk
    board = client.get(reverse("workers:cohort", args=[cohort]))
    assert "Write to their organisations" in board.text
    preview = client.post(reverse("workers:selection", args=[cohort]), ticked | {"do": "write"})
    assert preview.status_code == 200
    assert "Island Hands" in preview.text
    assert "Reef Recruiting" in preview.text
    with cast.acting("ines"):
        assert not Note.objects.exists()
    sent = client.post(
        reverse("workers:letters", args=[cohort]), ticked | {"to": ["recruiters"], "text": "The flight leaves at noon."}
    )
    assert (sent.status_code, sent["Location"].endswith("view=board")) == (303, True)
    assert letters(cast, "sefo") == [("The flight leaves at noon.", ["IH-001", "IH-002"])]
    assert letters(cast, "tavi") == [("The flight leaves at noon.", ["RR-001"])]
    assert letters(cast, "omar") == letters(cast, "rosa") == letters(cast, "ines") == []
    assert knocked(cast) == {"sefo", "tavi"}
    assert mail.outbox == []
    page = sign_in("sefo").get(reverse("workers:news")).text
    assert "The flight leaves at noon." in page
    assert "Answer with a note for the programme" in page
    assert "RR-001" not in page
    for name in ("sefo", "tavi"):
        with cast.acting(name) as by:
            now = timezone.now() + timedelta(minutes=1)
            assert door.counted(by, now - timedelta(days=1), now) == 1


def test_who_wrote_hears_of_the_answer_and_nobody_else_does(cast, sign_in, ticked):
    client, one = sign_in("ines"), cast.placement("IH-001")
    client.post(reverse("workers:letters", args=[one.cohort_id]), ticked | {"to": ["recruiters"], "text": "Is it in?"})
    with acting_as(operator_scope()):
        NoticeKnock.objects.all().delete()
    notes = reverse("workers:placement_notes", args=[one.pk])
    assert sign_in("sefo").post(notes, {"text": "It is in.", "audience": "programme"}).status_code == 303
    assert knocked(cast) == {"ines"}
    assert letters(cast, "ines") == [("It is in.", ["IH-001"])]
    assert letters(cast, "mara") == []
    page = client.get(reverse("workers:news")).text
    assert "It is in." in page
    assert "Answer with a note" not in page
    other = reverse("workers:placement_notes", args=[cast.placement("IH-004").pk])
    sign_in("sefo").post(other, {"text": "By the way.", "audience": "programme"})
    assert letters(cast, "ines") == [("It is in.", ["IH-001"])]
    assert 'value="partners"' not in client.get(notes).text


def test_words_about_health_are_held_back_and_nothing_is_sent_without_words_or_readers(cast, sign_in, ticked):
    client, cohort = sign_in("ines"), cast.cohort().pk
    url, grave = reverse("workers:letters", args=[cohort]), {"to": ["recruiters"], "text": "She is pregnant."}
    for given, why in (
        ({"to": ["recruiters"], "text": "  "}, "This field is required"),
        ({"to": [], "text": "Hello"}, "This field is required"),
        (grave, "For the safeguarding lead?"),
        ({"to": ["recruiters"], "text": "Hello", "do": "look"}, "Island Hands"),
    ):
        answer = client.post(url, ticked | given)
        assert (answer.status_code, why in answer.text) == (422, True), given
    assert client.post(url, ticked | grave | {"as": "hand over"}).status_code == 303
    with cast.acting("ines"):
        assert not Note.objects.exists()
    assert knocked(cast) == set()
    assert client.post(url, ticked | grave | {"as": "keep"}).status_code == 303
    with cast.acting("ines"):
        assert Note.objects.count() == 3


def test_only_officers_of_the_programme_write_to_others(cast, sign_in, ticked):
    one = cast.placement("IH-001")
    for name in ("lena", "sefo", "omar", "rosa"):
        with cast.acting(name) as by, pytest.raises(PermissionDenied):
            door.send([one.pk], ["recruiters"], "Hello", by=by, at=timezone.now())
    for name in ("sefo", "omar"):
        selection = reverse("workers:selection", args=[one.cohort_id])
        assert sign_in(name).post(selection, ticked | {"do": "write"}).status_code == 403
        assert (
            "Write to their organisations"
            not in sign_in(name).get(reverse("workers:cohort", args=[one.cohort_id])).text
        )
