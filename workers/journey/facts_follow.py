"""What was recorded of a placement before it had an employer is its employer's to see once it has one.

A flight or an insurance that a recruiter booked early would otherwise stand unseen beside what the employer records, and
refuse it for a reason that the employer cannot look at. Only what belongs to no employer follows; what a former employer
recorded stays with that one. The owner's hands do it, because the partner who assigns may not change what somebody else
recorded; the function takes nobody's word but the placement's own employer.
"""

from django.db import connection, migrations

FUNCTION = """
create or replace function workers_facts_follow(ids bigint[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  pilots bigint[] := coalesce(nullif(current_setting('app.pilots', true), '')::bigint[], '{}');
begin
  update workers_insurance x set employer_id = p.employer_id from workers_placement p
    where p.id = any(ids) and p.pilot_id = any(pilots) and x.placement_id = p.id and x.employer_id is null
      and p.employer_id is not null;
  update workers_travel x set employer_id = p.employer_id from workers_placement p
    where p.id = any(ids) and p.pilot_id = any(pilots) and x.placement_id = p.id and x.employer_id is null
      and p.employer_id is not null;
  update workers_housingstay x set employer_id = p.employer_id from workers_placement p
    where p.id = any(ids) and p.pilot_id = any(pilots) and x.placement_id = p.id and x.employer_id is null
      and p.employer_id is not null;
end $$;
revoke all on function workers_facts_follow(bigint[]) from public;
grant execute on function workers_facts_follow(bigint[]) to lamp_programme, lamp_recruiter;
"""
INSTALL = migrations.RunSQL(FUNCTION, "drop function workers_facts_follow(bigint[])")


def follow(placement_ids: list[int]) -> None:
    """Hand what belongs to no employer yet to the employers whom these placements have now. One statement for all."""
    with connection.cursor() as cursor:
        cursor.execute("select workers_facts_follow(%s)", [placement_ids])
