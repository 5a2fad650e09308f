"""The sieve: one cheap pass over all payslips that says of which placements the rules of pay must look closer.

Nearly all payslips are in order. What a rule asks of twelve million of them is answered here by bounds that are at
least as strict as the rule: who passes has nothing that the exact statement could find or not tell, and is not read
again. Who does not pass is looked at exactly. A bound may be too strict, never too lax; the tests compare both ways.

``rule_paid``: the payslips that stand, summed for each placement and each set of items taken, with no temporary table
in the plan, so that it is read in parallel. ``rule_look``: placement → what to look closer at, as bits of ``LOOK``.

That payslips follow each other without a gap and without meeting is seen without sorting them: each day on which one
starts and each on the morrow of an end is hashed and all are joined by exclusive or. Only the first start and the last
morrow are left if every other day came up twice; then every day is covered, and if the days add up, covered once.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from compliance.rules.declaring import LOOK, PLACEMENT_DAYS
from compliance.rules.parameters import Parameters, Use, literal
from pilots.rulebook import Rulebook
from pilots.schemes.pay import Guarantee, guarantee
from pilots.schemes.scheme import Parameter
from workers.agreed import name_of
from workers.promised import contract_week

# Within a week and a fortnight after the last payslip the next cannot be missing in any cycle of pay.
TAIL_DAYS = 21
# Payslips alike in a row that look copied: as the rule asks.
SAME = 4
# Names of an item that is rent.
RENT = ("rent", "accommodation", "dormitory", "housing", "lodging", "hostel", "board", "board and lodging", "rent and meals",
        "accommodation and meals")  # fmt: skip

# The payslips that stand and have ended. That few are corrections is said for the planner.
_STANDING = """s.pilot_id = any(%(pilots)s) and s.period_end <= %(on)s
  and (%(placements)s::bigint[] is null or s.placement_id = any(%(placements)s))
  and not exists (select from workers_payrecord n where n.supersedes_id = s.id and n.supersedes_id is not null)"""

_DAYS = {"pay period": "s.period_start"}
_FACTS = {"season": "p.season"}
_LENGTH = "(s.period_end - s.period_start + 1)"

# Placements of which some payslips with a fraction of an hour have the very same gross, those among them that were corrected.
ALIKE = f"""
create temp table rule_alike on commit drop as
select min(s.placement_id) as placement_id from workers_payrecord s
where s.pilot_id = any(%(pilots)s) and (%(placements)s::bigint[] is null or s.placement_id = any(%(placements)s))
  and s.rate is not null and s.hours_worked > 0 and s.hours_worked <> trunc(s.hours_worked)
