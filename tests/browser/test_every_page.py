"""Every page that a person may open: it draws, fits, complains about nothing and is accessible, light and dark."""

from __future__ import annotations

import pytest
from tests.browser.conftest import PHONE, NewReader, Site

PAGES = {
    "olu": (
        "/", "/scorecards/", "/leads/", "/plan/", "/agreements/", "/data/", "/data/readiness/", "/data/calendars/",
        "/settings/", "/settings/people/", "/settings/teams/", "/settings/tokens/", "/settings/audit/",
        "/settings/jobs/",
        "/help/", "/help/glossary/", "/help/keys/", "/help/components/",
    ),
    "maya": ("/", "/leads/", "/plan/", "/agreements/", "/data/"),
    "rita": ("/", "/leads/", "/agreements/", "/settings/"),
}  # fmt: skip
CASES = [(name, path) for name, paths in PAGES.items() for path in paths]


@pytest.mark.parametrize(("name", "path"), CASES)
def test_a_page_is_accessible_wide_and_light(demo: Site, reader: NewReader, name: str, path: str) -> None:
    someone = reader(demo).signs_in(name)
    someone.goes_to(path)
    assert someone.page.locator("h1").count() == 1
    someone.check_fits()
    someone.check_accessible()


@pytest.mark.parametrize(("name", "path"), CASES)
def test_a_page_fits_a_telephone_in_the_dark(demo: Site, reader: NewReader, name: str, path: str) -> None:
    someone = reader(demo, viewport=PHONE, dark=True).signs_in(name)
    someone.goes_to(path)
    someone.check_fits()
    someone.check_accessible()
