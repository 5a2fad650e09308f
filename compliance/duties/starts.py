"""What starts a clock and what stops it, as statements: one for each kind of start, over every placement in sight.

``STARTS`` maps the ``start_event`` of a scheme's file to its source; ``STOPS`` the number of a duty to the fact that
shows it done. Where no fact does, people record it (``recording.py``). A clock starts by hand where no fact starts it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from compliance.due import AT_EMPLOYMENT
from compliance.models import Check
from compliance.rules.hours import CYCLE_DAYS, GRACE_DAYS
from pilots.models import JobOrder, Site
from workers.journey.steps import LEFT
from workers.models import (
    ContractVersion,
    CostItem,
    DeductionAgreement,
    Insurance,
    JourneyEvent,
    PayRecord,
    RoomInspection,
    Travel,
)
from workers.promised import offered, share_in

PLACEMENT, JOB_ORDER, SITE = "placement", "job_order", "site"

type Model = type[models.Model]


@dataclass(frozen=True, slots=True)
class Source:
    """A statement that answers (pilot, subject, recruiter, employer, starts). ``repeats``: a subject may have several.

    ``ends``: SQL of the day on which what started is over, where that is not the end of the placement.
    """

    sql: str
    reads: tuple[Model, ...] = (JourneyEvent,)
    about: str = PLACEMENT
    repeats: bool = False
    given: tuple[tuple[str, Any], ...] = ()
    ends: str = "coalesce(p.planned_end, c.returns_on)"


_FIRST = """
select distinct on (e.placement_id) e.pilot_id, e.placement_id as id, e.recruiter_id, e.employer_id, e.{day} as starts
from workers_journeyevent e
where e.pilot_id = any(%(pilots)s) and e.to_step = any(%(steps)s) and e.{day} <= %(on)s
order by e.placement_id, e.{day}, e.id
"""
_EACH = """
select distinct e.pilot_id, e.placement_id as id, e.recruiter_id, e.employer_id, e.{day} as starts
from workers_journeyevent e
where e.pilot_id = any(%(pilots)s) and e.to_step = any(%(steps)s) and e.{day} <= %(on)s
"""


def _first(*steps: str) -> Source:
    return Source(_FIRST, given=(("steps", list(steps)),))


def _each(*steps: str) -> Source:
    return Source(_EACH, repeats=True, given=(("steps", list(steps)),))


_CYCLES = " ".join(f"when '{name}' then {days}" for name, days in CYCLE_DAYS.items())
LONGEST_CYCLE = max(CYCLE_DAYS.values())

_WORKED = """(select min(e.happened_on) from workers_journeyevent e
  where e.placement_id = p.id and e.to_step = 'working' and e.happened_on <= %(on)s)"""

STARTS: dict[str, Source] = {
    "entry": _first("arrived"),
    "arrival": _first("arrived"),
    "test result": _first("test_passed"),
    "test passed": _first("test_passed"),
    "roster approval": _first("on_roster"),
    "contract end": _first("resigned", "dismissed"),
    "end of placement": _first(*(step for step in LEFT if step != "home")),
    "end of work": _each("resigned", "dismissed"),
    "move": _each("redeployed", "extended"),
    # A disengagement is known from the journey; an intent to leave and an incident are recorded by hand.
    "knowledge of the event": _each("disengaged"),
    "contract start": Source(
        f"""
        select p.pilot_id, p.id, p.recruiter_id, p.employer_id, coalesce(k.starts_on, w.worked) as starts
        from workers_placement p
        cross join lateral (select {_WORKED} as worked) w
        left join lateral (
          select c.starts_on from workers_contractversion c
          where c.placement_id = p.id and c.starts_on is not null and c.kind <> 'offer'
            and not exists (select from workers_contractversion n where n.supersedes_id = c.id)
          order by array_position(array['in force', 'arrival', 'signed'], c.kind::text), c.id desc limit 1
        ) k on true
        where p.pilot_id = any(%(pilots)s) and w.worked is not null
        """,
        reads=(JourneyEvent, ContractVersion),
    ),
    "last meeting": Source(
        f"""
        select p.pilot_id, p.id, p.recruiter_id, p.employer_id, greatest({_WORKED}, (
          select max(k.done_on) from compliance_check k where k.placement_id = p.id and not k.restricted
            and k.mode in ('in person', 'group') and k.stage in ('arrival', 'employment') and k.done_on <= %(on)s
        )) as starts
        from workers_placement p join workers_placementstate s on s.placement_id = p.id
        where p.pilot_id = any(%(pilots)s) and s.step = any(%(at_work)s)
        """,
        reads=(JourneyEvent, Check),
        repeats=True,
        given=(("at_work", list(AT_EMPLOYMENT)),),
    ),
    "start of block": Source(
        f"""
        select p.pilot_id, p.id, p.recruiter_id, p.employer_id, b::date as starts
        from workers_placement p
        cross join lateral (select {_WORKED} as worked, (
          select min(e.happened_on) from workers_journeyevent e where e.placement_id = p.id
            and e.to_step = any(%(ended)s) and e.happened_on <= %(on)s) as until) w
        cross join lateral generate_series(w.worked, coalesce(w.until - 28, %(on)s), interval '28 days') b
        where p.pilot_id = any(%(pilots)s) and w.worked is not null
        """,
        reads=(JourneyEvent, ContractVersion),
        repeats=True,
        given=(("ended", [*LEFT, "resigned", "dismissed", "disengaged"]),),
        # As rule PAY-02: a block is judged when its payslips must be there, a period of pay and a fortnight after its end.
        ends=f"""f.starts + 27 + {GRACE_DAYS} + coalesce((
          select case k.pay_cycle {_CYCLES} end from workers_contractversion k where k.placement_id = f.id
            and not exists (select from workers_contractversion n where n.supersedes_id = k.id)
          order by k.pay_cycle = '', array_position(array['in force', 'arrival', 'signed', 'offer'], k.kind::text), k.id desc
          limit 1), {LONGEST_CYCLE})""",
    ),
    "first pay": Source(
        """
        select distinct on (r.placement_id) r.pilot_id, r.placement_id as id, r.recruiter_id, r.employer_id,
               coalesce(r.paid_on, r.period_end) as starts
        from workers_payrecord r
        where r.pilot_id = any(%(pilots)s) and coalesce(r.paid_on, r.period_end) <= %(on)s
        order by r.placement_id, coalesce(r.paid_on, r.period_end), r.id
        """,
        reads=(PayRecord,),
    ),
    "written notice": Source(
        """
        select distinct a.pilot_id, a.placement_id as id, a.recruiter_id, a.employer_id, a.withdrawn_on as starts
        from workers_deductionagreement a
        where a.pilot_id = any(%(pilots)s) and a.withdrawn_on <= %(on)s
          and not exists (select from workers_deductionagreement n where n.supersedes_id = a.id)
        """,
        reads=(DeductionAgreement,),
        repeats=True,
    ),
    "planned exit": Source(
        """
        select p.pilot_id, p.id, p.recruiter_id, p.employer_id, coalesce(p.planned_end, c.returns_on) as starts
        from workers_placement p join pilots_cohort c on c.id = p.cohort_id
        where p.pilot_id = any(%(pilots)s)
          and exists (select from workers_journeyevent e where e.placement_id = p.id and e.to_step = 'arrived'
                      and e.happened_on <= %(on)s)
          and not exists (select from workers_journeyevent e where e.placement_id = p.id and e.to_step = 'deceased')
        """
    ),
    "planned start": Source(
        """
        select o.pilot_id, o.id, null::bigint as recruiter_id, o.employer_id, o.starts_on as starts
        from pilots_joborder o where o.pilot_id = any(%(pilots)s)
        """,
        reads=(JobOrder,),
        about=JOB_ORDER,
    ),
    "planned mobilisation": Source(
        """
        select o.pilot_id, o.id, null::bigint as recruiter_id, o.employer_id, c.departs_on as starts
        from pilots_joborder o join pilots_cohort c on c.id = o.cohort_id where o.pilot_id = any(%(pilots)s)
        """,
        reads=(JobOrder,),
        about=JOB_ORDER,
    ),
    # A site that was never audited counts from the day its first worker began there.
    "last audit": Source(
        """
        select t.pilot_id, t.id, null::bigint as recruiter_id, t.employer_id, coalesce(
          (select max(i.inspected_on) from workers_roominspection i join workers_room r on r.id = i.room_id
           where r.site_id = t.id and i.inspected_on <= %(on)s),
          (select min(e.happened_on) from workers_journeyevent e join workers_placement p on p.id = e.placement_id
           where p.site_id = t.id and e.to_step = 'working' and e.happened_on <= %(on)s)) as starts
        from pilots_site t where t.pilot_id = any(%(pilots)s)
        """,
        reads=(Site, RoomInspection, JourneyEvent),
        about=SITE,
        repeats=True,
    ),
}


def _reached(*steps: str) -> str:
    names = ", ".join(f"'{step}'" for step in steps)
    return (
        "(select min(e.happened_on) from workers_journeyevent e where e.placement_id = f.id"
        f" and e.to_step in ({names}) and e.happened_on >= f.starts)"
    )


def _joined(kind: str) -> str:
    return (
        "(select min(i.joined_on) from workers_insurance i where i.placement_id = f.id"
        f" and replace(lower(i.kind), ' ', '_') = '{kind}')"
    )


def _hours(days: int, wanted: str) -> str:
    """The last day of the hours that make the guaranteed ones full; pay periods count by the days inside the block."""
    last = f"f.starts + {days - 1}"
    return f"""(
      select case when round(sum(coalesce({offered("r")}, 0) * {share_in("r", "f.starts", last)}), 8) >= {wanted}
        then max(least(r.period_end, {last})) end
      from workers_payrecord r
      where r.placement_id = f.id and r.period_start <= {last} and r.period_end >= f.starts
        and not exists (select from workers_payrecord n where n.supersedes_id = r.id))"""


_REPAID = """(select case when bool_and(c.reimbursed >= c.amount) then max(c.reimbursed_on) end from workers_costitem c
   where c.placement_id = f.id and c.paid_by = 'worker' and c.item in ('international travel', 'inland travel'))"""
_CARRIED = """(select min(t.departs_on) from workers_travel t
   where t.placement_id = f.id and t.direction = 'out' and t.paid_by = 'employer')"""


@dataclass(frozen=True, slots=True)
class Stop:
    """SQL of the day on which a fact shows the duty done, null where it does not yet."""

    sql: str
    reads: tuple[Model, ...] = (JourneyEvent,)


STOPS: dict[int, Stop] = {
    5: Stop(_reached("on_roster")),
    6: Stop(_reached("selected", "offered", "contract_signed")),
    7: Stop(_reached("selected", "offered", "contract_signed")),
    8: Stop(_joined("return_cost"), (Insurance,)),
    9: Stop(
        f"case when {_joined('departure_guarantee')} is not null and {_joined('wage_guarantee')} is not null"
        f" then greatest({_joined('departure_guarantee')}, {_joined('wage_guarantee')}) end",
        (Insurance,),
    ),
    18: Stop(_hours(28, "(%(hours)s::jsonb ->> f.pilot_id::text)::numeric"), (PayRecord,)),
    19: Stop(_hours(42, "240"), (PayRecord,)),
    22: Stop(_reached("redeployed", *LEFT)),
    23: Stop(_reached("redeployed")),
    27: Stop(f"coalesce({_REPAID}, {_CARRIED})", (CostItem, Travel)),
    29: Stop(_reached(*LEFT)),
    30: Stop(_reached(*LEFT)),
    31: Stop(_reached(*LEFT)),
}

# Around each source: who and what it is about, and what the due day and the page need to know.
_AROUND = {
    PLACEMENT: """
        select f.pilot_id, f.id, f.recruiter_id, coalesce(f.employer_id, p.employer_id), f.starts,
               {ends}, pe.nationality, pe.worker_code,
               trim(pe.given_names || ' ' || pe.family_name){stops}, exists (
                 select from workers_journeyevent e join workers_placementstate s on s.placement_id = e.placement_id
                 where e.placement_id = f.id and s.step = 'closed' and e.to_step = 'closed' and e.happened_on <= %(on)s)
        from f join workers_placement p on p.id = f.id join workers_person pe on pe.id = p.person_id
        join pilots_cohort c on c.id = p.cohort_id
        where f.starts is not null and (%(placement)s::bigint is null or f.id = %(placement)s)""",
    JOB_ORDER: """
        select f.pilot_id, f.id, f.recruiter_id, f.employer_id, f.starts, o.ends_on, '', '', c.code || ' · ' || o.task
               {stops}, false
        from f join pilots_joborder o on o.id = f.id join pilots_cohort c on c.id = o.cohort_id
        where f.starts is not null and %(placement)s::bigint is null""",
    SITE: """
        select f.pilot_id, f.id, f.recruiter_id, f.employer_id, f.starts, null::date, '', '', t.name{stops}, false
        from f join pilots_site t on t.id = f.id
        where f.starts is not null and %(placement)s::bigint is null""",
}


# Tables of facts that keep what was known: as of a moment, rows recorded later are not there.
_KEPT = (
    "workers_journeyevent", "workers_contractversion", "workers_payrecord", "workers_deductionagreement", "workers_insurance",
    "workers_costitem", "workers_travel", "workers_roominspection", "workers_placement", "compliance_check",
)  # fmt: skip
# The step of a placement is kept as it is today; as of a moment it follows from the events known by then.
_STEP = """workers_placementstate as (select distinct on (e.placement_id) e.placement_id, e.to_step as step
  from workers_journeyevent e order by e.placement_id, e.version desc), """


def _as_known(sql: str) -> str:
    """The beginning of a WITH that puts, in the place of each table of facts, what was recorded by ``as_of``."""
    state = "workers_placementstate" in sql
    tables = [name for name in _KEPT if name in sql or (state and name == "workers_journeyevent")]
    seen = [f"{name} as not materialized (select * from {name} where recorded_at <= %(as_of)s), " for name in tables]
    return "".join(seen) + (_STEP if state else "")


def ask(
    source: Source, *, clock: str, numbers: Iterable[int], given: dict[str, Any], piece: int | None = None
) -> Iterator[tuple]:
    """The starts of one kind with the day of the stopping fact for each of the duties ``numbers``, and last whether the
    placement is closed; in one statement. ``as_of`` among what is given: as it was known at that moment. ``piece``: so many
    rows are fetched at a time, so that memory does not grow with them."""
    day = "known_on" if clock == "knowledge" else "happened_on"
    stops = "".join(f", {STOPS[number].sql if number in STOPS else 'null::date'}" for number in numbers)
    sql = f"f as materialized ({source.sql.replace('{day}', day)})" + _AROUND[source.about].replace(
        "{stops}", stops
    ).replace("{ends}", source.ends)
    sql = f"with {_as_known(sql) if given.get('as_of') else ''}{sql}"
    with connection.chunked_cursor() if piece else connection.cursor() as cursor:
        cursor.execute(sql, given | dict(source.given))
        while rows := cursor.fetchmany(piece or 5000):
            yield from rows
