"""Which worker IDs and numbers of papers are taken in a pilot, answered with the owner's sight.

They are unique in a pilot, and a recruiter does not see a rival's people. So "may this number be used?" is asked of a
SECURITY DEFINER function with a fixed search path that answers only for the pilots of the scope in force. What the
reader is told about a number that belongs to somebody they do not see is one neutral sentence (``matching.WORDS``).
"""

from django.db import migrations

FUNCTIONS = """
create or replace function workers_codes_taken(in_pilot bigint, codes text[])
returns table (code text, person_id bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select p.worker_code::text, p.id
  from (select distinct c from unnest(codes) as c) q
  join workers_person p on p.pilot_id = in_pilot and p.worker_code = q.c
  where in_pilot = any(nullif(current_setting('app.pilots', true), '')::bigint[])
$$;
create or replace function workers_numbers_taken(in_pilot bigint, of_kind text, numbers text[], countries text[])
returns table (number text, country text, person_id bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select d.number::text, d.country::text, d.person_id
  from (select distinct a, b from unnest(numbers, countries) as t (a, b)) q
  join workers_identitydocument d
    on d.pilot_id = in_pilot and d.kind = of_kind and d.country = q.b and d.number = q.a and d.replaced_at is null
  where in_pilot = any(nullif(current_setting('app.pilots', true), '')::bigint[])
$$;
revoke all on function workers_codes_taken(bigint, text[]), workers_numbers_taken(bigint, text, text[], text[]) from public;
grant execute on function workers_codes_taken(bigint, text[]), workers_numbers_taken(bigint, text, text[], text[])
  to lamp_programme, lamp_recruiter;
"""

INSTALL = migrations.RunSQL(
    FUNCTIONS,
    "drop function workers_codes_taken(bigint, text[]), workers_numbers_taken(bigint, text, text[], text[])",
)
