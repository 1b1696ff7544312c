"""Sites and readers for the browser tests: real Chromium, or a skip that says why."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.browser.reader import DRAW, PATIENCE_MS, WIDE, NewReader, Reader, listen
from tests.browser.site import Site, start, start_demo

REQUIRED = "SMARKETING_BROWSER"  # `required` in the gate: no browser is then a failure, not a skip
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
N_LEADS = 8_000 if os.environ.get(DRAW) == "1" else 2_500  # pictures show the demo as people get it


@pytest.fixture(autouse=True)
def no_network() -> None:
    """These tests talk to a site of their own on this machine."""


@pytest.fixture(scope="session", autouse=True)
def chromium() -> str:
    """Where the browser is; without one no site is started either."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        reason = "no Chromium on the PATH: pages were not looked at (Debian: apt-get install chromium)"
        if os.environ.get(REQUIRED) == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo company's site for tests that leave it as they found it; no site where there is no browser."""
    site = start_demo(tmp_path_factory.mktemp("browser") / "demo", n_leads=N_LEADS)
    yield site
    site.stop()


@pytest.fixture(scope="session")
def own_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo company again, for stories that sign, import or close something; no two change the same thing."""
    site = start_demo(tmp_path_factory.mktemp("browser") / "own", n_leads=600)
    yield site
    site.stop()


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site on which nobody has ever been."""
    site = start(["serve"], tmp_path_factory.mktemp("browser") / "empty")
    yield site
    site.stop()


@pytest.fixture
def reader(browser: Browser) -> Iterator[NewReader]:
    """Makes readers of a site: nobody yet or somebody signed in, on a wide screen unless it is said otherwise."""
    made: list[Reader] = []

    def make(site: Site, name: str = "", **window: object) -> Reader:
        found = open_reader(browser, site, name, **window)
        made.append(found)
        return found

    yield make
    complaints = [complaint for each in made for complaint in each.complaints]
    for each in made:
        each.context.close()
    assert not complaints, "\n".join(complaints)


def open_reader(
    browser: Browser,
    site: Site,
    name: str = "",
    *,
    viewport: dict[str, int] = WIDE,
    dark: bool = False,
    language: str = "en-GB",
    scripts: bool = True,
) -> Reader:
    """Who is named signs in by the form the first time; afterwards their cookies are still good."""
    context = browser.new_context(
        viewport=viewport,  # type: ignore[arg-type]
        color_scheme="dark" if dark else "light",
        locale=language,
        reduced_motion="reduce",
        timezone_id="Europe/Madrid",
        java_script_enabled=scripts,
        storage_state=site.cookies.get(name),
    )
    context.set_default_timeout(PATIENCE_MS)
    reader = listen(Reader(site, context, context.new_page()))
    if name and name not in site.cookies:
        site.cookies[name] = reader.signs_in(name).context.storage_state()
    return reader
