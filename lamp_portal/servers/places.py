"""Where the embedded servers of a profile live: data, sockets, logs, passwords, and which user runs them.

Small things (passwords, locks, logs) lie in `.local/` of the checkout. Data lie there too, unless we are root:
PostgreSQL refuses to run as root, so it runs as `nobody`, and when `nobody` cannot reach the checkout the data
lie in `/var/lib/lamp-portal-<key>`. Sockets lie in a short folder of their own, because the path of a Unix
socket may have 107 bytes.
"""

import contextlib
import hashlib
import json
import os
import pwd
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .trouble import OWN_SERVERS, ServerTrouble, plain_words

CHECKOUT = Path(__file__).resolve().parents[2]
NEEDED_BYTES = 300 * 1024 * 1024
SOCKET_PATH_LIMIT = 103  # macOS; Linux has 107
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")


@dataclass(frozen=True)
class Account:
    """The user that runs the servers; `drop` says whether we must change to it first."""

    uid: int
    gid: int
    drop: bool

    def popen(self) -> dict[str, Any]:
        """Arguments for subprocess that make a child run as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drop else {}


def run_as() -> Account:
    """The user that runs the servers: ourselves, or `nobody` where we are root."""
    uid = os.geteuid()
    if uid != 0:
        try:
            pwd.getpwuid(uid)
        except KeyError:
            raise ServerTrouble(
                f"The user number {uid} has no entry in /etc/passwd, and PostgreSQL refuses to run without one. "
                f"Run this as a named user. {OWN_SERVERS}"
            ) from None
        return Account(uid, os.getegid(), drop=False)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise ServerTrouble(
            "PostgreSQL refuses to run as root, and this machine has no user `nobody` to run it as. "
            f"Run this as an ordinary user. {OWN_SERVERS}"
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid, drop=True)


def reachable(path: Path) -> bool:
    """Whether any user may walk to `path`: every folder on the way lets others through; one that is still to be made will."""
    path = path.resolve()
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents) if folder.exists())


@dataclass(frozen=True)
class Place:
    """Every path of one profile. `checkout` is the folder that holds `.local/`."""

    profile: str
    checkout: Path = CHECKOUT

    def __post_init__(self) -> None:
        if not self.profile.replace("-", "").replace("_", "").isalnum() or len(self.profile) > 24:
            raise ServerTrouble(f"`{self.profile}` is no name for a profile: use letters, digits, - and _.")

    @cached_property
    def account(self) -> Account:
        """The user that runs the servers."""
        return run_as()

    @property
    def durable(self) -> bool:
        """Whether the data must survive a crash of the machine: everywhere but in tests."""
        return not self.profile.startswith("test")

    @property
    def key(self) -> str:
        """Ten characters that stand for this checkout."""
        return hashlib.sha256(os.fsencode(self.checkout)).hexdigest()[:10]

    @property
    def local(self) -> Path:
        """The folder of everything this machine makes and git ignores."""
        return self.checkout / ".local"

    @property
    def small(self) -> Path:
        """The folder of the profile's passwords and locks."""
        return self.local / "servers" / self.profile

    @property
    def secrets_file(self) -> Path:
        """The file of passwords, readable by us alone."""
        return self.small / "passwords.json"

    @property
    def prepared_file(self) -> Path:
        """Says which version of the roles and extensions the cluster has."""
        return self.small / "prepared"

    @cached_property
    def base(self) -> Path:
        """The folder that holds data and, where needed, the copy of the binaries."""
        if not self.account.drop or reachable(self.local):
            return self.local / "servers"
        for parent in (Path("/var/lib"), Path("/var/tmp"), Path(tempfile.gettempdir())):
            if parent.is_dir() and reachable(parent) and os.access(parent, os.W_OK):
                return parent / f"lamp-portal-{self.key}"
        raise ServerTrouble(
            "PostgreSQL must run as an unprivileged user here, and no folder was found that it can reach. "
            f"{OWN_SERVERS}"
        )

    @property
    def data(self) -> Path:
        """The folder of both servers' data, owned by the user that runs them."""
        return self.base / self.profile / "data"

    @cached_property
    def sockets(self) -> Path:
        """The folder of the sockets: short, ours, closed to others."""
        temp = Path("/tmp")  # make() checks that the folder in it is ours and no symlink
        if not (temp.is_dir() and os.access(temp, os.W_OK)):
            temp = Path(tempfile.gettempdir())
        folder = temp / f"lamp-{os.geteuid()}-{self.key}" / self.profile
        if len(os.fsencode(folder)) + LONGEST_SOCKET_NAME > SOCKET_PATH_LIMIT:
            raise ServerTrouble(
                f"The path {folder} is too long for a Unix socket: set TMPDIR to a short path. {OWN_SERVERS}"
            )
        return folder

    def log(self, name: str) -> Path:
        """The log file of a server of this profile."""
        return self.local / "log" / f"{name}-{self.profile}.log"

    def make(self) -> None:
        """Make the folders, and see that each is ours and that the disk has room."""
        with plain_words(self.local):
            for folder in (self.local, self.local / "servers", self.small, self.local / "log"):
                folder.mkdir(exist_ok=True)
            _folder(self.base, os.geteuid(), 0o711)
            _folder(self.data.parent, os.geteuid(), 0o711)
            _folder(self.data, self.account.uid, 0o700, self.account)
            _folder(self.sockets.parent, os.geteuid(), 0o711)
            _folder(self.sockets, self.account.uid, 0o700, self.account)
            free = shutil.disk_usage(self.data).free
        if free < NEEDED_BYTES and not (self.data / "postgres").exists():
            raise ServerTrouble(
                f"The disk of {self.data} has {free // 2**20} MB free and the servers need "
                f"{NEEDED_BYTES // 2**20} MB to begin: make some room and start again."
            )

    def passwords(self) -> dict[str, str]:
        """The passwords of this profile, made at the first call and kept in a 0600 file."""
        names = ("postgres", "lamp_owner", "lamp_app", "lamp_backup", "valkey")
        with plain_words(self.secrets_file):
            try:
                found = json.loads(self.secrets_file.read_text())
                if set(names) <= set(found):
                    return found
            except (FileNotFoundError, json.JSONDecodeError):
                pass
            made = {name: secrets.token_urlsafe(24) for name in names}
            self.prepared_file.unlink(missing_ok=True)
            write_private(self.secrets_file, json.dumps(made, indent=1))
        return made

    def had_passwords(self) -> bool:
        """Whether the passwords of this profile are already written down."""
        return self.secrets_file.exists()


def write_private(path: Path, text: str, account: Account | None = None) -> None:
    """Write a file that only its owner may read, in one step: a reader sees the old or the new text."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        if account and account.drop:
            os.fchown(file.fileno(), account.uid, account.gid)
    beside.replace(path)


def _folder(path: Path, uid: int, mode: int, account: Account | None = None) -> None:
    """Make `path` with this owner and mode, and refuse one that somebody else put there."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=mode)
        path.chmod(mode)
    found = path.lstat()
    if account and account.drop and stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
        # Made by us or, a moment ago, by another process of ours that has not handed it over yet.
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
        found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
        raise ServerTrouble(
            f"{path} belongs to somebody else (user number {found.st_uid}) or is not a folder, so nothing was put "
            "into it. Remove it, or ask its owner to, and start again."
        )
    if found.st_mode & 0o777 & ~mode:
        path.chmod(mode)
