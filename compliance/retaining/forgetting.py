"""Every night: whoever's time is over stands for nobody any more, and old answers lose what showed them.

Nobody but the owner sees and changes every row, so the portal's own hands call a function of the owner, which answers
numbers. A dry run is the same function, which then changes nothing: what it says is what would go.

* **Whose time is over**: never placed, recorded 24 months ago; placed, the last stay over for seven years, none running.
* **Held**: while a legal hold stands on any record of theirs (``workers/legal_holds.py``), or a finding of theirs is open or waived, a hold stands, an action or a payment is not finished, or money is
  owed (``HOLDS``). A grievance holds nothing, nor does a finding told in confidence or its hold, because whoever it is about
  could tell from a name that stays. While a grievance is open, or on legal hold, it takes name and number into its own store first, which only
  those read to whom the person let it be released; a restricted finding takes them into an event that its readers read.
* **What happens**: name, birth, origin and papers are blanked, contact and home situation erased, words of moves and
  holds blanked, earlier values in the history emptied; so are the words typed about their findings that are over, and of
  actions that name them. The worker ID becomes ``erased-`` and a number. Steps, pay, findings
  and ledgers stay: they stand for nobody, and figures are counted from them. Editions are frozen and outlive it.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, migrations

from accounts import audit
from accounts.scope import acting_as, operator_scope
from compliance.grievances.guarding import on_legal_hold
from compliance.models import RetentionRun
from compliance.random_ids import RANDOM_FROM, RANDOM_TO
from compliance.retaining.terms import AFTER, ANSWERS, NEVER
from workers.files.retention import HOME_STEPS, OVER_STEPS
from workers.legal_holds import held

AT_ONCE = 200

# Placements with the day on which they were over, null while they run.
_ENDS = """
  select p.id, p.person_id, case when s.step = any(over_steps) then coalesce((
      select min(e.happened_on) from workers_journeyevent e
      where e.placement_id = p.id and e.to_step = any(home_steps)), s.since) end as over_on
  from workers_placement p join workers_placementstate s on s.placement_id = p.id
"""
# What holds a person's data while it stands, on placement p. Nothing that was told in confidence is among it: who could read
# there that a name stays would know that something was told.
HOLDS: dict[str, str] = {
    "finding": """exists (select from compliance_finding f where f.placement_id = p.id and f.state <> 'resolved'
      and not f.restricted)""",
    "hold": """exists (select from workers_hold h where h.placement_id = p.id and h.lifted_at is null
      and not exists (select from compliance_finding f where f.restricted and f.placement_id = p.id
        and h.source = 'finding:' || f.id))""",
    "action": """exists (select from compliance_correctiveaction a join compliance_finding f on f.id = a.finding_id
      where f.placement_id = p.id and not f.restricted and not exists (select from compliance_correctivestep t
        where t.action_id = a.id and t.kind in ('verified', 'withdrawn')))""",
    "payment": """exists (select from compliance_settlementline l join compliance_finding f on f.id = l.finding_id
      where f.placement_id = p.id and not exists (select from compliance_settlementend n
        where n.settlement_id = l.settlement_id))""",
    "money": """exists (select from compliance_remedyentry r join compliance_finding f on f.id = r.finding_id
      where f.placement_id = p.id and not f.restricted group by r.finding_id
      having greatest(sum(r.amount) filter (where r.kind = 'claimed'), sum(r.amount) filter (where r.kind = 'agreed'))
        > coalesce(sum(r.amount) filter (where r.kind in ('paid', 'written off')), 0))""",
}
# And a legal hold ("law"), which stands on the person, on any record of the same.
_OPEN = " or ".join([*HOLDS.values(), held("p.person_id", "today")])
_HELD = ",\n".join(
    f"    {sql} as by_{name}"
    for name, sql in {
        **{
            name: f"exists (select from workers_placement p where p.person_id = g.person_id and {sql})"
            for name, sql in HOLDS.items()
        },
        "law": held("g.person_id", "today"),
    }.items()
)
_WAITS = " or ".join(f"by_{name}" for name in (*HOLDS, "law"))
_WHY = ", ".join(f"'{name}', count(*) filter (where by_{name})" for name in (*HOLDS, "law"))

FUNCTION = f"""
drop function if exists compliance_forget_people(timestamptz, boolean, integer, text[], text[]);
create function compliance_forget_people(
  at timestamptz, really boolean, most integer, over_steps text[], home_steps text[])
