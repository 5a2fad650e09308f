"""Privileges on columns: PostgreSQL has none that says "all but these", so the others are named when they are granted."""

from collections.abc import Iterable


def grant_but(table: str, hidden: Iterable[str], role: str) -> str:
    """SQL that lets the role read every column the table has now but the ``hidden`` ones."""
    left_out = ", ".join(f"'{column}'" for column in hidden)
    return (
        "do $$ begin execute format('grant select (%s) on %I to %I', (select string_agg(quote_ident(a.attname), ', ')"
        f" from pg_attribute a where a.attrelid = '{table}'::regclass and a.attnum > 0 and not a.attisdropped"
        f" and a.attname <> all(array[{left_out}])), '{table}', '{role}'); end $$"
    )
