"""What people do in more than one story: make a team, invite, come in, confirm who they are, sign."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from tests.browser.reader import Reader

SESAME = "twenty-seven sesame seeds"


def makes_a_team(admin: Reader, name: str, *, role: str) -> None:
    page = admin.goes_to("/settings/teams/")
    page.locator("main form input[name=name]").fill(name)
    page.locator("main form select[name=role]").select_option(role)
    page.locator("main form:has(input[name=name]) button[type=submit]").click()
    expect(page.locator("main")).to_contain_text(name)


def invites(admin: Reader, email: str, *, team: str, role: str) -> str:
    """The path of the letter's link, which is shown this once."""
    page = admin.goes_to("/settings/invitations/")
    page.locator("input[name=email]").fill(email)
    page.locator("select[name=team]").select_option(label=team)
    page.locator("select[name=role]").select_option(role)
    admin.clicks(page.get_by_role("button", name="Invite", exact=True))
    found = re.search(r"/invitations/[\w-]+/", page.locator("code.secret").inner_text())
    assert found
    return found.group()


def comes_in(newcomer: Reader, invitation: str, name: str, email: str) -> Reader:
    """By the letter's link, and then by the door."""
    page = newcomer.goes_to(invitation)
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(SESAME)
    newcomer.check_accessible()
    newcomer.clicks(page.get_by_role("button", name="Come in"))
    newcomer.site.people[name.split()[0].lower()] = (email, SESAME)
    return newcomer.signs_in(name.split()[0].lower())


def signs(reader: Reader, name: str, path: str, *, picture: str = "") -> None:
    """Open the text to sign, prove who one is where that is asked, tick, sign."""
    page = reader.goes_to(f"{path}signatures/")
    if "/confirmation/" in page.url:
        page.locator("input[name=password]").fill(reader.site.people[name][1])
        reader.clicks(page.get_by_role("button", name="Confirm"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Read and sign")
    page.locator("input[name=agreed]").check()
    if picture:
        page.locator(".sign-form").scroll_into_view_if_needed()
        reader.draws(picture)
    reader.clicks(page.locator(".sign-form button[type=submit]"))
    expect(page.locator("main .flash")).to_contain_text("Signed.")
