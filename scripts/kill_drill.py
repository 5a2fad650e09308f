"""Kill the portal's processes in turn while reports compile, and count: every job done once, nothing lost, nothing doubled.

    .venv/bin/python scripts/kill_drill.py [--port 8099]

Runs the whole portal in its own profile ("drill"), asks for reports, and sends SIGKILL to the web server's parent, the
worker, Valkey, PostgreSQL and the one parent of all. Prints a line a victim; exits 1 when a count is off.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
JOBS = 3
PATIENCE = 180.0


def main() -> int:
    """One drill; the parent is stopped at the end whatever happens."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", default="8099")
    parser.add_argument("victims", nargs="*", default=["worker", "web", "valkey", "postgres", "parent"])
    options = parser.parse_args()
    port = options.port
    os.environ |= {"LAMP_PROFILE": "drill", "DEMO": "True", "LOCAL": "True", "PORT": port}
    parent = start()
    try:
        connect()
        bad = 0
        for victim in options.victims:
            parent, ok = strike(victim, parent)
            bad += not ok
        return 1 if bad else 0
    finally:
        parent.send_signal(signal.SIGTERM)
        parent.wait(timeout=60)


def start() -> subprocess.Popen:
    """Start the one parent and wait until the portal answers."""
    log = (ROOT / ".local").joinpath("drill.log")
    log.parent.mkdir(exist_ok=True)
    with log.open("ab") as out:
        parent = subprocess.Popen(
            [sys.executable, "-m", "lamp_portal.servers.run"], cwd=ROOT, stdout=out, stderr=out, env=os.environ
        )
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if parent.poll() is not None:
            raise SystemExit(f"The portal did not start; see {log}.")
        if answers():
            return parent
        time.sleep(0.5)
    raise SystemExit(f"The portal did not answer within {PATIENCE:.0f} s; see {log}.")


def answers() -> bool:
    """Whether the web server and what stands behind it are ready."""
    import urllib.request

    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{os.environ['PORT']}/readyz", timeout=3) as page:
            return page.status == 200
    except OSError:
        return False


def connect() -> None:
    """Django in this process, on the drill's own servers."""
    from lamp_portal import servers

    servers.use("drill")
    os.environ["DJANGO_SETTINGS_MODULE"] = "lamp_portal.settings"
    import django

    django.setup()


def strike(victim: str, parent: subprocess.Popen) -> tuple[subprocess.Popen, bool]:
    """Ask for reports, kill the victim while one compiles, wait for all of them, and count."""
    ids = ask()
    wait_for(ids, lambda states: "running" in states.values() or set(states.values()) == {"done"})
    pid = parent.pid if victim == "parent" else pid_of(victim)
    os.kill(pid, signal.SIGKILL)
    struck = time.monotonic()
    if victim == "parent":
        parent.wait()
        parent = start()
    states = wait_for(ids, lambda states: set(states.values()) <= {"done", "failed"})
    editions = count_editions(ids)
    ok = set(states.values()) == {"done"} and all(n == 1 for n in editions.values()) and len(editions) == len(ids)
    seconds = time.monotonic() - struck
    print(
        f"kill -9 {victim:9} jobs {sorted(states.values())}, editions per job {sorted(editions.values())},"
        f" all there after {seconds:.0f} s: {'right' if ok else 'WRONG'}",
        flush=True,
    )
    return parent, ok


def pid_of(victim: str) -> int:
    """The process to strike: a child of the parent by its note, a server by what it answers itself."""
    from django.conf import settings

    if victim == "postgres":
        from lamp_portal.servers import postgres
        from lamp_portal.servers.places import Place

        folder = postgres.cluster(Place("drill"))
        return int((folder / "postmaster.pid").read_text().splitlines()[0])
    if victim == "valkey":
        import redis

        return int(redis.Redis.from_url(settings.REDIS_URL).info("server")["process_id"])
    note = next(
        found for path in sorted((ROOT / ".local").rglob("run.json"))
        if (found := json.loads(path.read_text()))["address"].endswith(os.environ["PORT"])
    )  # fmt: skip
    mark = {"web": "granian", "worker": " worker "}[victim]
    return next(int(pid) for pid, command in note["children"].items() if mark in command)


def scope():
    """The funder of the demonstration's seasonal pilot."""
    from accounts.models import Membership
    from accounts.scope import acting_as
    from pilots.access import scope_for

    with acting_as(None):
        membership = Membership.objects.filter(role="funder", ended_at__isnull=True).order_by("id").first()
        return scope_for(membership, "drill")


def ask() -> list[int]:
    """Ask for a few reports that differ in their cut-off; answers the jobs' ids."""
    from accounts.scope import acting_as
    from reports.compiling import Order, ask_for

    by = scope()
    ids = []
    for n in range(JOBS):
        as_of = datetime.now(UTC) + timedelta(seconds=n)
        order = Order(
            "funder", by.pilot_ids[0], by.organisation_id, date(2024, 1, 1), date(2027, 1, 1) + timedelta(days=n), as_of
        )
        with acting_as(by):
            ids.append(ask_for(order, by=by).pk)
    return ids


def wait_for(ids: list[int], enough) -> dict[int, str]:
    """States of the jobs once ``enough`` says so; waits through a database that is away for a moment."""
    from django.db import DatabaseError, connection

    from accounts.models import Job
    from accounts.scope import acting_as

    deadline = time.monotonic() + PATIENCE
    states: dict[int, str] = {}
    while time.monotonic() < deadline:
        try:
            with acting_as(scope()):
                states = dict(Job.objects.filter(pk__in=ids).values_list("pk", "state"))
            if len(states) == len(ids) and enough(states):
                break
        except DatabaseError:
            connection.close()
        time.sleep(0.05)
    return states


def count_editions(ids: list[int]) -> dict[int, int]:
    """Editions per job."""
    from accounts.scope import acting_as
    from reports.models import Edition

    with acting_as(scope()):
        found = list(Edition.objects.filter(job_id__in=ids).values_list("job_id", flat=True))
    return {pk: found.count(pk) for pk in set(found)}


if __name__ == "__main__":
    sys.exit(main())
