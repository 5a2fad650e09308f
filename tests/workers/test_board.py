"""The cohort as a board: what comes next for each, who stands in the way, and acting on people of several columns."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import placements
from workers.journey.moves import MOVE
from workers.journey.steps import JOURNEY, STEP
from workers.models import Hold, IdentityDocument
from workers.queries.board import next_move

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(cast) -> str:
    return f"/cohorts/{cast.cohort('V1').pk}/"


def cards(page: str) -> dict[str, str]:
    """worker ID → the words of the card."""
    found = re.findall(r'<li class="board-card[^"]*">(.*?)\n</li>', page, re.S)
    texts = [" ".join(re.sub(r"<[^>]+>", " ", card).split()) for card in found]
    return {re.search(r"[A-Z]{2}-\d+", text)[0]: text for text in texts}


def test_a_card_says_how_long_what_is_next_and_from_whom_something_is_missing(cast, sign_in, address):
    shown = cards(sign_in("ines").get(address, {"view": "board"}).content.decode())
    assert len(shown) == 8
    assert re.search(r"\d+ days here", shown["IH-003"])
    assert "Next: Depart" in shown["IH-003"]
    assert "from" not in shown["IH-003"].partition("Next")[2]
    assert "Next: Complete the documents" in shown["RR-002"]
    one, orchard = cast.placement("IH-003"), cast.organisation("orchard-bay")
    person = one.person_id
    with cast.acting("ines"):
        Hold.objects.create(
            pilot_id=one.pilot_id, placement=one, source="person:1:1", words="No room yet.", owner=orchard
        )
        IdentityDocument.objects.filter(person=person).update(kind="national id")
    shown = cards(sign_in("ines").get(address, {"view": "board"}).content.decode())
    assert "A hold to be lifted, from Orchard Bay Passport, from Island Hands" in shown["IH-003"]
    # Who may not read papers is told of none.
    assert "Passport" not in cards(sign_in("omar").get(address, {"view": "board"}).content.decode())["IH-003"]


def test_people_ticked_in_several_columns_are_shown_what_would_happen_to_each(sign_in, address):
    client = sign_in("ines")
    page = client.get(address, {"view": "board"}).content.decode()
    ticked = re.findall(r'name="placement" value="(\d+-\d+)"', page)
    assert len(ticked) == 8
    answer = client.post(
        f"{address}selection/", {"do": "move", "move": "deploy", "happened_on": "2026-06-30", "placement": ticked}
    )
    will, wont = answer.content.decode().split("Will stay where they are")
    assert "IH-003" in will
    assert {"IH-001", "IH-004", "RR-002"} <= set(re.findall(r"[A-Z]{2}-\d{3}", wont))


@pytest.mark.parametrize(
    ("back", "leads"), [("board", "?view=board"), ("2027-03-14", "readiness/?on=2027-03-14"), ("//evil.example", "/")]
)
def test_whoever_acted_comes_back_to_where_they_ticked(cast, sign_in, address, back, leads):
    client, one = sign_in("ines"), cast.placement("IH-004")
    asked = {
        "do": "move",
        "move": "shortlist",
        "happened_on": "2026-06-20",
        "placement": f"{one.pk}-{one.state.version}",
    }
    preview = client.post(f"{address}selection/", asked | {"back": back}).content.decode()
    kept = re.findall(r'name="back" value="([^"]*)"', preview)
    assert set(kept) == {"" if back.startswith("/") else back}
    done = client.post(f"{address}moves/", asked | {"back": kept[0]})
    assert done.status_code == 303
    assert done["Location"].startswith(address)
    assert done["Location"].endswith(leads)


def test_a_longer_board_takes_no_more_statements(cast, sign_in, address):
    client = sign_in("ines")

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(address, {"view": "board"})
        return len(seen)

    statements()
    before = statements()
    placements(cast, "sefo", "V1", "IH", [("nominated", None)] * 5)
    assert statements() == before


@pytest.mark.parametrize("journey", list(JOURNEY))
def test_from_each_step_of_a_way_the_next_move_leads_on_to_one_that_nobody_leaves_out(journey):
    way = JOURNEY[journey]
    for step in way.path[:-1]:
        move = next_move(journey, step)
        assert move is not None, step
        assert MOVE[move.code].to_step not in way.optional
        assert STEP[move.to_step].order > STEP[step].order
    for ended in ("closed", "declined", "visa_refused", "deceased"):
        assert next_move(journey, ended) is None
    assert next_move(journey, "resigned").to_step == "left_country"
