"""Write the migrations that bring row policies up to what the models declare (as makemigrations does for columns)."""

from pathlib import Path

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.writer import MigrationWriter

from accounts.rows import RowSecurity, declared


def installed(loader: MigrationLoader) -> dict[str, RowSecurity]:
    """table → the last declaration that the migrations on disk install."""
    answer: dict[str, RowSecurity] = {}
    for key in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
        for operation in loader.get_migration(*key).operations:
            if isinstance(operation, RowSecurity):
                answer[operation.table] = operation
    return answer


class Command(BaseCommand):
    """``--check`` only says whether something is missing (exit 1)."""

    help = "Write migrations for row policies that the models declare and no migration installs yet."

    def add_arguments(self, parser):
        """--check: write nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check: bool = False, **options):
        """One migration per app that differs."""
        loader = MigrationLoader(None)
        have = installed(loader)
        missing = False
        below: list[tuple[str, str]] = []
        for label in ("accounts", "pilots", "workers", "compliance", "reports"):
            wanted = [op for table, op in declared(label).items() if have.get(table) != op]
            leaf = (label, loader.graph.leaf_nodes(label)[0][1])
            if not wanted:
                below.append(leaf)
                continue
            missing = True
            self.stdout.write(f"{label}: {', '.join(op.table for op in wanted)}")
            if not check:
                below.append(self._write(loader, [leaf, *below], label, wanted))
        if check and missing:
            raise SystemExit(1)

    def _write(
        self, loader: MigrationLoader, after: list[tuple[str, str]], label: str, wanted: list[RowSecurity]
    ) -> tuple[str, str]:
        """One migration file, after the app's own last one and those of the apps below it."""

        class RowPolicies(Migration):
            dependencies = after
            operations = list(wanted)

        # A database that ran the one of a replaced name believes that it ran this one too.
        replaced = {name for migration in loader.disk_migrations.values() for name in migration.replaces}
        name = f"{int(after[0][1][:4]) + 1:04d}_policies"
        while (label, name) in replaced:
            name += "_anew"
        migration = RowPolicies(name, label)
        folder = Path(apps.get_app_config(label).path) / "migrations"
        (folder / f"{migration.name}.py").write_text(MigrationWriter(migration).as_string())
        self.stdout.write(f"  wrote {label}/migrations/{migration.name}.py")
        return label, migration.name
