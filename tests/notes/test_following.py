"""Following: what changed is counted as far as the reader may read it now, without what they did themselves."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from compliance.answers import Answered
from compliance.checking import record_check
from pilots.models import Cohort
from tests.notes.conftest import BEGIN
from workers.journey.door import move
from workers.models import Hold, JourneyEvent, Placement
from workers.notes import following
from workers.notes.about import about_cohort, about_placement

pytestmark = pytest.mark.django_db
LONG_AGO, LATER = BEGIN - timedelta(days=3650), BEGIN + timedelta(days=3650)


def follow(cast, name: str, code: str) -> None:
    with cast.acting(name) as by:
        following.follow(about_placement(cast.placement(code).pk), by=by)


def news(cast, name: str, since=LONG_AGO) -> dict[str, dict[str, int]]:
    with cast.acting(name) as by:
        return {str(n.about): n.counts for n in following.news(by, since, LATER)}


def just_now():
    """Before whatever the test writes, which bears the beginning of its own transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select now()")
        return cursor.fetchone()[0] - timedelta(microseconds=1)


def test_what_others_did_on_a_followed_record_is_news_and_what_one_did_oneself_is_not(cast, noted, today):
    begun = just_now()
    for name in ("ines", "sefo"):
        follow(cast, name, "IH-004")
    placement = cast.placement("IH-004")
    with cast.acting("sefo") as by:
        move(Placement.objects.filter(pk=placement.pk), "shortlist", by=by, at=today, today=today)
    noted("ines", "IH-004", "own words", "own", at=timezone.now())
    noted("ines", "IH-004", "words for all", "all", at=timezone.now())
    assert news(cast, "ines", begun) == {str(placement): {"moves": 1}}
    assert news(cast, "sefo", begun) == {str(placement): {"notes": 1}}
    assert news(cast, "mara", begun) == {}


def test_news_end_where_the_reader_sees_the_record_no_more(cast, noted):
    follow(cast, "omar", "IH-001")
    noted("ines", "IH-001", "for all", "all")
    assert len(news(cast, "omar")) == 1
    with cast.acting("ines"):
        Placement.objects.filter(pk=cast.placement("IH-001").pk).update(employer=cast.organisation("hill-vines"))
    assert news(cast, "omar") == {}


def test_what_was_told_in_confidence_is_news_to_nobody(cast, today):
    for name in ("omar", "sefo", "ines", "lena", "rosa"):
        follow(cast, name, "IH-001")
    before = {name: news(cast, name) for name in ("omar", "sefo", "ines", "lena")}
    with cast.acting("rosa") as by:
        record_check(
            cast.placement("IH-001").pk, "employment", {"D11": Answered("yes", shown_by="worker alone")}, by=by,
            done_on=today, today=today, private=True, note="locked in", told=True,
        )  # fmt: skip
        assert Hold.objects.filter(source__startswith="finding:").exists()
    assert {name: news(cast, name) for name in before} == before


def test_a_cohort_is_followed_and_let_go(cast, today):
    begun = just_now()
    cohort = cast.cohort()
    with cast.acting("mara") as by:
        about = about_cohort(cohort.pk)
        following.follow(about, by=by)
        following.follow(about, by=by)
        assert following.follows(about, by)
    with cast.acting("ines") as by:
        move(Placement.objects.filter(pk=cast.placement("RR-003").pk), "shortlist", by=by, at=today, today=today)
        assert JourneyEvent.objects.filter(cohort_id=cohort.pk).exists()
    assert news(cast, "mara", begun) == {str(Cohort(name=cohort.name)): {"moves": 1}}
    with cast.acting("mara") as by:
        following.unfollow(about, by=by)
    assert news(cast, "mara", begun) == {}


def test_news_are_one_statement_however_much_is_followed(cast, django_assert_num_queries):
    for code in ("IH-001", "IH-002", "IH-003", "RR-001"):
        follow(cast, "ines", code)
    with cast.acting("ines") as by, django_assert_num_queries(1):
        following.counted(by, LONG_AGO, LATER)


def test_following_stands_on_pages(cast, sign_in, noted):
    ines = sign_in("ines")
    url = f"/placements/{cast.placement('IH-001').pk}/follows/"
    assert ines.post(url, {"follow": "yes"}).status_code == 303
    noted("sefo", "IH-001", "scan sent", "programme", at=BEGIN + timedelta(days=200))
    noted("sefo", "IH-001", "scan sent again", "programme", at=timezone.now() - timedelta(hours=1))
    noted("mara", "IH-001", "please read", to=("ines",), at=timezone.now() - timedelta(hours=1))
    page = ines.get("/news/").content.decode()
    assert "IH-001" in page
    assert "please read" in page
    assert ines.post(url, {"follow": "no"}).status_code == 303
    assert "2 notes" not in ines.get("/news/").content.decode()
    assert sign_in("tavi").post(url, {"follow": "yes"}).status_code == 404
