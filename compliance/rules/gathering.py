"""What many rules need of a placement, gathered once for each evaluation into temporary tables.

``rule_place``: one row for each placement looked at, with the days of its journey. ``rule_terms``: the contract in force,
as ranges of days. ``rule_agreed``: the agreements on deductions, as ranges of days for each item. ``rule_slip``: the
payslips that stand of placements which the sieve (``sieving.py``) marked, each with its marks and the days of its
placement; ``rule_line``: their items. All of them hold only what was known to have happened by the day of the evaluation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from compliance.rules import sieving
from compliance.rules.declaring import of
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

# What the days of the journey are read for: column → the steps it looks at. Written as bits of a step, so that an event
# is compared with numbers and not with forty names.
_READ: Final[Mapping[str, tuple[str, ...]]] = {
    "visa_event_on": ("visa_granted",), "signed_event_on": ("contract_signed",), "departed_on": ("departed",),
    "arrived_on": ("arrived",), "worked_on": ("working",), "extended_on": ("extended", "re_engaged"), "left_on": GONE,
    "gone_on": LEFT, "again_on": ("re_engaged",), "leave_on": LEAVE, "never_went": NEVER_LEFT, "ended_on": ENDED,
    "work_on": AT_WORK_AGAIN,
}  # fmt: skip
_BIT: Final = {name: 1 << n for n, name in enumerate(_READ)}
_STEPS: Final = ", ".join(
    f"('{step}', {sum(_BIT[name] for name, steps in _READ.items() if step in steps)})"
    for step in sorted({step for steps in _READ.values() for step in steps})
)


def _on(name: str) -> str:
    return f"filter (where s.bits & {_BIT[name]} <> 0)"


_FIRST_DAYS: Final = ", ".join(
    f"min(j.happened_on) {_on(name)} as {name}"
    for name in ("visa_event_on", "signed_event_on", "departed_on", "arrived_on", "worked_on", "extended_on", "left_on", "gone_on")
)  # fmt: skip

PLACES = f"""
create temp table rule_place on commit drop as
with event as (
  select j.placement_id, min(j.happened_on) as first_on, {_FIRST_DAYS}, max(j.happened_on) {_on("again_on")} as again_on,
    max(j.happened_on) {_on("leave_on")} as leave_on, bool_or(s.bits & {_BIT["never_went"]} <> 0) as never_went,
    max(j.version) {_on("work_on")} as last_work, max(j.version) {_on("again_on")} as last_again,
    array_agg(j.happened_on) {_on("ended_on")} as ends, array_agg(j.version) {_on("ended_on")} as end_versions
  from workers_journeyevent j left join (values {_STEPS}) as s (step, bits) on s.step = j.to_step
  where {of("j")} and j.happened_on <= %(on)s
  group by j.placement_id
),
-- Of somebody recorded twice and merged, all records count: their papers, their stays and their seasons.
merged as (
  select m.person_id as card_id, m.keep_id as who from workers_mergedperson m where m.pilot_id = any(%(pilots)s)
  union select m.keep_id, m.keep_id from workers_mergedperson m where m.pilot_id = any(%(pilots)s)
),
cards as (
  select m.card_id, m.who, c.cards, c.departures from merged m
  join (
    select g.who, array_agg(distinct g.card_id) as cards,
      array_agg(j.happened_on) filter (where j.happened_on is not null) as departures
    from merged g
    left join workers_placement q on q.person_id = g.card_id
    left join workers_journeyevent j on j.placement_id = q.id and j.to_step = 'departed' and j.happened_on <= %(on)s
    group by g.who
  ) c on c.who = m.who
),
-- The visas of each, one row for whoever has one: a lookup for each placement would read those of the whole pilot.
visa as materialized (
  select coalesce(m.who, i.person_id) as who, array_agg(i.issued_on) as days, array_agg(i.expires_on) as ends
  from workers_identitydocument i left join merged m on m.card_id = i.person_id
  where i.pilot_id = any(%(pilots)s) and i.kind = 'visa' and i.replaced_at is null and i.issued_on <= %(on)s
    and (%(placements)s::bigint[] is null or i.person_id = any(array(
      select coalesce(c.card_id, p.person_id) from workers_placement p left join merged g on g.card_id = p.person_id
      left join merged c on c.who = g.who where p.id = any(%(placements)s))))
  group by coalesce(m.who, i.person_id)
),
signed as materialized (
  select distinct on (k.placement_id) k.placement_id, k.starts_on from workers_contractversion k
  where {of("k")} and k.kind = 'signed' and k.starts_on is not null
    and not exists (select from workers_contractversion n where n.supersedes_id = k.id and n.supersedes_id is not null)
  order by k.placement_id, k.signed_on desc nulls last, k.id desc
)
select p.id as placement_id, p.pilot_id, p.person_id, p.cohort_id, p.site_id, p.employer_id, p.recruiter_id,
  case when w.cards is null then p.season else greatest(p.season, 1 + (
    select count(*) from unnest(w.departures) as x (day) where x.day < coalesce(e.departed_on, c.departs_on)
  )) end::int as season,
  coalesce(w.who, p.person_id) as who, coalesce(w.cards, array[p.person_id]) as cards, w.cards is not null as several_records,
  p.planned_end, c.opens_on as lodged_on, c.departs_on, e.first_on, e.visa_event_on, e.signed_event_on, e.departed_on, e.arrived_on,
  e.worked_on, e.extended_on, e.left_on, e.gone_on, e.again_on, e.leave_on, e.never_went,
  case when e.ends is not null then (
    select min(x.day) from unnest(e.ends, e.end_versions) as x (day, version) where x.version > coalesce(e.last_work, 0)
  ) end as ended_on,
  case when e.ends is not null and e.last_again is not null then (
    select max(x.day) from unnest(e.ends, e.end_versions) as x (day, version) where x.version < e.last_again
  ) end as interrupted_on,
  case when e.visa_event_on is not null then e.visa_event_on else (
    -- A visa that was over by then was that of a season before.
    select max(x.day) from unnest(v.days, v.ends) as x (day, ends)
    where x.day <= coalesce(e.departed_on, %(on)s) and coalesce(x.ends >= coalesce(e.departed_on, %(on)s), true)
  ) end as visa_granted_on,
  pe.nationality, pe.birth_date, pe.birth_precision, pe.languages, pe.registered_on,
  coalesce(k.starts_on, p.planned_start, c.departs_on) as contract_start
