"""What every metric reads of a window: its events, its placements, the pay records that stand, and what each placement earned.

``RELATIONS`` are the four as SQL, in the order in which one needs the other. Outside of a report each statement begins with
them. A report gathers them once (``with gathered(windows):``) into temporary tables with indexes and statistics: the planner,
which takes row policies for tight, would otherwise go through one list for each row of another, and everything would be
read again for each of forty figures. Both ways answer the same.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from reports.metrics import purchasing

DAYS_A_MONTH = Decimal("30.4375")  # 365.25 / 12, as for worker-months (domain reference, section 3.1)
# Deductions by what they are for. Advances are paid back once; living costs are paid as long as somebody stays.
# Names as the items of payslips are kept (small letters); what is in neither list stands as "other".
ADVANCES = (
    "airfare", "airfare advance", "flight", "international travel", "advance", "cash advance", "loan", "visa", "insurance",
    "medical exam", "set-up", "setup", "clothing", "equipment",
)  # fmt: skip
LIVING = ("rent", "accommodation", "lodging", "housing", "transport", "meals", "food", "utilities", "power", "internet")
# Memory of one sort or hash of a statement: what is larger goes to disk, so that a report of a million workers needs no
# more of it than one of thousands.
PIECE: Final = 5000  # rows that Python holds at a time
MEMORY: Final = {"work_mem": "4MB", "hash_mem_multiplier": "1", "maintenance_work_mem": "8MB"}

EVENTS = """
select e.pilot_id, e.placement_id, e.to_step, e.happened_on, e.id from workers_journeyevent e
where e.pilot_id = %(pilot)s and e.recorded_at <= %(as_of)s and e.happened_on <= %(cut)s
union all
-- A move that was taken back later was known until then.
select b.pilot_id, b.placement_id, b.to_step, b.happened_on, b.event_id from workers_movetakenback b
where b.pilot_id = %(pilot)s and b.recorded_at <= %(as_of)s and b.taken_back_at > %(as_of)s and b.happened_on <= %(cut)s
"""
PLACEMENTS = """
-- Two records that were merged by then are one person.
select p.pilot_id, p.cohort_id, p.id, coalesce(m.keep_id, p.person_id) as person_id, p.planned_end, pe.sex
from workers_placement p
join pilots_cohort c on c.id = p.cohort_id and c.departs_on between %(from)s and %(to)s
join workers_person pe on pe.id = p.person_id
left join workers_mergedperson m on m.person_id = p.person_id and m.merged_at <= %(as_of)s
where p.pilot_id = %(pilot)s and p.recorded_at <= %(as_of)s
  and (%(employer)s::bigint is null or p.employer_id = %(employer)s)
  and (%(cohort)s::bigint is null or p.cohort_id = %(cohort)s)
  and exists (select from events e where e.placement_id = p.id)
"""
# Pay records that stand (a correction supersedes), of the window's placements.
PAY = """
select p.pilot_id, p.cohort_id, r.id, r.placement_id, r.period_start, r.period_end, r.gross, r.tax, r.deductions, r.net,
  r.items, r.currency, r.supersedes_id
from workers_payrecord r join placements p on p.id = r.placement_id
where r.recorded_at <= %(as_of)s and r.period_end <= %(cut)s
  and not exists (select from workers_payrecord n where n.supersedes_id = r.id and n.recorded_at <= %(as_of)s)
"""

# The rate of a month from one currency to another, direct or turned round; null when nobody recorded one.
RATE = """
case when {source} = {target} then 1 else coalesce(
  (select x.rate from pilots_exchangerate x where x.month = date_trunc('month', {day})::date
     and x.from_currency = {source} and x.to_currency = {target}),
  (select 1 / x.rate from pilots_exchangerate x where x.month = date_trunc('month', {day})::date
     and x.from_currency = {target} and x.to_currency = {source})) end
