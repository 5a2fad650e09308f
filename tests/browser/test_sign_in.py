"""Ines comes in: password, then the code of her phone, and nothing before both."""

import re

import pytest
from playwright.sync_api import expect

from tests.accounts.ways_in import code, may_sign_in, with_totp
from tests.browser.chromium import PHONE
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def ines_code(cast):
    """What Ines's authenticator shows, as a function."""
    ines = may_sign_in(cast.user("ines"))
    secret = with_totp(ines)
    return lambda: code(secret)


def give_password(page, email="ines@cast.example", password=PASSWORD):
    """The first step of signing in."""
    page.goto("/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("how", [{}, {"viewport": PHONE, "scheme": "dark"}, {"scripts": False}])
def test_ines_signs_in_with_her_password_and_a_code_and_a_wrong_code_opens_nothing(window, ines_code, how):
    page = window(**how)
    give_password(page)
    right = ines_code()
    page.get_by_label("code").fill("000000" if right != "000000" else "111111")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Incorrect code.")).to_be_visible()
    page.goto("/pilots/")
    expect(page).to_have_url(re.compile("/account/"))

    page.get_by_label("code").fill(ines_code())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/pilots/")
    expect(page.get_by_role("link", name="Verde")).to_be_visible()


def test_a_wrong_password_says_so_and_asks_for_no_code(window, ines_code):
    page = window()
    give_password(page, password="not-the-right-password")
    expect(page.get_by_text("The email address and/or password you specified are not correct.")).to_be_visible()
    expect(page.get_by_label("Password")).to_be_visible()


def test_signing_out_leaves_nothing_behind_the_back_button(window, ines_code):
    page = window()
    give_password(page)
    page.get_by_label("code").fill(ines_code())
    page.get_by_role("button", name="Sign in").click()
    page.goto("/placements/")
    expect(page.get_by_text("IH-001", exact=True)).to_be_visible()
    page.locator("summary", has_text="Ines Verde").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("IH-001", exact=True)).not_to_be_visible()
