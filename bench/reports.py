"""G3: a reader's report page through roll-ups, against ORM aggregates over the rows, at one size and at a tenth of it.

``python -m bench reports --size S|M`` or ``--workers N``: one pilot of a tenth of the workers and one of all of them, each
with as many cohorts, filled by SQL with a fixed rule: six moves, twelve payslips and four checks a worker. The page asks five
questions: how many reached each milestone, the days from one to the next, pay by month, how placements ended, checks
by stage. Every arm must give the same answers before its time counts. Then: what the marks cost the one who writes, and
how long all roll-ups and a hundredth of them take to compute.
"""

import statistics
import time
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Count, F, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import TruncMonth

from accounts.scope import Scope, acting_as, operator_scope
from bench import world
from bench.measuring import Ratio, Timed, in_turn, vacuum
from compliance.models import Check
from lamp_portal.servers import postgres
from lamp_portal.servers.places import Place
from pilots.models import Participation, Pilot
from reports.metrics.journey import EARLY_ENDS, MILESTONES, RETURNED
from reports.rollups.computing import check, refresh
from reports.rollups.sources import REACHED, params
from workers.journey.steps import STEP, STEPS
from workers.models import JourneyEvent, PayRecord, Placement, PlacementState

COHORTS = 200
WRITTEN = 100_000  # payslips of the one statement whose marks are measured
PAIRS = tuple(pairwise(MILESTONES))
# (step, days after the cohort opened, version): everybody goes the first four, one in six all nine.
MOVES = (("nominated", 0, 1), ("shortlisted", 10, 2), ("selected", 20, 3), ("contract_signed", 45, 4),
         ("documents_complete", 70, 5), ("visa_granted", 90, 6), ("departed", 120, 7), ("working", 130, 8),
         ("left_country", 330, 9))  # fmt: skip
Answer = dict[Any, Any]

FILL = (
    """insert into pilots_cohort (pilot_id, name, code, season, target, opens_on, departs_on, returns_on)
    select %(pilot)s, 'R' || g, 'R' || g, 1, 100, date '2024-01-01' + g, date '2024-05-01' + g, date '2025-01-01' + g
    from generate_series(1, %(cohorts)s) g""",
    """insert into workers_person (pilot_id, worker_code, family_name, given_names, passport_name, sex, birth_precision,
      nationality, village, province, languages, version)
    select %(pilot)s, 'R' || g, 'F' || g, 'G', '', 'F', 'day', 'TO', '', '', '', 1 from generate_series(1, %(workers)s) g""",
    """insert into workers_placement (pilot_id, person_id, cohort_id, season, planned_end, version)
    select q.pilot_id, q.id, c.id, 1, c.returns_on, 1 from workers_person q
    join (select id, returns_on, row_number() over (order by id) - 1 as n from pilots_cohort where pilot_id = %(pilot)s) c
      on c.n = q.id %% %(cohorts)s where q.pilot_id = %(pilot)s""",
    """insert into workers_journeyevent (pilot_id, placement_id, cohort_id, move, from_step, to_step, happened_on, known_on,
      reason, note, request, version)
    select p.pilot_id, p.id, p.cohort_id, 'bench', '', m.step, d.day, d.day, '', '', '', m.version
    from workers_placement p join pilots_cohort c on c.id = p.cohort_id
    cross join unnest(%(steps)s::text[], %(days)s::int[], %(versions)s::int[]) as m (step, after, version)
    cross join lateral (select c.opens_on + m.after + (p.id * m.version %% 17)::int as day) d
    where p.pilot_id = %(pilot)s and m.version <= 4 + p.id %% 6""",
    """insert into workers_placementstate (placement_id, pilot_id, cohort_id, step, since, version)
    select distinct on (e.placement_id) e.placement_id, e.pilot_id, e.cohort_id, e.to_step, e.happened_on, e.version
    from workers_journeyevent e where e.pilot_id = %(pilot)s order by e.placement_id, e.version desc""",
    """insert into workers_payrecord (pilot_id, placement_id, cohort_id, period_start, period_end, gross, tax, deductions, net,
      currency)
    select p.pilot_id, p.id, p.cohort_id, d.day, d.day + 27, 2000 + p.id %% 700, 200, 150, 1650 + p.id %% 700, 'NZD'
    from workers_placement p join pilots_cohort c on c.id = p.cohort_id cross join generate_series(0, 11) k
    cross join lateral (select c.departs_on + 28 * k as day) d where p.pilot_id = %(pilot)s""",
    """insert into compliance_check (pilot_id, placement_id, cohort_id, done_on, mode, stage, template_version, restricted,
      user_id, organisation_id, private, interpreter, form_key)
    select p.pilot_id, p.id, p.cohort_id, c.departs_on + 30 * k, 'phone', 'employment', '1', false, 1, %(organisation)s, false,
      '', ''
    from workers_placement p join pilots_cohort c on c.id = p.cohort_id cross join generate_series(1, 4) k
    where p.pilot_id = %(pilot)s""",
    """insert into workers_rollupmark (pilot_id, source, cohorts, months)
    select pilot_id, 'all', array_agg(id), array_agg(null::date) from pilots_cohort where pilot_id = %(pilot)s group by 1""",
)  # fmt: skip


