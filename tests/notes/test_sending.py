"""Mails: counts and nothing else, in the reader's language and on their clock, once, never in quiet hours, never for nothing."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import ProgrammingError
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import Membership, NoticeKnock, NoticePlan
from accounts.notices import door
from accounts.scope import acting_as, operator_scope, person_scope
from lamp_portal.notices import sending
from tests.notes.conftest import BEGIN
from workers.notes import tasks as task_door

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ON_PURPOSE = "This mail names nobody and nothing on purpose."


@pytest.fixture(autouse=True)
def _portal(settings):
    settings.PORTAL_URL = "https://portal.example"


def sent_at(moment: datetime) -> list[str]:
    """Who is written to by a sweep at this moment."""
    mail.outbox.clear()
    number = sending.sweep(moment)
    assert number == len(mail.outbox)
    return sorted(to.split("@")[0] for m in mail.outbox for to in m.to)


def test_a_mention_is_told_at_once_and_once_in_counts_without_a_name(cast, plans, noted):
    noted("ines", "IH-001", "the passport of Sione waits", to=("lena", "mara"), at=BEGIN + MINUTE)
    assert sent_at(BEGIN + 2 * MINUTE) == ["lena", "mara"]
    message = mail.outbox[0]
    assert "You were mentioned in 1 note." in message.body
    assert "https://portal.example/news/" in message.body
    assert ON_PURPOSE in message.body
    with cast.acting("ines"):
        person = cast.placement("IH-001").person
    for secret in ("Ines", "Sione", "IH-001", "passport", "Verde", "Cohort", person.family_name, person.given_names):
        assert secret not in message.body + message.subject, secret
    assert sent_at(BEGIN + 3 * MINUTE) == []
    assert sent_at(BEGIN + 30 * HOUR) == []


def test_what_comes_shortly_after_a_mail_is_gathered_into_the_next(cast, plans, noted):
    noted("ines", "IH-001", "one", to=("lena",), at=BEGIN + MINUTE)
    assert sent_at(BEGIN + 2 * MINUTE) == ["lena"]
    for n in (3, 4):
        noted("ines", "IH-001", f"more {n}", to=("lena",), at=BEGIN + n * MINUTE)
    assert sent_at(BEGIN + 5 * MINUTE) == []
    assert sent_at(BEGIN + 17 * MINUTE) == ["lena"]
    assert "You were mentioned in 2 notes." in mail.outbox[0].body


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_a_mail_is_in_the_language_and_on_the_clock_of_its_reader(cast, plans, noted, language):
    plans("lena", language=language, time_zone="Asia/Tokyo", quiet_from=0, quiet_until=0)
    noted("ines", "IH-001", "one", to=("lena",), at=BEGIN + MINUTE)
    assert sent_at(BEGIN + 2 * MINUTE) == ["lena"]
    with translation.override(language):
        assert gettext(ON_PURPOSE) in mail.outbox[0].body
    assert "Asia/Tokyo" in mail.outbox[0].body
    assert "17:02" in mail.outbox[0].body or "5:02" in mail.outbox[0].body


def test_nothing_is_sent_in_quiet_hours_nor_in_the_night_in_which_clocks_are_changed(cast, plans, noted):
    plans("lena", time_zone="Europe/Paris", quiet_from=22, quiet_until=6, hour=8)
    evening = datetime(2026, 10, 24, 21, 30, tzinfo=UTC)  # half past eleven in Paris
    noted("ines", "IH-001", "late", to=("lena",), at=evening)
    assert sent_at(evening + MINUTE) == []
    assert sent_at(datetime(2026, 10, 25, 4, 59, tzinfo=UTC)) == []
    assert sent_at(datetime(2026, 10, 25, 5, 0, tzinfo=UTC)) == ["lena"]


def test_a_digest_comes_at_its_hour_with_everything_since_the_last_and_never_without_news(cast, plans, noted):
    plans("lena", time_zone="Pacific/Auckland", hour=9)
    with acting_as(person_scope(cast.user("lena").pk)):
        door.choose(door.plan_for(cast.user("lena").pk), {"mentions": "daily", "tasks": "weekly"})
    for n in range(3):
        noted("ines", "IH-001", f"note {n}", to=("lena",), at=BEGIN + n * MINUTE + MINUTE)
    assert sent_at(BEGIN + HOUR) == []
    nine = datetime(2026, 7, 1, 21, tzinfo=UTC)
    assert sent_at(nine - MINUTE) == []
    assert sent_at(nine + 5 * MINUTE) == ["lena"]
    assert "You were mentioned in 3 notes." in mail.outbox[0].body
    assert sent_at(nine + 24 * HOUR + MINUTE) == []
    with acting_as(operator_scope()):
        assert not NoticeKnock.objects.exists()


def test_a_weekly_digest_waits_for_its_day_and_never_means_never(cast, plans, given):
    with acting_as(person_scope(cast.user("lena").pk)):
        door.choose(door.plan_for(cast.user("lena").pk), {"tasks": "weekly", "due": "never"})
    given("ines", "IH-001", to="lena", at=BEGIN + MINUTE, due_on=BEGIN.date() + timedelta(days=1))
    monday = datetime(2026, 7, 6, 7, tzinfo=UTC)
    assert sent_at(monday - MINUTE) == []
    assert sent_at(monday) == ["lena"]
    assert "1 task was given to you." in mail.outbox[0].body


def test_the_day_of_a_task_is_told_once_and_a_done_task_is_not(cast, plans, given):
    task = given("ines", "IH-001", "due", "lena", at=BEGIN - HOUR, due_on=BEGIN.date() + timedelta(days=2))
    sent_at(BEGIN + MINUTE)
    assert sent_at(datetime(2026, 7, 2, 7, tzinfo=UTC)) == []
    assert sent_at(datetime(2026, 7, 3, 7, tzinfo=UTC)) == ["lena"]
    assert "The day of 1 task of yours has come." in mail.outbox[0].body
    assert sent_at(datetime(2026, 7, 4, 7, tzinfo=UTC)) == []
    given("ines", "IH-001", "due too", "lena", at=BEGIN - HOUR, due_on=datetime(2026, 7, 5).date())
    with cast.acting("lena") as by:
        for each in task_door.tasks(by, view=task_door.MINE, today=BEGIN.date()):
            task_door.finish(each, by=by, at=BEGIN)
    assert sent_at(datetime(2026, 7, 5, 7, tzinfo=UTC)) == []
    assert task.pk


def test_a_mail_that_could_not_be_sent_is_tried_again_later_and_tells_everything_then(cast, plans, noted, monkeypatch):
    noted("ines", "IH-001", "one", to=("lena", "mara"), at=BEGIN + MINUTE)
    honest = EmailMessage.send

    def broken(message, *args, **kwargs):
        if "lena" in message.to[0]:
            raise SMTPServerDisconnected("gone")
        return honest(message, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", broken)
        assert sent_at(BEGIN + 2 * MINUTE) == ["mara"]
    assert sent_at(BEGIN + 3 * MINUTE) == []
    assert sent_at(BEGIN + 5 * MINUTE) == ["lena"]
    with acting_as(operator_scope()):
        assert NoticePlan.objects.get(pk=cast.user("lena").pk).tries == 0


def test_a_mailbox_that_refuses_for_good_is_left_in_peace_until_its_owner_says_so(cast, plans, noted, monkeypatch):
    noted("ines", "IH-001", "one", to=("lena",), at=BEGIN + MINUTE)
    tried = []

    def refused(message, *args, **kwargs):
        tried.append(message)
        raise SMTPRecipientsRefused({message.to[0]: (550, b"no such mailbox")})

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refused)
        for hour in range(10):
            sending.sweep(BEGIN + 2 * MINUTE + hour * HOUR)
    assert len(tried) == sending.REFUSALS
    with acting_as(operator_scope()):
        assert NoticePlan.objects.get(pk=cast.user("lena").pk).refused_at
    with acting_as(person_scope(cast.user("lena").pk)):
        door.choose(door.plan_for(cast.user("lena").pk), {})
    assert sent_at(BEGIN + 11 * HOUR) == ["lena"]


def test_who_left_or_stopped_gets_nothing_and_knocks_do_not_pile_up(cast, plans, noted, given):
    noted("ines", "IH-001", "one", to=("lena", "mara"), at=BEGIN + MINUTE)
    with acting_as(person_scope(cast.user("mara").pk)):
        door.stop(cast.user("mara").pk, at=BEGIN)
    with acting_as(operator_scope()):
        Membership.objects.filter(user=cast.user("lena")).update(ended_at=datetime.now(UTC))
    assert sent_at(BEGIN + 2 * MINUTE) == []
    with acting_as(operator_scope()):
        assert not NoticeKnock.objects.filter(user_id=cast.user("lena").pk).exists()


def test_members_knock_and_hear_no_knock_not_even_their_own(cast, noted):
    noted("ines", "IH-001", "one", to=("lena",))
    for name in ("ines", "lena", "sefo", "omar"):
        with pytest.raises(ProgrammingError, match="permission denied"), cast.acting(name):
            NoticeKnock.objects.exists()
