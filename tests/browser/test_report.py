"""Fay asks what came of the pilot she pays for, and takes the answer with her."""

import re

import pytest
from playwright.sync_api import expect

from reports.models import Download
from tests.browser.chromium import PHONE

pytestmark = pytest.mark.browser
TITLE = "How is the pilot going, and how sure are we?"


def ask_for_2026(page):
    """Fill the form for everybody who departed in 2026."""
    page.goto("/reports/")
    page.get_by_label("Cohorts departing from").fill("2026-01-01")
    page.get_by_label("to", exact=True).fill("2026-12-31")
    page.get_by_role("button", name="Compile").click()
    expect(page).to_have_url(re.compile(r"/jobs/\d+/$"))


def test_fay_asks_watches_reads_how_it_is_known_and_downloads_every_file(as_person, work_off, cast):
    page = as_person("fay")
    ask_for_2026(page)
    expect(page.locator(".job")).to_contain_text("Waiting")
    assert work_off() == 1
    # The page asks by itself; nobody presses anything.
    page.get_by_role("link", name="Open the result").click()
    expect(page.get_by_text("Downloaded 0 times")).to_be_visible()

    first = page.locator("details", has_text="How do you know?").first
    expect(first.get_by_text("Denominator")).not_to_be_visible()
    first.get_by_text("How do you know?").click()
    expect(first.get_by_text("Denominator").first).to_be_visible()

    beginnings = {"PDF": b"%PDF-", "Excel": b"PK\x03\x04", "CSV": b"\xef\xbb\xbf"}
    for words, beginning in beginnings.items():
        with page.expect_download() as arriving:
            page.get_by_role("button", name=words).click()
        assert arriving.value.path().read_bytes().startswith(beginning), words
    page.reload()
    expect(page.get_by_text("Downloaded 3 times")).to_be_visible()
    with cast.acting("fay"):
        assert Download.objects.count() == 3

    charts = page.locator("figure.chart img")
    for number in range(charts.count()):
        charts.nth(number).scroll_into_view_if_needed()
        expect(charts.nth(number)).to_have_js_property("complete", True)
        assert charts.nth(number).evaluate("image => image.naturalWidth") > 0


def test_without_scripts_fay_refreshes_by_hand(as_person, work_off):
    page = as_person("fay", scripts=False, viewport=PHONE)
    ask_for_2026(page)
    work_off()
    page.get_by_role("link", name="Refresh").click()
    page.get_by_role("link", name="Open the result").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    with page.expect_download() as arriving:
        page.get_by_role("button", name="CSV").click()
    assert arriving.value.suggested_filename.endswith(".csv")
