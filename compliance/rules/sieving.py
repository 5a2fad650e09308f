"""The sieve: one cheap pass over all payslips that says of which placements the rules of pay must look closer.

Nearly all payslips are in order. What a rule asks of twelve million of them is answered here by bounds that are at
least as strict as the rule: who passes has nothing that the exact statement could find or not tell, and is not read
again. Who does not pass is looked at exactly. A bound may be too strict, never too lax; the tests compare both ways.

``rule_paid``: the payslips that stand, summed for each placement and each set of items taken, with no temporary table
in the plan, so that it is read in parallel. ``rule_look``: placement → what to look closer at, as bits of ``LOOK``.

That payslips follow each other without a gap and without meeting is seen without sorting them: each day on which one
starts and each on the morrow of an end is hashed and all are joined by exclusive or. Only the first start and the last
morrow are left if every other day came up twice; then every day is covered, and if the days add up, covered once. Sets
of items are told apart by a hash of 64 bits in the same way.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from compliance.rules import sieving_people
from compliance.rules.declaring import LOOK, PLACEMENT_DAYS, of
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
# Bits in which the grosses of a placement are marked.
GROSSES = 512
# Names of an item that is rent.
RENT = ("rent", "accommodation", "dormitory", "housing", "lodging", "hostel", "board", "board and lodging", "rent and meals",
        "accommodation and meals")  # fmt: skip

# The payslips that stand and have ended. That few are corrections is said for the planner.
STANDING = """s.pilot_id = any(%(pilots)s) and s.period_end <= %(on)s
  and (%(placements)s::bigint[] is null or s.placement_id = any(%(placements)s))
  and not exists (select from workers_payrecord n where n.supersedes_id = s.id and n.supersedes_id is not null)"""

_DAYS = {"pay period": "s.period_start"}
_FACTS = {"season": "p.season"}
_LENGTH = "(s.period_end - s.period_start + 1)"

# The marks for which payslips are read again.
OF_PAY = sum(LOOK[name] for name in ("pay", "blocks", "gaps", "runs", "deductions", "rents", "signed", "costs"))
# Those for which all payslips of the placement are read; for the others, the odd ones and those under the signed rate.
OF_ALL_PAY = OF_PAY - LOOK["pay"] - LOOK["signed"]

# Of each payslip one bit: by the gross where hours have a fraction, else by its day, so that few bits for many payslips say
# that some have the very same gross.
_GROSS = f"""set_bit(repeat('0', {GROSSES})::bit({GROSSES}), case when s.rate is null or min_scale(s.hours_worked) = 0
    then hashint4(s.period_start - date '2000-01-01') else hash_numeric(s.gross) end & {GROSSES - 1}, 1)"""

# Placements of which some payslips with a fraction of an hour have the very same gross, those among them that were corrected.
# The few whose bits allow it are looked up by the index: the planner cannot know that they are few, and would read all.
ALIKE = f"""
create temp table rule_alike on commit drop as
select distinct min(s.placement_id) as placement_id from workers_payrecord s
where s.placement_id = any(array(
    select placement_id from rule_paid group by placement_id having bit_count(bit_or(grosses)) <= sum(n) - {SAME - 1}))
  and {of("s")} and s.rate is not null and s.hours_worked > 0 and s.hours_worked <> trunc(s.hours_worked)
