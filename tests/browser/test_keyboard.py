"""Without a mouse: the way to the content, through a page, out of a menu, and the short keys."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from tests.browser.reader import PHONE, NewReader
from tests.browser.site import Site

FOCUSED = "document.activeElement.outerHTML.slice(0, 120)"
REACHABLE = """[...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.disabled && each.type !== "hidden"
        && each.tabIndex >= 0 && !(each.type === "radio" && !each.checked)).length"""
PLACES = "/help/keys/"


def test_the_first_key_leads_to_the_content(demo: Site, reader: NewReader) -> None:
    maya = reader(demo, "maya")
    page = maya.goes_to("/leads/")
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_tab_reaches_everything_once(demo: Site, reader: NewReader) -> None:
    page = reader(demo, "olu").goes_to("/settings/people/")
    wanted, reached = page.evaluate(REACHABLE), []
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        reached.append(page.evaluate(FOCUSED))
    assert len(reached) == wanted


def test_escape_closes_the_menu_and_returns_to_it(demo: Site, reader: NewReader) -> None:
    page = reader(demo, "maya").goes_to("/help/")
    menu = page.locator(".bar-end details.menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.locator(".menu-sheet")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu.locator(".menu-sheet")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_escape_closes_a_dialog(demo: Site, reader: NewReader) -> None:
    page = reader(demo, "olu").goes_to("/help/components/")
    opener = page.locator("[data-opens]").first
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


def test_short_keys_lead_where_they_say(demo: Site, reader: NewReader) -> None:
    maya = reader(demo, "maya")
    page = maya.goes_to("/leads/")
    page.keyboard.press("/")
    expect(page.locator("input[type=search]")).to_be_focused()
    page.keyboard.type("?")
    expect(page).to_have_url(re.compile("/leads/"))
    maya.goes_to("/help/").keyboard.press("?")
    expect(page).to_have_url(re.compile(PLACES))
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page).to_have_url(re.compile("/agreements/"))


def test_a_telephone_reaches_every_place(demo: Site, reader: NewReader) -> None:
    maya = reader(demo, "maya", viewport=PHONE)
    page = maya.goes_to("/")
    places = page.locator("nav.places")
    wanted = {each.get_attribute("href") for each in places.locator("a").all()}
    places.locator(".more summary").click()
    seen = {each.get_attribute("href") for each in places.locator("a").all() if each.is_visible()}
    assert seen == wanted
    maya.check_accessible()


def test_a_telephone_shows_a_promise_on_its_first_screen(demo: Site, reader: NewReader) -> None:
    maya = reader(demo, "maya", viewport=PHONE)
    page = maya.goes_to("/")
    promise = page.locator(".sc-promise").first
    where = promise.bounding_box()
    assert where is not None
    assert where["y"] < PHONE["height"]
    disputes = page.locator(".sc-folded").get_by_text("Disputes")
    expect(disputes).to_be_hidden()
    page.locator(".sc-fold > summary").click()
    expect(disputes).to_be_visible()
    maya.check_accessible()
