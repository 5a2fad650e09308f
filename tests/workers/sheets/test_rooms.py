"""Rooms of a site as they were found, and who lives in them, from sheets."""

from decimal import Decimal

import pytest

from tests.workers.sheets.test_door import codes, verdicts
from tests.workers.sheets.test_facts import cells, recorded, said, sent
from workers.models import HousingStay, Placement, Room, RoomInspection

pytestmark = pytest.mark.django_db
ROOMS = ["Site", "Address", "Room", "Area m²", "Beds", "Occupants", "Approved maximum", "Weekly rent", "Currency",
         "Inspected on", "Building", "Own bathroom"]  # fmt: skip
STAYS = ["Worker ID", "Site", "Address", "Room", "From", "To"]


def site_of_orchard():
    return Placement.objects.get(person__worker_code="IH-001").site.name


def room(site, name="1", address="12 Bay Road", on="2026-03-01", occupants="4"):
    return [site, address, name, "18.5", "4", occupants, "4", "140", "NZD", on, "older", "yes"]


def test_a_room_is_created_with_its_first_inspection_and_corrected_later(cast, today):
    with cast.acting("ines") as by:
        site = site_of_orchard()
        batch = recorded(
            cast,
            by,
            today,
            "housing",
            ROOMS,
            room(site.upper()),
            room(site, "2"),
            room("Nowhere"),
            room(site, "3", on=""),
        )
        assert cells(batch) == {4: {"unknown_site": "A4"}, 5: {"not_inspected": "J5"}}
        assert all("{" not in words for words in said(batch))
        assert sorted(Room.objects.values_list("name", flat=True)) == ["1", "2"]
        first = RoomInspection.objects.get(room__name="1")
        assert (first.area, first.weekly_rent, first.building, first.own_bathroom) == (
            Decimal("18.5"),
            Decimal(140),
            "older",
            True,
        )
        later = recorded(cast, by, today, "housing", ROOMS, room(site, occupants="6"), room(site, on="2026-05-01"))
        assert verdicts(later) == {2: "changed", 3: "new"}
        assert RoomInspection.objects.get(supersedes=first).occupants == 6
        assert Room.objects.count() == 2
        assert verdicts(sent(cast, by, today, "housing", ROOMS, room(site, "1", occupants="6"))) == {2: "same"}


def test_two_rooms_of_one_name_are_told_apart_by_their_address(cast, today):
    with cast.acting("ines") as by:
        site = site_of_orchard()
        recorded(cast, by, today, "housing", ROOMS, room(site), room(site, address="3 Hill Street"))
        assert Room.objects.count() == 2
        batch = sent(cast, by, today, "housing", ROOMS, room(site, address="", on="2026-06-01"))
        assert cells(batch) == {2: {"ambiguous_room": "C2"}}


def test_a_worker_moves_from_room_to_room_and_never_lives_in_two(cast, today):
    with cast.acting("ines") as by:
        site = site_of_orchard()
        recorded(cast, by, today, "housing", ROOMS, room(site), room(site, "2"))
        recorded(cast, by, today, "stays", STAYS, ["IH-001", site, "", "1", "2026-03-01", ""])
        batch = sent(cast, by, today, "stays", STAYS, ["IH-001", site, "", "2", "2026-05-01", ""], ["IH-002", site, "", "9", "2026-05-01", ""],
                     ["IH-002", "Nowhere", "", "1", "2026-06-01", ""])  # fmt: skip
        assert cells(batch) == {2: {"overlapping": "E2"}, 3: {"unknown_room": "D3"}, 4: {"unknown_site": "B4"}}
        # The row that ends the first stay may stand in the same sheet.
        batch = recorded(
            cast,
            by,
            today,
            "stays",
            STAYS,
            ["IH-001", site, "", "1", "2026-03-01", "2026-04-30"],
            ["IH-001", site, "", "2", "2026-05-01", ""],
        )
        assert codes(batch) == {2: [], 3: []}
        assert list(HousingStay.objects.values_list("room__name", flat=True)) == ["1", "2"]
        batch = sent(
            cast,
            by,
            today,
            "stays",
            STAYS,
            ["IH-002", site, "", "1", "2026-03-01", ""],
            ["IH-002", site, "", "2", "2026-05-01", ""],
        )
        assert codes(batch) == {2: [], 3: ["overlapping_row"]}


def test_the_preview_names_the_room_and_the_day_where_there_is_no_worker(cast, sign_in, today):
    with cast.acting("ines") as by:
        site = site_of_orchard()
        batch = sent(cast, by, today, "housing", ROOMS, room(site, "Blue room"))
    page = sign_in("ines").get(f"/imports/{batch.pk}/").content.decode()
    assert "Blue room · 2026-03-01" in page
    assert site in page
