"""A day's work of those who come seldom: an employer, a government, an operator. (Fay the funder: test_report.py.)"""

import re

import pytest
from playwright.sync_api import expect

from tests.access.compliance import _action
from tests.browser.chromium import PHONE
from tests.reports.delivered import frozen

pytestmark = pytest.mark.browser


def test_omar_sees_on_his_first_page_what_to_put_right_and_reports_it_done(as_person, cast):
    _action(cast, "IH-001")
    page = as_person("omar")
    page.goto("/")
    matter = page.locator("#need-actions")
    if matter.get_attribute("open") is None:
        matter.locator("summary").click()
    matter.get_by_role("link", name="Give it back.").click()
    report = page.locator("#report")
    report.get_by_label(re.compile("What was done")).fill("Given back to the worker, who signed for it.")
    report.get_by_role("button", name="Report it done").click()
    expect(page.get_by_text("Reported done").first).to_be_visible()
    expect(page.locator("#report")).to_have_count(0)
    page.get_by_role("link", name="Today").first.click()
    expect(page.locator("#need-actions")).to_have_count(0)


def test_kofi_reads_what_his_government_is_told_on_the_phone_and_says_that_he_has(as_person, cast):
    frozen(cast, "kofi")
    page = as_person("kofi", viewport=PHONE)
    page.goto("/")
    page.get_by_role("link", name="Read the report").click()
    expect(page.get_by_role("heading", name="At a glance")).to_be_visible()
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_text("Acknowledged by Kofi Ministry")).to_be_visible()
    assert page.request.get("/placements/").status == 403, "no person, whatever is asked"
    page.complaints.clear()  # this edition was frozen without its charts


def test_opal_sees_whether_the_machine_works_and_finds_who_waits_to_come_in(as_person, cast):
    page = as_person("opal")
    page.goto("/")
    page.wait_for_url("**/operator/")
    today = page.get_by_role("table", name="What needs an operator today")
    expect(today.get_by_role("row", name=re.compile("Health"))).to_contain_text("database and cache answer")
    today.get_by_role("link", name="Invitations").click()
    expect(page.get_by_role("heading", name=re.compile("invitation", re.IGNORECASE)).first).to_be_visible()
    assert page.request.get("/placements/").url.endswith("/operator/"), "an operator has no page of persons"
