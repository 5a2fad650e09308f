"""A phone that was handed to a worker: one form and nothing else, on the server, until the officer shows who they are."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth import SESSION_KEY
from django.urls import get_resolver, reverse

from accounts.scope import acting_as
from compliance.models import Check
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef" * 2


@pytest.fixture
def phone(cast, sign_in):
    """Rosa's phone, handed to IH-001."""
    client, one = sign_in("rosa"), cast.placement("IH-001")
    given = {"visit": KEY, "stage": "employment", "language": "es"}
    answer = client.post(reverse("compliance:handing_over", args=[one.pk]), given)
    assert answer.status_code == 303
    client.form = answer["Location"]
    return client


def addresses(patterns=None, before: str = "/") -> list[str]:
    """Every address of the portal, with a number or a word where it asks for one."""
    found = []
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + re.sub(
            r"<(\w+):\w+>|<\w+>", lambda m: "1" if m[1] in ("int", None) else "word", str(each.pattern)
        )
        found += (
            addresses(each.url_patterns, route)
            if hasattr(each, "url_patterns")
            else [route.replace("^", "").replace("$", "")]
        )
    return found


def test_every_other_address_answers_with_the_lock_whatever_is_sent_there(cast, phone):
    one = cast.placement("IH-001")
    own = {reverse(f"compliance:{name}", args=[one.pk]) for name in ("alone", "alone_done")} | {reverse("phone_lock")}
    asked = {path for path in addresses() if re.fullmatch(r"[\w/.-]+", path)}
    asked |= {"/", f"/placements/{one.pk}/", f"/placements/{cast.placement('IH-002').pk}/alone/", "/no/such/page/"}
    assert len(asked) > 200
    for path in asked - own:
        answer = phone.get(path)
        assert answer.status_code == 423, path
        assert "IH-0" not in answer.content.decode()
    for path in (
        "/switch/",
        "/me/",
        reverse("account_logout"),
        f"/placements/{one.pk}/alone/handing-over/",
        "/demo/sign-in/",
    ):
        assert phone.post(path).status_code == 423, path
    assert phone.get("/", headers={"HX-Request": "true"}).status_code == 423


def test_the_worker_answers_and_the_officer_goes_on_with_the_password(cast, phone):
    assert "¿Tiene usted mismo su pasaporte?" in phone.get(phone.form).content.decode()
    given = {"visit": KEY, "stage": "employment", "language": "es", "D09": "no"}
    done = phone.post(phone.form.partition("?")[0], given)
    assert done.status_code == 303
    page = phone.get(done["Location"]).content.decode()
    assert f'href="{reverse("phone_lock")}"' in page
    assert phone.get("/").status_code == 423  # also after the answers were sent
    wrong = phone.post(reverse("phone_lock"), {"proof": "not it"})
    assert wrong.status_code == 422
    opened = phone.post(reverse("phone_lock"), {"proof": PASSWORD})
    assert opened["Location"].startswith(f"/sites/{cast.placement('IH-001').site_id}/visits/{KEY}/")
    assert "Answered alone" in phone.get(opened["Location"]).content.decode()
    assert phone.get(reverse("phone_lock"))["Location"] == "/"
    with cast.acting("rosa"):
        assert Check.objects.get().private


def test_a_code_of_the_second_factor_opens_it_too(cast, phone):
    secret = "JBSWY3DPEHPK3PXP"
    with acting_as(None):
        user = cast.user("rosa")
        user.authenticator_set.filter(type="totp").delete()
        TOTP.activate(user, secret)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert phone.post(reverse("phone_lock"), {"proof": code}).status_code == 303
    assert phone.get("/").status_code == 200


def test_whoever_takes_the_phone_from_the_worker_answers_no_second_time_in_their_name(cast, phone):
    url, said = phone.form.partition("?")[0], {"stage": "employment", "language": "es"}
    first = phone.post(url, {"visit": KEY, "D09": "no", **said})
    for again in (phone.get(url), phone.post(url, {"visit": "f" * 32, "D09": "yes", **said})):
        assert again.status_code == 303
        assert again["Location"].partition("?")[0] == first["Location"].partition("?")[0]
    with cast.acting("rosa"):
        assert [answer.answer for answer in Check.objects.get().answers.all()] == ["no"]
    phone.post(reverse("phone_lock"), {"proof": PASSWORD})
    assert phone.post(f"{url}handing-over/", {"visit": KEY, "stage": "employment"}).status_code == 303
    assert phone.get(url).status_code == 200


@pytest.mark.parametrize("end", ["tries", "button"])
def test_five_wrong_tries_or_the_button_end_the_session(phone, end):
    lock = reverse("phone_lock")
    if end == "button":
        last = phone.post(lock, {"end": "1"})
    else:
        for _time in range(4):
            assert phone.post(lock, {"proof": "guess"}).status_code == 422
        last = phone.post(lock, {"proof": "guess"})
    assert last.status_code == 302
    assert SESSION_KEY not in phone.session
    assert phone.get("/").status_code == 302


def test_the_questions_are_shown_on_a_locked_phone_only(cast, sign_in):
    client, one = sign_in("rosa"), cast.placement("IH-001")
    url = reverse("compliance:alone", args=[one.pk])
    page = client.get(url, {"stage": "employment", "visit": KEY}).content.decode()
    assert "Lock the phone and show the questions" in page
    assert "Do you have your passport yourself?" not in page
    assert client.post(url, {"stage": "employment", "D09": "no"}).status_code == 409
    with cast.acting("rosa"):
        assert not Check.objects.exists()
    assert sign_in("ines").post(reverse("compliance:handing_over", args=[one.pk])).status_code == 403
