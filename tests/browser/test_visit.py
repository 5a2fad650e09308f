"""Rosa at the orchard: the connection goes, nothing she tapped is lost, and the worker answers alone on her phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PHONE
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser
KEPT = "Object.keys(localStorage).filter(name => name.startsWith('lamp-draft:')).length"


def test_a_visit_survives_a_lost_connection_and_a_worker_answers_alone(as_person, cast):
    page = as_person("rosa", viewport=PHONE)
    page.goto(f"/sites/{cast.placement('IH-001').site_id}/visits/new/")
    page.get_by_label("Everybody").check()
    page.get_by_role("group", name="How I know").get_by_text("Observation").tap()
    page.get_by_role("group", name="D15").get_by_text("Yes", exact=True).tap()

    page.context.set_offline(True)
    page.get_by_role("button", name="Save for all chosen").tap()
    expect(page.get_by_text("No connection.")).to_be_visible()
    page.context.set_offline(False)
    page.complaints.clear()  # the browser's own line on the connection that was not there

    # What nobody sent for two days is gone from the telephone, whichever page is opened next.
    page.evaluate(
        "localStorage.setItem('lamp-draft:visit-0-arrival', JSON.stringify({at: Date.now() - 49 * 3600e3, values: []}))"
    )
    page.goto("/checks/")
    assert page.evaluate(KEPT) == 1
    page.goto(f"/sites/{cast.placement('IH-001').site_id}/visits/new/")
    expect(page.get_by_text("is back")).to_be_visible()
    expect(page.get_by_role("group", name="D15").get_by_label("Yes", exact=True)).to_be_checked()
    page.get_by_role("button", name="Save for all chosen").tap()
    expect(page.get_by_text("Answers for everybody are saved")).to_be_visible()
    assert page.evaluate(KEPT) == 0

    page.get_by_role("button", name=re.compile("Hand over.*Given1")).first.tap()
    page.get_by_role("group", name="Do you have your passport yourself?").get_by_text("No", exact=True).tap()
    page.get_by_role("button", name="I am done").tap()
    expect(page.get_by_role("heading", name="Thank you. Please give the phone back.")).to_be_visible()
    assert page.evaluate(KEPT) == 0
    page.go_back()  # the way back leads nowhere but to the questions
    page.goto("/")
    expect(page.get_by_role("heading", name="This phone is locked")).to_be_visible()
    page.complaints.clear()  # the browser's own line on a page that answers 423
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Unlock").tap()
    expect(page.get_by_text("Answered alone")).to_be_visible()
