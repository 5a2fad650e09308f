"""Takes back checks that a sheet of the wrong file added, with the owner's hands; see ``workers/sheets/taking_back``.

A check is never deleted otherwise. One from which a finding followed, or that evidence is attached to, stays.
"""

from django.db import migrations

FUNCTION = """
create or replace function compliance_take_back_checks_these(in_pilot bigint, ids bigint[])
returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from compliance_privatenote n where n.check_record_id = any(ids) and n.pilot_id = in_pilot;
  delete from compliance_checkanswer a where a.check_record_id = any(ids) and a.pilot_id = in_pilot;
  delete from compliance_check c where c.id = any(ids) and c.pilot_id = in_pilot;
end $$;

create or replace function compliance_take_back_checks(in_batch bigint, in_pilot bigint, ids bigint[])
returns setof bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  org bigint := nullif(current_setting('app.org', true), '')::bigint;
  moment tstzrange := workers_batch_recorded(in_batch, in_pilot, array['checks']);
  mine bigint[];
  one bigint;
begin
  select array_agg(c.id) into mine from compliance_check c
    where c.id = any(ids) and c.pilot_id = in_pilot and c.organisation_id = org and c.recorded_at <@ moment;
  set constraints all immediate;
  foreach one in array coalesce(mine, '{}') loop
    begin
      perform compliance_take_back_checks_these(in_pilot, array[one]);
      return next one;
    exception when foreign_key_violation then null;  -- something followed from it
    end;
  end loop;
end $$;
revoke all on function compliance_take_back_checks_these(bigint, bigint[]),
  compliance_take_back_checks(bigint, bigint, bigint[]) from public;
grant execute on function compliance_take_back_checks(bigint, bigint, bigint[]) to lamp_safeguarding, lamp_welfare;
"""

INSTALL = migrations.RunSQL(
    FUNCTION,
    "drop function compliance_take_back_checks(bigint, bigint, bigint[]);"
    " drop function compliance_take_back_checks_these(bigint, bigint[])",
)
