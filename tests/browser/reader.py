"""Somebody at a browser that complains about everything it dislikes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect
from tests.browser.site import ROOT, Site

SCREENSHOTS = ROOT / "docs" / "screenshots"
DRAW = "SMARKETING_SCREENSHOTS"  # `1`: the manual's pictures are written again
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BY_LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "landmark-unique"]
PATIENCE_MS, JOB_MS = 20_000, 240_000
expect.set_options(timeout=PATIENCE_MS)
WIDE, PHONE, PICTURE = ({"width": w, "height": h} for w, h in ((1400, 900), (390, 844), (1200, 800)))
MOST_BYTES = 300_000
HOW_HEAVY = """["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind))
    .reduce((sum, each) => sum + each.encodedBodySize, 0)"""
IS_STILL = """!document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")
    && document.getAnimations().every(each => each.playState !== "running" || each instanceof CSSAnimation)"""


@dataclass
class Reader:
    """Whatever the browser complains about is kept until the test ends."""

    site: Site
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def goes_to(self, path: str) -> Page:
        self.page.goto(self.site.address + path, wait_until="networkidle")
        return self.page

    def signs_in(self, name: str) -> Reader:
        """By the form, as people do."""
        email, password = self.site.people[name]
        self.goes_to("/sign-in/")
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_url(re.compile(r"^(?!.*sign-in).*$"))
        return self

    def clicks(self, target: Locator) -> None:
        """Click, and wait until htmx has put everything in its place."""
        target.click()
        self.waits()

    def waits(self) -> None:
        self.page.wait_for_load_state("networkidle")
        for _ in range(100):  # the browser's own waiting would make code out of text, which the site's policy forbids
            if self.page.evaluate(IS_STILL):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{self.page.url} does not come to rest")

    def sees_the_result(self) -> None:
        """A job that is watched to its end leads on by itself; one that had ended before has a link."""
        link = self.page.get_by_role("link", name="See the result")
        link.or_(self.page.locator("#main:not(:has(#job-progress))")).first.wait_for(timeout=JOB_MS)
        if link.is_visible():
            link.click()
        self.waits()

    def turns(self, viewport: dict[str, int], scheme: str) -> None:
        """The same page in another window and other colours."""
        self.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        self.waits()

    def status_of(self, path: str) -> int:
        return self.context.request.get(self.site.address + path, max_redirects=0).status

    def check_accessible(self, *, by_looks: bool = False) -> None:
        """axe-core finds nothing on the page as it stands; by looks: only what window and colours can change."""
        asked = {"type": "rule", "values": BY_LOOKS} if by_looks else {"type": "tag", "values": RULES}
        found = Axe().run(self.page, options={"runOnly": asked}).response["violations"]
        said = [
            f"{each['id']}: {each['help']} – {[node['html'][:160] for node in each['nodes'][:3]]}" for each in found
        ]
        assert not said, f"{self.page.url}\n" + "\n".join(said)

    def check_fits(self) -> None:
        """Nothing sticks out sideways."""
        wide, seen = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= seen, f"{self.page.url} is {wide} px wide in a window of {seen} px"

    def check_light(self) -> None:
        """The page with everything that it fetches of itself, as it travels."""
        n_bytes = self.page.evaluate(HOW_HEAVY)
        assert 0 < n_bytes <= MOST_BYTES, f"{self.page.url} weighs {n_bytes:,} bytes"

    def check_headed(self) -> None:
        """One first heading, and the language is said."""
        assert self.page.locator("h1").count() == 1, f"{self.page.url}: {self.page.locator('h1').all_inner_texts()}"
        assert self.page.locator("html").get_attribute("lang") in ("en", "es", "it"), self.page.url

    def draws(self, name: str, *, whole: bool = False) -> None:
        """A picture for the manual, where pictures are asked for."""
        if os.environ.get(DRAW) == "1":
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole, animations="disabled")


NewReader = Callable[..., Reader]


def listen(reader: Reader) -> Reader:
    """Keep every error of the console, everything refused by the content security policy, every foreign request."""
    reader.page.on("console", lambda message: _note(reader, message))
    reader.page.on("pageerror", lambda error: reader.complaints.append(f"{reader.page.url}: {error}"))
    reader.page.on("request", lambda request: _check_own(reader, request.url))
    return reader


def _note(reader: Reader, message: ConsoleMessage) -> None:
    """A refused page is the test's own business; warnings are errors, as everywhere in this house."""
    if message.type in ("error", "warning") and "the server responded with a status of" not in message.text:
        reader.complaints.append(f"{reader.page.url}: {message.text}")


def _check_own(reader: Reader, url: str) -> None:
    if not url.startswith((reader.site.address, "data:", "blob:", "about:")):
        reader.complaints.append(f"{reader.page.url}: asked another host for {url}")
