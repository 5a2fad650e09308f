"""The first page of each role: what needs this person today, and what stands there when nothing does."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.scope import acting_as
from lamp_portal import home
from lamp_portal.home import rights
from lamp_portal.screens.data import tile
from pilots.models import Cohort, JobOrder
from reports.compiling import compile_report
from reports.delivery.models import Schedule
from tests.cast import placements
from tests.effort import fewest_questions
from tests.grievances.conftest import filed
from tests.reports.delivered import scheduled
from tests.reports.test_compiling import order_of
from tests.workers.likeness.people import record
from tests.workers.sheets.test_door import HEADERS, ROWS, workbook
from tests.workers.sheets.test_pages import page, send
from workers.likeness.finding import seek
from workers.models import (
    Consent,
    Hold,
    HousingStay,
    IdentityDocument,
    JourneyEvent,
    PayRecord,
    Room,
    RoomInspection,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


def panels(cast, name: str, now: datetime = NOW) -> dict:
    with cast.acting(name) as by:
        return home.page(by, now)[1]


def need(cast, name: str, code: str, now: datetime = NOW):
    """One matter of somebody's first page, whether it waits or is clear; None where it has no trace."""
    found = panels(cast, name, now)["needs"]
    return next((n for n in [*found.waiting, *found.clear] if n.code == code), None)


def titles(matter) -> list[str]:
    return [line.code for line in matter.lines]


def listed(sign_in, name: str, matter) -> int:
    """How many rows the list has that the count opens."""
    return sign_in(name).get(matter.url).content.decode().count('<th scope="row">')


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


def test_the_programme_sees_how_far_each_cohort_has_come(cast, sign_in):
    (line,) = panels(cast, "ines")["cohorts"]
    assert [(step["label"], step["count"]) for step in line.strip] == [
        ("Nominated", 8), ("Selected", 5), ("Contract signed", 5), ("Visa granted", 4), ("Departed", 3)]  # fmt: skip
    assert line.abroad == 3
    assert line.next_date(date(2026, 7, 1)) == ("return", date(2026, 8, 31))
    assert "3 abroad now" in main(sign_in, "ines")


def test_a_hold_stands_with_its_reason_and_who_can_act_until_it_is_over(cast, sign_in):
    hold(cast, "IH-003", until=date(2026, 7, 1))
    matter = need(cast, "ines", "held")
    assert (matter.count, titles(matter)) == (1, ["IH-003"])
    assert matter.lines[0].note == "The contract is not translated. · Island Hands can act"
    assert need(cast, "ines", "held", NOW + timedelta(days=1)).count == 0
    hold(cast, "IH-004")
    assert "Island Hands can act" in main(sign_in, "ines")
    assert "The contract is not translated." in main(sign_in, "sefo")
    assert "The contract is not translated." not in main(sign_in, "tavi")


def test_a_hold_of_this_morning_is_of_today_wherever_the_reader_sits(cast):
    hold(cast, "IH-003", placed_at=NOW - timedelta(hours=11))  # ten in the morning of the day in Auckland
    with timezone.override("Pacific/Auckland"):
        assert need(cast, "ines", "held").note == "the oldest: today"


def test_more_cases_than_are_looked_through_are_counted_all(cast, monkeypatch):
    filed(cast)
    filed(cast, urgent=True)
    monkeypatch.setattr(rights, "MOST_CASES", 1)
    found = need(cast, "lena", "cases")
    assert (found.count, found.tone, len(found.lines)) == (2, "critical", 1)


def test_who_cannot_depart_is_named_with_what_is_missing_from_whom_and_the_days_left(cast, sign_in):
    with cast.acting("ines"):
        Cohort.objects.filter(code="V1").update(departs_on=date(2026, 7, 20))
    matter = need(cast, "ines", "blocked")
    (line,) = [line for line in matter.lines if line.code == "RR-002"]
    assert "Visa" in line.note
    assert "can act" in line.note
    assert line.due == date(2026, 7, 20)
    assert matter.count == len(matter.lines)
    assert "departs in 19 days" in matter.note
    assert need(cast, "sefo", "blocked") is None, "a recruiter is told of its own people by papers"


