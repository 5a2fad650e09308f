"""The processes that one parent keeps alive: start, restart with a growing pause, end with all they started."""

import contextlib
import ctypes
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import daemon

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY = 60.0  # seconds of life after which a death counts as the first one again
TOKEN = "LAMP_RUN"  # in the environment of every child and of what it starts: how we know our own again
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process that must always run. `stop` lists the signals to end it with and the seconds to wait."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    stop: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 8.0),)
    process: subprocess.Popen | None = field(default=None, init=False)
    deaths: int = field(default=0, init=False)
    _begun: float = field(default=0.0, init=False)
    _not_before: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start it in a session of its own (Ctrl-C reaches only us), tied to our life where the system can."""
        daemon.turn_over(self.log)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_dies_with(os.getpid()),  # safe: this process has one thread
            )
        self._begun = time.monotonic()

    def watch(self) -> str | None:
        """Restart it when it is dead and its pause is over; answers a line for people when something happened."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._not_before:
                self.start()
                return f"{self.name}: started again"
            return None
        code = self.process.poll()
        if code is None:
            return None
        end_group(self.process.pid)  # what it started may hold its port or its tasks
        self.deaths = 1 if now - self._begun > STEADY else self.deaths + 1
        pause = min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE)
        self.process, self._not_before = None, now + pause
        last = daemon.tail(self.log).strip().rpartition("\n")[2][-200:]
        return f"{self.name}: ended ({_how(code)}), starting again in {pause:.0f} s. {self.log} ends: {last}"


def end(children: Iterable[Child]) -> None:
    """End all of them at once: each signal in turn, then the whole group by force. Takes 10 seconds at most."""
    waiting = [child for child in children if _living(child) is not None]
    begun = time.monotonic()
    due = [(after, number, child) for child in waiting for number, after in _schedule(child.stop)]
    for after, number, child in sorted(due, key=lambda one: one[0]):
        while time.monotonic() - begun < after and any(_living(one) for one in waiting):
            time.sleep(0.05)
        if process := _living(child):
            process.send_signal(number)
    for child in waiting:
        if child.process is not None:
            end_group(child.process.pid)
            child.process.wait()


def end_group(leader: int) -> None:
    """Kill every process of a child's group, whether or not the child itself still lives."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left in it
        os.killpg(leader, signal.SIGKILL)


def token() -> str:
    """A word for one run; every process of the run carries it in its environment."""
    return secrets.token_hex(16)


def leftovers(word: str, commands: dict[int, str]) -> list[int]:
    """The living processes of an earlier run with this word, wherever they hang in the tree.

    Where a process shows its environment (Linux) the word decides; elsewhere a number counts only when its
    command line is still the one in `commands`.
    """
    listing = Path("/proc")
    if not (listing / "self" / "environ").exists():
        return [pid for pid, command in commands.items() if command and daemon.command_line(pid) == command]
    mark = f"{TOKEN}={word}".encode()
    found = []
    for entry in listing.iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue  # gone meanwhile, or not ours to read
    return found


def end_leftovers(word: str, commands: dict[int, str], patience: float = 6.0) -> int:
    """End what an earlier run left behind, politely and then by force; how many there were."""
    first = leftovers(word, commands)
    for pid in first:
        _send(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while (left := leftovers(word, commands)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in left:
        _send(pid, signal.SIGKILL)
    return len(first)


def _living(child: Child) -> subprocess.Popen | None:
    return child.process if child.process is not None and child.process.poll() is None else None


def _schedule(stop: Sequence[tuple[signal.Signals, float]]) -> list[tuple[signal.Signals, float]]:
    """Turn (signal, seconds to wait after it) into (signal, seconds after the beginning), force at the end."""
    after, listed = 0.0, []
    for number, seconds in stop:
        listed.append((number, after))
        after += seconds
    return [*listed, (signal.SIGKILL, after)]


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"


def _dies_with(parent: int) -> Callable[[], None] | None:
    """What a child does before it begins, so that it gets SIGTERM when its parent is killed (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)  # the parent died before the tie was made

    return tie
