"""Which facts the rules look at, and the trigger that marks what changed, whoever wrote it and by whatever statement.

One mark for each statement and pilot, with the ids in one array: a sheet of 100,000 payslips leaves one row. The
function is the owner's, so that no reader role may write a mark or take one away unseen.
"""

from typing import Final

from django.db import migrations

# table → (what its ids are of, the column that holds them)
MARKED: Final[dict[str, tuple[str, str]]] = {
    "workers_placement": ("placement", "id"),
    "workers_journeyevent": ("placement", "placement_id"),
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

FUNCTION: Final = """
create or replace function compliance_mark() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
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
