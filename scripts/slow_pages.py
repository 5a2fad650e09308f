"""How soon a page is seen over a slow network, and what it weighs: `make slow`.

The ten pages that are opened most (tests/browser/main_pages.py), each by its reader on a phone, four times slower than
this machine as Lighthouse has it, over the network of a profile below. A small front compresses what the portal answers,
as the proxy of docs/deploy.md does. A first view begins with an empty cache; "again" is the median of three views after
it, when styles, scripts and typeface are kept and only the page itself travels: it may be kept by nobody.
"""

import argparse
import contextlib
import gzip
import http.client
import os
import statistics
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright  # noqa: E402

from tests.browser.chromium import PHONE, context_of, find, launch  # noqa: E402
from tests.browser.demonstration import Demonstration, settle, sign_in  # noqa: E402
from tests.browser.main_pages import PAGES, MainPage  # noqa: E402

FIRST_BYTES, PAGE_BYTES, SECONDS = 60 * 1024, 15 * 1024, 2.0
SLOWER = 4
VIEWS = 3
TEXTS = ("text/", "application/javascript", "application/json", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Profile:
    """A network as Chromium plays it: what each request waits for its answer (``latency_ms``), and the speed, in bits a
    second, down and up. ``of``: who names it so."""

    latency_ms: float
    down: int
    up: int
    of: str


# Chromium lets every request wait, not every packet. WebPageTest's figures are those of the way there and back, and so they
# are taken as they are: on a connection that stands, a request is one way there and back. Lighthouse multiplies its own by
# 3.75 for the waiting and by 0.9 for the speed where it throttles in the browser, as it does here.
# Sources: webpagetest, www/settings/connectivity.ini ("3GSlow"); lighthouse, core/config/constants.js and
# docs/throttling.md; Chromium's developer tools, front_end/core/sdk/NetworkManager.ts ("Slow 3G"; under it no page of
# anybody is seen within 2 s, for the first answer alone waits so long).
PROFILES = {
    "slow-3g": Profile(400, 400_000, 400_000, "WebPageTest “3G Slow”: 400 kbit/s, 400 ms there and back"),
    "slow-4g": Profile(562.5, 1_474_560, 675_000, "Lighthouse “Slow 4G”, its default: 1.6 Mbit/s, 150 ms, as a browser plays it"),
    "regular-3g": Profile(1125, 630_000, 630_000, "Lighthouse “Regular 3G”: 700 kbit/s, 300 ms, as a browser plays it"),
    "devtools": Profile(2000, 400_000, 400_000, "Chromium's developer tools “Slow 3G”: 400 kbit/s, 2,000 ms for every request"),
}  # fmt: skip


class Front(BaseHTTPRequestHandler):
    """What stands before the portal: passes every request on and compresses texts."""

    protocol_version = "HTTP/1.1"
    port = 0

    def pass_on(self) -> None:
        """Ask the portal, compress, answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        portal = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        given = {k: v for k, v in self.headers.items() if k.lower() not in {"connection", "accept-encoding"}}
        portal.request(self.command, self.path, body, given)
        answer = portal.getresponse()
        content = answer.read()
        packs = answer.getheader("Content-Type", "").startswith(TEXTS) and content
        if packs:
            content = gzip.compress(content, 6)
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"content-length", "transfer-encoding", "connection", "content-encoding"}:
                self.send_header(name, value)
        if packs:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the window went on to another page
            if self.command != "HEAD":
                self.wfile.write(content)
        portal.close()

    do_GET = do_POST = do_HEAD = pass_on

    def log_message(self, *_words: object) -> None:
        """Say nothing: addresses belong to nobody's log."""


class Scales:
    """What a window sent for since the last look: bytes on the wire, and the page's own share."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes, self.page, self.documents = 0, 0, set()
        session.on("Network.requestWillBeSent", self.asked)
        session.on("Network.loadingFinished", self.came)

    def asked(self, event: dict) -> None:
        """Remember which of them is the page."""
        if event["type"] == "Document":
            self.documents.add(event["requestId"])

    def came(self, event: dict) -> None:
        """Weigh what came; what was in the cache weighs nothing."""
        weight = int(event["encodedDataLength"])
        self.bytes += weight
        if event["requestId"] in self.documents:
            self.page += weight

    def empty(self) -> None:
        """Begin anew."""
        self.bytes, self.page, self.documents = 0, 0, set()


SEEN = """() => new Promise(done => {
  let largest = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) largest = e.startTime; })
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => done([performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, largest]), 150);
})"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One page: seconds until something and until the largest part is seen, at first and again; bytes."""

    name: str
    first: float
    again: float
    whole: float
    bytes: int
    again_bytes: int
    page: int

    @property
    def misses(self) -> list[str]:
        """What was promised and is not so."""
        found = []
        if self.again > SECONDS:
            found.append("again over 2 s")
        if self.bytes > FIRST_BYTES:
            found.append("first view over 60 KB")
        if self.page > PAGE_BYTES:
            found.append("page over 15 KB")
        return found


