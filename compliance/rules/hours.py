"""Rules over several payslips: guaranteed hours in blocks of weeks, missing payslips, payslips that look copied.

**Blocks.** Blocks of the guarantee's length are counted from the first day of the worker's first payslip. The guarantee
of a block is the one in force on its first day (or for the visa, where the scheme says so). The last block is cut on
the last day of work (the eve of leaving, or the planned end, or the last payslip if that is later), and its hours are
reduced pro rata by days; there is no short first block, since blocks begin with pay. A payslip that lies in two blocks
is shared between them by days. The scheme's guarantee counts, unless the contract guarantees more hours a week: then the
contract's, in its own period.

**The shortfall** is the guaranteed hours less the hours offered; hours that were offered and not worked are not owed,
and hours that were worked were offered. What was paid beyond the hours worked counts toward it. The rate is the highest
of the block's payslips, else the contract's.
"""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from compliance.rules.declaring import MAJOR, MINOR, PLACEMENT_DAYS, Rule, Subject
from compliance.rules.parameters import Parameters, Use
from compliance.rules.pay import PAYSLIPS
from pilots.schemes.pay import guarantee
from pilots.schemes.scheme import Parameter

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


def _blocks(p: Parameters) -> str:
    days = {**PLACEMENT_DAYS, "pay period": "s.period_start"}
    no_day = f"({p.applies(_HOURS)} and {p.day(_HOURS, days)} is null)"
    scheme_weeks, scheme_hours = p.value(_WEEKS, days), p.value(_HOURS, days)
    percent = p.value(_PERCENT, days)
    lengths = ", ".join(f"({weeks})" for weeks in _lengths(p))
    return f"""
    select s.*, b.offered, b.not_stated, b.worked, b.gross, b.covered, coalesce(b.rate, s.contract_rate) as rate,
      b.currency, s.placement_id || ':' || s.period_start as source,
      round(s.block_hours * s.days_here / s.days_whole, 2) as guaranteed
    from (
      select s.*,
        (s.period_end - s.period_start + 1) as days_here,
        case when s.length > 0 then s.length * 7 else (s.period_end - s.period_start + 1) end as days_whole,
        case when s.by_contract and s.length > 0 then s.contract_week * s.length
             when s.by_contract then s.contract_hours
             when s.percent is not null then s.contract_hours * s.percent / 100
             when s.length = 0 and s.scheme_weeks is null then s.contract_hours
             when s.length = 0 then s.scheme_hours * (s.period_end - s.period_start + 1) / 7.0
             else s.scheme_hours end as block_hours
      from (
        select s.*, {scheme_hours} as scheme_hours, {percent} as percent,
          coalesce(s.contract_week > coalesce(case when s.scheme_weeks > 0 then {scheme_hours} / s.scheme_weeks
            else {scheme_hours} end, 0) + 0.01, false) as by_contract
        from (
          select s.*, {scheme_weeks} as scheme_weeks, {no_day} as no_day
          from (
            select f.placement_id, f.pilot_id, null::bigint as site_id, l.length,
              f.first_on + n * l.length * 7 as period_start,
              least(case when l.length = 0 then coalesce({_WORK_ENDED}, pl.planned_end) else
                f.first_on + (n + 1) * l.length * 7 - 1 end, {_WORK_ENDED}) as period_end,
              pl.visa_granted_on, pl.contract_start, pl.arrived_on, pl.lodged_on, pl.season, pl.ended_on,
              t.hourly_rate as contract_rate, t.guaranteed_hours as contract_hours,
              case t.pay_cycle {_CYCLE} else 31 end as cycle_days,
              case t.guarantee_period when 'week' then t.guaranteed_hours when '4 weeks' then t.guaranteed_hours / 4
                when 'month' then t.guaranteed_hours * 12 / 52.1775 end as contract_week,
              case t.guarantee_period when 'week' then 1 when '4 weeks' then 4 when 'month' then 4
                when 'placement' then 0 end as contract_length
            from (select r.placement_id, r.pilot_id, min(r.period_start) as first_on, max(r.period_end) as last_on
                  from ({PAYSLIPS}) r group by r.placement_id, r.pilot_id) f
            join rule_place pl on pl.placement_id = f.placement_id
            cross join (values {lengths}) as l (length)
            cross join lateral generate_series(0, case when l.length = 0 then 0 else
              (least(coalesce(pl.ended_on, %(on)s), %(on)s) - f.first_on) / (l.length * 7) end) as n
            left join rule_terms t on t.placement_id = f.placement_id
              and f.first_on + n * l.length * 7 between t.from_day and t.to_day
          ) s where s.period_end <= %(on)s and s.period_end >= s.period_start
        ) s
      ) s
      where s.length = case when s.by_contract then s.contract_length else s.scheme_weeks end
         or s.scheme_weeks is null and s.percent is null and s.length = s.contract_length
         or s.percent is not null and s.length = 0 and not s.by_contract
         or s.no_day and not s.by_contract and s.length = 4
    ) s
    join lateral (
      -- Sevenths do not end: rounded once far below a cent, so that half a cent is half a cent.
      select round(sum(greatest(r.hours_offered, r.hours_worked) * x.share), 8) as offered,
        bool_or(r.hours_offered is null) as not_stated,
        round(sum(r.hours_worked * x.share), 8) as worked, round(round(sum(r.gross * x.share), 8), 2) as gross,
        coalesce(sum(x.overlap), 0) as covered, max(r.rate) as rate, min(r.currency) as currency
      from ({PAYSLIPS}) r
      cross join lateral (
        select least(r.period_end, s.period_end) - greatest(r.period_start, s.period_start) + 1 as overlap
      ) o
      cross join lateral (select o.overlap, o.overlap::numeric / r.days as share) x
      where r.placement_id = s.placement_id and r.period_start <= s.period_end and r.period_end >= s.period_start
    ) b on true
    where b.covered >= s.days_here or s.period_end + s.cycle_days + {GRACE_DAYS} <= %(on)s
    """


BLOCKS = Subject(
    "block of weeks",
    _blocks,
    uses={"guarantee": Use("hours_guarantee", read=_hours), "guarantee_percent": _PERCENT},
    derived={
        "short_hours": "s.guaranteed - s.offered",
        "top_up": "round((s.guaranteed - s.offered) * s.rate, 2) - greatest(s.gross - round(s.worked * s.rate, 2), 0)",
    },
)

RULES_BLOCKS = (
    Rule(
        "PAY-02", _("Guaranteed hours not met and the shortfall not paid"),
        _("Were the guaranteed hours of the block offered, or was the difference paid?"),
        MAJOR, reads=("guarantee", "guarantee_percent"), when="s.guaranteed > 0 or s.no_day or s.percent > 0 and not s.by_contract",
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
      from rule_place pl
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


GAPS = Subject("stretch without a payslip", _gaps)

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
        from ({PAYSLIPS} and r.rate is not null and r.hours_worked > 0) s
        left join rule_terms t on t.placement_id = s.placement_id and s.period_end between t.from_day and t.to_day
        window w as (partition by s.placement_id order by s.period_start, s.record_id)
      ) s where s.monthly_wage is null
    ) s
    -- Whole hours are what a roster gives; a fraction of an hour that comes back each week is what a copy gives.
    where s.hours_worked <> trunc(s.hours_worked)
    group by s.placement_id, s.run, s.hours_worked, s.gross, s.tax, s.net
    having count(*) >= 4
    """


RUNS = Subject("run of equal payslips", _runs)

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
