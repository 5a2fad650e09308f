"""How many places of a job order are taken, counted with the owner's sight.

A recruiter sees no rival's placements, yet "how many places are left?" must have one answer for everybody who sees the
job order. So one SECURITY DEFINER function counts, for job orders of the caller's own pilots and no others.
"""

from django.db import connection, migrations

from workers.journey.facts import FREE_STEPS

_free = ", ".join(f"'{step}'" for step in FREE_STEPS)
FUNCTION = f"""
create or replace function workers_places_taken(orders bigint[])
returns table (job_order_id bigint, taken bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select o.id, count(s.placement_id)
  from pilots_joborder o
  left join workers_placement p on p.job_order_id = o.id
  left join workers_placementstate s on s.placement_id = p.id and s.step not in ({_free})
  where o.id = any(orders) and o.pilot_id = any(nullif(current_setting('app.pilots', true), '')::bigint[])
  group by o.id
$$;
revoke all on function workers_places_taken(bigint[]) from public;
grant execute on function workers_places_taken(bigint[])
  to lamp_programme, lamp_recruiter, lamp_employer, lamp_welfare, lamp_safeguarding;
"""

INSTALL = migrations.RunSQL(FUNCTION, "drop function workers_places_taken(bigint[])")


def places_taken(job_order_ids: list[int]) -> dict[int, int]:
    """Taken places by job order, for those of the caller's pilots; asked in one statement."""
    if not job_order_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("select job_order_id, taken from workers_places_taken(%s)", [list(job_order_ids)])
        return dict(cursor.fetchall())
