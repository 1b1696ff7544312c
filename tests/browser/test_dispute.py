"""From a breach to a changed scorecard: sales contests, marketing decides, both see both numbers."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from tests.browser.reader import PHONE, PICTURE, WIDE, NewReader, Reader
from tests.browser.site import Site

BREACHED = "/leads/?agreement=tramontana&commitment=speed&verdict=breached&period="
BOARD = "/scorecards/tramontana/"


def test_a_breach_is_contested_and_the_number_changes(own_demo: Site, reader: NewReader) -> None:
    sam, maya = (reader(own_demo, name) for name in ("sam", "maya"))
    month = latest_month(sam)
    dispute = contests(sam, month)
    shows_evidence(sam, dispute)
    expect(sam.page.get_by_role("button", name="Accept")).to_have_count(0)
    expect(sam.goes_to(f"{BOARD}?period={month}").locator("#promise-speed")).not_to_contain_text("waived")
    draws_it(maya, dispute)
    decides(maya, dispute)
    for each in (maya, sam):
        expect(each.goes_to(f"{BOARD}?period={month}").locator("#promise-speed")).to_contain_text(
            "before 1 was waived (CRM outage 1)"
        )
    page = sam.goes_to(dispute)
    expect(page.locator("main")).to_contain_text("Maya Olmedo accepted it")
    sam.clicks(page.get_by_role("link", name="Open the lead"))
    expect(page.locator("main")).to_contain_text("The original verdict is breached.")
    looks_at(sam, dispute)


def draws_it(maya: Reader, dispute: str) -> None:
    maya.page.set_viewport_size(PICTURE)  # type: ignore[arg-type]
    maya.goes_to(dispute)
    maya.draws("dispute")
    maya.turns(WIDE, "light")


def latest_month(sam: Reader) -> str:
    """The latest that is over: `2026-10`."""
    earlier = sam.goes_to(BOARD).locator("a[rel=prev]").first.get_attribute("href") or ""
    found = re.search(r"period=([\d-]+)", earlier)
    assert found, earlier
    return found[1]


def contests(sam: Reader, month: str) -> str:
    page = sam.goes_to(BREACHED + month)
    sam.clicks(page.locator("#leads-table a.contest").first)
    page.locator("select[name=reason]").select_option("crm_outage")
    page.locator("textarea[name=text]").fill("The telephone system was down all morning.")
    sam.check_accessible()
    sam.clicks(page.get_by_role("button", name="Contest it"))
    expect(page.locator("main")).to_contain_text("is to decide by")
    return page.url.removeprefix(sam.site.address)


def shows_evidence(sam: Reader, dispute: str) -> None:
    page = sam.goes_to(dispute)
    page.locator("summary", has_text="Add evidence").click()
    page.locator("input[name=file]").set_input_files(
        {"name": "outage.txt", "mimeType": "text/plain", "buffer": b"09:00 down, 12:40 up"}
    )
    sam.clicks(page.get_by_role("button", name="Add", exact=True))
    expect(page.locator(".evidence")).to_contain_text("outage.txt")


def decides(maya: Reader, dispute: str) -> None:
    page = maya.goes_to(dispute)
    expect(page.locator(".evidence")).to_contain_text("outage.txt")
    maya.check_accessible()
    page.locator("textarea[name=decision]").fill("Seen in the log.")
    maya.clicks(page.get_by_role("button", name="Accept"))
    expect(page.locator("main")).to_contain_text("It counts for nobody")
    started = maya.goes_to("/disputes/?agreement=tramontana&state=accepted").locator("main")
    expect(started).to_contain_text("CRM outage")


def looks_at(sam: Reader, dispute: str) -> None:
    for path in (dispute, "/disputes/", "/waivers/new/?agreement=tramontana"):
        sam.goes_to(path)
        for viewport, scheme in ((WIDE, "light"), (PHONE, "dark"), (PHONE, "light"), (WIDE, "dark")):
            sam.turns(viewport, scheme)
            sam.check_fits()
            sam.check_accessible(by_looks=True)
        sam.turns(WIDE, "light")
