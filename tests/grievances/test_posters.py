"""Posters and cards speak the languages of the pilot's workers, and have the number that the pilot set."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from compliance.grievances import codes, posters
from compliance.models import ConcernCode, Hotline
from pilots.models import Corridor, Pilot
from pilots.schemes.reader import all_schemes
from tests.forms_sent import form_of
from tests.grievances.conftest import ON

pytestmark = pytest.mark.django_db


def from_country(cast, origin: str) -> Pilot:
    """The cast's pilot as if its workers came from this country; not saved."""
    with cast.acting("ines"):
        pilot = Pilot.objects.select_related("corridor").get(pk=cast.pilot().pk)
    pilot.corridor = Corridor(origin=origin, destination="AU")
    return pilot


def test_every_language_has_every_word_and_every_origin_of_a_scheme_its_languages():
    table = posters._table()
    keys = set(table["words"]["en"])
    assert {code: keys ^ set(words) for code, words in table["words"].items() if set(words) != keys} == {}
    assert all(word.strip() for words in table["words"].values() for word in words.values())
    assert all("{country}" in words["danger"] for words in table["words"].values())
    origins = {origin for scheme in all_schemes() for origin in scheme.origins} - {"ZZ"}
    assert origins - set(table["spoken"]) == set()


def test_a_poster_is_in_the_languages_of_its_workers_and_says_which_are_not_written(cast):
    found = posters.languages_of(from_country(cast, "VU"))
    assert [words.language for words in found.written] == ["en", "fr"]
    assert found.missing == ("Bislama",)
    assert "Australie" in found.written[1].words["danger"]
    assert [w.language for w in posters.languages_of(from_country(cast, "GT")).written] == ["es"]
    alone = posters.languages_of(from_country(cast, "NP"))
    assert ([w.language for w in alone.written], alone.missing) == (["en"], ("Nepali",))


def test_the_number_of_the_pilot_stands_on_its_posters_and_cards_and_on_no_others(cast, sign_in):
    rosa, placement = sign_in("rosa"), cast.placement("IH-001")
    url = reverse("compliance:hotline", args=[cast.pilot().slug])
    assert (
        "No number to call is set"
        in rosa.post(reverse("compliance:concern_codes"), {"placement": placement.pk}).content.decode()
    )
    given = {"number": " +64 0800  555 018", "words": "Somebody of Harbour Welfare, every day"}
    assert rosa.post(url, form_of(rosa.get(url).content.decode()) | given).status_code == 303
    with cast.acting("rosa") as by:
        codes.issue_for(placement.pilot, by=by, on=ON)
        poster = ConcernCode.objects.get(site__isnull=True, placement__isnull=True).pk
    for page in (rosa.get(reverse("compliance:poster", args=[poster])),
                 rosa.post(reverse("compliance:concern_codes"), {"placement": placement.pk})):  # fmt: skip
        assert "+64 0800 555 018" in page.content.decode()
        assert "Somebody of Harbour Welfare" in page.content.decode()
    assert "+64 0800 555 018" in rosa.get(reverse("compliance:concern_codes")).content.decode()
    with cast.acting("dana"):
        assert not Hotline.objects.exists()
    for who in ("omar", "sefo"):
        with pytest.raises(DatabaseError, match="permission denied"), cast.acting(who):
            Hotline.objects.exists()
    opened = form_of(rosa.get(url).content.decode())
    assert sign_in("lena").post(url, opened | {"words": "Ana, from 8 to 20"}).status_code == 303
    answer = rosa.post(url, opened | {"words": "Tevita, at night"})
    assert answer.status_code == 409
    assert "Theirs: Ana, from 8 to 20" in answer.content.decode()
    opened = form_of(rosa.get(url).content.decode())
    assert rosa.post(url, opened | {"number": "", "words": ""}).status_code == 303
    with cast.acting("rosa"):
        assert not Hotline.objects.exists()


@pytest.mark.parametrize("wrong", ["call us", "+", "12", "0800 HELP", "1" * 31])
def test_what_is_no_number_is_refused_and_nothing_is_set(cast, sign_in, wrong):
    url = reverse("compliance:hotline", args=[cast.pilot().slug])
    rosa = sign_in("rosa")
    opened = form_of(rosa.get(url).content.decode())
    assert rosa.post(url, opened | {"number": wrong, "words": "x"}).status_code == 422
    with cast.acting("rosa"):
        assert not Hotline.objects.exists()


def test_words_without_a_number_are_refused(cast, sign_in):
    url = reverse("compliance:hotline", args=[cast.pilot().slug])
    rosa = sign_in("rosa")
    opened = form_of(rosa.get(url).content.decode())
    assert rosa.post(url, opened | {"number": "", "words": "every day"}).status_code == 422


def test_the_database_takes_no_letters_for_a_number(cast):
    with cast.acting("ines") as by, pytest.raises(IntegrityError), transaction.atomic():
        Hotline.objects.create(pilot=cast.pilot(), number="HELP", user_id=by.user_id, set_at=timezone.now())
