"""The ten questions of the field, each answered on a page that is at most three links away from the first one.

Nobody types an address: every step follows a link that stands on the page before.
"""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import urljoin

import pytest
from django.utils import timezone

from accounts.scope import acting_as
from compliance.models import Check, Finding
from pilots.models import Cohort
from reports.compiling import compile_report
from tests.reports.test_compiling import order_of
from workers.models import Hold, Room, RoomInspection

pytestmark = pytest.mark.django_db
MOST = 3


def follow(client, *ways: str) -> str:
    """The text of the page behind these links, each a part of an address that must stand on the page before."""
    assert len(ways) <= MOST
    page, here = client.get("/").content.decode(), "/"
    for way in ways:
        links = [unescape(link) for link in re.findall(r'<a[^>]*href="([^"]+)"', page)]
        link = next((link for link in links if way in link), None)
        assert link, f"no link to {way} among {sorted(set(links))}"
        here = urljoin(here, link.partition("#")[0])
        answer = client.get(here, follow=True)
        assert answer.status_code == 200, link
        page = answer.content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])))


def found(cast, code: str, placement: str | None = "IH-001", **fields) -> Finding:
    """An open finding of a rule, as the rules write it."""
    p, today = cast.placement("IH-001"), timezone.localdate()
    about = {"placement_id": p.pk} if placement else {"site_id": p.site_id}
    with cast.acting("rosa"):
        return Finding.objects.create(
            pilot_id=p.pilot_id, employer_id=p.employer_id, code=code, version="1", source=f"test:{code}",
            opened_on=today, due_on=today, **{"severity": "major"} | about | fields,
        )  # fmt: skip


def test_1_who_of_a_cohort_cannot_fly_and_what_is_missing_from_whom(cast, sign_in):
    leaves = timezone.localdate() + timedelta(days=12)
    with cast.acting("ines"):
        Cohort.objects.filter(code="V1").update(departs_on=leaves, returns_on=leaves + timedelta(days=200))
    text = follow(sign_in("ines"), "waits=blocked")
    assert "RR-002" in text
    assert "Visa (Programme)" in text
    assert "IH-003" not in text, "ready"
    assert "RR-002" in follow(sign_in("ines"), f"/cohorts/{cast.cohort('V1').pk}/")


def test_2_who_was_offered_too_few_hours_and_was_the_shortfall_paid(cast, sign_in):
    today = timezone.localdate()
    found(
        cast,
        "PAY-02",
        owed=Decimal("120.00"),
        currency="NZD",
        period_start=today - timedelta(days=27),
        period_end=today,
    )
    text = follow(sign_in("ines"), "/findings/", "/rules/", "code=PAY-02")
    assert "IH-001" in text
    assert "120.00" in text
    assert "paid NZD 0.00" in text


def test_3_which_deductions_went_on_after_the_agreed_total(cast, sign_in):
    found(cast, "PAY-04", owed=Decimal("55.00"), currency="NZD")
    assert "IH-001" in follow(sign_in("ines"), "/findings/", "/rules/", "code=PAY-04")


def test_4_who_had_no_contact_in_person_for_fifteen_days(cast, sign_in):
    today = timezone.localdate()
    for code, mode, days in (("IH-001", "in person", 3), ("IH-002", "phone", 3), ("RR-001", "in person", 16)):
        p = cast.placement(code)
        with cast.acting("rosa") as by:
            Check.objects.create(
                pilot_id=p.pilot_id, placement=p, cohort_id=p.cohort_id, employer_id=p.employer_id, site_id=p.site_id,
                stage="employment", done_on=today - timedelta(days=days), mode=mode, template_version="1",
                user_id=by.user_id, organisation_id=by.organisation_id,
            )  # fmt: skip
    text = follow(sign_in("rosa"), "/checks/", "/checks/not-met/")
    assert "RR-001" in text
    assert "IH-002" in text, "a telephone call is no meeting"
    assert "IH-001" not in text
    assert "RR-001" not in follow(sign_in("rosa"), "/checks/", "/checks/not-met/", "days=29")


def test_5_which_places_have_more_people_than_were_approved(cast, sign_in):
    p = cast.placement("IH-001")
    with cast.acting("ines"):
        common = {"pilot_id": p.pilot_id, "employer_id": p.employer_id}
        room = Room.objects.create(**common, site_id=p.site_id, name="7")
        RoomInspection.objects.create(
            **common, room=room, inspected_on=timezone.localdate(), approved_maximum=2, occupants=4
        )
    found(cast, "HOU-01", placement=None)
    assert "Orchard Bay main" in follow(sign_in("ines"), "/findings/", "/rules/", "code=HOU-01")


@pytest.fixture
def review(cast):
    """A review of the pilot, compiled for its programme."""
    with acting_as(scope := cast.scope("ines")):
        return compile_report(order_of(cast, "ines", "pilot"), by=scope)


def test_6_7_8_10_the_report_says_who_went_twice_what_jobs_cost_what_ended_as_planned_and_stays_as_it_was(
    cast, sign_in, review
):
    text = follow(sign_in("ines"), "/reports/", f"/editions/{review.pk}/")
    for words in (
        "Deployments per person",
        "Recruitment cost ratio",
        "Before repayment",
        "Completed as planned",
        "Nothing on this page is computed now",
    ):
        assert words in text, words
    found(cast, "PAY-04")
    assert follow(sign_in("ines"), "/reports/", f"/editions/{review.pk}/") == text, "what was true then stays"


def test_9_which_critical_findings_are_open_since_when_with_whom(cast, sign_in):
    finding = found(cast, "PAY-09", severity="critical")
    with cast.acting("ines"):
        Hold.objects.create(
            pilot_id=finding.pilot_id, placement_id=finding.placement_id, employer_id=finding.employer_id,
            source=f"finding:{finding.pk}", words="Held.", owner=cast.organisation("orchard-bay"),
        )  # fmt: skip
    text = follow(sign_in("ines"), "severity=critical")
    assert "IH-001" in text
    assert "Days open" in text
    assert "Orchard Bay can act" in text
