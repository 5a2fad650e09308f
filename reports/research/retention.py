"""Bytes of a research extract go when they expire; the register of what was given stays.

The portal's own hands delete them through a function of the owner, which answers a number.
"""

from datetime import datetime

from django.db import connection, migrations

from accounts.scope import acting_as, operator_scope

INSTALL = migrations.RunSQL(
    """
    create or replace function reports_forget_extracts(at timestamptz) returns bigint
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare
      gone bigint;
    begin
      delete from reports_researchfile f using reports_researchextract e
        where e.id = f.extract_id and e.expires_at <= at;
      get diagnostics gone = row_count;
      return gone;
    end $$;
    revoke all on function reports_forget_extracts(timestamptz) from public;
    grant execute on function reports_forget_extracts(timestamptz) to lamp_operator;
    """,
    "drop function reports_forget_extracts(timestamptz)",
)


def delete_expired(*, now: datetime) -> int:
    """Delete the bytes of every extract that is over; answers how many."""
    with acting_as(operator_scope(request="retention")), connection.cursor() as cursor:
        cursor.execute("select reports_forget_extracts(%s)", [now])
        (gone,) = cursor.fetchone()
        return gone
