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

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from accounts.scope import Scope
from compliance.catalogue.reader import catalogue
from pilots.rulebook import Rulebook, rulebooks_of
from workers.journey.moves import AT_WORK, LEFT_EMPLOYER, WITH_EMPLOYER
from workers.journey.steps import NEVER_LEFT, PREPARATION, RECRUITMENT, STEPS

DONE, NOT_REACHED, OVERDUE, DUE, LATER = "done", "not reached", "overdue", "due", "later"
SOON_DAYS = 7
AT_EMPLOYMENT = (*AT_WORK, "on_leave", "on_sick_leave")
BEFORE = tuple(s.code for s in STEPS if s.phase in (RECRUITMENT, PREPARATION))
ABROAD = tuple(s.code for s in STEPS if s.is_abroad)
NOBODY_TO_SEE = (*NEVER_LEFT, "deceased")


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
    return [Tally(*row) for row in _rows(f"{OBLIGATIONS} {_TALLY}", obligation_parameters(scope, on, pilot_id))]


def tally_and_first(
    scope: Scope, *, on: date, limit: int, books: Mapping[int, Rulebook] | None = None
) -> tuple[list[Tally], list[DueCheck]]:
    """Both answers of a first page: the counts, and the first so many that are overdue or due, in one statement."""
    sql = f"""
    {OBLIGATIONS}, tallied as ({_TALLY}), first as ({_LISTED})
    select to_jsonb(t), null from tallied t
    union all select null, to_jsonb(f) from (select row_number() over () as place, first.* from first) f
    """
    rows = _rows(sql, obligation_parameters(scope, on, None, books) | _ASKED_FOR_ALL | {"limit": limit})
    counts = [Tally(**json.loads(counted)) for counted, _one in rows if counted]
    listed = sorted((json.loads(one) for _counted, one in rows if one), key=lambda one: one.pop("place"))
    return counts, [
        DueCheck(**{**one, "due_on": _day(one["due_on"]), "last_on": _day(one["last_on"])}) for one in listed
    ]


def _day(text: str | None) -> Any:
    return date.fromisoformat(text) if text else None


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
    given = obligation_parameters(scope, on, pilot_id) | _ASKED_FOR_ALL | {
        "site": site_id, "stage": stage, "limit": limit, "placement": placement_id,
    }  # fmt: skip
    if after:
        given |= {"after_on": after[0], "after_id": after[1], "after_stage": after[2]}
    return [DueCheck(*row) for row in _rows(f"{OBLIGATIONS} {_LISTED}", given)]


_ASKED_FOR_ALL: Final[dict[str, Any]] = {
    "site": None, "stage": "", "placement": None, "after_on": None, "after_id": None, "after_stage": "",
}  # fmt: skip
# Columns are named as the fields of ``Tally`` and ``DueCheck``, and in their order.
_TALLY: Final = """
    select o.site_id, coalesce(t.name, '') as site, coalesce(g.name, '') as employer, o.stage, o.state,
           count(*) as placements
    from judged o
    left join pilots_site t on t.id = o.site_id
    left join accounts_organisation g on g.id = o.employer_id
    group by o.site_id, t.name, g.name, o.stage, o.state
"""
_LISTED: Final = """
    select o.placement_id, o.stage, o.month, o.due_on, o.state, o.last_on,
           trim(pe.given_names || ' ' || pe.family_name) as name, pe.worker_code, o.step, o.site_id,
           coalesce(t.name, '') as site, coalesce(g.name, '') as employer,
           exists (select from workers_hold h where h.placement_id = o.placement_id and h.lifted_at is null
                   and (h.until is null or h.until >= %(on)s)) as held
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


def _rows(sql: str, given: Mapping[str, Any]) -> Sequence[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def obligation_parameters(
    scope: Scope, on: date, pilot_id: int | None, books: Mapping[int, Rulebook] | None = None
) -> dict[str, Any]:
    """The parameters that ``OBLIGATIONS`` and every question on it need: the day, and the rules of each pilot's scheme on that day."""
    if books is None:
        books = rulebooks_of(pk for pk in scope.pilot_ids if pilot_id is None or pk == pilot_id)
    rules = [(pk, *_rule(book, on)) for pk, book in books.items()]
    months = [(pk, month) for pk, _arrival, _every, after in rules for month in after]
    return {
        "on": on, "soon": SOON_DAYS,
        "pilots": [r[0] for r in rules], "arrival": [r[1] for r in rules], "every": [r[2] for r in rules],
        "month_pilots": [m[0] for m in months], "months": [m[1] for m in months],
        "never_left": list(NOBODY_TO_SEE), "before": list(BEFORE), "abroad": list(ABROAD),
        "with_employer": list(WITH_EMPLOYER), "at_work": list(AT_EMPLOYMENT), "left_employer": list(LEFT_EMPLOYER),
    }  # fmt: skip


def _rule(book: Rulebook, on: date) -> tuple[int | None, int, tuple[int, ...]]:
    """Days to the arrival check, days between two checks at work, months after return: the pilot's, else the catalogue's."""
    scheme = book.scheme
    every = scheme.check_frequency.employment_days
    if book.has("welfare_contact_interval", on=on):
        parameter = book.parameter("welfare_contact_interval", on=on)
        # A value that goes by class is a table, not a number.
        if parameter.unit == "days" and isinstance(parameter.value, int | Decimal):
            every = int(parameter.value)
    arrival = scheme.check_frequency.arrival_days or catalogue().stage("arrival").within_days
    return arrival, every, scheme.check_frequency.after_return_months


