"""G5: every rights rule over a pilot's payslips, against bare reads of the same tables and against what changed alone.

Two floors: the bare join of the payslips with placement and contract, and with it one bare join with the placement for each
other table that the rules read ("its equal per table touched"). What changed is one placement in a hundred, and where there are millions of payslips, ten thousand of them.

The payslips are as sparse in abuses as life: one in two hundred is paid under the floor, one in three hundred does not add up,
one in four hundred takes an item nobody agreed to. The rest hold, and leave nothing behind.
"""

from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from accounts.roles import ROLES
from accounts.scope import acting_as, compiler_scope
from bench import world
from bench.measuring import Ratio, in_turn, slower, vacuum
from compliance.rules.evaluating import evaluate
from compliance.rules.gathering import gather
from compliance.rules.judging import VERDICTS, judge
from compliance.rules.parameters import Parameters
from compliance.rules.pay import PAY
from compliance.rules.pay import RULES as PAY_RULES
from pilots.models import Pilot
from pilots.rulebook import rulebooks

FIRST = date(2025, 6, 9)  # the first day of work of everybody
CHANGED = 10_000  # payslips of few workers, all of each, where that is less than one in a hundred
AT_ONCE = 25_000  # placements whose payslips are written in one transaction
# The other tables of which the rules read rows of each placement, with the column that leads to it.
TABLES = (
    ("workers_journeyevent", "placement_id", "id"), ("workers_contractversion", "placement_id", "id"),
    ("workers_deductionagreement", "placement_id", "id"), ("workers_placementstate", "placement_id", "id"),
    ("workers_insurance", "placement_id", "id"), ("workers_costitem", "placement_id", "id"),
    ("workers_debt", "placement_id", "id"), ("workers_housingstay", "placement_id", "id"),
    ("compliance_check", "placement_id", "id"), ("compliance_checkanswer", "placement_id", "id"),
    ("workers_identitydocument", "person_id", "person_id"), ("workers_person", "id", "person_id"),
)  # fmt: skip

