"""The database as it stood after the cast was played in, kept in memory and put back: a tenth of the time of playing it in.

The owner lets itself through the row policies for the length of a transaction; the triggers of the history and of the
marks stay silent, because what they wrote is put back like everything else. Keys are checked row by row, as always.
"""

from dataclasses import dataclass
from graphlib import TopologicalSorter

from django.db import connection, transaction

KEPT = ("django_migrations", "django_content_type", "auth_permission")


@dataclass(frozen=True, slots=True)
class Table:
    """A table with rows: its columns that can be written, whether its policies bind the owner, and the rows as COPY has them."""

    name: str
    columns: str
    forced: bool
    rows: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """Tables in the order in which they can be filled, and how far each counter had come."""

    tables: tuple[Table, ...]
    counters: tuple[tuple[str, int], ...]


def keep() -> Standing:
    """The rows of all tables but ``KEPT``; asked as the owner."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, c.relforcerowsecurity, (select string_agg(quote_ident(a.attname), ', ' order by a.attnum)"
            "   from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
            "   and a.attgenerated = '')"
            " from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> all(%s)",
            [list(KEPT)],
        )
        found = {name: (columns, forced) for name, forced, columns in cursor.fetchall()}
        made = []
        for name in _order(cursor, set(found)):
            columns, forced = found[name]
            if forced:
                cursor.execute(f"alter table {name} no force row level security")
            with cursor.copy(f"copy (select {columns} from {name} order by 1) to stdout") as copy:
                rows = b"".join(bytes(block) for block in copy)
            if rows:
                made.append(Table(name, columns, forced, rows))
        cursor.execute(
            "select quote_ident(sequencename), last_value from pg_sequences where schemaname = 'public'"
            " and last_value is not null order by 1"
        )
        counters = tuple(cursor.fetchall())
        transaction.set_rollback(True)
    return Standing(tuple(made), counters)


def put_back(standing: Standing) -> None:
    """Forget everything that was committed since, and let the database stand as it stood; asked as the owner."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(quote_ident(tablename), ', ') from pg_tables where schemaname = 'public'"
            " and tablename <> all(%s)",
            [list(KEPT)],
        )
        cursor.execute(f"truncate {cursor.fetchone()[0]} restart identity cascade")
        cursor.execute("set constraints all immediate")
        for table in standing.tables:
            if table.forced:
                cursor.execute(f"alter table {table.name} no force row level security")
            cursor.execute(f"alter table {table.name} disable trigger user")
            with cursor.copy(f"copy {table.name} ({table.columns}) from stdin") as copy:
                copy.write(table.rows)
            cursor.execute(f"alter table {table.name} enable trigger user")
            if table.forced:
                cursor.execute(f"alter table {table.name} force row level security")
        for name, last in standing.counters:
            cursor.execute(f"select setval('{name}', %s)", [last])


def _order(cursor, names: set[str]) -> list[str]:
    """The tables, each after those that its keys point at."""
    cursor.execute(
        "select conrelid::regclass::text, confrelid::regclass::text from pg_constraint where contype = 'f'"
        " and connamespace = 'public'::regnamespace and conrelid <> confrelid"
    )
    sorter = TopologicalSorter({name: set() for name in sorted(names)})
    for child, parent in cursor.fetchall():
        if {child, parent} <= names:
            sorter.add(child, parent)
    return list(sorter.static_order())
