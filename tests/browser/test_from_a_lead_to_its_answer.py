"""One story: a lead is posted, its clock runs, a mail server takes the reminder, the rep answers on a telephone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.reader import PHONE, NewReader, Reader
from tests.browser.site import Site, start_around_the_clock
from tests.browser.sources import posts_a_lead
from tests.cast import PASSWORD
from tests.receivers import Mailbox, mail_server

LEAD, PATIENCE_S = "Ana-77", 90.0


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture(scope="module")
def round_the_clock(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[tuple[Site, str]]:
    """The site, and what its source signs with."""
    home = tmp_path_factory.mktemp("round") / "home"
    home.mkdir(mode=0o700)
    ours = {"SMARKETING_EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}", "SMARKETING_EMAIL_FROM": "sla@example.com"}
    site, secret = start_around_the_clock(home, **ours)
    yield site, secret
    site.stop()


def test_from_a_lead_to_its_answer(round_the_clock: tuple[Site, str], mailbox: Mailbox, reader: NewReader) -> None:
    site, secret = round_the_clock
    sam = reader(site, "sam")
    board = sam.goes_to("/at-risk/")
    expect(board.get_by_role("heading", name="No clock runs")).to_be_visible()
    board.evaluate("window.neverReloaded = true")
    posts_a_lead(sam, secret, LEAD)
    expect(board.locator(".board-table").get_by_text(f"{LEAD}@example.com")).to_be_visible(timeout=60_000)
    expect(board.locator(".board-left .left")).to_have_text(re.compile("left"))
    rita = reader(site, viewport=PHONE)
    opens_the_link(rita, reminder(mailbox), site)
    answers(rita)
    expect(board.get_by_role("heading", name="No clock runs")).to_be_visible(timeout=60_000)
    assert board.evaluate("window.neverReloaded")
    assert len(mailbox.taken) == 1, mailbox.ids


def reminder(mailbox: Mailbox) -> EmailMessage:
    """The one mail that comes."""
    until = time.monotonic() + PATIENCE_S
    while not mailbox.taken:
        assert time.monotonic() < until, "no reminder came"
        time.sleep(0.2)
    (mail,) = mailbox.taken
    assert mailbox.readers == [["rita@example.com"]]
    assert mail["Auto-Submitted"] == "auto-generated" and mail["From"] == "sla@example.com"
    return mail


def opens_the_link(rita: Reader, mail: EmailMessage, site: Site) -> None:
    """On a telephone that nobody has signed in on: first who one is, then the message, then the lead."""
    body = mail.get_body(("plain",))
    assert body is not None and "First answer" in body.get_content()
    links = re.findall(rf"{re.escape(site.address)}(/messages/\d+/)", body.get_content())
    page = rita.goes_to(links[0])
    page.locator("input[name=login]").fill("rita@example.com")
    page.locator("input[name=password]").fill(PASSWORD)
    rita.clicks(page.locator("main form button[type=submit]").first)
    expect(page).to_have_url(re.compile(links[0]))
    rita.check_fits()
    rita.check_accessible()
    rita.clicks(page.get_by_role("link", name="Open the lead"))
    expect(page).to_have_url(re.compile(f"/leads/site-form/{LEAD}/"))
    expect(page.locator(".eyebrow").first).to_have_text(f"{LEAD}@example.com")
    rita.check_fits()
    rita.check_accessible()


def answers(rita: Reader) -> None:
    """She calls, and notes that they spoke; the clock has stopped in time."""
    page = rita.page
    page.locator("summary", has_text="Touch").first.click()
    rita.clicks(page.locator(".act-sheet").get_by_role("button", name="voicemail").first)
    expect(page.locator(".undo")).to_contain_text("voicemail")
    expect(page.locator("#promise-speed .pill").first).to_have_text("met")
    expect(page.locator("main")).to_contain_text("To the lead: call")
    page = rita.goes_to("/desk/")
    expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    rita.check_fits()
    rita.check_accessible()


def test_the_time_left_is_counted_down_by_itself(round_the_clock: tuple[Site, str], reader: NewReader) -> None:
    """The page's own clock moves, and the site is asked nothing: whatever changes is counted here."""
    site, secret = round_the_clock
    sam = reader(site, "sam")
    sam.page.clock.install()
    sam.page.route("**/at-risk/**", as_it_was)
    posts_a_lead(sam, secret, "Ben-78")
    board = shows(sam, "/at-risk/", "Ben-78@example.com")
    left = board.locator("tr", has_text="Ben-78@example.com").locator(".left")
    before = minutes_of(left.inner_text())
    assert 10 <= before <= 14
    board.clock.run_for(61_000)
    assert minutes_of(left.inner_text()) in (before - 1, before - 2), "a minute and a second later"
    board.clock.fast_forward((before - 1) * 60_000)
    board.clock.run_for(1_000)
    first = seconds_of(left.inner_text())
    board.clock.run_for(3_000)
    assert seconds_of(left.inner_text()) == first - 3
    board.clock.fast_forward(120_000)
    board.clock.run_for(1_000)
    expect(left).to_have_text(re.compile(r"min overdue$"))
    expect(left).to_have_class(re.compile("bad"))


