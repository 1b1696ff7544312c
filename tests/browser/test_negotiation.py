"""Two people talk over the third version until both sign it, and the others say that they have read."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from tests.browser.acts import signs
from tests.browser.reader import NewReader, Reader
from tests.browser.site import Site

DRAFT = "/agreements/tramontana/versions/3/"
CLAUSE = "commitments.mqls"


def test_two_people_negotiate_and_sign(own_demo: Site, reader: NewReader) -> None:
    maya, sam, rita = (reader(own_demo, name) for name in ("maya", "sam", "rita"))
    remarks(maya, "We hold 330 without the trade fair.")
    changes_the_number(maya, 340, 330)
    proposes(maya)
    answers_with_changes(sam, "330 is fine once the answer is 85 % again; say 335.")
    changes_the_number(sam, 330, 335)
    proposes(maya)
    signs(maya, "maya", DRAFT, picture="signing")
    expect(maya.page.locator("#signatures")).to_contain_text("Not signed yet")
    signs(sam, "sam", DRAFT)
    expect(sam.page.locator("#signatures")).not_to_contain_text("Not signed yet")
    sam.check_accessible()
    tells_every_text(sam)
    says_it_is_read(rita, sam)
    reads_the_pdf(sam)
    expect(maya.goes_to(DRAFT).get_by_role("link", name="Edit", exact=True)).to_have_count(0)


def remarks(reader: Reader, text: str) -> None:
    page = reader.goes_to(DRAFT)
    clause = page.locator(f"[id='{CLAUSE}']")
    reader.clicks(clause.locator(".remark-link"))
    clause.locator(".remark-form textarea").fill(text)
    reader.clicks(clause.get_by_role("button", name="Send"))
    expect(clause.locator(".remark-text").last).to_have_text(text)


def changes_the_number(reader: Reader, before: int, after: int) -> None:
    page = reader.goes_to(f"{DRAFT}text")
    text = page.locator("textarea[name=text]").input_value()
    assert str(before) in text
    page.locator("textarea[name=text]").fill(re.sub(rf"\b{before}\b", str(after), text))
    page.locator("input[name=note]").fill(f"{after} instead of {before}")
    reader.clicks(page.get_by_role("button", name="Save this text"))
    expect(reader.goes_to(DRAFT).locator(f"[id='{CLAUSE}']")).to_contain_text(str(after))


def proposes(reader: Reader) -> None:
    page = reader.goes_to(DRAFT)
    reader.clicks(page.get_by_role("button", name="Propose for signing"))
    expect(page.locator("main .flash")).to_contain_text("Proposed")


def answers_with_changes(reader: Reader, note: str) -> None:
    page = reader.goes_to(DRAFT)
    page.locator("summary", has_text="Answer with changes").click()
    page.locator("textarea[name=note]").fill(note)
    reader.clicks(page.get_by_role("button", name="Make it a draft again"))
    expect(page.locator("main")).to_contain_text(note)


def tells_every_text(reader: Reader) -> None:
    page = reader.goes_to(f"{DRAFT}revisions/")
    expect(page.locator("main")).to_contain_text("335 instead of 330")
    expect(page.locator("main")).to_contain_text("330 instead of 340")
    page = reader.goes_to(f"{DRAFT}changes")
    expect(page.locator("main")).to_contain_text("335")
    reader.check_accessible()


def says_it_is_read(rep: Reader, manager: Reader) -> None:
    page = rep.goes_to(DRAFT)
    rep.clicks(page.get_by_role("button", name="I have read it"))
    expect(page.get_by_role("button", name="I have read it")).to_have_count(0)
    table = manager.goes_to(f"{DRAFT}acknowledgements/").locator("table")
    expect(table.locator("tr", has_text="Rita Serrano")).not_to_contain_text("not yet")
    expect(table.locator("tr", has_text="Priya Raman")).to_contain_text("not yet")


def reads_the_pdf(reader: Reader) -> None:
    link = reader.goes_to(DRAFT).get_by_role("link", name="PDF", exact=True)
    answer = reader.context.request.get(reader.site.address + (link.get_attribute("href") or ""))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
