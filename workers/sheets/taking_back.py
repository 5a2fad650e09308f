"""Takes back what an import added and nothing leans on yet, with the owner's hands.

Nobody's role may delete a person, a placement or an event of a journey. An import of the wrong file is the one
exception: people it added, and nominations that never moved, go again, each with its parts, unless another row
anywhere points at them. The keys of the database decide that, so no table above this app has to be named here.
"""

from django.db import migrations

FUNCTIONS = """
create or replace function workers_take_back_these(in_pilot bigint, people bigint[], nominations bigint[])
returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from workers_journeyevent e where e.placement_id = any(nominations) and e.pilot_id = in_pilot
    and e.version = 1 and e.move = 'enrol';
  delete from workers_placementstate s where s.placement_id = any(nominations) and s.pilot_id = in_pilot
    and s.version = 1;
  delete from workers_placement p where p.id = any(nominations) and p.pilot_id = in_pilot and p.employer_id is null;
  delete from workers_personcontact c where c.person_id = any(people) and c.pilot_id = in_pilot;
  delete from workers_personbackground b where b.person_id = any(people) and b.pilot_id = in_pilot;
  delete from workers_identitydocument d where d.person_id = any(people) and d.pilot_id = in_pilot;
  delete from workers_consent c where c.person_id = any(people) and c.pilot_id = in_pilot;
  delete from workers_person p where p.id = any(people) and p.pilot_id = in_pilot and p.version = 1;
end $$;

create or replace function workers_take_back(in_batch bigint, in_pilot bigint, people bigint[], nominations bigint[])
returns table (what text, id bigint)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  org bigint := nullif(current_setting('app.org', true), '')::bigint;
  moment tstzrange := workers_batch_recorded(in_batch, in_pilot, array['workers']);
  one record;
begin
  people := array(select p.id from workers_person p
    where p.id = any(people) and p.pilot_id = in_pilot and p.recorded_at <@ moment);
  nominations := array(select p.id from workers_placement p
    where p.id = any(nominations) and p.pilot_id = in_pilot and p.recorded_at <@ moment);
  if current_setting('app.role', true) = 'recruiter' and exists (
      select from workers_person p where p.id = any(people) and p.recruiter_id is distinct from org
      union all
      select from workers_placement p where p.id = any(nominations) and p.recruiter_id is distinct from org) then
    raise insufficient_privilege using message = 'not a person of this recruiter';
  end if;
  -- Later, who stays would tell a recruiter that something is recorded of them which it does not see.
  if current_setting('app.role', true) = 'recruiter' and (
      select b.committed_at from workers_importbatch b where b.id = in_batch) < now() - interval '1 day' then
    return;
  end if;
  begin
    perform workers_take_back_these(in_pilot, people, nominations);
    return query select 'person', unnest(people) union all select 'placement', unnest(nominations);
    return;
  exception when foreign_key_violation then null;  -- something leans on one of them: find out on which
  end;
  for one in
    select array_remove(array_agg(distinct q.person), null) as people, array_remove(array_agg(q.placement), null) as places
    from (select p as person, null::bigint as placement, p as owner from unnest(people) p
          union all
          select null, w.id, w.person_id from workers_placement w where w.id = any(nominations)) q
    group by q.owner order by q.owner
  loop
    begin
      perform workers_take_back_these(in_pilot, one.people, one.places);
      return query select 'person', unnest(one.people) union all select 'placement', unnest(one.places);
    exception when foreign_key_violation then null;
    end;
  end loop;
end $$;
revoke all on function workers_take_back_these(bigint, bigint[], bigint[]),
  workers_take_back(bigint, bigint, bigint[], bigint[]) from public;
grant execute on function workers_take_back(bigint, bigint, bigint[], bigint[]) to lamp_programme, lamp_recruiter;
"""

INSTALL = migrations.RunSQL(
    FUNCTIONS,
    "drop function workers_take_back(bigint, bigint, bigint[], bigint[]), workers_take_back_these(bigint, bigint[], bigint[])",
)
