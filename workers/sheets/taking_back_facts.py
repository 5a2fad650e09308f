"""Takes back facts that an import of the wrong file added, with the owner's hands.

Facts are append-only: no reader role may delete one. As with people (``taking_back``), an import is the exception, and
only while nothing leans on the fact: a file, a correction. The keys of the database decide that, and the history says
which facts the batch recorded: others stay, whoever asks.
"""

from typing import Final

from django.db import migrations

# kind of sheet → the tables in which it records
TABLES: Final[dict[str, tuple[str, ...]]] = {
    "contracts": ("workers_contractversion",),
    "deductions": ("workers_deductionagreement",),
    "debts": ("workers_debt",),
    "pay": ("workers_payrecord",),
    "costs": ("workers_costitem",),
    "training": ("workers_trainingrecord",),
    "documents": ("workers_identitydocument",),
    "insurance": ("workers_insurance",),
    "travel": ("workers_travel",),
    "housing": ("workers_roominspection", "workers_room"),
    "stays": ("workers_housingstay",),
    "licences": ("workers_recruiterlicence",),
    "bans": ("workers_ban",),
}
_PAIRS = ", ".join(f"('{kind}', '{table}')" for kind, tables in TABLES.items() for table in tables)

FUNCTION = f"""
create or replace function workers_take_back_facts(in_batch bigint, in_pilot bigint, of_table text, ids bigint[])
returns setof bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  org bigint := nullif(current_setting('app.org', true), '')::bigint;
  mine text := case current_setting('app.role', true)
    when 'recruiter' then 'recruiter_id = $3' when 'employer' then 'employer_id = $3' else '$3 is not null' end;
  moment tstzrange := workers_batch_recorded(in_batch, in_pilot,
    (select coalesce(array_agg(p.kind), '{{}}') from (values {_PAIRS}) as p (kind, held_in) where p.held_in = of_table));
  delete_these text := format('delete from %I where id = any($1) and pilot_id = $2 and recorded_at <@ $4 and ', of_table)
    || mine || ' returning id';
  one bigint;
begin
  set constraints all immediate;
  begin
    return query execute delete_these using ids, in_pilot, org, moment;
    return;
  exception when foreign_key_violation then null;  -- something leans on one of them: find out on which
  end;
  foreach one in array ids loop
    begin
      return query execute delete_these using array[one], in_pilot, org, moment;
    exception when foreign_key_violation then null;
    end;
  end loop;
end $$;
revoke all on function workers_take_back_facts(bigint, bigint, text, bigint[]) from public;
grant execute on function workers_take_back_facts(bigint, bigint, text, bigint[])
  to lamp_programme, lamp_recruiter, lamp_employer, lamp_welfare, lamp_safeguarding;
"""

INSTALL = migrations.RunSQL(FUNCTION, "drop function workers_take_back_facts(bigint, bigint, text, bigint[])")
