"""What stands of a placement goes with it from employer to employer; what an employer recorded itself stays that one's.

A flight or an insurance that a recruiter booked early would otherwise stand unseen beside what the employer records, and
refuse it for a reason that the employer cannot look at. So what belongs to no employer, or was recorded by somebody else
than the employer, is the present employer's to see. A former employer keeps what it recorded, and nothing of it stands in
the next one's way: the same fact of another employer is another fact, and the rooms it had planned for somebody who has
not departed are given up, for nobody has lived there. The owner's hands do it, because the partner who assigns may not
change what somebody else recorded; the function takes nobody's word but the placement's own employer.
"""

from typing import Final

from django.db import connection, migrations

# A journey before its departure: only then does a placement change its employer.
_FOLLOWS: Final = """
  update {table} x set employer_id = p.employer_id from workers_placement p
    where p.id = any(ids) and p.pilot_id = any(pilots) and x.placement_id = p.id
      and x.employer_id is distinct from p.employer_id
      and (x.employer_id is null or x.recorded_by is distinct from x.employer_id)
      and not exists (select from workers_journeyevent e where e.placement_id = p.id and e.to_step = 'departed');"""
FUNCTION = f"""
create or replace function workers_facts_follow(ids bigint[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  pilots bigint[] := coalesce(nullif(current_setting('app.pilots', true), '')::bigint[], '{{}}');
begin
  delete from workers_housingstay x using workers_placement p, workers_room r
    where p.id = any(ids) and p.pilot_id = any(pilots) and x.placement_id = p.id and r.id = x.room_id
      and x.employer_id is not null and x.employer_id is distinct from p.employer_id
      and x.employer_id in (x.recorded_by, r.employer_id)
      and not exists (select from workers_journeyevent e where e.placement_id = p.id and e.to_step = 'departed');
{"".join(_FOLLOWS.format(table=table) for table in ("workers_insurance", "workers_travel", "workers_housingstay"))}
end $$;
revoke all on function workers_facts_follow(bigint[]) from public;
grant execute on function workers_facts_follow(bigint[]) to lamp_programme, lamp_recruiter;
"""
INSTALL = migrations.RunSQL(FUNCTION, "drop function workers_facts_follow(bigint[])")


def follow(placement_ids: list[int]) -> None:
    """Hand what no employer recorded itself to the employers whom these placements have now. One statement for all."""
    with connection.cursor() as cursor:
        cursor.execute("select workers_facts_follow(%s)", [placement_ids])
