"""A real site, started as people start it, and a real Chromium that complains about everything it dislikes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Playwright, sync_playwright

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "docs" / "screenshots"
REQUIRED = "SMARKETING_BROWSER"  # `required` in the gate: no browser is then a failure, not a skip
DRAW = "SMARKETING_SCREENSHOTS"  # `1`: the manual's pictures are written again
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--font-render-hinting=none",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE_MS = 20_000
WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker does them all: two browsers on two cores only wait for each other."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(autouse=True)
def no_network() -> None:
    """These tests talk to a site of their own on this machine."""


@dataclass
class Site:
    """A running site. `passwords` by first name, of whoever was made with it."""

    address: str
    home: Path
    process: subprocess.Popen[bytes]
    people: dict[str, tuple[str, str]] = field(default_factory=dict)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


def start(arguments: list[str], home: Path) -> Site:
    """Run the program until it says its address."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SMARKETING_", "DJANGO_"))}
    environment = {
        **kept,
        "SMARKETING_HOME": str(home),
        "SMARKETING_LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT / "src"),
    }
    words = [sys.executable, "-m", "smarketing", *arguments, "--port", "0", "--json"]
    said, log = home.parent / f"{home.name}.json", home.parent / f"{home.name}.log"
    with said.open("w") as out, log.open("w") as errors:
        process = subprocess.Popen(words, env=environment, stdout=out, stderr=errors, cwd=home.parent)
    while process.poll() is None and not said.read_text().rstrip().endswith("}"):
        time.sleep(0.2)
    if process.poll() is not None:
        raise AssertionError(f"The site did not start: {log.read_text()[-2000:]}")
    return Site(json.loads(said.read_text())["address"], home, process)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo company's site, with everybody's way to sign in."""
    home = tmp_path_factory.mktemp("browser") / "demo"
    site = start(["demo", "--directory", str(home), "--leads", "2500", "--no-open"], home)
    for each in json.loads((home / "demo.json").read_text("utf-8"))["sign_ins"]:
        site.people[each["name"].split()[0].lower()] = (each["email"], each["password"])
    yield site
    site.stop()


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """A site on which nobody has ever been."""
    site = start(["serve"], tmp_path / "home")
    yield site
    site.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        reason = "no Chromium on the PATH: pages were not looked at (Debian: apt-get install chromium)"
        if os.environ.get(REQUIRED) == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    found = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield found
    found.close()


@dataclass
class Reader:
    """Somebody at a browser. Whatever the browser complains about is kept until the test ends."""

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
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_function("!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")

    def status_of(self, path: str) -> int:
        return self.context.request.get(self.site.address + path, max_redirects=0).status

    def check_accessible(self) -> None:
        """axe-core finds nothing on the page as it stands."""
        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
        said = [
            f"{each['id']}: {each['help']} – {[node['html'][:160] for node in each['nodes'][:3]]}" for each in found
        ]
        assert not said, f"{self.page.url}\n" + "\n".join(said)

    def check_fits(self) -> None:
        """Nothing sticks out sideways."""
        wide, seen = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= seen, f"{self.page.url} is {wide} px wide in a window of {seen} px"

    def draws(self, name: str, *, whole: bool = False) -> None:
        """A picture for the manual, where pictures are asked for."""
        if os.environ.get(DRAW) == "1":
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole, animations="disabled")


NewReader = Callable[..., Reader]


@pytest.fixture
def reader(browser: Browser) -> Iterator[NewReader]:
    """Makes readers: of a site, on a wide screen unless it is said otherwise."""
    made: list[Reader] = []

    def make(
        site: Site, *, viewport: dict[str, int] | None = None, dark: bool = False, language: str = "en-GB"
    ) -> Reader:
        context = browser.new_context(
            viewport=viewport or WIDE,  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            locale=language,
            reduced_motion="reduce",
            timezone_id="Europe/Madrid",
        )
        context.set_default_timeout(PATIENCE_MS)
        found = Reader(site, context, context.new_page())
        found.page.on("console", lambda message: _note(found, message))
        found.page.on("pageerror", lambda error: found.complaints.append(f"{found.page.url}: {error}"))
        found.page.on("request", lambda request: _check_own(found, request.url))
        made.append(found)
        return found

    yield make
    complaints = [complaint for each in made for complaint in each.complaints]
    for each in made:
        each.context.close()
    assert not complaints, "\n".join(complaints)


def _note(reader: Reader, message: ConsoleMessage) -> None:
    """Errors and whatever the content security policy refused; a refused page is the test's own business."""
    if message.type in ("error", "warning") and "the server responded with a status of" not in message.text:
        reader.complaints.append(f"{reader.page.url}: {message.text}")


def _check_own(reader: Reader, url: str) -> None:
    if not url.startswith((reader.site.address, "data:", "blob:", "about:")):
        reader.complaints.append(f"{reader.page.url}: asked another host for {url}")


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/live", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