returns table (due bigint, held bigint, answers bigint, review bigint, why jsonb)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  today date := at::date;
  whose bigint[];
  theirs bigint[];
  stale bigint[];
  asked bigint[];
  told bigint[];
  put bigint[];
begin
  with ends as ({_ENDS}), people as (
    select q.id as person_id, q.recorded_at, count(e.id) as placements, bool_and(e.over_on is not null) as over,
           max(e.over_on) as over_on
    from workers_person q left join ends e on e.person_id = q.id
    where q.worker_code !~ '^erased-'
    group by q.id, q.recorded_at
  ), gone as (
    select u.person_id from people u
    where u.placements = 0 and u.recorded_at < at - interval '{NEVER}'
       or u.placements > 0 and u.over and u.over_on < today - interval '{AFTER}'
  ), judged as (
    select g.person_id,
{_HELD}
    from gone g
  )
  select count(*) filter (where not ({_WAITS})), count(*) filter (where {_WAITS}),
         (coalesce(array_agg(person_id order by person_id) filter (where not ({_WAITS})), '{{}}'))[1:most],
         jsonb_build_object({_WHY})
  into due, held, whose, why from judged;

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
      where g.id = i.grievance_id and (g.stage <> 'closed' or {on_legal_hold("g", "today")}) and p.id = i.placement_id and q.id = p.person_id
        and q.id = any(whose);
    insert into compliance_findingevent (id, pilot_id, finding_id, restricted, kind, happened_on, words, who)
      select {RANDOM_FROM} + floor(random() * {RANDOM_TO - RANDOM_FROM})::bigint, f.pilot_id, f.id, true, 'kept', today,
        left(concat_ws(', ', trim(q.given_names || ' ' || q.family_name), q.worker_code, nullif(c.phone, '')), 500), ''
      from compliance_finding f join workers_placement p on p.id = f.placement_id
        join workers_person q on q.id = p.person_id left join workers_personcontact c on c.person_id = q.id
      where f.restricted and f.state <> 'resolved' and q.id = any(whose);
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
    update workers_movetakenback b set reason = '', note = '', why = '' where b.placement_id = any(theirs)
      and (b.reason, b.note, b.why) <> ('', '', '');
    update workers_movecorrection c set why = 'erased', decided_why = '' where c.placement_id = any(theirs)
      and c.why <> 'erased';
    -- What people typed about a finding that is over may name somebody; its rule, dates, state and amounts are enough.
    select coalesce(array_agg(f.id), '{{}}') into told from compliance_finding f
      where f.placement_id = any(theirs) and f.state = 'resolved';
    select coalesce(array_agg(a.id), '{{}}') into put from compliance_correctiveaction a where a.finding_id = any(told)
      and a.placement_id is not null;
    update compliance_finding f set remedy = 'erased' where f.id = any(told);
    update compliance_findingevent e set words = '' where e.finding_id = any(told) and e.words <> '';
    update compliance_waiver v set reason = 'erased' where v.finding_id = any(told);
    update compliance_remedyentry r set words = 'erased' where r.finding_id = any(told);
    update compliance_correctiveaction a set words = 'erased' where a.id = any(put);
    update compliance_correctivestep t set words = 'erased' where t.action_id = any(put) and t.words <> '';
    update workers_legalhold y set reason = 'erased', lifted_reason = case when y.lifted_at is null then '' else 'erased' end
      where y.person_id = any(whose);
    update workers_note n set text = 'erased' where n.placement_id = any(theirs) and n.text <> 'erased';
    update workers_task k set words = 'erased' where k.placement_id = any(theirs) and k.words <> 'erased';
    update workers_hold h set lifted_reason = '' where h.placement_id = any(theirs) and h.lifted_reason <> '';
    update workers_person q set worker_code = 'erased-' || q.id, family_name = 'erased', given_names = '',
      passport_name = '', sex = 'N', birth_date = null, birth_precision = 'day', nationality = '', village = '', province = '',
      languages = '' where q.id = any(whose);
    -- What was noted of a cohort may name any of its people: it goes with the last of them.
    update workers_note n set text = 'erased' from workers_placement p where p.id = any(theirs)
      and n.cohort_id = p.cohort_id and n.text <> 'erased' and not exists (select from workers_placement o
        join workers_person q on q.id = o.person_id where o.cohort_id = n.cohort_id and q.worker_code !~ '^erased-');
    update workers_task k set words = 'erased' from workers_placement p where p.id = any(theirs)
      and k.cohort_id = p.cohort_id and k.words <> 'erased' and not exists (select from workers_placement o
        join workers_person q on q.id = o.person_id where o.cohort_id = k.cohort_id and q.worker_code !~ '^erased-');
    update accounts_history h set before = null where h.before is not null and (
      h.table_name in ('workers_person', 'workers_personcontact', 'workers_personbackground') and h.row_id = any(whose)
      or h.table_name = 'workers_identitydocument' and h.row_id in (
        select d.id from workers_identitydocument d where d.person_id = any(whose))
      or h.table_name = 'workers_consent' and h.row_id in (select c.id from workers_consent c where c.person_id = any(whose))
      or h.table_name = 'workers_legalhold' and h.row_id in (
        select y.id from workers_legalhold y where y.person_id = any(whose))
      or h.table_name = 'workers_hold' and h.row_id in (select k.id from workers_hold k where k.placement_id = any(theirs))
      or h.table_name = 'workers_movecorrection' and h.row_id in (
        select c.id from workers_movecorrection c where c.placement_id = any(theirs))
      or h.table_name = 'compliance_finding' and h.row_id = any(told)
      or h.table_name = 'compliance_waiver' and h.row_id in (
        select v.id from compliance_waiver v where v.finding_id = any(told))
      or h.table_name = 'compliance_remedyentry' and h.row_id in (
        select r.id from compliance_remedyentry r where r.finding_id = any(told))
      or h.table_name = 'compliance_correctiveaction' and h.row_id = any(put)
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
    """Numbers of one run: people and answers that went (or would go), people held, what waits for a yearly review,
    and why people are held (``HOLDS`` and "law"; somebody may be held by several things)."""

    people: int
    held: int
    answers: int
    review: int
    why: dict[str, int]


def forget(*, now: datetime, really: bool) -> Forgotten:
    """Do it, or with ``really=False`` only say what would go. The audit trail gets one line of counts for each run that
    changed something. By the portal itself: no person acts. May be run at any time and as often as one likes."""
    people = answers = 0
    while True:
        with acting_as(operator_scope(request="retention")) as hands, connection.cursor() as cursor:
            cursor.execute(
                "select due, held, answers, review, why from compliance_forget_people(%s, %s, %s, %s, %s)",
                [now, really, AT_ONCE, OVER_STEPS, HOME_STEPS],
            )
            due, held, stale, review, why = cursor.fetchone()
            if not really:
                return Forgotten(due, held, stale, review, json.loads(why))
            if due or stale:
                audit.record(
                    "time is over", "retention", scope=hands, reason=f"people {due}, answers {stale}, held {held}"
                )
        people, answers = people + due, answers + stale
        if due < AT_ONCE and stale < AT_ONCE * 10:
            done = Forgotten(people, held, answers, review, json.loads(why))
            note("people", {"people": people, "held": held, "answers": answers}, now=now)
            return done


def note(door: str, counts: dict[str, int], *, now: datetime, failed: int = 0) -> None:
    """Write down that a door of the keeping ran, for the operator's page."""
    with acting_as(operator_scope(request="retention")):
        RetentionRun.objects.create(door=door, counted_on=now.date(), counts=counts, failed=failed)
