"""``workers_same``: who else a person is. Every reader asks it with their own sight.

One row (person_id, other_id) for each two people that were merged, both ways, nobody with themselves. The view belongs
to its reader (``security_invoker``), so a recruiter learns of a merge only where both people are its own, and an employer where both worked for it. Whoever asks a
question about a person across placements joins it::

    where x.person_id = p.id or x.person_id in (select s.other_id from workers_same s where s.person_id = p.id)
"""

from django.db import migrations

from accounts.roles import COMPILER_DB_ROLE
from workers.models.likeness import MergedPerson

VIEW = """
create or replace view workers_same with (security_invoker = true) as
  select m.person_id, m.keep_id as other_id, m.pilot_id from workers_mergedperson m
  union all
  select m.keep_id, m.person_id, m.pilot_id from workers_mergedperson m
  union all
  select a.person_id, b.person_id, a.pilot_id from workers_mergedperson a
  join workers_mergedperson b on b.keep_id = a.keep_id and b.person_id <> a.person_id
"""

# Asked with the writer's sight: who cannot know of the merge is not told of it by a refusal.
GUARD = """
create or replace function workers_merged_guard() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select from added a join workers_mergedperson m on m.person_id = a.person_id) then
    raise exception 'A merged person takes no new placement: nominate the person they were merged into.'
      using errcode = 'check_violation', constraint = 'merged_person_takes_no_placement';
  end if;
  return null;
end $$;
create trigger merged_guard after insert on workers_placement referencing new table as added
  for each statement execute function workers_merged_guard();
create or replace function workers_merged_once() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select from workers_mergedperson m join workers_mergedperson k on k.person_id = m.keep_id) then
    raise exception 'A merged person points at somebody who is merged.'
      using errcode = 'check_violation', constraint = 'merged_person_points_at_the_last';
  end if;
  return null;
end $$;
revoke all on function workers_merged_once() from public;
create constraint trigger merged_once after insert or update on workers_mergedperson
  deferrable initially deferred for each row execute function workers_merged_once();
"""

MARK = """
create or replace function workers_likeness_mark() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  execute format(
    'insert into public.workers_likenessmark (pilot_id, ids)
     select pilot_id, array_agg(distinct %I) from changed group by pilot_id', tg_argv[0]);
  return null;
end $$;
revoke all on function workers_likeness_mark() from public;
"""
# Whose changes call for another look: what ``cards`` reads.
MARKED = {"workers_person": "id", "workers_personcontact": "person_id", "workers_identitydocument": "person_id"}


# Both people of a merge are of its pilot; no key says so, because the event outlives people who are taken back.
OF_PILOT = """
create or replace function workers_merge_of_pilot() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (select count(*) from workers_person p where p.id in (new.keep_id, new.other_id) and p.pilot_id = new.pilot_id) < 2 then
    raise exception 'Only two people of one pilot are merged.' using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
revoke all on function workers_merge_of_pilot() from public;
create trigger merge_of_pilot before insert on workers_mergeevent for each row execute function workers_merge_of_pilot();
"""
# Whose people the two are may change; who sees the pointer changes with it.
FOLLOW = """
create or replace function workers_merged_follow() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update workers_mergedperson m
    set recruiter_id = case when o.recruiter_id = k.recruiter_id then k.recruiter_id end
  from workers_person o, workers_person k
  where o.id = m.person_id and k.id = m.keep_id and new.id in (m.person_id, m.keep_id)
    and m.recruiter_id is distinct from case when o.recruiter_id = k.recruiter_id then k.recruiter_id end;
  return null;
end $$;
revoke all on function workers_merged_follow() from public;
create trigger merged_follow after update of recruiter_id on workers_person for each row
  when (old.recruiter_id is distinct from new.recruiter_id) execute function workers_merged_follow();
"""


def _triggers() -> list[str]:
    return [
        f"create trigger likeness_{verb} after {verb} on {table} referencing {seen} table as changed"
        f" for each statement execute function workers_likeness_mark('{column}')"
        for table, column in MARKED.items()
        for verb, seen in (("insert", "new"), ("update", "new"), ("delete", "old"))
    ]


def _readers() -> str:
    roles = {role for role, _verbs, _rows in MergedPerson.row_policy.lines() if role.startswith("lamp_")}
    return ", ".join(sorted(roles | {COMPILER_DB_ROLE}))


INSTALL = migrations.RunSQL(
    [VIEW, f"grant select on workers_same to {_readers()}", GUARD, MARK, *_triggers()],
    [
        *(f"drop trigger likeness_{verb} on {table}" for table in MARKED for verb in ("insert", "update", "delete")),
        "drop function workers_likeness_mark()",
        "drop trigger merged_once on workers_mergedperson", "drop function workers_merged_once()",
        "drop trigger merged_guard on workers_placement", "drop function workers_merged_guard()",
        "drop view workers_same",
    ],
)  # fmt: skip
FOLLOWING = migrations.RunSQL(
    [OF_PILOT, FOLLOW],
    [
        "drop trigger merged_follow on workers_person", "drop function workers_merged_follow()",
        "drop trigger merge_of_pilot on workers_mergeevent", "drop function workers_merge_of_pilot()",
    ],
)  # fmt: skip
