"""Password hashes: no role that only reads its colleagues' names reads them, by ORM or by SQL; signing in still works."""

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.hidden import HIDDEN
from accounts.models import Job, Membership, User
from accounts.scope import acting_as
from workers.models import JourneyEvent

pytestmark = pytest.mark.django_db
READERS = ["ines", "mara", "lena", "rosa", "sefo", "omar", "kofi", "fay"]
PASSWORD = "a long enough phrase to sign in"


@pytest.mark.parametrize("name", READERS)
def test_no_reader_role_selects_a_hash_not_even_its_own(cast, name):
    for statement in (
        "select password from accounts_user", "select * from accounts_user", "select u::text from accounts_user u",
        "select count(*) from accounts_user where password like 'argon%%'", "select to_jsonb(u) from accounts_user u",
        "update accounts_user set name = password", "copy accounts_user to stdout",
    ):  # fmt: skip
        with cast.acting(name), connection.cursor() as cursor:
            with pytest.raises(ProgrammingError), transaction.atomic():
                cursor.execute(statement)
    with cast.acting(name) as by, connection.cursor() as cursor:
        cursor.execute("select name, email from accounts_user where id = %s", [by.user_id])
        assert len(cursor.fetchall()) == 1


def test_objects_of_the_readers_hold_no_hash_however_they_were_reached(cast):
    with cast.acting("ines") as by:
        people = [User.objects.get(pk=by.user_id), *(m.user for m in Membership.objects.select_related("user"))]
        people += [j.user for j in Job.objects.select_related("user")]
        people += [e.user for e in JourneyEvent.objects.select_related("user")[:5] if e.user]
        people.append(Membership.objects.filter(user_id=by.user_id).get().user)
        assert {user.password for user in people} == {HIDDEN}
        assert all(user.name for user in people)
    with acting_as(None):
        assert HIDDEN not in set(User.objects.values_list("password", flat=True))


def test_what_a_reader_read_never_overwrites_the_hash(cast):
    with acting_as(None):
        user = cast.user("ines")
        user.set_password(PASSWORD)
        user.save()
    with cast.acting("ines") as by:
        read = User.objects.get(pk=by.user_id)
    with acting_as(None):
        read.theme = "dark"
        read.save()
        fresh = User.objects.get(pk=read.pk)
        assert (fresh.theme, fresh.check_password(PASSWORD)) == ("dark", True)


def test_signing_in_and_changing_the_password_still_work(cast, client):
    with acting_as(None):
        user = cast.user("fay")
        user.set_password(PASSWORD)
        user.save()
    wrong = client.post("/account/login/", {"login": user.email, "password": "not this one at all"})
    assert wrong.status_code == 200
    right = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert right.status_code == 302
    assert client.get("/", follow=True).status_code == 200
