"""What models and row policies declare is what migrations install."""

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_row_policy_is_missing(capsys):
    call_command("makerowpolicies", check=True)


def test_the_guard_of_row_policies_can_fail(monkeypatch):
    from workers.models import Person

    monkeypatch.setitem(Person.row_policy.grants, "employer", "r pilot")
    with pytest.raises(SystemExit):
        call_command("makerowpolicies", check=True)
