"""What the database holds about grievances, whatever the code does: functions of the owner, installed by a migration.

``compliance_my_organisations``: every organisation the person in force belongs to, not only the one acted for.
``compliance_my_openings``: the grievances this person opened in an emergency and may still read. Both take no argument,
so that nobody can ask about somebody else. The trigger keeps the person's words as they came, and everybody of an
organisation concerned off the list of readers.
"""

from django.db import migrations

from workers.files.retention import WITHDRAWN_DAYS

FUNCTIONS = """
create or replace function compliance_my_organisations() returns bigint[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(array_agg(organisation_id), '{}') from public.accounts_membership
  where user_id = nullif(current_setting('app.user', true), '')::bigint and ended_at is null
$$;
create or replace function compliance_my_openings() returns bigint[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(array_agg(grievance_id), '{}') from public.compliance_grievanceopening
  where user_id = nullif(current_setting('app.user', true), '')::bigint and until > now()
$$;
create or replace function compliance_guard_grievance() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (new.id, new.pilot_id, new.code, new.account, new.words_sha256, new.channel, new.opened_on,
      new.followup_hash) is distinct from (old.id, old.pilot_id, old.code, old.account, old.words_sha256, old.channel,
      old.opened_on, old.followup_hash) then
    raise exception using errcode = 'check_violation', constraint = 'grievance_words_stand',
      message = 'What was told stands as it was told.';
  end if;
  if tg_op = 'INSERT' or (new.reader_ids, new.concerned_ids, new.concerned_user_ids) is distinct from
      (old.reader_ids, old.concerned_ids, old.concerned_user_ids) then
    if new.reader_ids && new.concerned_user_ids or exists (
        select from public.accounts_membership m where m.user_id = any(new.reader_ids)
          and m.organisation_id = any(new.concerned_ids) and m.ended_at is null) then
      raise exception using errcode = 'check_violation', constraint = 'grievance_reader_not_concerned',
        message = 'Nobody whom the case is about may read it.';
    end if;
  end if;
  if new.lead_id is not null and not new.lead_id = any(new.reader_ids) then
    raise exception using errcode = 'check_violation', constraint = 'grievance_lead_reads',
      message = 'Who sees to a case is one of its readers.';
  end if;
  return new;
end $$;
revoke all on function compliance_my_organisations() from public;
revoke all on function compliance_my_openings() from public;
revoke all on function compliance_guard_grievance() from public;
grant execute on function compliance_my_organisations(), compliance_my_openings()
  to lamp_programme, lamp_safeguarding, lamp_welfare;
create trigger grievance_guard before insert or update on compliance_grievance
  for each row execute function compliance_guard_grievance();
"""
UNDO = """
drop trigger grievance_guard on compliance_grievance;
drop function compliance_guard_grievance();
drop function compliance_my_openings() cascade;
drop function compliance_my_organisations() cascade;
"""

INSTALL = migrations.RunSQL(FUNCTIONS, UNDO)

LEFT_ALONE = """
create or replace function compliance_left_alone() returns table (code varchar, pilot_id bigint, opened_on date)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select g.code, g.pilot_id, g.opened_on from public.compliance_grievance g
  where g.stage <> 'closed'
    and g.pilot_id = any(nullif(current_setting('app.pilots', true), '')::bigint[])
    and not g.concerned_ids && public.compliance_my_organisations()
    and not nullif(current_setting('app.user', true), '')::bigint = any(g.concerned_user_ids)
    and not exists (
      select from unnest(g.reader_ids) as named(user_id)
      join public.accounts_user u on u.id = named.user_id and u.is_active
      join public.accounts_membership m on m.user_id = named.user_id and m.ended_at is null
      join public.pilots_participation p on p.organisation_id = m.organisation_id and p.pilot_id = g.pilot_id
        and p.left_on is null
      where not exists (select from public.accounts_membership other where other.user_id = named.user_id
        and other.ended_at is null and other.organisation_id = any(g.concerned_ids)))
  order by g.opened_on, g.code
$$;
revoke all on function compliance_left_alone() from public;
grant execute on function compliance_left_alone() to lamp_safeguarding;
"""
# The codes of open grievances whose readers are all gone, for the safeguarding leads whom they are not about.
INSTALL_LEFT_ALONE = migrations.RunSQL(LEFT_ALONE, "drop function compliance_left_alone()")


def on_legal_hold(case: str, today: str) -> str:
    """SQL for whether a legal hold stands on a case. ``case``: alias of the grievance; ``today``: SQL of the day."""
    return f"({case}.legal_hold <> '' and coalesce({case}.legal_hold_ends_on >= {today}, true))"


# ``before``: photos that were taken back earlier than that, so many days ago. Of a case on legal hold none goes.
FILES = f"""
create or replace function compliance_withdrawn_files(before timestamptz, after bigint, most integer)
returns table (id bigint, stored_as varchar)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return query
    select f.id, f.stored_as from public.compliance_grievancefile f
    join public.compliance_grievance g on g.id = f.grievance_id
    where f.bytes_deleted_at is null and f.withdrawn_at < before and f.id > after
      and not {on_legal_hold("g", f"(before + interval '{WITHDRAWN_DAYS} days')::date")}
    order by f.id limit most;
end $$;
create or replace function compliance_end_files(ids bigint[], at timestamptz) returns bigint
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with ended as (
    update public.compliance_grievancefile f set bytes_deleted_at = at
    where f.id = any(ids) and f.bytes_deleted_at is null and f.withdrawn_at is not null returning f.id)
  select count(*) from ended
$$;
revoke all on function compliance_withdrawn_files(timestamptz, bigint, integer),
  compliance_end_files(bigint[], timestamptz) from public;
grant execute on function compliance_withdrawn_files(timestamptz, bigint, integer),
  compliance_end_files(bigint[], timestamptz) to lamp_operator;
"""
# Bytes of photos that were withdrawn: whoever deletes them learns their names in the storage and nothing of the cases.
INSTALL_FILES = migrations.RunSQL(
    FILES,
    "drop function compliance_withdrawn_files(timestamptz, bigint, integer);"
    " drop function compliance_end_files(bigint[], timestamptz)",
)
