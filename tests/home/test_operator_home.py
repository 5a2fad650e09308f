"""The operators' first page: what the machine does, who waits to come in, and no person's record."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import invitations
from accounts.models import Job
from accounts.scope import acting_as, operator_scope
from lamp_portal.home.operator import facts

pytestmark = pytest.mark.django_db


def test_an_operator_is_told_of_jobs_that_wait_too_long_and_of_those_that_failed(cast, sign_in):
    now = timezone.now()
    with acting_as(operator_scope()):
        assert not any(fact.acts for fact in facts(now) if fact.label.startswith("Jobs"))
    with cast.acting("ines") as by:
        common = {"kind": "compile_report", "organisation_id": by.organisation_id, "user_id": by.user_id}
        Job.objects.create(key="1", **common)
        Job.objects.create(key="2", state="failed", finished_at=now, **common)
        invitations.invite("new@cast.example", "programme_officer", by=by, at=now)
    with acting_as(operator_scope()):
        told = {fact.label: fact for fact in facts(now + timedelta(minutes=20))}
    assert told["Jobs"].acts
    assert "1 waiting, 0 running" in told["Jobs"].words
    assert told["Failed jobs of the last week"].acts
    assert told["Invitations"].words == "1 waiting, 0 run out"
    page = sign_in("opal").get("/operator/").content.decode()
    assert "What needs an operator today" in page
    assert "IH-0" not in page
