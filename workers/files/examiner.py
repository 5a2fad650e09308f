"""The child that looks into a file nobody has vouched for: ``python -m workers.files.examiner REQUEST``.

What it is, is decided by its content and never by its name. A picture is decoded whole and drawn anew, so that nothing
but its points goes on: no place, no camera, no second file behind it. A PDF goes on as it came, because its signature
would not survive; it is refused when anything in it acts, is attached, locked or hidden.

Bounds, frames and refusals are those of the sheets' reader. It writes one frame ``about`` and then the bytes to keep;
of a PDF none, the sent ones are kept.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, BinaryIO

from workers.sheets import archive
from workers.sheets.archive import Refused
from workers.sheets.limits import MEGABYTE, Limits
from workers.sheets.reader_process import answering, bound_self, send

from .limits import JPEG, PAPER_BYTES, PDF, PICTURE_BYTES, PNG, WEBP

HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
# Signs of a second file inside the first: each makes some program read this file as something else.
SECOND_FILES = (b"<script", b"<html", b"<svg", b"<?php", b"javascript:", b"<!doctype")


def main(request: dict[str, Any], out: BinaryIO) -> int:
    """Examines as asked and writes the answer. 0: it may be kept; 3: refused, and the frame says why."""
    bound_self(Limits(**request["limits"]))

    def work() -> None:
        about, content = examine(request["path"])
        send(out, {"about": {**about, "bytes": len(content)}})
        out.write(content)
        out.flush()

    return answering(work, out)


def examine(path: str) -> tuple[dict[str, Any], bytes]:
    """What the file is, and the bytes to keep instead of the sent ones; Refused with a code."""
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            raise Refused("empty")
        head = file.read(4096)
        kind = kind_of(head)
        most = PAPER_BYTES if kind == PDF else PICTURE_BYTES
        if size > most:
            raise Refused("too_big", megabytes=-(-size // MEGABYTE), limit=most // MEGABYTE)
        content = head + file.read()
    check_single(content, kind)
    # The reader of PDFs takes as long to load as a picture takes to be drawn: each is loaded for its own.
    if kind == PDF:
        from . import pdf

        return {"sent_type": PDF, "media_type": PDF, **pdf.check(content)}, b""
    from . import pictures

    about, drawn = pictures.draw_anew(content, kind)
    return {"sent_type": kind, "media_type": JPEG, **about}, drawn


def kind_of(head: bytes) -> str:
    """The media type that the first bytes say; other well-known kinds are refused by their own name."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"%PDF-"):
        return PDF
    if head[4:8] == b"ftyp":
        raise Refused("heic" if any(brand in head[8:40] for brand in HEIC_BRANDS) else "film")
    if head.startswith((b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")):
        raise Refused("other_picture")
    if head.startswith((b"MZ", b"\x7fELF", b"#!")):
        raise Refused("program")
    try:
        found = archive.kind_of_file(head)
    except Refused as other:
        raise Refused({"html": "page", "xml": "page", "archive": "archive"}.get(other.code, "not_known")) from other
    raise Refused({"zip": "archive", "ole": "document"}.get(found, "not_known"))


def check_single(content: bytes, kind: str) -> None:
    """Refuses a file that is also something else: an archive behind it, a page or a PDF inside a picture."""
    if archive.DIRECTORY_END in content[-66_000:] or content.rfind(b"7z\xbc\xaf\x27\x1c") > 0:
        raise Refused("two_files")
    if kind == PDF:
        return
    low = content.lower()
    if b"%pdf-" in low or any(sign in low for sign in SECOND_FILES):
        raise Refused("two_files")


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.stdout.buffer))
