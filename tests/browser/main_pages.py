"""The main pages of the portal, each as one role meets it in the demonstration: who looks, and how they come there.

The pictures of docs/screens/ show them all; the measurement over a slow network takes the ten that are opened most.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import xlsxwriter
from playwright.sync_api import Page

from tests.browser.demonstration import settle

Way = Callable[[Page], None]
NOBODY: Final = ""


@dataclass(frozen=True, slots=True)
class MainPage:
    """One page: its name in files, what it shows, who looks (``NOBODY`` before sign-in), and the way there in English."""

    name: str
    words: str
    who: str
    way: Way
    top: str = ""
    """A selector to bring to the top of a picture; without it the picture begins at the page's top."""
    one_language: bool = False
    """Whether its reader has no form to choose a language by: an operator in the admin, a worker with somebody's phone."""
    often: bool = False
    """Whether it is one of the ten pages that are opened most."""
    walked: bool = False
    """Whether it has no address of its own: it answers a form that was sent, so each picture goes the whole way."""


def at(path: str) -> Way:
    """A page with an address of its own."""
    return lambda page: page.goto(path) and None


def through(path: str, *links: str) -> Way:
    """From a page on by the first link that each selector finds."""

    def go(page: Page) -> None:
        page.goto(path)
        for link in links:
            settle(page)
            page.locator(link).first.click()
            page.wait_for_load_state()

    return go


COHORT: Final = "#cohort-lines h3 a"
FIRST_ROW: Final = "main tbody th a"


def held_placement(page: Page) -> None:
    """A placement with an open finding: held, with a history worth reading."""
    page.goto("/findings/")
    page.locator("main table tbody th a").first.click()
    page.locator(".crumbs a").last.click()
    page.wait_for_load_state("networkidle")
    page.locator("main a[href^='/placements/']").first.click()


def story(page: Page) -> None:
    """What is told about a worker abroad, for them to take along."""
    page.goto("/placements/?phase=abroad")
    page.locator("main tbody th a").first.click()
    page.wait_for_url("**/placements/*/")
    page.goto(page.url.split("?")[0] + "story/")


def preview(page: Page) -> None:
    """A recruiter's list, looked at before anything is recorded: new people, a changed one, cells to mend."""
    page.goto("/placements/")
    known = page.locator("main .code").first.inner_text()
    page.goto("/imports/")
    cohort = page.get_by_label("Cohort").locator("option").nth(1).inner_text()
    list_of = {
        "name": "winter-pruning.xlsx",
        "mimeType": "application/octet-stream",
        "buffer": workers_list(known, cohort),
    }
    page.get_by_label("File").set_input_files(list_of)
    page.get_by_label("Dates are written as").select_option("dmy")
    page.get_by_role("button", name="Send and look").click()
    page.wait_for_url("**/imports/*/")


def selection(what: str) -> Way:
    """People of the cohort that departs next, ticked, and what would happen to them: ``what`` is the button's value."""

    def go(page: Page) -> None:
        through("/", COHORT)(page)
        settle(page)
        # The middle of the list holds people of several steps, so that some of them are refused.
        boxes = page.locator("#bulk tbody input[name=placement]")
        for number in range(4, 12):
            boxes.nth(number).check()
        if what == "move":
            page.locator("#bulk select[name=move]").select_option(index=2)
        if what == "tell":
            page.locator("#bulk button[value=tell]").click()
            page.wait_for_load_state()
            page.locator("main select[name=text]").select_option("briefing")
            page.locator("main [name=day]").fill("2026-12-01")
            page.locator("main [name=place]").fill("Town hall")
            page.locator("main form button[type=submit]").first.click()
        else:
            page.locator(f"#bulk button[value={what}]").click()
        page.wait_for_load_state()

    return go


def last_move(page: Page) -> None:
    """The last move of a worker abroad, and whether and by whom it is taken back."""
    page.goto("/placements/?phase=abroad")
    page.locator(FIRST_ROW).first.click()
    page.wait_for_url("**/placements/*/")
    page.goto(page.url.split("?")[0] + "last-move/")


def handed_phone(page: Page) -> None:
    """The phone has been handed to a worker, and somebody opens another page on it."""
    page.goto("/placements/?phase=abroad")
    page.locator(FIRST_ROW).first.click()
    page.wait_for_url("**/placements/*/")
    page.goto(page.url.split("?")[0] + "alone/")
    page.locator("form[action$='/handing-over/'] button[type=submit]").first.click()
    page.wait_for_load_state()
    page.goto("/")


