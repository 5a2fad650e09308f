"""What pages weigh as they travel: the first view, with everything it links; and each page that is opened often, alone."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from lamp_portal import fonts
from lamp_portal.joined import PAPER, SCRIPTS, STYLES, joined_script, joined_sheet
from tests.cast import placements
from tests.screens.pages import Page

pytestmark = pytest.mark.django_db

FIRST_VIEW, LIST = 60 * 1024, 15 * 1024
# Who opens what; the forms and lists with as many rows as a page of them has.
OPENED = {
    "ines": ("/", "/placements/", "/findings/", "/duties/", "/checks/", "placement", "cohort", "board", "readiness"),
    "sefo": ("/", "/placements/", "/imports/"),
    "omar": ("/", "/placements/"),
    "rosa": ("/", "/checks/", "check"),
    "fay": ("/", "/reports/"),
}
ROWS = [("selected", "Picking apples")] * 5 + [("nominated", None)] * 55


def packed(content: bytes) -> int:
    """Bytes as a proxy sends them."""
    return len(gzip.compress(content, 6))


def linked(html: str) -> int:
    """Bytes of everything that a browser fetches before and beside a page at its first view."""
    page = Page(html)
    links = [link for link in page.all("link") if link.get("rel") in ("stylesheet", "preload", "icon")]
    paths = {link["href"] for link in links} | {s["src"] for s in page.all("script") if s.get("src")}
    paths |= {image["src"] for image in page.all("img") if str(image.get("src", "")).startswith("/static/")}
    files = {Path(finders.find(str(path).partition("/static/")[2])) for path in paths}
    # What every page links travels joined (lamp_portal/joined.py).
    sheets = {file.stem: file.read_text() for file in files if file.stem in (*STYLES, PAPER)}
    modules = {file.stem: file.read_text() for file in files if file.stem in SCRIPTS}
    weight = packed(joined_sheet(sheets).encode()) + packed(joined_script(modules).encode())
    for file in files:
        if file.stem in sheets.keys() | modules.keys():
            continue
        weight += file.stat().st_size if file.suffix == ".woff2" else packed(file.read_bytes())
    return weight


@pytest.fixture
def addresses(cast):
    """Every page of ``OPENED``, with a list of more than one page behind it."""
    placements(cast, "sefo", "V1", "IH", ROWS)
    placement, cohort = cast.placement("IH-001").pk, reverse("workers:cohort", args=[cast.cohort("V1").pk])
    named = {
        "placement": reverse("workers:placement", args=[placement]), "cohort": cohort,
        "board": f"{cohort}?view=board", "readiness": f"{cohort}readiness/",
        "check": reverse("compliance:check_new", args=[placement]),
    }  # fmt: skip
    return {name: [named.get(path, path) for path in paths] for name, paths in OPENED.items()}


def test_the_pages_that_are_opened_most_are_light(addresses, sign_in):
    fonts.build_web(fonts.WEB_FOLDER)
    heavy, rows = {}, 0
    for name, paths in addresses.items():
        client = sign_in(name)
        for path in paths:
            html = client.get(path).content.decode()
            own = packed(html.encode())
            rows = max(rows, len(re.findall(r'<th scope="row"', html)))
            # The first page that somebody opens brings the typeface, styles and scripts of all.
            first = own + linked(html) if path == "/" else 0
            if own > LIST or first > FIRST_VIEW:
                heavy[name, path] = (own, first)
    assert rows >= 50, "a full page of a list was weighed"
    assert heavy == {}
