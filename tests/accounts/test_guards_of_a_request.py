"""What stands around every page: one transaction, one scope, no write on a GET, and the same guards on every answer."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Membership, Organisation
from accounts.scope import acting_as, current, operator_scope
from pilots.models import Cohort


@pytest.fixture
def odd(settings):
    """With the pages that misbehave."""
    settings.ROOT_URLCONF = "tests.accounts.odd_pages"


def calm(client: Client) -> Client:
    """Answers errors as pages instead of raising them."""
    client.raise_request_exception = False
    return client


def cohort_name() -> str:
    with acting_as(operator_scope()):
        return Cohort.objects.get(code="V1").name


def denials(name: str, cast) -> list[tuple]:
    with acting_as(operator_scope()):
        found = AuditEvent.objects.filter(outcome="denied", user=cast.user(name)).order_by("id")
        return list(found.values_list("action", "object_kind", "object_id", "reason"))


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_what_only_looks_cannot_write(odd, sign_in, method):
    before = cohort_name()
    assert getattr(calm(sign_in("ines")), method)("/odd/writes/").status_code == 500
    assert cohort_name() == before


def test_what_is_posted_is_written(odd, sign_in):
    assert sign_in("ines").post("/odd/writes/").status_code == 200
    assert cohort_name() == "written"


@pytest.mark.parametrize("what", ["404", "403", "422", "sql", "boom"])
def test_a_page_that_ends_badly_leaves_nothing_and_breaks_nothing(odd, sign_in, what):
    before, client = cohort_name(), calm(sign_in("ines"))
    answer = client.post(f"/odd/writes/{what}/")
    assert answer.status_code == (int(what) if what.isdigit() else 500)
    assert b"Traceback" not in answer.content
    assert b"division" not in answer.content
    assert cohort_name() == before
    assert client.get("/me/").status_code == 200
    assert current() is None


@pytest.mark.parametrize(
    "sql",
    [
        "set transaction read write",
        "set local transaction_read_only = off",
        "set local role lamp_owner",
        "set session authorization lamp_owner",
        "alter role current_user bypassrls",
        "set local row_security = off; select count(*) from workers_person",
    ],
)
def test_a_reading_page_cannot_take_more_rights(odd, sign_in, sql):
    assert calm(sign_in("ines")).get("/odd/sql/", {"sql": sql}).status_code == 500


def test_rows_are_not_streamed_out_of_their_scope(odd, sign_in):
    assert calm(sign_in("ines")).get("/odd/streams/").status_code == 500


def test_a_sensitive_read_is_noted_although_the_page_cannot_write(odd, sign_in, cast):
    client = sign_in("lena")
    answer = client.get("/odd/sensitive/41/")
    with acting_as(operator_scope()):
        row = AuditEvent.objects.get(action="read")
    assert (row.user_id, row.object_kind, row.object_id) == (cast.user("lena").pk, "case", 41)
    assert row.request == answer["X-Request-ID"]
    assert row.organisation_id == cast.organisation("fair-passage").pk


@pytest.mark.parametrize("name", ["ines", "lena", "rosa", "sefo", "omar", "fay", "dana"])
def test_every_refusal_is_noted_for_every_role(sign_in, cast, name):
    client = sign_in(name)
    assert client.get("/jobs/987654/").status_code == 404
    assert client.post("/jobs/987654/again/").status_code == 404
    assert denials(name, cast) == [
        ("get", "accounts:job", 987654, "404"),
        ("post", "accounts:job_again", 987654, "404"),
    ]


# --- For whom one acts -----------------------------------------------------------------------------------------


@pytest.fixture
def two(cast):
    """sefo also works for the rival, tavi's organisation."""
    with acting_as(None):
        return Membership.objects.create(
            user=cast.user("sefo"), organisation=cast.organisation("reef-recruiting"), role="recruiter"
        )


def seen_codes(client: Client) -> str:
    return client.get("/me/").context["scope"].organisation_id


def test_one_acts_for_one_organisation_and_changes_it_by_choice(sign_in, cast, two):
    client = sign_in("sefo")
    assert seen_codes(client) == cast.organisation("island-hands").pk
    page = client.get("/switch/").content.decode()
    assert "Island Hands" in page
    assert "Reef Recruiting" in page
    before = client.session.session_key
    answer = client.post("/switch/", {"membership": two.pk})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert client.session.session_key != before
    assert seen_codes(client) == cast.organisation("reef-recruiting").pk
    assert "Tavi" in client.get("/members/").content.decode()


def test_acting_for_one_the_others_things_do_not_exist(sign_in, cast, two):
    client = sign_in("sefo")
    with acting_as(operator_scope()):
        theirs = Membership.objects.get(user=cast.user("tavi"))
    assert client.get(f"/members/{theirs.pk}/").status_code == 404
    client.post("/switch/", {"membership": two.pk})
    assert client.get(f"/members/{theirs.pk}/").status_code == 200
    assert client.get("/members/").context["manages"] is False, "the right to manage stays with the other organisation"


