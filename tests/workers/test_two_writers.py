"""Two people change one record at the same time, and neither loses a word."""

import pytest
from django.urls import reverse

from pilots.models import Cohort
from tests.forms_sent import form_of
from workers.models import Ban, ContractVersion, Hold, Person, PersonContact

pytestmark = pytest.mark.django_db


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


# --- Facts: a version of a contract, a ban -------------------------------------------------------------------------------

CONTRACT = {
    "version": "signed",
    "signed_on": "2026-01-20",
    "hourly_rate": "25",
    "currency": "NZD",
    "pay_cycle": "weekly",
}


@pytest.fixture
def contract(cast, sign_in):
    """Ines and Sefo have opened one contract to change it: (client, form) of each, and its address."""
    url = reverse("workers:fact", args=[cast.placement("IH-001").pk, "contracts"])
    ines, sefo = sign_in("ines"), sign_in("mara")
    assert ines.post(url, CONTRACT).status_code == 303
    with cast.acting("ines"):
        url = f"{url}?of={ContractVersion.objects.get().pk}"
    return [(client, form_of(client.get(url).content.decode())) for client in (ines, sefo)], url


def standing(cast) -> ContractVersion:
    with cast.acting("ines"):
        return ContractVersion.objects.order_by("-pk")[0]


def test_two_change_other_terms_of_one_contract_and_both_changes_stand(cast, contract):
    ((ines, hers), (mara, theirs)), url = contract
    assert ines.post(url, hers | {"hourly_rate": "26.50"}).status_code == 303
    assert mara.post(url, theirs | {"occupation": "Packer"}).status_code == 303
    found = standing(cast)
    assert (float(found.hourly_rate), found.occupation) == (26.5, "Packer")


@pytest.mark.parametrize(("choice", "stands"), [("theirs", 26.5), ("mine", 27)])
def test_two_change_the_same_term_of_one_contract_and_the_second_chooses(cast, contract, choice, stands):
    ((ines, hers), (mara, theirs)), url = contract
    assert ines.post(url, hers | {"hourly_rate": "26.50", "occupation": "Picker"}).status_code == 303
    answer = mara.post(url, theirs | {"hourly_rate": "27", "employer": "Orchard Bay"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Theirs: 26.5" in page
    assert "Yours: 27" in page
    assert float(standing(cast).hourly_rate) == 26.5
    assert mara.post(url, form_of(page) | {"keep-hourly_rate": choice}).status_code == 303
    found = standing(cast)
    assert (float(found.hourly_rate), found.occupation, found.employer_name) == (stands, "Picker", "Orchard Bay")


def test_two_record_the_same_ban_and_no_word_of_the_first_is_written_over(cast, sign_in):
    url = reverse("workers:fact", args=[cast.placement("IH-001").pk, "bans"])
    ban = {"imposed_by": "Orchard Bay", "imposed_on": "2026-05-01"}
    ines, mara = [(client, form_of(client.get(url).content.decode())) for client in (sign_in("ines"), sign_in("mara"))]
    assert ines[0].post(url, ines[1] | ban | {"reason": "left his row"}).status_code == 303
    said = mara[1] | ban | {"reason": "came late", "appeal": "to the programme"}
    answer = mara[0].post(url, said)
    assert answer.status_code == 409
    assert "Theirs: left his row" in answer.content.decode()
    assert mara[0].post(url, form_of(answer.content.decode()) | {"keep-reason": "theirs"}).status_code == 303
    with cast.acting("ines"):
        found = Ban.objects.get()
    assert (found.reason, found.appeal) == ("left his row", "to the programme")


# --- What is done once: the second reads what the first did ----------------------------------------------------------------


def test_who_lifts_a_hold_second_reads_why_the_first_did_and_keeps_the_own_words(cast, sign_in):
    found = cast.placement("IH-003")
    with cast.acting("ines"):
        hold = Hold.objects.create(
            placement=found, pilot=found.pilot, recruiter_id=found.recruiter_id, employer_id=found.employer_id,
            source="person:1:1", words="Translate it.",
        )  # fmt: skip
    url = reverse("workers:lift", args=[hold.pk])
    assert sign_in("ines").post(url, {"reason": "It is translated."}).status_code == 303
    answer = sign_in("mara").post(url, {"reason": "I read it out to him."})
    assert answer.status_code == 409
    for words in ("It is translated.", "I read it out to him."):
        assert words in answer.content.decode()
    with cast.acting("ines"):
        hold.refresh_from_db()
    assert hold.lifted_reason == "It is translated."
