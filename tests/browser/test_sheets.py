"""A list of workers comes in as it is: seen before anything is recorded, recorded, and the people go on their way."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PHONE
from tests.workers.sheets.test_door import workbook

pytestmark = pytest.mark.browser
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADERS = ["Worker ID", "Family name", "Given names", "Sex", "Date of birth", "Nationality", "Recruiter", "Cohort",
           "Registered on", "Consent date"]  # fmt: skip
NEW_1 = ["IH-101", "Faleolo", "Sione", "M", "1994-05-17", "Tonga", "Island Hands", "V1", "2026-06-01", "2026-06-01"]
NEW_2 = ["IH-102", "Tupou", "Mele", "F", "1996-01-02", "Tonga", "Island Hands", "V1", "2026-06-01", "2026-06-01"]
CHANGED = ["IH-004", "FamilyIH-004", "Mele Lupe", "", "", "", "", "", "", ""]
BAD = ["IH-103", "Vea", "Tomasi", "wombat", "31/04/1990", "Tonga", "Island Hands", "V1", "2026-06-01", "2026-06-01"]
MOVES = [
    ["IH-101", "Interviewed", "2026-06-20"],
    ["IH-102", "Interviewed", "2026-06-20"],
    ["XX-999", "Interviewed", "2026-06-20"],
]


def send(page, name: str, content: bytes, kind: str = "Workers"):
    """Send a workbook from the page of spreadsheets."""
    page.goto("/imports/")
    page.get_by_label("File").set_input_files({"name": name, "mimeType": XLSX, "buffer": content})
    page.get_by_label("What is in it").select_option(label=kind)
    page.get_by_role("button", name="Send and look").click()
    expect(page).to_have_url(re.compile(r"/imports/\d+/"))


def tick(page, *codes: str):
    """Tick these people in the table of a cohort."""
    for code in codes:
        page.get_by_role("row", name=re.compile(code)).get_by_role("checkbox").check()


def test_ines_brings_in_a_cohort_and_moves_it_along(as_person):
    page = as_person("ines")
    page.goto("/pilots/")
    page.get_by_role("link", name="Verde").click()
    page.get_by_role("link", name="Cohort V1").first.click()
    expect(page.get_by_text("Sione Faleolo")).not_to_be_visible()

    send(page, "cohort.xlsx", workbook([NEW_1, NEW_2, CHANGED, BAD], HEADERS))
    expect(page.get_by_text("Record the 3 accepted rows")).to_be_visible()
    page.get_by_role("link", name=re.compile("To mend")).first.click()
    for cell in ("D5", "E5"):
        expect(page.locator(".cell", has_text=cell)).to_be_visible()
    expect(page.get_by_text("wombat").first).to_be_visible()
    page.get_by_role("link", name=re.compile("Changed")).first.click()
    expect(page.get_by_text("Mele Lupe").first).to_be_visible()
    page.get_by_role("button", name="Record the 3 accepted rows").click()
    expect(page.get_by_text("Recorded: 2 new, 1 changed.")).to_be_visible()
    with page.expect_download() as arriving:
        page.get_by_role("link", name="Download the rows to mend").click()
    assert arriving.value.suggested_filename.endswith(".xlsx")

    page.goto("/pilots/")
    page.get_by_role("link", name="Verde").click()
    page.get_by_role("link", name="Cohort V1").first.click()
    tick(page, "IH-101", "IH-102")
    expect(page.locator("[data-lamp-bulk-count]").first).to_have_text("2")
    page.get_by_label("Move", exact=True).select_option(label="Shortlist")
    page.get_by_label("It happened on").fill("2026-06-15")
    page.get_by_role("button", name="See what would happen").click()
    expect(page.get_by_text("Nothing has been changed yet.")).to_be_visible()
    page.get_by_role("button", name="Move 2 people").click()
    expect(page.get_by_text("2 people moved.")).to_be_visible()

    send(page, "moves.xlsx", workbook(MOVES, ["Worker ID", "Step", "Date"]), "Moves")
    page.get_by_role("link", name=re.compile("To mend")).first.click()
    expect(page.get_by_text("XX-999").first).to_be_visible()
    page.get_by_role("button", name="Record the 2 accepted rows").click()
    expect(page.get_by_text("What happened").first).to_be_visible()
    page.goto("/placements/?q=IH-101")
    expect(page.get_by_role("row", name=re.compile("IH-101"))).to_contain_text("Interviewed")


def test_sefo_does_the_same_for_his_own_people_and_learns_nothing_of_tavis(as_person):
    page = as_person("sefo")
    own = [*NEW_1[:6], "", *NEW_1[7:]]
    tavis = ["RR-001", "Family", "Somebody", "F", "1996-01-02", "Tonga", "", "V1", "", ""]
    send(page, "own.xlsx", workbook([own, tavis], HEADERS))
    told = page.inner_text("main")
    assert "Reef" not in told, "whose the code is stays untold"
    assert "FamilyRR" not in told
    assert "Given1" not in told
    page.get_by_role("button", name=re.compile("Record")).click()
    expect(page.get_by_text(re.compile("Recorded: [12] new"))).to_be_visible()

    page.goto("/placements/")
    codes = page.locator(".code").all_inner_texts()
    assert "IH-101" in codes
    assert not [code for code in codes if code.startswith("RR-")]
    page.goto("/placements/?q=RR-001")
    assert "FamilyRR-001" not in page.content()


@pytest.mark.parametrize("how", [{"scripts": False}, {"scripts": False, "viewport": PHONE}])
def test_without_scripts_a_list_is_sent_looked_at_recorded_and_its_people_moved(as_person, how):
    page = as_person("ines", **how)
    send(page, "cohort.xlsx", workbook([NEW_1, BAD], HEADERS))
    page.get_by_role("link", name=re.compile("To mend")).first.click()
    expect(page.locator(".cell", has_text="D3")).to_be_visible()
    page.get_by_role("button", name="Record the 1 accepted row").click()
    expect(page.get_by_text("Recorded: 1 new, 0 changed.")).to_be_visible()
    page.goto("/pilots/verde/")
    page.get_by_role("link", name="Cohort V1").first.click()
    tick(page, "IH-101")
    page.get_by_label("Move", exact=True).select_option(label="Shortlist")
    page.get_by_label("It happened on").fill("2026-06-15")
    page.get_by_role("button", name="See what would happen").click()
    page.get_by_role("button", name="Move 1 person").click()
    expect(page.get_by_text("1 person moved.")).to_be_visible()
    page.get_by_role("link", name="Board", exact=True).click()
    page.get_by_role("link", name="Sione Faleolo").click()
    page.get_by_role("link", name="Open the changes to this record").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
