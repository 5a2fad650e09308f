"""Bytes for which no row stands: an upload leaves them when its transaction is rolled back."""

from datetime import datetime, timedelta

from django.db import connection, migrations

from accounts.scope import acting_as, operator_scope

from . import storage

LONGEST_ORPHAN = timedelta(days=1)

# Of the names given, those that a row stands for, in whichever table of files (they all have the trigger). Nobody but
# the owner sees every file; the answer tells only what the asker, who reads the storage, could see anyway.
INSTALL = migrations.RunSQL(
    """
    create or replace function workers_kept_names(names text[]) returns setof text
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    declare
      t regclass;
    begin
      for t in select tgrelid::regclass from pg_trigger where tgname = 'only_ends' and not tgisinternal loop
        return query execute format(
          'select stored_as::text from %s where stored_as = any($1) and bytes_deleted_at is null', t) using names;
      end loop;
    end $$;
    revoke all on function workers_kept_names(text[]) from public;
    grant execute on function workers_kept_names(text[]) to lamp_operator;
    """,
    "drop function workers_kept_names(text[])",
)


def delete_orphans(*, now: datetime) -> int:
    """Delete bytes for which no row stands, as an upload leaves them whose transaction was rolled back.

    Asked for by an operator, never by the clock: of two portals in one storage each would take the other's files for
    orphans. Younger than a day is left alone, its row may still be on the way.
    """
    store, deleted = storage.store(), 0
    folders, _files = store.listdir("")
    for folder in sorted(folders):
        names = [f"{folder}/{name}" for name in store.listdir(folder)[1]]
        names = [n for n in names if storage.NAME.fullmatch(n) and now - store.get_modified_time(n) > LONGEST_ORPHAN]
        with acting_as(operator_scope(request="retention")), connection.cursor() as cursor:
            cursor.execute("select workers_kept_names(%s)", [names])
            kept = {row[0] for row in cursor.fetchall()}
        for name in names:
            if name not in kept:
                store.delete(name)
                deleted += 1
    return deleted
