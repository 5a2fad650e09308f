"""The first steps of a new organisation: told by facts, put away by whoever wants, gone once its work has begun."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Invitation, Membership, Organisation, User
from accounts.scope import acting_as, operator_scope
from pilots.access import memberships_of, scope_for
from pilots.models import Participation
from tests.conftest import signed_in
from workers.models import ImportBatch

pytestmark = pytest.mark.django_db


def newcomer(kind: str, role: str, *, manages: bool = True) -> User:
    """Somebody of an organisation that has done nothing yet."""
    with acting_as(operator_scope()):
        organisation = Organisation.objects.create(slug=f"new-{kind}", name="New Shore", kind=kind, country="TO")
    with acting_as(None):
        user = User.objects.create_user(f"nia-{kind}@cast.example", None, name="Nia Shore")
        Membership.objects.create(user=user, organisation=organisation, role=role, manages_members=manages)
    return user


def scope(user: User):
    with acting_as(None):
        return scope_for(memberships_of(user.pk)[0], "test")


def steps(client) -> dict[str, bool]:
    """label → done, of the steps on the first page."""
    return {step.label: step.done for step in client.get("/").context["steps"]}


def take_part(cast, user: User) -> None:
    with acting_as(operator_scope()):
        Participation.objects.create(
            pilot=cast.pilot(),
            organisation_id=scope(user).organisation_id,
            kind="recruiter",
            joined_on=date(2026, 1, 1),
        )


def test_each_step_is_done_by_what_was_done_and_the_steps_go_when_work_begins(cast):
    nia = newcomer("recruiter", "recruiter")
    client = signed_in(nia)
    asked = ["Choose your language and time zone", "Invite a colleague", "Take part in a pilot", "Send your first list"]
    assert steps(client) == dict.fromkeys(asked, False)
    assert "You see what it would change before anything is recorded." in client.get("/").content.decode()

    client.post("/me/", {"name": "Nia", "language": "en", "time_zone": "Pacific/Tongatapu", "theme": "system"})
    with acting_as(scope(nia)) as by:
        Invitation.objects.create(
            email="ofa@cast.example", organisation_id=by.organisation_id, role="recruiter", token_hash="x" * 64,
            expires_at=timezone.now() + timedelta(days=7),
        )  # fmt: skip
    take_part(cast, nia)
    assert steps(client) == dict.fromkeys(asked[:3], True) | {asked[3]: False}

    with acting_as(scope(nia)) as by:
        ImportBatch.objects.create(
            pilot=cast.pilot(), organisation_id=by.organisation_id, user_id=nia.pk, kind="workers", file_name="a.xlsx",
            file_sha256="0" * 64, state="committed", committed_at=timezone.now(),
        )  # fmt: skip
    assert steps(client) == {}


def test_they_are_put_away_for_oneself_and_not_for_a_colleague(cast):
    nia = newcomer("welfare", "welfare_officer", manages=False)
    with acting_as(None):
        other = User.objects.create_user("tala@cast.example", None, name="Tala Shore")
        Membership.objects.create(
            user=other, organisation_id=memberships_of(nia.pk)[0].organisation_id, role="welfare_officer"
        )
    client = signed_in(nia)
    assert "Invite a colleague" not in steps(client), "who may not invite is not asked to"
    assert client.post("/first-steps/closings/").status_code == 303
    assert steps(client) == {}
    assert "Record your first check" in steps(signed_in(other))


def test_a_reader_of_reports_is_led_to_its_first_report_and_a_busy_page_to_nothing(sign_in):
    assert "Ask for your first report" in steps(signed_in(newcomer("funder", "funder")))
    assert steps(sign_in("ines")) == {}
    assert "First steps" not in sign_in("omar").get("/").content.decode()
