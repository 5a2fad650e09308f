"""Papers that are asked for: of whom, what comes of it by itself, who is reminded, and who sees which request."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.jobs import Work
from accounts.models import Job, NoticeChoice, NoticePlan
from accounts.scope import acting_as, operator_scope
from compliance.asked_papers import remind_papers, tell_asked
from lamp_portal.notices import sending
from workers.asking import door
from workers.asking.standing import standing
from workers.models import IdentityDocument, PaperRequest, PaperRequestLine

pytestmark = pytest.mark.django_db
DAY, TODAY = date(2026, 12, 1), date(2026, 11, 1)


@pytest.fixture
def lacking(cast):
    """IH-003 has no passport and RR-002 no visa, whatever day they fly."""
    one = cast.placement("IH-003")
    with cast.acting("ines"):
        IdentityDocument.objects.filter(person=one.person_id).update(kind="national id")
    return [cast.placement(code).pk for code in ("IH-003", "RR-002", "IH-004")]


def asked(cast, ids, **given) -> list[PaperRequest]:
    with cast.acting("ines") as by:
        return door.ask(
            cast.cohort("V1"), ids, by=by, **({"departs_on": DAY, "due_on": DAY - timedelta(days=14)} | given)
        )


def state(cast, one: PaperRequest, today: date = TODAY, name: str = "ines") -> str:
    with cast.acting(name) as by:
        return standing([one], by=by, today=today)[0].state


def passport(cast, until: date) -> None:
    one = cast.placement("IH-003")
    with cast.acting("sefo"):
        IdentityDocument.objects.create(
            person_id=one.person_id, pilot_id=one.pilot_id, recruiter_id=one.recruiter_id, kind="passport",
            number=f"P-{until}", country="TO", expires_on=until,
        )  # fmt: skip


def test_each_organisation_that_can_bring_something_gets_one_request_and_nobody_is_asked_twice(cast, lacking):
    made = asked(cast, lacking)
    with cast.acting("ines") as by:
        lines = set(PaperRequestLine.objects.values_list("asked__name", "placement__person__worker_code", "code"))
        again = door.drafts(cast.cohort("V1"), lacking, DAY, by=by)
    assert lines == {
        ("Island Hands", "IH-003", "has_passport"), ("Fair Passage", "RR-002", "visa_granted_recorded"),
    }  # fmt: skip
    assert len(made) == 2
    assert again.drafts == ()
    assert sorted(again.refused.values()) == [
        "Asked for already.",
        "Asked for already.",
        "Not chosen yet, or departed.",
    ]
    with cast.acting("ines") as by:
        for one in made:
            door.withdraw(one, by=by, now=one.recorded_at)
        assert len(door.drafts(cast.cohort("V1"), lacking, DAY, by=by).drafts) == 2


def test_a_request_is_answered_by_the_paper_itself_and_not_by_one_that_ends_too_early(cast, lacking):
    (one,) = [r for r in asked(cast, lacking) if r.asked_id == cast.organisation("island-hands").pk]
    assert state(cast, one) == "asked"
    assert state(cast, one, DAY) == "overdue"
    passport(cast, date(2026, 8, 1))
    assert state(cast, one) == "asked"
    passport(cast, date(2031, 1, 1))
    assert state(cast, one, DAY) == "answered"
    assert state(cast, one, name="sefo") == "answered"


def test_from_the_departure_page_to_the_first_page_of_whoever_is_asked(cast, sign_in, lacking):
    client, cohort = sign_in("ines"), cast.cohort("V1")
    preview = client.post(
        reverse("workers:selection", args=[cohort.pk]), {"do": "papers", "placement": lacking, "back": DAY.isoformat()}
    )
    text = preview.content.decode()
    assert preview.status_code == 200
    assert "Nobody has been asked yet" in text
    assert re.search(r"Island Hands.*IH-003.*Passport.*Nobody is asked for these.*IH-004", text, re.S)
    with cast.acting("ines"):
        assert not PaperRequest.objects.exists()
    url = reverse("workers:papers_asked", args=[cohort.pk])
    far = {"departs_on": "2099-03-01", "due_on": "2099-02-01", "placement": lacking}
    late = client.post(url, far | {"due_on": "2099-03-02"})
    assert late.status_code == 422
    assert "on the day of the departure at the latest" in late.content.decode()
    assert client.post(url, far).status_code == 303
    with cast.acting("ines"):
        theirs = PaperRequest.objects.get(asked__slug="island-hands")
    recruiter = sign_in("sefo")
    assert 'id="need-asked"' in recruiter.get("/").content.decode()
    listed = recruiter.get(reverse("workers:paper_requests")).content.decode()
    assert listed.count('<th scope="row">') == 1
    shown = recruiter.get(reverse("workers:paper_request", args=[theirs.pk])).content.decode()
    assert "IH-003" in shown
    assert "RR-002" not in shown
    assert sign_in("tavi").get(reverse("workers:paper_request", args=[theirs.pk])).status_code == 404
    assert recruiter.post(reverse("workers:papers_withdrawn", args=[theirs.pk])).status_code == 403
    assert client.post(reverse("workers:papers_withdrawn", args=[theirs.pk])).status_code == 303
    assert 'id="need-asked"' not in recruiter.get("/").content.decode()


def told_at(moment: datetime) -> str:
    """The mail to Sefo that leaves at a moment, or nothing."""
    mail.outbox.clear()
    sending.sweep(moment)
    return "".join(each.subject + each.body for each in mail.outbox if each.to == ["sefo@cast.example"])


def test_mails_count_and_link_name_nobody_and_come_again_once_a_week_while_something_is_missing(
    cast, lacking, settings
):
    settings.PORTAL_URL = "https://portal.example"
    with acting_as(operator_scope()):
        before = timezone.now() - timedelta(days=1)
        NoticePlan(user_id=cast.user("sefo").pk, quiet_from=0, quiet_until=0, made_at=before).save()
    made = asked(cast, lacking)
    (one,) = [r for r in made if r.asked_id == cast.organisation("island-hands").pk]
    with cast.acting("ines") as by:
        assert tell_asked(Work(Job(params={"request_id": one.pk}), by)) == {"told": 1}
    now = timezone.now() + timedelta(seconds=1)
    text = told_at(now)
    assert "1 request asks for papers from your organisation." in text
    assert "https://portal.example/paper-requests/" in text
    assert not re.search(r"IH-|Family|Given|Passport|Island|Cohort", text)
    assert told_at(now + timedelta(hours=1)) == ""
    due, week = one.due_on, timedelta(days=7)
    assert remind_papers(due - timedelta(days=4)) == 0
    assert remind_papers(due - timedelta(days=3)) > 0
    with acting_as(operator_scope()):  # the reminders of a night are told after it
        NoticeChoice.objects.filter(user_id=cast.user("sefo").pk, kind="papers").update(
            told_until=datetime.combine(due - timedelta(days=4), time(12), UTC)
        )
    assert "1 request asks" in told_at(now + 2 * week)
    assert remind_papers(due) == 0
    passport(cast, date(2031, 1, 1))
    remind_papers(due + timedelta(days=5))
    assert told_at(now + 4 * week) == ""
