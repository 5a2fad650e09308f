"""Two people change one record at the same time, and neither loses a word."""

import re

import pytest
from django.urls import reverse

from pilots.models import Cohort
from workers.models import Person, PersonContact

pytestmark = pytest.mark.django_db


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of a form with text fields, hidden ones and chosen options."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page.partition("<main")[2]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="radio"' not in tag:
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.S):
        if chosen := re.search(r'value="([^"]*)" selected', options):
            found[name] = chosen[1]
    return found


@pytest.fixture
def person(cast):
    return cast.placement("IH-001").person


@pytest.fixture
def both(cast, sign_in, person):
    """Ines and Sefo have opened the same record: (client, form) of each, and its address."""
    url = reverse("workers:person_changes", args=[person.pk])
    clients = sign_in("ines"), sign_in("sefo")
    return [(client, form_of(client.get(url).content.decode())) for client in clients], url


def test_what_each_changed_is_kept_when_they_changed_different_fields(cast, both, person):
    ((ines, hers), (sefo, his)), url = both
    assert ines.post(url, hers | {"village": "Vaini"}).status_code == 303
    assert sefo.post(url, his | {"phone": "+6767711223", "province": "Vavau"}).status_code == 303
    with cast.acting("ines"):
        person.refresh_from_db()
        assert (person.village, person.province) == ("Vaini", "Vavau")
        assert PersonContact.objects.get(pk=person.pk).phone == "+6767711223"


@pytest.mark.parametrize(("choice", "stands"), [("theirs", "Vaini"), ("mine", "Kolovai")])
def test_what_both_changed_is_shown_side_by_side_and_the_writer_chooses(cast, both, person, choice, stands):
    ((ines, hers), (sefo, his)), url = both
    ines.post(url, hers | {"village": "Vaini", "province": "Tongatapu"})
    answer = sefo.post(url, his | {"village": "Kolovai", "languages": "Tongan, Spanish"})
    assert answer.status_code == 409
    page = answer.content.decode()
    for words in ("Theirs: Vaini", "Yours: Kolovai", "Also changed by them", "Tongatapu"):
        assert words in page, words
    with cast.acting("ines"):
        person.refresh_from_db()
        assert person.village == "Vaini"  # nothing of his is written yet
    assert sefo.post(url, form_of(page) | {"keep-village": choice}).status_code == 303
    with cast.acting("ines"):
        person.refresh_from_db()
        assert (person.village, person.province, person.languages) == (stands, "Tongatapu", "Tongan, Spanish")


def test_a_choice_holds_only_as_long_as_the_record_is_as_it_was_shown(cast, both, person):
    ((ines, hers), (sefo, his)), url = both
    ines.post(url, hers | {"village": "Vaini"})
    merge = form_of(sefo.post(url, his | {"village": "Kolovai"}).content.decode())
    ines.post(url, form_of(ines.get(url).content.decode()) | {"village": "Haatafu"})
    again = sefo.post(url, merge | {"keep-village": "mine"})
    assert again.status_code == 409
    assert "Theirs: Haatafu" in again.content.decode()
    with cast.acting("ines"):
        person.refresh_from_db()
        assert person.village == "Haatafu"


@pytest.mark.parametrize("seen", ["", "forged:by:hand"])
def test_a_form_that_does_not_say_what_it_saw_overwrites_nothing(cast, both, person, seen):
    ((ines, hers), _other), url = both
    assert ines.post(url, hers | {"village": "Vaini", "seen": seen}).status_code == 409
    with cast.acting("ines"):
        assert Person.objects.get(pk=person.pk).village != "Vaini"


def test_a_record_that_the_table_refuses_stays_as_it_was_with_the_sentence(cast, both, person):
    ((ines, hers), _other), url = both
    answer = ines.post(url, hers | {"family_name": "", "given_names": ""})
    assert answer.status_code == 422
    assert "A person needs a family name or given names." in answer.content.decode()
    assert ines.post(url, hers | {"nationality": "Tonga"}).status_code == 422
    with cast.acting("ines"):
        assert Person.objects.get(pk=person.pk).name == person.name


def test_two_officers_change_one_cohort(cast, sign_in):
    with cast.acting("ines"):
        cohort = Cohort.objects.get(code="V1")
    url = reverse("pilots:cohort_changes", args=[cohort.pk])
    (ines, hers), (mara, theirs) = [
        (client, form_of(client.get(url).content.decode())) for client in (sign_in("ines"), sign_in("mara"))
    ]
    assert ines.post(url, hers | {"name": "Early harvest", "target": "31"}).status_code == 303
    answer = mara.post(url, theirs | {"name": "First harvest"})
    assert answer.status_code == 409
    assert mara.post(url, form_of(answer.content.decode()) | {"keep-name": "mine"}).status_code == 303
    with cast.acting("ines"):
        cohort.refresh_from_db()
        assert (cohort.name, cohort.target) == ("First harvest", 31)
