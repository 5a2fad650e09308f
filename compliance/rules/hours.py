"""Rules over several payslips: guaranteed hours in blocks of weeks, missing payslips, payslips that look copied.

**Blocks.** Blocks of the guarantee's length are counted from the first day of the worker's first payslip. The guarantee
of a block is the one in force on its first day (or for the visa, where the scheme says so). The last block is cut on
the last day of work (the eve of leaving, or the planned end, or the last payslip if that is later), and its hours are
reduced pro rata by days; there is no short first block, since blocks begin with pay. A payslip that lies in two blocks
is shared between them by days. Days between leaving the employer and being engaged again, of which no payslip speaks,
are not part of a block. Where a scheme without such blocks promises a total for its first weeks (240 hours in
six), these weeks are the first block, and the contract's own blocks begin after them. The scheme's guarantee counts, unless the contract guarantees more hours a week: then the
contract's, in its own period.

**The shortfall** is the guaranteed hours less the hours offered; hours that were offered and not worked are not owed,
and hours that were worked were offered. What was paid beyond the hours worked counts toward it. The rate is the highest
of the block's payslips, else the contract's.
"""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from compliance.rules.declaring import LOOK, MAJOR, MINOR, PLACEMENT_DAYS, Rule, Subject, looked
from compliance.rules.parameters import Parameters, Use
from compliance.rules.pay import PAYSLIPS
from compliance.rules.sieving import SAME
from pilots.schemes.pay import guarantee
from pilots.schemes.scheme import Parameter
from workers.promised import DAYS_A_WEEK, contract_week, days_in, offered, share_in

# Days after the end of a period of pay by which its payslip is expected.
GRACE_DAYS = 14
CYCLE_DAYS = {"weekly": 7, "fortnightly": 14, "4-weekly": 28, "monthly": 31}

_CYCLE = " ".join(f"when '{name}' then {days}" for name, days in CYCLE_DAYS.items())


def _hours(parameter: Parameter, value: Any) -> Decimal | None:
    """Hours of one block; for a guarantee over the whole placement, hours of one week."""
    return guarantee(parameter).hours if parameter.unit != "percent of the contract" else None


def _weeks(parameter: Parameter, value: Any) -> int | None:
    """Weeks of one block; 0 where the whole placement is one."""
    if parameter.unit == "percent of the contract":
        return None
    return guarantee(parameter).weeks or 0


def _percent(parameter: Parameter, value: Any) -> Decimal | None:
    return guarantee(parameter).percent if parameter.unit == "percent of the contract" else None


_HOURS = Use("hours_guarantee", read=_hours)
_WEEKS = Use("hours_guarantee", read=_weeks)
_PERCENT = Use("hours_guarantee", read=_percent)


def _lengths(p: Parameters) -> list[int]:
    """The lengths of blocks, in weeks, that any of the rulebooks has ever asked for; 0 is the whole placement."""
    rows = [
        row for book in p.books.values() if "hours_guarantee" in book.names for row in book.changes("hours_guarantee")
    ]
    asked = {guarantee(row).weeks or 0 for row in rows}
    return sorted(asked | {0, 1, 4})


# Who stayed on after the planned end without a payslip was not at work any more, nor on the day of leaving itself.
_WORK_ENDED = (
    "case when pl.ended_on is not null"
    " then least(pl.ended_on, greatest(f.last_on, least(pl.ended_on - 1, pl.planned_end))) end"
)

# Whoever came from another farm without leaving the country between is a transferee.
_TRANSFEREE = """exists (
  select from workers_placement q join workers_journeyevent e on e.placement_id = q.id and e.to_step = 'working'
  where q.person_id = any(s.cards) and q.id <> s.placement_id and e.happened_on < s.first_on
    and not exists (select from workers_journeyevent x where x.placement_id = q.id and x.to_step = any(%(gone)s)
      and x.happened_on between e.happened_on and s.first_on))"""
_TOTAL = Use("hours_guarantee_contract_total", {"transferee": _TRANSFEREE})
_TOTAL_WEEKS = Use("hours_guarantee_contract_weeks")


