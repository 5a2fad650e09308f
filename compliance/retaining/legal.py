"""How many legal holds stand, for the operator's page: numbers of a function of the owner, which name nobody."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, migrations

from accounts.scope import acting_as, operator_scope
from compliance.grievances.guarding import on_legal_hold

INSTALL = migrations.RunSQL(
    f"""
    create or replace function compliance_legal_holds(today date) returns table (people bigint, cases bigint, overdue bigint)
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
      return query
        with standing as (
          select y.person_id, y.review_on, false as of_case from public.workers_legalhold y
          where y.lifted_at is null and coalesce(y.ends_on >= today, true)
          union all
          select g.id, g.legal_hold_review_on, true from public.compliance_grievance g where {on_legal_hold("g", "today")}
        )
        select count(distinct s.person_id) filter (where not s.of_case), count(*) filter (where s.of_case),
          count(*) filter (where s.review_on <= today) from standing s;
    end $$;
    revoke all on function compliance_legal_holds(date) from public;
    grant execute on function compliance_legal_holds(date) to lamp_operator;
    """,
    "drop function compliance_legal_holds(date)",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """People and cases on legal hold, and how many holds are past the day on which somebody looks at them again."""

    people: int
    cases: int
    overdue: int


def standing(today: date) -> Standing:
    """The legal holds of all pilots that stand on a day."""
    with acting_as(operator_scope(request="retention")), connection.cursor() as cursor:
        cursor.execute("select people, cases, overdue from compliance_legal_holds(%s)", [today])
        return Standing(*cursor.fetchone())
