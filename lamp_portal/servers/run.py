"""The one parent of a running portal: `python -m lamp_portal.servers.run` is what `make demo` calls at the end.

It starts the embedded servers, migrates, collects static files, plays the demonstration world, starts the web
server, the Celery worker and the scheduler, restarts what dies, and stops everything on Ctrl-C or SIGTERM.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from . import children, daemon, environment, postgres, reset, stop, valkey, web
from .children import Child
from .places import CHECKOUT, Place, write_private
from .trouble import ServerTrouble, plain_words

READY_SECONDS = 90.0
LOOK_AT_SERVERS = 10.0  # seconds between two full looks; a dead server is seen at once
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop."""


class Run:
    """One run of the portal: what it needs, what it started, and how it ends."""

    def __init__(self, place: Place, port: int) -> None:
        """Take the place of the profile's files and the port of the web server; starts nothing."""
        self.place = place
        self.port = port
        self.token = children.token()
        self.note = place.local / "run.json"
        self.embedded = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
        self.environment: dict[str, str] = {}
        self.children: list[Child] = []

    @property
    def address(self) -> str:
        """Where a browser finds the portal."""
        return f"http://{web.HOST}:{self.port}"

    def start(self) -> None:
        """Everything up to the moment the web server answers."""
        self._end_leftovers()
        self._write_note()
        web.check_port(self.port)
        with step("Starting PostgreSQL and Valkey"):
            self._servers()
        with step("Bringing the tables up to date"):
            self.manage("migrate", "--noinput", owner=True)
        static_root = Path(self.environment["STATIC_ROOT"])
        stamp = self.place.local / "static.stamp"
        if web.static_signature(static_root) != _read(stamp):
            with step("Collecting the static files"):
                self.manage("collectstatic", "--noinput", "--clear")
                stamp.write_text(web.static_signature(static_root))
        with step("Playing the demonstration world (the first time takes a minute)"):
            self.manage("seed_demo")
        with step("Starting web server, worker and scheduler"):
            self.children = self._portal(static_root)
            for child in self.children:
                child.start()
            self._write_note()
            self._wait_until_it_answers()
        print(f"\nThe portal runs at {self.address}\n", flush=True)
        print(self.manage("demo_logins"), flush=True)
        print("Ctrl-C stops it; `make demo` starts it again with its data.", flush=True)

    def watch(self) -> None:
        """Keep everything alive until somebody asks to stop."""
        looked = time.monotonic()
        while True:
            for child in self.children:
                if said := child.watch():
                    print(said, flush=True)
                    self._write_note()
            if self.embedded:
                servers = {"PostgreSQL": postgres, "Valkey": valkey}
                dead = " and ".join(name for name, server in servers.items() if not server.alive(self.place))
                if dead or time.monotonic() - looked > LOOK_AT_SERVERS:
                    self._keep_servers(dead)
                    looked = time.monotonic()
            time.sleep(0.3)

    def stop(self) -> None:
        """End the portal's processes, then the servers. Takes 15 seconds at most."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        print("\nStopping …", flush=True)
        children.end(self.children)
        self.note.unlink(missing_ok=True)
        if self.embedded and not stop(self.place.profile):
            print(f"A server does not stop; read the logs in {self.place.local / 'log'}.", file=sys.stderr)
        print("Everything is stopped.", flush=True)

    def manage(self, *arguments: str, owner: bool = False) -> str:
        """Run one of Django's commands to its end and answer what it printed; a failure is a ServerTrouble."""
        more = {"LAMP_DB_ROLE": "owner"} if owner else {}
        done = subprocess.run(
            [sys.executable, str(CHECKOUT / "manage.py"), *arguments],
            check=False,
            cwd=CHECKOUT,
            env=self.environment | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
            raise ServerTrouble(f"`manage.py {' '.join(arguments)}` failed:\n{said}")
        return done.stdout

    def _servers(self) -> None:
        found = environment(self.place.profile)
        self.environment = (
            os.environ
            | found
            | {
                "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "lamp_portal.settings"),
                "DEMO": os.environ.get("DEMO") or "True",
                "LAMP_PROFILE": self.place.profile,
                "PYTHONUNBUFFERED": "1",
                "STATIC_ROOT": os.environ.get("STATIC_ROOT") or str(self.place.local / "collected"),
                children.TOKEN: self.token,
            }
        )

    def _keep_servers(self, dead: str) -> None:
        if dead:
            print(f"{dead} ended; starting again.", flush=True)
        try:
            environment(self.place.profile)
        except ServerTrouble as trouble:
            print(f"{trouble}\nTrying again in {LOOK_AT_SERVERS:.0f} s.", file=sys.stderr, flush=True)
            time.sleep(LOOK_AT_SERVERS)

    def _portal(self, static_root: Path) -> list[Child]:
        python = sys.executable
        server = [
            python,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            web.HOST,
            "--port",
            str(self.port),
        ]
        server += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "info"]
        server += ["--respawn-failed-workers", "--workers-kill-timeout", "5"]
        server += ["--static-path-route", "/static", "--static-path-mount", str(static_root)]
        server += ["--static-path-expires", str(365 * 24 * 3600), "lamp_portal.wsgi:application"]
        celery = [python, "-m", "celery", "-A", "lamp_portal"]
        worker = [*celery, "worker", "-c", "2", "--prefetch-multiplier", "1", "--without-gossip"]
        worker += ["--without-mingle", "-n", "demo@%h", "-l", "INFO"]
        beat = [*celery, "beat", "-s", str(self.place.local / "beat-schedule"), "--pidfile=", "-l", "INFO"]
        # The worker finishes its task on TERM, gives it back on QUIT.
        gentle = ((signal.SIGTERM, 3.0), (signal.SIGQUIT, 3.0))
        made = (
            ("web", server, {"stop": ((signal.SIGTERM, 6.0),)}),
            ("worker", worker, {"stop": gentle}),
            ("scheduler", beat, {"stop": ((signal.SIGTERM, 3.0),)}),
        )
        return [
            Child(
                name,
                command,
                self.environment | {"LAMP_PROCESS": name},
                self.place.local / "log" / f"{name}.log",
                **more,
            )
            for name, command, more in made
        ]

    def _write_note(self) -> None:
        """Write down who runs, for the next start to find after a kill -9."""
        pids = {child.process.pid: " ".join(child.command) for child in self.children if child.process is not None}
        note = {"pid": os.getpid(), "address": self.address, "token": self.token, "children": pids}
        write_private(self.note, json.dumps(note, indent=1))

    def _end_leftovers(self) -> None:
        note = read_note(self.note)
        if note.get("token"):
            commands = {int(pid): command for pid, command in note.get("children", {}).items()}
            if count := children.end_leftovers(note["token"], commands):
                print(f"Ended {count} processes that an earlier run had left behind.", flush=True)
        self.note.unlink(missing_ok=True)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        first = self.children[0]
        while not web.answers(self.port):
            for child in self.children:
                child.watch()
            if first.deaths >= 2 or time.monotonic() > deadline:
                said = "\n".join(daemon.tail(first.log).strip().splitlines()[-25:])
                raise ServerTrouble(f"The web server does not answer on /healthz. The end of {first.log}:\n{said}")
            time.sleep(0.1)