def _begun(p: Parameters) -> str:
    """One row for each placement with payslips: from its first to its last day of work, and the hours of the first weeks."""
    days = {**PLACEMENT_DAYS, "pay period": "s.first_on"}
    # Older forms name such hours beside a guarantee in blocks; the blocks are the guarantee then.
    return f"""
    select s.*, case when s.opening_hours > 0 then s.opening_length else 0 end as opening_weeks
    from (
      select s.*, case when not {p.applies(_HOURS)} then {p.value(_TOTAL, days)} end as opening_hours,
        {p.value(_TOTAL_WEEKS, days)}::int as opening_length
      from (
        select f.*, pl.cards, pl.visa_granted_on, pl.contract_start, pl.arrived_on, pl.lodged_on, pl.season,
          pl.ended_on, pl.planned_end, {_WORK_ENDED} as work_ended,
          greatest(pl.interrupted_on, f.before_on + 1) as away_from, least(pl.again_on, f.after_on) - 1 as away_to
        from (select r.placement_id, r.pilot_id, min(r.period_start) as first_on, max(r.period_end) as last_on,
                max(r.period_end) filter (where r.period_start < i.interrupted_on) as before_on,
                min(r.period_start) filter (where r.period_start >= i.interrupted_on) as after_on
              from ({PAYSLIPS} and r.look & {LOOK["blocks"]} > 0) r join rule_place i on i.placement_id = r.placement_id
              group by r.placement_id, r.pilot_id) f
        join rule_place pl on pl.placement_id = f.placement_id
      ) s
    ) s
    """


def _possible(p: Parameters) -> str:
    """One row for each block of each length that may be asked about, with the contract in force on its first day."""
    lengths = ", ".join(f"({weeks})" for weeks in _lengths(p))
    return f"""
    select s.*, null::bigint as site_id, t.hourly_rate as contract_rate, t.guaranteed_hours as contract_hours,
      case t.pay_cycle {_CYCLE} else 31 end as cycle_days, {contract_week("t")} as contract_week,
      case t.guarantee_period when 'week' then 1 when '4 weeks' then 4 when 'month' then 4 when 'placement' then 0 end
        as contract_length
    from (
      select s.*, l.length, false as opening, s.starts_on + n * l.length * {DAYS_A_WEEK} as period_start,
        least(case when l.length = 0 then coalesce(s.work_ended, s.planned_end)
          else s.starts_on + (n + 1) * l.length * {DAYS_A_WEEK} - 1 end, s.work_ended) as period_end
      from (select s.*, s.first_on + s.opening_weeks * {DAYS_A_WEEK} as starts_on from begun s) s
      cross join (values {lengths}) as l (length)
      cross join lateral generate_series(0, case when l.length = 0 then 0 else
        (least(coalesce(s.ended_on, %(on)s), %(on)s) - s.starts_on) / (l.length * {DAYS_A_WEEK}) end) as n
      union all
      select s.*, s.first_on, s.opening_weeks, true, s.first_on,
        least(s.first_on + s.opening_weeks * {DAYS_A_WEEK} - 1, s.work_ended)
      from begun s where s.opening_weeks > 0
    ) s
    left join rule_terms t on t.placement_id = s.placement_id and s.period_start between t.from_day and t.to_day
    where s.period_end <= %(on)s and s.period_end >= s.period_start
    """


def _promised(p: Parameters) -> str:
    """What each possible block is promised: by the scheme, and whether the contract promises more hours a week."""
    days = {**PLACEMENT_DAYS, "pay period": "s.period_start"}
    no_day = f"({p.applies(_HOURS)} and {p.day(_HOURS, days)} is null)"
    return f"""
    select s.*, coalesce(s.contract_week > coalesce(case when s.scheme_weeks > 0 then s.scheme_hours / s.scheme_weeks
      else s.scheme_hours end, 0) + 0.01, false) as by_contract
    from (
      select s.*, case when s.opening then s.opening_weeks else {p.value(_WEEKS, days)} end as scheme_weeks,
        case when s.opening then s.opening_hours else {p.value(_HOURS, days)} end as scheme_hours,
        {p.value(_PERCENT, days)} as percent, {no_day} as no_day
      from possible s
    ) s
    """


# Of all possible blocks those of the length that counts: the contract's, the scheme's, or the whole placement.
_ASKED = f"""
select s.*, s.period_end - s.period_start + 1 - case when s.away_from <= s.away_to
    then greatest(least(s.period_end, s.away_to) - greatest(s.period_start, s.away_from) + 1, 0) else 0 end as days_here,
  case when s.length > 0 then s.length * {DAYS_A_WEEK}
       else s.period_end - s.first_on + 1 end as days_whole,
  case when s.by_contract and s.length > 0 then s.contract_week * s.length
       when s.by_contract then s.contract_hours
       when s.percent is not null then s.contract_hours * s.percent / 100
       when s.length = 0 and s.scheme_weeks is null then s.contract_hours
       when s.length = 0 then s.scheme_hours * (s.period_end - s.period_start + 1) / {DAYS_A_WEEK}.0
       else s.scheme_hours end as block_hours
from promised s
where s.opening
   or s.length = case when s.by_contract then s.contract_length else s.scheme_weeks end
   or s.scheme_weeks is null and s.percent is null and s.length = s.contract_length
   or s.percent is not null and s.length = 0 and not s.by_contract
   or s.no_day and not s.by_contract and s.length = 4
"""

