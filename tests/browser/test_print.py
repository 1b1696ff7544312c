"""On paper: light, without the navigation, with everything that the screen says."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader
from tests.browser.reader import NewReader
from tests.browser.site import Site

PAGES = {
    "/scorecards/tramontana/?all=1": ("First answer", "Qualified leads handed over"),
    "/agreements/tramontana/": ("First answer", "Signatures"),
}
PAPER = "getComputedStyle(document.body).backgroundColor"
HIDDEN = """[...document.querySelectorAll(".bar, .skip, .toolbar, .tabs, .filters, .button")]
    .filter(each => each.checkVisibility()).map(each => each.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_prints_light_and_without_navigation(demo: Site, reader: NewReader, path: str) -> None:
    page = reader(demo, "maya", dark=True).goes_to(path)
    dark = page.evaluate(PAPER)
    page.emulate_media(media="print")
    assert page.evaluate(HIDDEN) == []
    assert page.evaluate(PAPER) in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)") != dark
    text = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)
    for wanted in PAGES[path]:
        assert wanted in " ".join(text.split())
    assert "Sign out" not in text and "Settings" not in text
