"""Downloads lie ready for a day, then their bytes go, and the filters with them; the row that says who had which list stays.

Only the asker reads a file, so the portal's own hands delete it through a function of the owner, which answers a number.
"""

from datetime import datetime

from django.db import connection, migrations

from accounts.scope import acting_as, operator_scope

AT_ONCE = 100

INSTALL = migrations.RunSQL(
    """
    create or replace function workers_forget_exports(at timestamptz, most integer) returns bigint
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare
      old bigint[];
    begin
      select array_agg(e.id) into old from (
        select id from workers_export where expires_at <= at and deleted_at is null
        order by id limit most for update skip locked) e;
      delete from workers_exportpiece p where p.export_id = any(old);
      delete from workers_exportsight s where s.export_id = any(old);
      update workers_export e set deleted_at = at, given = '{}' where e.id = any(old);
      -- What was asked for and never made keeps no filters either: they may hold a name that somebody searched for.
      update workers_export e set given = '{}'
        where e.made_at is null and e.given <> '{}' and e.asked_at < at - interval '7 days';
      return coalesce(cardinality(old), 0);
    end $$;
    revoke all on function workers_forget_exports(timestamptz, integer) from public;
    grant execute on function workers_forget_exports(timestamptz, integer) to lamp_operator;
    """,
    "drop function workers_forget_exports(timestamptz, integer)",
)


def delete_expired(*, now: datetime) -> int:
    """Delete the bytes of every download that is over, a hundred in a transaction; answers how many."""
    done = 0
    while True:
        with acting_as(operator_scope(request="retention")), connection.cursor() as cursor:
            cursor.execute("select workers_forget_exports(%s, %s)", [now, AT_ONCE])
            (gone,) = cursor.fetchone()
        done += gone
        if gone < AT_ONCE:
            return done
