"""A rep answers leads on a telephone; a lead that a system posts appears on the board under one's eyes."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect
from tests.browser.reader import PHONE, PICTURE, WIDE, NewReader, Reader
from tests.browser.site import Site
from tests.browser.sources import makes_a_source, posts_a_lead

SHEET = ".act-sheet"


def rows(page: Page) -> Locator:
    return page.locator("[data-desk-row]")


def has_leads(rita: Reader) -> Page:
    """Her desk with two more leads: on some days the made-up company leaves her none."""
    for _ in range(2):
        page = rita.goes_to("/leads/new")
        page.locator("input[name=person]").fill(f"{uuid4().hex[:8]}@example.com")
        page.locator("main form[method=post] button[type=submit]").first.click()
        page.wait_for_url("**/leads/desk/**")
    return rita.goes_to("/desk/")


def test_a_rep_answers_leads_on_a_telephone(own_demo: Site, reader: NewReader) -> None:
    rita = reader(own_demo, "rita", viewport=PHONE)
    page = has_leads(rita)
    expect(rows(page)).not_to_have_count(0)
    rita.check_fits()
    rita.check_accessible()
    first = rows(page).first
    name = first.locator("h2").inner_text()
    first.locator("summary", has_text="Touch").click()
    rita.check_accessible()
    rita.draws("desk-phone")
    rita.clicks(first.get_by_role("button", name="no answer").first)
    expect(page.locator(".undo")).to_contain_text(f"Noted for {name}: call, no answer.")
    rita.clicks(page.get_by_role("button", name="Take back"))
    expect(page.locator(".undo")).to_have_count(0)
    puts_off(rita, rows(page).first)
    page.goto(rita.site.address + rows(page).first.locator("h2 a").get_attribute("href"))  # type: ignore[operator]
    expect(page.locator("#happened")).to_be_visible()
    expect(page.get_by_role("group", name=re.compile("What to do about"))).to_be_visible()
    rita.check_fits()
    rita.check_accessible()


def puts_off(rita: Reader, row: Locator) -> None:
    """The lead goes to the end of the list, and comes back when that is taken back."""
    name, page = row.locator("h2").inner_text(), rita.page
    row.locator("summary", has_text="Put off").click()
    rita.clicks(row.get_by_role("button", name="1 hour"))
    expect(rows(page).last.locator("h2")).to_have_text(name)
    expect(rows(page).last).to_contain_text("put off until")
    rita.clicks(page.get_by_role("button", name="Take back"))
    expect(rows(page).first.locator("h2")).to_have_text(name)


def test_the_desk_by_keyboard(own_demo: Site, reader: NewReader) -> None:
    rita = reader(own_demo, "rita")
    page = has_leads(rita)
    page.keyboard.press("j")
    expect(rows(page).first).to_be_focused()
    page.keyboard.press("d")
    expect(rows(page).first.locator(SHEET, has_text="Why does sales not want it?")).to_be_visible()
    expect(page.locator(f"{SHEET} button:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(rows(page).nth(1) if rows(page).count() > 1 else rows(page).first).to_be_focused()


def test_the_desk_works_without_scripts(own_demo: Site, reader: NewReader) -> None:
    rita = reader(own_demo, "rita", scripts=False)
    page = has_leads(rita)
    first = rows(page).first
    first.locator("summary", has_text="Touch").click()
    first.get_by_role("button", name="voicemail").click()
    expect(page.locator(".undo")).to_contain_text("call, voicemail")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".undo")).to_have_count(0)


def test_a_lead_that_a_system_posts_appears_on_the_board_by_itself(own_demo: Site, reader: NewReader) -> None:
    olu = reader(own_demo, "olu", viewport=PICTURE)
    secret = makes_a_source(olu)
    sam = reader(own_demo, "sam")
    page = sam.goes_to("/at-risk/")
    sam.check_accessible()
    page.evaluate("window.neverReloaded = true")
    posts_a_lead(sam, secret, "appears-1")
    expect(page.locator(".board-table").get_by_text("appears-1@example.com").first).to_be_visible(timeout=60_000)
    assert page.evaluate("window.neverReloaded")
    expect(page.locator(".board-left .left").first).to_have_text(re.compile("left|overdue"))
    for window in (WIDE, PHONE):
        for scheme in ("light", "dark"):
            sam.turns(window, scheme)
            sam.check_fits()
            sam.check_accessible(by_looks=True)
    olu.goes_to("/settings/sources/")
    olu.draws("sources")
