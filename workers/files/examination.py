"""``look``: what a file really is, and the bytes to keep of it, before anything is stored."""

import hashlib
import os
import tempfile
import unicodedata
from dataclasses import dataclass

from django.core.files.base import File

from workers.sheets.child import Child
from workers.sheets.limits import MEGABYTE

from . import scanner
from .limits import LIMITS, PICTURE_BYTES
from .refusals import refusal

EXAMINER = "workers.files.examiner"


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that may be kept. ``content`` are the bytes to keep, ``sent_sha256`` is the hash of those that came.

    ``width``, ``height`` of a picture, ``pages`` of a PDF. ``name`` is what the sender called it, made harmless; it is
    shown and never used in a path. ``scanned_by``: which scanner passed it, or "".
    """

    name: str
    content: bytes
    media_type: str
    sent_type: str
    sent_sha256: str
    width: int | None
    height: int | None
    pages: int | None
    scanned_by: str


def look(upload: File | bytes, name: str = "") -> Looked:
    """Examine a file in a process of its own and scan it. Raises FileRefused with a sentence; writes nothing."""
    given = name if isinstance(upload, bytes) else (upload.name or name)
    size = len(upload) if isinstance(upload, bytes) else upload.size
    if size > PICTURE_BYTES:
        raise refusal("too_big", megabytes=-(-size // MEGABYTE), limit=PICTURE_BYTES // MEGABYTE)
    content = upload if isinstance(upload, bytes) else _read(upload)
    about, drawn = _examined(content)
    return Looked(
        name=harmless_name(given), content=drawn or content, media_type=about["media_type"],
        sent_type=about["sent_type"], sent_sha256=hashlib.sha256(content).hexdigest(), width=about.get("width"),
        height=about.get("height"), pages=about.get("pages"), scanned_by=scanner.scan(content),
    )  # fmt: skip


def _read(upload: File) -> bytes:
    upload.seek(0)
    content = upload.read(PICTURE_BYTES + 1)
    if len(content) > PICTURE_BYTES:
        raise refusal("too_big", megabytes=len(content) // MEGABYTE + 1, limit=PICTURE_BYTES // MEGABYTE)
    return content


def _examined(content: bytes) -> tuple[dict, bytes]:
    """What the child found, and what it drew anew (nothing for a PDF)."""
    with tempfile.NamedTemporaryFile(prefix="file-") as file:
        file.write(content)
        file.flush()
        child = Child(EXAMINER, {"path": file.name}, LIMITS, refusal)
        try:
            frame = child.frame()
            if frame is None:
                raise child.death()
            about = frame["about"]
            drawn = child.read(int(about["bytes"]))
            if len(drawn) != about["bytes"]:
                raise child.death()
        finally:
            child.close()
    return about, drawn


def harmless_name(name: str) -> str:
    """The last part of a name without signs that cannot be seen or that turn the writing round; at most 120 long."""
    last = os.path.basename(name.replace("\\", "/"))
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    return seen.strip()[:120]