def measure(context: BrowserContext, page: MainPage, profile: Profile) -> Measured:
    """The first view and the views after it."""
    window = context.new_page()
    page.way(window)
    settle(window)
    address = window.url
    session = context.new_cdp_session(window)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": profile.latency_ms,
        "downloadThroughput": profile.down / 8, "uploadThroughput": profile.up / 8,
    })  # fmt: skip
    scales = Scales(session)
    first, _whole = view(window, address)
    weight, own = scales.bytes, scales.page
    views = []
    for _view in range(VIEWS):
        scales.empty()
        views.append(view(window, address))
    again, whole = (statistics.median(times) for times in zip(*views, strict=True))
    window.close()
    return Measured(page.name, first, again, whole, weight, scales.bytes, own)


def view(window: Page, address: str) -> tuple[float, float]:
    """Open the page; seconds until the first and until the largest part of it was seen."""
    window.goto("about:blank")
    window.goto(address, wait_until="load", timeout=120_000)
    settle(window)
    first, largest = window.evaluate(SEEN)
    return first / 1000, max(first, largest) / 1000


def tell(found: list[Measured], profile: Profile) -> int:
    """A table in the words of docs/performance.md; 1 where something is missed."""
    print(f"{profile.of}; {SLOWER} times slower processor; a phone; medians of {VIEWS} views.\n")
    print("| page | first seen, first view | first seen, again | all seen, again | first view | again | the page |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for m in found:
        print(
            f"| {m.name} | {m.first:.1f} s | {m.again:.2f} s | {m.whole:.2f} s | {m.bytes / 1024:.1f} KB |"
            f" {m.again_bytes / 1024:.1f} KB | {m.page / 1024:.1f} KB |"
        )
    missed = [f"{m.name}: {', '.join(m.misses)}" for m in found if m.misses]
    print("\n" + ("\n".join(missed) or "Nothing is missed."))
    return 1 if missed else 0


def main() -> int:
    """Measure the ten pages, or those named."""
    parser = argparse.ArgumentParser(prog="slow_pages", description=__doc__)
    parser.add_argument("pages", nargs="*", help="names of main pages; else the ten that are opened most")
    parser.add_argument("--profile", choices=list(PROFILES), default="slow-3g")
    options = parser.parse_args()
    if not find():
        print("No Chromium was found (on Debian: apt-get install chromium).", file=sys.stderr)
        return 2
    profile = PROFILES[options.profile]
    chosen = [page for page in PAGES if (page.name in options.pages if options.pages else page.often)]
    found = []
    world = Demonstration("screens")
    with world.running(keep=os.environ.get("KEEP") == "1"), sync_playwright() as playwright:
        Front.port = world.port
        front = ThreadingHTTPServer(("127.0.0.1", 0), Front)
        threading.Thread(target=front.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{front.server_port}"
        browser = launch(playwright)
        for who in dict.fromkeys(page.who for page in chosen):
            context = context_of(browser, PHONE, base_url=address)
            context.set_default_timeout(120_000)
            if who:
                first = context.new_page()
                sign_in(first, who)
                first.close()
            found += [measure(context, page, profile) for page in chosen if page.who == who]
            context.close()
        browser.close()
        front.shutdown()
    return tell(found, profile)


if __name__ == "__main__":
    sys.exit(main())