# What the payslips of a block add up to, those that it shares with another block by their days in it.
_FILLED = f"""
-- Sevenths do not end: rounded once far below a cent, so that half a cent is half a cent.
select round(sum({offered("r")} * x.share), 8) as offered, bool_or(r.hours_offered is null) as not_stated,
  round(sum(r.hours_worked * x.share), 8) as worked, round(round(sum(r.gross * x.share), 8), 2) as gross,
  coalesce(sum(x.overlap), 0) as covered, max(r.rate) as rate, min(r.currency) as currency
from ({PAYSLIPS}) r
cross join lateral (
  select {days_in("r", "s.period_start", "s.period_end")} as overlap,
    {share_in("r", "s.period_start", "s.period_end")} as share
) x
where r.placement_id = s.placement_id and r.period_start <= s.period_end and r.period_end >= s.period_start
"""


def _blocks(p: Parameters) -> str:
    """One row for each block that can be judged: what was promised for it, offered, worked and paid in it."""
    return f"""
    with begun as ({_begun(p)}), possible as ({_possible(p)}), promised as ({_promised(p)}), asked as ({_ASKED})
    select s.*, b.offered, b.not_stated, b.worked, b.gross, b.covered, coalesce(b.rate, s.contract_rate) as rate,
      b.currency, s.placement_id || ':' || s.period_start as source,
      round(s.block_hours * s.days_here / s.days_whole, 2) as guaranteed
    from asked s
    join lateral ({_FILLED}) b on true
    where s.days_here > 0 and (b.covered >= s.days_here or s.period_end + s.cycle_days + {GRACE_DAYS} <= %(on)s)
    """


BLOCKS = Subject(
    "block of weeks",
    _blocks,
    uses={
        "guarantee": Use("hours_guarantee", read=_hours),
        "guarantee_percent": _PERCENT,
        "first_weeks": Use("hours_guarantee_contract_total", day="case when s.opening then s.contract_start end"),
    },
    derived={
        "short_hours": "s.guaranteed - s.offered",
        "top_up": "round((s.guaranteed - s.offered) * s.rate, 2) - greatest(s.gross - round(s.worked * s.rate, 2), 0)",
    },
    look="blocks",
)

RULES_BLOCKS = (
    Rule(
        "PAY-02", _("Guaranteed hours not met and the shortfall not paid"),
        _("Were the guaranteed hours of the block offered, or was the difference paid?"),
        MAJOR, version="3", reads=("guarantee", "guarantee_percent", "first_weeks"), when="s.guaranteed > 0 or s.no_day or s.percent > 0 and not s.by_contract",
        missing="case when s.no_day and not s.by_contract then 'day on which the visa was granted'"
        " when s.guaranteed is null then 'hours in the contract' when s.offered >= s.guaranteed then null"
        " when s.not_stated then 'hours offered' when s.covered < s.days_here then 'payslips of the whole block'"
        " when s.worked is null then 'hours worked' when s.rate is null then 'rate' end",
        broken="coalesce(s.short_hours > 0.005 and s.top_up > 0.005, false)",
        owed="s.top_up",
        evidence={"guaranteed": "s.guaranteed", "offered": "round(s.offered, 2)", "worked": "round(s.worked, 2)",
                  "short": "round(s.short_hours, 2)", "rate": "s.rate", "paid": "s.gross",
                  "by": "case when s.by_contract then 'contract' else 'scheme' end", "days": "s.days_here"},
        indicators=("wages_withheld",), standard="D03",
    ),
)  # fmt: skip


