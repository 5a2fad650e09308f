"""Invitations: once, for seven days, for one address, into one's own organisation."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts import invitations
from accounts.models import Invitation, Membership, User
from accounts.scope import acting_as, operator_scope
from tests.accounts.ways_in import may_sign_in, password_step, sign_in_fully, with_totp

GOOD = {"name": "Nia New", "password": "three slow ferries north"}


@pytest.fixture
def invite(cast):
    """``link, row = invite("new@cast.example")``: an invitation by ines, and the path of its mail."""

    def _invite(email: str, role: str = "programme_officer", by: str = "ines", at=None):
        with cast.acting(by) as scope:
            row, token = invitations.invite(email, role, by=scope, at=at or timezone.now())
        return f"/invitations/accept/{token}/", row

    return _invite


def joined(email: str) -> list[tuple]:
    with acting_as(operator_scope()):
        found = Membership.objects.filter(user__email=email, ended_at__isnull=True)
        return list(found.values_list("organisation__slug", "role"))


def test_a_manager_invites_and_the_mail_says_nothing_personal(sign_in, cast, mailoutbox):
    answer = sign_in("ines").post("/invitations/", {"email": " New@Cast.example ", "role": "programme_officer"})
    assert (answer.status_code, answer["Location"]) == (303, "/members/")
    mail = mailoutbox[0]
    assert mail.to == ["new@cast.example"]
    assert mail.subject == "An invitation to the LaMP Portal"
    assert "Ines" not in mail.body
    assert "Verde" not in mail.body
    token = mail.body.split("/invitations/accept/")[1].split("/")[0]
    assert len(token) >= 43, "256 bits"
    with acting_as(operator_scope()):
        row = Invitation.objects.get(email="new@cast.example")
    assert row.token_hash == invitations.digest(token)
    assert token not in str(vars(row))
    assert timedelta(days=7) - (row.expires_at - timezone.now()) < timedelta(minutes=1)


def test_when_the_mail_fails_nobody_is_invited(sign_in, cast, monkeypatch):
    def broken(*_args):
        raise ConnectionRefusedError

    monkeypatch.setattr("accounts.invitations.send", broken)
    answer = sign_in("ines").post("/invitations/", {"email": "new@cast.example", "role": "programme_officer"})
    assert answer.status_code == 422
    assert "could not be sent" in answer.content.decode()
    with acting_as(operator_scope()):
        assert not Invitation.objects.filter(email="new@cast.example").exists()


def test_the_invited_person_makes_an_account_and_is_led_to_a_second_factor(client, invite):
    link, _row = invite("new@cast.example")
    answer = client.get(link)
    assert answer["Location"] == "/invitations/accept/", "the token leaves the address bar"
    page = client.get("/invitations/accept/")
    assert page.status_code == 200
    assert "new@cast.example" in page.content.decode()
    answer = client.post("/invitations/accept/", GOOD)
    assert answer["Location"] == "/"
    assert joined("new@cast.example") == [("fair-passage", "programme_officer")]
    user = User.objects.get(email="new@cast.example")
    assert user.emailaddress_set.get().verified
    assert client.get("/")["Location"] == "/account/2fa/"


@pytest.mark.parametrize(
    "change",
    [
        {"password": "short"},
        {"password": "new@cast.example"},
        {"name": "Constantina Newworth", "password": "constantinanewworth"},
        {"name": ""},
    ],
)
def test_a_weak_password_or_no_name_is_refused_in_words(client, invite, change):
    link, _row = invite("new@cast.example")
    client.get(link)
    assert client.post("/invitations/accept/", GOOD | change).status_code == 422
    assert joined("new@cast.example") == []


def test_an_invitation_works_once(invite):
    link, _row = invite("new@cast.example")
    first, second = Client(), Client()
    first.get(link)
    second.get(link)
    first.post("/invitations/accept/", GOOD)
    assert second.post("/invitations/accept/", GOOD | {"name": "Thief"}).status_code == 404
    assert second.get(link, follow=True).status_code == 404
    assert User.objects.get(email="new@cast.example").name == "Nia New"


def test_the_address_cannot_be_changed_on_the_way(client, invite):
    link, _row = invite("new@cast.example")
    client.get(link)
    client.post("/invitations/accept/", GOOD | {"email": "other@cast.example", "role": "programme_manager"})
    assert joined("new@cast.example") == [("fair-passage", "programme_officer")]
    assert not User.objects.filter(email="other@cast.example").exists()


def test_unknown_used_withdrawn_and_outlived_links_look_the_same(sign_in, client, invite, cast):
    outlived, _row = invite("late@cast.example", at=timezone.now() - timedelta(days=7, seconds=1))
    withdrawn, row = invite("gone@cast.example")
    assert sign_in("ines").post(f"/invitations/{row.pk}/revoke/").status_code == 303
    pages = set()
    for link in [outlived, withdrawn, "/invitations/accept/AAAA/", "/invitations/accept/" + "x" * 43 + "/"]:
        answer = Client().get(link, follow=True)
        assert answer.status_code == 404
        pages.add(answer.content.replace(str(answer.context["csrf_token"]).encode(), b""))
    assert len({len(p) for p in pages}) == 1


def test_the_last_second_of_seven_days_still_counts(invite):
    at = timezone.now()
    _link, row = invite("new@cast.example", at=at)
    with acting_as(None):
        assert invitations.find(row.token_hash, at=at + timedelta(days=7, seconds=-1))
        assert invitations.find(row.token_hash, at=at + timedelta(days=7)) is None


def test_an_outlived_invitation_makes_way_for_a_new_one_and_an_open_one_does_not(invite):
    invite("new@cast.example", at=timezone.now() - timedelta(days=8))
    invite("new@cast.example")
    with pytest.raises(ValidationError, match="open invitation"):
        invite("NEW@cast.example")


def test_a_member_is_not_invited_twice(invite):
    with pytest.raises(ValidationError, match="already a member"):
        invite("lena@cast.example")


@pytest.mark.parametrize(("by", "role"), [("ines", "recruiter"), ("sefo", "programme_manager"), ("fay", "government"),
                                          ("omar", "safeguarding_lead"), ("ines", "no_such_role")])  # fmt: skip
def test_nobody_invites_to_a_role_their_organisation_cannot_hold(invite, by, role):
    with pytest.raises(ValidationError):
        invite("new@cast.example", role, by=by)


def test_nobody_invites_without_the_right_or_into_another_organisation(cast, sign_in):
    with cast.acting("lena") as by, pytest.raises(PermissionDenied):
        invitations.invite("new@cast.example", "programme_officer", by=by, at=timezone.now())
    other = cast.organisation("reef-recruiting")
    data = {"email": "new@cast.example", "role": "recruiter", "organisation": other.pk, "organisation_id": other.pk}
    sign_in("sefo").post("/invitations/", data)
    with acting_as(operator_scope()):
        assert Invitation.objects.get(email="new@cast.example").organisation.slug == "island-hands"


def test_the_database_refuses_an_invitation_into_another_organisation(cast):
    from django.db import ProgrammingError

    other = cast.organisation("reef-recruiting")
    with pytest.raises(ProgrammingError, match="row-level security"), cast.acting("sefo"):
        Invitation.objects.create(
            email="x@cast.example", organisation=other, role="recruiter", token_hash="0" * 64,
            expires_at=timezone.now(),
        )  # fmt: skip


def test_another_organisations_invitation_cannot_be_withdrawn(sign_in, invite):
    _link, row = invite("new@cast.example")
    assert sign_in("sefo").post(f"/invitations/{row.pk}/revoke/").status_code == 404
    assert sign_in("lena").post(f"/invitations/{row.pk}/revoke/").status_code == 403
    with acting_as(operator_scope()):
        assert Invitation.objects.get(pk=row.pk).revoked_at is None


def test_an_address_with_an_account_signs_in_and_says_yes(client, invite, cast):
    tavi = may_sign_in(cast.user("tavi"))
    secret = with_totp(tavi)
    link, _row = invite("tavi@cast.example", "recruiter", by="sefo")
    page = client.get(link, follow=True)
    assert "account already" in page.content.decode()
    assert client.post("/invitations/accept/", GOOD).status_code == 200, "no second account, no membership"
    assert joined(tavi.email) == [("reef-recruiting", "recruiter")]
    sign_in_fully(client, tavi, secret)
    answer = client.post("/invitations/accept/")
    assert (answer.status_code, answer["Location"]) == (303, "/switch/")
    assert joined(tavi.email) == [("reef-recruiting", "recruiter"), ("island-hands", "recruiter")]
    assert cast.user("tavi").name == "Tavi Reef"


def test_somebody_else_cannot_take_the_place(client, invite, cast):
    tavi = may_sign_in(cast.user("tavi"))
    secret = with_totp(tavi)
    link, row = invite("new@cast.example")
    sign_in_fully(client, tavi, secret)
    answer = client.get(link, follow=True)
    assert answer.status_code == 403
    assert client.post("/invitations/accept/", GOOD).status_code == 403
    with acting_as(None), pytest.raises(ValidationError, match="another address"):
        invitations.accept_as(tavi, row.token_hash, at=timezone.now())
    assert joined(tavi.email) == [("reef-recruiting", "recruiter")]


def test_a_suspended_organisation_takes_nobody_in(client, invite, cast):
    link, _row = invite("new@cast.example")
    with acting_as(operator_scope()):
        organisation = cast.organisation("fair-passage")
        organisation.suspended_at = timezone.now()
        organisation.save()
    assert client.get(link, follow=True).status_code == 404
    assert client.post("/invitations/accept/", GOOD).status_code == 404


def test_a_new_password_account_signs_in_like_everybody(invite, cast):
    link, _row = invite("new@cast.example")
    first = Client()
    first.get(link)
    first.post("/invitations/accept/", GOOD)
    user = User.objects.get(email="new@cast.example")
    assert password_step(Client(), user, GOOD["password"])["Location"] == "/"
