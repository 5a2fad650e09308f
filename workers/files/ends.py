"""What may be changed about a stored file, held by the database: that it was withdrawn, that its bytes are deleted.

Each once. A migration of every table of files ends with ``only_ends(table)``; a guard test counts them.
"""

from django.db import migrations

FUNCTION = """
create or replace function workers_file_only_ends() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
  ends constant text[] := array['withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason', 'bytes_deleted_at'];
begin
  if (to_jsonb(new) - ends) is distinct from (to_jsonb(old) - ends)
      or (old.withdrawn_at is not null and (new.withdrawn_at, new.withdrawn_by_id, new.withdrawn_reason)
          is distinct from (old.withdrawn_at, old.withdrawn_by_id, old.withdrawn_reason))
      or (old.bytes_deleted_at is not null and new.bytes_deleted_at is distinct from old.bytes_deleted_at) then
    raise insufficient_privilege using message = 'a stored file is not changed';
  end if;
  return new;
end $$;
"""

INSTALL = migrations.RunSQL(FUNCTION, "drop function workers_file_only_ends()")


def only_ends(table: str) -> migrations.RunSQL:
    """The operation that lets a table of files be updated only as described above."""
    return migrations.RunSQL(
        f"create trigger only_ends before update on {table} for each row execute function workers_file_only_ends()",
        f"drop trigger only_ends on {table}",
    )
