"""How much memory and time it takes to compile a report at several sizes: ``python -m bench report-memory [--workers N]``.

A pilot of 5,000 workers, of some between and of all, filled as for the report page (``bench/reports.py``) and with home
incomes, costs, answers, findings and surveys. The pilot review is compiled in a process of its own for each size, by the
portal's own door: measured, disclosed, rendered and frozen. Of the process (the worker) the peak is told when all is measured and at
the end, when the files are rendered; of the server, what its own process held.
"""

import json
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.measuring import Ratio, vacuum

KIND = "pilot"
SMALLEST = 5000

FILL = (
    """insert into pilots_exchangerate (month, from_currency, to_currency, rate, source)
    select m::date, 'TOP', 'NZD', 0.7, 'bench' from generate_series(date '2023-10-01', date '2026-12-01', interval '1 month') m
    on conflict do nothing""",
    """insert into workers_personbackground (person_id, pilot_id, marital_status, home_income, home_income_currency)
    select id, pilot_id, '', 300 + id %% 997, 'TOP' from workers_person where pilot_id = %(pilot)s and id %% 10 > 0""",
    """insert into workers_costitem (pilot_id, placement_id, cohort_id, item, amount, currency, paid_on, paid_by, paid_to, reimbursed,
      reimbursed_on)
    select p.pilot_id, p.id, p.cohort_id, 'visa', 300 + p.id %% 601, 'NZD', c.departs_on - 60, 'worker', '', 100, c.departs_on + 40
    from workers_placement p join pilots_cohort c on c.id = p.cohort_id where p.pilot_id = %(pilot)s and p.id %% 5 > 0""",
    """insert into compliance_checkanswer (pilot_id, check_record_id, placement_id, cohort_id, item, answer, failed, severity,
      answered_by, evidence, done_on, restricted)
    select k.pilot_id, k.id, k.placement_id, k.cohort_id, i, 'yes', k.id %% 11 = 0, 'major', 'worker', 'Seen.', k.done_on, false
    from compliance_check k cross join unnest(array['A01', 'D01']) i where k.pilot_id = %(pilot)s and k.id %% 2 = 0""",
    """with made as (
      insert into compliance_finding (pilot_id, placement_id, cohort_id, code, version, severity, indicators, source, owed, currency,
        restricted, state, opened_on, remedy, revision)
      select p.pilot_id, p.id, p.cohort_id, 'PAY-01', '1', 'major', '{}', 'bench ' || p.id, 10 + p.id %% 490, 'NZD', false, 'open',
        c.departs_on + 60, '', 1
      from workers_placement p join pilots_cohort c on c.id = p.cohort_id where p.pilot_id = %(pilot)s and p.id %% 4 = 0
      returning id, pilot_id, opened_on)
    insert into compliance_findingevent (pilot_id, finding_id, restricted, kind, happened_on, words, who)
    select pilot_id, id, false, k, opened_on + case when k = 'opened' then 0 else 5 + (id %% 150)::int end, '', '' from made
    cross join unnest(array['opened', 'resolved']) k where k = 'opened' or id %% 3 > 0 order by id, k""",
    """with made as (
      insert into compliance_surveycontact (pilot_id, placement_id, cohort_id, wave, instrument, outcome, mode, done_on, user_id,
        organisation_id)
      select p.pilot_id, p.id, p.cohort_id, w, '1', 'answered', 'phone',
        case w when 'baseline' then c.departs_on - 10 else c.returns_on + 180 end, 1, %(organisation)s
      from workers_placement p join pilots_cohort c on c.id = p.cohort_id cross join unnest(array['baseline', 'midline']) w
      where p.pilot_id = %(pilot)s and p.id %% 2 = 0
      returning id, pilot_id, wave)
    insert into compliance_surveyanswer (pilot_id, contact_id, question, choice, number, currency)
    select pilot_id, id, q, '', case q when 'satisfied' then 1 + id %% 10 else 200 + id %% 883 end,
      case q when 'satisfied' then '' else 'TOP' end
    from made cross join unnest(array['income_month', 'satisfied', 'sent_month']) q where wave = 'midline' or q = 'income_month'""",
)  # fmt: skip


def run(workers: int) -> list[Ratio]:
    """Peak memory at each size; wanted is the same at the largest as at the smallest."""
    from bench import reports

    sizes = sorted({min(SMALLEST, workers), max(workers // 10, 1000), workers})
    found = []
    for n, size in enumerate(sizes, start=3):
        scope, pilot = reports.filled(n, size)
        reports.fill(FILL, {"pilot": pilot.pk, "organisation": scope.organisation_id})
        vacuum()
        found.append(_compiled(pilot.pk, n))
        one = found[-1]
        slow = ", ".join(f"{words} {seconds:.1f}" for words, seconds in one["slowest"])
        most = ", ".join(f"{words} +{megabytes:.0f} MB" for words, megabytes in one["grown"])
        print(
            f"  {size:,} workers: {one['seconds']:.1f} s; worker {one['measured']:.0f} MB when measured, {one['worker']:.0f} MB"
            f" when rendered, server {one['server']:.0f} MB\n    slowest: {slow}\n    grown by: {most or 'nothing'}",
            flush=True,
        )
    answer = []
    parts = {"measured": "worker until all is measured", "worker": "worker", "server": "server"}
    for part, name in parts.items():
        few, many = found[0][part], found[-1][part]
        words = (
            f"memory of the {name}, report of {sizes[-1]:,} workers ({many:.0f} MB) against {sizes[0]:,} ({few:.0f} MB)"
        )
        answer.append(Ratio("G3", words, many / few, many / few, many / few, "≤ 1.2", many / few <= 1.2))
    return answer


def _compiled(pilot_id: int, n: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.compiling", str(pilot_id), str(n)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"bench: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _one(pilot_id: int, n: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.db import connection

    from accounts.jobs import Progress
    from accounts.scope import acting_as
    from bench import world
    from bench.memory import Sampled, line_of
    from reports.compiling import Order, compile_report

    status = Path("/proc/self/status")
    steps: list[tuple[str, float, float]] = []

    class Watched(Progress):
        """Notes when each step began, and the peak of memory by then."""

        def say(self, words: str, done: int | None = None, total: int | None = None) -> None:
            steps.append((words, time.perf_counter(), line_of(status, "VmHWM")))

    by = world.scope(n)
    order = Order(KIND, pilot_id, by.organisation_id, date(2024, 1, 1), date(2026, 12, 31), datetime.now(UTC))
    progress = Watched()
    with acting_as(by):
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            pid = cursor.fetchone()[0]
        server = Sampled(lambda: [pid])
        progress.say("beginning")
        compile_report(order, by=by, progress=progress)
        progress.say("end")
        held = server.end()
    parts = [(a[0], b[1] - a[1], b[2] - a[2]) for a, b in pairwise(steps)]
    slowest = sorted(((words, seconds) for words, seconds, _m in parts), key=lambda pair: -pair[1])[:6]
    grown = sorted(((words, more) for words, _s, more in parts[:-1] if more >= 1), key=lambda pair: -pair[1])[:4]
    return {
        "measured": steps[-2][2], "worker": steps[-1][2], "server": held, "seconds": steps[-1][1] - steps[0][1],
        "slowest": slowest, "grown": grown,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(_one(int(sys.argv[1]), int(sys.argv[2]))))
