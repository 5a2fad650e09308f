"""The virus scanner, where the operator named one (``FILE_SCANNER``). Off by default; switched on, it fails closed.

Two forms: ``clamd://host:port`` or ``clamd:///path/of.socket`` speaks to a ClamAV daemon; anything else is a command
that gets the file on its standard input and ends with 0 (clean) or 1 (harmful). Whatever else happens, a time-out, a
missing daemon, another code, counts as "not scanned", and a file that was not scanned is not kept.
"""

import logging
import shlex
import socket
import struct
import subprocess
import time
from contextlib import closing
from urllib.parse import urlsplit

from django.conf import settings

from .refusals import refusal

log = logging.getLogger(__name__)
PIECE = 64 * 1024
LONGEST_ANSWER = 4096


class NotScanned(Exception):
    """The scanner did not come to an answer."""


def scan(content: bytes) -> str:
    """Which scanner passed the file, or "" where none is set; FileRefused when it is harmful or was not scanned."""
    named = settings.FILE_SCANNER
    if not named:
        return ""
    try:
        clean = _by_daemon(named, content) if named.startswith("clamd:") else _by_command(named, content)
    except (NotScanned, OSError, ValueError, subprocess.SubprocessError) as error:
        log.error("file scanner: %s", type(error).__name__)
        raise refusal("scanner_down") from error
    if not clean:
        raise refusal("harmful")
    return "clamd" if named.startswith("clamd:") else shlex.split(named)[0].rpartition("/")[2][:40]


def _by_command(named: str, content: bytes) -> bool:
    done = subprocess.run(
        shlex.split(named), input=content, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        timeout=settings.FILE_SCANNER_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        raise NotScanned(done.returncode)
    return done.returncode == 0


def _by_daemon(named: str, content: bytes) -> bool:
    """ClamAV's INSTREAM: pieces with their length in front, a zero, then one line of answer."""
    ends = time.monotonic() + settings.FILE_SCANNER_SECONDS
    with closing(_connect(named)) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            line.sendall(struct.pack(">I", len(piece)) + piece)
        line.sendall(struct.pack(">I", 0))
        answer = b""
        while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
            line.settimeout(max(0.001, ends - time.monotonic()))
            piece = line.recv(LONGEST_ANSWER)
            if not piece:
                break
            answer += piece
    answer = answer.partition(b"\0")[0].strip()
    if answer.endswith(b" FOUND"):
        return False
    if answer == b"stream: OK":
        return True
    raise NotScanned(answer[:80])


def _connect(named: str) -> socket.socket:
    where = urlsplit(named)
    if where.hostname:
        return socket.create_connection((where.hostname, where.port or 3310), timeout=settings.FILE_SCANNER_SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(settings.FILE_SCANNER_SECONDS)
    try:
        line.connect(where.path)
    except OSError:
        line.close()
        raise
    return line
