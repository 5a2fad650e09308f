"""The scanner is off unless it is named; named, whatever is not scanned is not kept."""

import socket
import struct
import sys
import threading
from contextlib import contextmanager

import pytest

from tests.files import sent
from workers.files.door import FileRefused, look

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@contextmanager
def daemon(tmp_path, answer: bytes | None):
    """A scanner that speaks as clamd does and answers so; with None it hangs up without a word."""
    path = tmp_path / "clamd.sock"
    heard: list[bytes] = []
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen(4)

    def serve():
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line, line.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                body = b""
                while size := struct.unpack(">I", stream.read(4))[0]:
                    body += stream.read(size)
                heard.append(body)
                if answer is not None:
                    line.sendall(b"stream: Eicar FOUND\0" if EICAR in body else answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"clamd://{path}", heard
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(timeout=5)


def command(tmp_path, body: str) -> str:
    """A scanner that is a program."""
    path = tmp_path / "scan.py"
    path.write_text(f"import sys\nsent = sys.stdin.buffer.read()\n{body}\n")
    return f"{sys.executable} {path}"


def refused(content: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        look(content, "x.jpg")
    return caught.value.code


def test_off_by_default():
    assert look(sent.photo()).scanned_by == ""


def test_a_daemon_gets_the_file_as_it_was_sent(settings, tmp_path):
    with daemon(tmp_path, b"stream: OK\0") as (settings.FILE_SCANNER, heard):
        content = sent.photo(size=(900, 900), quality=95)
        assert look(content).scanned_by == "clamd"
    assert heard == [content]


def test_what_a_daemon_calls_harmful_is_refused(settings, tmp_path):
    with daemon(tmp_path, b"stream: OK\0") as (settings.FILE_SCANNER, _heard):
        assert refused(sent.photo(comment=EICAR)) == "harmful"


@pytest.mark.parametrize("answer", [None, b"", b"stream: size limit exceeded. ERROR\0", b"hello\0", b"stream: OKAY\0"])
def test_a_daemon_that_does_not_say_clean_has_not_scanned(settings, tmp_path, answer):
    with daemon(tmp_path, answer) as (settings.FILE_SCANNER, _heard):
        assert refused(sent.photo()) == "scanner_down"


@pytest.mark.parametrize(
    "named", ["clamd:///nowhere/clamd.sock", "clamd://127.0.0.1:9", "/no/such/program", "false-program-xyz"]
)
def test_a_scanner_that_is_not_there_lets_nothing_through(settings, named):
    settings.FILE_SCANNER = named
    assert refused(sent.photo()) == "scanner_down"


def test_a_scanner_that_hangs_lets_nothing_through(settings, tmp_path):
    settings.FILE_SCANNER_SECONDS = 1
    settings.FILE_SCANNER = command(tmp_path, "import time; time.sleep(60)")
    assert refused(sent.photo()) == "scanner_down"


@pytest.mark.parametrize(("code", "expected"), [(1, "harmful"), (2, "scanner_down"), (127, "scanner_down")])
def test_a_program_says_by_its_code(settings, tmp_path, code, expected):
    settings.FILE_SCANNER = command(tmp_path, f"sys.exit({code})")
    assert refused(sent.photo()) == expected


def test_a_program_that_ends_well_passes_the_file(settings, tmp_path):
    settings.FILE_SCANNER = command(tmp_path, "sys.exit(0 if sent[:2] == bytes([255, 216]) else 1)")
    assert look(sent.photo()).scanned_by.startswith("python")
