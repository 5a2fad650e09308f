"""The demonstration on servers and a port of its own, for pictures and measurements: not for tests, which have the cast."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from lamp_portal import servers
from lamp_portal.servers import web
from tests.browser.walking import settled

ROOT = Path(__file__).resolve().parents[2]
YEAR = str(365 * 24 * 3600)
# Who stands for each role.
PEOPLE = {
    "programme": "nora@demo.example", "recruiter": "sela@demo.example", "employer": "graeme@demo.example",
    "welfare": "ruta@demo.example", "safeguarding": "lourdes@demo.example", "funder": "odette@demo.example",
    "government": "kepueli@demo.example", "operator": "operator@demo.example",
    "welfare-elsewhere": "minseo@demo.example",
}  # fmt: skip


class Demonstration:
    """The portal with its demonstration world. A fresh one each time, unless it is kept for the next call."""

    def __init__(self, profile: str) -> None:
        """Choose the port; starts nothing."""
        self.profile = profile
        with socket.socket() as free:
            free.bind((web.HOST, 0))
            self.port = free.getsockname()[1]
        self.static = ROOT / ".local" / profile / "collected"
        self.log = ROOT / ".local" / profile / "portal.log"
        self.address = f"http://{web.HOST}:{self.port}"

    @contextlib.contextmanager
    def running(self, *, keep: bool) -> Iterator[str]:
        """Everything started; answers the address. ``keep`` begins with the world of the last call and leaves it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if not keep:
            servers.reset(self.profile)
        own = {"DEMO": "True", "LAMP_PROFILE": self.profile, "STATIC_ROOT": str(self.static)}
        self.environment = os.environ | servers.environment(self.profile) | own
        try:
            self.manage("migrate", "--noinput", LAMP_DB_ROLE="owner")
            self.manage("collectstatic", "--noinput", "--clear")
            self.manage("seed_demo")
            with self.process("granian", "--interface", "wsgi", "--host", web.HOST, "--port", str(self.port),
                              "--static-path-route", "/static", "--static-path-mount", str(self.static),
                              "--static-path-expires", YEAR, "lamp_portal.wsgi:application"), \
                 self.process("celery", "-A", "lamp_portal", "worker", "-c", "1", "-P", "solo", "-n", f"{self.profile}@%h"):  # fmt: skip
                self.wait()
                yield self.address
        finally:
            if not keep:
                servers.stop(self.profile)

    def manage(self, *arguments: str, **more: str) -> None:
        """One of Django's commands, to its end."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, check=False, cwd=ROOT, env=self.environment | more, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"`manage.py {' '.join(arguments)}` failed:\n{(done.stdout + done.stderr)[-3000:]}")

    @contextlib.contextmanager
    def process(self, *module: str) -> Iterator[None]:
        """A process of the portal, ended afterwards."""
        with self.log.open("a") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", *module], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
            try:
                yield
            finally:
                child.terminate()
                try:
                    child.wait(20)
                except subprocess.TimeoutExpired:
                    child.kill()

    def wait(self) -> None:
        """Until the web server answers."""
        until = time.monotonic() + 60
        while not web.answers(self.port):
            if time.monotonic() > until:
                sys.exit(f"The web server does not answer; see {self.log}.")
            time.sleep(0.2)


def sign_in(page: Page, role: str) -> None:
    """Press this person's button on the demonstration's page."""
    page.goto("/demo/")
    page.get_by_role("row", name=PEOPLE[role]).first.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/demo/" not in url)


def choose_language(page: Page, code: str) -> None:
    """The signed-in person reads the portal in this language from now on."""
    page.goto("/me/")
    page.locator("select[name=language]").select_option(code)
    page.locator("main form:has(select[name=language]) button[type=submit]").click()
    page.wait_for_load_state()


def settle(page: Page) -> None:
    """Wait until parts that come later are there and every picture in the page is drawn."""
    settled(page)
    page.wait_for_load_state("networkidle")
