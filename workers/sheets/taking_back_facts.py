"""Takes back facts that an import of the wrong file added, with the owner's hands.

Facts are append-only: no reader role may delete one. As with people (``taking_back``), an import is the exception, and
only while nothing leans on the fact: a file, a finding, a correction. The keys of the database decide that.
"""

from typing import Final

from django.db import migrations

TABLES: Final = (
    "workers_contractversion", "workers_deductionagreement", "workers_debt", "workers_payrecord", "workers_costitem",
    "workers_trainingrecord", "workers_identitydocument", "workers_insurance", "workers_travel",
    "workers_roominspection", "workers_room", "workers_housingstay", "workers_recruiterlicence", "workers_ban",
)  # fmt: skip

FUNCTION = f"""
create or replace function workers_take_back_facts(in_pilot bigint, of_table text, ids bigint[])
returns setof bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  org bigint := nullif(current_setting('app.org', true), '')::bigint;
  mine text := case current_setting('app.role', true)
    when 'recruiter' then 'recruiter_id = $3' when 'employer' then 'employer_id = $3' else '$3 is not null' end;
  one bigint;
begin
  if not in_pilot = any(coalesce(nullif(current_setting('app.pilots', true), '')::bigint[], '{{}}')) then
    raise insufficient_privilege using message = 'not a pilot of this scope';
  end if;
  if of_table <> all(array[{", ".join(f"'{table}'" for table in TABLES)}]) then
    raise insufficient_privilege using message = 'not a table of facts';
  end if;
  set constraints all immediate;
  begin
    return query execute format(
      'delete from %I where id = any($1) and pilot_id = $2 and ' || mine || ' returning id', of_table)
      using ids, in_pilot, org;
    return;
  exception when foreign_key_violation then null;  -- something leans on one of them: find out on which
  end;
  foreach one in array ids loop
    begin
      return query execute format('delete from %I where id = $1 and pilot_id = $2 and ' || mine || ' returning id', of_table)
        using one, in_pilot, org;
    exception when foreign_key_violation then null;
    end;
  end loop;
end $$;
revoke all on function workers_take_back_facts(bigint, text, bigint[]) from public;
grant execute on function workers_take_back_facts(bigint, text, bigint[])
  to lamp_programme, lamp_recruiter, lamp_employer, lamp_welfare, lamp_safeguarding;
"""

INSTALL = migrations.RunSQL(FUNCTION, "drop function workers_take_back_facts(bigint, text, bigint[])")
