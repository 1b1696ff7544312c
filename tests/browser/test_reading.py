"""From the scorecard's number down to one lead's ruler, as people read in the morning."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from tests.browser.reader import NewReader, Reader
from tests.browser.site import Site

SCORECARD = "/scorecards/tramontana/"


def test_every_number_opens_to_as_many_leads(demo: Site, reader: NewReader) -> None:
    maya = reader(demo, "maya")
    promise = maya.goes_to(SCORECARD).locator("#promise-speed")
    ways = [(each.inner_text(), each.get_attribute("href") or "") for each in promise.locator(".counts a").all()]
    assert [text.split()[1] for text, _ in ways][:3] == ["met", "breached", "running"]
    for text, href in ways:
        assert n_listed(maya.goes_to(href)) == int(text.split()[0])


def test_a_scorecard_leads_to_a_promise_a_list_and_one_lead(demo: Site, reader: NewReader) -> None:
    sam = reader(demo, "sam")
    page = sam.goes_to(SCORECARD)
    sam.clicks(page.locator("#promise-speed h3 a"))
    expect(page.get_by_role("heading", level=1)).to_have_text("First answer")
    sam.clicks(page.locator(".counts a", has_text="breached").first)
    sam.clicks(page.locator("#leads-table tbody th a").first)
    standing = page.locator("#promise-speed")
    expect(standing.locator("header .pill")).to_have_text("breached")
    expect(standing.locator("figure.ruler svg").first).to_be_visible()
    standing.locator("summary", has_text="How it was judged").click()
    expect(standing.locator("dl.facts")).to_be_visible()
    sam.check_accessible()


def test_filters_live_in_the_address(demo: Site, reader: NewReader) -> None:
    sam = reader(demo, "sam")
    page = sam.goes_to("/leads/")
    everything = n_listed(page)
    page.get_by_label("Verdict").select_option("breached")
    expect(page).to_have_url(re.compile("verdict=breached"))
    sam.waits()
    breached = n_listed(page)
    assert 0 < breached < everything
    page.reload(wait_until="networkidle")
    assert n_listed(page) == breached
    expect(page.get_by_label("Verdict")).to_have_value("breached")
    page.go_back(wait_until="networkidle")
    expect(page.get_by_label("Verdict")).to_have_value("")
    sam.waits()
    assert n_listed(page) == everything


def test_panels_come_as_the_reader_comes_to_them(demo: Site, reader: NewReader) -> None:
    maya = reader(demo, "maya")
    page = maya.goes_to(SCORECARD)
    later = page.locator(".sc-later")
    while left := later.count():
        page.evaluate("document.querySelector('.sc-later')?.scrollIntoView()")  # it may be replaced this very moment
        expect(later).not_to_have_count(left)
    assert page.locator("figure.chart svg").count() >= 5
    maya.check_accessible()
    maya.check_fits()


def test_another_period_by_keyboard(demo: Site, reader: NewReader) -> None:
    maya = reader(demo, "maya")
    page = maya.goes_to(SCORECARD)
    now = page.get_by_role("heading", level=1).inner_text()
    page.locator("a[rel=prev]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(now)
    page.wait_for_load_state("networkidle")
    page.locator("a[rel=next]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(now)


def test_a_chart_answers_to_the_pointer_when_asked(demo: Site, reader: NewReader) -> None:
    maya = reader(demo, "maya")
    page = maya.goes_to(SCORECARD + "?all=1")
    figure = page.locator("figure[data-chart-interactive]").first
    maya.clicks(figure.locator("[data-live]"))
    expect(figure.locator(".live-chart svg")).to_be_visible()
    maya.check_accessible()


def test_it_all_works_without_scripts(demo: Site, reader: NewReader) -> None:
    maya = reader(demo, "maya", scripts=False)
    page = maya.goes_to("/leads/")
    page.locator("select[name=verdict]").select_option("breached")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile("verdict=breached"))
    assert page.locator("#leads-table tbody tr").count() > 0
    page = maya.goes_to("/plan/")
    page.get_by_label("Sales quota").fill("100000")
    page.get_by_role("button", name="Reckon").click()
    expect(page).to_have_url(re.compile("100000"))
    _reads_the_rest(maya)


def _reads_the_rest(maya: Reader) -> None:
    page = maya.goes_to(SCORECARD)
    page.locator(".sc-later a").first.click()
    assert page.locator("figure.chart svg").count() > 0
    page = maya.goes_to("/agreements/tramontana/versions/3/")
    remark = page.locator(".remark-link").first
    remark.click()
    expect(page.locator(".remark-form textarea")).to_be_visible()


def n_listed(page: Page) -> int:
    """How many leads the list says it has."""
    text = page.locator("nav.pager [role=status]").inner_text()
    return int(re.sub(r"\D", "", text.split(" of ")[-1]))
