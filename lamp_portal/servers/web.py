"""The web server's surroundings: its port, its answer, and the static files it serves."""

import errno
import hashlib
import http.client
import os
import socket
from pathlib import Path

from .places import CHECKOUT
from .trouble import ServerTrouble

HOST = "127.0.0.1"


def answers(port: int) -> bool:
    """Whether a web server on this port says that it is well."""
    line = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def check_port(port: int) -> None:
    """Refuse, in words, a port that somebody else listens on."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ServerTrouble(
                    f"Port {port} is in use by another program. Choose another one: PORT={port + 1} make demo"
                ) from None
            if error.errno == errno.EACCES:
                raise ServerTrouble(
                    f"Port {port} is not open to ordinary users. Choose one above 1023: PORT=8000 make demo"
                ) from None
            raise


def port_of(text: str) -> int:
    """The port in the variable PORT; ServerTrouble when it is none."""
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise ServerTrouble(f"PORT is `{text}`, which is no port: use a number such as 8001.")


def static_signature(static_root: Path) -> str:
    """Changes when a static file of ours, a locked package or the settings change, or the collected are gone."""
    if not static_root.is_dir():
        return "none"
    seen = hashlib.sha256(f"{static_root} {os.environ.get('DEBUG')}".encode())
    for name in ("requirements.txt", "lamp_portal/settings.py", "lamp_portal/joined.py"):
        seen.update((CHECKOUT / name).read_bytes())
    for folder in sorted({*CHECKOUT.glob("*/static"), CHECKOUT / ".local" / "static"}):
        for path in sorted(folder.rglob("*")):
            found = path.stat()
            seen.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return seen.hexdigest()
