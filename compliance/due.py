"""Which checks are due, overdue, done or not reached: computed from the journey, the scheme and the checks done.

Nothing is planned in advance and nothing can drift: each question is one statement over journey events and checks.

* recruitment: from the shortlist on, due on the day the contract is signed (while unsigned, on the departure day)
* pre-departure: from the signature on, due on the day of departure
* arrival: from the arrival on, within the scheme's days (14)
* employment: every so many days of the scheme since work began or since the last check of arrival or employment
* pre-return: from four weeks before the planned end, or from the step "preparing to return" on; due on the planned end
* after return: 1, 6 and 12 months after the return home, each from two weeks before until the next begins

A check whose time is over without having been done was "not reached"; it is counted, never forgotten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from accounts.scope import Scope
from compliance.catalogue.reader import catalogue
from pilots.models import Pilot
from pilots.schemes.reader import load
from workers.journey.moves import AT_WORK, LEFT_EMPLOYER
from workers.journey.steps import PREPARATION, RECRUITMENT, STEPS

DONE, NOT_REACHED, OVERDUE, DUE, LATER = "done", "not reached", "overdue", "due", "later"
SOON_DAYS = 7
AT_EMPLOYMENT = (*AT_WORK, "on_leave", "on_sick_leave")
BEFORE = tuple(s.code for s in STEPS if s.phase in (RECRUITMENT, PREPARATION))
WITH_EMPLOYER = tuple(s.code for s in STEPS if s.with_employer and s.code != "departed")
ABROAD = tuple(s.code for s in STEPS if s.is_abroad)
NEVER_LEFT = ("not_selected", "declined", "withdrawn", "visa_refused", "no_show", "deceased")


@dataclass(frozen=True, slots=True)
class DueCheck:
    """One check that is due, with the worker it is for. ``month`` says which of the checks after return."""

    placement_id: int
    stage: str
    month: int
    due_on: date
    state: str
    last_on: date | None
    name: str
    worker_code: str
    step: str
    site_id: int | None
    site: str
    employer: str
    held: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many placements of a site owe, or have had, a check of a stage."""

    site_id: int | None
    site: str
    employer: str
    stage: str
    state: str
    placements: int


def tally(scope: Scope, *, on: date, pilot_id: int | None = None) -> list[Tally]:
    """Counts by site, stage and state, in one statement."""
    sql = f"""
    {_OBLIGATIONS}
    select o.site_id, coalesce(t.name, ''), coalesce(g.name, ''), o.stage, o.state, count(*)
    from judged o
    left join pilots_site t on t.id = o.site_id
    left join accounts_organisation g on g.id = o.employer_id
    group by o.site_id, t.name, g.name, o.stage, o.state
    """
    return [Tally(*row) for row in _rows(sql, _given(scope, on, pilot_id))]


def worklist(
    scope: Scope,
    *,
    on: date,
    pilot_id: int | None = None,
    site_id: int | None = None,
    stage: str = "",
    placement_id: int | None = None,
    after: tuple[date, int, str] | None = None,
    limit: int = 50,
) -> list[DueCheck]:
    """Checks overdue or due within a week, the oldest first; ``after`` is the last row of the page before."""
    given = _given(scope, on, pilot_id) | {
        "site": site_id, "stage": stage, "limit": limit, "placement": placement_id,
        "after_on": after[0] if after else None, "after_id": after[1] if after else None,
        "after_stage": after[2] if after else "",
    }  # fmt: skip
    sql = f"""
    {_OBLIGATIONS}
    select o.placement_id, o.stage, o.month, o.due_on, o.state, o.last_on,
           trim(pe.given_names || ' ' || pe.family_name), pe.worker_code, o.step, o.site_id, coalesce(t.name, ''),
           coalesce(g.name, ''),
           exists (select from workers_hold h where h.placement_id = o.placement_id and h.lifted_at is null
                   and (h.until is null or h.until >= %(on)s))
    from judged o
    join workers_person pe on pe.id = o.person_id
    left join pilots_site t on t.id = o.site_id
    left join accounts_organisation g on g.id = o.employer_id
    where (o.state in ('overdue', 'due') or %(placement)s::bigint is not null and o.state <> 'later')
      and (%(site)s::bigint is null or o.site_id = %(site)s)
      and (%(stage)s = '' or o.stage = %(stage)s)
      and (%(placement)s::bigint is null or o.placement_id = %(placement)s)
      and (%(after_on)s::date is null
           or (o.due_on, o.placement_id, o.stage) > (%(after_on)s::date, %(after_id)s::bigint, %(after_stage)s))
    order by o.due_on, o.placement_id, o.stage
    limit %(limit)s
    """
    return [DueCheck(*row) for row in _rows(sql, given)]


