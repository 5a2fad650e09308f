"""Takes the pictures in docs/screens/ from the demonstration world: `make screens`, or with names of pages, only those.

Every main page (tests/browser/main_pages.py) as its reader meets it: at a desk in light and in dark, on a phone, and in
Arabic, which is read from right to left. Then one contact sheet of all of them, drawn by the browser, and the index
docs/screens/README.md. Plays a fresh world on servers of its own (profile "screens"); needs a Chromium
(scripts/find_chromium.sh). KEEP=1 leaves the world standing for the next call.
"""

import base64
import io
import os
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from tests.browser.chromium import DESK, OVERFLOW, PHONE, context_of, find, launch  # noqa: E402
from tests.browser.demonstration import Demonstration, choose_language, settle, sign_in  # noqa: E402
from tests.browser.main_pages import NOBODY, PAGES, MainPage  # noqa: E402

FOLDER = ROOT / "docs" / "screens"
SHEET = "contact-sheet.webp"
MOST_BYTES, MOST_OF_ALL = 120_000, 6_000_000
THUMB = 236  # pixels, the height of a picture on the contact sheet
QUALITY = 62  # of the contact sheet's WebP, where letters of the smallest size still have clean edges
# Colours of one picture: those it has most of, as they are, and as many that stand for all others.
EXACT, MIXED = 56, 40


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look at a page."""

    name: str
    words: str
    viewport: dict[str, int]
    scheme: str = "light"
    language: str = "en"


LOOKS = (
    Look("light", "light", DESK),
    Look("dark", "dark", DESK, scheme="dark"),
    Look("phone", "phone", PHONE),
    Look("arabic", "Arabic, from right to left", DESK, language="ar"),
)


class Photographer:
    """Takes the pictures of one run; each role signs in once, and each page is looked for once, in English."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.sessions: dict[str, object] = {}
        self.found: dict[str, str] = {}
        self.wide: list[str] = []

    def window(self, who: str, look: Look) -> BrowserContext:
        """A browser of this person for one way of looking."""
        if who != NOBODY and who not in self.sessions:
            first = context_of(self.browser, base_url=self.address)
            sign_in(first.new_page(), who)
            self.sessions[who] = first.storage_state()
            first.close()
        context = context_of(self.browser, look.viewport, look.scheme, base_url=self.address,
                             storage_state=self.sessions.get(who))  # fmt: skip
        if who == NOBODY and look.language != "en":
            context.add_cookies([{"name": "django_language", "value": look.language, "url": self.address}])
        return context

    def take(self, pages: list[MainPage]) -> None:
        """Every way of looking, person by person; the language is the person's own and is set back at the end."""
        for who in dict.fromkeys(page.who for page in pages):
            own = [page for page in pages if page.who == who]
            for look in looks_of(own[0]):
                context = self.window(who, look)
                window = context.new_page()
                speaks = who != NOBODY and look.language != "en"
                if speaks:
                    choose_language(window, look.language)
                for page in own:
                    self.picture(window, page, look)
                if speaks:
                    choose_language(window, "en")
                context.close()

    def picture(self, window: Page, page: MainPage, look: Look) -> None:
        """Go there and keep what is seen."""
        if page.name in self.found and not page.walked:
            window.goto(self.found[page.name])
        else:
            page.way(window)
            self.found[page.name] = window.url
        settle(window)
        if page.top:
            window.locator(page.top).first.evaluate("e => e.scrollIntoView({block: 'start'})")
        if (over := window.evaluate(OVERFLOW)) > 0:
            self.wide.append(f"{page.name}, {look.words}: wider than the screen by {over} px")
        path = FOLDER / name_of(page, look)
        path.write_bytes(few_colours(window.screenshot()))
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB", flush=True)
        if path.stat().st_size > MOST_BYTES:
            sys.exit(f"{path.name} is larger than {MOST_BYTES // 1000} kB.")


def looks_of(page: MainPage) -> list[Look]:
    """The ways in which this page, and its reader's others, are looked at."""
    return [look for look in LOOKS if look.language == "en" or not page.one_language]


def name_of(page: MainPage, look: Look) -> str:
    """The file of a picture."""
    return f"{page.name}-{look.name}.webp"


