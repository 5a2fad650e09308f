"""Which facts the rules look at, and the trigger that marks what changed, whoever wrote it and by whatever statement.

One mark for each statement and pilot, with the ids in one array: a sheet of 100,000 payslips leaves one row. The
function is the owner's, so that no reader role may write a mark or take one away unseen.

Where an employer or a recruiter takes back, changes or corrects what a rule may stand on (``DOUBTS``), a second row says
so and stays. What is only added, and a paper that is replaced by its successor, leaves none.
"""

from typing import Final

from django.db import migrations

# table → (what its ids are of, the column that holds them). A ``journey`` is a placement whose days concern the person's
# other placements too: a stay counts in the window of the next, a season in the floor of its pay.
MARKED: Final[dict[str, tuple[str, str]]] = {
    "workers_placement": ("journey", "id"),
    "workers_journeyevent": ("journey", "placement_id"),
    "workers_contractversion": ("placement", "placement_id"),
    "workers_deductionagreement": ("placement", "placement_id"),
    "workers_debt": ("placement", "placement_id"),
    "workers_payrecord": ("placement", "placement_id"),
    "workers_costitem": ("placement", "placement_id"),
    "workers_insurance": ("placement", "placement_id"),
    "workers_housingstay": ("placement", "placement_id"),
    "workers_person": ("person", "id"),
    "workers_identitydocument": ("person", "person_id"),
    "workers_ban": ("person", "person_id"),
    "workers_room": ("site", "site_id"),
    "workers_roominspection": ("room", "room_id"),
    "workers_recruiterlicence": ("recruiter", "recruiter_id"),
    "compliance_check": ("placement", "placement_id"),
    "pilots_parameteroverride": ("pilot", "pilot_id"),
    "workers_mergedperson": ("person", "person_id"),
}
# A merge concerns two people: a second trigger marks the other.
MARKED_TOO: Final[dict[str, tuple[str, str]]] = {"workers_mergedperson": ("person", "keep_id")}

# table → the rules, by the first part of their code, whose findings a change of it may make vanish
DOUBTS: Final[dict[str, tuple[str, ...]]] = {
    "workers_contractversion": ("CON", "PAY", "HRS", "STAY"),
    "workers_deductionagreement": ("CON", "PAY"),
    "workers_payrecord": ("CON", "PAY", "HRS", "FEE"),
    "workers_insurance": ("INS", "DOC"),
    "workers_housingstay": ("HOU", "PAY"),
    "workers_room": ("HOU", "PAY"),
    "workers_roominspection": ("HOU", "PAY"),
    "workers_person": ("AGE", "CON", "REC"),
    "workers_identitydocument": ("DOC", "STAY"),
    "workers_costitem": ("FEE",),
    "workers_debt": ("FEE",),
    "workers_ban": ("BAN",),
    "workers_recruiterlicence": ("REC",),
    "compliance_check": ("WEL",),
}

FUNCTION: Final = f"""
create or replace function compliance_mark() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if current_setting('app.role', true) in ('employer', 'recruiter')
     and tg_table_name = any(array[{", ".join(f"'{table}'" for table in DOUBTS)}]) then
    execute format(
      'insert into public.compliance_partnerchange (pilot_id, organisation_id, facts, kind, ids, taken_back)
       select pilot_id, $1, %L, %L, array_agg(distinct %I), $2 from changed
       where %I is not null and case when $3
         then to_jsonb(changed)->>''supersedes_id'' is not null else to_jsonb(changed)->>''replaced_at'' is null end
       group by pilot_id',
      tg_table_name, tg_argv[0], tg_argv[1], tg_argv[1])
      using current_setting('app.org', true)::bigint, tg_op = 'DELETE', tg_op = 'INSERT';
  end if;
  execute format(
    'insert into public.compliance_rulemark (pilot_id, kind, ids)
     select pilot_id, %L, array_agg(distinct %I) from changed where %I is not null group by pilot_id',
    tg_argv[0], tg_argv[1], tg_argv[1]);
  return null;
end $$;
revoke all on function compliance_mark() from public;
"""


def _triggers(table: str, kind: str, column: str, name: str = "rules") -> list[str]:
    return [
        f"create trigger {name}_{verb} after {verb} on {table} referencing {seen} table as changed"
        f" for each statement execute function compliance_mark('{kind}', '{column}')"
        for verb, seen in (("insert", "new"), ("update", "new"), ("delete", "old"))
    ]


def install_too(*tables: str) -> migrations.RunSQL:
    """The operation that marks whom else a change of these tables concerns."""
    return migrations.RunSQL(
        [sql for table in tables for sql in _triggers(table, *MARKED_TOO[table], "rules_too")],
        [f"drop trigger rules_too_{verb} on {table}" for table in tables for verb in ("insert", "update", "delete")],
    )


def install(*tables: str) -> migrations.RunSQL:
    """The operation that marks changes of these tables; each migration names the tables that exist by then."""
    return migrations.RunSQL(
        [FUNCTION, *(sql for table in tables for sql in _triggers(table, *MARKED[table]))],
        [f"drop trigger rules_{verb} on {table}" for table in tables for verb in ("insert", "update", "delete")],
    )
