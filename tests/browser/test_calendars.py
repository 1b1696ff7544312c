"""A team keeps its own hours: a calendar is made, shown and corrected."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from tests.browser.reader import PHONE, NewReader, Reader
from tests.browser.site import Site


def test_a_calendar_is_made_shown_and_corrected(own_demo: Site, reader: NewReader) -> None:
    olu = reader(own_demo, "olu")
    makes(olu, "lisbon", "Lisbon office", zone="Europe/Lisbon", country="PT")
    page = olu.page
    olu.goes_to("/data/calendars/lisbon/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lisbon office")
    olu.check_headed()
    olu.check_accessible()
    olu.turns(PHONE, "dark")
    olu.check_fits()
    closes_friday_early(olu)
    expect(olu.goes_to("/data/calendars/lisbon/").locator("main")).to_contain_text("15:00")


def makes(reader: Reader, ident: str, name: str, *, zone: str, country: str) -> None:
    page = reader.goes_to("/data/calendars/new")
    says(reader, "input[name=id]", ident)
    says(reader, "input[name=name]", name)
    page.locator("select[name=zone]").select_option(zone)
    reader.waits()
    page.locator("select[name=country]").select_option(country)
    reader.waits()
    reader.clicks(page.get_by_role("button", name="Save", exact=True))
    expect(page).to_have_url(re.compile(f"/data/calendars/{ident}/"))


def closes_friday_early(reader: Reader) -> None:
    page = reader.goes_to("/data/calendars/lisbon/text")
    reader.check_headed()
    reader.check_fits()
    reader.check_accessible()
    says(reader, "input[name=fri-closes] >> nth=0", "15:00")
    reader.clicks(page.get_by_role("button", name="Save", exact=True))
    expect(page).to_have_url(re.compile("/data/calendars/lisbon/$"))


def says(reader: Reader, field: str, text: str) -> None:
    """Fill a field of a form that looks at every change, and let it look."""
    reader.page.locator(field).fill(text)
    reader.page.locator(field).press("Tab")
    reader.waits()
