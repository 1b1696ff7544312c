"""The manual's pictures, drawn where SMARKETING_SCREENSHOTS=1 asks for them; otherwise the pages are only opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tests.browser.reader import PHONE, PICTURE, SCREENSHOTS, NewReader
from tests.browser.site import Site

Step = Callable[[Page], object]
SCORECARD, DRAFT = "/scorecards/tramontana/", "/agreements/tramontana/versions/3/"
MOST_BYTES = 250_000


def _first_breached(page: Page) -> None:
    page.locator("#leads-table tbody th a").first.click()
    page.wait_for_load_state("networkidle")


def _quota(page: Page) -> None:
    page.get_by_label("Sales quota").fill("150000")
    page.get_by_role("button", name="Reckon").click()
    page.wait_for_load_state("networkidle")


def _disqualify(page: Page) -> None:
    page.locator("[data-desk-row] summary", has_text="Disqualify").first.click()


def _first_message(page: Page) -> None:
    """It comes once the worker has looked at the company's numbers."""
    for _ in range(60):
        if page.locator(".inbox a").count():
            return
        page.wait_for_timeout(1_000)
        page.reload()


# picture, who looks, where, what they do there first
PICTURES: tuple[tuple[str, str, str, Step | None], ...] = (
    ("scorecard", "maya", SCORECARD, None),
    ("commitment", "sam", f"{SCORECARD}commitments/speed/", None),
    ("leads", "sam", "/leads/?agreement=tramontana&commitment=speed&verdict=breached", None),
    ("lead", "sam", "/leads/?agreement=tramontana&commitment=speed&verdict=breached", _first_breached),
    ("agreement", "maya", "/agreements/tramontana/", None),
    ("draft-changes", "maya", f"{DRAFT}changes", None),
    ("backtest", "maya", f"{DRAFT}backtest", None),
    ("plan", "maya", "/plan/", _quota),
    ("desk", "rita", "/desk/", _disqualify),
    ("at-risk", "sam", "/at-risk/", None),
    ("messages", "maya", "/messages/", _first_message),
    ("pulse", "sam", "/pulse/", None),
    ("data", "olu", "/data/", None),
    ("readiness", "olu", "/data/readiness/", None),
    ("calendars", "olu", "/data/calendars/new", None),
    ("people", "olu", "/settings/people/", None),
)


@pytest.mark.parametrize(("name", "who", "path", "step"), PICTURES, ids=[each[0] for each in PICTURES])
def test_a_picture(demo: Site, reader: NewReader, name: str, who: str, path: str, step: Step | None) -> None:
    someone = reader(demo, who, viewport=PICTURE)
    page = someone.goes_to(path)
    if step:
        step(page)
    someone.draws(name)
    someone.check_fits()


def test_the_scorecard_in_the_dark_and_on_a_telephone(demo: Site, reader: NewReader) -> None:
    dark = reader(demo, "maya", viewport=PICTURE, dark=True)
    dark.goes_to(SCORECARD)
    dark.draws("scorecard-dark")
    small = reader(demo, "rita", viewport=PHONE)
    small.goes_to(SCORECARD)
    small.draws("scorecard-telephone")


def test_pictures_are_small_enough_to_keep() -> None:
    heavy = {each.name: each.stat().st_size for each in SCREENSHOTS.glob("*.png") if each.stat().st_size > MOST_BYTES}
    assert not heavy
