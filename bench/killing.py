"""``python -m bench.killing``: end the worker, the database connection and the broker at random moments of an import.

Real processes: own servers, a Celery worker, the portal's jobs. Each moment is one sheet of new people, checked and
recorded by jobs. After every kill what died is started again, as a supervisor would; the sweep is run as the scheduler
would. While it goes on and in the end: all rows or none, and in the end every row once. The moments come from a seed. One that
lies behind the end of the work hit nothing, and is played again with another sheet and an earlier moment until it hits.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lamp_portal import servers
from lamp_portal.servers import postgres, valkey
from lamp_portal.servers.binaries import programs
from lamp_portal.servers.places import Place

VICTIMS = ("worker", "connection", "broker")
LEASE = 3  # seconds after which a dead worker's job is handed on; shorter than the portal's, so that a run ends soon
PATIENCE = 600.0  # seconds for one import, with everything that happens to it
TRIES = 6  # how often a moment that hit nothing is played again, each time at two thirds of the time
WORKER = (
    "-m",
    "celery",
    "-A",
    "lamp_portal",
    "worker",
    "-c",
    "1",
    "--without-gossip",
    "--without-mingle",
    "-l",
    "ERROR",
)


class Broken(SystemExit):
    """A promise that was not kept."""


@dataclass
class Moment:
    """One import and what was killed in it: ``at`` is the share of an undisturbed import's time."""

    number: int
    victim: str
    at: float
    did: str = ""
    seconds: float = 0.0
    attempts: int = 0
    told: dict[str, Any] = field(default_factory=dict)


class Worker:
    """The Celery worker in a process group of its own, so that all of it can be killed at once."""

    def __init__(self, log: Path, more: dict[str, str] | None = None) -> None:
        self._log, self._more = log, more or {}
        self._process = self._start(log)

    def _start(self, log: Path) -> subprocess.Popen:
        with log.open("ab") as file:
            return subprocess.Popen(
                [sys.executable, *WORKER], env=os.environ | {"LAMP_PROCESS": "worker"} | self._more, stdout=file,
                stderr=file, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL to the worker and its child, in the middle of whatever they do."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def keep_alive(self) -> None:
        """Start it again when it is gone."""
        if self._process.poll() is not None:
            self._process = self._start(self._log)

    def stop(self) -> None:
        """End it."""
        if self._process.poll() is None:
            self.kill()


def prepare(profile: str) -> Place:
    """A fresh database in a cluster of its own, migrated, with one pilot."""
    os.environ.update(
        {"LOCAL": "True", "LAMP_PROCESS": "bench", "DJANGO_SETTINGS_MODULE": "lamp_portal.settings",
         "JOB_LEASE_SECONDS": str(LEASE)}
    )  # fmt: skip
    servers.reset(profile)
    servers.use(profile)
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, env=os.environ | {"LAMP_DB_ROLE": "owner"}, check=True)
    import django

    django.setup()
    from bench import world

    world.build(200)
    return Place(profile)


@dataclass
class World:
    """What can be killed: the worker, the broker of this place, and connections to the database of this URL."""

    worker: Worker
    broker: Place
    database: str

    def kill(self, victim: str) -> str:
        """End the victim; says what was hit, nothing when it was not there: then the next look tries again."""
        if victim == "worker":
            self.worker.kill()
            return "worker killed"
        if victim == "broker":
            number = valkey._pid(self.broker)
            if number is None:
                raise Broken("bench: the broker was not there to be killed.")
            os.kill(number, signal.SIGKILL)
            return "broker killed"
        import psycopg

        with psycopg.connect(self.database, autocommit=True) as killer:
            hit = killer.execute(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where application_name = 'lamp worker' and datname = current_database()"
            ).fetchone()
        return f"{hit[0]} connections ended" if hit and hit[0] else ""

    def tend(self) -> None:
        """Start what is gone, as a supervisor does, and look after jobs that nobody works on, as the scheduler does."""
        from accounts import jobs

        valkey.ensure(self.broker, programs(self.broker))
        self.worker.keep_alive()
        jobs.sweep()