from workers_placement p
join pilots_cohort c on c.id = p.cohort_id
join workers_person pe on pe.id = p.person_id and pe.pilot_id = any(%(pilots)s)
  and (%(placements)s::bigint[] is null
    or pe.id = any(array(select o.person_id from workers_placement o where o.id = any(%(placements)s))))
left join event e on e.placement_id = p.id
left join signed k on k.placement_id = p.id
left join cards w on w.card_id = p.person_id
left join visa v on v.who = coalesce(w.who, p.person_id)
where {of("p", "id")}
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
  from workers_contractversion k join rule_look l on l.placement_id = k.placement_id
  where k.kind <> 'offer' and coalesce(k.signed_on, k.starts_on, '-infinity'::date) <= %(on)s
    and not exists (select from workers_contractversion n where n.supersedes_id = k.id)
) v
"""

AGREED = f"""
create temp table rule_agreed on commit drop as
select a.id as agreement_id, a.placement_id, a.folded as item, a.agreed_total, a.per_period, a.currency as agreed_currency,
  a.starts_on, a.ends_on, a.consent_on, a.authority_approval, a.withdrawn_on,
  coalesce(a.from_day, '-infinity') as from_day, coalesce(a.to_day, 'infinity') as to_day
from ({spans("d.placement_id in (select placement_id from rule_look)")}) a
where a.former is null
"""


def slips(p: Parameters) -> str:
    """The statement that reads the payslips of the marked placements again, each with whether it alone is in order."""
    return f"""
create temp table rule_slip on commit drop as
select s.* from (
select s.id as record_id, s.pilot_id, s.placement_id, null::bigint as site_id,
  s.placement_id || ':' || s.period_start || ':' || s.period_end as source, s.period_start, s.period_end, s.currency,
  s.gross, s.tax, s.pension, s.items, s.deductions, s.net, s.rate, s.hours_offered, s.hours_worked, s.pieces,
  s.due_on, case when s.paid_on <= %(on)s then s.paid_on end as paid_on, s.paid_to, (s.period_end - s.period_start + 1) as days,
  (s.period_end - s.period_start + 1) / 7.0 as weeks, not coalesce({sieving.in_order(p)}, false) as odd,
  p.season, p.nationality, p.visa_granted_on, p.contract_start, p.arrived_on, p.lodged_on, k.look,
  k.look & {sieving.OF_ALL_PAY} > 0 or k.odd_items or s.rate is null or s.rate < k.signed_rate as wanted
from workers_payrecord s
join rule_look k on k.placement_id = s.placement_id and k.look & {sieving.OF_PAY} > 0
join rule_place p on p.placement_id = s.placement_id
where {sieving.STANDING}
offset 0) s where s.wanted or s.odd
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
    given["gone"] = list(LEFT)  # a file that was closed says nothing of the country
    with connection.cursor() as cursor:
        # Windows over all payslips are sorted in memory, in this transaction only.
        cursor.execute("set local work_mem = '256MB'")
        cursor.execute(
            "drop table if exists rule_place, rule_terms, rule_agreed, rule_paid, rule_alike, rule_look, rule_slip, rule_line"
        )
        # Each table is read once by its own condition. The planner believes that row policies leave a handful of rows,
        # and would go through all of one table for each row of another: a time that grows with the square.
        cursor.execute("set local enable_nestloop = off")
        cursor.execute(PLACES, given)
        looked_at = cursor.rowcount
        cursor.execute(
            "create unique index on rule_place (placement_id); analyze rule_place (placement_id, person_id, who, departed_on)"
        )
        for statement in (sieving.paid(p), sieving.ALIKE, "analyze rule_alike; analyze rule_paid (id, placement_id)",
                          sieving.look(p), "analyze rule_look"):  # fmt: skip
            cursor.execute(statement, given)
        cursor.execute("set local enable_nestloop = on")
        for statement in (TERMS, AGREED, slips(p), LINES):
            cursor.execute(statement, given)
        cursor.execute("create index on rule_terms (placement_id); create index on rule_agreed (placement_id)")
        cursor.execute("create index on rule_slip (placement_id, period_start); create index on rule_line (record_id)")
        cursor.execute(
            "analyze rule_terms; analyze rule_agreed;"
            "analyze rule_line (record_id, placement_id, item); analyze rule_slip (record_id, placement_id, period_start)"
        )
        cursor.execute("select coalesce(bit_or(look), 0) from rule_look")
        return Gathered(looked_at, cursor.fetchone()[0])
