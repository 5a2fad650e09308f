"""Pages of terms, rooms and licences: who sees what, recording by hand, and what is refused."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.forms_sent import form_of
from tests.workers.sheets.test_facts import CONTRACT, SIGNED, recorded
from tests.workers.sheets.test_rooms import ROOMS, STAYS, room, site_of_orchard
from workers.models import Ban, ContractVersion, DeductionAgreement, RecruiterLicence, RoomInspection

pytestmark = pytest.mark.django_db


def terms(cast, code="IH-001"):
    return f"/placements/{cast.placement(code).pk}/terms/"


def fact(cast, kind, code="IH-001"):
    return f"/placements/{cast.placement(code).pk}/facts/{kind}/"


def test_the_page_shows_what_changed_between_versions_and_what_is_left_of_a_deduction(cast, sign_in, today):
    with cast.acting("ines") as by:
        recorded(
            cast,
            by,
            today,
            "contracts",
            CONTRACT,
            SIGNED,
            ["IH-001", "arrival", "2026-02-21", *SIGNED[3:8], "24.00", *SIGNED[9:]],
        )
        recorded(cast, by, today, "deductions", ["Worker ID", "Item", "Agreed total", "Amount per period", "Currency", "From", "Consent date"],
                 ["IH-001", "rent", "300", "140", "NZD", "2026-03-01", "2026-01-20"])  # fmt: skip
        recorded(cast, by, today, "pay", ["Worker ID", "Period start", "Period end", "Gross", "Deduction: rent", "Net", "Currency"],
                 ["IH-001", "2026-05-04", "2026-05-10", "500", "200", "300", "NZD"])  # fmt: skip
    page = sign_in("ines").get(terms(cast)).content.decode()
    for words in (
        "worse",
        "Agreed deductions",
        "100.00",
        "No ban is recorded",
        "Debts, deposits and bonds",
        "Health insurance",
    ):
        assert words in page, words
    # A recruiter reads neither deductions nor debts; an employer no costs, debts or bans.
    page = sign_in("sefo").get(terms(cast)).content.decode()
    assert "Contract, version by version" in page
    assert "Agreed deductions" not in page
    assert "Debts" not in page
    page = sign_in("omar").get(terms(cast)).content.decode()
    assert "Agreed deductions" in page
    for words in ("Debts", "Bans", "Recruitment costs"):
        assert words not in page


def test_another_organisations_worker_is_not_there_and_who_sees_no_person_is_refused(cast, sign_in):
    assert sign_in("tavi").get(terms(cast)).status_code == 404
    assert sign_in("tavi").get(fact(cast, "contracts")).status_code == 404
    assert sign_in("kofi").get(terms(cast)).status_code == 403
    assert sign_in("ines").get(fact(cast, "potatoes")).status_code == 404
    assert sign_in("sefo").get(fact(cast, "pay")).status_code == 403


def test_the_number_of_statements_does_not_grow_with_the_facts(cast, sign_in, today):
    client, url = sign_in("ines"), terms(cast)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url)
    with cast.acting("ines") as by:
        rows = [["IH-001", "signed", f"2026-01-{day:02d}", *SIGNED[3:]] for day in range(1, 20)]
        recorded(cast, by, today, "contracts", CONTRACT, *rows)
        recorded(
            cast,
            by,
            today,
            "travel",
            ["Worker ID", "Direction", "Departs"],
            *[["IH-001", "out", f"2026-02-{d:02d}"] for d in range(1, 20)],
        )
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) <= len(few) + 1


def test_a_contract_by_hand_is_recorded_and_corrected(cast, sign_in):
    client, url = sign_in("ines"), fact(cast, "contracts")
    assert client.get(url).status_code == 200
    given = {"version": "signed", "signed_on": "2026-01-20", "hourly_rate": "25", "currency": "NZD"}
    assert client.post(url, given).status_code == 303
    with cast.acting("ines"):
        first = ContractVersion.objects.get()
    page = client.get(f"{url}?of={first.pk}").content.decode()
    assert 'value="25"' in page
    assert client.post(f"{url}?of={first.pk}", form_of(page) | {"hourly_rate": "26"}).status_code == 303
    with cast.acting("ines"):
        assert ContractVersion.objects.get(supersedes=first).hourly_rate == 26


def test_what_the_judge_refuses_stands_at_its_field_and_nothing_is_written(cast, sign_in):
    client, url = sign_in("ines"), fact(cast, "deductions")
    answer = client.post(url, {"item": "rent", "starts_on": "2026-05-01", "ends_on": "2026-04-01", "currency": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "lies before" in page
    with cast.acting("ines"):
        assert not DeductionAgreement.objects.exists()


def test_a_fact_of_another_placement_cannot_be_opened_for_change(cast, sign_in, today):
    with cast.acting("ines") as by:
        recorded(cast, by, today, "contracts", CONTRACT, ["IH-002", *SIGNED[1:]])
        other = ContractVersion.objects.get().pk
    assert sign_in("ines").get(f"{fact(cast, 'contracts')}?of={other}").status_code == 404


def test_a_ban_by_hand_is_lifted_later(cast, sign_in):
    client, url = sign_in("ines"), fact(cast, "bans")
    assert client.post(url, {"imposed_by": "Orchard Bay", "imposed_on": "2026-05-01"}).status_code == 303
    assert (
        client.post(
            url, {"imposed_by": "Orchard Bay", "imposed_on": "2026-05-01", "lifted_on": "2026-06-01"}
        ).status_code
        == 303
    )
    with cast.acting("ines"):
        assert str(Ban.objects.get().lifted_on) == "2026-06-01"


def test_the_rooms_of_a_site_with_who_lives_there_and_how_many_are_approved(cast, sign_in, today):
    with cast.acting("ines") as by:
        site = site_of_orchard()
        recorded(cast, by, today, "housing", ROOMS, room(site, occupants="6"))
        recorded(cast, by, today, "stays", STAYS, ["IH-001", site, "", "1", "2026-03-01", ""])
        from workers.models import Placement

        pk = Placement.objects.get(person__worker_code="IH-001").site_id
    page = sign_in("rosa").get(f"/sites/{pk}/").content.decode()
    assert "More people than approved" in page
    assert "Given1" in page
    client, url = sign_in("omar"), f"/sites/{pk}/inspections/"
    given = {"room": "7", "inspected_on": "2026-06-01", "beds": "2", "weekly_rent": "140", "currency": "NZD"}
    assert client.post(url, given).status_code == 303
    assert client.post(url, given | {"currency": "", "inspected_on": "2026-06-02"}).status_code == 422
    with cast.acting("ines"):
        assert RoomInspection.objects.filter(room__name="7").count() == 1
    assert sign_in("sefo").get(f"/sites/{pk}/").status_code == 403
    assert sign_in("olga").get(f"/sites/{pk}/").status_code == 404


def test_licences_are_recorded_by_the_programme_and_seen_by_their_recruiter(cast, sign_in):
    client, url = sign_in("ines"), "/pilots/verde/licences/"
    given = {"recruiter": "Island Hands", "number": "LIC-1", "valid_from": "2025-01-01", "valid_to": "2026-12-31"}
    assert client.post(url, given).status_code == 303
    assert client.post(url, given | {"valid_to": "2024-01-01"}).status_code == 422
    with cast.acting("ines"):
        assert RecruiterLicence.objects.get().recruiter.slug == "island-hands"
    assert "LIC-1" in sign_in("sefo").get(url).content.decode()
    assert "LIC-1" not in sign_in("tavi").get(url).content.decode()
    assert sign_in("sefo").post(url, given).status_code == 403
    assert sign_in("omar").get(url).status_code == 403
