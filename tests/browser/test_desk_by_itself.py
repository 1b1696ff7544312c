"""My leads renew themselves: a lead that comes in appears, and nothing moves under the hand of who is at work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Request, Response, expect
from tests.browser.reader import NewReader, Reader
from tests.browser.site import Site, start_around_the_clock
from tests.browser.sources import posts_a_lead

COMES_MS, ASKS_MS = 60_000, 4_000


@pytest.fixture(scope="module")
def round_the_clock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    home = tmp_path_factory.mktemp("itself") / "home"
    home.mkdir(mode=0o700)
    site, secret = start_around_the_clock(home)
    yield site, secret
    site.stop()


def row(page: Page, lead: str) -> Locator:
    return page.locator("[data-desk-row]", has=page.get_by_role("heading", name=f"{lead}@example.com"))


def comes_in(sender: Reader, secret: str, lead: str) -> None:
    """On the board, so that a list that asks now would show it."""
    posts_a_lead(sender, secret, lead)
    expect(sender.page.locator(".board-table").get_by_text(f"{lead}@example.com")).to_be_visible(timeout=COMES_MS)


def asks(page: Page) -> list[str]:
    """Every time that the list asks for itself from now on."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.headers.get("hx-target") == "desk" and request.method == "GET":
            found.append(request.url)

    page.on("request", note)
    return found


def test_a_lead_appears_by_itself_and_never_under_the_hand(
    round_the_clock: tuple[Site, str], reader: NewReader
) -> None:
    site, secret = round_the_clock
    rita, sam = reader(site, "rita"), reader(site, "sam")
    sam.goes_to("/at-risk/")
    page = rita.goes_to("/desk/")
    expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    page.evaluate("window.neverReloaded = true")
    comes_in(sam, secret, "Dora-1")
    expect(row(page, "Dora-1")).to_be_visible(timeout=COMES_MS)
    keeps_what_is_chosen(page, sam, secret)
    waits_for_a_sheet(page, sam, secret)
    waits_for_what_is_typed(page, sam, secret)
    assert page.evaluate("window.neverReloaded")
    rita.check_accessible()


def keeps_what_is_chosen(page: Page, sam: Reader, secret: str) -> None:
    """The keyboard is on the same lead when another comes in."""
    page.keyboard.press("j")
    expect(row(page, "Dora-1")).to_be_focused()
    comes_in(sam, secret, "Emil-2")
    expect(row(page, "Emil-2")).to_be_visible(timeout=COMES_MS)
    expect(row(page, "Dora-1")).to_be_focused()


def waits_for_a_sheet(page: Page, sam: Reader, secret: str) -> None:
    page.keyboard.press("s")
    sheet = row(page, "Dora-1").locator(".act-sheet", has_text="Put off for")
    expect(sheet).to_be_visible()
    asked = asks(page)
    comes_in(sam, secret, "Fia-3")
    page.wait_for_timeout(2 * ASKS_MS)
    expect(sheet).to_be_visible()
    expect(row(page, "Fia-3")).to_have_count(0)
    assert not asked
    page.keyboard.press("Escape")
    expect(row(page, "Fia-3")).to_be_visible(timeout=COMES_MS)
    expect(row(page, "Dora-1").locator("[data-act=s] summary")).to_be_focused()


def waits_for_what_is_typed(page: Page, sam: Reader, secret: str) -> None:
    """Also where the sheet is closed over it."""
    page.keyboard.press("s")
    day = row(page, "Dora-1").locator("[data-act=s] input[name=on]")
    day.fill("2031-05-06")
    page.keyboard.press("Escape")
    comes_in(sam, secret, "Gus-4")
    page.wait_for_timeout(2 * ASKS_MS)
    expect(day).to_have_value("2031-05-06")
    expect(row(page, "Gus-4")).to_have_count(0)
    day.evaluate("field => { field.value = ''; }")
    expect(row(page, "Gus-4")).to_be_visible(timeout=COMES_MS)


def test_a_list_to_which_nothing_happens_is_not_sent_again(
    round_the_clock: tuple[Site, str], reader: NewReader
) -> None:
    """At most once a minute, when the minute is another."""
    site, _ = round_the_clock
    page = reader(site, "rita").goes_to("/desk/")
    answers: list[int] = []

    def note(answer: Response) -> None:
        if answer.request.headers.get("hx-target") == "desk":
            answers.append(answer.status)

    page.on("response", note)
    page.wait_for_timeout(4 * ASKS_MS)
    assert set(answers) <= {200, 304} and answers.count(304) >= 1 and answers.count(200) <= 2
