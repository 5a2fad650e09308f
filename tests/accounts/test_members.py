"""Members: who they are, who may change them, and that access ends with the next click."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts import invitations, members
from accounts.models import AuditEvent, Invitation, Membership
from accounts.scope import acting_as, operator_scope
from tests.forms_sent import form_of


def read(client, member: Membership) -> dict[str, str]:
    """What the page of a member carries, as it is sent back with another role."""
    return form_of(client.get(f"/members/{member.pk}/").content.decode())


def membership(cast, name: str) -> Membership:
    with acting_as(operator_scope()):
        return Membership.objects.get(user=cast.user(name), ended_at__isnull=True)


def test_the_list_shows_role_since_second_factor_and_open_invitations(sign_in, cast):
    with cast.acting("ines") as by:
        invitations.invite("new@cast.example", "programme_officer", by=by, at=timezone.now())
    page = sign_in("ines").get("/members/").content.decode()
    assert "Mara Verde" in page
    assert "new@cast.example" in page
    assert "Set up" in page, "ines has a second factor"
    assert "Not yet: sees nothing" in page, "mara has none"
    assert "Sefo" not in page


@pytest.mark.parametrize("name", ["sefo", "omar", "rosa", "kofi", "fay"])
def test_every_role_sees_its_own_colleagues_only(sign_in, cast, name):
    page = sign_in(name).get("/members/").content.decode()
    assert cast.user(name).name in page
    assert "Ines" not in page


def test_the_list_costs_the_same_for_one_member_as_for_twenty(sign_in, cast, django_assert_max_num_queries):
    client = sign_in("ines")
    client.get("/members/")
    from accounts.models import User

    with acting_as(None):
        for n in range(20):
            user = User.objects.create_user(f"more{n}@cast.example", None, name=f"More {n}")
            Membership.objects.create(
                user=user, organisation=cast.organisation("fair-passage"), role="programme_officer"
            )
    with django_assert_max_num_queries(22):
        assert client.get("/members/").content.decode().count("more") >= 20


def test_a_member_without_the_right_changes_nothing(sign_in, cast):
    client = sign_in("lena")
    theirs = membership(cast, "ines")
    page = client.get("/members/").content.decode()
    assert "Invite a colleague" not in page
    for path, data in [
        ("/invitations/", {"email": "x@cast.example", "role": "programme_officer"}),
        (f"/members/{theirs.pk}/end/", {}),
        (f"/members/{theirs.pk}/role/", {"role": "welfare_officer"}),
    ]:
        assert client.post(path, data).status_code == 403, path
    assert membership(cast, "ines").role == "programme_officer"


def test_another_organisations_member_does_not_exist(sign_in, cast):
    client = sign_in("sefo")
    theirs = membership(cast, "tavi")
    absent = client.get("/members/999999/")
    for answer in [
        client.get(f"/members/{theirs.pk}/"),
        client.post(f"/members/{theirs.pk}/end/"),
        client.post(f"/members/{theirs.pk}/role/", {"role": "recruiter"}),
    ]:
        assert answer.status_code == 404
    assert len(client.get(f"/members/{theirs.pk}/").content) == len(absent.content)
    assert membership(cast, "tavi").ended_at is None


def test_an_ended_member_is_out_with_the_next_request(sign_in, cast):
    lena, ines = sign_in("lena"), sign_in("ines")
    assert lena.get("/me/").status_code == 200
    answer = ines.post(f"/members/{membership(cast, 'lena').pk}/end/")
    assert (answer.status_code, answer["Location"]) == (303, "/members/")
    assert lena.get("/me/")["Location"] == "/welcome/"
    assert lena.get("/welcome/").status_code == 200
    ines.get("/members/")  # the page that says what was done
    assert "Lena" not in ines.get("/members/").content.decode()


def test_a_changed_role_counts_from_the_next_request(sign_in, cast):
    lena, ines = sign_in("lena"), sign_in("ines")
    mine = membership(cast, "lena")
    ines.post(f"/members/{mine.pk}/role/", read(ines, mine) | {"role": "welfare_officer"})
    assert membership(cast, "lena").role == "welfare_officer"
    assert "Welfare officer" in lena.get("/me/").content.decode()


def test_two_managers_give_one_member_other_rights_and_neither_is_overwritten_unseen(sign_in, cast):
    ines, mara, lena = sign_in("ines"), sign_in("mara"), membership(cast, "lena")
    hers, theirs = read(ines, lena), read(mara, lena)
    url = f"/members/{lena.pk}/role/"
    assert ines.post(url, hers | {"role": "welfare_officer"}).status_code == 303
    answer = mara.post(url, theirs | {"role": "programme_officer", "manages_members": "on"})
    assert answer.status_code == 409
    assert "Theirs: Welfare officer" in answer.content.decode()
    assert membership(cast, "lena").role == "welfare_officer"
    merged = form_of(answer.content.decode()) | {"keep-role": "theirs"}
    assert mara.post(url, merged).status_code == 303
    found = membership(cast, "lena")
    assert (found.role, found.manages_members) == ("welfare_officer", True)
    assert ines.post(url, {"role": "programme_officer"}).status_code == 409, "it does not say what it saw"


def test_the_last_manager_cannot_leave_or_give_the_right_up(sign_in, cast):
    client = sign_in("sefo")
    mine = membership(cast, "sefo")
    answer = client.post(f"/members/{mine.pk}/end/")
    assert answer.status_code == 422
    assert "last member who manages" in answer.content.decode()
    answer = client.post(f"/members/{mine.pk}/role/", {"role": "recruiter"})
    assert answer.status_code == 422
    assert membership(cast, "sefo").manages_members


def test_nobody_gives_themselves_another_role(sign_in, cast):
    client, mine = sign_in("ines"), membership(cast, "ines")
    page = client.get(f"/members/{mine.pk}/").content.decode()
    assert "Nobody changes their own role" in page
    assert "Save the role" not in page
    data = {"role": "safeguarding_lead", "manages_members": "on"}
    assert client.post(f"/members/{mine.pk}/role/", data).status_code == 422
    assert membership(cast, "ines").role == "programme_officer"


def test_one_of_two_managers_may_leave_and_the_other_may_not_then(sign_in, cast):
    client = sign_in("ines")
    assert client.post(f"/members/{membership(cast, 'ines').pk}/end/").status_code == 303
    with cast.acting("mara") as by, pytest.raises(ValidationError):
        members.end(Membership.objects.get(user=cast.user("mara")), by=by, at=timezone.now())


def test_a_role_of_another_kind_of_organisation_is_refused(sign_in, cast):
    mine = membership(cast, "lena")
    answer = sign_in("ines").post(f"/members/{mine.pk}/role/", {"role": "recruiter"})
    assert answer.status_code == 422
    with cast.acting("ines") as by, pytest.raises(ValidationError):
        members.change(mine, "employer", False, by=by)
    assert membership(cast, "lena").role == "safeguarding_lead"


def test_invitations_of_a_removed_manager_die_with_the_membership(cast):
    with cast.acting("ines") as by:
        made, _token = invitations.invite("friend@cast.example", "programme_officer", by=by, at=timezone.now())
    with cast.acting("mara") as by:
        members.end(Membership.objects.get(user=cast.user("ines")), by=by, at=timezone.now())
        assert Invitation.objects.get(pk=made.pk).revoked_at is not None


def test_a_removed_managers_old_scope_opens_no_door(cast):
    stale = cast.scope("ines")
    with cast.acting("mara") as by:
        members.end(Membership.objects.get(user=cast.user("ines")), by=by, at=timezone.now())
    with acting_as(stale), pytest.raises(PermissionDenied):
        invitations.invite("x@cast.example", "programme_officer", by=stale, at=timezone.now())


def test_every_change_of_members_is_in_the_audit_trail(sign_in, cast):
    client = sign_in("ines")
    client.post("/invitations/", {"email": "new@cast.example", "role": "programme_officer"})
    lena = membership(cast, "lena")
    client.post(f"/members/{lena.pk}/role/", read(client, lena) | {"role": "welfare_officer"})
    client.post(f"/members/{membership(cast, 'lena').pk}/end/")
    with acting_as(operator_scope()):
        acts = AuditEvent.objects.filter(user=cast.user("ines")).values_list("action", flat=True)
        assert {"invite", "change_role", "end_membership"} <= set(acts)


def test_nobody_changes_their_own_rights_through_the_settings(sign_in, cast):
    client = sign_in("lena")
    before = membership(cast, "lena")
    data = {"name": "Lena New", "language": "fr", "time_zone": "Pacific/Auckland", "theme": "dark",
            "role": "programme_manager", "manages_members": "on", "is_staff": "on", "is_superuser": "on",
            "email": "other@cast.example", "organisation": "1"}  # fmt: skip
    assert client.post("/me/", data).status_code == 303
    user, after = cast.user("lena"), membership(cast, "lena")
    assert (user.name, user.language, user.time_zone, user.theme) == ("Lena New", "fr", "Pacific/Auckland", "dark")
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert (after.role, after.manages_members) == (before.role, before.manages_members)


def test_settings_refuse_what_does_not_exist(sign_in, cast):
    client = sign_in("lena")
    data = {"name": "", "language": "xx", "time_zone": "Mars/Base", "theme": "neon"}
    assert client.post("/me/", data).status_code == 422
    assert cast.user("lena").name == "Lena Verde"


def test_the_chosen_language_and_theme_are_on_every_page(sign_in, cast):
    client = sign_in("lena")
    client.post("/me/", {"name": "Lena", "language": "ar", "time_zone": "UTC", "theme": "dark"})
    page = client.get("/me/").content.decode()
    assert 'lang="ar" dir="rtl"' in page
    assert 'data-theme="dark"' in page


def test_a_language_can_be_chosen_before_sign_in_and_leads_nowhere_else(client, cast):
    answer = client.post("/language/", {"language": "fr", "next": "/account/login/"})
    assert (answer.status_code, answer["Location"]) == (303, "/account/login/")
    assert 'lang="fr"' in client.get("/account/login/").content.decode()
    for evil in ["//evil.example", "https://evil.example/", "/\\evil.example"]:
        assert client.post("/language/", {"language": "fr", "next": evil})["Location"] == "/"
    client.post("/language/", {"language": "klingon"})
    assert client.cookies["django_language"].value == "fr"
