"""One's own notices, and the link of a mail that stops them without signing in."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.models import NoticeChoice, NoticePlan, User
from accounts.notices import door
from accounts.scope import acting_as, operator_scope
from lamp_portal.notices import sending
from tests.notes.conftest import BEGIN
from tests.notes.test_sending import MINUTE

pytestmark = pytest.mark.django_db
SAID = {
    "hour": "9", "weekday": "2", "quiet_from": "19", "quiet_until": "8", "language": "fr", "time_zone": "Pacific/Apia",
    "mentions": "daily", "tasks": "now", "due": "never", "followed": "weekly", "papers": "daily", "duties": "weekly",
    "letters": "never",
}  # fmt: skip


def plan(cast, name: str) -> NoticePlan:
    with acting_as(operator_scope()):
        return NoticePlan.objects.get(pk=cast.user(name).pk)


def test_each_person_chooses_what_comes_how_often_and_on_which_clock(cast, sign_in):
    ines = sign_in("ines")
    assert ines.get("/me/notices/").status_code == 200
    assert ines.post("/me/notices/", SAID).status_code == 303
    found = plan(cast, "ines")
    assert (found.hour, found.weekday, found.quiet_from, found.quiet_until) == (9, 2, 19, 8)
    with acting_as(operator_scope()):
        chosen = dict(NoticeChoice.objects.filter(user=cast.user("ines")).values_list("kind", "cadence"))
        user = User.objects.get(pk=cast.user("ines").pk)
    assert chosen == {
        "mentions": "daily",
        "tasks": "now",
        "due": "never",
        "followed": "weekly",
        "papers": "daily",
        "duties": "weekly",
        "letters": "never",
    }
    assert (user.language, user.time_zone) == ("fr", "Pacific/Apia")


@pytest.mark.parametrize(
    "wrong",
    [{"hour": "20"}, {"hour": "24"}, {"weekday": "7"}, {"due": "now"}, {"mentions": ""}, {"time_zone": "Moon/Sea"}],
)
def test_what_makes_no_sense_is_refused_beside_its_field(cast, sign_in, wrong):
    answer = sign_in("ines").post("/me/notices/", SAID | wrong)
    assert answer.status_code == 422
    with acting_as(operator_scope()):
        assert not NoticePlan.objects.exists()


def test_readers_of_reports_are_offered_no_kind_about_workers(sign_in):
    page = sign_in("fay").get("/me/notices/").content.decode()
    assert 'name="mentions"' not in page
    assert 'name="tasks"' not in page


def test_one_click_stops_the_mails_without_signing_in_and_another_brings_them_back(cast, plans, noted, settings):
    settings.PORTAL_URL = "https://portal.example"
    noted("ines", "IH-001", "one", to=("lena",), at=BEGIN + MINUTE)
    mail.outbox.clear()
    sending.sweep(BEGIN + 2 * MINUTE)
    (message,) = mail.outbox
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    link = re.fullmatch(r"<https://portal\.example(/notices/stop/[^>]+)>", message.extra_headers["List-Unsubscribe"])[1]
    assert link in message.body
    stranger = Client(enforce_csrf_checks=True)
    page = stranger.get(link)
    assert page.status_code == 200
    assert "Lena" not in page.content.decode()
    assert plan(cast, "lena").stopped_at is None
    assert stranger.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    stopped = plan(cast, "lena").stopped_at
    assert stopped
    assert stranger.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert plan(cast, "lena").stopped_at == stopped
    assert plan(cast, "ines").stopped_at is None
    assert stranger.post(link, {"again": "yes"}).status_code == 200
    assert plan(cast, "lena").stopped_at is None


def test_a_link_that_the_portal_never_signed_leads_nowhere(cast, client, plans):
    good = door.token_for(cast.user("lena").pk)
    for token in ("x", good[:-1] + ("A" if good[-1] != "A" else "B"), door.token_for(10**9)):
        assert client.post(f"/notices/stop/{token}/").status_code == 404
    assert plan(cast, "lena").stopped_at is None
