"""A visit to a site on the phone: answered once for all, sent twice without harm, and each worker asked alone."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from compliance.catalogue.spoken import problems, spoken
from compliance.models import AnswerFile, Check, CheckAnswer
from tests.cast import PASSWORD
from tests.files import sent
from workers.models import Person

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 30)
KEY = "0123456789abcdef" * 2


def visit(cast, client, **answers):
    """Rosa met IH-001 and IH-002 at their site."""
    workers = [cast.placement(code).pk for code in ("IH-001", "IH-002")]
    data = {"done_on": ON.isoformat(), "mode": "group", "stage": "employment", "key": KEY, "workers": workers}
    return client.post(reverse("compliance:visits", args=[cast.placement("IH-001").site_id]), data | answers)


def alone(cast, client, code="IH-001", **answers):
    url = reverse("compliance:alone", args=[cast.placement(code).pk])
    client.post(f"{url}handing-over/", {"visit": KEY, "stage": "employment"})
    return client.post(url, {"visit": KEY, "stage": "employment", "language": "es"} | answers)


def test_a_visit_sent_twice_on_a_weak_signal_is_kept_once_and_answers_the_same_page(cast, sign_in):
    client = sign_in("rosa")
    first, second = (visit(cast, client, D15="yes", shown_by="observation") for _time in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    with cast.acting("rosa"):
        assert Check.objects.count() == 2
    page = client.get(first["Location"]).content.decode()
    assert "saved for 2 workers" in page
    assert f'data-lamp-draft-key="{KEY}"' in page


def test_how_it_is_known_is_said_once_for_all_answers_it_can_show(cast, sign_in):
    visit(cast, sign_in("rosa"), D15="yes", D27="yes", **{"D27-by": "worker in group"}, shown_by="observation")
    with cast.acting("rosa"):
        shown = set(CheckAnswer.objects.values_list("item", "answer", "answered_by"))
    assert shown == {("D15", "yes", "observation"), ("D27", "yes", "worker in group")}


def test_a_photo_of_the_site_is_kept_with_everybody_who_was_met(cast, sign_in, settings, tmp_path):
    files = {"BACKEND": "workers.files.storage.Folder", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "files": files}
    client = sign_in("rosa")
    for _time in range(2):
        shed = SimpleUploadedFile("shed.jpg", sent.photo(), "image/jpeg")
        assert visit(cast, client, D15="no", shown_by="observation", **{"D15-photo": shed}).status_code == 303
    with cast.acting("rosa"):
        assert sorted(AnswerFile.objects.values_list("answer__placement_id", flat=True)) == sorted(
            cast.placement(code).pk for code in ("IH-001", "IH-002")
        )


def test_a_worker_reads_the_questions_in_their_language_with_english_beside_and_no_name(cast, sign_in):
    placement = cast.placement("IH-001")
    with cast.acting("ines"):
        Person.objects.filter(pk=placement.person_id).update(languages="Quechua, Spanish")
    client, url = sign_in("rosa"), reverse("compliance:alone", args=[placement.pk])
    client.post(f"{url}handing-over/")
    page = client.get(url).content.decode()
    assert "¿Tiene usted mismo su pasaporte?" in page
    assert "Do you have your passport yourself?" in page
    assert "not checked by a native speaker" in page
    assert placement.person.name not in page
    assert "IH-001" not in page


def test_answers_given_alone_are_kept_once_in_private_and_gone_from_the_screen(cast, sign_in):
    client = sign_in("rosa")
    first, second = (alone(cast, client, D09="no", D10="", D17="yes") for _time in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    with cast.acting("rosa"):
        check = Check.objects.get()
        assert check.private
        assert dict(check.answers.values_list("item", "answer")) == {"D09": "no", "D17": "yes"}
    done = client.get(first["Location"])
    page = done.content.decode()
    assert "Gracias" in page
    assert cast.placement("IH-001").person.name not in page
    assert "pasaporte" not in page
    assert "no-store" in done["Cache-Control"]
    assert client.get(reverse("compliance:alone", args=[cast.placement("IH-001").pk])).status_code == 303
    client.post(reverse("phone_lock"), {"proof": PASSWORD})
    site = client.get(reverse("compliance:visit", args=[cast.placement("IH-001").site_id, KEY])).content.decode()
    assert "Answered alone" in site


def test_nothing_said_is_nothing_kept(cast, sign_in):
    assert alone(cast, sign_in("rosa"), D09="").status_code == 422
    with cast.acting("rosa"):
        assert not Check.objects.exists()


def test_a_visit_without_a_proper_key_is_no_page(cast, sign_in):
    site = cast.placement("IH-001").site_id
    assert sign_in("rosa").get(f"/sites/{site}/visits/{'x' * 32}/").status_code == 404


def test_a_language_that_lacks_a_question_or_an_item_not_asked_alone_is_refused():
    known = spoken()
    assert problems(known.languages, known.stages) == ()
    last = known.languages[-1]
    short = replace(last, items={code: words for code, words in last.items.items() if code != "D09"})
    assert problems((*known.languages[:-1], short), known.stages) == (f"{last.code} has no question D09.",)
    assert "D28 is not asked of a worker alone at employment." in problems(
        known.languages, {**known.stages, "employment": (*known.stages["employment"], "D28")}
    )
