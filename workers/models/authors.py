"""Who recorded a fact: the organisation in whose name it was written, filled in by the database itself.

An employer or a recruiter corrects what it recorded itself, never what somebody else did: a payslip or a room that
welfare has seen is evidence, and whom it is about may not replace it (``correction_guard`` of the database); nor may it
change a ban, an insurance, a journey, a stay or the details of a paper that another one recorded (``change_guard``).
"""

from django.db import migrations, models
from django.db.models import BigIntegerField, Func, Value
from django.db.models.functions import Cast, NullIf
from django.utils.translation import gettext_lazy as _

FUNCTION = """
create or replace function workers_correction_guard() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  whose bigint;
begin
  if current_user in ('lamp_employer', 'lamp_recruiter') then
    execute format('select recorded_by from public.%I where id = $1', tg_table_name) into whose using new.supersedes_id;
    if whose is distinct from nullif(current_setting('app.org', true), '')::bigint then
      raise exception 'What somebody else recorded is corrected by the programme.' using errcode = 'insufficient_privilege';
    end if;
  end if;
  return new;
end $$;
"""


CHANGES = """
create or replace function workers_change_guard() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if current_user in ('lamp_employer', 'lamp_recruiter') and (
      old.recorded_by is distinct from nullif(current_setting('app.org', true), '')::bigint
      or new.recorded_by is distinct from old.recorded_by) then
    raise exception 'What somebody else recorded is changed by them or by the programme.'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
"""


PAPERS = """
create or replace trigger change_guard before update on workers_identitydocument for each row
  when ((old.person_id, old.kind, old.number, old.country, old.issued_on, old.expires_on, old.recorded_by)
    is distinct from (new.person_id, new.kind, new.number, new.country, new.issued_on, new.expires_on, new.recorded_by))
  execute function workers_change_guard()
"""


def recorded_by() -> BigIntegerField:
    """The column: the organisation of the scope in force when the row was written; empty for what is older than it."""
    organisation = NullIf(Func(Value("app.org"), Value(True), function="current_setting"), Value(""))
    return models.BigIntegerField(
        _("recorded by"), null=True, editable=False, db_default=Cast(organisation, BigIntegerField())
    )


def guard(*tables: str) -> migrations.RunSQL:
    """The operation that keeps corrections by partners to their own rows."""
    return migrations.RunSQL(
        [FUNCTION, *(
            f"create trigger correction_guard before insert on {table} for each row"
            " when (new.supersedes_id is not null) execute function workers_correction_guard()"
            for table in tables
        )],
        [f"drop trigger correction_guard on {table}" for table in tables],
    )  # fmt: skip


def change_guard(*tables: str) -> migrations.RunSQL:
    """The operation that keeps changes by partners to what they recorded themselves."""
    return migrations.RunSQL(
        [CHANGES, *(
            f"create trigger change_guard before update on {table} for each row when (old.* is distinct from new.*)"
            " execute function workers_change_guard()"
            for table in tables
        )],
        [*(f"drop trigger change_guard on {table}" for table in tables), "drop function workers_change_guard()"],
    )  # fmt: skip


# A new paper takes the place of a former one, whoever recorded that: ``replaced_at`` is not asked about.
PAPER_GUARD = migrations.RunSQL(PAPERS, "drop trigger change_guard on workers_identitydocument")
