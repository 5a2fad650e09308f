"""Every night: whoever's time is over stands for nobody any more, and old answers lose what showed them.

Nobody but the owner sees and changes every row, so the portal's own hands call a function of the owner, which answers
numbers. A dry run is the same function, which then changes nothing: what it says is what would go.

* **Whose time is over**: never placed, recorded 24 months ago; placed, the last stay over for seven years, none running.
* **Held**: while a finding of theirs is open or waived, a hold stands, an action or a payment is not finished, or money is
  owed. A grievance holds nothing, because whoever it is about could tell from a name that stays. While it is open, it takes
  name and number into its own store first, which only those read to whom the person let it be released.
* **What happens**: name, birth, origin and papers are blanked, contact and home situation erased, words of moves and
  holds blanked, earlier values in the history emptied. The worker ID becomes ``erased-`` and a number. Steps, pay, findings
  and ledgers stay: they stand for nobody, and figures are counted from them. Editions are frozen and outlive it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, migrations

from accounts import audit
from accounts.scope import acting_as, operator_scope
from compliance.retaining.terms import AFTER, ANSWERS, NEVER
from workers.files.retention import HOME_STEPS, OVER_STEPS

AT_ONCE = 200

# Placements with the day on which they were over, null while they run.
_ENDS = """
  select p.id, p.person_id, case when s.step = any(over_steps) then coalesce((
      select min(e.happened_on) from workers_journeyevent e
      where e.placement_id = p.id and e.to_step = any(home_steps)), s.since) end as over_on
  from workers_placement p join workers_placementstate s on s.placement_id = p.id
"""
_OPEN = """
  exists (select from compliance_finding f where f.placement_id = p.id and f.state <> 'resolved')
  or exists (select from workers_hold h where h.placement_id = p.id and h.lifted_at is null)
  or exists (select from compliance_correctiveaction a join compliance_finding f on f.id = a.finding_id
             where f.placement_id = p.id and not exists (select from compliance_correctivestep t
               where t.action_id = a.id and t.kind in ('verified', 'withdrawn')))
  or exists (select from compliance_settlementline l join compliance_finding f on f.id = l.finding_id
             where f.placement_id = p.id and not exists (select from compliance_settlementend n
               where n.settlement_id = l.settlement_id))
  or exists (select from compliance_remedyentry r join compliance_finding f on f.id = r.finding_id
             where f.placement_id = p.id group by r.finding_id
             having greatest(sum(r.amount) filter (where r.kind = 'claimed'), sum(r.amount) filter (where r.kind = 'agreed'))
               > coalesce(sum(r.amount) filter (where r.kind in ('paid', 'written off')), 0))
"""

FUNCTION = f"""
create or replace function compliance_forget_people(
  at timestamptz, really boolean, most integer, over_steps text[], home_steps text[])
returns table (due bigint, held bigint, answers bigint, review bigint)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  today date := at::date;
  whose bigint[];
  theirs bigint[];
  stale bigint[];
  asked bigint[];
