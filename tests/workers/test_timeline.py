"""One timeline for everything that happened to a placement: what each reader sees of it, its filters, its pages."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.answers import Answered
from compliance.checking import record_check
from workers.models import PayRecord
from workers.queries import placement as placement_facts
from workers.timeline import door

pytestmark = pytest.mark.django_db


def paid(cast, code: str, periods: int) -> None:
    """So many fortnights of pay, the last three on one day, as a payroll that was late books them."""
    placement = cast.placement(code)
    first = date(2026, 1, 5)
    with cast.acting("ines"):
        PayRecord.objects.bulk_create(
            PayRecord(
                pilot_id=placement.pilot_id, placement_id=placement.pk, cohort_id=placement.cohort_id,
                recruiter_id=placement.recruiter_id, employer_id=placement.employer_id, currency="NZD",
                period_start=first + timedelta(days=14 * n), period_end=first + timedelta(days=14 * n + 13),
                paid_on=first + timedelta(days=14 * min(n, periods - 3) + 15),
                gross=Decimal(1900 + n), tax=Decimal(100), deductions=Decimal(0), net=Decimal(1800 + n),
            )
            for n in range(periods)
        )  # fmt: skip


def checked(cast, code: str, today) -> None:
    """A talk in which something was amiss, with a private note."""
    with cast.acting("rosa") as by:
        record_check(
            cast.placement(code).pk, "employment", {"D09": Answered("no", shown_by="worker alone")}, by=by,
            done_on=date(2026, 6, 20), today=today, private=True, note="keeps it in the office safe",
        )  # fmt: skip


def timeline_of(cast, sign_in, name: str, code: str, query: str = "") -> str:
    answer = sign_in(name).get(f"/placements/{cast.placement(code).pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode().partition('id="timeline"')[2].partition("</section>")[0]


def test_an_officer_reads_moves_pay_checks_findings_and_papers_in_one_line_of_time(cast, sign_in, today):
    paid(cast, "IH-001", 3)
    checked(cast, "IH-001", today)
    shown = timeline_of(cast, sign_in, "rosa", "IH-001")
    for words in ("Check: During employment", "Opened", "Private note", "Working"):
        assert words in shown, words
    assert "office safe" not in shown
    assert shown.index("Check: During employment") < shown.index("Working")


def test_a_filter_stands_in_the_address_and_shows_only_its_kind(cast, sign_in, today):
    paid(cast, "IH-001", 3)
    checked(cast, "IH-001", today)
    shown = timeline_of(cast, sign_in, "ines", "IH-001", "?show=pay")
    assert "Pay for the period" in shown
    assert "Check: " not in shown
    both = timeline_of(cast, sign_in, "ines", "IH-001", "?show=pay&show=checks")
    assert "Pay for the period" in both
    assert "Check: " in both
    assert timeline_of(cast, sign_in, "ines", "IH-001", "?show=gossip").count('<li class="event') > 3


def test_what_a_role_may_not_see_leaves_no_trace_in_the_timeline(cast, sign_in, today):
    paid(cast, "IH-001", 3)
    checked(cast, "IH-001", today)
    for query in ("", "?show=checks", "?show=findings", "?show=documents", "?show=notes"):
        shown = timeline_of(cast, sign_in, "omar", "IH-001", query)
        for words in ("Check", "Finding", "Contacts", "passport", "Consent", "Private note", "Opened"):
            assert words not in shown, (query, words)
    assert "Pay for the period" in timeline_of(cast, sign_in, "omar", "IH-001")
    assert "Pay" not in timeline_of(cast, sign_in, "sefo", "IH-001")
    assert "Private note" not in timeline_of(cast, sign_in, "ines", "IH-001")


def test_pages_follow_each_other_by_key_and_lose_nothing_on_a_day_that_many_share(cast, today):
    paid(cast, "IH-001", 6)
    checked(cast, "IH-001", today)
    placement = cast.placement("IH-001")
    with cast.acting("rosa") as by:
        whole = door.page(placement, by=by, limit=100).entries
        found, after = [], None
        while True:
            part = door.page(placement, by=by, after=after, limit=2)
            found += part.entries
            if not part.before:
                break
            day, rank, key = part.before.split("~")
            after = (date.fromisoformat(day), int(rank), int(key))
    assert found == whole
    assert len(found) > 9
    assert [e.when for e in found] == sorted((e.when for e in found), reverse=True)


def test_a_page_is_one_statement_however_long_the_life(cast):
    paid(cast, "IH-001", 8)
    with cast.acting("mara") as by:
        placement = placement_facts.one(cast.placement("IH-001").pk)
        with CaptureQueriesContext(connection) as caught:
            door.page(placement, by=by)
    assert len(caught) == 1


def test_a_part_is_the_part_of_its_page_and_a_forged_mark_breaks_nothing(cast, sign_in):
    client, url = sign_in("ines"), f"/placements/{cast.placement('IH-001').pk}/"
    part = client.get(url, headers={"HX-Request": "true", "HX-Target": "timeline"}).content.decode()
    assert part.strip() in client.get(url).content.decode()
    assert client.get(url + "?before=x~y~z").status_code == 200


def test_the_first_screen_says_where_what_blocks_and_what_was_promised_against_what_was_paid(cast, sign_in):
    paid(cast, "IH-001", 4)
    url = f"/placements/{cast.placement('IH-001').pk}/"
    page = sign_in("ines").get(url).content.decode()
    first = page.partition('class="panel glance"')[2].partition("</section>")[0]
    for words in (
        "Working",
        "Nothing stands in the way.",
        "Promised and paid",
        "an hour",
        "in 4 periods",
        "pay-drawing",
    ):
        assert words in first, words
    assert "in 4 periods" not in sign_in("sefo").get(url).content.decode()


def test_what_is_next_is_answered_by_role(cast, sign_in, today):
    checked(cast, "IH-001", today)
    url = f"/placements/{cast.placement('IH-001').pk}/next/"
    officer = sign_in("rosa").get(url).content.decode()
    assert "open finding" in officer
    employer = sign_in("omar").get(url).content.decode()
    assert "open finding" not in employer
    assert "Check due" not in employer
