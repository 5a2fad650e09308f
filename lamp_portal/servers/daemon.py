"""Processes that go on without us, and the one honest answer to "is it still alive?".

Every server inherits an open, locked file. The kernel keeps the lock as long as one process of that server
lives (its children inherit it too) and drops it with the last, however that one died. So a stale pid file, a
zombie, a number that now belongs to somebody else, or another container on the same folder cannot fool us.
"""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .places import Account
from .trouble import ServerTrouble, plain_words

LOG_LIMIT = 10 * 1024 * 1024
# sh starts the server in the background and leaves, so the server is nobody's child but init's; stdout goes
# to the log, for a server that held our stdout would keep `make | tee` open for ever.
LAUNCH = '"$@" >&2 </dev/null & echo $!'


@contextmanager
def locked(path: Path, patience: float, busy: str) -> Iterator[None]:
    """Hold the lock file `path` alone; after `patience` seconds of waiting say the sentence `busy`."""
    with path.open("w") as file:
        deadline = time.monotonic() + patience
        while not _try(file.fileno(), fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise ServerTrouble(busy)
            time.sleep(0.05)
        yield


def share(path: Path) -> int:
    """Say "in use by me" until this process ends; answers the open file that says it."""
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(number, fcntl.LOCK_SH)
    return number


def alive(lock: Path) -> bool:
    """Whether a process of the server that was started with this lock file lives."""
    return _held(lock, fcntl.LOCK_SH)


def shared(path: Path) -> bool:
    """Whether a living process has said "in use by me"."""
    return _held(path, fcntl.LOCK_EX)


def launch(
    arguments: Sequence[str | Path], *, lock: Path, log: Path, account: Account, environment: dict[str, str]
) -> int:
    """Start a server that outlives us, holding `lock`, writing to `log`; answers its process number."""
    with plain_words(lock.parent), lock.open("a") as held:
        turn_over(log)
        # Somebody who only asks whether it lives holds the lock for a moment.
        deadline = time.monotonic() + 2
        while not (free := _try(held.fileno(), fcntl.LOCK_EX)) and time.monotonic() < deadline:
            time.sleep(0.02)
        if not free:
            raise ServerTrouble(f"{arguments[0]} is already running and does not answer yet: start again.")
        with log.open("ab") as writing:
            started = run(
                ["/bin/sh", "-c", LAUNCH, "sh", *arguments],
                account=account,
                stdout=subprocess.PIPE,
                stderr=writing,
                env=environment,
                pass_fds=[held.fileno()],
                start_new_session=True,
            )
    return int(started.stdout)


def run(arguments: Sequence[str | Path], *, account: Account, **more: Any) -> subprocess.CompletedProcess:
    """Run a program as the servers' user and wait for it; a refusal to change the user is a ServerTrouble."""
    more.setdefault("stdin", subprocess.DEVNULL)
    try:
        return subprocess.run(arguments, check=False, cwd="/", **account.popen(), **more)
    except (PermissionError, ValueError) as error:
        if not account.drop:
            raise
        raise ServerTrouble(
            "PostgreSQL refuses to run as root, and this place does not let root become another user. "
            "Run this as an ordinary user, or set DATABASE_URL and REDIS_URL (docs/deploy.md)."
        ) from error


def turn_over(log: Path) -> None:
    """Begin a new log when the old one is big; one old one is kept."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def tail(log: Path, since: int = 0) -> str:
    """What a log says after the position `since`; at most the last 20,000 characters."""
    try:
        with log.open("rb") as file:
            file.seek(since)
            return file.read().decode(errors="replace")[-20_000:]
    except OSError:
        return ""


def size(log: Path) -> int:
    """The length of a log in bytes; 0 when there is none."""
    return log.stat().st_size if log.exists() else 0


def end(lock: Path, pid: int | None, signals: Sequence[tuple[signal.Signals, float]]) -> bool:
    """Send each signal in turn and wait its seconds for the lock to fall; whether the server is gone."""
    for number, seconds in signals:
        if pid is None or not alive(lock):
            break
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while alive(lock) and time.monotonic() < deadline:
            time.sleep(0.05)
    return not alive(lock)


def command_line(pid: int) -> str:
    """The command line of a living process, or "" for a dead one, a zombie or one that hides it."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except FileNotFoundError:
        if Path("/proc/self/cmdline").exists():
            return ""
    except OSError:
        return ""
    asked = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], check=False, capture_output=True, text=True)
    return asked.stdout.strip()


def _held(path: Path, kind: int) -> bool:
    try:
        with path.open("r+") as file:
            return not _try(file.fileno(), kind)
    except FileNotFoundError:
        return False


def _try(number: int, kind: int) -> bool:
    try:
        fcntl.flock(number, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
