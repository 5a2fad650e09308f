"""What the guards of the journey ask, answered with the owner's sight.

A recruiter sees no rival's placements and an employer no consent form, yet "is there a place left?" and "is there
consent?" must have one answer for everybody. So the facts come from one SECURITY DEFINER function with a fixed
search path. The door joins its answer with rows the caller sees, and shows only which guard said no.
"""

from django.db import migrations

from workers.journey.steps import STEPS

# A place of a job order is taken from selection on, until the person drops out before departing.
FREE_STEPS = (
    "nominated", "test_passed", "on_roster", "first_training", "shortlisted", "interviewed", "reserve",
    "not_selected", "declined", "withdrawn", "visa_refused", "no_show",
)  # fmt: skip
assert set(FREE_STEPS) <= {step.code for step in STEPS}

_free = ", ".join(f"'{step}'" for step in FREE_STEPS)
FUNCTION = f"""
create or replace function workers_journey_facts(ids bigint[])
returns table (placement_id bigint, birth_date date, consent boolean, passport_until date, passport boolean,
               contract boolean, visa boolean, training_open boolean, places_left bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with asked as (
    select p.id, p.person_id, p.job_order_id from workers_placement p where p.id = any(ids)
  ), selves as materialized (
    -- A person is also those they were merged with.
    select distinct a.person_id, a.person_id as card_id from asked a
    union all
    select s.person_id, s.other_id from workers_same s where s.person_id in (select a.person_id from asked a)
  ), taken as (
    select p.job_order_id, count(*) as n
    from workers_placement p join workers_placementstate s on s.placement_id = p.id
    where p.job_order_id in (select distinct a.job_order_id from asked a) and s.step not in ({_free})
    group by p.job_order_id
  ), passports as (
    select v.person_id, max(d.expires_on) as until from selves v join workers_identitydocument d on d.person_id = v.card_id
    where d.kind = 'passport' and d.replaced_at is null
    group by v.person_id
  ), agreed as (
    -- Of two records the stricter counts: consent withdrawn on one of them is withdrawn.
    select v.person_id from selves v join lateral (
      select bool_or(c.withdrawn_on is null) as stands from workers_consent c
      where c.person_id = v.card_id and c.purpose = 'participation' having count(*) > 0) c on true
    group by v.person_id having bool_and(c.stands)
  ), passed_steps as (
    select e.placement_id, bool_or(e.to_step = 'contract_signed') as contract,
           bool_or(e.to_step = 'visa_granted') as visa,
           bool_or(e.to_step in ('training', 'first_training')) as trained
    from workers_journeyevent e where e.placement_id = any(ids) group by e.placement_id
  ), courses as (
    select t.placement_id, bool_and(t.passed) as passed from (
      select distinct on (r.placement_id, r.course) r.placement_id, r.passed from workers_trainingrecord r
      where r.placement_id = any(ids) order by r.placement_id, r.course, r.held_on desc, r.id desc) t
    group by t.placement_id
  )
  select a.id, pe.birth_date, agreed.person_id is not null, passports.until, passports.person_id is not null,
         coalesce(s.contract, false), coalesce(s.visa, false),
         coalesce(s.trained, false) and not coalesce(courses.passed, false),
         o.places - coalesce(taken.n, 0)
  from asked a
  join workers_person pe on pe.id = a.person_id
  left join agreed on agreed.person_id = a.person_id
  left join passports on passports.person_id = a.person_id
  left join passed_steps s on s.placement_id = a.id
  left join courses on courses.placement_id = a.id
  left join pilots_joborder o on o.id = a.job_order_id
  left join taken on taken.job_order_id = a.job_order_id
$$;
revoke all on function workers_journey_facts(bigint[]) from public;
grant execute on function workers_journey_facts(bigint[])
  to lamp_programme, lamp_recruiter, lamp_employer, lamp_welfare, lamp_safeguarding;
"""

INSTALL = migrations.RunSQL(FUNCTION, "drop function workers_journey_facts(bigint[])")
