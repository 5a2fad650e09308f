"""The dates of a cohort: a month by week and as a grid, and a calendar file that names nobody."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lamp_portal.cohort_days import entries, weeks_of
from lamp_portal.ics import AllDay, calendar_file
from pilots.models import Cohort, JobOrder
from tests.cast import placements
from workers.models import IdentityDocument, Placement, Travel

pytestmark = pytest.mark.django_db
FIRST = date(2027, 3, 1)


@pytest.fixture
def dated(cast):
    """Cohort V1 with dates to come: departure 14 March, two flights, contracts that end in June, a visa in May 2027."""
    cohort = cast.cohort("V1")
    with cast.acting("ines"):
        Cohort.objects.filter(pk=cohort.pk).update(departs_on=date(2027, 3, 14), returns_on=date(2027, 9, 30))
        Placement.objects.filter(cohort=cohort, job_order__in=JobOrder.objects.all()).update(
            planned_start=date(2027, 3, 20), planned_end=date(2027, 6, 30)
        )
        for code in ("IH-003", "RR-002"):
            one = Placement.objects.get(person__worker_code=code)
            Travel.objects.create(
                pilot_id=one.pilot_id, placement=one, recruiter_id=one.recruiter_id, employer_id=one.employer_id,
                direction=Travel.Direction.OUT, departs_on=date(2027, 3, 14), arrives_on=date(2027, 3, 15),
            )  # fmt: skip
        abroad = Placement.objects.get(person__worker_code="IH-001")
        IdentityDocument.objects.create(
            person_id=abroad.person_id, pilot_id=abroad.pilot_id, recruiter_id=abroad.recruiter_id, kind="visa",
            number="V1", country="NZ", expires_on=date(2027, 5, 31),
        )  # fmt: skip
    return cohort


def found(cast, name: str, cohort: Cohort) -> dict[tuple[str, date], str]:
    with cast.acting(name) as by:
        cohort = Cohort.objects.select_related("pilot").get(pk=cohort.pk)
        now = datetime(2026, 7, 1, 12, tzinfo=UTC)
        return {(e.code, e.day): e.words for e in entries(cohort, by=by, now=now, today=date(2026, 7, 1))}


def test_each_reader_is_told_how_many_of_their_own_on_which_day(cast, dated):
    told = found(cast, "ines", dated)
    assert told["departure", date(2027, 3, 14)] == "Planned departure of the cohort"
    assert told["flies", date(2027, 3, 14)] == "2 people are booked to depart"
    assert told["arrives", date(2027, 3, 15)] == "2 people are booked to arrive"
    assert told["ends", date(2027, 6, 30)] == "5 contracts end"
    assert told["visa", date(2027, 5, 31)] == "1 visa ends"
    assert any(code == "check" for code, _day in told)  # three people are at work and are visited again and again
    own = found(cast, "omar", dated)
    assert own["flies", date(2027, 3, 14)] == "1 person is booked to depart"
    assert own["ends", date(2027, 6, 30)] == "3 contracts end"
    # An employer reads no visas.
    assert not any(code == "visa" for code, _day in own)


def test_the_month_stands_as_a_grid_and_by_week_and_leads_to_the_others(sign_in, dated):
    client, address = sign_in("ines"), reverse("cohort_calendar", args=[dated.pk])
    page = client.get(address, {"month": "2027-03"}).content.decode()
    main = page.partition("<main")[2]
    assert "March 2027" in main
    assert main.count("2 people are booked to depart") == 2  # in the grid and in the list
    assert "contracts end" not in main
    assert 'href="?month=2027-06"' in main
    assert f"{reverse('workers:readiness', args=[dated.pk])}?on=2027-03-14" in main
    for odd in ("2027-13", "soon", "", "0000-01", "9999-12", "0001-01"):
        assert client.get(address, {"month": odd}).status_code == 200, odd


def test_the_file_counts_and_names_nobody(cast, sign_in, dated):
    answer = sign_in("ines").get(reverse("cohort_calendar_ics", args=[dated.pk]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    assert "SUMMARY:V1: 2 people are booked to depart" in text
    assert "DTSTART;VALUE=DATE:20270314\r\nDTEND;VALUE=DATE:20270315" in text
    uids = re.findall(r"UID:(.*)\r\n", text)
    assert len(uids) == len(set(uids)) == text.count("BEGIN:VEVENT") > 4
    with cast.acting("ines"):
        for one in Placement.objects.select_related("person", "employer", "recruiter"):
            for name in (one.person.family_name, one.person.given_names, one.person.worker_code):
                assert name not in text, name


def test_a_calendar_file_keeps_to_its_form_whatever_the_words():
    words = "Nuku‘alofa, é; \\ three\nlines " + "漢字" * 60
    text = calendar_file("V1", [AllDay("1@here", date(2027, 12, 31), words)], at=datetime(2026, 11, 1, 8, tzinfo=UTC))
    lines = text.encode().split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)
    unfolded = text.replace("\r\n ", "")
    value = re.search(r"SUMMARY:(.*)\r\n", unfolded)[1]
    assert re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value) == words
    assert "DTEND;VALUE=DATE:20280101" in unfolded


def test_the_weeks_of_a_month_hold_every_day_of_it_once():
    for n in range(24):
        month = date(2026 + n // 12, n % 12 + 1, 1)
        days = [day for week in weeks_of(month, []) for day in week.days]
        inside = [day.day for day in days if day.inside]
        assert days[0].day.weekday() == 0
        assert inside == [month + timedelta(days=k) for k in range(len(inside))]
        assert (inside[-1] + timedelta(days=1)).day == 1


def test_more_people_take_no_more_statements(cast, sign_in, dated):
    client, address = sign_in("ines"), reverse("cohort_calendar", args=[dated.pk])

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    statements()
    before = statements()
    placements(cast, "sefo", "V1", "IH", [("ready", "Picking apples")] * 3)
    assert statements() == before
