"""Ines without a mouse, a whole day: everything is reached by Tab, seen where it is, and done by Enter and Space."""

import pytest
from playwright.sync_api import expect

from tests.accounts.ways_in import code, may_sign_in, with_totp
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser
FOCUS = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const visible = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  const around = getComputedStyle(e, '::after');  // the link of a tile has the whole tile as its ring
  const outlined = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0;
  const ring = outlined(style) || outlined(around) || style.boxShadow !== 'none';
  const at = document.elementFromPoint(box.x + box.width / 2, Math.min(box.y + box.height / 2, innerHeight - 1));
  return {
    name: (e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || e.value || '').trim(),
    tag: e.tagName, ring, visible, covered: !(at && (e.contains(at) || at.contains(e) || e.labels?.[0]?.contains(at))),
  }
}"""


def tab_to(page, name: str, tag: str = "", limit: int = 120):
    """Press Tab until the element with this name has the focus; each stop on the way is seen and bears a name."""
    for _step in range(limit):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["tag"] == "BODY":
            continue
        assert stop["name"], stop
        assert stop["visible"], stop
        assert not stop["covered"], stop
        assert stop["ring"] or stop["tag"] == "INPUT", stop
        if name in stop["name"] and tag in ("", stop["tag"]):
            return
    raise AssertionError(f"{name} is not reached by Tab on {page.url}")


def test_ines_goes_through_her_day_by_keyboard_alone(window, cast):
    ines = may_sign_in(cast.user("ines"))
    secret = with_totp(ines)
    page = window()
    page.goto("/")
    tab_to(page, "Email")
    page.keyboard.type(ines.email)
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("code")).to_be_visible()
    page.get_by_label("code").focus()
    page.keyboard.type(code(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Good day, Ines Verde")).to_be_visible()

    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["name"] == "Skip to the content"
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    # A matter is opened and read where it stands.
    tab_to(page, "clear", "SUMMARY")
    page.keyboard.press("Enter")
    expect(page.locator(".need-clear .need-lines")).to_be_visible()

    # She finds somebody from wherever she is, and moves them on.
    page.keyboard.press("/")
    page.keyboard.type("IH-004")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/?q=IH-004")
    tab_to(page, "Given4 FamilyIH-004", "A")
    page.keyboard.press("Enter")
    page.wait_for_url("**/placements/*/")
    tab_to(page, "Move on", "A")
    page.keyboard.press("Enter")
    tab_to(page, "Move", "SELECT")
    page.keyboard.type("Short")
    tab_to(page, "Record the move", "BUTTON")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Moved. The timeline shows the new step.")).to_be_visible()

    # She moves two at once on the board, seeing first what would happen.
    page.goto(f"/cohorts/{cast.cohort('V1').pk}/?view=board")
    for name in ("Given5 FamilyIH-005", "Given3 FamilyRR-003"):
        tab_to(page, f"Tick {name}", "INPUT")
        page.keyboard.press("Space")
    page.locator("#main").focus()
    tab_to(page, "Move", "SELECT")
    page.keyboard.type("Short")
    tab_to(page, "See what would happen", "BUTTON")
    page.keyboard.press("Enter")
    page.wait_for_url("**/selection/")
    tab_to(page, "Move 2", "BUTTON")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 people moved.")).to_be_visible()

    # And goes home.
    tab_to(page, "Ines Verde", "SUMMARY")
    page.keyboard.press("Enter")
    tab_to(page, "Sign out", "BUTTON")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Password")).to_be_visible()


def test_the_board_and_the_account_menu_open_and_close_by_keyboard(as_person):
    page = as_person("ines")
    page.goto("/")
    tab_to(page, "Ines Verde", "SUMMARY")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    tab_to(page, "Sign out")
    page.goto("/pilots/verde/")
    tab_to(page, "Cohort V1", "A")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cohorts/*/")
    tab_to(page, "Board", "A")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recruitment")).to_be_visible()
    tab_to(page, "Given4 FamilyIH-004", "A")


def test_the_keys_are_shown_lead_to_a_line_of_the_menu_and_are_off_while_typing(as_person):
    page = as_person("ines")
    page.goto("/placements/")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys.get_by_text("g 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).not_to_be_visible()
    page.get_by_role("searchbox").first.focus()
    page.keyboard.type("g2?")
    expect(keys).not_to_be_visible()
    page.locator("#main").focus()
    page.keyboard.type("g2")
    page.wait_for_url("**/tasks/")


def test_leaving_a_form_with_something_entered_asks_first(as_person, cast):
    page = as_person("ines")
    page.goto(f"/people/{cast.placement('IH-001').person_id}/changes/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_label("Village").fill("Vaini")
    page.get_by_role("link", name="Workers").first.click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.get_by_label("Village").input_value() == "Vaini"
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The record was changed.")).to_be_visible()
    assert asked == ["beforeunload"]
