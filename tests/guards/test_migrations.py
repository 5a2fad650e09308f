"""What models and row policies declare is what migrations install."""

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

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


def counted_as_done(names: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the migrations that another replaces: a database that ran the other believes that it ran them too."""
    loader = MigrationLoader(None)
    return names & {name for migration in loader.disk_migrations.values() for name in migration.replaces}


def test_no_migration_bears_a_name_that_another_replaces():
    assert counted_as_done(set(MigrationLoader(None).disk_migrations)) == set()


def test_the_guard_of_names_can_fail():
    assert counted_as_done({("workers", "0004_search")}) == {("workers", "0004_search")}
