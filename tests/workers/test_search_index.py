"""Search stays indexed under row security: tried with thousands of rows, as the reader roles themselves."""

from datetime import date

import pytest
from django.db import connection

from tests.conftest import as_owner
from workers.journey.enrolment import enrol
from workers.models import IdentityDocument, LikenessSign, Person, PersonContact
from workers.queries.listing import filtered
from workers.queries.search import people_matching

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 3000


@pytest.fixture
def thousands(cast):
    """Thousands of one recruiter's people in a cohort, and statistics as a server in use has them."""
    cohort = cast.cohort("V1")
    with cast.acting("sefo") as by:
        common = {"pilot_id": cohort.pilot_id, "recruiter_id": by.organisation_id}
        people = Person.objects.bulk_create(
            Person(**common, worker_code=f"ZZ-{i}", family_name=f"Fam{i * 7919 % 100003}", given_names=f"Giv{i}")
            for i in range(MANY)
        )
        PersonContact.objects.bulk_create(
            PersonContact(**common, person=p, phone=f"+67699{i:06d}") for i, p in enumerate(people)
        )
        IdentityDocument.objects.bulk_create(
            IdentityDocument(**common, person=p, kind="passport", number=f"ZZ{i:07d}", country="TO")
            for i, p in enumerate(people)
        )
        enrol([p.pk for p in people], cohort, by=by, at=date(2025, 11, 10))
    with cast.acting("ines"):
        LikenessSign.objects.bulk_create(
            LikenessSign(pilot_id=cohort.pilot_id, recruiter_id=by.organisation_id, person=p, sign=f"name F{i}G{i}")
            for i, p in enumerate(people)
        )
    with as_owner(), connection.cursor() as cursor:
        # Also writes new entries from the waiting list into the trees of the index, as autovacuum does.
        cursor.execute("vacuum analyze")
    return cast


def test_names_papers_and_phones_are_each_found_through_their_index(thousands, today):
    for name in ("sefo", "ines", "rosa"):
        with thousands.acting(name) as by, connection.cursor() as cursor:
            cursor.execute("select current_user")
            assert cursor.fetchone()[0] == by.db_role
            assert "person_search" in people_matching("giv2999", by).explain(), name
            near = Person.objects.filter(search__trigram_word_similar="gvi2999")
            assert "person_search" in near.explain(), name
    for name in ("sefo", "ines"):
        with thousands.acting(name) as by:
            plan = people_matching("0002999", by).explain()
            assert "document_number" in plan, name
            assert "contact_phone" in plan, name
            sounds = LikenessSign.objects.filter(sign__in=["name F500G500"])
            assert "sign_of_" in sounds.explain(), name
    with thousands.acting("sefo") as by:
        found = filtered({"q": "giv2999"}, by=by, today=today).order_by("-pk")[:50]
        assert "person_search" in found.explain()
        assert [p.person.worker_code for p in found] == ["ZZ-2999"]
