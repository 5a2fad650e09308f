"""Many tables in one migration: ``Tables([CreateModel(…), …])`` makes them one after the other.

A plain list of ``CreateModel`` draws up every model that hangs together with the new one again after each table; for the
hundred tables of the portal that is two thirds of the time that an empty database takes. Here they are drawn up once.
"""

from collections.abc import Sequence

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class Tables(Operation):
    """The tables of these models, in this order; each may point at those before it, and at itself."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, models: Sequence[CreateModel]) -> None:
        """The models, as ``makemigrations`` writes them."""
        self.models = list(models)

    def deconstruct(self):
        """Name and arguments as migrations write them."""
        return (self.__class__.__qualname__, [self.models], {})

    def state_forwards(self, app_label, state):
        """Add all models; whatever was drawn up before is forgotten, and drawn up whole when it is asked for."""
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """Create the tables."""
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Drop the tables, the last first."""
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        """One line for the migration's output."""
        return f"{len(self.models)} tables"