def stage_for_step(step: str) -> str:
    """The stage whose questions fit where a placement stands."""
    if step in BEFORE:
        before = [s.code for s in STEPS if s.phase == RECRUITMENT]
        return "recruitment" if step in before else "pre-departure"
    if step in ("departed", "arrived", "briefed"):
        return "arrival"
    if step == "pre_return":
        return "pre-return"
    if step in ABROAD or step == "home_leave":
        return "employment"
    return "after-return"


def _rows(sql: str, given: Mapping[str, object]) -> Sequence[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def _given(scope: Scope, on: date, pilot_id: int | None) -> dict[str, object]:
    """The parameters that every question needs: the day, and the rules of each pilot's scheme on that day."""
    pilots = [pk for pk in scope.pilot_ids if pilot_id is None or pk == pilot_id]
    rules = [(pk, *_rule(slug, on)) for pk, slug in Pilot.objects.filter(pk__in=pilots).values_list("pk", "scheme")]
    months = [(pk, month) for pk, _arrival, _every, after in rules for month in after]
    return {
        "on": on, "soon": SOON_DAYS,
        "pilots": [r[0] for r in rules], "arrival": [r[1] for r in rules], "every": [r[2] for r in rules],
        "month_pilots": [m[0] for m in months], "months": [m[1] for m in months],
        "never_left": list(NEVER_LEFT), "before": list(BEFORE), "abroad": list(ABROAD),
        "with_employer": list(WITH_EMPLOYER), "at_work": list(AT_EMPLOYMENT), "left_employer": list(LEFT_EMPLOYER),
    }  # fmt: skip


def _rule(slug: str, on: date) -> tuple[int, int, tuple[int, ...]]:
    """Days to the arrival check, days between two checks at work, months after return: the scheme's, else the catalogue's."""
    scheme = load(slug)
    every = scheme.check_frequency.employment_days
    if scheme.has("welfare_contact_interval", on=on):
        parameter = scheme.parameter("welfare_contact_interval", on=on)
        if parameter.unit == "days" and not parameter.goes_by_class:
            every = int(parameter.value)
    arrival = scheme.check_frequency.arrival_days or catalogue().stage("arrival").within_days
    return arrival, every, scheme.check_frequency.after_return_months


# Every obligation of every placement in sight: when it begins, when it is due, whether its time is over, when it was met.
_OBLIGATIONS = """
with rules as (
  select * from unnest(%(pilots)s::bigint[], %(arrival)s::int[], %(every)s::int[]) as r (pilot_id, arrival, every)
),
live as materialized (
  select p.id as placement_id, p.pilot_id, p.person_id, p.site_id, p.employer_id, p.planned_end, s.step, s.since,
         c.departs_on, coalesce(p.planned_end, c.returns_on) as ends_on, r.arrival, r.every
  from workers_placement p
  join rules r on r.pilot_id = p.pilot_id
  join workers_placementstate s on s.placement_id = p.id
  join pilots_cohort c on c.id = p.cohort_id
  where not (s.step = any(%(never_left)s))
),
dates as (
  select e.placement_id,
    min(e.happened_on) filter (where e.to_step = 'shortlisted') as shortlisted,
    min(e.happened_on) filter (where e.to_step = 'contract_signed') as signed,
    min(e.happened_on) filter (where e.to_step = 'departed') as departed,
    min(e.happened_on) filter (where e.to_step = 'arrived') as arrived,
    min(e.happened_on) filter (where e.to_step = 'working') as worked,
    min(e.happened_on) filter (where e.to_step = 'pre_return') as preparing,
    min(e.happened_on) filter (where e.to_step in ('home', 'medical_return', 'family_return', 'ordered_to_leave'))
      as home
  from workers_journeyevent e join live l on l.placement_id = e.placement_id
  group by e.placement_id
),
checked as (
  select k.placement_id, k.stage, min(k.done_on) as first_on, max(k.done_on) as last_on
  from compliance_check k join live l on l.placement_id = k.placement_id
  where not k.restricted and k.done_on <= %(on)s
  group by k.placement_id, k.stage
),
milestones as (
  select l.placement_id, m.month,
         (d.home + make_interval(months => m.month))::date as due_on,
         (d.home + make_interval(months => m.month))::date - 14 as starts_on,
         (d.home + make_interval(months => lead(m.month) over (partition by l.placement_id order by m.month)))::date
           - 14 as next_on
  from live l
  join dates d on d.placement_id = l.placement_id and d.home is not null
  join unnest(%(month_pilots)s::bigint[], %(months)s::int[]) as m (pilot_id, month) on m.pilot_id = l.pilot_id
),
asked as (
  select l.placement_id, 'recruitment' as stage, 0 as month, d.shortlisted as starts_on,
         coalesce(d.signed, l.departs_on) as due_on, not (l.step = any(%(before)s)) as over
  from live l join dates d using (placement_id)
  union all
  select l.placement_id, 'pre-departure', 0, d.signed, coalesce(d.departed, l.departs_on),
         not (l.step = any(%(before)s))
  from live l join dates d using (placement_id)
  union all
  select l.placement_id, 'arrival', 0, d.arrived, d.arrived + l.arrival, not (l.step = any(%(with_employer)s))
  from live l join dates d using (placement_id)
  union all
  select l.placement_id, 'pre-return', 0, coalesce(d.preparing, l.ends_on - 28),
         case when l.step = 'pre_return' then greatest(l.ends_on, d.preparing) else l.ends_on end,
         not (l.step = any(%(with_employer)s))
  from live l join dates d using (placement_id)
  where d.worked is not null and not (l.step = any(%(left_employer)s))
),
once as (
  select a.*, c.first_on as met_on, c.last_on
  from asked a left join checked c on c.placement_id = a.placement_id and c.stage = a.stage
  where a.starts_on <= %(on)s
),
repeated as (
  select l.placement_id, 'employment' as stage, 0 as month, d.worked as starts_on,
         greatest(d.worked, e.last_on, c.last_on) + l.every as due_on, false as over,
         case when greatest(d.worked, e.last_on, c.last_on) + l.every > %(on)s + %(soon)s then e.last_on end as met_on,
         e.last_on
  from live l
  join dates d on d.placement_id = l.placement_id and d.worked is not null
  left join checked e on e.placement_id = l.placement_id and e.stage = 'employment'
  left join checked c on c.placement_id = l.placement_id and c.stage = 'arrival'
  where l.step = any(%(at_work)s)
),
after_return as (
  select m.placement_id, 'after-return' as stage, m.month, m.starts_on, m.due_on,
         %(on)s >= coalesce(m.next_on, m.due_on + 60) as over, k.met_on, c.last_on
  from milestones m
  left join checked c on c.placement_id = m.placement_id and c.stage = 'after-return'
  left join lateral (
    select min(k.done_on) as met_on from compliance_check k
    where k.placement_id = m.placement_id and k.stage = 'after-return' and not k.restricted
      and k.done_on between m.starts_on and %(on)s and (m.next_on is null or k.done_on < m.next_on)
  ) k on true
  where m.starts_on <= %(on)s
),
every_one as (
  select placement_id, stage, month, due_on, over, met_on, last_on from once
  union all select placement_id, stage, month, due_on, over, met_on, last_on from repeated
  union all select placement_id, stage, month, due_on, over, met_on, last_on from after_return
),
judged as (
  select e.placement_id, e.stage, e.month, e.due_on, e.last_on, l.person_id, l.site_id, l.employer_id, l.step,
    case when e.met_on is not null then 'done'
         when e.over then 'not reached'
         when e.due_on < %(on)s then 'overdue'
         when e.due_on <= %(on)s + %(soon)s then 'due'
         else 'later' end as state
  from every_one e join live l using (placement_id)
)
"""
