"""The same site in three languages: words, numbers, dates, and the choice that stays."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.reader import PHONE, NewReader, Reader
from tests.browser.site import Site

from smarketing.terms.language import Words

# browser's language → the page's, how its months are shortened
SPOKEN = {
    "es-ES": ("es", "ene|feb|mar|abr|may|jun|jul|ago|sept|oct|nov|dic"),
    "it-IT": ("it", "gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic"),
}
MONEY = r"\d{1,3}\.\d{3} €"
AGREEMENT = "/agreements/tramontana/"
PATHS = ("/scorecards/tramontana/", "/leads/", "/plan/", "/agreements/tramontana/", "/settings/", "/help/")


@pytest.mark.parametrize("locale", SPOKEN)
def test_the_door_speaks_the_browsers_language(demo: Site, reader: NewReader, locale: str) -> None:
    someone = reader(demo, language=locale)
    page = someone.goes_to("/sign-in/")
    expect(page.locator("html")).to_have_attribute("lang", SPOKEN[locale][0])
    someone.check_accessible()


@pytest.mark.parametrize("locale", SPOKEN)
def test_a_reader_is_answered_in_the_language_they_chose(demo: Site, reader: NewReader, locale: str) -> None:
    language, months = SPOKEN[locale]
    eva = reader(demo, "eva")
    chooses(eva, language)
    try:
        page = eva.goes_to("/scorecards/tramontana/")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("nav.places > ul")).to_contain_text(Words(language)("Agreements"))
        text = page.locator("main").inner_text().replace("\xa0", " ").replace("\u202f", " ")
        assert re.search(MONEY, text) and re.search(rf"\b\d{{1,2}} ({months})\b", text)
        assert not re.search(r"\d,\d{3}\b", text), "English thousands"
        for path in PATHS:
            eva.goes_to(path)
            expect(page.locator("html")).to_have_attribute("lang", language)
            eva.check_fits()
        expect(eva.goes_to(AGREEMENT).locator("article.document")).to_have_attribute("lang", "en")
        eva.clicks(page.locator(".contents .switcher a").last)
        expect(page.locator("article.document")).to_have_attribute("lang", language)
        eva.turns(PHONE, "dark")
        eva.goes_to(PATHS[0])
        eva.check_fits()
        eva.check_accessible()
    finally:
        chooses(eva, "en")


def chooses(reader: Reader, language: str) -> None:
    """In the menu, as people do; it stays for later visits."""
    page = reader.goes_to("/help/")
    page.locator(".bar-end details.menu summary").click()
    page.locator(f".bar-end button[name=language][value={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
