"""Columns that open doors: only whoever may change the row reads them, in PostgreSQL and in the objects Django makes.

A row policy hides rows, a grant hides columns. ``rows(hidden=("password",))`` grants the other columns to roles that only
read the table; a field of the kind ``Hidden`` then asks PostgreSQL for nothing under such a role and holds ``HIDDEN``.
"""

from typing import Any

from django.db import models

from accounts.rows import may
from accounts.scope import current

HIDDEN = "!not read under this role"


class Hidden(models.CharField):
    """A text that roles which only read the table never see: their statements hold a constant in its place."""

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """The column, or the constant under a role that holds no privilege on it."""
        scope = current()
        if scope is None or scope.db_role == "none" or may(self.model, scope.db_role, "u"):
            return sql, params
        return "%s", [HIDDEN]
