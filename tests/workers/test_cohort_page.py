"""The cohort's board: who stands where, and acting on many at once, with a preview before anything happens."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import placements
from workers.models import Hold, Person, Placement, PlacementState

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(cast) -> str:
    return f"/cohorts/{cast.cohort('V1').pk}/"


def codes(answer) -> set[str]:
    return set(re.findall(r'class="code">([A-Z]+-\d+)<', answer.content.decode()))


def picked(cast, *worker_codes: str) -> list[str]:
    chosen = [cast.placement(code) for code in worker_codes]
    return [f"{p.pk}-{p.state.version}" for p in chosen]


def step(cast, code: str) -> str:
    return cast.placement(code).state.step


def without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_the_table_names_everybody_of_the_cohort_and_what_is_missing(sign_in, board):
    page = sign_in("ines").get(board)
    assert len(codes(page)) == 8
    assert "Job order, Signed contract, Visa" in page.content.decode()


def test_each_partner_sees_its_own_part_of_the_board(sign_in, board):
    assert codes(sign_in("sefo").get(board)) == {"IH-001", "IH-002", "IH-003", "IH-004", "IH-005"}
    assert codes(sign_in("omar").get(board)) == {"IH-001", "IH-002", "IH-003"}


def without_head(answer) -> str:
    return answer.content.decode().partition("<main")[2]


def test_places_left_are_the_same_for_a_recruiter_as_for_the_programme(sign_in, board):
    # Hill Vines' two places are taken by Reef Recruiting's people, whom Island Hands does not see.
    for name in ("ines", "sefo"):
        page = without_head(sign_in(name).get(board))
        assert "Filled" in page, name
        assert "7 of 10" in page, name


def test_filters_by_step_partner_and_hold(cast, sign_in, board):
    client = sign_in("ines")
    assert codes(client.get(board, {"step": "ready"})) == {"IH-003"}
    assert codes(client.get(board, {"recruiter": cast.organisation("reef-recruiting").pk})) == {
        "RR-001", "RR-002", "RR-003"}  # fmt: skip
    ready = cast.placement("IH-003")
    with cast.acting("ines"):
        Hold.objects.create(pilot_id=ready.pilot_id, placement=ready, source="person:1:1", words="A paper is awaited.")
    assert codes(client.get(board, {"held": "on"})) == {"IH-003"}


def test_the_board_shows_phases_with_their_steps(sign_in, board):
    page = without_head(sign_in("ines").get(board, {"view": "board"}))
    for words in ("Recruitment", "Preparation", "Abroad", "Ready to depart", "Working", "Nominated"):
        assert words in page, words
    assert len(set(re.findall(r'class="code">([A-Z]+-\d+)<', page))) == 8


@pytest.mark.parametrize("query", ["?step=ready", "?view=board", ""])
def test_the_part_that_htmx_swaps_is_the_part_of_the_fresh_page(sign_in, board, query):
    client = sign_in("ines")
    part = client.get(board + query, headers={"HX-Request": "true", "HX-Target": "members"}).content.decode()
    assert without_token(part.strip()) in without_token(client.get(board + query).content.decode())


def test_a_preview_says_who_moves_and_who_not_and_changes_nothing(cast, sign_in, board):
    asked = {"do": "move", "move": "shortlist", "happened_on": "2026-06-20",
             "placement": picked(cast, "IH-004", "IH-005", "IH-001")}  # fmt: skip
    answer = sign_in("ines").post(f"{board}selection/", asked)
    assert answer.status_code == 200
    page = without_head(answer)
    will, wont = page.split("Will stay where they are")
    assert "IH-004" in will
    assert "IH-005" in will
    assert "IH-001" in wont
    assert "stands at “Working”" in wont
    assert "Move 2 people" in wont
    assert (step(cast, "IH-004"), step(cast, "IH-001")) == ("nominated", "working")


def test_confirming_moves_those_who_pass_and_names_the_others(cast, sign_in, board):
    client = sign_in("ines")
    asked = {"move": "shortlist", "happened_on": "2026-06-20", "placement": picked(cast, "IH-004", "RR-003", "IH-003")}
    answer = client.post(f"{board}moves/", asked, follow=True)
    page = answer.content.decode()
    assert "Shortlist: 2 people moved." in page
    assert "IH-003: " in page
    assert (step(cast, "IH-004"), step(cast, "RR-003"), step(cast, "IH-003")) == ("shortlisted", "shortlisted", "ready")


def test_somebody_moved_in_between_is_left_alone_and_named(cast, sign_in, board):
    asked = {"move": "shortlist", "happened_on": "2026-06-20", "placement": picked(cast, "IH-004", "IH-005")}
    one = cast.placement("IH-004")
    with cast.acting("ines"):
        PlacementState.objects.filter(pk=one.pk).update(version=9)
    page = sign_in("ines").post(f"{board}moves/", asked, follow=True).content.decode()
    assert "Shortlist: 1 person moved." in page
    assert "IH-004: Somebody else moved it in the meantime." in page
    assert step(cast, "IH-004") == "nominated"


def test_a_recruiter_cannot_move_a_rivals_people_by_their_numbers(cast, sign_in, board):
    asked = {"move": "shortlist", "happened_on": "2026-06-20", "placement": picked(cast, "RR-003")}
    sign_in("sefo").post(f"{board}moves/", asked)
    assert step(cast, "RR-003") == "nominated"


def test_a_move_without_a_choice_asks_again(cast, sign_in, board):
    asked = {"do": "move", "move": "", "happened_on": "2026-06-20", "placement": picked(cast, "IH-004")}
    answer = sign_in("ines").post(f"{board}selection/", asked)
    assert answer.status_code == 422
    assert "needs another look" in answer.content.decode()


def test_people_are_put_on_a_job_order_and_who_departed_stays(cast, sign_in, board):
    client, order = sign_in("ines"), cast.job_order("Picking apples")
    chosen = picked(cast, "IH-004", "RR-001")
    preview = client.post(f"{board}selection/", {"do": "assign", "placement": chosen})
    page = without_head(preview)
    assert "departed already" in page
    assert "Picking apples, Orchard Bay: 7 of 10 places left" in page
    assert cast.placement("IH-004").job_order_id is None
    answer = client.post(f"{board}assignments/", {"placement": chosen, "job_order": order.pk}, follow=True)
    assert "1 person is on the job order" in answer.content.decode()
    assert cast.placement("IH-004").employer_id == order.employer_id
    assert cast.placement("RR-001").job_order_id != order.pk


def test_a_held_person_is_named_before_and_stays_as_the_preview_says(cast, sign_in, board):
    client, one = sign_in("ines"), cast.placement("IH-004")
    with cast.acting("ines"):
        Hold.objects.create(pilot_id=one.pilot_id, placement=one, source="person:1:1", words="A paper is awaited.")
    chosen = picked(cast, "IH-004", "IH-005")
    will, wont = without_head(client.post(f"{board}selection/", {"do": "assign", "placement": chosen})).split(
        "Will stay as they are: held"
    )
    assert "IH-005" in will
    assert "IH-004" not in will
    assert "IH-004" in wont
    order = cast.job_order("Picking apples")
    page = client.post(f"{board}assignments/", {"placement": chosen, "job_order": order.pk}, follow=True)
    assert "1 person was left out" in page.content.decode()
    assert cast.placement("IH-004").job_order_id is None


def test_a_job_order_of_another_cohort_is_refused(cast, sign_in, board):
    answer = sign_in("ines").post(
        f"{board}assignments/", {"placement": picked(cast, "IH-004"), "job_order": cast.job_order("Boning").pk}
    )
    assert answer.status_code == 422


def test_people_in_no_cohort_are_enrolled_and_nobody_else(cast, sign_in, board):
    first = cast.placement("IH-001")
    with cast.acting("sefo") as by:
        waiting = Person.objects.create(
            pilot_id=first.pilot_id, worker_code="IH-901", recruiter_id=by.organisation_id, family_name="Waiting"
        )
    client = sign_in("sefo")
    assert codes(client.get(f"{board}enrolments/")) == {"IH-901"}
    answer = client.post(f"{board}enrolments/", {"person": [waiting.pk, first.person_id]}, follow=True)
    assert "1 person was nominated" in answer.content.decode()
    assert step(cast, "IH-901") == "nominated"
    assert codes(client.get(f"{board}enrolments/")) == set()
    with cast.acting("ines"):
        assert Placement.objects.filter(person_id=first.person_id).count() == 1


def test_ticking_nobody_says_so(sign_in, board):
    for path in ("selection/", "moves/", "assignments/", "enrolments/"):
        assert sign_in("ines").post(board + path).status_code == 303, path
    assert "Tick the people" in sign_in("ines").post(f"{board}selection/", follow=True).content.decode()


def queries(client, url) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("view", ["table", "board"])
def test_table_and_board_ask_as_much_for_forty_as_for_eight(cast, sign_in, board, view):
    client = sign_in("ines")
    client.get(board)
    few = queries(client, f"{board}?view={view}")
    placements(cast, "sefo", "V1", "IH", [("nominated", None)] * 32)
    assert queries(client, f"{board}?view={view}") == few


def test_a_long_table_goes_on_on_the_next_page(cast, sign_in, board, monkeypatch):
    from workers.queries import cohorts

    monkeypatch.setattr(cohorts, "PAGE", 5)
    client = sign_in("ines")
    first = client.get(board)
    following = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1].replace("&amp;", "&")
    second = client.get(following)
    assert len(codes(first)) == 5
    assert len(codes(second)) == 3
    assert codes(first) & codes(second) == set()