# Every obligation of every placement in sight: when it begins, when it is due, whether its time is over, when it was met.
# One placement is one wide row, found by index, and its obligations follow from that row alone: the work grows with the
# placements and with nothing else, whatever the planner believes about their number.
OBLIGATIONS = """
with rules as materialized (
  select r.pilot_id, r.arrival, r.every, array_agg(m.month order by m.month) as months
  from unnest(%(pilots)s::bigint[], %(arrival)s::int[], %(every)s::int[]) as r (pilot_id, arrival, every)
  left join unnest(%(month_pilots)s::bigint[], %(months)s::int[]) as m (pilot_id, month) using (pilot_id)
  group by r.pilot_id, r.arrival, r.every
),
live as materialized (
  select p.id as placement_id, p.pilot_id, p.person_id, p.site_id, p.employer_id, s.step, c.departs_on,
         coalesce(p.planned_end, c.returns_on) as ends_on, r.arrival as arrival_days, r.every, r.months, d.*, k.*
  from workers_placement p
  join rules r on r.pilot_id = p.pilot_id
  join workers_placementstate s on s.placement_id = p.id
  join pilots_cohort c on c.id = p.cohort_id
  cross join lateral (
    select
      min(e.happened_on) filter (where e.to_step = 'shortlisted') as shortlisted,
      min(e.happened_on) filter (where e.to_step = 'contract_signed') as signed,
      min(e.happened_on) filter (where e.to_step = 'departed') as departed,
      min(e.happened_on) filter (where e.to_step = 'arrived') as arrived,
      min(e.happened_on) filter (where e.to_step = 'working') as worked,
      min(e.happened_on) filter (where e.to_step = 'pre_return') as preparing,
      min(e.happened_on) filter (where e.to_step in ('home', 'medical_return', 'family_return', 'ordered_to_leave'))
        as home
    from workers_journeyevent e where e.placement_id = p.id
  ) d
  cross join lateral (
    select
      min(k.done_on) filter (where k.stage = 'recruitment') as recruitment_on,
      min(k.done_on) filter (where k.stage = 'pre-departure') as pre_departure_on,
      min(k.done_on) filter (where k.stage = 'arrival') as arrival_on,
      min(k.done_on) filter (where k.stage = 'pre-return') as pre_return_on,
      max(k.done_on) filter (where k.stage in ('arrival', 'employment')) as met_at_work_on,
      max(k.done_on) filter (where k.stage = 'employment') as employment_on,
      array_agg(k.done_on) filter (where k.stage = 'after-return') as after_return_on
    from compliance_check k where k.placement_id = p.id and not k.restricted and k.done_on <= %(on)s
  ) k
  where not (s.step = any(%(never_left)s))
),
judged as (
  select o.stage, o.month, o.due_on, o.last_on, l.placement_id, l.person_id, l.site_id, l.employer_id, l.step,
    case when o.met_on is not null then 'done'
         when o.over then 'not reached'
         when o.due_on < %(on)s then 'overdue'
         when o.due_on <= %(on)s + %(soon)s then 'due'
         else 'later' end as state
  from live l
  cross join lateral (
    select 'recruitment' as stage, 0 as month, l.shortlisted as starts_on, coalesce(l.signed, l.departs_on) as due_on,
           not (l.step = any(%(before)s)) as over, l.recruitment_on as met_on, l.recruitment_on as last_on
    union all
    select 'pre-departure', 0, l.signed, coalesce(l.departed, l.departs_on), not (l.step = any(%(before)s)),
           l.pre_departure_on, l.pre_departure_on
    union all
    -- Once somebody met the worker at work later on, the arrival check can no longer be made up for: it was not reached.
    select 'arrival', 0, l.arrived, l.arrived + l.arrival_days,
           not (l.step = any(%(with_employer)s)) or coalesce(l.employment_on > l.arrived + l.arrival_days, false),
           l.arrival_on, l.arrival_on
    union all
    select 'employment', 0, l.worked, greatest(l.worked, l.met_at_work_on) + l.every, false,
           case when greatest(l.worked, l.met_at_work_on) + l.every > %(on)s + %(soon)s then l.employment_on end,
           l.employment_on
    where l.step = any(%(at_work)s)
    union all
    select 'pre-return', 0, coalesce(l.preparing, l.ends_on - 28), greatest(l.ends_on, l.preparing),
           not (l.step = any(%(with_employer)s)), l.pre_return_on, l.pre_return_on
    where l.worked is not null and not (l.step = any(%(left_employer)s))
    union all
    select 'after-return', m.month, m.due_on - 14, m.due_on, %(on)s >= coalesce(m.next_on, m.due_on + 60),
           (select min(x) from unnest(l.after_return_on) as x
            where x >= m.due_on - 14 and (m.next_on is null or x < m.next_on)),
           (select max(x) from unnest(l.after_return_on) as x)
    from (
      select u.month, (l.home + make_interval(months => u.month))::date as due_on,
             (l.home + make_interval(months => lead(u.month) over (order by u.month)))::date - 14 as next_on
      from unnest(l.months) as u (month) where l.home is not null
    ) m
  ) o
  where o.starts_on <= %(on)s
)
"""
