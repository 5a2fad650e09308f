"""The list of placements: who finds whom, by what, page by page."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import placements
from workers.models import Placement
from workers.queries import listing as rows_module

pytestmark = pytest.mark.django_db


def codes(answer) -> set[str]:
    """The worker IDs that a page shows."""
    return set(re.findall(r'class="code">([A-Z]+-\d+)<', answer.content.decode()))


def rename(cast, code: str, **fields) -> None:
    placement = cast.placement(code)
    with cast.acting("ines"):
        person = Placement.objects.select_related("person").get(pk=placement.pk).person
        for name, value in fields.items():
            setattr(person, name, value)
        person.save(update_fields=list(fields))


def test_a_recruiter_sees_its_own_people_and_no_rivals(sign_in):
    assert codes(sign_in("sefo").get("/placements/")) == {"IH-001", "IH-002", "IH-003", "IH-004", "IH-005"}
    assert codes(sign_in("tavi").get("/placements/")) == {"RR-001", "RR-002", "RR-003"}


def test_an_employer_sees_whoever_is_on_its_job_orders_only(sign_in):
    assert codes(sign_in("omar").get("/placements/")) == {"IH-001", "IH-002", "IH-003"}


def test_a_worker_is_found_by_any_part_of_the_name_without_accents_in_any_order(cast, sign_in):
    rename(cast, "IH-004", family_name="Mäkelä-Ōtū", given_names="Éloïse Ana")
    client = sign_in("ines")
    for query in ("makela", "OTU eloise", "ana mak", "ih-004"):
        assert codes(client.get("/placements/", {"q": query})) == {"IH-004"}, query


def test_the_programme_finds_by_the_end_of_a_passport_and_by_phone(sign_in):
    client = sign_in("ines")
    assert codes(client.get("/placements/", {"q": "ih003"})) == {"IH-003"}
    assert "RR-001" in codes(client.get("/placements/", {"q": "+676 7000001"}))


def test_an_employer_finds_nobody_by_passport_or_phone(sign_in):
    client = sign_in("omar")
    assert codes(client.get("/placements/", {"q": "PIH001"})) == set()
    assert codes(client.get("/placements/", {"q": "70000 01"})) == set()


def test_a_rivals_passport_finds_nobody(sign_in):
    assert codes(sign_in("tavi").get("/placements/", {"q": "PIH001"})) == set()


def test_signs_of_a_pattern_are_letters_like_any_other(sign_in):
    client = sign_in("ines")
    for query in ("%", "_", "\\", "%%%%"):
        assert codes(client.get("/placements/", {"q": query})) == set(), query


def test_filters_stand_in_the_address_and_narrow_together(cast, sign_in):
    client = sign_in("ines")
    employer = cast.organisation("orchard-bay").pk
    answer = client.get("/placements/", {"phase": "abroad", "employer": employer})
    assert codes(answer) == {"IH-001", "IH-002"}
    page = answer.content.decode()
    assert "remove this filter" in page
    assert f'href="/placements/?employer={employer}"' in page  # takes the phase away and leaves the rest
    assert codes(client.get("/placements/", {"step": "ready"})) == {"IH-003"}


def test_a_filter_that_cannot_be_read_filters_nothing(sign_in):
    answer = sign_in("sefo").get("/placements/", {"cohort": "x", "step": "nowhere", "after": "’"})
    assert answer.status_code == 200
    assert len(codes(answer)) == 5


def test_the_part_that_htmx_swaps_is_the_part_of_the_fresh_page(sign_in):
    client = sign_in("ines")
    whole = client.get("/placements/?phase=abroad").content.decode()
    part = client.get("/placements/?phase=abroad", headers={"HX-Request": "true", "HX-Target": "list"})
    # Each answer masks the same token in its own way.
    masked = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')
    assert masked.sub(r"\1", part.content.decode().strip()) in masked.sub(r"\1", whole)
    assert "<html" not in part.content.decode()


def test_the_address_to_share_holds_only_the_filters_in_use(sign_in):
    hx = {"HX-Request": "true", "HX-Target": "list"}
    answer = sign_in("ines").get("/placements/?q=&phase=abroad&step=&employer=", headers=hx)
    assert answer["HX-Push-Url"] == "/placements/?phase=abroad"
    assert sign_in("ines").get("/placements/?q=", headers=hx)["HX-Push-Url"] == "/placements/"


def test_pages_walk_by_key_over_every_row_once_and_back(sign_in, monkeypatch):
    monkeypatch.setattr(rows_module, "PAGE", 3)
    client, url, seen = sign_in("ines"), "/placements/", []
    for _ in range(9):
        page = client.get(url).content.decode()
        seen.append(codes(client.get(url)))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if not following:
            break
        url = following[1].replace("&amp;", "&")
    assert [len(page) for page in seen] == [3, 3, 2]
    assert len(set.union(*seen)) == 8
    back = re.search(r'rel="prev" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert codes(client.get(back)) == seen[1]


def test_an_empty_list_says_how_workers_get_here(cast, sign_in):
    answer = sign_in("ines").get("/placements/", {"q": "nobody of this name"})
    assert "Nobody fits these filters" in answer.content.decode()


def queries(client, url) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_the_list_asks_as_much_for_forty_rows_as_for_eight(cast, sign_in):
    client = sign_in("ines")
    client.get("/placements/")  # the first request of a session also writes the session
    few = queries(client, "/placements/")
    placements(cast, "sefo", "V1", "IH", [("nominated", None)] * 32)
    assert queries(client, "/placements/") == few
