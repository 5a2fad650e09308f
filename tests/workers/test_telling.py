"""What workers are told: from a table, in their own language, never to who left or took the consent back, and noted."""

import re
from datetime import date

import pytest
from django.urls import reverse

from workers.journey.door import move
from workers.models import Consent, Person, Placement, WorkerMessage
from workers.telling import door
from workers.telling.texts import TEXTS, texts

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 14)


def test_every_text_stands_in_every_language_with_the_gaps_it_needs():
    assert set(texts().languages) == {"en", "fr", "es", "ar"}
    for language in texts().languages.values():
        for key in TEXTS:
            said = language.say(key, day=DAY, place="Hall 4")
            assert "{" not in said
            assert ("Hall 4" in said) == ("place" in TEXTS[key][1])
    assert texts().for_person("Quechua; Spanish").code == "es"
    assert texts().for_person("Tongan").code == "en"
    assert texts().languages["ar"].direction == "rtl"


def test_from_ticked_people_to_texts_to_print_and_a_note_in_the_timeline(cast, sign_in, today):
    rows = [cast.placement(code) for code in ("IH-001", "IH-002", "IH-003")]
    with cast.acting("ines") as by:
        Person.objects.filter(pk=rows[0].person_id).update(languages="Spanish")
        Consent.objects.filter(person=rows[1].person_id).update(withdrawn_on=today)
        move(Placement.objects.filter(pk=rows[2].pk), "withdraw", by=by, at=today, today=today, reason="family_needs")
    client, cohort = sign_in("ines"), rows[0].cohort_id
    asked = {"text": "briefing", "day": DAY.isoformat(), "place": "Hall 4", "placement": [r.pk for r in rows]}
    shown = client.post(reverse("workers:selection", args=[cohort]), asked | {"do": "tell"})
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "14 de julio de 2026" in text.lower()
    assert "There is a briefing" in text
    assert re.search(r"Not told.*consent.*ended", text, re.S) or re.search(r"Not told.*ended.*consent", text, re.S)
    unchosen = client.post(reverse("workers:selection", args=[cohort]), asked | {"do": "tell", "text": ""})
    assert unchosen.status_code == 422
    gap = client.post(reverse("workers:selection", args=[cohort]), asked | {"do": "tell", "place": ""})
    assert gap.status_code == 422
    assert "This text says a place." in gap.content.decode()
    done = client.post(reverse("workers:workers_told", args=[cohort]), asked | {"how": "printed"})
    assert done.status_code == 303
    with cast.acting("ines"):
        (kept,) = WorkerMessage.objects.all()
        assert (kept.placement_id, kept.text, kept.language) == (rows[0].pk, "briefing", "es")
    told = client.get(reverse("workers:placement", args=[rows[0].pk])).content.decode()
    assert "Told: Come to the briefing" in told
    assert "Told: Come" not in sign_in("omar").get(reverse("workers:placement", args=[rows[0].pk])).content.decode()


def test_a_recruiter_tells_its_own_people_only_and_an_employer_nobody(cast, sign_in):
    own, rival = cast.placement("IH-004"), cast.placement("RR-003")
    with cast.acting("sefo") as by:
        found = door.drafts([own.pk, rival.pk], "rights", by=by)
    assert [one.placement.pk for one in found.drafts] == [own.pk]
    url = reverse("workers:workers_told", args=[own.cohort_id])
    assert sign_in("omar").post(url, {"text": "rights", "how": "read", "placement": [own.pk]}).status_code == 403