"""
# The same for many rows: the table of rates, each month and pair once.
RATES = """
rates as materialized (
  select distinct on (source, target, month) source, target, month, rate from (
    select from_currency as source, to_currency as target, month, rate, 1 as n from pilots_exchangerate
    union all select to_currency, from_currency, month, 1 / rate, 2 from pilots_exchangerate) either
  order by source, target, month, n
)
"""


def _rate(name: str, source: str, target: str, day: str) -> str:
    return (
        f"left join rates {name} on {name}.source = {source} and {name}.target = {target}"
        f" and {name}.month = date_trunc('month', {day})::date"
    )


def _by(name: str, source: str, target: str) -> str:
    return f"(case when {source} = {target} then 1 else {name}.rate end)"


# The factor of a currency in each year up to the cut-off: of that year, or of the newest before it that the file has. A row
# for each year, so that a payslip finds its own by being equal and is not held against all years of its currency.
FACTORS = """
factors as materialized (
  select f.currency, y.year, f.value from (
    select g.currency, g.year, lead(g.year) over (partition by g.currency order by g.year) as until, g.value::numeric as value
    from jsonb_to_recordset(%(factors)s::jsonb) g(currency text, year int, value text)) f
  cross join lateral generate_series(f.year, coalesce(f.until - 1, extract(year from %(cut)s::date)::int)) y(year)
)
"""


def _factor(name: str, currency: str, day: str) -> str:
    return f"left join factors {name} on {name}.currency = {currency} and {name}.year = extract(year from {day})::int"


# One row for each placement with pay records, amounts in the pilot's pay currency; null where a rate or a fact is missing.
# ``month`` is the gross pay of the first month; ``paid`` what the worker paid for the job before anything came back, null
# when nobody asked; ``home`` pay per month at home before. ``multiple`` and ``multiple_ppp`` are of the same placements: who
# lacks what one of them needs is in neither, so that nobody is told by the difference. Only where the file has no factor at
# all for the pilot's own currencies there is no second one, and the first stands alone.
EARNED = f"""
with target as (
  select o.currency, o.currency = any(%(priced)s) and o.home_currency = any(%(priced)s) as told
  from pilots_pilot o where o.id = %(pilot)s
), {RATES}, {FACTORS}, firsts as (
  select r.placement_id, min(r.period_start) as day from pay r group by r.placement_id
), sums as (
  select r.placement_id, min(s.day) as first, min(b.home_income) as home_income,
    min(b.home_income_currency) as home_income_currency, sum(r.period_end - r.period_start + 1) as days, sum(r.gross * x.rate) as gross, sum(r.tax * x.rate) as tax,
    sum(r.deductions * x.rate) as taken, sum(r.net * x.rate) as net, sum(coalesce(i.living, 0) * x.rate) as living,
    sum(coalesce(i.advances, 0) * x.rate) as advances,
    bool_and(r.deductions = 0 or coalesce(i.named, 0) = r.deductions) as itemised, bool_or(x.rate is null) as no_rate,
    case when not bool_or(x.rate is null) filter (where r.period_start < s.day + 31) then
      sum(r.gross * x.rate) filter (where r.period_start < s.day + 31)
      / (sum(r.period_end - r.period_start + 1) filter (where r.period_start < s.day + 31) / %(month)s::numeric) end as month,
    case when not bool_or(x.at_home is null) then sum(r.gross * x.at_home) end as at_home,
    case when not bool_or(away.value is null) then sum(r.gross / away.value) end as buys
  from pay r join firsts s on s.placement_id = r.placement_id join placements p on p.id = r.placement_id cross join target t
  left join workers_personbackground b on b.person_id = p.person_id
  {_rate("here", "r.currency", "t.currency", "r.period_start")}
  {_rate("there", "r.currency", "b.home_income_currency", "r.period_start")}
  cross join lateral (select {_by("here", "r.currency", "t.currency")} as rate,
    {_by("there", "r.currency", "b.home_income_currency")} as at_home) x
  {_factor("away", "r.currency", "r.period_start")}
  left join lateral (
    select sum(v.value::numeric) as named, sum(v.value::numeric) filter (where v.key = any(%(living)s)) as living,
      sum(v.value::numeric) filter (where v.key = any(%(advances)s)) as advances
    from jsonb_each_text(r.items) v where r.items <> '{{}}'::jsonb) i on true
  group by r.placement_id
), ledger as (
  select c.placement_id, bool_or(c.paid_by = 'worker' and x.rate is null) as no_rate,
    coalesce(sum(c.amount * x.rate) filter (where c.paid_by = 'worker'), 0) as paid,
    coalesce(sum(c.reimbursed * x.rate) filter (where c.paid_by = 'worker' and c.reimbursed_on <= %(cut)s), 0) as back
  from workers_costitem c join placements p on p.id = c.placement_id cross join target t
  {_rate("here", "c.currency", "t.currency", "c.paid_on")}
  cross join lateral (select {_by("here", "c.currency", "t.currency")} as rate) x
  where c.recorded_at <= %(as_of)s and c.paid_on <= %(cut)s group by c.placement_id
), multiples as (
  select s.placement_id, t.told,
    case when s.home_income > 0 and s.days > 0 then s.at_home / (s.days / %(month)s::numeric) / s.home_income end as market,
    case when s.home_income > 0 and s.days > 0
      then s.buys / (s.days / %(month)s::numeric) / (s.home_income / home.value) end as ppp
  from sums s cross join target t {_factor("home", "s.home_income_currency", "s.first")}
)
select p.pilot_id, p.cohort_id, p.id, p.person_id, s.days, s.itemised,
  case when not s.no_rate then s.gross end as gross, case when not s.no_rate then s.tax end as tax,
  case when not s.no_rate then s.taken end as taken, case when not s.no_rate then s.net end as net,
  case when not s.no_rate then s.living end as living, case when not s.no_rate then s.advances end as advances,
  case when not l.no_rate then l.paid end as paid, case when not l.no_rate then l.back end as back,
  s.home_income * {_by("house", "s.home_income_currency", "t.currency")} as home, s.month,
  case when m.ppp is not null or not m.told then m.market end as multiple,
  case when m.market is not null and m.told then m.ppp end as multiple_ppp
