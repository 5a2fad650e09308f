"""Sent spreadsheets are kept for 90 days, then their bytes and rows go; the batch with its counts and hash stays.

By then every row is recorded or was sent again, and a sheet holds everything about everybody in it. Only the sender's
organisation reads these rows, so the portal's own hands delete them through a function of the owner.
"""

from datetime import datetime, timedelta

from django.db import connection, migrations

KEEP = timedelta(days=90)
AT_ONCE = 200

INSTALL = migrations.RunSQL(
    """
    create or replace function workers_forget_sheets(before timestamptz, at timestamptz, most integer)
    returns table (batches bigint, in_rows bigint)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare
      old bigint[];
    begin
      select array_agg(b.id) into old from (
        select id from workers_importbatch where uploaded_at < before and forgotten_at is null
        order by id limit most for update skip locked) b;
      delete from workers_withheldreading g using workers_withheldtext w where w.id = g.text_id and w.batch_id = any(old);
      delete from workers_withheldtext w where w.batch_id = any(old);
      -- Words of notes came with no sheet: their own day counts.
      delete from workers_withheldreading g using workers_withheldtext w
        where w.id = g.text_id and w.batch_id is null and w.handed_at < before;
      delete from workers_withheldtext w where w.batch_id is null and w.handed_at < before;
      delete from workers_importedit e where e.batch_id = any(old);
      delete from workers_importfile f where f.batch_id = any(old);
      delete from workers_importrest f where f.batch_id = any(old);
      delete from workers_importrow r where r.batch_id = any(old);
      get diagnostics in_rows = row_count;
      update workers_importbatch b set forgotten_at = at where b.id = any(old);
      batches := coalesce(cardinality(old), 0);
      return next;
    end $$;
    revoke all on function workers_forget_sheets(timestamptz, timestamptz, integer) from public;
    grant execute on function workers_forget_sheets(timestamptz, timestamptz, integer) to lamp_operator;
    """,
    "drop function workers_forget_sheets(timestamptz, timestamptz, integer)",
)


def forget(now: datetime) -> tuple[int, int]:
    """Delete the bytes and rows of at most 200 sheets that are due: (sheets, rows). Called as the operator scope."""
    with connection.cursor() as cursor:
        cursor.execute("select batches, in_rows from workers_forget_sheets(%s, %s, %s)", [now - KEEP, now, AT_ONCE])
        batches, rows = cursor.fetchone()
    return batches, rows


# The bytes of a sheet stay as they came, not packed: a piece of them is read without unpacking all of them.
KEPT_AS_SENT = migrations.RunSQL(
    "alter table workers_importfile alter column content set storage external",
    "alter table workers_importfile alter column content set storage extended",
)
COUNT = migrations.RunSQL(
    """
    create or replace function workers_count_due(before timestamptz, at timestamptz)
    returns table (sheets bigint, downloads bigint)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      select (select count(*) from workers_importbatch where uploaded_at < before and forgotten_at is null),
             (select count(*) from workers_export where expires_at <= at and deleted_at is null)
    $$;
    revoke all on function workers_count_due(timestamptz, timestamptz) from public;
    grant execute on function workers_count_due(timestamptz, timestamptz) to lamp_operator;
    """,
    "drop function workers_count_due(timestamptz, timestamptz)",
)


def due(now: datetime) -> tuple[int, int]:
    """(sent sheets, downloads) that would go at this moment. Called as the operator scope; changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select sheets, downloads from workers_count_due(%s, %s)", [now - KEEP, now])
        sheets, downloads = cursor.fetchone()
    return sheets, downloads
