"""The demonstration's logins: real ones, one press away, and none of it where DEMO is off."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from accounts.models import Membership, User
from accounts.scope import acting_as
from lamp_portal import demo


@pytest.fixture
def mele(cast, settings):
    """A recruiter of the demonstration who belongs to two organisations."""
    settings.DEMO = True
    cache.clear()
    with acting_as(None):
        user = User.objects.create_user("mele@demo.example", None, name="Mele Demo")
        for slug in ("island-hands", "reef-recruiting"):
            Membership.objects.create(user=user, organisation=cast.organisation(slug), role="recruiter")
    demo.make_login(user)
    return user


def test_the_list_names_everybody_once_for_each_organisation(mele, client):
    found = demo.logins(at=1_000_000_005)
    assert [(login.role, login.organisation) for login in found] == [
        ("Recruiter", "Island Hands"),
        ("Recruiter", "Reef Recruiting"),
    ]
    assert found[0].code_seconds == 15
    page = client.get("/demo/")
    assert page.status_code == 200
    assert b"mele@demo.example" in page.content


def test_one_press_signs_in_through_both_steps(mele, client):
    for _twice in range(2):  # pressing again within thirty seconds works: the button uses no code up
        answer = client.post("/demo/sign-in/", {"email": mele.email})
        assert (answer.status_code, answer["Location"]) == (303, "/")
        assert client.get("/me/").status_code == 200
    records = client.session["account_authentication_methods"]
    assert [r["method"] for r in records] == ["password", "mfa"]


def test_the_line_that_was_pressed_says_for_whom_one_acts(mele, client, cast):
    first, second = demo.logins()
    client.post(f"/demo/sign-in/?for={second.membership_id}", {"email": mele.email})
    assert client.get("/me/").context["scope"].organisation_id == cast.organisation("reef-recruiting").pk
    client.post("/demo/sign-in/?for=999999", {"email": mele.email})
    assert client.get("/me/").context["scope"].organisation_id == cast.organisation("island-hands").pk
    assert first.membership_id != second.membership_id


def test_the_published_password_and_code_work_by_hand(mele, client):
    code, _seconds = demo.totp_code(mele.email, __import__("time").time())
    first = client.post("/account/login/", {"login": mele.email, "password": demo.PASSWORD})
    assert first["Location"] == "/account/2fa/authenticate/"
    assert client.post(first["Location"], {"code": code})["Location"] == "/"


def test_the_command_prints_what_to_type(mele, capsys):
    call_command("demo_logins", "--json")
    printed = json.loads(capsys.readouterr().out)
    assert printed[0]["email"] == "mele@demo.example"
    assert printed[0]["password"] == demo.PASSWORD
    assert len(printed[0]["code"]) == 6
    call_command("demo_logins")
    assert "Mele Demo" in capsys.readouterr().out


def test_without_demo_there_is_no_page_no_button_no_command_and_no_login(mele, client, settings):
    settings.DEMO = False
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/sign-in/", {"email": mele.email}).status_code == 404
    assert b"/demo/" not in client.get("/account/login/").content
    assert demo.logins() == []
    with pytest.raises(CommandError):
        call_command("demo_logins")
    with pytest.raises(ImproperlyConfigured):
        demo.make_login(mele)


def test_only_addresses_of_the_demonstration_can_be_opened(mele, client, cast):
    ines = cast.user("ines")
    with pytest.raises(ValueError):
        demo.make_login(ines)
    assert client.post("/demo/sign-in/", {"email": ines.email}).status_code == 404
    assert not Authenticator.objects.filter(user=ines).exists()
    assert client.get("/me/").status_code == 302


def test_the_button_needs_its_token(mele):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/demo/sign-in/", {"email": mele.email}).status_code == 403
