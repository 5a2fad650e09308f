"""The one search: who is found by what is remembered of them, by whom, and that nothing of it is kept."""

import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, History
from accounts.scope import acting_as, operator_scope
from tests.cast import placements
from tests.workers.likeness.people import record
from workers.likeness.finding import seek
from workers.models import IdentityDocument
from workers.queries.found import find

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(cast):
    """Two of Island Hands' people and one of its rival's, as the demonstration would have them."""
    record(cast, "sefo", "S-1", family_name="Taufaleka", given_names="Mele ʻAna", phone="+6767712345")
    record(cast, "sefo", "S-2", family_name="Hussein", given_names="Muhammad")
    record(cast, "tavi", "T-1", family_name="Taufaleka", given_names="Sione")
    seek()
    return cast


def codes(cast, name: str, query: str) -> list[str]:
    with cast.acting(name) as by:
        return [one.person.worker_code for one in find(query, by).people]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("taufaleka mele", ["S-1"]),
        ("MELE", ["S-1"]),
        ("Taufalaka Mele", ["S-1"]),  # misspelt
        ("Mele Ana", ["S-1"]),  # without the glottal stop
        ("Мухаммад", ["S-2"]),  # in another script
        ("Mohamed Husain", ["S-2"]),  # as it sounds
        ("S-2", ["S-2"]),
        ("7712345", ["S-1"]),
        ("xyzzyx", []),
        ("a", []),
    ],
)
def test_a_recruiter_finds_its_people_by_what_it_remembers(known, query, found):
    assert codes(known, "sefo", query) == found


def test_a_passport_is_found_by_its_end_for_those_who_may_read_papers(known):
    with known.acting("ines"):
        number = IdentityDocument.objects.get(person_id=known.placement("IH-001").person_id, kind="passport").number
    for name, found in (("ines", ["IH-001"]), ("sefo", ["IH-001"]), ("rosa", []), ("omar", []), ("tavi", [])):
        assert codes(known, name, number[-5:]) == found, name


def test_nobody_finds_whom_they_may_not_see(known):
    assert codes(known, "tavi", "Taufaleka") == ["T-1"]
    assert codes(known, "tavi", "Mohamed Husain") == []
    assert codes(known, "ines", "Taufalaka") == ["S-1", "T-1"]
    for name in ("omar", "dana"):
        assert codes(known, name, "Taufaleka") == [], name


def test_cohorts_partners_and_job_orders_are_found_by_name(cast, sign_in):
    page = sign_in("ines").get("/find/", {"q": "orchard"}).content.decode()
    assert f'href="/placements/?employer={cast.organisation("orchard-bay").pk}"' in page
    page = sign_in("ines").get("/find/", {"q": "picking"}).content.decode()
    assert "Picking apples" in page
    assert "Azul" not in sign_in("ines").get("/find/", {"q": "azul"}).content.decode()


def test_the_bar_on_top_leads_there_and_a_part_equals_the_page(cast, sign_in):
    client = sign_in("ines")
    assert 'action="/find/"' in client.get("/").content.decode()
    page = client.get("/find/", {"q": "Fam1"})
    part = client.get("/find/", {"q": "Fam1"}, headers={"HX-Request": "true", "HX-Target": "found"})
    assert part.content.decode().strip() in page.content.decode()
    assert "<html" not in part.content.decode()
    assert "Nothing found" in client.get("/find/", {"q": "xyzzyx"}).content.decode()
    assert "Type three characters" in client.get("/find/", {"q": "ab"}).content.decode()


def test_a_search_asks_as_much_for_many_as_for_few(cast, sign_in):
    client = sign_in("sefo")

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/find/", {"q": "given"}).context["people"]
        return len(caught)

    queries()
    few = queries()
    placements(cast, "sefo", "V1", "IH", [("nominated", None)] * 20)
    assert queries() <= few
    assert few <= 20


def test_what_was_typed_is_kept_nowhere(cast, sign_in, caplog):
    with caplog.at_level(logging.DEBUG):
        sign_in("ines").get("/find/", {"q": "CanaryName Typed"})
        sign_in("ines").get("/find/", {"q": "CanaryName Typed"}, headers={"HX-Request": "true", "HX-Target": "found"})
    assert "CanaryName" not in caplog.text
    with acting_as(operator_scope()):
        kept = [str(row) for row in AuditEvent.objects.values_list()]
    with cast.acting("ines"):
        kept += [str(row) for row in History.objects.values_list()]
    assert "CanaryName" not in "".join(kept)