def as_it_was(route: Route) -> None:
    """A page is fetched; a board that asks again hears that nothing has changed."""
    if route.request.headers.get("hx-request"):
        route.fulfill(status=304)
    else:
        route.continue_()


def shows(reader: Reader, path: str, text: str) -> Page:
    """The page, as soon as it shows this."""
    until = time.monotonic() + PATIENCE_S
    while not reader.goes_to(path).locator("main").get_by_text(text).count():
        assert time.monotonic() < until, f"{path} never shows {text}"
        time.sleep(0.5)
    return reader.page


def minutes_of(text: str) -> int:
    return int(re.fullmatch(r"(\d+)\smin left", text.strip())[1])  # type: ignore[index]


def seconds_of(text: str) -> int:
    return int(re.fullmatch(r"(\d+)\ss left", text.strip())[1])  # type: ignore[index]


@pytest.mark.parametrize("trouble", ["no connection", "500"])
def test_an_act_that_fails_brings_the_row_back_and_says_so(
    round_the_clock: tuple[Site, str], reader: NewReader, trouble: str
) -> None:
    """The row goes as soon as somebody taps, comes back when the site did not take it, and can be tapped again."""
    site, secret = round_the_clock
    rita, lead = reader(site, "rita", viewport=PHONE), f"Cleo-{trouble[0]}"
    posts_a_lead(rita, secret, lead)
    page = shows(rita, "/desk/", f"{lead}@example.com")
    row = page.locator("[data-desk-row]", has=page.get_by_role("heading", name=f"{lead}@example.com"))
    held: list[Route] = []
    page.route("**/desk/dispositions/", lambda route: held.append(route))
    row.get_by_role("button", name="Accept").click()
    expect(row).to_have_class(re.compile("is-going"))
    assert float(row.evaluate("row => getComputedStyle(row).opacity")) < 1 and len(held) == 1
    if trouble == "500":
        held[0].fulfill(status=500, body="no")
    else:
        held[0].abort()
    expect(page.locator(".flashes .flash.error")).to_have_text("That did not work. Check the connection and try again.")
    expect(row).to_be_visible()
    expect(row).not_to_have_class(re.compile("is-going|is-sent"))
    assert float(row.evaluate("row => getComputedStyle(row).opacity")) == 1
    expect(page.locator(".undo", has_text=lead)).to_have_count(0)
    assert any(IS_TOLD_OF.search(each) for each in rita.complaints), "the browser says so too"
    page.unroute("**/desk/dispositions/")
    rita.clicks(row.get_by_role("button", name="Accept"))
    expect(page.locator(".undo")).to_contain_text(f"{lead}@example.com is accepted now.")
    rita.complaints[:] = [each for each in rita.complaints if not IS_TOLD_OF.search(each)]


IS_TOLD_OF = re.compile(r"ERR_FAILED|htmx:(sendError|afterRequest)|Response Status Error Code 500")


def test_what_the_worker_wrote(round_the_clock: tuple[Site, str]) -> None:
    """Nothing went wrong that nobody saw."""
    site, _ = round_the_clock
    log = Path(f"{site.home}.log").read_text()
    assert "Traceback" not in log, log[-3000:]
