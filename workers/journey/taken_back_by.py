"""The owner's hands that take a move back: put it aside whole, take it out of the journey, set the placement back.

What everybody counts stands in ``workers_journeyevent``, which no role may delete from. The function deletes there only what
it has just put aside (a row policy binds the owner too), only the last move of a placement, and only for whoever recorded it
within ``HOURS``, or for the manager who accepted somebody else's request.
"""

from typing import Final

from django.db import migrations

HOURS: Final = 24

FUNCTION: Final = f"""
create or replace function workers_take_back(events bigint[], given_why text, accepted bigint) returns setof bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  pilots bigint[] := coalesce(nullif(current_setting('app.pilots', true), '')::bigint[], '{{}}');
  me bigint := nullif(current_setting('app.user', true), '')::bigint;
  org bigint := nullif(current_setting('app.org', true), '')::bigint;
  last bigint[];
begin
  perform from workers_placementstate s
    where s.placement_id in (select e.placement_id from workers_journeyevent e where e.id = any(events))
    order by s.placement_id for update;
  select array_agg(e.id) into last from workers_journeyevent e
    join workers_placementstate s on s.placement_id = e.placement_id and s.step = e.to_step
    where e.id = any(events) and e.pilot_id = any(pilots) and e.from_step <> ''
      and not exists (select from workers_journeyevent l where l.placement_id = e.placement_id and l.version > e.version)
      and case when accepted is null
        then e.user_id = me and e.organisation_id = org and e.recorded_at > clock_timestamp() - interval '{HOURS} hours'
        else current_setting('app.role', true) = 'programme_manager' and exists (
          select from workers_movecorrection c where c.id = accepted and c.event_id = e.id and c.decision = 'accepted'
            and c.decided_by_id = me and c.asked_by_id <> me) end;
  insert into workers_movetakenback (pilot_id, placement_id, cohort_id, recruiter_id, employer_id, event_id, move, from_step,
      to_step, happened_on, known_on, recorded_at, reason, note, user_id, organisation_id, request, version, taken_back_at,
      taken_back_by_id, taken_back_for_id, taken_back_in, why, correction_id)
    select e.pilot_id, e.placement_id, e.cohort_id, e.recruiter_id, e.employer_id, e.id, e.move, e.from_step, e.to_step,
      e.happened_on, e.known_on, e.recorded_at, e.reason, e.note, e.user_id, e.organisation_id, e.request, e.version,
      clock_timestamp(), me, org, coalesce(current_setting('app.request', true), ''), given_why, accepted
    from workers_journeyevent e where e.id = any(last) order by e.id;
  update workers_placementstate s set step = e.from_step, version = s.version + 1, since = (
      select b.happened_on from workers_journeyevent b where b.placement_id = e.placement_id and b.version < e.version
      order by b.version desc limit 1)
    from workers_journeyevent e where e.id = any(last) and s.placement_id = e.placement_id;
  return query delete from workers_journeyevent e where e.id = any(last) returning e.placement_id;
end $$;
revoke all on function workers_take_back(bigint[], text, bigint) from public;
grant execute on function workers_take_back(bigint[], text, bigint) to lamp_programme, lamp_recruiter, lamp_employer;
"""

INSTALL: Final = migrations.RunSQL(FUNCTION, "drop function workers_take_back(bigint[], text, bigint)")
