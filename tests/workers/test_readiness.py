"""Who can depart on a day: the guards of the journey asked ahead, papers that end, holds, and from whom something is missing."""

import csv
import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pilots.models import Cohort
from tests.cast import placements
from workers.journey.door import preview
from workers.models import Consent, Hold, IdentityDocument, Placement
from workers.queries.departing import departures

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)


@pytest.fixture
def address(cast) -> str:
    return reverse("workers:readiness", args=[cast.cohort("V1").pk])


def rows(answer) -> set[str]:
    assert answer.status_code == 200
    return set(re.findall(r'class="code">([A-Z]+-\d+)<', answer.content.decode()))


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2]).split())


def paper(cast, code: str, kind: str, ends: date) -> None:
    one = cast.placement(code)
    with cast.acting("ines"):
        IdentityDocument.objects.create(
            person_id=one.person_id, pilot_id=one.pilot_id, recruiter_id=one.recruiter_id, kind=kind,
            number=f"{kind}-{code}", country="TO", expires_on=ends,
        )  # fmt: skip


def hold(cast, code: str, owner: str, until: date | None = None) -> None:
    one, who = cast.placement(code), cast.organisation(owner)
    with cast.acting("ines"):
        Hold.objects.create(
            pilot_id=one.pilot_id, placement=one, recruiter_id=one.recruiter_id, employer_id=one.employer_id,
            source="person:1:1", words="A room is missing.", owner=who, until=until,
        )  # fmt: skip


def judged(cast, on: date = DAY, name: str = "ines") -> dict[str, set[str]]:
    """worker ID → codes of what is missing on the day."""
    with cast.acting(name) as by:
        answer = departures(Cohort.objects.select_related("pilot").get(code="V1"), on, by=by)
        ids = dict(Placement.objects.values_list("pk", "person__worker_code"))
    return {ids[one.placement_id]: {lack.code for lack in one.lacks} for one in answer.travellers}


def test_who_is_ready_can_fly_and_the_other_lacks_a_visa_from_the_programme(sign_in, address):
    page = sign_in("ines").get(address, {"on": "2026-12-01"})
    text = words(page)
    assert "Who can fly on 1 Dec 2026" in text
    assert rows(page) == {"IH-003", "RR-002"}  # who was not chosen, or has departed, is not judged
    assert re.search(r"Visa Fair Passage 1", text), text
    client = sign_in("ines")
    assert rows(client.get(address, {"on": "2026-12-01", "who": "can"})) == {"IH-003"}
    assert rows(client.get(address, {"on": "2026-12-01", "lacks": "visa_granted_recorded"})) == {"RR-002"}


def test_a_paper_that_ends_and_a_hold_that_stands_count_by_the_day_and_name_who_can_act(cast, sign_in, address):
    paper(cast, "IH-003", "medical", date(2026, 11, 30))
    hold(cast, "IH-003", "orchard-bay", until=date(2026, 12, 5))
    assert judged(cast, date(2026, 11, 30))["IH-003"] == {"no_hold"}
    assert judged(cast, DAY)["IH-003"] == {"no_hold", "medical_lapses"}
    assert judged(cast, date(2026, 12, 6))["IH-003"] == {"medical_lapses"}
    client = sign_in("ines")
    text = words(client.get(address, {"on": "2026-12-01", "owner": cast.organisation("orchard-bay").pk}))
    assert "A room is missing. · Orchard Bay" in text
    assert "ends 30 Nov 2026 · Island Hands" in text
    # A matter and an owner together are one thing of that owner: the certificate is not the employer's to bring.
    both = {"on": "2026-12-01", "owner": cast.organisation("orchard-bay").pk, "lacks": "medical_lapses"}
    assert rows(client.get(address, both)) == set()
    # A newer certificate makes good for the old one.
    paper(cast, "RR-002", "medical", date(2026, 11, 1))
    paper(cast, "RR-002", "police", date(2026, 12, 1))
    assert judged(cast, DAY)["RR-002"] == {"visa_granted_recorded", "medical_lapses"}


def test_a_passport_that_is_over_by_the_day_is_said_once_and_as_such(cast):
    passport = cast.placement("IH-003").person_id
    with cast.acting("ines"):
        IdentityDocument.objects.filter(person=passport, kind="passport").update(expires_on=date(2026, 8, 1))
    assert judged(cast, date(2026, 7, 1))["IH-003"] == {"passport_outlasts_stay"}
    assert judged(cast, date(2026, 8, 2))["IH-003"] == {"passport_lapses"}


def test_what_the_page_says_is_what_the_move_to_depart_refuses(cast, today):
    def departs() -> bool:
        with cast.acting("ines") as by:
            asked = Placement.objects.filter(person__worker_code="IH-003")
            return bool(preview(asked, "deploy", at=today, by=by, today=today).moved)

    assert (judged(cast, today)["IH-003"], departs()) == (set(), True)
    person = cast.placement("IH-003").person_id
    with cast.acting("ines"):
        Consent.objects.filter(person=person).update(withdrawn_on=today)
    assert (judged(cast, today)["IH-003"], departs()) == ({"consent_given"}, False)


def test_each_reader_is_told_of_their_own_and_who_reads_no_papers_is_told_nothing(cast, sign_in, address):
    assert rows(sign_in("sefo").get(address, {"on": "2026-12-01"})) == {"IH-003"}
    assert "Reef Recruiting" not in words(sign_in("sefo").get(address, {"on": "2026-12-01"}))
    for name in ("omar", "rosa"):
        assert sign_in(name).get(address).status_code == 403
        assert address not in sign_in(name).get(reverse("workers:cohort", args=[cast.cohort("V1").pk])).content.decode()
    assert address in sign_in("ines").get(reverse("workers:cohort", args=[cast.cohort("V1").pk])).content.decode()


@pytest.mark.parametrize("given", ["yesterday", "2026-13-40", "", "99999-01-01"])
def test_a_day_that_cannot_be_read_is_the_departure_or_today(sign_in, address, given):
    assert sign_in("ines").get(address, {"on": given, "lacks": "nothing", "owner": "x"}).status_code == 200


def test_more_people_take_no_more_statements_and_the_file_holds_the_page(cast, sign_in, address):
    client = sign_in("ines")

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(address, {"on": "2026-12-01"})
        return len(seen)

    statements()
    before = statements()
    placements(cast, "sefo", "V1", "IH", [("ready", "Picking apples")] * 4)
    assert statements() == before
    given = {"list": "readiness", "format": "csv", "readiness_page": cast.cohort("V1").pk, "on": "2026-12-01"}
    answer = client.post(reverse("workers:downloads"), given)
    content = answer.content if not answer.streaming else b"".join(answer.streaming_content)
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    named = {line[0]: line for line in lines if re.fullmatch(r"(IH|RR)-\d+", line[0])}
    assert set(named) == rows(client.get(address, {"on": "2026-12-01"}))
    assert named["RR-002"][3:6] == ["no", "Visa", "Fair Passage"]
    assert named["IH-003"][3] == "yes"
