"""The first page of each role: what needs this person today, and what stands there when nothing does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lamp_portal import home
from lamp_portal.screens.data import tile
from pilots.models import Cohort, JobOrder
from tests.cast import placements
from tests.workers.likeness.people import record
from tests.workers.sheets.test_door import HEADERS, ROWS, workbook
from tests.workers.sheets.test_pages import page, send
from workers.likeness.finding import seek
from workers.models import Hold, IdentityDocument, JourneyEvent
from workers.queries import today as asked

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


def panels(cast, name: str, now: datetime = NOW) -> dict:
    with cast.acting(name) as by:
        return home.page(by, now)[1]


def main(sign_in, name: str) -> str:
    answer = sign_in(name).get("/")
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2]


def hold(cast, code: str, **fields) -> None:
    p = cast.placement(code)
    with cast.acting("ines"):
        Hold.objects.create(
            pilot_id=p.pilot_id, placement=p, recruiter_id=p.recruiter_id, employer_id=p.employer_id,
            source=f"person:{code}", words="The contract is not translated.",
            owner=cast.organisation("island-hands"), **fields,
        )  # fmt: skip


def test_the_programme_sees_how_far_each_cohort_has_come(cast):
    (line,) = panels(cast, "ines")["cohorts"]
    assert line.reached == {"nominated": 8, "selected": 5, "contract_signed": 5, "documents_complete": 4,
                            "visa_granted": 4, "departed": 3, "home": 0}  # fmt: skip
    assert line.abroad == 3
    assert line.next_date(date(2026, 7, 1)) == ("return", date(2026, 8, 31))


def test_a_hold_stands_with_its_reason_and_who_can_act_until_it_is_over(cast, sign_in):
    hold(cast, "IH-003", until=date(2026, 7, 1))
    assert [h.words for h in panels(cast, "ines")["held"].rows] == ["The contract is not translated."]
    assert panels(cast, "ines", NOW + timedelta(days=1))["held"].rows == []
    hold(cast, "IH-004")
    assert "Island Hands can act." in main(sign_in, "ines")
    assert "The contract is not translated." in main(sign_in, "sefo")
    assert "The contract is not translated." not in main(sign_in, "tavi")


def test_what_keeps_chosen_people_from_departing_is_counted_with_who_can_bring_it(cast):
    with cast.acting("ines"):
        Cohort.objects.filter(code="V1").update(departs_on=date(2026, 7, 20))
    rows = {(row.what, row.count, row.who) for row in panels(cast, "ines")["lacking"]}
    assert ("Visa", 1, "Programme") in rows


def test_papers_that_end_within_sixty_days_are_named_and_a_replaced_one_is_not(cast):
    passport = {"person_id": cast.placement("IH-001").person_id, "kind": "passport"}
    with cast.acting("ines"):
        IdentityDocument.objects.filter(**passport).update(expires_on=date(2026, 8, 30))
    (paper,) = panels(cast, "ines")["papers"].rows
    assert paper.placement_id == cast.placement("IH-001").pk
    assert [p.pk for p in panels(cast, "sefo")["papers"].rows] == [paper.pk]
    assert panels(cast, "tavi")["papers"].rows == []
    assert panels(cast, "ines", NOW - timedelta(days=1))["papers"].rows == []
    with cast.acting("ines"):
        IdentityDocument.objects.filter(**passport).update(replaced_at=NOW)
    assert panels(cast, "ines")["papers"].rows == []


def test_a_certificate_for_departure_counts_until_departure_only(cast):
    for code in ("IH-001", "IH-004"):  # one works abroad, one is nominated
        person = cast.placement(code).person
        with cast.acting("ines"):
            IdentityDocument.objects.create(
                person=person, pilot_id=person.pilot_id, recruiter_id=person.recruiter_id, kind="police",
                number=f"C{code}", country="TO", expires_on=date(2026, 7, 20),
            )  # fmt: skip
    assert [p.person.worker_code for p in panels(cast, "ines")["papers"].rows] == ["IH-004"]


def test_a_visa_of_an_earlier_season_is_followed_by_the_next(cast):
    person = cast.placement("IH-001").person
    common = {"person": person, "pilot_id": person.pilot_id, "recruiter_id": person.recruiter_id, "kind": "visa"}
    with cast.acting("ines"):
        IdentityDocument.objects.create(**common, number="V1", country="NZ", expires_on=date(2026, 7, 5))
    assert len(panels(cast, "ines")["papers"].rows) == 1
    with cast.acting("ines"):
        IdentityDocument.objects.create(**common, number="V2", country="NZ", expires_on=date(2027, 7, 5))
    assert panels(cast, "ines")["papers"].rows == []


def test_what_changed_since_yesterday_is_counted_by_cohort_and_step(cast):
    with cast.acting("ines"):
        recorded = JourneyEvent.objects.latest("recorded_at").recorded_at
    rows = {(row.label, row.count) for row in panels(cast, "ines", recorded)["changed"]}
    assert ("Selected", 5) in rows
    assert panels(cast, "ines", recorded + timedelta(days=3))["changed"] == []


def test_a_recruiter_sees_places_left_and_how_far_its_people_are(cast):
    with cast.acting("ines"):
        JobOrder.objects.update(starts_on=date(2026, 8, 1))
    found = panels(cast, "sefo")
    assert [(o.order.task, o.left) for o in found["orders"]] == [("Picking apples", 7)]
    ready = found["readiness"]
    assert (ready.ready, ready.nearly, ready.paper) == (1, 2, 0)
    with cast.acting("ines"):
        IdentityDocument.objects.filter(person_id=cast.placement("IH-004").person_id).update(replaced_at=NOW)
    ready = panels(cast, "sefo")["readiness"]
    assert (ready.ready, ready.nearly, ready.paper) == (1, 1, 1)
    assert [(p.person.worker_code, missing) for p, missing in ready.rows] == [("IH-004", "Passport")]
    assert panels(cast, "tavi")["readiness"].paper == 0


def test_an_employer_sees_who_arrives_its_workers_by_step_and_stays_that_end(cast, sign_in):
    with cast.acting("ines"):
        placement = cast.placement("IH-003")
        placement.planned_start = date(2026, 7, 10)
        placement.save(update_fields=["planned_start"])
    found = panels(cast, "omar", NOW + timedelta(days=10))
    assert [row.placement.person.worker_code for row in found["arriving"].rows] == ["IH-003"]
    assert {(row["label"], row["count"]) for row in found["steps"]} == {("Working", 2), ("Ready to depart", 1)}
    assert len(found["ending"].rows) == 2
    assert panels(cast, "olga")["arriving"].rows == []
    assert "Given3" not in main(sign_in, "olga")


def test_a_welfare_officer_sees_new_arrivals_and_where_the_workers_are(cast):
    arrived = datetime(2026, 1, 30, 9, tzinfo=UTC)
    found = panels(cast, "rosa", arrived)
    assert found["arrivals"].rows
    assert panels(cast, "rosa")["arrivals"].rows == []
    assert {(s.name, s.workers) for s in found["sites"]} == {("Orchard Bay main", 2), ("Hill Vines main", 1)}


@pytest.mark.parametrize("name", ["fay", "kofi", "nell"])
def test_funder_and_government_see_their_pilots_and_no_person(sign_in, name):
    page = main(sign_in, name)
    assert "Verde apples 2026" in page
    assert "reports/" in page
    for words in ("Given", "IH-0", "Azul"):
        assert words not in page


def test_an_empty_portal_teaches_what_will_stand_here(cast, sign_in):
    page = main(sign_in, "abel")
    assert "No job order of your pilots has places left" in page
    assert "Nobody is held" in page
    page = main(sign_in, "dana")
    assert "Nobody who is selected lacks anything" in page


@pytest.mark.parametrize("name", ["ines", "sefo", "omar", "rosa", "lena", "fay"])
def test_the_first_page_asks_as_much_for_many_as_for_few(cast, sign_in, name):
    client = sign_in(name)
    client.get("/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/")
        return len(caught)

    few = queries()
    placements(cast, "sefo", "V1", "IH", [("selected", "Picking apples")] * 5 + [("nominated", None)] * 15)
    assert queries() <= few + 1  # one more where a panel had nothing to look up before


def test_a_list_that_is_cut_does_not_say_a_wrong_count():
    assert asked.Some([1, 2], more=True).count is None
    assert asked.Some([1, 2], more=False).count == 2


def test_who_decides_on_look_alikes_finds_them_on_the_first_page(cast, sign_in):
    assert "No two records wait for a decision." in main(sign_in, "ines")
    record(cast, "sefo", "S-1", phone="7712345")
    record(cast, "tavi", "T-1", phone="7712345")
    seek()
    shown = main(sign_in, "ines")
    assert "S-1" in shown
    assert "All pairs" in shown
    for other in ("sefo", "rosa", "omar", "lena"):
        assert "The same person?" not in main(sign_in, other), other


def test_who_reads_what_was_handed_over_is_told_on_the_first_page_and_not_what_it_says(cast, sign_in):
    assert "Nobody has handed over" in main(sign_in, "lena")
    sefo = sign_in("sefo")
    pk = (
        page(sefo, send(sefo, cast, workbook([[*ROWS[0], "beaten by the driver"]], [*HEADERS, "Comments"])))
        .context["batch"]
        .pk
    )
    sefo.post(reverse("workers:import_hand_over", args=[pk]))
    shown = main(sign_in, "lena")
    assert "Read them" in shown
    assert "NEW-1" in shown
    assert "beaten" not in shown
    assert "Comments handed over" not in main(sign_in, "ines")


def test_lists_to_download_are_found_in_the_navigation_by_who_sees_people(sign_in):
    for name, there in (("ines", True), ("sefo", True), ("omar", True), ("rosa", True), ("fay", False)):
        assert ('href="/lists/"' in sign_in(name).get("/").content.decode()) is there, name


def test_a_figure_and_what_it_counts_agree():
    assert ">row<" in tile("New", 1, unit="rows")
    assert ">rows<" in tile("New", 0, unit="rows")
    assert ">weeks<" in tile("New", 1, unit="weeks")
