"""Tests with real commits end with the database as it was before them, row for row and number for number."""

import pytest
from django.db import connection

from accounts.models import Organisation
from accounts.rows import declared
from accounts.scope import acting_as, operator_scope
from tests import standing
from tests.conftest import as_owner, start_over
from workers.journey.door import move
from workers.models import JourneyEvent, Placement

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_committed_is_forgotten_and_what_stood_stands_again(cast):
    start_over()  # counters have gone on in the tests before this one
    with as_owner():
        before = standing.keep()
    with acting_as(operator_scope()):
        Organisation.objects.create(slug="passing-by", name="Passing By", kind="recruiter", country="TO")
    with cast.acting("ines") as by:
        chosen = Placement.objects.filter(pk=cast.placement("IH-004").pk)
        assert move(chosen, "shortlist", by=by, at=cast.today, today=cast.today).moved
    with as_owner():
        between = standing.keep()
    assert {t.name for t in between.tables if t not in before.tables} >= {
        "accounts_organisation",
        "workers_journeyevent",
    }
    start_over()
    with as_owner():
        assert standing.keep() == before
    with cast.acting("ines"):
        assert JourneyEvent.objects.filter(placement=cast.placement("IH-001")).exists()


def test_policies_and_triggers_hold_after_it_as_before():
    start_over()
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity and not relforcerowsecurity")
        loose = {name for (name,) in cursor.fetchall()}
        cursor.execute("select tgname from pg_trigger where not tgisinternal and tgenabled <> 'O'")
        assert cursor.fetchall() == []
    assert loose == {table for table, operation in declared().items() if operation.history == "own"}
