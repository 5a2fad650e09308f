"""Takes the pictures in docs/screens/ from the demonstration world: `make screens`, or with names, only those.

Plays a fresh world on servers of its own (profile "screens"), starts the web server and a worker on a free port,
signs in as each role, and photographs its pages. Needs a Chromium (scripts/find_chromium.sh). KEEP=1 leaves the
world standing for the next call.
"""

import contextlib
import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import xlsxwriter  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from lamp_portal import servers  # noqa: E402
from lamp_portal.servers import web  # noqa: E402
from tests.browser.chromium import DESK, PHONE, context_of, find, launch  # noqa: E402
from tests.browser.walking import settled  # noqa: E402

PROFILE = "screens"
FOLDER = ROOT / "docs" / "screens"
MOST_BYTES = 150_000
# Who stands for each role in the pictures.
PEOPLE = {
    "programme": "nora@demo.example", "recruiter": "sela@demo.example", "employer": "graeme@demo.example",
    "welfare": "ruta@demo.example", "safeguarding": "lourdes@demo.example", "funder": "odette@demo.example",
    "government": "kepueli@demo.example",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """One file: who looks, how they come to the page, and on what."""

    name: str
    who: str
    way: Callable[[Page], None]
    phone: bool = False
    dark: bool = False
    top: str = ""
    """A selector to bring to the top of the picture; without it the picture begins at the page's top."""


def home(page: Page) -> None:
    """What needs this person today."""
    page.goto("/")


def board(page: Page) -> None:
    """The cohort that departs next, as a board."""
    page.goto("/")
    page.locator("#cohort-lines h3 a").first.click()
    page.get_by_role("link", name="Board", exact=True).click()


def placement(page: Page) -> None:
    """A placement with an open finding: held, with a history worth reading."""
    page.goto("/findings/")
    page.locator("main table tbody th a").first.click()
    page.locator(".crumbs a").last.click()
    page.wait_for_load_state("networkidle")
    page.locator("main a[href^='/placements/']").first.click()


def preview(page: Page) -> None:
    """A recruiter's list, looked at before anything is recorded: new people, a changed one, cells to mend."""
    page.goto("/placements/")
    known = page.locator("main .code").first.inner_text()
    page.goto("/imports/")
    cohort = page.get_by_label("Cohort").locator("option").nth(1).inner_text()
    list_of = {
        "name": "winter-pruning.xlsx",
        "mimeType": "application/octet-stream",
        "buffer": workers_list(known, cohort),
    }
    page.get_by_label("File").set_input_files(list_of)
    page.get_by_label("Dates are written as").select_option("dmy")
    page.get_by_role("button", name="Send and look").click()


def workers_list(known: str, cohort: str) -> bytes:
    """A workbook of invented people; ``known`` is the code of somebody who is recorded already."""
    new = ["Tonga", "", cohort, "2/11/2026", "2/11/2026"]
    rows = [
        ["TA-301", "Hausiale", "Mele Fifita", "F", "14/03/1998", *new],
        ["TA-302", "Fonokalafi", "Sione Vea", "M", "2/9/1995", *new],
        ["TA-303", "Lolotonga", "ʻAna", "F", "31/02/1997", *new],
        ["TA-304", "Vaipulu", "Tevita", "wombat", "7/7/1992", *new],
        [known, "", "", "", "", "", "+676 770 4411", "", "", ""],
        ["TA-306", "Matangi", "Losa", "F", "19/12/2001", *new],
        ["TA-306", "Matangi", "Losaline", "F", "19/12/2001", *new],
        ["TA-307", "Kaufusi", "Paula", "M", "30/1/1990", *new],
        ["TA-308", "Tukuafu", "Salome", "F", "5/6/1999", "Tonga", "", "Cohort of nowhere", "2/11/2026", "2/11/2026"],
    ]
    headers = ["Worker ID", "Family name", "Given names", "Sex", "Date of birth", "Nationality", "Phone", "Cohort",
               "Registered on", "Consent date"]  # fmt: skip
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List")
        for number, row in enumerate([headers, *rows]):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def report(page: Page) -> None:
    """The newest edition of the reader's report."""
    page.goto("/reports/")
    page.locator("main tbody th a").first.click()


def findings(page: Page) -> None:
    """Open findings, the gravest first."""
    page.goto("/findings/")


def check(page: Page) -> None:
    """The check form as a welfare officer holds it in the hand."""
    page.goto("/checks/")
    page.locator("main a[href*='/checks/new/']").first.click()


PICTURES = [
    *(Picture(f"home-{role}", role, home) for role in PEOPLE),
    Picture("home-programme-dark", "programme", home, dark=True),
    Picture("home-programme-phone", "programme", home, phone=True),
    Picture("placement", "programme", placement),
    Picture("placement-dark", "programme", placement, dark=True),
    Picture("placement-phone", "programme", placement, phone=True),
    Picture("import-preview", "recruiter", preview),
    Picture("cohort-board", "programme", board, top=".tabs"),
    Picture("report", "funder", report),
    Picture("report-dark", "funder", report, dark=True, top=".panel:has(figure.chart)"),
    Picture("findings", "programme", findings),
    Picture("check-phone", "welfare", check, phone=True, top=".check-form fieldset:has(.check-item)"),
]


class World:
    """The portal with its demonstration world, on servers and a port of its own, while the pictures are taken."""

    def __init__(self) -> None:
        """Choose the port; starts nothing."""
        with socket.socket() as free:
            free.bind((web.HOST, 0))
            self.port = free.getsockname()[1]
        self.static = ROOT / ".local" / PROFILE / "collected"
        self.log = ROOT / ".local" / PROFILE / "portal.log"
        self.address = f"http://{web.HOST}:{self.port}"

    @contextlib.contextmanager
    def running(self, *, keep: bool) -> Iterator[str]:
        """Everything started; answers the address. ``keep`` begins with the world of the last call and leaves it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if not keep:
            servers.reset(PROFILE)
        own = {"DEMO": "True", "LAMP_PROFILE": PROFILE, "STATIC_ROOT": str(self.static)}
        self.environment = os.environ | servers.environment(PROFILE) | own
        try:
            self.manage("migrate", "--noinput", LAMP_DB_ROLE="owner")
            self.manage("collectstatic", "--noinput", "--clear")
            self.manage("seed_demo")
            with self.process("granian", "--interface", "wsgi", "--host", web.HOST, "--port", str(self.port),
                              "--static-path-route", "/static", "--static-path-mount", str(self.static),
                              "lamp_portal.wsgi:application"), \
                 self.process("celery", "-A", "lamp_portal", "worker", "-c", "1", "-P", "solo", "-n", "screens@%h"):  # fmt: skip
                self.wait()
                yield self.address
        finally:
            if not keep:
                servers.stop(PROFILE)

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
    page.wait_for_url("**/")


def settle(page: Page) -> None:
    """Wait until parts that come later are there and every picture in the page is drawn."""
    settled(page)
    page.wait_for_load_state("networkidle")


def take(browser: Browser, address: str, picture: Picture, sessions: dict) -> None:
    """Go there and keep the picture, small enough for a repository."""
    viewport = PHONE if picture.phone else DESK
    context = context_of(browser, viewport, "dark" if picture.dark else "light", base_url=address,
                         storage_state=sessions.get(picture.who))  # fmt: skip
    page = context.new_page()
    if picture.who not in sessions:
        sign_in(page, picture.who)
        sessions[picture.who] = context.storage_state()
    picture.way(page)
    settle(page)
    if picture.top:
        page.locator(picture.top).first.evaluate("e => e.scrollIntoView({block: 'start'})")
    path = FOLDER / f"{picture.name}.png"
    path.write_bytes(smaller(page.screenshot()))
    context.close()
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB", flush=True)
    if path.stat().st_size > MOST_BYTES:
        sys.exit(f"{path.name} is larger than {MOST_BYTES // 1000} kB.")


def smaller(png: bytes) -> bytes:
    """The picture with a palette of 200 colours, which is enough for pages and a third of the size."""
    small = io.BytesIO()
    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(200, dither=Image.Dither.NONE)
    image.save(small, "PNG", optimize=True)
    return small.getvalue()


def main(names: list[str]) -> int:
    """Take all pictures, or those named."""
    if not find():
        print("No Chromium was found (on Debian: apt-get install chromium).", file=sys.stderr)
        return 2
    chosen = [p for p in PICTURES if not names or p.name in names]
    FOLDER.mkdir(parents=True, exist_ok=True)
    sessions: dict = {}
    with World().running(keep=os.environ.get("KEEP") == "1") as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for picture in chosen:
            take(browser, address, picture, sessions)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
