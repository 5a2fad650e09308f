"""Signing in: password, then the second factor, then and only then the portal."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import AuditEvent
from accounts.scope import acting_as, operator_scope
from tests.accounts.ways_in import LOGIN, SECOND, code, may_sign_in, password_step, sign_in_fully, with_totp

HOME = "/me/"


@pytest.fixture
def ines(cast):
    return may_sign_in(cast.user("ines"))


def events(action: str) -> list[tuple]:
    with acting_as(operator_scope()):
        return list(AuditEvent.objects.filter(action=action).order_by("id").values_list("user_id", "outcome", "reason"))


def test_password_then_code_opens_the_portal(client, ines):
    secret = with_totp(ines)
    assert password_step(client, ines)["Location"] == SECOND
    assert client.get(HOME).status_code == 302, "the password alone opens nothing"
    answer = client.post(SECOND, {"code": code(secret)})
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.get(HOME).status_code == 200
    assert events("sign_in") == [(ines.pk, "done", "")]


def test_ones_own_account_pages_offer_a_way_out_and_no_empty_links(client, ines):
    password_step(client, ines)
    page = client.get("/account/2fa/").content.decode()
    assert 'action="/account/logout/"' in page
    assert 'href=""' not in page


def test_a_wrong_or_used_code_is_refused(client, ines):
    secret = with_totp(ines)
    password_step(client, ines)
    wrong = "000000" if code(secret) != "000000" else "000001"
    assert client.post(SECOND, {"code": wrong}).status_code == 200
    assert client.get(HOME).status_code == 302
    assert events("sign_in") == [(ines.pk, "refused", "second factor")]
    assert client.post(SECOND, {"code": code(secret)}).status_code == 302
    second = Client()
    password_step(second, ines)
    assert second.post(SECOND, {"code": code(secret)}).status_code == 200, "a code works once"
    assert second.get(HOME).status_code == 302


def test_guessing_codes_ends_in_a_wall_even_for_the_right_one(client, ines):
    secret = with_totp(ines)
    password_step(client, ines)
    for guess in range(12):
        client.post(SECOND, {"code": f"{guess:06d}"})
    client.post(SECOND, {"code": code(secret)})
    assert client.get(HOME).status_code == 302


def test_the_step_of_the_code_cannot_be_opened_without_the_password(client, ines):
    with_totp(ines)
    assert client.get(SECOND)["Location"] == LOGIN
    assert client.post(SECOND, {"code": "123456"})["Location"] == LOGIN


def test_a_role_that_sees_persons_is_sent_to_set_up_a_factor(client, ines):
    answer = password_step(client, ines)
    assert answer["Location"] == "/"
    for path in ["/", "/pilots/", "/members/", "/me/", "/jobs/", "/switch/"]:
        assert client.get(path)["Location"] == "/account/2fa/", path
    assert client.post("/switch/", {})["Location"] == "/account/2fa/"


@pytest.fixture
def set_up():
    """Set up a code generator on the portal's own pages; needs real commits, for allauth acts after them."""

    def _set_up(client) -> str:
        client.post("/account/reauthenticate/", {"password": "a-long-test-password"})
        secret = client.get("/account/2fa/totp/activate/").context["form"].secret
        answer = client.post("/account/2fa/totp/activate/", {"code": code(secret)})
        assert answer.status_code == 302
        return secret

    return _set_up


@pytest.mark.django_db(transaction=True)
def test_setting_up_a_code_generator_opens_the_portal_in_this_session(client, ines, set_up):
    password_step(client, ines)
    secret = set_up(client)
    assert client.get(HOME).status_code == 200
    stored = Authenticator.objects.get(user=ines, type="totp").data["secret"]
    assert secret not in stored, "secrets of second factors are encrypted in the database"


@pytest.mark.django_db(transaction=True)
def test_a_session_from_before_the_factor_was_set_up_is_ended(client, ines, set_up):
    thief = Client()
    password_step(thief, ines)
    password_step(client, ines)
    thief.get("/account/2fa/")
    set_up(client)
    assert thief.get(HOME)["Location"].startswith(LOGIN)


def test_a_session_that_never_showed_the_factor_may_only_show_it_or_leave(client, ines):
    password_step(client, ines)
    secret = with_totp(ines)  # set up elsewhere
    for path in [HOME, "/account/2fa/", "/account/email/", "/account/password/change/", "/invitations/accept/"]:
        assert client.get(path)["Location"].startswith("/account/2fa/reauthenticate/"), path
    assert client.get("/account/2fa/reauthenticate/").status_code == 200
    client.post("/account/2fa/reauthenticate/", {"code": code(secret)})
    assert client.get(HOME).status_code == 200


def test_removing_the_last_factor_closes_the_portal_and_leaves_no_recovery_codes(client, ines):
    sign_in_fully(client, ines, with_totp(ines))
    assert client.get(HOME).status_code == 200
    client.post("/account/reauthenticate/", {"password": "a-long-test-password"})
    client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=ines).exists()
    assert client.get(HOME)["Location"] == "/account/2fa/"


def test_a_password_reset_does_not_skip_the_second_factor(client, ines, mailoutbox):
    with_totp(ines)
    client.post("/account/password/reset/", {"email": ines.email})
    link = next(word for word in mailoutbox[-1].body.split() if "/password/reset/key/" in word)
    path = client.get(link.replace("http://testserver", "").replace("https://testserver", ""))["Location"]
    client.post(path, {"password1": "seven green boats at noon", "password2": "seven green boats at noon"})
    assert client.get(HOME)["Location"].startswith(LOGIN)
    assert password_step(client, ines, "seven green boats at noon")["Location"] == SECOND


