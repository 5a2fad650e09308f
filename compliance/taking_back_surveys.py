"""Takes back tries at surveys that a sheet of the wrong file added, with the owner's hands; see ``workers/sheets/taking_back``.

A try is never deleted otherwise. Nothing follows from one, so that whatever the batch recorded goes with its answers.
"""

from django.db import migrations

FUNCTION = """
create or replace function compliance_take_back_surveys(in_batch bigint, in_pilot bigint, ids bigint[])
returns setof bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  org bigint := nullif(current_setting('app.org', true), '')::bigint;
  moment tstzrange := workers_batch_recorded(in_batch, in_pilot, array['surveys']);
  mine bigint[];
begin
  select array_agg(c.id) into mine from compliance_surveycontact c
    where c.id = any(ids) and c.pilot_id = in_pilot and c.organisation_id = org and c.recorded_at <@ moment;
  delete from compliance_surveyanswer a where a.contact_id = any(mine) and a.pilot_id = in_pilot;
  return query delete from compliance_surveycontact c where c.id = any(mine) and c.pilot_id = in_pilot returning c.id;
end $$;
revoke all on function compliance_take_back_surveys(bigint, bigint, bigint[]) from public;
grant execute on function compliance_take_back_surveys(bigint, bigint, bigint[])
  to lamp_programme, lamp_safeguarding, lamp_welfare;
"""

INSTALL = migrations.RunSQL(FUNCTION, "drop function compliance_take_back_surveys(bigint, bigint, bigint[])")