def run(workers: int) -> list[Ratio]:
    """Fill, compute, compare the answers, time. Raises SystemExit where two arms answer differently."""
    few, many = (filled(n, size) for n, size in ((1, workers // 10), (2, workers)))
    vacuum()
    began = time.perf_counter()
    refresh()
    whole = time.perf_counter() - began
    if check(repair=False).differing:
        raise SystemExit("bench: roll-ups differ from their rows; their time means nothing.")
    for scope, pilot in (few, many):
        _same(scope, pilot)
    small, large = _timed(few, orm=False), _timed(many, orm=True)
    against = [b / a for a, b in zip(large["roll-ups"].samples, large["orm"].samples, strict=True)]
    growth = [b / a for a, b in zip(small["roll-ups"].samples, large["roll-ups"].samples, strict=True)]
    middle, grown = statistics.median(against), statistics.median(growth)
    seconds = large["roll-ups"].samples
    marked, bare = _written(many[1])
    cost = [a / b for a, b in zip(marked, bare, strict=True)]
    print(
        f"  {workers:,} workers: all roll-ups computed in {whole:.1f} s; a hundredth in {_some(many[1]):.2f} s",
        flush=True,
    )
    return [
        Ratio("G3", f"report page of {workers:,} workers against ORM aggregates", middle, min(against), max(against), "≥ 4000", middle >= 4000),
        Ratio("G3", f"the page at {workers:,} workers against {workers // 10:,}", grown, min(growth), max(growth), "≤ 1.3", grown <= 1.3),
        Ratio("G3", "seconds of the page", statistics.median(seconds), min(seconds), max(seconds), "≤ 1", statistics.median(seconds) <= 1),
        Ratio("G3", f"{len(bare)} × {WRITTEN:,} payslips with marks of roll-ups against without", statistics.median(cost), min(cost), max(cost), "≤ 1.15", statistics.median(cost) <= 1.15),
    ]  # fmt: skip


def _superuser() -> psycopg.Connection:
    """The bench cluster's own superuser: filling passes triggers and keys by, as loading a backup does."""
    return psycopg.connect(postgres.url(Place("bench"), "postgres"))


def filled(n: int, workers: int) -> tuple[Scope, Pilot]:
    """A pilot of the n-th organisation of the bench with so many workers; and who reads it."""
    with acting_as(operator_scope()):
        organisation_id = world.scope(n).organisation_id
        first = Pilot.objects.select_related("corridor").filter(programme_id=organisation_id).earliest("pk")
        pilot = Pilot.objects.create(
            slug=f"bench-reports-{n}", name=f"Reports {n}", scheme="rse", corridor=first.corridor, programme=first.programme,
            starts_on=date(2024, 1, 1), ends_on=date(2027, 1, 1), currency="NZD", home_currency="TOP",
        )  # fmt: skip
        Participation.objects.create(
            pilot=pilot, organisation_id=organisation_id, kind="programme", joined_on=date(2024, 1, 1)
        )
    steps, days, versions = (list(column) for column in zip(*MOVES, strict=True))
    given = {"pilot": pilot.pk, "workers": workers, "cohorts": COHORTS, "steps": steps, "days": days, "versions": versions,
             "organisation": organisation_id}  # fmt: skip
    fill(FILL, given)
    return world.scope(n), pilot


def fill(statements: Iterable[str], given: dict[str, Any]) -> None:
    """Run statements that fill tables, as loading a backup does."""
    with _superuser() as connected:
        connected.execute("set session_replication_role = replica")
        for statement in statements:
            connected.execute(statement, given)


def _rolled(pilot: Pilot) -> Answer:
    """The page through roll-ups: one statement; the portal's own reader role and row policies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select measure, case when measure in ('gross', 'net', 'checks') then month end, key,"
            "  case when measure = 'stage' then value else 0 end, sum(n)::bigint, sum(amount)"
            " from workers_rollup where pilot_id = %s"
            "   and measure in ('reached', 'stage', 'gross', 'net', 'ends', 'checks') group by 1, 2, 3, 4",
            [pilot.pk],
        )
        rows = cursor.fetchall()
    answer: Answer = {name: {} for name in ("reached", "stage", "pay", "ends", "checks")}
    for measure, month, key, value, n, amount in rows:
        if measure == "stage":
            answer["stage"].setdefault(key, Counter())[value] += n
        elif measure in {"gross", "net"}:
            answer["pay"][month, measure] = amount
        elif measure == "checks":
            answer["checks"][month, key] = n
        else:
            answer[measure][key] = n
    wanted = {f"{a}>{b}" for a, b in PAIRS}
    answer["stage"] = {key: _middle(days) for key, days in answer["stage"].items() if key in wanted}
    return answer


def _middle(days: Counter) -> Decimal:
    """The median of a histogram of whole days: exact."""
    half, seen, lower = sum(days.values()), 0, None
    for value, n in sorted(days.items()):
        seen += n
        if lower is None and 2 * seen >= half:
            lower = value
        if 2 * seen >= half + 1 + (half % 2 == 0):
            return Decimal(lower + value) / 2
    return Decimal(lower or 0)


def _orm(pilot: Pilot) -> Answer:
    """The page as it is usually written: ORM aggregates, medians in Python."""
    events = JourneyEvent.objects.filter(pilot=pilot)
    reached: Answer = {}
    for milestone in REACHED:
        later = [s.code for s in STEPS if s.phase != "off_path" and s.order >= STEP[milestone].order]
        n = events.filter(to_step__in=later).values("placement").distinct().count()
        reached |= {milestone: n} if n else {}
    stage = {}
    for a, b in PAIRS:
        first = {step: Min("happened_on", filter=Q(to_step=step)) for step in (a, b)}
        rows = events.filter(to_step__in=[a, b]).values("placement").annotate(**first).values_list(a, b).order_by()
        if days := Counter((end - start).days for start, end in rows if start and end):
            stage[f"{a}>{b}"] = _middle(days)
    slips = PayRecord.objects.filter(pilot=pilot, superseded_by__isnull=True).annotate(month=TruncMonth("period_end"))
    pay: Answer = {}
    for month, gross, net in (
        slips.values("month").annotate(gross_sum=Sum("gross"), net_sum=Sum("net")).order_by()
        .values_list("month", "gross_sum", "net_sum")
    ):  # fmt: skip
        pay |= {(month, "gross"): gross, (month, "net"): net}
    back = JourneyEvent.objects.filter(placement=OuterRef("pk"), to_step__in=RETURNED).order_by("happened_on")
    early = JourneyEvent.objects.filter(placement=OuterRef("pk"), to_step__in=EARLY_ENDS).order_by("happened_on")
    departed = events.filter(to_step="departed").values("placement")
    ends: Counter = Counter()
    for left, ended, planned in (
        Placement.objects.filter(pilot=pilot, planned_end__isnull=False, pk__in=departed)
        .annotate(left=Subquery(back.values("happened_on")[:1]), ended=Subquery(early.values("happened_on")[:1]))
        .values_list("left", "ended", "planned_end")
    ):
        done = not ended and left and (planned - left).days <= 7
        ends["completed" if done else "ended" if left or ended else "open"] += 1
    asked = Check.objects.filter(pilot=pilot, restricted=False).annotate(month=TruncMonth("done_on"))
    checks = {(m, s): n for m, s, n in asked.values_list("month", "stage").annotate(Count("pk")).order_by()}
    return {"reached": reached, "stage": stage, "pay": pay, "ends": dict(ends), "checks": checks}


def _same(scope: Scope, pilot: Pilot) -> None:
    with acting_as(scope):
        ours, theirs = _rolled(pilot), _orm(pilot)
        standing = PlacementState.objects.filter(pilot=pilot).values(code=F("step")).annotate(n=Count("pk")).count()
    for name, found in theirs.items():
        if not found or found != ours[name]:
            raise SystemExit(f"bench: the arms differ in {name}: {str(ours[name])[:300]} and {str(found)[:300]}.")
    if not standing or not params(pilot.scheme)["stages"]:
        raise SystemExit("bench: nobody stands anywhere.")


def _timed(which: tuple[Scope, Pilot], *, orm: bool) -> dict[str, Timed]:
    scope, pilot = which

    def arm(page):
        def work() -> tuple[int, float]:
            with acting_as(scope):
                started = time.perf_counter()
                page(pilot)
                return 1, time.perf_counter() - started

        return work

    return in_turn({"roll-ups": arm(_rolled)} | ({"orm": arm(_orm)} if orm else {}))


def _written(pilot: Pilot) -> tuple[list[float], list[float]]:
    """Seconds of one statement that writes payslips, with the marks of roll-ups and without; each rolled back."""
    times: dict[bool, list[float]] = {True: [], False: []}
    statement = (
        "insert into workers_payrecord (pilot_id, placement_id, cohort_id, period_start, period_end, gross, tax, deductions,"
        " net, currency) select pilot_id, id, cohort_id, date '2026-06-01', date '2026-06-28', 2000, 200, 150, 1650, 'NZD'"
        " from workers_placement where pilot_id = %s order by id limit %s"
    )
    for _round in range(4):
        for marks in (True, False):
            with _superuser() as owner:
                if not marks:
                    owner.execute("alter table workers_payrecord disable trigger rollups_insert")
                started = time.perf_counter()
                if not owner.execute(statement, [pilot.pk, WRITTEN]).rowcount:
                    raise SystemExit("bench: nothing was written.")
                times[marks].append(time.perf_counter() - started)
                owner.rollback()
    return times[True][1:], times[False][1:]  # the first round warms up


def _some(pilot: Pilot) -> float:
    """Seconds to compute the roll-ups of one cohort in a hundred again."""
    with _superuser() as owner:
        owner.execute(
            "insert into workers_rollupmark (pilot_id, source, cohorts, months)"
            " select pilot_id, 'all', array_agg(id), array_agg(null::date) from pilots_cohort"
            " where pilot_id = %s and id %% 100 = 0 group by 1",
            [pilot.pk],
        )
    began = time.perf_counter()
    refresh()
    return time.perf_counter() - began