class Import:
    """One sheet on its way through the jobs, and what the database shows of it."""

    def __init__(self, number: int, rows: int, pilot: Any, by: Any) -> None:
        from accounts.scope import acting_as
        from bench import people_list
        from workers.sheets.door import open_batch

        self.rows, self.by, self.start = rows, by, number * rows
        content = people_list.textfile(rows, self.start)
        with acting_as(self.by):
            self.batch = open_batch(content, f"{number}.csv", "workers", pilot, by=self.by)

    def ask(self, kind: str, **more: Any) -> None:
        """Ask for one of the two jobs."""
        from accounts import jobs
        from accounts.scope import acting_as

        with acting_as(self.by):
            key, pilot = f"{self.batch.pk}", self.batch.pilot_id
            jobs.ask(kind, key=key, by=self.by, pilot_id=pilot, batch=self.batch.pk, **more)

    def look(self, kind: str) -> str:
        """The state of the job, after seeing that there are all rows or none."""
        from accounts.models import Job
        from accounts.scope import acting_as
        from workers.models import ImportBatch, ImportRow

        with acting_as(self.by):
            job = Job.objects.get(kind=kind, params__batch=self.batch.pk)
            state = ImportBatch.objects.values_list("state", flat=True).get(pk=self.batch.pk)
            kept = ImportRow.objects.filter(batch=self.batch).count()
            found = self.recorded()
        if job.state == "failed":
            raise Broken(f"bench: the job {kind} was given up: {job.trouble}")
        wanted = {"uploaded": (0, 0), "checked": (self.rows, 0), "committed": (self.rows, self.rows)}
        # Read in several statements: a commit between two of them may show, a part of one never.
        allowed = set(wanted.values()) if job.state != "done" else {wanted[state]}
        if (kept, found["people"]) not in allowed:
            raise Broken(f"bench: {kept} rows kept and {found['people']} people of {self.rows} at state {state}.")
        return str(job.state)

    def recorded(self) -> dict[str, int]:
        """What stands in the tables of this sheet's people."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "with mine as materialized (select id from workers_person where pilot_id = %(pilot)s"
                "   and worker_code = any(select 'I-' || lpad(g::text, 7, '0') from generate_series(%(a)s, %(b)s) g)),"
                " papers as (select d.id from workers_identitydocument d join mine on mine.id = d.person_id)"
                " select (select count(*) from mine), (select count(*) from papers),"
                "  (select count(*) from workers_personcontact c join mine on mine.id = c.person_id),"
                "  (select count(*) from workers_personbackground b join mine on mine.id = b.person_id)",
                {"pilot": self.batch.pilot_id, "a": self.start + 1, "b": self.start + self.rows},
            )
            return dict(zip(("people", "papers", "contacts", "backgrounds"), cursor.fetchone(), strict=True))

    def exactly_once(self) -> dict[str, int]:
        """Every row of the sheet stands in the tables once, and its recording is told once; raises otherwise."""
        from accounts.models import AuditEvent, Job
        from accounts.scope import acting_as

        with acting_as(self.by):
            found = self.recorded()
            told = AuditEvent.objects.filter(action="import committed", object_id=self.batch.pk).count()
            attempts = list(
                Job.objects.filter(params__batch=self.batch.pk).order_by("pk").values_list("attempt", flat=True)
            )
        wanted = {"people": self.rows, "papers": 2 * self.rows, "contacts": self.rows, "backgrounds": self.rows}
        if found != wanted or told != 1:
            raise Broken(f"bench: {found} and told {told} times, instead of {wanted} and once.")
        return found | {"told": told, "attempts": sum(attempts)}


def play(sheet: Import, world: World, moment: Moment | None, whole: float) -> float:
    """Check and record the sheet by jobs; kill the moment's victim when its time has come. Seconds it took, from when a
    worker had begun."""
    asked, began, tended = time.monotonic(), 0.0, 0.0
    for kind, more in (("check_sheet", {}), ("commit_sheet", {"only_accepted": False})):
        sheet.ask(kind, **more)
        while (state := sheet.look(kind)) != "done":
            now = time.monotonic()
            began = began or (now if state == "running" else 0.0)
            if moment is not None and not moment.did and now - began >= moment.at * whole and state == "running":
                hit = world.kill(moment.victim)
                moment.did = f"{kind}: {hit}" if hit else ""
            if now - tended > TEND:
                tended = now
                world.tend()
            if now - asked > PATIENCE:
                raise Broken(f"bench: {kind} did not come to an end in {PATIENCE:.0f} seconds.")
            time.sleep(0.02)
    return time.monotonic() - (began or asked)


TEND = 0.5  # seconds between two looks after the processes


def hit(number: int, moment: Moment, world: World, new: Callable[[int], Import], whole: float) -> int:
    """Play a moment until it hits work that was going on; what was hit must be tried again by the portal. Answers the number
    of the next sheet."""
    for _try in range(TRIES):
        sheet, moment.did = new(number), ""
        number += 1
        moment.seconds = round(play(sheet, world, moment, whole), 1)
        moment.told = sheet.exactly_once()
        # Two jobs take two attempts. A broker that dies ends no attempt; it was seen while a job was running.
        if moment.did and (moment.victim == "broker" or moment.told["attempts"] > 2):
            return number
        moment.at = round(moment.at * 2 / 3, 3)
    raise Broken(f"bench: the {moment.victim} was not hit in {TRIES} imports.")


def main() -> int:
    """Twenty moments unless told otherwise; prints one line each, and writes them to bench-results/."""
    parser = argparse.ArgumentParser(prog="bench.killing", description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--moments", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--profile", default="bench-kill")
    parser.add_argument("--json", type=Path, default=Path("bench-results"))
    options = parser.parse_args()
    chance = random.Random(options.seed)  # the same seed plays the same moments
    moments = [Moment(n, VICTIMS[n % 3], round(chance.uniform(0.0, 0.95), 3)) for n in range(options.moments)]
    place = prepare(options.profile)
    new = _sheets(options.rows)
    world = World(Worker(place.local / "log" / "kill-worker.log"), place, postgres.url(place, "postgres"))
    try:
        # Two are undisturbed: the first pays for a cold start, the second says how long one takes.
        whole = [play(new(n), world, None, 0.0) for n in range(2)][1]
        print(f"undisturbed: {whole:.1f} s for {options.rows:,} rows", flush=True)
        number = 2
        for moment in moments:
            number = hit(number, moment, world, new, whole)
            print(
                f"{moment.number + 1:3} at {moment.at:5.1%} {moment.did:34} {moment.seconds:6.1f} s, once", flush=True
            )
    finally:
        world.worker.stop()
        servers.stop(options.profile)
    _write(options, whole, moments)
    print(f"{len(moments)} imports of {options.rows:,} rows, each hit: all or nothing, and once.")
    return 0


def _sheets(rows: int) -> Callable[[int], Import]:
    """The maker of new sheets for the bench's first pilot, numbered on."""
    from accounts.scope import acting_as
    from bench import world
    from pilots.models import Pilot

    by = world.scope()
    with acting_as(by):
        pilot = Pilot.objects.get(slug="bench-0")
    return lambda number: Import(number, rows, pilot, by)


def _write(options: argparse.Namespace, whole: float, moments: list[Moment]) -> None:
    facts = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "rows": options.rows, "seed": options.seed,
        "undisturbed": whole, "moments": [vars(moment) for moment in moments],
    }  # fmt: skip
    options.json.mkdir(exist_ok=True)
    path = options.json / f"{facts['at'].replace(':', '')}-killing.json"
    path.write_text(json.dumps(facts, indent=1))


if __name__ == "__main__":
    sys.exit(main())
