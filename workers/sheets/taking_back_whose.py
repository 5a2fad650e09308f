"""When a batch was recorded, asked by the functions that take back with the owner's hands (``taking_back``).

They delete what nobody's role may delete, so they trust nobody's list of ids: only rows that were written while the
batch was recorded are its own. The history knows when that transaction began, and no role can write there.
"""

from django.db import migrations

FUNCTION = """
create or replace function workers_batch_recorded(in_batch bigint, in_pilot bigint, kinds text[]) returns tstzrange
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  org bigint := nullif(current_setting('app.org', true), '')::bigint;
  moment timestamptz;
begin
  if not in_pilot = any(coalesce(nullif(current_setting('app.pilots', true), '')::bigint[], '{}')) then
    raise insufficient_privilege using message = 'not a pilot of this scope';
  end if;
  if not exists (select from workers_importbatch b where b.id = in_batch and b.pilot_id = in_pilot
                 and b.organisation_id = org and b.state in ('committed', 'undone') and b.kind = any(kinds)) then
    raise insufficient_privilege using message = 'not a recorded sheet of this organisation';
  end if;
  select max(h.at) into moment from accounts_history h
    where h.table_name = 'workers_importbatch' and h.row_id = in_batch and h.operation = 'U'
      and h.before->>'state' = 'checked';
  if moment is null then
    raise insufficient_privilege using message = 'nobody knows when this sheet was recorded';
  end if;
  return (select tstzrange(moment, b.committed_at, '[]') from workers_importbatch b where b.id = in_batch);
end $$;
revoke all on function workers_batch_recorded(bigint, bigint, text[]) from public;
"""

INSTALL = migrations.RunSQL(FUNCTION, "drop function workers_batch_recorded(bigint, bigint, text[])")
