"""Editions outlive the people they counted: who is erased by the portal's own door changes no byte of what went out."""

import hashlib
from datetime import UTC, datetime

import pytest

from compliance.retaining.forgetting import forget
from reports.compiling import compile_report
from reports.editions import made_again
from reports.models import Edition, EditionFile
from tests.reports.test_compiling import order_of
from tests.reports.test_editions import compiled
from tests.workers.files.test_retention import go_home
from workers.models import Person, PersonBackground

pytestmark = pytest.mark.django_db
LATER = datetime(2033, 8, 1, tzinfo=UTC)  # more than seven years after the return


def hashes(edition) -> dict[str, str]:
    files = EditionFile.objects.filter(edition=edition)
    return {file.name: hashlib.sha256(bytes(file.body)).hexdigest() for file in files}


def test_an_edition_opens_and_is_made_again_to_the_byte_after_its_person_was_erased(cast, sign_in):
    go_home(cast)
    edition = compiled(cast, "ines", "pilot")
    with cast.acting("ines"):
        person = Person.objects.get(pk=cast.placement("IH-001").person_id)
        before, name = hashes(edition), person.family_name
    assert forget(now=LATER, really=True).people >= 1
    with cast.acting("ines"):
        assert Person.objects.get(pk=person.pk).worker_code == f"erased-{person.pk}"
        assert not PersonBackground.objects.filter(person=person).exists()
        again = made_again(Edition.objects.get(pk=edition.pk))
        assert set(again) == set(before)
        assert all(again.values()), again
        assert hashes(edition) == before
    page = sign_in("ines").get(f"/editions/{edition.pk}/")
    assert page.status_code == 200
    assert edition.sha256 in page.content.decode()
    assert name not in page.content.decode()
    for file, digest in before.items():
        if not file.endswith(".svg"):
            answer = sign_in("ines").post(f"/editions/{edition.pk}/downloads/", {"name": file})
            assert hashlib.sha256(answer.content).hexdigest() == digest


def test_counted_anew_after_an_erasure_is_a_new_edition_that_names_the_one_before(cast):
    go_home(cast)
    first = compiled(cast, "ines", "pilot")
    forget(now=LATER, really=True)
    with cast.acting("ines") as by:
        second = compile_report(order_of(cast, "ines", "pilot"), by=by)
        assert (second.number, second.supersedes_id) == (2, first.pk)
        assert second.content["previous"]["sha256"] == first.sha256
        assert Edition.objects.get(pk=first.pk).sha256 == first.sha256