EVENTS = """
insert into workers_journeyevent (pilot_id, placement_id, cohort_id, employer_id, move, from_step, to_step, happened_on,
  known_on, reason, note, request, version)
select p.pilot_id, p.id, p.cohort_id, p.employer_id, 'bench', '', e.step, e.day, e.day, '', '', '', e.version
from (select * from workers_placement order by id limit %(n)s) p
cross join (values ('contract_signed', date '2025-04-01', 2), ('visa_granted', date '2025-05-01', 3),
  ('departed', date '2025-06-01', 4), ('arrived', date '2025-06-02', 5), ('working', date '2025-06-09', 6))
  as e (step, day, version)
"""
CONTRACTS = """
insert into workers_contractversion (pilot_id, placement_id, employer_id, kind, signed_on, language, employer_name, site_name,
  occupation, starts_on, ends_on, hourly_rate, currency, guaranteed_hours, guarantee_period, pay_cycle)
select p.pilot_id, p.id, p.employer_id, 'signed', date '2025-04-01', 'Tongan', 'Bench', 'S', 'T', date '2025-06-09',
  date '2025-12-31', 25, 'NZD', 30, 'week', 'weekly'
from (select * from workers_placement order by id limit %(n)s) p
"""
LANGUAGES = """
update workers_person set languages = 'Tongan, English' where id in (
  select person_id from (select * from workers_placement order by id limit %(n)s) p)
"""
PAPERS = """
insert into workers_identitydocument (pilot_id, person_id, kind, number, country, issued_on, expires_on)
select p.pilot_id, p.person_id, d.kind, d.kind || p.id, 'TO', date '2025-05-01', d.expires_on
from (select * from workers_placement order by id limit %(n)s) p
cross join (values ('passport', date '2030-01-01'), ('visa', date '2025-12-31')) as d (kind, expires_on)
"""
INSURANCES = """
insert into workers_insurance (pilot_id, placement_id, employer_id, kind, insurer, policy_number, paid_by, currency, joined_on,
  claim)
select p.pilot_id, p.id, p.employer_id, 'health insurance', '', '', '', '', date '2025-06-01', 'none'
from (select * from workers_placement order by id limit %(n)s) p
"""
AGREEMENTS = """
insert into workers_deductionagreement (pilot_id, placement_id, employer_id, item, per_period, currency, starts_on,
  consent_on, authority_approval)
select p.pilot_id, p.id, p.employer_id, 'rent', 150, 'NZD', date '2025-06-01', date '2025-04-01', 'A'
from (select * from workers_placement order by id limit %(n)s) p
"""
PAYSLIPS = """
insert into workers_payrecord (pilot_id, placement_id, cohort_id, employer_id, period_start, period_end, due_on, paid_on,
  hours_offered, hours_worked, rate, gross, tax, deductions, pension, items, net, currency, paid_to)
select p.pilot_id, p.id, p.cohort_id, p.employer_id, s.first, s.first + 6, s.first + 9, s.first + 9, s.hours, s.hours, s.rate,
  round(s.hours * s.rate, 2), round(s.hours * s.rate * 0.105, 2), 150 + s.more, 0,
  case when s.more > 0 then jsonb_build_object('rent', '150.00', 'transport', s.more::text)
    else jsonb_build_object('rent', '150.00') end,
  round(s.hours * s.rate, 2) - round(s.hours * s.rate * 0.105, 2) - 150 - s.more - s.short, 'NZD', 'own account'
from (select * from workers_placement where id = any(%(ids)s)) p
cross join lateral (
  select date '2025-06-09' + 7 * k as first, 32 + ((p.id * 31 + k * 17) %% 900) / 100.0 as hours,
    case when (p.id * 7 + k) %% 200 = 0 then 22 else 25 end::numeric as rate,
    case when (p.id * 11 + k) %% 300 = 0 then 20 else 0 end as short,
    case when (p.id * 13 + k) %% 400 = 0 then 30 else 0 end as more
  from generate_series(0, %(weeks)s - 1) k
) s
"""
ENDS = """
update workers_placement set planned_end = date '2025-12-31' where id in (
  select id from (select * from workers_placement order by id limit %(n)s) p)
"""
STATES = """
update workers_placementstate set step = 'working', since = date '2025-06-09' where placement_id in (
  select id from (select * from workers_placement order by id limit %(n)s) p)
"""
CHECKS = """
insert into compliance_check (pilot_id, placement_id, cohort_id, employer_id, site_id, done_on, mode, stage, template_version,
  restricted, user_id, organisation_id, private, interpreter, form_key)
select p.pilot_id, p.id, p.cohort_id, p.employer_id, p.site_id, c.day, c.mode, 'employment', '1', false, 1, p.employer_id, false, '', ''
from (select * from workers_placement order by id limit %(n)s) p
cross join (select date '2025-06-20' as day, 'document' as mode union all
  select d::date, 'in person' from generate_series(%(on)s::date - 10, date '2025-06-20', interval '-25 days') d) c
"""
ANSWERS = """
insert into compliance_checkanswer (pilot_id, check_record_id, placement_id, cohort_id, employer_id, item, answer, failed,
  severity, answered_by, evidence, done_on, restricted)
select c.pilot_id, c.id, c.placement_id, c.cohort_id, c.employer_id, i.item, 'yes', false, 'major', '', 'E', c.done_on, false
from compliance_check c cross join (values ('D01'), ('D02'), ('D07')) as i (item) where c.mode = 'document'
"""
FLOOR = """
select sum(r.gross - r.net) from workers_payrecord r
join workers_placement p on p.id = r.placement_id
left join workers_contractversion k on k.placement_id = r.placement_id
where r.pilot_id = any(%s)
"""


TOUCHED = "select count(*), max(t.pilot_id) from {table} t join workers_placement p on p.{key} = t.{column} where t.pilot_id = any(%s)"


class _Undo(Exception):
    """Rolls a round back, so that every round does the same work."""


def day_of(weeks: int) -> date:
    """The day of the evaluation: a week after the last of so many weekly payslips."""
    return FIRST + timedelta(days=7 * (weeks + 1))


def _fill(placements: int, weeks: int) -> int:
    given: dict[str, Any] = {"n": placements, "weeks": weeks, "on": day_of(weeks)}
    # Checks are welfare's and the safeguarding lead's; an officer writes none.
    lead = replace(world.scope(), db_role=ROLES["safeguarding_lead"].db_role, role_code="safeguarding_lead")
    with acting_as(lead), connection.cursor() as cursor:
        for statement in (CHECKS, ANSWERS):
            cursor.execute(statement, given)
    for statement in (ENDS, EVENTS, STATES, CONTRACTS, LANGUAGES, PAPERS, INSURANCES, AGREEMENTS):
        with acting_as(world.scope()), connection.cursor() as cursor:
            cursor.execute(statement, given)
    with acting_as(world.scope()), connection.cursor() as cursor:
        cursor.execute("select id from workers_placement order by id limit %s", [placements])
        ids = [row[0] for row in cursor.fetchall()]
    # A commit after each portion: what a transaction still has to check of its foreign keys is kept in memory.
    return sum(_pay(ids[first : first + AT_ONCE], weeks) for first in range(0, len(ids), AT_ONCE))


