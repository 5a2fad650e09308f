"""A new recruiter with last week's list, in which every trouble of such lists stands: sent, understood, mended, done.

At a desk, on a phone, and without scripts. Nothing but the file and the pages is needed.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESK, OVERFLOW, PHONE
from tests.browser.messy import messy_list

pytestmark = pytest.mark.browser
COLUMNS = {
    "ID": "Worker ID", "Ppt ends": "Passport expiry", "Where from": "Village", "Pay at home": "Home monthly income",
    "Reg date": "Registered on",
}  # fmt: skip
ANSWERS = {
    "In “DOB” the dates": "dmy", "In “Reg date” the dates": "dmy", "In “Pay at home” the amounts": ",",
    "does “Kingdom of T.” mean": "TO", "does “1” mean": "M", "does “2” mean": "F",
    "does “Cohort of nowhere” mean": "V1",
}  # fmt: skip
MENDED = {
    7: {"Pay at home": "500"}, 8: {"DOB": "30/04/1990"},
    9: {"Pay at home": "", "Reg date": "15/04/2026"}, 10: {"ID": "IH-106"},
}  # fmt: skip


def clean(page):
    """The page fits the window and axe finds nothing against it. Axe waits for ever where scripts do not run."""
    if getattr(page, "without_scripts", False):
        return
    assert page.evaluate(OVERFLOW) <= 0, page.url
    assert page.examined.barriers(page) == [], page.url


def send(page):
    """The file, from the page of spreadsheets to the page of the sheet."""
    page.goto("/imports/")
    page.get_by_label("File").first.set_input_files(
        {"name": "registration.xlsx", "mimeType": "application/octet-stream", "buffer": messy_list()}
    )
    page.get_by_role("button", name="Send and look").click()
    expect(page).to_have_url(re.compile(r"/imports/\d+/"))


def understand(page):
    """The sheet of the workbook that was found, what its columns are, and what its words and dates mean."""
    page.get_by_role("link", name="Say what the columns are").click()
    expect(page.get_by_text("Read is the sheet “Registration”, with the names of the columns in row 4")).to_be_visible()
    for header, meant in COLUMNS.items():
        page.get_by_label(re.compile(f"“{header}”")).select_option(meant)
    clean(page)
    page.get_by_role("button", name="Use these columns and check again").click()
    expect(page.get_by_text("questions about this file")).to_be_visible()
    clean(page)
    for asked, answer in ANSWERS.items():
        page.get_by_label(re.compile(re.escape(asked))).select_option(answer)
    page.get_by_label(re.compile("say no currency")).fill("TOP")
    page.get_by_role("button", name="Use these answers and check again").click()
    expect(page.get_by_text("Record the 2 accepted rows")).to_be_visible()


def mend(page):
    """The cells that only the recruiter can know, typed on the page, row by row."""
    for number, cells in MENDED.items():
        row = page.locator(f"#row-{number}")
        for header, value in cells.items():
            row.get_by_label(re.compile(header)).fill(value)
        row.get_by_role("button", name="Check this row").click()
        expect(page.get_by_text(f"Row {number} can be taken now.")).to_be_visible()


def undo(page):
    """What taking it back would do is seen first; then everybody goes again, and the sheet stays to be read."""
    page.go_back()
    page.get_by_role("button", name="See first what would stay").click()
    expect(page.get_by_text("Nothing would stay.")).to_be_visible()
    clean(page)
    page.get_by_label("Reason").fill("The list of another village")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("6 rows were taken back.")).to_be_visible()
    clean(page)
    page.goto("/placements/?q=IH-106")
    expect(page.get_by_text("Pita Lolo")).to_have_count(0)


def finish(page):
    """Everything is recorded at once, and the list of workers holds it."""
    expect(page.get_by_text("together 6, every row of the list")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Hand them over").click()
    expect(page.get_by_text("handed over to the safeguarding lead")).to_be_visible()
    page.get_by_role("button", name="Record all 6 rows").click()
    expect(page.get_by_text("Recorded: 6 new, 0 changed.")).to_be_visible()
    clean(page)
    page.goto("/placements/?q=IH-106")
    expect(page.get_by_text("Pita Lolo").first).to_be_visible()


@pytest.mark.parametrize("how", [{"viewport": DESK}, {"viewport": PHONE}, {"viewport": PHONE, "scripts": False}])
def test_a_list_with_every_trouble_is_sent_understood_mended_and_recorded(as_person, how):
    page = as_person("sefo", **how)
    page.without_scripts = not how.get("scripts", True)
    send(page)
    understand(page)
    mend(page)
    finish(page)
    undo(page)


def test_last_weeks_answers_are_used_for_this_weeks_list(as_person):
    page = as_person("sefo")
    send(page)
    understand(page)
    page.get_by_role("button", name="Record the 2 accepted rows").click()
    page.get_by_role("button", name="Go on with the rows to mend here").click()
    expect(page.get_by_text("second part of registration.xlsx")).to_be_visible()
    expect(page.locator("li.sheet-row")).to_have_count(4)
    clean(page)
    page.goto("/imports/habits/workers/")
    expect(page.get_by_text("Kingdom of T.")).to_be_visible()
    clean(page)
    page.goto("/imports/")
    clean(page)


def test_the_safeguarding_lead_reads_what_was_handed_over_and_the_recruiter_sees_where_a_value_comes_from(as_person):
    page = as_person("sefo")
    send(page)
    understand(page)
    page.get_by_role("button", name="Hand them over").click()
    expect(page.get_by_text("handed over to the safeguarding lead")).to_be_visible()
    page.get_by_role("button", name="Record the 2 accepted rows").click()
    page.goto("/placements/?q=IH-101")
    page.get_by_role("link", name=re.compile("Sione Faleolo")).first.click()
    page.goto(page.get_by_role("link", name="Where does this come from?").first.get_attribute("href"))
    expect(page.get_by_text("registration.xlsx").first).to_be_visible()
    clean(page)
    lena = as_person("lena")
    lena.goto("/imports/")
    lena.get_by_role("link", name="Comments handed over to you").click()
    expect(lena.get_by_text("sick, in hospital last year")).to_be_visible()
    clean(lena)
