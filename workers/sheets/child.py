"""A process that parses what nobody has vouched for, seen from the parent: bounded in time, and frames come in.

The child is ``python -m <module> REQUEST``: it puts bounds on its own memory and processor time before it opens the
file (``reader_process.bound_self``), and writes frames to standard output, four bytes of length and then JSON. A crash
of a parser ends only the child. Sheets are read this way (``reading``) and pictures and papers (``workers.files``).
"""

from __future__ import annotations

import json
import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .limits import Limits

PROJECT = Path(__file__).resolve().parents[2]
LARGEST_FRAME = 64 * 1024 * 1024

Decode = Callable[[str], Any]


class Child:
    """One run of ``module`` with ``request`` (plain JSON, with the limits in it). ``refusal(code, **params)`` makes the
    exception that is raised when the child refuses, takes too long or breaks."""

    def __init__(
        self,
        module: str,
        request: dict[str, Any],
        limits: Limits,
        refusal: Callable[..., Exception],
        decode: Decode = json.loads,
    ) -> None:
        self._refusal, self._decode = refusal, decode
        self._patience = float(limits.wall_seconds)
        # Nothing of the portal's environment goes along: no database address, no keys.
        self._process = subprocess.Popen(
            [sys.executable, "-E", "-s", "-m", module, json.dumps({**request, "limits": limits.as_dict()})],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            close_fds=True,
        )

    def frame(self) -> dict[str, Any] | None:
        """The next frame, or None when the child has gone. Raises what the child refused."""
        length = self.read(4)
        if len(length) < 4:
            return None
        size = struct.unpack(">I", length)[0]
        if size > LARGEST_FRAME:
            raise self._refusal("memory")
        body = self.read(size)
        if len(body) < size:
            return None
        try:
            frame: dict[str, Any] = self._decode(body.decode("ascii"))
        except (ValueError, RecursionError) as error:
            raise self._refusal("damaged") from error
        if "refused" in frame:
            code, params = frame["refused"]
            raise self._refusal(code, **params)
        return frame

    def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes, fewer when the child has ended. Only time spent waiting for the child is counted."""
        assert self._process.stdout is not None
        handle = self._process.stdout.fileno()
        got = bytearray()
        while len(got) < size:
            before = time.monotonic()
            ready, _, _ = select.select([handle], [], [], self._patience)
            self._patience = max(0.0, self._patience - (time.monotonic() - before))
            if not ready:
                raise self._refusal("too_slow")
            piece = os.read(handle, min(size - len(got), 1 << 20))
            if not piece:
                break
            got += piece
        return bytes(got)

    def death(self) -> Exception:
        """Why the child went without a word: killed for its time, aborted for its memory, or broken by the file."""
        code = self.exit_code()
        if code in (-24, -9):  # SIGXCPU, and the kill that follows it
            return self._refusal("too_slow")
        return self._refusal("memory" if code == -6 else "damaged")

    def exit_code(self) -> int:
        """The code the child ended with, negative for a signal; 0 when it has not ended in five seconds."""
        try:
            return self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return 0

    def close(self) -> None:
        """Ends the child, whatever it is doing."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
