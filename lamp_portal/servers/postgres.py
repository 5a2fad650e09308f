"""The embedded PostgreSQL: make the cluster, start it or adopt the one that lives, give it its roles, stop it."""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from . import daemon
from .binaries import Programs, cannot_run
from .places import Place, write_private
from .trouble import OWN_SERVERS, ServerTrouble, hopeless, plain_words

DATABASE = "lamp"
PORT = 5432  # only part of the socket's name; nothing listens on the network
SWEPT = 3.0  # seconds before we believe that a living server has lost its socket
PATIENCE = 30.0  # seconds for a server that does not start or does not answer
RECOVERY = 180.0  # seconds for one that says it is starting: recovery after a crash can be long
SQL = Path(__file__).resolve().parents[2] / "scripts"
FAST_STOP = ((signal.SIGINT, 8.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
CRASH_STOP = ((signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
}
# Tests lose nothing when the machine crashes, and many of them run beside each other. What the planner knows must not
# depend on when a clean-up happened to run: tables are emptied and filled again all the time.
TEST_SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "max_wal_size": "2GB",
}


def url(place: Place, role: str, database: str = DATABASE) -> str:
    """The URL by which `role` logs in over the socket."""
    password = quote(place.passwords()[role], safe="")
    return f"postgresql://{role}:{password}@/{database}?host={quote(str(place.sockets), safe='/')}"


def ensure(place: Place, programs: Programs) -> None:
    """Make sure this profile's PostgreSQL runs, is ours, and has its roles and its database."""
    had_passwords = place.had_passwords()
    place.passwords()
    if not cluster(place).exists():
        _initialise(place, programs)
    elif not had_passwords:
        _new_password(place, programs)
    _check_version(place, programs)
    _start(place, programs)
    _prepare(place)


def stop(place: Place) -> bool:
    """Stop this profile's PostgreSQL, politely at first; whether it is gone."""
    return daemon.end(lock(place), _pid(place), FAST_STOP)


def alive(place: Place) -> bool:
    """Whether any process of this profile's PostgreSQL lives."""
    return daemon.alive(lock(place))


def answers(place: Place) -> str:
    """What the server on our socket says: "ours", "foreign", "starting" or "silent"."""
    import psycopg  # late: a start with a DATABASE_URL needs no driver here

    try:
        with _connect(place) as connection:
            found = connection.execute("SHOW data_directory").fetchone()[0]
    except psycopg.OperationalError as error:
        text = str(error)
        if "password authentication failed" in text or "does not exist" in text:
            return "foreign"
        return "starting" if "starting up" in text or "not yet accepting" in text else "silent"
    return "ours" if os.path.realpath(found) == os.path.realpath(cluster(place)) else "foreign"


def cluster(place: Place) -> Path:
    """The data directory."""
    return place.data / "postgres"


def lock(place: Place) -> Path:
    """The file that is locked while the server lives. It lies beside the data, and whoever sees one sees both."""
    return place.data.parent / "postgres.alive"


def environment() -> dict[str, str]:
    """The environment of the server: nothing of ours leaks into it."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}


def _connect(place: Place, database: str = "postgres"):
    import psycopg

    return psycopg.connect(
        host=str(place.sockets),
        port=PORT,
        user="postgres",
        password=place.passwords()["postgres"],
        dbname=database,
        autocommit=True,
        connect_timeout=5,
    )


def _initialise(place: Place, programs: Programs) -> None:
    """Make a new cluster beside its final place and move it there when it is whole."""
    place.prepared_file.unlink(missing_ok=True)
    beside = place.data / "postgres.new"
    password_file = place.data / "password"
    with plain_words(place.data):
        shutil.rmtree(beside, ignore_errors=True)
        write_private(password_file, place.passwords()["postgres"], place.account)
    command: list[str | Path] = [programs.postgres_bin / "initdb", "--pgdata", beside, "--username=postgres"]
    command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8", "--data-checksums"]
    # The wheel has no ICU; this provider orders by bytes and folds case by Unicode, the same on every machine.
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"]
    if not place.durable:
        command.append("--no-sync")
    try:
        done = daemon.run(
            command,
            account=place.account,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE * 4,
        )
    except subprocess.TimeoutExpired:
        raise ServerTrouble(f"Making the database in {place.data} took too long: is the disk very slow?") from None
    except OSError as error:
        raise cannot_run(programs.postgres_bin / "initdb", error) from error
    finally:
        password_file.unlink(missing_ok=True)
    if done.returncode:
        said = done.stdout + done.stderr
        shutil.rmtree(beside, ignore_errors=True)
        raise ServerTrouble(
            hopeless(said, place.data) or f"The database could not be made in {place.data}:\n{said.strip()[-1500:]}"
        )
    with plain_words(place.data):
        beside.rename(cluster(place))


def _new_password(place: Place, programs: Programs) -> None:
    """Give the superuser a new password where data were found without the file of passwords."""
    if alive(place):
        stop(place)
    with tempfile.TemporaryFile("w+") as statement:
        statement.write(f"ALTER ROLE postgres PASSWORD '{place.passwords()['postgres']}'\n")
        statement.flush()
        statement.seek(0)
        done = daemon.run(
            [programs.postgres_bin / "postgres", "--single", "-D", cluster(place), "postgres"],
            account=place.account,
            stdin=statement,
            capture_output=True,
            text=True,
            env=_start_environment(place),
        )
    if done.returncode:
        place.secrets_file.unlink(missing_ok=True)
        raise ServerTrouble(
            f"The data in {place.data} have lost their passwords ({place.secrets_file}) and new ones could not be "
            f"set:\n{done.stderr.strip()[-800:]}\nStart over with `make demo-reset`."
        )


def _check_version(place: Place, programs: Programs) -> None:
    """Refuse data of another major version before the server does so in its own words."""
    found = (cluster(place) / "PG_VERSION").read_text().strip()
    said = daemon.run(
        [programs.postgres_bin / "postgres", "--version"],
        account=place.account,
        capture_output=True,
        text=True,
        env=environment(),
    ).stdout
    if said and f" {found}." not in f"{said.strip()}.":
        raise ServerTrouble(
            f"The data in {place.data} were written by PostgreSQL {found}, and this is {said.split()[-1]}. Keep them "
            "by dumping them with the older version (docs/deploy.md), or start over with `make demo-reset`."
        )


def _start(place: Place, programs: Programs) -> None:
    """Start the server, or wait for the living one to answer as ours; after PATIENCE give up in words."""
    log = place.log("postgres")
    mark, begun, refused_since = daemon.size(log), time.monotonic(), time.monotonic()
    while True:
        if alive(place):
            answer = answers(place)
            if answer == "ours":
                return
            now = time.monotonic()
            if answer == "foreign":
                raise ServerTrouble(
                    f"A server that is not ours answers in {place.sockets}. Stop it and start again. {OWN_SERVERS}"
                )
            if answer == "starting":
                refused_since = now
            socket = place.sockets / f".s.PGSQL.{PORT}"
            if now - refused_since > (PATIENCE if socket.exists() else SWEPT):
                # It lives but cannot be reached: hung, or somebody swept its socket away.
                daemon.end(lock(place), _pid(place), CRASH_STOP)
                refused_since = now
        else:
            daemon.launch(
                _command(place, programs),
                lock=lock(place),
                log=log,
                account=place.account,
                environment=_start_environment(place),
            )
            time.sleep(0.15)
        if not alive(place):
            said = daemon.tail(log, mark)
            if sentence := hopeless(said, place.data):
                raise ServerTrouble(sentence)
            if time.monotonic() - begun > PATIENCE:
                raise ServerTrouble(f"PostgreSQL does not start. The end of {log} says:\n{said.strip()[-1500:]}")
            time.sleep(0.5)
        elif time.monotonic() - begun > RECOVERY:
            raise ServerTrouble(
                f"PostgreSQL is still getting ready after {RECOVERY:.0f} seconds; it goes on. Start again in a while "
                f"or read {log}."
            )
        time.sleep(0.05)


def _command(place: Place, programs: Programs) -> list[str | Path]:
    settings = SETTINGS | {"unix_socket_directories": str(place.sockets)}
    if not place.durable:
        settings |= TEST_SETTINGS
    command: list[str | Path] = [programs.postgres_bin / "postgres", "-D", cluster(place)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return command


def _start_environment(place: Place) -> dict[str, str]:
    """The server's environment, telling it that the process named in a stale pid file is not a rival.

    PostgreSQL believes a pid file whose number belongs to any living process or zombie, except its parent's
    and grandparent's. We hold the lock that proves that no process of this cluster lives, so we name that
    number as its grandparent. It still checks the shared memory of the cluster by itself.
    """
    numbers = environment()
    if (stale := _pid(place)) is not None:
        numbers["PG_GRANDPARENT_PID"] = str(stale)
    return numbers


def _pid(place: Place) -> int | None:
    """The process number in the cluster's pid file; true only while the server is alive."""
    try:
        return int((cluster(place) / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _prepare(place: Place) -> None:
    """Roles, passwords, the database and its extensions, unless this version of them is there already."""
    files = [(SQL / name).read_text() for name in ("create_roles.sql", "prepare_database.sql")]
    passwords = place.passwords()
    version = hashlib.sha256("\0".join([*files, *passwords.values()]).encode()).hexdigest()
    if place.prepared_file.exists() and place.prepared_file.read_text() == version:
        return
    from psycopg import sql

    with _connect(place) as connection:
        connection.execute(files[0])
        for role in ("lamp_owner", "lamp_app", "lamp_backup"):
            statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
            connection.execute(statement.format(sql.Identifier(role), sql.Literal(passwords[role])))
        known = "SELECT FROM pg_database WHERE datname = %s"
        if connection.execute(known, [DATABASE]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER lamp_owner").format(sql.Identifier(DATABASE)))
    for database in ("template1", DATABASE):
        with _connect(place, database) as connection:
            connection.execute(files[1])
    with plain_words(place.small):
        write_private(place.prepared_file, version)