def workers_list(known: str, cohort: str) -> bytes:
    """A workbook of invented people; ``known`` is the code of somebody who is recorded already."""
    new = ["Tonga", "", cohort, "2/11/2026", "2/11/2026"]
    rows = [
        ["TA-301", "Hausiale", "Mele Fifita", "F", "14/03/1998", *new],
        ["TA-302", "Fonokalafi", "Sione Vea", "M", "2/9/1995", *new],
        ["TA-303", "Lolotonga", "ʻAna", "F", "31/02/1997", *new],
        ["TA-304", "Vaipulu", "Tevita", "wombat", "7/7/1992", *new],
        [known, "", "", "", "", "", "+676 770 4411", "", "", ""],
        ["TA-306", "Matangi", "Losa", "F", "19/12/2001", *new],
        ["TA-306", "Matangi", "Losaline", "F", "19/12/2001", *new],
        ["TA-307", "Kaufusi", "Paula", "M", "30/1/1990", *new],
        ["TA-308", "Tukuafu", "Salome", "F", "5/6/1999", "Tonga", "", "Cohort of nowhere", "2/11/2026", "2/11/2026"],
    ]
    headers = ["Worker ID", "Family name", "Given names", "Sex", "Date of birth", "Nationality", "Phone", "Cohort",
               "Registered on", "Consent date"]  # fmt: skip
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List")
        for number, row in enumerate([headers, *rows]):
            sheet.write_row(number, 0, row)
    return content.getvalue()


PAGES: Final = (
    MainPage("sign-in", "Signing in", NOBODY, at("/account/login/")),
    MainPage("home-programme", "A programme officer’s day", "programme", at("/"), often=True),
    MainPage("home-recruiter", "A recruiter’s day", "recruiter", at("/"), often=True),
    MainPage("home-employer", "An employer’s day", "employer", at("/")),
    MainPage("home-welfare", "A welfare officer’s day", "welfare", at("/"), often=True),
    MainPage("home-safeguarding", "A safeguarding lead’s day", "safeguarding", at("/")),
    MainPage("home-government", "What a sending government was told", "government", at("/")),
    MainPage("home-funder", "What a funder was told", "funder", at("/"), often=True),
    MainPage("home-operator", "What needs an operator", "operator", at("/operator/"), one_language=True),
    MainPage("tasks", "What somebody is to do, and by when", "programme", at("/tasks/")),
    MainPage("notes", "Notes and tasks about a worker", "programme", through("/tasks/", "main a[href*='/placements/']", "main a[href$='/notes/']")),
    MainPage("notices", "Which mails come, and when", "programme", at("/me/notices/")),
    MainPage("workers", "Workers, filtered", "programme", at("/placements/"), often=True),
    MainPage("search", "The one search, misspelt", "programme", at("/find/?q=taufalka")),
    MainPage("placement", "A placement that is held", "programme", held_placement, often=True),
    MainPage("cohort", "A cohort as a table", "programme", through("/", COHORT), often=True),
    MainPage("board", "A cohort as a board", "programme", through("/", COHORT, "main .tabs a[href*='view=board']"), top=".tabs"),
    MainPage("selection", "Who moves, who is refused, and why", "programme", selection("move"), walked=True),
    MainPage("telling", "What workers are told, in their languages", "programme", selection("tell"), walked=True),
    MainPage("undo", "A move that was a mistake", "programme", last_move),
    MainPage("papers-asked", "Papers that a recruiter is asked for", "recruiter", through("/paper-requests/", FIRST_ROW)),
    MainPage("readiness", "Who can fly, and what is missing", "programme", through("/", "#cohort-lines a[href$='/readiness/']")),
    MainPage("calendar", "A cohort’s dates", "programme", through("/", COHORT, "main a[href*='/calendar/']")),
    MainPage("duties", "Who owes what by when", "programme", at("/duties/")),
    MainPage("findings", "Open findings", "programme", at("/findings/"), often=True),
    MainPage("finding", "One finding and its remedy", "programme", through("/findings/", FIRST_ROW)),
    MainPage("rules", "What each rule found", "programme", at("/rules/")),
    MainPage("actions", "What an employer is to put right", "employer", at("/actions/")),
    MainPage("remedies", "Owed and paid", "programme", at("/remedies/")),
    MainPage("pilot", "A pilot", "programme", through("/pilots/", "main a[href^='/pilots/']:not([href='/pilots/'])")),
    MainPage("scheme", "The rules of a corridor, dated and sourced", "programme", through("/schemes/", "main a[href^='/schemes/']")),
    MainPage("import", "A list, looked at before anything is recorded", "recruiter", preview),
    MainPage("imports", "Sheets that were sent", "recruiter", at("/imports/")),
    MainPage("checks", "Checks to make", "welfare", at("/checks/"), often=True),
    MainPage("check", "A check form", "welfare", through("/checks/", "main a[href*='/checks/new/']"),
             top=".check-form fieldset:has(.check-item)", often=True),
    MainPage("visit", "A visit to a site", "welfare", through("/", "main a[href*='/visits/new/']")),
    MainPage("story", "A worker’s own story", "welfare", story),
    MainPage("case", "A grievance", "safeguarding", through("/cases/", "main tbody tr:last-child th a")),
    MainPage("phone-lock", "A phone that was handed over", "welfare-elsewhere", handed_phone, one_language=True),
    MainPage("legal-holds", "What must not be deleted", "safeguarding", at("/legal-holds/")),
    MainPage("concern", "Where a worker raises a concern", NOBODY, at("/concern/")),
    MainPage("reports", "Reports", "government", at("/reports/")),
    MainPage("report", "An edition of a funder’s report", "funder", through("/reports/", FIRST_ROW)),
)  # fmt: skip
PAGE: Final = {page.name: page for page in PAGES}
