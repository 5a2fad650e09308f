"""Notices of duties: one mail a day in the reader's morning, to whom it concerns, with a count and a link and nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from accounts.models import Membership, NoticeKnock, NoticePlan, User
from accounts.notices import door
from accounts.scope import acting_as, operator_scope, person_scope
from compliance.duties.mailing import for_member
from compliance.duties.reminding import sweep_duties
from lamp_portal.notices import sending
from workers.models import Person

pytestmark = pytest.mark.django_db
ON = date(2026, 10, 24)  # clocks go back in Europe in the night after
NIGHT = datetime(2026, 10, 24, 2, 20, tzinfo=UTC)
MORNING = datetime(2026, 10, 24, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def asleep(field, settings):
    """Everybody has a plan since the evening before, and the duties of the night were reminded of."""
    settings.PORTAL_URL = "https://portal.example"
    sending.sweep(NIGHT - timedelta(hours=5))
    made = sweep_duties(ON)
    assert made
    return made


def sent_at(moment: datetime) -> list[str]:
    mail.outbox.clear()
    sending.sweep(moment)
    return sorted(address for message in mail.outbox for address in message.to)


def reminded(cast, name: str) -> int:
    with cast.acting(name) as by:
        rows = for_member(by).filter(reminded_on=ON)
        return len({(r.duty, r.placement_id, r.job_order_id, r.site_id, r.started_on) for r in rows})


def somebody(cast):
    """Whoever of the cast was reminded."""
    return next(cast.user(name) for name in ("omar", "sefo", "rosa", "ines", "mara") if reminded(cast, name))


def test_each_person_gets_one_mail_in_the_morning_however_many_duties_and_nights(asleep, cast):
    assert mail.outbox == []
    assert sent_at(NIGHT + timedelta(minutes=5)) == [], "it is quiet at night"
    told = sent_at(MORNING)
    assert len(asleep) > len(told) == len(set(told)) > 0
    assert sent_at(MORNING + timedelta(hours=1)) == []
    assert sweep_duties(ON) == []
    assert sent_at(MORNING + DAY) == [], "who was told everything hears of nothing twice"


def test_the_mail_counts_links_and_names_nobody(asleep, cast):
    sent_at(MORNING)
    who = somebody(cast)
    (message,) = [m for m in mail.outbox if m.to == [who.email]]
    assert f"The day of {reminded(cast, who.email.split('@')[0])} dut" in message.body
    assert "https://portal.example/duties/" in message.body
    assert "List-Unsubscribe" in message.extra_headers
    with cast.acting("ines"):
        people = list(Person.objects.values_list("worker_code", "family_name", "given_names"))
    for words in {word for person in people for word in person if word} | {"Verde", "Orchard"}:
        assert words not in message.subject + message.body, words


def test_it_goes_to_whom_the_reminder_is_for_and_to_no_one_else(asleep, cast):
    told = sent_at(MORNING)
    for name in ("ines", "mara", "omar", "sefo", "rosa"):
        assert (cast.user(name).email in told) == (reminded(cast, name) > 0), name
    for name in ("kofi", "nell", "fay", "opal", "zed", "lena", "tavi", "dana"):
        assert cast.user(name).email not in told or reminded(cast, name), name


def test_it_comes_at_the_hour_and_on_the_clock_of_its_reader_also_where_clocks_are_changed(asleep, cast):
    who = somebody(cast)
    with acting_as(operator_scope()):
        User.objects.filter(pk=who.pk).update(time_zone="Europe/Paris")
        NoticePlan.objects.filter(pk=who.pk).update(
            hour=2, quiet_from=0, quiet_until=0, made_at=NIGHT - timedelta(minutes=1)
        )
    at_two = datetime(
        2026, 10, 25, 0, 0, tzinfo=UTC
    )  # two o'clock comes at midnight of the world, and once more an hour later
    assert who.email not in sent_at(at_two - timedelta(minutes=1))
    assert who.email in sent_at(at_two)
    assert who.email not in sent_at(at_two + timedelta(hours=1))


def test_who_left_who_stopped_and_who_chose_never_hear_nothing_and_no_knock_stays(asleep, cast):
    omar, ines = cast.user("omar"), cast.user("ines")
    with acting_as(person_scope(ines.pk)):
        door.choose(door.plan_for(ines.pk), {"duties": "never"})
    with acting_as(operator_scope()):
        Membership.objects.filter(user=omar).update(ended_at=datetime.now(UTC))
    told = sent_at(MORNING)
    assert omar.email not in told
    assert ines.email not in told
    with acting_as(operator_scope()):
        assert not NoticeKnock.objects.filter(user_id__in=[omar.pk, ines.pk]).exists()
