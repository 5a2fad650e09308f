"""A passport that is not with its owner: found on the phone, held, waived by name, remedied, and the journey goes on."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PHONE

pytestmark = pytest.mark.browser
PREPARE = "Prepare the return"


def record_that_the_passport_is_gone(page):
    """Rosa in the housing, phone in hand: from the list of due checks to the saved answer, by touch."""
    page.goto("/checks/")
    page.get_by_role("link", name="Record the check of Given1").first.tap()
    page.get_by_label("Stage").select_option(label="During employment")
    page.get_by_role("button", name="Change the stage").tap()
    question = page.get_by_role("group", name="D09")
    question.get_by_text("No", exact=True).tap()
    question.get_by_label("Shown by").select_option("worker alone")
    question.get_by_label("What was seen").fill("The employer keeps it in the office")
    page.get_by_role("button", name="Save what is answered").last.tap()
    expect(page.get_by_text("Saved.")).to_be_visible()


def try_to_prepare_the_return(page, placement_id: int):
    """Ines records the move on the placement's page."""
    page.goto(f"/placements/{placement_id}/")
    page.get_by_label("Move", exact=True).select_option(label=PREPARE)
    page.get_by_role("button", name="Record the move").click()


def finding_of(page) -> None:
    """Open the one open finding from the list."""
    page.goto("/findings/")
    page.get_by_role("link", name=re.compile("The passport is not with the worker")).click()


def test_rosa_finds_it_ines_is_stopped_mara_waives_and_the_move_goes(as_person, cast):
    placement_id = cast.placement("IH-001").pk
    rosa = as_person("rosa", viewport=PHONE)
    record_that_the_passport_is_gone(rosa)
    expect(rosa.get_by_role("row", name="D09").get_by_role("link", name="Open")).to_be_visible()

    ines = as_person("ines")
    try_to_prepare_the_return(ines, placement_id)
    expect(ines.get_by_text("Not moved")).to_be_visible()
    expect(ines.get_by_text("A hold stands on this placement.").first).to_be_visible()
    finding_of(ines)
    expect(ines.get_by_role("button", name="Waive in my name")).not_to_be_visible()

    mara = as_person("mara")
    finding_of(mara)
    waiver = mara.locator("#waive")
    waiver.get_by_label("Reason").fill("The embassy issues a new passport on Friday; the ticket stands.")
    waiver.get_by_label("Until").fill((date.today() + timedelta(days=7)).isoformat())
    waiver.get_by_role("button", name="Waive in my name").click()
    expect(mara.get_by_text("Mara Verde").first).to_be_visible()

    try_to_prepare_the_return(ines, placement_id)
    expect(ines.get_by_text("Moved. The timeline shows the new step.")).to_be_visible()


def test_rosa_resolves_what_she_found_and_the_hold_is_gone(as_person, cast):
    placement_id = cast.placement("IH-001").pk
    rosa = as_person("rosa", viewport=PHONE)
    record_that_the_passport_is_gone(rosa)
    finding_of(rosa)
    resolve = rosa.locator("#resolve")
    resolve.get_by_label("What was done for the worker").fill("The passport was handed back in my presence.")
    resolve.get_by_role("button", name="Resolve the finding").tap()
    expect(rosa.get_by_text("This finding holds nothing now.")).to_be_visible()

    ines = as_person("ines")
    try_to_prepare_the_return(ines, placement_id)
    expect(ines.get_by_text("Moved. The timeline shows the new step.")).to_be_visible()


def test_the_employer_reads_that_the_programme_must_clear_it_and_nothing_of_what_was_found(as_person, cast):
    record_that_the_passport_is_gone(as_person("rosa", viewport=PHONE))
    omar = as_person("omar")
    omar.goto(f"/placements/{cast.placement('IH-001').pk}/")
    expect(omar.get_by_text("The programme must clear this placement before its next step.").first).to_be_visible()
    omar.wait_for_load_state("networkidle")
    assert "passport" not in omar.inner_text("main").lower().replace("passport ends", "")
    assert "office" not in omar.content()