def test_papers_that_end_within_sixty_days_are_named_and_a_replaced_one_is_not(cast, sign_in):
    passport = {"person_id": cast.placement("IH-001").person_id, "kind": "passport"}
    with cast.acting("ines"):
        IdentityDocument.objects.filter(**passport).update(expires_on=date(2026, 8, 30))
    for name, count in (("ines", 1), ("sefo", 1), ("tavi", 0)):
        assert need(cast, name, "papers").count == count, name
    line = need(cast, "ines", "papers").lines[0]
    assert (line.code, line.note, line.due) == ("IH-001", "Passport", date(2026, 8, 30))
    assert need(cast, "ines", "papers", NOW - timedelta(days=1)).count == 0
    assert need(cast, "omar", "papers") is None, "an employer is not told about papers at all"
    with cast.acting("ines"):
        IdentityDocument.objects.filter(**passport).update(replaced_at=NOW)
    assert need(cast, "ines", "papers").count == 0


def test_a_report_stands_there_from_sixty_days_before_it_is_due_and_when_it_waits_for_somebody(cast):
    assert need(cast, "ines", "reports").count == 0
    schedule = scheduled(cast, period="quarter", days_after=5, counts_from=date(2026, 6, 1), kind="funder")
    matter = need(cast, "ines", "reports")
    assert (matter.count, matter.tone, matter.lines[0].due) == (1, "info", date(2026, 7, 4)), (
        "in Auckland it is the fifth"
    )
    assert matter.lines[0].url == reverse("reports:schedule", args=[schedule.pk])
    assert need(cast, "ines", "reports", NOW - timedelta(days=60)).count == 0
    with cast.acting("ines"):
        Schedule.objects.update(period="season", counts_from=date(2025, 10, 1))
    waits = need(cast, "ines", "reports", NOW + timedelta(days=365))
    assert waits.tone == "critical"
    assert waits.lines[0].note.startswith("Waits for a signature · ")
    assert need(cast, "sefo", "reports") is None


def test_a_certificate_for_departure_counts_until_departure_only(cast):
    for code in ("IH-001", "IH-004"):  # one works abroad, one is nominated
        person = cast.placement(code).person
        with cast.acting("ines"):
            IdentityDocument.objects.create(
                person=person, pilot_id=person.pilot_id, recruiter_id=person.recruiter_id, kind="police",
                number=f"C{code}", country="TO", expires_on=date(2026, 7, 20),
            )  # fmt: skip
    assert titles(need(cast, "ines", "papers")) == ["IH-004"]


def test_a_visa_of_an_earlier_season_is_followed_by_the_next(cast):
    person = cast.placement("IH-001").person
    common = {"person": person, "pilot_id": person.pilot_id, "recruiter_id": person.recruiter_id, "kind": "visa"}
    with cast.acting("ines"):
        IdentityDocument.objects.create(**common, number="V1", country="NZ", expires_on=date(2026, 7, 5))
    assert need(cast, "ines", "papers").count == 1
    with cast.acting("ines"):
        IdentityDocument.objects.create(**common, number="V2", country="NZ", expires_on=date(2027, 7, 5))
    assert need(cast, "ines", "papers").count == 0


def test_what_changed_since_yesterday_is_counted_by_cohort_and_step(cast):
    with cast.acting("ines"):
        recorded = JourneyEvent.objects.latest("recorded_at").recorded_at
    rows = {(row.label, row.count) for row in panels(cast, "ines", recorded)["changed"]}
    assert ("Interviewed", 5) in rows
    assert panels(cast, "ines", recorded + timedelta(days=3))["changed"] == []


def test_a_recruiter_sees_places_left_and_how_far_its_people_are(cast, sign_in):
    with cast.acting("ines"):
        JobOrder.objects.update(starts_on=date(2026, 8, 1))
    found = panels(cast, "sefo")
    assert [(o.order.task, o.left) for o in found["orders"]] == [("Picking apples", 7)]
    ready = found["readiness"]
    assert (ready.ready, ready.nearly, ready.paper) == (1, 2, 0)
    with cast.acting("ines"):
        IdentityDocument.objects.filter(person_id=cast.placement("IH-004").person_id).update(replaced_at=NOW)
    matter = need(cast, "sefo", "missing")
    assert (matter.count, titles(matter)) == (1, ["IH-004"])
    assert matter.lines[0].note.startswith("Passport")
    assert listed(sign_in, "sefo", matter) == 1
    assert need(cast, "tavi", "missing").count == 0


def test_a_candidate_without_news_for_ninety_days_stands_there_until_something_is_recorded(cast):
    later = NOW + timedelta(days=400)
    assert set(titles(need(cast, "sefo", "quiet", later))) == {"IH-003", "IH-004", "IH-005"}
    with cast.acting("ines"):
        consent = Consent.objects.filter(person_id=cast.placement("IH-004").person_id)
        consent.update(given_on=later.date() - timedelta(days=90))
    assert "IH-004" not in titles(need(cast, "sefo", "quiet", later))
    assert need(cast, "omar", "quiet", later) is None