def few_colours(png: bytes) -> bytes:
    """The picture as WebP without loss, in few colours: sharper than one with loss, and a third smaller."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    most = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)[:EXACT]
    exact = [part for _count, colour in most for part in colour]
    mixed = (picture.quantize(MIXED, method=Image.Quantize.MEDIANCUT).getpalette() or [])[: MIXED * 3]
    palette = Image.new("P", (1, 1))
    palette.putpalette(exact + mixed)
    small = io.BytesIO()
    drawn = picture.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB")
    drawn.save(small, "WEBP", lossless=True, quality=70, method=4)
    return small.getvalue()


def smaller(png: bytes) -> bytes:
    """The picture as WebP, a third of the size."""
    small = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(small, "WEBP", quality=QUALITY, method=6)
    return small.getvalue()


STYLE = """
body { margin: 0; padding: 32px; background: #eef1f3; color: #1d2a33; font: 600 15px/1.4 system-ui, sans-serif; }
h1 { margin: 0 0 24px; font-size: 26px; }
main { display: grid; grid-template-columns: repeat(2, max-content); gap: 28px 36px; }
h2 { margin: 0 0 8px; font-size: 15px; }
section div { display: flex; gap: 8px; }
img { display: block; border: 1px solid #c9d1d6; border-radius: 4px; background: #fff; }
"""


def contact_sheet(browser: Browser) -> None:
    """All pictures on one, two pages a line, each in its four ways."""
    parts = [f"<style>{STYLE}</style><h1>The main pages: light, dark, phone, Arabic</h1><main>"]
    for page in PAGES:
        taken = [path for look in looks_of(page) if (path := FOLDER / name_of(page, look)).exists()]
        pictures = "".join(f'<img alt="" src="{inline(path)}">' for path in taken)
        parts.append(f"<section><h2>{escape(page.words)}</h2><div>{pictures}</div></section>")
    window = browser.new_page(viewport={"width": 2510, "height": 1000})
    window.set_content("".join([*parts, "</main>"]), wait_until="load")
    (FOLDER / SHEET).write_bytes(smaller(window.screenshot(full_page=True)))
    window.close()


def inline(path: Path) -> str:
    """The picture, made small, inside the address: a page of no origin may load no file."""
    image, small = Image.open(path), io.BytesIO()
    image.resize((image.width * THUMB // image.height, THUMB), Image.Resampling.LANCZOS).save(small, "PNG")
    return f"data:image/png;base64,{base64.b64encode(small.getvalue()).decode()}"


def index() -> str:
    """docs/screens/README.md: every page with the ways to look at it."""
    lines = [
        "# The main pages in pictures",
        "",
        "Taken from the demonstration by `make screens`; `make screens PAGES=\"placement cohort\"` takes some again. The people are invented.",
        "",
        f"![All main pages in light and dark, on a phone and in Arabic]({SHEET})",
        "",
        "| page | " + " | ".join(look.words for look in LOOKS) + " |",
        "| --- |" + " --- |" * len(LOOKS),
    ]  # fmt: skip
    for page in PAGES:
        links = " | ".join(f"[{look.name}]({name_of(page, look)})" if look in looks_of(page) else "–" for look in LOOKS)
        lines.append(f"| {page.words} | {links} |")
    return "\n".join(lines) + "\n"


def tidy() -> None:
    """Delete pictures that no page of the list has, and see that the folder stays small."""
    known = {SHEET, "README.md"} | {name_of(page, look) for page in PAGES for look in looks_of(page)}
    for path in FOLDER.iterdir():
        if path.name not in known:
            path.unlink()
    weight = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"{FOLDER.relative_to(ROOT)}: {weight // 1000} kB in all")
    if weight > MOST_OF_ALL:
        sys.exit(f"The pictures weigh more than {MOST_OF_ALL // 1_000_000} MB.")


def main(names: list[str]) -> int:
    """Take all pictures, or those of the pages named; fails where a page is wider than its screen."""
    if not find():
        print("No Chromium was found (on Debian: apt-get install chromium).", file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    world = Demonstration("screens")
    with world.running(keep=os.environ.get("KEEP") == "1") as address, sync_playwright() as playwright:
        browser = launch(playwright)
        photographer = Photographer(browser, address)
        photographer.take([page for page in PAGES if not names or page.name in names])
        contact_sheet(browser)
        browser.close()
    (FOLDER / "README.md").write_text(index())
    tidy()
    for complaint in photographer.wide:
        print(complaint, file=sys.stderr)
    return 1 if photographer.wide else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
