"""A passkey from first to last: set up after the password was asked again, then the only thing needed to come in."""

import re

import pytest
from playwright.sync_api import expect

from tests.accounts.ways_in import may_sign_in
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser


def with_a_passkey_device(page) -> None:
    """The browser gets a built-in authenticator whose owner always says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_ines_sets_up_a_passkey_and_comes_in_with_nothing_else(as_person, cast):
    may_sign_in(cast.user("ines"))
    page = as_person("ines")
    with_a_passkey_device(page)
    page.goto("/account/2fa/webauthn/add/")
    expect(page).to_have_url(re.compile("/account/reauthenticate/"))
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button").first.click()
    expect(page).to_have_url(re.compile("/webauthn/add/"))
    page.locator("input[name=name]").fill("My laptop")
    page.locator("input[name=passwordless]").check()
    page.get_by_role("button", name="Add").click()
    expect(page).to_have_url(re.compile("/account/2fa/(webauthn/|recovery-codes/)$"))

    page.context.clear_cookies()
    page.goto("/me/")
    expect(page).to_have_url(re.compile("/account/login/"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/me/$"))
    expect(page.get_by_text("ines@cast.example")).to_be_visible()
