"""Where the bytes lie: ``STORAGES["files"]``, a closed folder unless the operator names another storage.

``Folder`` writes a whole file or none (Django's own leaves a cut-off one under the final name when the disk is full),
follows no link, and takes only the names that ``new_name`` makes. Another storage (S3 and the like) is named in the
environment; see ``docs/deploy.md``. Either way no web server serves the place: files leave through ``delivery`` only.
"""

import contextlib
import datetime
import io
import os
import re
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{38}")


def store() -> Storage:
    """The storage of kept files."""
    return storages["files"]


def new_name() -> str:
    """A name nobody can guess, which tells nothing of the file, in one of 256 folders."""
    made = secrets.token_hex(20)
    return f"{made[:2]}/{made[2:]}"


class Folder(Storage):
    """A closed folder of this machine: files 0600, folders 0700, written whole or not at all."""

    def __init__(self, location: str | Path):
        self.root = Path(location)

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise SuspiciousFileOperation("not a name of ours")
        return self.root / name

    def _save(self, name: str, content: File) -> str:
        path = self._path(name)
        for folder in (self.root, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, working = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                for piece in content.chunks():
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            os.link(working, path)  # fails where anything stands under this name, a link as well
        finally:
            with contextlib.suppress(OSError):
                os.unlink(working)
        return name

    def _open(self, name: str, mode: str = "rb") -> File:
        handle = os.open(self._path(name), os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as file:
            return File(io.BytesIO(file.read()), name)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: it is new, and nothing is ever overwritten."""
        return name

    def delete(self, name: str) -> None:
        """Gone, also when it was gone before."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path(name))

    def exists(self, name: str) -> bool:
        """Whether something stands under this name."""
        return os.path.lexists(self._path(name))

    def size(self, name: str) -> int:
        """Bytes."""
        return os.lstat(self._path(name)).st_size

    def get_modified_time(self, name: str) -> datetime.datetime:
        """When it was written."""
        return datetime.datetime.fromtimestamp(os.lstat(self._path(name)).st_mtime, tz=datetime.UTC)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """(folders, files) of the root or of one of its folders; what is being written now is not listed."""
        place = self.root / path
        if not place.is_dir():
            return [], []
        with os.scandir(place) as entries:
            found = [(e.name, e.is_dir(follow_symlinks=False)) for e in entries if not e.name.startswith(".")]
        return [n for n, folder in found if folder], [n for n, folder in found if not folder]


def put(content: bytes) -> str:
    """Store the bytes under a new name and answer it."""
    return store().save(new_name(), ContentFile(content))


def get(name: str) -> bytes:
    """The bytes; OSError where they are not."""
    with store().open(name) as file:
        return file.read()