def _gaps(_p: Parameters) -> str:
    """One row for each stretch of work that no payslip covers: before the first, between two, after the last."""
    return f"""
    select s.placement_id, s.pilot_id, s.site_id, s.currency, s.visa_granted_on, s.contract_start, s.arrived_on, s.lodged_on,
      s.tail, s.period_start, case when not s.tail or s.ended then s.period_end end as period_end,
      s.placement_id || ':' || s.period_start as source, s.period_end - s.period_start + 1 as days,
      s.leave_on between s.period_start and s.period_end as on_leave
    from (
      select pl.placement_id, pl.pilot_id, null::bigint as site_id, ''::text as currency, pl.leave_on, pl.visa_granted_on,
        pl.contract_start, pl.arrived_on, pl.lodged_on, k.cycle_days, g.first_gap as period_start,
        least(g.last_gap, pl.ended_on - 1, case when pl.ended_on > pl.planned_end then pl.planned_end end, case when pl.ended_on is null then %(on)s::date end) as period_end, g.tail,
        pl.ended_on is not null as ended
      from {looked("gaps")} pl
      cross join lateral (
        select coalesce((select case t.pay_cycle {_CYCLE} end from rule_terms t
          where t.placement_id = pl.placement_id order by t.from_day desc limit 1), 31) as cycle_days
      ) k
      cross join lateral (
        select greatest(q.previous + 1, case when pl.again_on <= q.period_start then pl.again_on end) as first_gap, q.period_start - 1 as last_gap, false as tail
        from (
          select r.period_start, coalesce(max(r.period_end) over (partition by r.placement_id order by r.period_start,
            r.record_id rows between unbounded preceding and 1 preceding), pl.worked_on - 1) as previous
          from ({PAYSLIPS} and r.placement_id = pl.placement_id) r
        ) q where q.period_start - q.previous > 6
        union all
        select greatest(coalesce(max(r.period_end) + 1, pl.worked_on), pl.again_on), 'infinity'::date, true
        from ({PAYSLIPS} and r.placement_id = pl.placement_id) r
        union all
        -- Who left the employer and was engaged again: the stretch before leaving; the one between is nobody's work.
        select coalesce(max(r.period_end) filter (where r.period_start < pl.interrupted_on) + 1, pl.worked_on),
          pl.interrupted_on - 1, false
        from ({PAYSLIPS} and r.placement_id = pl.placement_id) r
        having pl.interrupted_on is not null
      ) g
      where pl.worked_on is not null
    ) s
    -- The last stretch is missing only once a whole period and its grace have gone by.
    where s.period_end >= s.period_start + 5
      and (not s.tail or s.period_start + s.cycle_days - 1 + {GRACE_DAYS} <= %(on)s)
    """


GAPS = Subject("stretch without a payslip", _gaps, look="gaps")

RULES_GAPS = (
    Rule(
        "PAY-09", _("Missing payslip"),
        _("Is there a payslip for every stretch of six days or more in which the worker worked?"),
        MAJOR,
        missing="case when s.on_leave then 'whether the leave was paid' end",
        broken="true",
        evidence={"days": "s.period_end - s.period_start + 1", "after_last": "s.tail"},
        indicators=("wages_withheld",), standard="D01, D02",
    ),
)  # fmt: skip


def _runs(_p: Parameters) -> str:
    """One row for each run of payslips with the very same hours and amounts, of a worker who is paid by the hour."""
    return f"""
    select max(s.pilot_id) as pilot_id, s.placement_id, null::bigint as site_id,
      s.placement_id || ':' || min(s.period_start) as source, min(s.period_start) as period_start,
      max(s.period_end) as period_end, max(s.currency) as currency, count(*) as payslips, s.hours_worked, s.gross, s.net,
      max(s.visa_granted_on) as visa_granted_on, max(s.contract_start) as contract_start,
      max(s.arrived_on) as arrived_on, max(s.lodged_on) as lodged_on
    from (
      select s.*, count(*) filter (where s.fresh) over (partition by s.placement_id order by s.period_start, s.record_id)
        as run
      from (
        select s.*, t.monthly_wage, (s.hours_worked, s.gross, s.tax, s.net) is distinct from
          (lag(s.hours_worked) over w, lag(s.gross) over w, lag(s.tax) over w, lag(s.net) over w) as fresh,
          t.guaranteed_hours as contract_hours
        from ({PAYSLIPS} and r.look & {LOOK["runs"]} > 0 and r.rate is not null and r.hours_worked > 0) s
        left join rule_terms t on t.placement_id = s.placement_id and s.period_end between t.from_day and t.to_day
        window w as (partition by s.placement_id order by s.period_start, s.record_id)
      ) s where s.monthly_wage is null
    ) s
    -- Whole hours are what a roster gives; a fraction of an hour that comes back each week is what a copy gives.
    where s.hours_worked <> trunc(s.hours_worked)
    group by s.placement_id, s.run, s.hours_worked, s.gross, s.tax, s.net
    having count(*) >= {SAME}
    """


RUNS = Subject("run of equal payslips", _runs, look="runs")

RULES_RUNS = (
    Rule(
        "PAY-11", _("Payslips that look copied"),
        _("Do four or more payslips in a row have the very same hours, down to the fraction, gross, tax and net?"),
        MINOR,
        broken="true",
        evidence={"payslips": "s.payslips", "hours_worked": "s.hours_worked", "gross": "s.gross", "net": "s.net"},
        standard="D02",
    ),
)  # fmt: skip
