"""How much memory an import takes at two sizes: the child that parses, the worker, and the server's own process.

``python -m bench import-memory``: each size in a process of its own, rolled back at the end. Sampled are the anonymous
pages of the server's process (shared buffers are the cluster's, whatever is imported) and of the child; of the worker the
peak is what the system counted.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.measuring import Ratio

LIMITS = {
    "rows": 1_200_000, "file_size": 2**30, "unpacked_size": 4 * 2**30, "memory": 8 * 2**30, "cpu_seconds": 900, "wall_seconds": 1800,
}  # fmt: skip
MEGABYTE = 1024


# Few rows and many. Workbooks of both lengths are read as they come (``held`` in the limits).
SIZES = {"xlsx": (200_000, 500_000), "csv": (100_000, 1_000_000)}


def run(rows: int | None = None) -> list[Ratio]:
    """Peak memory at few rows and at many, as ratios; wanted is the same. ``rows`` are the many of a shorter run."""
    answer = []
    for form, given in SIZES.items():
        sizes = (max(1, min(rows, given[1]) * given[0] // given[1]), min(rows, given[1])) if rows else given
        found = [_measured(size, form) for size in sizes]
        for part in ("child", "worker", "server"):
            few, many = (each[part] for each in found)
            words = f"memory of the {part}, .{form}: {few:.0f} MB at {sizes[0]:,} rows, {many:.0f} MB at {sizes[1]:,}"
            answer.append(Ratio("G1", words, many / few, many / few, many / few, "≤ 1.2", many / few <= 1.2))
        print(f"  .{form}: {found[1]['seconds']:.0f} s for {sizes[1]:,} rows", flush=True)
    return answer


def _measured(rows: int, form: str) -> dict[str, Any]:
    more = {"SHEET_LIMITS": json.dumps(LIMITS), "SHEET_MAX_BYTES": str(LIMITS["file_size"])}
    with tempfile.NamedTemporaryFile(prefix="bench-", suffix=f".{form}") as made:
        # Each in a process of its own: what making the sheet took would count as the import's.
        _run(["-c", MAKE, form, str(rows), made.name], {})
        # What the portal's pages do, in another process than the worker's: whoever sends a file holds it.
        batch = _run(["-c", OPEN, made.name], more).split()[-1]
        return json.loads(_run(["-m", "bench.memory", str(rows), batch], more).splitlines()[-1])


MAKE = """
import sys
import django
django.setup()
from bench import people_list
_, form, rows, path = sys.argv
make = {"csv": people_list.textfile, "xlsx": people_list.workbook}[form]
open(path, "wb").write(make(int(rows)))
"""

OPEN = """
import sys
from pathlib import Path
import django
django.setup()
from accounts.scope import acting_as
from bench import world
from pilots.models import Pilot
from workers.sheets.door import open_batch
path, by = Path(sys.argv[1]), world.scope()
with acting_as(by):
    print(open_batch(path.read_bytes(), path.name, "workers", Pilot.objects.get(slug="bench-0"), by=by).pk)
"""


def _run(arguments: list[str], more: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env=os.environ | more, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"bench: {done.stderr[-2000:]}")
    return done.stdout


class Sampled:
    """The highest number of anonymous bytes that processes held while this ran, in megabytes; asked again each time."""

    def __init__(self, which: Callable[[], list[int]]) -> None:
        self._which, self.most, self._stop = which, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._stop.wait(0.02):
            for pid in self._which():
                with contextlib.suppress(OSError, StopIteration):  # gone meanwhile
                    self.most = max(self.most, line_of(Path(f"/proc/{pid}/status"), "RssAnon"))

    def end(self) -> float:
        """Stop looking."""
        self._stop.set()
        self._thread.join()
        return self.most


def _readers() -> list[int]:
    """The children of this process that read. One that has not yet begun to still has the memory of this process."""
    found = []
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        with contextlib.suppress(OSError):  # gone meanwhile
            if b"reader_process" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(int(pid))
    return found


def line_of(status: Path, name: str) -> float:
    """A line of a process's status, in megabytes."""
    found = next(line for line in status.read_text().splitlines() if line.startswith(name))
    return int(found.split()[1]) / MEGABYTE


def _one(rows: int, pk: int) -> dict[str, Any]:
    """Check and record a sheet of this size that was sent, and roll that back."""
    import django

    django.setup()
    from django.db import connection, transaction

    from accounts.scope import acting_as
    from bench import people_list, world
    from workers.models import ImportBatch
    from workers.sheets.door import check, commit
    from workers.sheets.limits import LIMITS as limits

    by = world.scope()
    with acting_as(by), transaction.atomic():
        batch = ImportBatch.objects.select_related("pilot__corridor").get(pk=pk)
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            pid = cursor.fetchone()[0]
        server, child = Sampled(lambda: [pid]), Sampled(_readers)
        began = time.perf_counter()
        check(batch, by=by, today=people_list.TODAY, limits=limits)
        done = commit(batch, by=by, only_accepted=False, today=people_list.TODAY)
        seconds = time.perf_counter() - began
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
        if done.new != rows:
            raise SystemExit(f"bench: {done} instead of {rows} new rows.")
        answer = {
            "server": server.end(),
            "child": child.end(),
            "worker": line_of(Path("/proc/self/status"), "VmHWM"),
            "seconds": seconds,
        }
        transaction.set_rollback(True)
    return answer


if __name__ == "__main__":
    print(json.dumps(_one(int(sys.argv[1]), int(sys.argv[2]))))
