"""The embedded Valkey (the server of Redis' protocol): start it or adopt the one that lives, and stop it."""

import shutil
import signal
import socket
import time
from pathlib import Path
from urllib.parse import quote

from . import daemon
from .binaries import Programs
from .places import Place, write_private
from .trouble import OWN_SERVERS, ServerTrouble, hopeless, plain_words

PATIENCE = 30.0
SWEPT = 3.0  # seconds before we believe that a living server has lost its socket
LOADING = 120.0
STOP = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 3.0))


def url(place: Place) -> str:
    """The URL by which redis-py reaches it over the socket, database 0."""
    password = quote(place.passwords()["valkey"], safe="")
    return f"unix://:{password}@{quote(str(_socket(place)), safe='/')}?db=0"


def ensure(place: Place, programs: Programs) -> None:
    """Make sure this profile's Valkey runs and is ours."""
    log = place.log("valkey")
    mark, begun = daemon.size(log), time.monotonic()
    silent_since, repaired = begun, False
    while True:
        if alive(place):
            answer = ask(place)
            if answer == "ours":
                return
            now = time.monotonic()
            if answer == "loading":
                silent_since = now
            if answer == "foreign" or now - silent_since > (PATIENCE if _socket(place).exists() else SWEPT):
                # Our lock is held by a server that we cannot talk to: an earlier one with another password, a
                # hung one, or one whose socket was swept away. Its number is in its pid file.
                daemon.end(lock(place), _pid(place), STOP)
                silent_since = now
        else:
            said = daemon.tail(log, mark)
            if sentence := hopeless(said, place.data):
                raise ServerTrouble(sentence)
            if "Bad file format reading the append only file" in said and not repaired:
                _set_aside(place)
                repaired, mark = True, daemon.size(log)
            elif time.monotonic() - begun > PATIENCE:
                raise ServerTrouble(
                    f"Valkey does not start. The end of {log} says:\n{said.strip()[-1500:]}\n{OWN_SERVERS}"
                )
            if said:
                time.sleep(0.5)
            _launch(place, programs, log)
            time.sleep(0.1)
        if time.monotonic() - begun > LOADING:
            raise ServerTrouble(f"Valkey does not answer after {LOADING:.0f} seconds: read {log}. {OWN_SERVERS}")
        time.sleep(0.05)


def stop(place: Place) -> bool:
    """Stop this profile's Valkey; whether it is gone."""
    return daemon.end(lock(place), _pid(place), STOP)


def alive(place: Place) -> bool:
    """Whether this profile's Valkey (or a child of it that writes) lives."""
    return daemon.alive(lock(place))


def ask(place: Place) -> str:
    """What the server on our socket is: "ours", "foreign", "loading" or "silent".

    Ours is the one whose own process number is the number in the pid file of our data folder.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(3)
            line.connect(str(_socket(place)))
            line.sendall(f"AUTH {place.passwords()['valkey']}\r\nINFO server\r\nQUIT\r\n".encode())
            said = b""
            while part := line.recv(65536):
                said += part
    except OSError:
        return "silent"
    text = said.decode(errors="replace")
    if "LOADING" in text:
        return "loading"
    return "ours" if f"process_id:{_pid(place)}\r\n" in text else "foreign"


def lock(place: Place) -> Path:
    """The file that is locked while the server lives."""
    return place.data.parent / "valkey.alive"


def _data(place: Place) -> Path:
    return place.data / "valkey"


def _socket(place: Place) -> Path:
    return place.sockets / "valkey"


def _pid(place: Place) -> int | None:
    try:
        return int((_data(place) / "valkey.pid").read_text())
    except (FileNotFoundError, ValueError):
        return None


def _launch(place: Place, programs: Programs, log: Path) -> None:
    """Write the configuration (a file, for a password on a command line is seen by everybody) and start."""
    keep = "yes" if place.durable else "no"
    lines = [
        "port 0",
        f"unixsocket {_socket(place)}",
        "unixsocketperm 700",
        f'requirepass "{place.passwords()["valkey"]}"',
        f'dir "{_data(place)}"',
        f'pidfile "{_data(place) / "valkey.pid"}"',
        f"appendonly {keep}",
        "appendfsync everysec",
        'save ""',
        "maxmemory-policy noeviction",
        "daemonize no",
        "databases 16",
    ]
    with plain_words(place.data):
        if not _data(place).exists():
            _data(place).mkdir(mode=0o700)
            if place.account.drop:
                shutil.chown(_data(place), place.account.uid, place.account.gid)
        (_data(place) / "valkey.pid").unlink(missing_ok=True)
        write_private(_data(place) / "valkey.conf", "\n".join(lines) + "\n", place.account)
    daemon.launch(
        [programs.valkey_server, _data(place) / "valkey.conf"],
        lock=lock(place),
        log=log,
        account=place.account,
        environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/"},
    )


def _set_aside(place: Place) -> None:
    """Put a broken append-only folder aside: the truth of the jobs is in PostgreSQL and is sent again."""
    broken = _data(place) / "appendonlydir"
    if broken.exists():
        with plain_words(place.data):
            broken.rename(broken.with_name(f"appendonlydir.broken-{int(time.time())}"))