def read_note(path: Path) -> dict:
    """What an earlier run wrote down about itself; empty when there is nothing readable."""
    try:
        found = json.loads(path.read_text())
    except (OSError, json.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


@contextlib.contextmanager
def step(words: str) -> Iterator[None]:
    """Say what is being done and how long it took."""
    begun = time.monotonic()
    print(f"{words} …", end=" ", flush=True)
    try:
        yield
    except BaseException:
        print("failed.", flush=True)
        raise
    print(f"{time.monotonic() - begun:.1f} s", flush=True)


@contextlib.contextmanager
def only_one(place: Place) -> Iterator[None]:
    """One run for each checkout: a second one is told where the first is."""
    place.make()
    note = read_note(place.local / "run.json")
    where = f" at {note['address']} (process {note.get('pid')})" if note.get("address") else ""
    with daemon.locked(
        place.local / "run.lock",
        0.0,
        f"The demo already runs{where}. Stop it there with Ctrl-C before starting or resetting another.",
    ):
        yield


def start_over(place: Place) -> None:
    """Delete the data of the embedded servers and the files that belong to them."""
    if os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"):
        raise ServerTrouble(
            "DATABASE_URL or REDIS_URL is set, and only the data of the embedded servers are deleted here. Unset them."
        )
    reset(place.profile)
    with plain_words(place.local):
        for name in ("media", "mail"):
            shutil.rmtree(place.local / name, ignore_errors=True)
        for leftover in place.local.glob("beat-schedule*"):
            leftover.unlink()


def main(arguments: list[str] | None = None) -> int:
    """Run the portal until somebody stops it; 0 after an orderly stop, 2 with a sentence after a trouble."""
    parser = argparse.ArgumentParser(prog="python -m lamp_portal.servers.run", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="delete the demonstration's data first")
    asked = parser.parse_args(arguments)
    for number in SIGNALS:
        signal.signal(number, _ask_to_stop)
    try:
        place = Place(os.environ.get("LAMP_PROFILE", "demo"))
        port = web.port_of(os.environ.get("PORT") or "8000")
        with only_one(place):
            if asked.reset:
                start_over(place)
                place.make()
            return _run(Run(place, port))
    except ServerTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    except Stopped:
        return 0


def _run(run: Run) -> int:
    try:
        run.start()
        run.watch()
    except Stopped:
        return 0
    finally:
        run.stop()
    return 0


def _ask_to_stop(number: int, frame: object) -> None:
    raise Stopped


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