def test_an_employer_sees_who_arrives_and_stays_that_end(cast, sign_in):
    with cast.acting("ines"):
        placement = cast.placement("IH-003")
        placement.planned_start = date(2026, 7, 10)
        placement.save(update_fields=["planned_start"])
    later = NOW + timedelta(days=10)
    assert titles(need(cast, "omar", "coming", later)) == ["IH-003"]
    assert need(cast, "omar", "ending", later).count == 2
    assert need(cast, "olga", "coming", later).count == 0
    assert "Given3" not in main(sign_in, "olga")


def pay(cast, code: str, start: date, end: date, hours: int) -> None:
    p = cast.placement(code)
    with cast.acting("ines"):
        PayRecord.objects.create(
            pilot_id=p.pilot_id, placement=p, employer_id=p.employer_id, cohort_id=p.cohort_id, currency="NZD",
            period_start=start, period_end=end, hours_worked=hours, hours_offered=hours, gross=Decimal(hours * 25),
            net=Decimal(hours * 20),
        )  # fmt: skip


def test_an_employer_sees_while_there_is_time_who_will_not_reach_the_guaranteed_hours(cast, sign_in):
    start = NOW.date() - timedelta(days=14)
    pay(cast, "IH-001", start, start + timedelta(days=13), 40)
    pay(cast, "IH-002", start, start + timedelta(days=13), 70)
    matter = need(cast, "omar", "hours")
    assert (matter.count, titles(matter)) == (1, ["IH-001"])
    assert matter.lines[0].note.startswith("80 of 120 hours at this pace")
    (block,) = panels(cast, "omar")["blocks"]
    assert (block.workers, block.under, block.lowest, block.promised) == (2, 1, 80, 120)
    assert need(cast, "olga", "hours").count == 0
    assert need(cast, "omar", "hours", NOW + timedelta(days=30)).count == 0, "that block is over"


def test_an_employer_sees_places_left_in_its_housing_and_rooms_with_too_many(cast, sign_in):
    p = cast.placement("IH-001")
    with cast.acting("ines"):
        common = {"pilot_id": p.pilot_id, "employer_id": p.employer_id}
        room = Room.objects.create(**common, site_id=p.site_id, name="1")
        for on, most in ((date(2026, 5, 1), 4), (date(2026, 6, 1), 2)):
            RoomInspection.objects.create(**common, room=room, inspected_on=on, approved_maximum=most)
        for code in ("IH-001", "IH-002"):
            HousingStay.objects.create(**common, room=room, placement=cast.placement(code), starts_on=date(2026, 6, 2))
    (site,) = panels(cast, "omar")["beds"]
    assert (site.places, site.living, site.left, site.over) == (2, 2, 0, 0)
    assert panels(cast, "olga")["beds"] == []


def test_a_welfare_officer_sees_new_arrivals_and_what_each_place_of_work_owes(cast, sign_in):
    arrived = datetime(2026, 1, 30, 9, tzinfo=UTC)
    assert need(cast, "rosa", "arrived", arrived).count == 3
    assert need(cast, "rosa", "arrived").count == 0
    assert {s.site for s in panels(cast, "rosa")["sites"]} == {"Orchard Bay main", "Hill Vines main"}
    assert need(cast, "rosa", "checks").count == sum(s.overdue + s.due for s in panels(cast, "rosa")["sites"])
    assert "Record a visit" in main(sign_in, "rosa")


def test_a_case_stands_on_the_first_page_of_its_readers_by_code_alone(cast, sign_in):
    case = filed(cast, readers=()).grievance
    matter = need(cast, "rosa", "cases")
    assert titles(matter) == [""]
    assert matter.lines[0].title == case.code
    assert "open for 0 days" in matter.lines[0].note
    for other in ("ines", "lena"):
        assert need(cast, other, "cases").count == 0, other
    assert need(cast, "sefo", "cases") is None