@pytest.mark.parametrize("wanted", ["somebody else's", "", "0", "x", "99999999999999999999"])
def test_nobody_switches_to_what_is_not_theirs(sign_in, cast, wanted):
    client = sign_in("sefo")
    if wanted == "somebody else's":
        with acting_as(operator_scope()):
            wanted = Membership.objects.get(user=cast.user("tavi")).pk
    assert client.post("/switch/", {"membership": wanted}).status_code == 404
    assert seen_codes(client) == cast.organisation("island-hands").pk


def test_a_hand_made_choice_in_the_session_opens_nothing(sign_in, cast):
    client = sign_in("sefo")
    with acting_as(operator_scope()):
        theirs = Membership.objects.get(user=cast.user("tavi")).pk
    session = client.session
    session["acting_for"] = theirs
    session.save()
    assert client.get("/members/").status_code == 302
    assert seen_codes(client) == cast.organisation("island-hands").pk


def test_when_the_chosen_membership_ends_nothing_is_done_for_the_other_one(sign_in, cast, two):
    client = sign_in("sefo")
    client.post("/switch/", {"membership": two.pk})
    with acting_as(None):
        Membership.objects.filter(pk=two.pk).update(ended_at=timezone.now())
    data = {"email": "new@cast.example", "role": "recruiter"}
    answer = client.post("/invitations/", data)
    assert answer.status_code == 302, "not carried out for the organisation that is left"
    page = client.get("/me/")
    assert "Nothing was done" in page.content.decode()
    assert page.context["scope"].organisation_id == cast.organisation("island-hands").pk


def test_a_suspended_organisation_is_no_place_to_act_for(sign_in, cast, two):
    client = sign_in("sefo")
    client.post("/switch/", {"membership": two.pk})
    with acting_as(operator_scope()):
        Organisation.objects.filter(slug="reef-recruiting").update(suspended_at=timezone.now())
    assert client.get("/members/")["Location"] == "/"
    assert seen_codes(client) == cast.organisation("island-hands").pk
    assert client.post("/switch/", {"membership": two.pk}).status_code == 404


def test_whoever_belongs_to_nothing_sees_one_page_and_no_row(sign_in):
    client = sign_in("zed")
    for path in ["/", "/members/", "/jobs/", "/me/", "/switch/", "/pilots/"]:
        assert client.get(path)["Location"] == "/welcome/", path
        assert client.post(path)["Location"] == "/welcome/", path
    assert client.get("/welcome/").status_code == 200


# --- What every answer carries ---------------------------------------------------------------------------------

GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store, private",
}


def guarded(answer) -> None:
    for header, value in GUARDS.items():
        assert answer[header] == value or (header == "Cache-Control" and "no-store" in answer[header]), header
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert answer["X-Request-ID"]


def test_every_kind_of_answer_carries_the_guards(odd, sign_in, cast):
    client, stranger = calm(sign_in("ines")), calm(Client())
    strict = Client(enforce_csrf_checks=True)
    answers = {
        200: client.get("/me/"),
        302: stranger.get("/me/"),
        303: client.post("/language/", {"language": "en"}),
        403: strict.post("/language/", {"language": "en"}),
        404: client.get("/jobs/987654/"),
        405: client.get("/language/"),
        422: client.post("/me/", {}),
        500: client.post("/odd/writes/boom/"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        guarded(answer)
    for answer in [stranger.get("/no/such/page/"), stranger.get("/account/login/"), stranger.get("/healthz")]:
        guarded(answer)
    assert Client(SERVER_NAME="evil.example").get("/account/login/").status_code == 400


def test_every_post_needs_its_token(sign_in, cast):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sign_in("ines").cookies
    for path in ["/members/1/role/", "/members/1/end/", "/invitations/", "/invitations/1/revoke/", "/switch/", "/me/",
                 "/jobs/1/again/", "/language/", "/account/login/", "/account/logout/", "/demo/sign-in/",
                 "/invitations/accept/", "/operator/accounts/organisation/add/"]:  # fmt: skip
        assert strict.post(path).status_code in {403, 404}, path
    assert strict.get("/me/").status_code == 200


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, cast, settings):
    client.get("/account/login/")
    client.post("/account/login/", {"login": "ines@cast.example", "password": "wrong"})
    client.post("/language/", {"language": "fr"})
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name


def test_words_to_the_reader_stay_on_the_server(sign_in, cast):
    client = sign_in("ines")
    client.post("/me/", {"name": "Ines Verde", "language": "en", "time_zone": "UTC", "theme": "system"})
    assert "messages" not in client.cookies


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_are_refused_and_change_nothing(sign_in, cast, method):
    client = sign_in("ines")
    with acting_as(operator_scope()):
        mine = Membership.objects.get(user=cast.user("lena"))
    for path in ["/members/", f"/members/{mine.pk}/", f"/members/{mine.pk}/end/", "/me/", "/switch/", "/jobs/"]:
        assert getattr(client, method)(path).status_code == 405, path
    with acting_as(operator_scope()):
        assert Membership.objects.get(pk=mine.pk).ended_at is None