group by hash_numeric_extended(s.gross, s.placement_id) having count(*) >= {SAME}
"""


def paid(p: Parameters) -> str:
    """The statement that sums the payslips into ``rule_paid``."""
    return f"""
    create temp table rule_paid on commit drop as
    select row_number() over () as id, g.* from (
      select s.placement_id, any_value(s.items) as items, any_value(s.deductions) - any_value(s.pension) as withheld, count(*) as n,
        min(s.period_start) as first_pay, max(s.period_end) as last_pay, min(least(s.paid_on, s.period_end)) as first_day,
        sum({_LENGTH}) as days, min({_LENGTH}) as least_days,
        bit_xor({_hashed("s.period_start")} # {_hashed("s.period_end + 1")}) as chain,
        -- No hours at all are fewer than any that were promised.
        min(coalesce(case when {_LENGTH} = 7 then greatest(s.hours_offered, s.hours_worked)
          else trunc(greatest(s.hours_offered, s.hours_worked) * 7 / {_LENGTH}, 4) end, -1)) as week_hours,
        min(s.rate) as least_rate, min(case when s.rate is null then s.gross end) as least_wage,
        bool_or(s.currency <> {p.currency()}) as other_currency, bit_or({_GROSS}) as grosses,
        bool_or(not coalesce({in_order(p)}, false)) as odd
      from workers_payrecord s join workers_placement p on p.id = s.placement_id and {of("p", "id")}
      where {STANDING}
      group by s.placement_id, jsonb_hash_extended(s.items, 0) # hash_numeric_extended(s.deductions - s.pension, 1)
    ) g
    """


def _hashed(day: str) -> str:
    return f"hashint4extended({day} - date '2000-01-01', 0)"


def _days_of(parameter: Parameter, value: Any) -> int:
    """A length of time in days, the shortest it can be."""
    return int(value) * {"days": 1, "weeks": 7, "months": 28, "years": 365}[parameter.unit]


def in_order(p: Parameters) -> str:
    """SQL for whether no rule of one payslip ``s`` of a placement ``p`` can find anything in it, its items apart."""
    lowest = p.bound_share(Use("minimum_wage"), Use("pay_floor_percent"), _DAYS, _FACTS)
    floor, limit, tolerance = (
        p.bound(use, _DAYS, _FACTS, worst)
        for use, worst in (
            (Use("net_pay_floor"), max), (Use("hours_limit_week"), min),
            (Use("pay_due_tolerance", read=_days_of, type="int"), min),
        )
    )  # fmt: skip
    asked = [
        f"s.currency = {p.currency()}", "s.gross - s.tax - s.deductions = s.net", "s.paid_to = 'own account'",
        "s.paid_on <= %(on)s", f"s.paid_on <= s.due_on + coalesce({tolerance or 0}, 0)",
        "coalesce(s.pieces = 0, true)", "coalesce(s.rate * s.hours_worked <= s.gross + 0.04, true)",
    ]  # fmt: skip
    if lowest:
        asked.append(
            f"coalesce(case when s.rate is null then s.hours_worked > 0 and s.gross >= {lowest} * s.hours_worked"
            f" else s.rate >= {lowest} end, {lowest} is null)"
        )
    if floor:
        weeks = f"case when {_LENGTH} <= 7 then s.net >= {floor} else s.net >= {floor} * (({_LENGTH} + 6) / 7) end"
        asked.append(f"coalesce({weeks}, {floor} is null)")
    if limit:
        asked.append(
            f"coalesce(case when {_LENGTH} = 7 then s.hours_worked <= {limit} else s.hours_worked <= {limit} * ({_LENGTH} / 7) end,"
            f" {limit} is null)"
        )
    return " and ".join(asked)


def look(p: Parameters) -> str:
    """The statement that holds ``rule_paid`` against the place, the contract and the agreements, into ``rule_look``."""
    rents = ", ".join(f"'{item}'" for item in RENT)
    marks = " + ".join(f"case when {condition} then {LOOK[name]} else 0 end" for name, condition in _marks(p).items())
    return f"""
    create temp table rule_look on commit drop as
    with agreed as (
      -- Whoever has one agreement on an item and no other; what follows another is looked at exactly.
      select a.placement_id, {name_of("a.item")} as item, count(*) as n, max(a.id) as agreement_id, max(a.agreed_total) as agreed_total,
        max(a.per_period) as per_period, max(a.currency) as currency, max(a.starts_on) as starts_on, max(a.ends_on) as ends_on,
        max(a.consent_on) as consent_on, max(a.withdrawn_on) as withdrawn_on, max(a.authority_approval) as authority_approval,
        max(a.employer_id) as employer_id
      from workers_deductionagreement a where {of("a")} group by a.placement_id, {name_of("a.item")}
    ),
    item as (
      select g.id, g.placement_id, g.n, i.amount, i.item in ({rents}) as is_rent, a.agreement_id, a.agreed_total,
        i.amount <= 0 or coalesce(a.n = 1 and coalesce(a.employer_id = s.employer_id, a.employer_id is null) and a.consent_on <= g.first_day and coalesce(a.starts_on <= g.first_pay + g.least_days - 1, true) and coalesce(i.amount <= a.per_period, true)
          and coalesce(g.last_pay - g.least_days + 1 <= a.ends_on, true) and a.withdrawn_on is null and a.authority_approval <> ''
          and a.currency = {p.currency()} and not g.other_currency, false) as agreed
      from rule_paid g
      join rule_place s on s.placement_id = g.placement_id
      cross join lateral (
        select {name_of("e.key")} as item, e.value::numeric as amount from jsonb_each_text(g.items) e
      ) i
      left join agreed a on a.placement_id = g.placement_id and a.item = i.item
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
        min(g.least_rate) as least_rate, min(g.least_wage) as least_wage,
        bool_or(g.odd) as odd, coalesce(bool_or(t.amount <> g.withheld), false) as odd_items, bit_xor(g.chain) as chain, sum(g.days) as days,
        bool_or(not t.agreed or t.id is null and g.withheld > 0) as not_agreed,
        min(t.rent) filter (where t.rent > 0) as least_rent, max(t.rent) as most_rent,
        min(g.least_days) as least_days, sum(g.n) as n,
        max(t.rent * 7 / g.least_days) filter (where t.rent > 0) as rent_week
      from rule_paid g left join taken t on t.id = g.id
      group by g.placement_id
    ),
    terms as (
      select placement_id, max({contract_week("k")}) as week, bool_or(guarantee_period = 'placement') as whole,
        max(hourly_rate) filter (where kind = 'signed') as rate, max(monthly_wage) filter (where kind = 'signed') as wage,
        bool_or(kind <> 'signed') as later, count(*) filter (where kind = 'signed') as n_signed,
        min(signed_on) filter (where kind = 'signed') as signed_on, min(language) filter (where kind = 'signed') as language,
        bool_or(supersedes_id is not null) as corrected
      from workers_contractversion k where {of("k")} and k.kind <> 'offer' group by k.placement_id
    ), {sieving_people.tables(p)}
    select * from (
      select s.placement_id, {marks} as look, s.odd_items, c.rate as signed_rate
      from (select s.*, g.first_pay, g.last_pay, g.last_pay is null as unpaid, g.week_hours, g.least_rate, g.least_wage,
          g.odd, g.odd_items, g.not_agreed, g.least_rent, g.most_rent, g.least_days, g.least_days = 7 and g.days = 7 * g.n as in_weeks, g.rent_week,
          g.chain <> {_hashed("g.first_pay")} # {_hashed("g.last_pay + 1")} or g.days <> g.last_pay - g.first_pay + 1 as broken,
          coalesce(g.last_pay > %(on)s::date - {TAIL_DAYS} or g.last_pay >= least(s.ended_on - 1, s.planned_end)
            and s.ended_on is not null, false) as to_the_end
        from rule_place s left join slips g on g.placement_id = s.placement_id) s
      left join terms c on c.placement_id = s.placement_id
      left join beyond o on o.placement_id = s.placement_id
      left join rule_alike x on x.placement_id = s.placement_id
      left join (select distinct k.placement_id from workers_costitem k where {of("k")} and k.paid_by = 'worker') z
        on z.placement_id = s.placement_id
      {sieving_people.JOINS}
    ) k where k.look > 0
    """


def _marks(p: Parameters) -> Mapping[str, str]:
    """name of a mark → SQL for whether a placement must be looked at closer, over ``s`` and its contract ``c``."""
    week, whole, undated = _promised(p)
    return {
        # The season of somebody recorded twice is known only when both records are read.
        "pay": "s.odd or s.odd_items or not s.unpaid and s.several_records",
        "blocks": f"not s.unpaid and ({whole} or c.whole or {undated} or greatest({week}, c.week) > 0 and (s.broken"
        f" or not s.to_the_end or coalesce(s.week_hours < greatest({week}, c.week), true)))",
        "gaps": "s.worked_on is not null and (s.unpaid or s.broken or not s.to_the_end"
        " or s.first_pay > s.worked_on + 5 or s.interrupted_on is not null or s.again_on is not null)",
        "runs": "x.placement_id is not null",
        "deductions": "s.not_agreed or o.placement_id is not null",
        "rents": f"s.most_rent > 0 and ({_rents(p)})",
        "signed": "c.later or s.least_rate < c.rate or s.least_wage < c.wage",
        "costs": "z.placement_id is not null",
        **sieving_people.marks(p),
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

    same = "(s.least_rent = s.most_rent and s.in_weeks)"
    return " or ".join([*above, f"{p.by_pilot(by_share)}", f"{p.by_pilot(rises)} and not {same}"])