def _pay(ids: list[int], weeks: int) -> int:
    with acting_as(world.scope()), connection.cursor() as cursor:
        cursor.execute(PAYSLIPS, {"ids": ids, "weeks": weeks})
        return cursor.rowcount


def _undone(work) -> int:
    try:
        with acting_as(world.scope()), transaction.atomic():
            answer = work()
            raise _Undo
    except _Undo:
        return answer


def _whole(pilot_id: int, records: int, on: date):
    def work() -> int:
        done = evaluate([pilot_id], on=on, by=world.scope())
        if done.broken == 0:
            raise SystemExit("bench: the rules found nothing where abuses were planted.")
        return records

    return lambda: _undone(work)


def _floor(pilot_id: int, records: int, tables: tuple = ()):
    def arm() -> int:
        with acting_as(compiler_scope(world.scope(), (pilot_id,))), connection.cursor() as cursor:
            cursor.execute(FLOOR, [[pilot_id]])
            cursor.fetchall()
            for table, column, key in tables:
                cursor.execute(TOUCHED.format(table=table, column=column, key=key), [[pilot_id]])
                cursor.fetchall()
            return records

    return arm


def _payslips(pilot_id: int, records: int, on: date):
    """The six rules of one payslip alone, with what they need gathered."""

    def work() -> int:
        with acting_as(compiler_scope(world.scope(), (pilot_id,))), connection.cursor() as cursor:
            p = Parameters(rulebooks(Pilot.objects.filter(pk=pilot_id)))
            given = {"pilots": [pilot_id], "placements": None, "sites": None, "on": on}
            gather(given, p)
            cursor.execute("drop table if exists rule_verdict")
            cursor.execute(VERDICTS)
            judge(PAY, PAY_RULES, p, given)
        return records

    return lambda: _undone(work)


def _changed(pilot_id: int, placements: list[int], records: int, on: date):
    """Timed as if it looked at every payslip, so that its seconds stand beside those of a whole run."""

    def work() -> int:
        evaluate([pilot_id], on=on, by=world.scope(), placements=placements, sites=[])
        return records

    return lambda: _undone(work)


def run(placements: int, weeks: int = 12) -> list[Ratio]:
    """Fill, then time the arms in turn: so many placements with so many weekly payslips each."""
    started = perf_counter()
    on, records = day_of(weeks), _fill(placements, weeks)
    vacuum()
    print(
        f"{records:,} payslips of {placements:,} placements, written in {perf_counter() - started:,.0f} s.", flush=True
    )
    with acting_as(world.scope()):
        pilot_id = Pilot.objects.order_by("pk").values_list("pk", flat=True)[0]
        with connection.cursor() as cursor:
            cursor.execute("select id from workers_placement order by id limit %s", [placements])
            ids = [row[0] for row in cursor.fetchall()]
    few = ids[:: max(1, len(ids) // max(1, placements // 100))]
    slips = ids[:: len(ids) * weeks // CHANGED] if records > 100 * CHANGED else []
    arms = {
        "rules": _whole(pilot_id, records, on), "payslips": _payslips(pilot_id, records, on),
        "floor": _floor(pilot_id, records), "tables": _floor(pilot_id, records, TABLES),
        "changed": _changed(pilot_id, few, records, on),
    }  # fmt: skip
    if slips:
        arms["payslips changed"] = _changed(pilot_id, slips, records, on)
    timed = in_turn(arms)
    for name, one in timed.items():
        print(f"  {name:16} {', '.join(f'{seconds * records:,.2f}' for seconds in one.samples)} s")
    ratios = [
        slower("G5", f"rules of a payslip over {records:,} against the bare join", timed["payslips"], timed["floor"], 2.4),
        slower("G5", f"all rules over {records:,} against the bare join", timed["rules"], timed["floor"], 2.4),
        slower("G5", f"all rules over {records:,} against each table once", timed["rules"], timed["tables"], 2.4),
        slower("G5", f"{len(few):,} changed of {placements:,} placements against a whole run", timed["changed"], timed["rules"], 0.01),
    ]  # fmt: skip
    if slips:
        words = f"{len(slips) * weeks:,} changed of {records:,} payslips against a whole run"
        ratios.append(slower("G5", words, timed["payslips changed"], timed["rules"], 0.01))
    return ratios
