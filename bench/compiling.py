"""How much memory and time it takes to measure a report at several sizes: ``python -m bench report-memory [--workers N]``.

A pilot of a hundredth, a tenth and all of the workers, filled as for the report page (``bench/reports.py``). All metrics of
the pilot review are measured in a process of its own for each size, as the job does before it renders; what is
rendered has a few hundred rows whatever the size. The peak is what the system counted for the process (the worker), and what the
server's own process held.
"""

import json
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.measuring import Ratio

KIND = "pilot"


def run(workers: int) -> list[Ratio]:
    """Peak memory at each size; wanted is the same at the largest as at the smallest."""
    from bench import reports

    sizes = [max(workers // 100, 100), max(workers // 10, 1000), workers]
    found = []
    for n, size in enumerate(sizes, start=3):
        _scope, pilot = reports.filled(n, size)
        reports.owner("vacuum analyze")
        found.append(_measured(pilot.pk, n))
        one = found[-1]
        slow = ", ".join(f"{code} {seconds:.1f}" for code, seconds in one["slowest"])
        most = ", ".join(f"{code} +{megabytes:.0f} MB" for code, megabytes in one["grown"])
        print(
            f"  {size:,} workers: {one['seconds']:.1f} s; worker {one['worker']:.0f} MB, server {one['server']:.0f} MB",
            flush=True,
        )
        print(f"    slowest: {slow}\n    grown by: {most or 'nothing'}", flush=True)
    answer = []
    for part in ("worker", "server"):
        few, many = found[0][part], found[-1][part]
        words = (
            f"memory of the {part}, report of {sizes[-1]:,} workers ({many:.0f} MB) against {sizes[0]:,} ({few:.0f} MB)"
        )
        answer.append(Ratio("G3", words, many / few, many / few, many / few, "≤ 1.2", many / few <= 1.2))
    return answer  # fmt: skip


def _measured(pilot_id: int, n: int) -> dict[str, Any]:
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

    from accounts.scope import acting_as, compiler_scope
    from bench import world
    from bench.memory import Sampled, line_of
    from reports.kinds import KINDS
    from reports.metrics import METRIC, Window

    by = world.scope(n)
    window = Window(
        pilot_id, "rse", date(2024, 1, 1), date(2026, 12, 31), datetime.now(UTC), reader_id=by.organisation_id
    )
    status = Path("/proc/self/status")
    seconds, grown = {}, {}
    with acting_as(compiler_scope(by, (pilot_id,))):
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            pid = cursor.fetchone()[0]
        server = Sampled(lambda: [pid])
        for code in KINDS[KIND].metrics:
            before, began = line_of(status, "VmHWM"), time.perf_counter()
            METRIC[code].section(window)
            seconds[code], grown[code] = time.perf_counter() - began, line_of(status, "VmHWM") - before
    slowest = sorted(seconds.items(), key=lambda pair: -pair[1])[:4]
    most = [pair for pair in sorted(grown.items(), key=lambda pair: -pair[1])[:4] if pair[1] >= 1]
    return {
        "worker": line_of(status, "VmHWM"), "server": server.end(), "seconds": sum(seconds.values()), "slowest": slowest,
        "grown": most,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(_one(int(sys.argv[1]), int(sys.argv[2]))))