def test_duties_come_by_themselves_and_are_a_link_without_scripts(cast, sign_in):
    client = sign_in("ines")
    assert 'hx-get="/today/duties/"' in client.get("/").content.decode()
    assert client.get("/today/duties/")["Location"] == reverse("compliance:duties")
    part = client.get("/today/duties/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="need-duties"' in part


@pytest.fixture
def edition(cast):
    scope = cast.scope("fay")
    with acting_as(scope):
        return compile_report(order_of(cast, "fay", "funder"), by=scope)


@pytest.mark.parametrize("name", ["fay", "kofi", "nell"])
def test_funder_and_government_see_their_pilots_and_no_person(sign_in, name):
    page = main(sign_in, name)
    assert "Verde apples 2026" in page
    assert "reports/" in page
    for words in ("Given", "IH-0", "Azul"):
        assert words not in page


def test_a_reader_sees_the_leading_figures_of_the_newest_report_with_their_intervals(sign_in, edition):
    page = main(sign_in, "fay")
    assert '<h3 class="figures-question">' in page
    assert "stands on" in page
    told, _silent, unknown = page.partition("say no number")
    assert "– hidden" in unknown
    assert "– hidden" not in told, "what says nothing stands apart from what does"
    assert f"/editions/{edition.pk}/#completion" in page


def test_a_page_without_work_says_so_and_teaches_what_will_stand_there(sign_in):
    page = main(sign_in, "abel")
    assert "No job order of your pilots has places left" in page
    assert "A hold stops the next decision" in page
    page = main(sign_in, "dana")
    assert "When somebody who is chosen lacks a passport" in page
    assert "A critical finding stands here from the hour" in page
    page = main(sign_in, "olga")
    assert "No room is recorded" in page


@pytest.mark.parametrize("name", ["ines", "sefo", "omar", "rosa", "lena"])
def test_each_count_is_that_of_the_list_it_opens(cast, sign_in, name):
    hold(cast, "IH-003")
    placements(cast, "sefo", "V1", "IH", [("selected", "Picking apples")] * 5 + [("nominated", None)] * 15)
    client = sign_in(name)
    context = client.get("/").context
    own = [n for n in context["needs"].waiting if n.url.startswith("/placements/")]
    assert own, name
    for matter in own:
        assert len(client.get(matter.url).context["page"].rows) == min(matter.count, 50), matter.code


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
    assert queries() <= few + 2  # more where a matter had nothing to look up before


@pytest.mark.parametrize(("name", "most"), [("ines", 17), ("sefo", 13), ("omar", 13), ("rosa", 13), ("lena", 13)])
def test_a_first_page_asks_few_questions_of_its_own(sign_in, name, most):
    client = sign_in(name)
    # What every page asks for its reader: this one only leads on.
    frame = fewest_questions(lambda: client.get("/today/duties/"))
    assert fewest_questions(lambda: client.get("/")) - frame <= most


def test_a_matter_for_a_list_that_one_may_not_have_asks_for_nothing(cast, sign_in):
    client = sign_in("omar")
    every = len(client.get("/placements/").context["page"].rows)
    for code in ("papers", "blocked", "quiet", "nonsense"):
        answer = client.get("/placements/", {"waits": code})
        assert answer.status_code == 200
        assert len(answer.context["page"].rows) == every, code


def test_who_decides_on_look_alikes_finds_them_on_the_first_page(cast, sign_in):
    assert need(cast, "ines", "alike").count == 0
    record(cast, "sefo", "S-1", phone="7712345")
    record(cast, "tavi", "T-1", phone="7712345")
    seek()
    shown = main(sign_in, "ines")
    assert "S-1" in shown
    assert "The same person?" in shown
    for other in ("sefo", "rosa", "omar", "lena"):
        assert "The same person?" not in main(sign_in, other), other


def test_who_reads_what_was_handed_over_is_told_on_the_first_page_and_not_what_it_says(cast, sign_in):
    assert need(cast, "lena", "withheld").count == 0
    sefo = sign_in("sefo")
    pk = (
        page(sefo, send(sefo, cast, workbook([[*ROWS[0], "beaten by the driver"]], [*HEADERS, "Comments"])))
        .context["batch"]
        .pk
    )
    sefo.post(reverse("workers:import_hand_over", args=[pk]))
    shown = main(sign_in, "lena")
    assert "Comments handed over to you" in shown
    assert "NEW-1" in shown
    assert "beaten" not in shown
    assert need(cast, "ines", "withheld") is None


def test_lists_to_download_are_found_in_the_navigation_by_who_sees_people(sign_in):
    for name, there in (("ines", True), ("sefo", True), ("omar", True), ("rosa", True), ("fay", False)):
        assert ('href="/lists/"' in sign_in(name).get("/").content.decode()) is there, name


def test_a_figure_and_what_it_counts_agree():
    assert ">row<" in tile("New", 1, unit="rows")
    assert ">rows<" in tile("New", 0, unit="rows")
    assert ">weeks<" in tile("New", 1, unit="weeks")