from sums s join placements p on p.id = s.placement_id join multiples m on m.placement_id = s.placement_id cross join target t
left join ledger l on l.placement_id = s.placement_id
{_rate("house", "s.home_income_currency", "t.currency", "s.first")}
"""

RELATIONS: Final[Mapping[str, str]] = {"events": EVENTS, "placements": PLACEMENTS, "pay": PAY, "earned": EARNED}
_ORDER: Final[Mapping[str, str]] = {"events": "placement_id", "placements": "id", "pay": "placement_id", "earned": "id"}
# Which windows are in the temporary tables now; a cohort of one is a part of it.
_here: ContextVar[frozenset[tuple]] = ContextVar("gathered_windows", default=frozenset())
# Answers of few rows to what a report asked before: several figures stand on one count.
_asked: ContextVar[dict[tuple[str, str], list[tuple]] | None] = ContextVar("asked_before", default=None)
FEW: Final = 200


def _key(params: Mapping[str, Any]) -> tuple:
    return tuple(params[name] for name in ("pilot", "from", "to", "as_of", "cut", "employer"))


def _constants() -> dict[str, Any]:
    table = [{"currency": f.currency, "year": f.year, "value": str(f.value)} for f in purchasing.factors()]
    return {
        "month": DAYS_A_MONTH, "living": list(LIVING), "advances": list(ADVANCES), "factors": json.dumps(table),
        "priced": sorted({row["currency"] for row in table}),
    }  # fmt: skip


def _beginning(params: Mapping[str, Any]) -> str:
    """The relations as the beginning of a WITH: gathered ones, or each worked out in the statement."""
    if _key(params) not in _here.get():
        return ", ".join(f"{name} as materialized ({sql})" for name, sql in RELATIONS.items())
    found = []
    for name in RELATIONS:
        # The events are those of the pilot whatever the cohort: what asks for a cohort's joins them to its placements.
        part = " and cohort_id = %(cohort)s" if params["cohort"] is not None and name != "events" else ""
        found.append(f"{name} as not materialized (select * from gathered_{name} where pilot_id = %(pilot)s{part})")
    return ", ".join(found)


def ask(sql: str, params: Mapping[str, Any]) -> list[tuple]:
    """Rows of a statement, or of the rest of a WITH, that reads the window's relations; those it does not name cost nothing.

    Within ``gathered`` the same question asked again is answered from memory.
    """
    known, question = _asked.get(), (sql, repr(sorted(params.items())))
    if known is not None and question in known:
        return list(known[question])
    with connection.cursor() as cursor:
        cursor.execute(*_statement(sql, params))
        rows = cursor.fetchall()
    if known is not None and len(rows) <= FEW:
        known[question] = rows
    return list(rows)


def ask_in_pieces(sql: str, params: Mapping[str, Any]) -> Iterator[tuple]:
    """The same where there may be a row for each placement: so many are held at a time as ``PIECE`` says."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(*_statement(sql, params))
        while rows := cursor.fetchmany(PIECE):
            yield from rows


def _statement(sql: str, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    comma = "" if sql.lstrip().startswith("select ") else ","
    return f"with {_beginning(params)}{comma} {sql}", _constants() | dict(params)


@contextmanager
def gathered(windows: Sequence[Mapping[str, Any]]) -> Iterator[None]:
    """Within it, ``ask`` reads the relations of these windows (each as its parameters, without a cohort) from temporary tables.

    Call it inside a transaction that may write; memory of its statements stays small until the end of that transaction.
    Facts that are written inside it are not seen.
    """
    with connection.cursor() as cursor:
        for name, value in MEMORY.items():
            cursor.execute("select set_config(%s, %s, true)", [name, value])
        _drop(cursor)
        _fill(cursor, windows)
        token, asked = _here.set(frozenset(_key(window) for window in windows)), _asked.set({})
        try:
            yield
        finally:
            _asked.reset(asked)
            _here.reset(token)
        _drop(cursor)


def _drop(cursor: Any) -> None:
    cursor.execute("drop table if exists " + ", ".join(f"gathered_{name}" for name in RELATIONS))


def _fill(cursor: Any, windows: Sequence[Mapping[str, Any]]) -> None:
    """The tables in the order of one placement after another, so that what is counted for each is read in a row."""
    before: list[str] = []
    for name, sql in RELATIONS.items():
        for number, window in enumerate(windows):
            have = [
                f"{other} as not materialized (select * from gathered_{other} where pilot_id = %(pilot)s)"
                for other in before
            ]
            begin = f"with {', '.join(have)} " if have else ""
            into = f"insert into gathered_{name}" if number else f"create temp table gathered_{name} on commit drop as"
            cursor.execute(
                f"{into} {begin}select * from ({sql}) g order by {_ORDER[name]}", _constants() | dict(window)
            )
        cursor.execute(f"create index on gathered_{name} ({_ORDER[name]})")
        if name != "events":
            cursor.execute(f"create index on gathered_{name} (cohort_id)")
        cursor.execute(f"analyze gathered_{name}")
        before.append(name)
