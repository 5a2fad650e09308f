"""The frame of every page, the pages of errors, and what a first view weighs."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from fontTools.ttLib import TTFont

from lamp_portal import fonts, joined
from tests.screens.pages import Page, draw, faults, needs_scripts

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "lamp_portal" / "static" / "portal"
NAV = {
    "items": [
        {"label": "Today", "url": "/", "icon": "house", "current": True},
        {"label": "Checks", "url": "/checks/", "icon": "clipboard-check", "current": False, "count": 7},
    ],
    "organisation": "Pacific Mobility Programme",
    "role_label": "Programme officer",
    "person": "Salote Vea",
    "switch_url": "/switch/",
    "account_url": "/me/",
    "logout_url": "/account/logout/",
    "search_url": "/placements/",
}
ERRORS = ("400", "403", "404", "403_csrf", "500")


def page(body: str = "", **context) -> str:
    """A page on the base layout."""
    blocks = "{% block title %}T{% endblock %}{% block heading %}Heading{% endblock %}{% block content %}"
    return draw("{% extends 'base.html' %}" + blocks + body + "{% endblock %}", **context)


def test_a_page_without_an_organisation_shows_only_the_brand():
    written = Page(page())
    assert [n["aria-label"] for n in written.all("nav")] == ["Breadcrumbs"]
    assert written.all("form") == []
    assert written.all("details") == []


def test_the_navigation_marks_the_page_one_is_on():
    links = [a for a in Page(page(nav=NAV)).all("a") if a.get("aria-current") == "page"]
    assert [a["href"] for a in links] == ["/"]


def test_the_layout_has_one_main_one_heading_and_a_way_past_the_bars():
    written = page(nav=NAV)
    assert faults(written) == []
    seen = Page(written)
    assert len(seen.all("main")) == len(seen.all("h1")) == 1
    assert seen.all("a")[0]["href"] == "#" + seen.all("main")[0]["id"]


def test_signing_out_is_a_form_and_not_a_link():
    seen = Page(page(nav=NAV))
    assert "/account/logout/" in [f.get("action") for f in seen.all("form")]
    assert "/account/logout/" not in [a["href"] for a in seen.all("a")]


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_the_page_says_its_language_and_direction(language, direction):
    with translation.override(language):
        [html] = Page(page()).all("html")
    assert (html["lang"], html["dir"]) == (language, direction)


def test_a_chosen_theme_is_kept_and_none_leaves_it_to_the_system():
    assert Page(page(theme="dark")).all("html")[0]["data-theme"] == "dark"
    assert "data-theme" not in Page(page(theme="")).all("html")[0]


def test_what_htmx_may_not_do_under_the_policy_is_switched_off():
    [config] = [m["content"] for m in Page(page()).all("meta") if m.get("name") == "htmx-config"]
    assert '"allowEval": false' in config
    assert '"includeIndicatorStyles": false' in config


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_need_no_context_and_no_database(name):
    # No database mark: a query would fail here.
    written = render_to_string(f"{name}.html", {}, RequestFactory().get("/x/") if name != "500" else None)
    assert faults(written) == []
    assert len(Page(written).all("h1")) == 1
    assert settings.VERSION not in Page(written).text


def test_an_error_page_repeats_nothing_of_the_request():
    written = render_to_string("404.html", {"request_path": "/secret-name/", "exception": "Mele Fifita"}, None)
    assert "secret-name" not in written
    assert "Mele" not in written


def sources() -> dict[str, bytes]:
    """The style sheets by name."""
    return {path.name: path.read_bytes() for path in sorted((STATIC / "css").glob("*.css"))}


def on_every_page() -> dict[str, bytes]:
    """The style sheets that the layout waits for; others belong to the pages of one room, or to paper."""
    linked = " ".join(link["href"] for link in Page(page()).all("link") if link.get("media") != "print")
    return {name: css for name, css in sources().items() if name in linked}


def test_every_style_sheet_and_script_is_linked_by_some_page():
    templates = "\n".join(path.read_text() for path in (ROOT / "templates").rglob("*.html")) + page()
    for path in [*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js")]:
        assert f"portal/{path.parent.name}/{path.name}" in templates, path.name


def test_every_script_is_a_module_so_that_no_name_of_one_is_in_the_way_of_another():
    written = "\n".join(p.read_text() for p in (ROOT / "templates").rglob("*.html")) + page()
    linked = re.findall(r"<script[^>]*portal/js/[^>]*>", written)
    assert len(linked) > len(joined.SCRIPTS)
    assert [tag for tag in linked if 'type="module"' not in tag] == []


def test_the_style_sheet_of_every_page_weighs_less_than_ten_and_a_half_kilobytes():
    sheets = {Path(name).stem: css.decode() for name, css in sources().items()}
    assert len(gzip.compress(joined.joined_sheet(sheets).encode(), 6)) <= 10.5 * 1024


def test_the_style_sheet_of_one_room_weighs_less_than_two_kilobytes():
    rooms = sources().keys() - on_every_page().keys()
    assert {name for name in rooms if len(gzip.compress(sources()[name], 9)) > 2 * 1024} == set()


def test_style_sheets_place_things_by_logical_sides_only():
    physical = re.compile(
        r"(?<![\w-])(?:margin|padding|border|inset)?-?(?:left|right)\s*:|text-align:\s*(?:left|right)"
    )
    assert {
        name: physical.findall(css.decode()) for name, css in sources().items() if physical.search(css.decode())
    } == {}


def test_every_colour_comes_from_the_tokens():
    allowed = {"tokens.css": True}
    strange = {
        name: re.findall(r"#[0-9a-f]{3,8}\b|rgb\([^)]*\)|hsl\([^)]*\)", css.decode())
        for name, css in sources().items()
        if name not in allowed
    }
    # White paper, and the white ground of charts and QR codes, which are drawn in dark ink in both schemes.
    assert {name: set(found) - {"#fff"} for name, found in strange.items() if set(found) - {"#fff"}} == {}


def test_the_typeface_for_the_browser_has_the_letters_of_the_pilots(tmp_path):
    paths = fonts.build_web(tmp_path)
    letters = set().union(*(TTFont(path).getBestCmap() for path in paths))
    assert {ord(c) for c in "Nguyễn Thị Hà Xicay Lucía Māori ʻOfa Łódź İstanbul – × “”"} - letters == {
        ord("×")
    } - letters
    assert all("fvar" in TTFont(path) for path in paths)


def test_the_typeface_for_paper_has_fixed_weights(tmp_path):
    weights = {path.name: TTFont(path) for path in fonts.build_print(tmp_path)}
    assert {name: font["OS/2"].usWeightClass for name, font in weights.items()} == {
        "PublicSans-Regular.ttf": 400,
        "PublicSans-SemiBold.ttf": 600,
        "PublicSans-Bold.ttf": 700,
    }
    assert not [name for name, font in weights.items() if "fvar" in font]


def test_the_ranges_in_the_style_sheet_are_those_of_the_files():
    css = (STATIC / "css" / "tokens.css").read_text()
    written = re.findall(r"fonts/([\w-]+\.woff2).*?unicode-range:\s*([^;]+);", css, re.S)
    assert {name: set(ranges.split(", ")) for name, ranges in written} == {
        name: {"U+0-FF" if r in {"U+20-7E", "U+A0-FF"} else r for r in ranges.split(",")}
        for name, ranges in fonts.WEB_SUBSETS.items()
    }


def test_what_only_a_script_could_do_is_seen():
    plain = (
        "<form action='/x/'><input name=a hx-get='/y/'><button>Send</button></form>"
        "<div hx-get='/z/'><p><a href='/z/'>Open</a></p></div><button type=button popovertarget=n>Menu</button>"
        "<form id=far></form><button form=far>Send</button><button type=button hidden>Keys</button>"
    )
    assert needs_scripts(plain) == []
    for wanting in (
        "<div hx-get='/z/'><p>Wait</p></div>", "<button type=button>Go</button>", "<a href='javascript:x'>x</a>",
        "<form action='/y/'><input type=text></form>",
    ):  # fmt: skip
        assert needs_scripts(plain + wanting) != [], wanting