def test_the_session_gets_a_new_id_at_each_step_up(client, ines):
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    sign_in_fully(client, ines, with_totp(ines))
    after = client.session.session_key
    assert before != after
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_out_kills_the_session_for_whoever_copied_the_cookie(client, ines):
    sign_in_fully(client, ines, with_totp(ines))
    copied = client.cookies["sessionid"].value
    answer = client.post("/account/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    replay = Client()
    replay.cookies["sessionid"] = copied
    assert replay.get(HOME)["Location"].startswith(LOGIN)


def test_thirty_idle_minutes_end_the_session(client, ines, monkeypatch):
    sign_in_fully(client, ines, with_totp(ines))
    client.get(HOME)
    start = time.time()
    monkeypatch.setattr("lamp_portal.middleware.time.time", lambda: start + 29 * 60)
    assert client.get(HOME).status_code == 200
    monkeypatch.setattr("lamp_portal.middleware.time.time", lambda: start + 29 * 60 + 30 * 60 + 2)
    answer = client.get(HOME + "?q=1")
    assert answer["Location"] == "/account/login/?next=/me/%3Fq%3D1"
    assert client.get(HOME).status_code == 302


def test_twelve_hours_end_the_session_however_busy(client, ines, monkeypatch):
    sign_in_fully(client, ines, with_totp(ines))
    client.get(HOME)
    start = time.time()
    for minutes in range(20, 12 * 60, 20):
        monkeypatch.setattr("lamp_portal.middleware.time.time", lambda m=minutes: start + m * 60)
        assert client.get(HOME).status_code == 200
    monkeypatch.setattr("lamp_portal.middleware.time.time", lambda: start + 12 * 3600 + 1)
    assert client.get(HOME).status_code == 302


def test_a_page_that_asks_by_itself_does_not_keep_the_session_alive(client, ines, monkeypatch):
    sign_in_fully(client, ines, with_totp(ines))
    client.get(HOME)
    start = time.time()
    for minutes in range(1, 30):
        monkeypatch.setattr("lamp_portal.middleware.time.time", lambda m=minutes: start + m * 60)
        client.get("/jobs/1/progress/")
    monkeypatch.setattr("lamp_portal.middleware.time.time", lambda: start + 31 * 60)
    assert client.get(HOME).status_code == 302


def test_a_deactivated_person_is_out_at_once(client, ines):
    sign_in_fully(client, ines, with_totp(ines))
    ines.is_active = False
    ines.save()
    assert client.get(HOME)["Location"].startswith(LOGIN)


def test_a_changed_password_ends_the_other_sessions(client, ines):
    secret = with_totp(ines)
    sign_in_fully(client, ines, secret)
    other = Client()
    other.cookies = client.cookies.copy()
    ines.set_password("another long password here")
    ines.save()
    assert other.get(HOME).status_code == 302


def test_known_and_unknown_addresses_get_the_same_answer(cast, ines, mailoutbox):
    def answers(email: str) -> list:
        seen = []
        for path, data in [
            (LOGIN, {"login": email, "password": "wrong-wrong-wrong"}),
            ("/account/password/reset/", {"email": email}),
            ("/account/login/code/", {"email": email}),
        ]:
            fresh = Client(enforce_csrf_checks=False)
            answer = fresh.post(path, data)
            body = answer.content.decode().replace(email, "@").replace(_token(answer), "")
            seen.append((path, answer.status_code, answer.get("Location", ""), _plain(body)))
        return seen

    assert answers(ines.email) == answers("nobody@cast.example")


def _token(answer) -> str:
    return str(answer.context["csrf_token"]) if answer.context else "no token"


def _plain(body: str) -> str:
    import re

    return re.sub(r'nonce="[^"]*"|"challenge": "[^"]*"', "", body)


def test_wrong_passwords_are_walled_off_and_noted_without_what_was_typed(client, ines):
    for _n in range(7):
        answer = password_step(client, ines, "wrong-wrong-wrong")
    assert "Too many" in answer.content.decode()
    refused = [e for e in events("sign_in") if e[1] == "refused"]
    assert refused[0] == (ines.pk, "refused", "password")
    assert password_step(client, ines).status_code == 200, "the right password waits too"


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example/",
                                    "javascript:alert(1)", "http://testserver.evil.example/"])  # fmt: skip
def test_signing_in_never_leads_to_another_site(client, ines, target):
    secret = with_totp(ines)
    client.post(LOGIN, {"login": ines.email, "password": "a-long-test-password", "next": target})
    assert client.post(SECOND, {"code": code(secret)})["Location"] == "/"


def test_nobody_signs_up_from_outside(client, cast):
    answer = client.get("/account/signup/")
    assert "invitation" in answer.content.decode()
    client.post("/account/signup/", {"email": "new@cast.example", "password1": "a long enough password"})
    from accounts.models import User

    assert not User.objects.filter(email="new@cast.example").exists()


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client, cast):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/jobs/7/"}
    answer = client.get("/jobs/7/progress/", headers=headers)
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/account/login/?next=/jobs/7/"
    assert answer.content == b""


def test_a_funder_sees_no_person_and_needs_no_second_factor(client, cast):
    fay = may_sign_in(cast.user("fay"))
    assert password_step(client, fay)["Location"] == "/"
    assert client.get(HOME).status_code == 200
