"""What can go wrong with the servers, said in a sentence that a newcomer understands."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

OWN_SERVERS = "Or use servers of your own: set DATABASE_URL and REDIS_URL (docs/deploy.md)."

# What PostgreSQL, Valkey and the loader write when it makes no sense to try again, and what we say then.
HOPELESS = (
    (r"No space left on device", "The disk is full: make some room in {place} and start again."),
    (
        r"not compatible with this version|incompatible with server",
        (
            "The data in {place} was written by another version of PostgreSQL. "
            "Keep it by dumping it with that version, or start over with `make demo-reset`."
        ),
    ),
    (
        r"cannot open shared object|error while loading shared libraries: (?P<what>[^:\s]+)",
        "PostgreSQL cannot start because the system library {what} is missing: install it and start again. "
        + OWN_SERVERS,
    ),
    (
        r"could not map anonymous shared memory|Cannot allocate memory|Can't allocate",
        "There is not enough free memory to start the server. Close something and start again.",
    ),
    (r"Read-only file system", "{place} cannot be written: the file system is read-only. " + OWN_SERVERS),
)


class ServerTrouble(Exception):
    """A server cannot run; the text of the exception is the whole explanation, for people."""


def hopeless(log: str, place: object) -> str | None:
    """The sentence for a log that shows a trouble which trying again cannot cure, or None."""
    for pattern, sentence in HOPELESS:
        if found := re.search(pattern, log):
            what = found.groupdict().get("what") or "it needs"
            return sentence.format(place=place, what=what)
    return None


@contextmanager
def plain_words(place: object) -> Iterator[None]:
    """Turn the operating system's refusals inside the block into a ServerTrouble that names `place`."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ServerTrouble(f"The disk is full: make some room in {place} and start again.") from error
        if error.errno == errno.EROFS:
            raise ServerTrouble(f"{place} cannot be written: the file system is read-only. {OWN_SERVERS}") from error
        if error.errno in (errno.EACCES, errno.EPERM):
            where = error.filename or place
            raise ServerTrouble(
                f"Permission denied on {where}. Was it made by another user? Give it back to yourself "
                "(chown) or remove it, and start again."
            ) from error
        raise