begin
  create temporary table forgettable on commit drop as
  with ends as ({_ENDS}), people as (
    select q.id as person_id, q.recorded_at, count(e.id) as placements, bool_and(e.over_on is not null) as over,
           max(e.over_on) as over_on
    from workers_person q left join ends e on e.person_id = q.id
    where q.worker_code !~ '^erased-'
    group by q.id, q.recorded_at
  )
  select u.person_id,
         exists (select from workers_placement p where p.person_id = u.person_id and ({_OPEN})) as waits
  from people u
  where u.placements = 0 and u.recorded_at < at - interval '{NEVER}'
     or u.placements > 0 and u.over and u.over_on < today - interval '{AFTER}';
  select count(*) filter (where not waits), count(*) filter (where waits) into due, held from forgettable;
  select coalesce(array_agg(f.person_id), '{{}}') into whose
  from (select person_id from forgettable where not waits order by person_id limit most) f;
  drop table forgettable;

  with ends as ({_ENDS})
  select coalesce(array_agg(a.id), '{{}}'), coalesce(array_agg(distinct a.check_record_id), '{{}}') into stale, asked
  from (
    select a.id, a.check_record_id from compliance_checkanswer a join ends e on e.id = a.placement_id
    join compliance_check c on c.id = a.check_record_id
    join workers_placement p on p.id = a.placement_id
    where not a.restricted and (a.evidence not in ('', 'erased') or c.interpreter <> '')
      and e.over_on < today - interval '{ANSWERS}' and not ({_OPEN})
    order by a.id limit most * 10) a;
  answers := cardinality(stale);
  select (select count(*) from compliance_privatenote n where n.recorded_at < at - interval '1 year')
       + (select count(*) from compliance_grievance g where g.stage = 'closed' and g.closed_on < today - interval '1 year')
  into review;

  if really then
    update compliance_checkanswer a set evidence = 'erased' where a.id = any(stale) and a.evidence <> '';
    update compliance_check c set interpreter = '' where c.id = any(asked) and c.interpreter <> '';
    select coalesce(array_agg(p.id), '{{}}') into theirs from workers_placement p where p.person_id = any(whose);
    update compliance_grievanceidentity i set
        name = left(coalesce(nullif(i.name, ''), trim(q.given_names || ' ' || q.family_name) || ', ' || q.worker_code), 200),
        contact = left(coalesce(nullif(i.contact, ''), c.phone, ''), 300)
      from compliance_grievance g, workers_placement p, workers_person q
        left join workers_personcontact c on c.person_id = q.id
      where g.id = i.grievance_id and g.stage <> 'closed' and p.id = i.placement_id and q.id = p.person_id
        and q.id = any(whose);
    delete from workers_personcontact c where c.person_id = any(whose);
    delete from workers_personbackground b where b.person_id = any(whose);
    delete from workers_likenesssign l where l.person_id = any(whose);
    delete from compliance_surveyanswer a using compliance_surveycontact c
      where c.id = a.contact_id and c.placement_id = any(theirs);
    update workers_identitydocument d set number = 'erased-' || d.id, country = '', issued_on = null, expires_on = null
      where d.person_id = any(whose);
    update workers_consent c set language = '' where c.person_id = any(whose);
    update workers_journeyevent e set reason = '', note = '' where e.placement_id = any(theirs)
      and (e.reason, e.note) <> ('', '');
    update workers_hold h set lifted_reason = '' where h.placement_id = any(theirs) and h.lifted_reason <> '';
    update workers_person q set worker_code = 'erased-' || q.id, family_name = 'erased', given_names = '',
      passport_name = '', sex = 'N', birth_date = null, birth_precision = 'day', nationality = '', village = '', province = '',
      languages = '' where q.id = any(whose);
    update accounts_history h set before = null where h.before is not null and (
      h.table_name in ('workers_person', 'workers_personcontact', 'workers_personbackground') and h.row_id = any(whose)
      or h.table_name = 'workers_identitydocument' and h.row_id in (
        select d.id from workers_identitydocument d where d.person_id = any(whose))
      or h.table_name = 'workers_consent' and h.row_id in (select c.id from workers_consent c where c.person_id = any(whose))
      or h.table_name = 'workers_hold' and h.row_id in (select k.id from workers_hold k where k.placement_id = any(theirs))
      or h.table_name = 'compliance_checkanswer' and h.row_id = any(stale)
      or h.table_name = 'compliance_check' and h.row_id = any(asked));
    due := cardinality(whose);
  end if;
  return next;
end $$;
revoke all on function compliance_forget_people(timestamptz, boolean, integer, text[], text[]) from public;
grant execute on function compliance_forget_people(timestamptz, boolean, integer, text[], text[]) to lamp_operator;
"""
INSTALL = migrations.RunSQL(
    FUNCTION, "drop function compliance_forget_people(timestamptz, boolean, integer, text[], text[])"
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Numbers of one run: people and answers that went (or would go), people held, and what waits for a yearly review."""

    people: int
    held: int
    answers: int
    review: int


def forget(*, now: datetime, really: bool) -> Forgotten:
    """Do it, or with ``really=False`` only say what would go. The audit trail gets one line of counts for each run that
    changed something. By the portal itself: no person acts. May be run at any time and as often as one likes."""
    people = answers = 0
    while True:
        with acting_as(operator_scope(request="retention")) as hands, connection.cursor() as cursor:
            cursor.execute(
                "select due, held, answers, review from compliance_forget_people(%s, %s, %s, %s, %s)",
                [now, really, AT_ONCE, OVER_STEPS, HOME_STEPS],
            )
            due, held, stale, review = cursor.fetchone()
            if not really:
                return Forgotten(due, held, stale, review)
            if due or stale:
                audit.record(
                    "time is over", "retention", scope=hands, reason=f"people {due}, answers {stale}, held {held}"
                )
        people, answers = people + due, answers + stale
        if due < AT_ONCE and stale < AT_ONCE * 10:
            return Forgotten(people, held, answers, review)
