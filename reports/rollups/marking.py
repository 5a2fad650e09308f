"""The trigger that marks cohorts of which rows changed, whoever wrote them and by whatever statement.

One mark for each statement and pilot, with cohorts and months in two arrays: a sheet of 100,000 payslips leaves one row. The
function is the owner's, so that no reader role may write a mark or take one away unseen.
"""

from typing import Final

from django.db import migrations

# What a change of every kind of row is marked as, and the month it concerns (none: every month of the cohort).
NO_MONTH: Final = "null::date"
# A corrected payslip stops counting in its own month, which need not be that of its correction.
PAY_MONTH: Final = "case when supersedes_id is null then date_trunc(''month'', period_end::timestamp)::date end"
CHECK_MONTH: Final = "date_trunc(''month'', done_on::timestamp)::date"

# table → verb → (source, month). A placement that changes its cohort takes its payslips and checks along.
MARKED: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "workers_placement": {
        "insert": ("journey", NO_MONTH), "update": ("all", NO_MONTH), "delete": ("all", NO_MONTH),
    },
    "workers_placementstate": dict.fromkeys(("insert", "update", "delete"), ("journey", NO_MONTH)),
    "workers_journeyevent": dict.fromkeys(("insert", "update", "delete"), ("journey", NO_MONTH)),
    "workers_payrecord": dict.fromkeys(("insert", "update", "delete"), ("pay", PAY_MONTH)),
    "compliance_check": dict.fromkeys(("insert", "update", "delete"), ("checks", CHECK_MONTH)),
    "compliance_checkanswer": dict.fromkeys(("insert", "update", "delete"), ("checks", CHECK_MONTH)),
}  # fmt: skip

FUNCTION: Final = """
create or replace function reports_mark_rollups() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  execute format(
    'insert into public.workers_rollupmark (pilot_id, source, cohorts, months)
     select pilot_id, %L, array_agg(cohort_id), array_agg(month) from (
       select distinct pilot_id, cohort_id, %s as month from ' ||
       case tg_op when 'UPDATE' then '(table changed union all table before) both_sides' else 'changed' end ||
     ') cells group by pilot_id', tg_argv[0], tg_argv[1]);
  return null;
end $$;
revoke all on function reports_mark_rollups() from public;
"""
SEEN: Final = {
    "insert": "new table as changed", "update": "new table as changed old table as before",
    "delete": "old table as changed",
}  # fmt: skip

# Every cohort that was there before its changes were marked.
MARK_ALL: Final = """
insert into workers_rollupmark (pilot_id, source, cohorts, months)
select pilot_id, 'all', array_agg(id), array_agg(null::date) from pilots_cohort group by pilot_id
"""


def install(*tables: str) -> migrations.RunSQL:
    """The operation that marks changes of these tables; each migration names the tables that exist by then."""
    made = [
        f"create trigger rollups_{verb} after {verb} on {table} referencing {SEEN[verb]} for each statement"
        f" execute function reports_mark_rollups('{source}', '{month}')"
        for table in tables
        for verb, (source, month) in MARKED[table].items()
    ]
    return migrations.RunSQL(
        [FUNCTION, *made, MARK_ALL],
        [f"drop trigger rollups_{verb} on {table}" for table in tables for verb in MARKED[table]],
    )
