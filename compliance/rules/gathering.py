"""What many rules need of a placement, gathered once for each evaluation into temporary tables.

``rule_place``: one row for each placement looked at, with the days of its journey. ``rule_terms``: the contract in force,
as ranges of days. ``rule_agreed``: the agreements on deductions, as ranges of days for each item. ``rule_slip``: the
payslips that stand of placements which the sieve (``sieving.py``) marked, each with its marks and the days of its
placement; ``rule_line``: their items. All of them hold only what was known to have happened by the day of the evaluation.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from compliance.rules import sieving
from compliance.rules.parameters import Parameters
from workers.agreed import name_of, spans
from workers.journey.moves import LEFT_EMPLOYER
from workers.journey.steps import LEFT, NEVER_LEFT, STEPS

# Steps at which work for the employer is over, and at which the country is left behind.
ENDED = (*(s.code for s in STEPS if s.early_end), "left_country", "home", "debriefed", "closed", *LEFT_EMPLOYER)
GONE = (*LEFT, "debriefed", "closed")
# Work begins, or begins again: an end that was recorded before is not the end.
AT_WORK_AGAIN = ("working", "redeployed", "extended", "re_engaged")
LEAVE = ("home_leave", "on_leave", "on_sick_leave")

PLACES = """
create temp table rule_place on commit drop as
select p.id as placement_id, p.pilot_id, p.person_id, p.cohort_id, p.site_id, p.employer_id, p.recruiter_id,
  greatest(p.season, 1 + (select count(*) from unnest(went.days) as d where d < coalesce(e.departed_on, c.departs_on)))::int as season,
  p.planned_end, c.opens_on as lodged_on, c.departs_on, e.*,
  coalesce(e.visa_event_on, v.issued_on) as visa_granted_on,
  pe.nationality, pe.birth_date, pe.birth_precision, pe.languages, pe.registered_on,
  coalesce(k.starts_on, p.planned_start, c.departs_on) as contract_start
from workers_placement p
join pilots_cohort c on c.id = p.cohort_id
join workers_person pe on pe.id = p.person_id
cross join lateral (
  select
    min(j.happened_on) as first_on,
    min(j.happened_on) filter (where j.to_step = 'visa_granted') as visa_event_on,
    min(j.happened_on) filter (where j.to_step = 'contract_signed') as signed_event_on,
    min(j.happened_on) filter (where j.to_step = 'departed') as departed_on,
    min(j.happened_on) filter (where j.to_step = 'arrived') as arrived_on,
    min(j.happened_on) filter (where j.to_step = 'working') as worked_on,
    min(j.happened_on) filter (where j.to_step in ('extended', 're_engaged')) as extended_on,
    min(j.happened_on) filter (where j.to_step = any(%(ended)s) and j.version > coalesce(j.last_work, 0)) as ended_on,
    min(j.happened_on) filter (where j.to_step = any(%(left)s)) as left_on,
    min(j.happened_on) filter (where j.to_step = any(%(gone)s)) as gone_on,
    max(j.happened_on) filter (where j.to_step = 're_engaged') as again_on,
    max(j.happened_on) filter (where j.to_step = any(%(ended)s) and j.version < j.last_again) as interrupted_on,
    max(j.happened_on) filter (where j.to_step = any(%(leave)s)) as leave_on,
    bool_or(j.to_step = any(%(never)s)) as never_went
  from (
    select v.*, max(v.version) filter (where v.to_step = any(%(again)s)) over () as last_work,
      max(v.version) filter (where v.to_step = 're_engaged') over () as last_again
    from workers_journeyevent v where v.placement_id = p.id and v.happened_on <= %(on)s
  ) j
) e
left join lateral (
  select k.starts_on from workers_contractversion k
  where k.placement_id = p.id and k.kind = 'signed' and k.starts_on is not null
    and not exists (select from workers_contractversion n where n.supersedes_id = k.id)
  order by k.signed_on desc nulls last, k.id desc limit 1
) k on true
left join lateral (
  select max(i.issued_on) as issued_on from workers_identitydocument i
  where i.person_id = p.person_id and i.kind = 'visa' and i.replaced_at is null
    and i.issued_on <= coalesce(e.departed_on, %(on)s)
) v on e.visa_event_on is null
-- Of somebody recorded twice and merged, the seasons of both records count.
left join (
  select w.person_id, array_agg(j.happened_on) as days
  from (select s.person_id, s.other_id as card_id from workers_same s
        union select s.person_id, s.person_id from workers_same s) w
  join workers_placement q on q.person_id = w.card_id
  join workers_journeyevent j on j.placement_id = q.id and j.to_step = 'departed' and j.happened_on <= %(on)s
  group by w.person_id
) went on went.person_id = p.person_id
where p.pilot_id = any(%(pilots)s) and (%(placements)s::bigint[] is null or p.id = any(%(placements)s))
"""

# A version holds from the day it was signed to the day before the next; the first also covers what came before it.
TERMS = """
create temp table rule_terms on commit drop as
select v.placement_id, v.kind, v.hourly_rate, v.monthly_wage, v.piece_rate, v.currency as terms_currency,
  v.guaranteed_hours, v.guarantee_period, v.overtime_multiplier, v.pay_cycle,
  case when v.n = 1 then '-infinity'::date else v.since end as from_day,
  coalesce(lead(v.since) over (partition by v.placement_id order by v.n) - 1, 'infinity'::date) as to_day