group by hash_numeric_extended(s.gross, s.placement_id) having count(*) >= {SAME}
"""


def paid(p: Parameters) -> str:
    """The statement that sums the payslips into ``rule_paid``."""
    return f"""
    create temp table rule_paid on commit drop as
    select row_number() over () as id, g.* from (
      select s.placement_id, s.items, s.deductions - s.pension as withheld, count(*) as n,
        min(s.period_start) as first_pay, max(s.period_end) as last_pay, max(s.period_start) as last_start,
        min(s.period_end) as first_end, min(least(s.paid_on, s.period_end)) as first_day,
        sum({_LENGTH}) as days, min({_LENGTH}) as least_days, max({_LENGTH}) as most_days,
        bit_xor({_hashed("s.period_start")} # {_hashed("s.period_end + 1")}) as chain,
        min(case when {_LENGTH} = 7 then greatest(s.hours_offered, s.hours_worked)
          else trunc(greatest(s.hours_offered, s.hours_worked) * 7 / {_LENGTH}, 4) end) as week_hours,
        bool_or(s.hours_offered is null and s.hours_worked is null) as no_hours,
        min(s.rate) as least_rate, min(case when s.rate is null then s.gross end) as least_wage,
        bool_or(s.currency <> {p.currency()}) as other_currency,
        bool_or(not coalesce({_in_order(p)}, false)) as odd
      from workers_payrecord s join workers_placement p on p.id = s.placement_id
      where {_STANDING}
      group by s.placement_id, s.items, s.deductions - s.pension
    ) g
    """


def _hashed(day: str) -> str:
    return f"hashint4extended({day} - date '2000-01-01', 0)"


def _days_of(parameter: Parameter, value: Any) -> int:
    """A length of time in days, the shortest it can be."""
    return int(value) * {"days": 1, "weeks": 7, "months": 28, "years": 365}[parameter.unit]


def _in_order(p: Parameters) -> str:
    """Whether no rule of one payslip can find anything in it, its items apart."""
    wage, percent, floor, limit, tolerance = (
        p.bound(use, _DAYS, _FACTS, worst)
        for use, worst in (
            (Use("minimum_wage"), max), (Use("pay_floor_percent"), max), (Use("net_pay_floor"), max),
            (Use("hours_limit_week"), min), (Use("pay_due_tolerance", read=_days_of), min),
        )
    )  # fmt: skip
    asked = [
        f"s.currency = {p.currency()}", "s.gross - s.tax - s.deductions = s.net", "s.paid_to = 'own account'",
        "s.paid_on <= %(on)s", f"s.paid_on <= s.due_on + coalesce({tolerance or 0}, 0)::int",
        "coalesce(s.pieces = 0, true)", "coalesce(s.rate * s.hours_worked <= s.gross + 0.04, true)",
    ]  # fmt: skip
    if wage:
        lowest, times = (f"{wage} * coalesce({percent}, 100)", " * 100") if percent else (wage, "")
        asked.append(
            f"coalesce(case when s.rate is null then s.hours_worked > 0 and s.gross{times} >= {lowest} * s.hours_worked"
            f" else s.rate{times} >= {lowest} end, {wage} is null)"
        )
    if floor:
        asked.append(f"coalesce(s.net >= {floor} * (({_LENGTH} + 6) / 7), {floor} is null)")
    if limit:
        asked.append(f"coalesce(s.hours_worked <= {limit} * ({_LENGTH} / 7), {limit} is null)")
    return " and ".join(asked)


def look(p: Parameters) -> str:
    """The statement that holds ``rule_paid`` against the place, the contract and the agreements, into ``rule_look``."""
    rents = ", ".join(f"'{item}'" for item in RENT)
    marks = " + ".join(f"case when {condition} then {LOOK[name]} else 0 end" for name, condition in _marks(p).items())
    return f"""
    create temp table rule_look on commit drop as
    with item as (
      select g.id, g.placement_id, g.n, i.amount, i.item in ({rents}) as is_rent, a.agreement_id, a.agreed_total,
        i.amount <= 0 or coalesce(a.from_day = '-infinity' and a.to_day = 'infinity' and a.consent_on <= g.first_day
          and coalesce(a.starts_on <= g.first_end, true) and coalesce(i.amount <= a.per_period, true)
          and coalesce(g.last_start <= a.ends_on, true) and a.withdrawn_on is null and a.authority_approval <> ''
          and a.agreed_currency = {p.currency()} and not g.other_currency, false) as agreed
      from rule_paid g
      join rule_place s on s.placement_id = g.placement_id
      cross join lateral (
        select {name_of("e.key")} as item, e.value::numeric as amount from jsonb_each_text(g.items) e
      ) i
      left join rule_agreed a on a.placement_id = g.placement_id and a.item = i.item
      where g.items <> '{{}}'
    ),
    taken as (
      select id, sum(amount) as amount, bool_and(agreed) as agreed, sum(amount) filter (where is_rent) as rent
      from item group by id
    ),
    beyond as (
      select distinct placement_id from (
        select placement_id from item where agreed_total is not null and amount > 0
        group by placement_id, agreement_id, agreed_total having sum(amount * n) > agreed_total
      ) o
    ),
    slips as (
      select g.placement_id, min(g.first_pay) as first_pay, max(g.last_pay) as last_pay, min(g.week_hours) as week_hours,
        bool_or(g.no_hours) as no_hours, min(g.least_rate) as least_rate, min(g.least_wage) as least_wage,
        bool_or(g.odd or t.amount <> g.withheld) as odd, bit_xor(g.chain) as chain, sum(g.days) as days,
        bool_or(not t.agreed or t.id is null and g.withheld > 0) as not_agreed,
        min(t.rent) filter (where t.rent > 0) as least_rent, max(t.rent) as most_rent,
        min(g.least_days) as least_days, max(g.most_days) as most_days,
        max(t.rent * 7 / g.least_days) filter (where t.rent > 0) as rent_week
      from rule_paid g left join taken t on t.id = g.id
      group by g.placement_id
    ),
    terms as (
      select placement_id, max({contract_week("k")}) as week, bool_or(guarantee_period = 'placement') as whole,
        max(hourly_rate) filter (where kind = 'signed') as rate, max(monthly_wage) filter (where kind = 'signed') as wage,
        bool_or(kind <> 'signed') as later
      from workers_contractversion k
      where k.kind <> 'offer' and k.pilot_id = any(%(pilots)s)
        and (%(placements)s::bigint[] is null or k.placement_id = any(%(placements)s))
      group by k.placement_id
    )
    select * from (
      select s.placement_id, {marks} as look
      from (select s.*, g.first_pay, g.last_pay, g.last_pay is null as unpaid, g.week_hours, g.no_hours, g.least_rate, g.least_wage,
          g.odd, g.not_agreed, g.least_rent, g.most_rent, g.least_days, g.most_days, g.rent_week,
          g.chain <> {_hashed("g.first_pay")} # {_hashed("g.last_pay + 1")} or g.days <> g.last_pay - g.first_pay + 1 as broken,
          coalesce(g.last_pay > %(on)s::date - {TAIL_DAYS} or g.last_pay >= least(s.ended_on - 1, s.planned_end)
            and s.ended_on is not null, false) as to_the_end
        from rule_place s left join slips g on g.placement_id = s.placement_id) s
      left join terms c on c.placement_id = s.placement_id
    ) k where k.look > 0
    """


def _marks(p: Parameters) -> Mapping[str, str]:
    """name of a mark → SQL for whether a placement must be looked at closer, over ``s`` and its contract ``c``."""
    week, whole, undated = _promised(p)
    return {
        "pay": "s.odd",
        "blocks": f"not s.unpaid and ({whole} or c.whole or {undated} or greatest({week}, c.week) > 0 and (s.broken"
        f" or s.no_hours or not s.to_the_end or coalesce(s.week_hours < greatest({week}, c.week), true)))",
        "gaps": "s.worked_on is not null and (s.unpaid or s.broken or not s.to_the_end"
        " or s.first_pay > s.worked_on + 5 or s.interrupted_on is not null or s.again_on is not null)",
        "runs": "exists (select from rule_alike x where x.placement_id = s.placement_id)",
        "deductions": "s.not_agreed or exists (select from beyond o where o.placement_id = s.placement_id)",
        "rents": f"s.most_rent > 0 and ({_rents(p)})",
        "signed": "c.later or s.least_rate < c.rate or s.least_wage < c.wage",
        "costs": "exists (select from workers_costitem k where k.placement_id = s.placement_id and k.paid_by = 'worker')",
    }


def _promised(p: Parameters) -> tuple[str, str, str]:
    """Of the scheme's guaranteed hours: the most of a week, whether one over the whole placement may be judged, and
    whether the day that selects it is missing."""

    def week(book: Rulebook) -> str:
        return literal(max(_hours_a_week(book), default=Decimal(0)))

    def whole(book: Rulebook) -> str:
        return literal(any(not one.weeks for one in _guarantees(book)))

    days = {**PLACEMENT_DAYS, "pay period": "s.first_pay"}
    use = Use("hours_guarantee")
    return (
        f"({p.by_pilot(week)})::numeric",
        f"({p.by_pilot(whole)} and (s.ended_on is not null or s.planned_end <= %(on)s))",
        f"({p.applies(use)} and {p.day(use, days)} is null)",
    )


def _hours_a_week(book: Rulebook) -> Iterable[Decimal]:
    """Every number of hours a week that the scheme has ever promised, those of first weeks without a guarantee in blocks."""
    yield from (one.hours / one.weeks for one in _guarantees(book) if one.weeks and one.hours)
    if "hours_guarantee" not in book.names and {
        "hours_guarantee_contract_total",
        "hours_guarantee_contract_weeks",
    } <= set(book.names):
        most = max(_number(row) for row in book.changes("hours_guarantee_contract_total"))
        yield most / min(_number(row) for row in book.changes("hours_guarantee_contract_weeks"))


def _number(row: Parameter) -> Decimal:
    return Decimal(str(row.value))


def _guarantees(book: Rulebook) -> list[Guarantee]:
    return [guarantee(row) for row in book.changes("hours_guarantee")] if "hours_guarantee" in book.names else []


def _rents(p: Parameters) -> str:
    """Whether rent may be above a cap or a rise: above the lowest cap there is, or not the same in every week."""
    caps = [p.bound(Use(name), {}, {}, min) for name in ("rent_cap", "rent_cap_by_class")]
    above = [f"coalesce(s.rent_week > {cap}, false)" for cap in caps if cap]

    def by_share(book: Rulebook) -> str:
        return literal(
            "housing_deduction_cap" in book.names
            or ("housing_free" in book.names and any(row.value for row in book.changes("housing_free")))
        )

    def rises(book: Rulebook) -> str:
        rows = [
            row for name in ("rent_rise_allowed", "rent_rise_limit_percent", "rent_rise_limit_amount")
            if name in book.names for row in book.changes(name)
        ]  # fmt: skip
        if not rows:
            return "false"
        return f"s.first_pay <= {literal(max(row.valid_to or date.max for row in rows))}"

    same = "(s.least_rent = s.most_rent and s.least_days = 7 and s.most_days = 7)"
    return " or ".join([*above, f"{p.by_pilot(by_share)}", f"{p.by_pilot(rises)} and not {same}"])