from (
  select k.*, coalesce(k.signed_on, k.starts_on, '-infinity'::date) as since,
    row_number() over (partition by k.placement_id
      order by coalesce(k.signed_on, k.starts_on, '-infinity'::date),
        array_position(array['offer', 'signed', 'arrival', 'in force'], k.kind::text), k.id) as n
  from workers_contractversion k join rule_place pl on pl.placement_id = k.placement_id
  where k.kind <> 'offer' and coalesce(k.signed_on, k.starts_on, '-infinity'::date) <= %(on)s
    and not exists (select from workers_contractversion n where n.supersedes_id = k.id)
) v
"""

AGREED = f"""
create temp table rule_agreed on commit drop as
select a.id as agreement_id, a.placement_id, a.folded as item, a.agreed_total, a.per_period, a.currency as agreed_currency,
  a.starts_on, a.ends_on, a.consent_on, a.authority_approval, a.withdrawn_on,
  coalesce(a.from_day, '-infinity') as from_day, coalesce(a.to_day, 'infinity') as to_day
from ({spans("d.placement_id in (select placement_id from rule_place)")}) a
"""

SLIPS = """
create temp table rule_slip on commit drop as
select r.id as record_id, r.pilot_id, r.placement_id, null::bigint as site_id,
  r.placement_id || ':' || r.period_start || ':' || r.period_end as source, r.period_start, r.period_end, r.currency,
  r.gross, r.tax, r.pension, r.items, r.deductions, r.net, r.rate, r.hours_offered, r.hours_worked, r.pieces,
  r.due_on, case when r.paid_on <= %(on)s then r.paid_on end as paid_on, r.paid_to, (r.period_end - r.period_start + 1) as days,
  (r.period_end - r.period_start + 1) / 7.0 as weeks,
  pl.season, pl.nationality, pl.visa_granted_on, pl.contract_start, pl.arrived_on, pl.lodged_on, k.look
from workers_payrecord r
join rule_look k on k.placement_id = r.placement_id
join rule_place pl on pl.placement_id = r.placement_id
where r.pilot_id = any(%(pilots)s) and r.period_end <= %(on)s and (%(placements)s::bigint[] is null or r.placement_id = any(%(placements)s))
  and not exists (select from workers_payrecord n where n.supersedes_id = r.id and n.supersedes_id is not null)
"""

LINES = f"""
create temp table rule_line on commit drop as
select s.record_id, s.placement_id, s.period_start, i.amount, i.named, {name_of("i.named")} as item
from rule_slip s
cross join lateral (select key as named, value::numeric as amount from jsonb_each_text(s.items)) i
where s.items <> '{{}}'
"""


@dataclass(frozen=True, slots=True)
class Gathered:
    """How many placements are looked at, and every mark of the sieve that one of them bears."""

    placements: int
    marks: int


def gather(given: dict[str, Any], p: Parameters) -> Gathered:
    """Fill the tables for these pilots and placements."""
    given |= {
        "ended": list(ENDED),
        "left": list(GONE),
        "gone": list(LEFT),  # a file that was closed says nothing of the country
        "leave": list(LEAVE),
        "again": list(AT_WORK_AGAIN),
        "never": list(NEVER_LEFT),
    }
    with connection.cursor() as cursor:
        # Windows over all payslips are sorted in memory, in this transaction only.
        cursor.execute("set local work_mem = '256MB'")
        cursor.execute(
            "drop table if exists rule_place, rule_terms, rule_agreed, rule_paid, rule_alike, rule_look, rule_slip, rule_line"
        )
        cursor.execute(PLACES, given)
        looked_at = cursor.rowcount
        cursor.execute("create unique index on rule_place (placement_id); analyze rule_place")
        for statement in (TERMS, AGREED, sieving.paid(p), sieving.ALIKE):
            cursor.execute(statement, given)
        cursor.execute("create index on rule_terms (placement_id); create index on rule_agreed (placement_id)")
        cursor.execute(
            "analyze rule_terms; analyze rule_agreed; analyze rule_alike; analyze rule_paid (id, placement_id)"
        )
        for statement in (sieving.look(p), "analyze rule_look", SLIPS, LINES):
            cursor.execute(statement, given)
        cursor.execute("create index on rule_slip (placement_id, period_start); create index on rule_line (record_id)")
        cursor.execute(
            "analyze rule_line (record_id, placement_id, item); analyze rule_slip (record_id, placement_id, period_start)"
        )
        cursor.execute("select coalesce(bit_or(look), 0) from rule_look")
        return Gathered(looked_at, cursor.fetchone()[0])
