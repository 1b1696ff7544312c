"""From a site on which nobody has ever been to a scorecard; whoever comes second finds the door closed."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from tests.browser.acts import SESAME, comes_in, invites, signs
from tests.browser.reader import PHONE, NewReader, Reader
from tests.browser.site import Site

LONG_MS = 240_000


def test_from_nothing_to_a_scorecard(empty_site: Site, reader: NewReader) -> None:
    ada = reader(empty_site)
    ada.page.set_default_timeout(LONG_MS)
    founds(ada)
    finds_it_closed(reader(empty_site, viewport=PHONE))
    names_the_teams(ada)
    brings_the_demo_company(ada)
    draft = drafts_an_agreement(ada)
    letters = [invites(ada, f"{name}@example.com", team=team, role="manager") for name, team in MANAGERS]
    mia, sol = (
        comes_in(reader(empty_site), letter, f"{name.title()} Tester", f"{name}@example.com")
        for letter, (name, _) in zip(letters, MANAGERS, strict=True)
    )
    page = mia.goes_to(draft)
    mia.clicks(page.get_by_role("button", name="Propose for signing"))
    signs(mia, "mia", draft)
    signs(sol, "sol", draft)
    expect(sol.goes_to("/scorecards/").get_by_role("heading", level=1)).to_be_visible()
    sol.check_accessible()


MANAGERS = (("mia", "Marketing"), ("sol", "Sales"))


def founds(admin: Reader) -> None:
    page = admin.goes_to("/")
    expect(page).to_have_url(re.compile("/first-run/"))
    admin.check_accessible()
    admin.draws("first-run")
    page.locator("input[name=name]").fill("Ada Tester")
    page.locator("input[name=email]").fill("ada@example.com")
    page.locator("input[name=password]").fill(SESAME)
    admin.clicks(page.get_by_role("button", name="Begin"))
    expect(page).to_have_url(re.compile("/first-run/teams/"))


def finds_it_closed(second: Reader) -> None:
    page = second.goes_to("/first-run/")
    expect(page).to_have_url(re.compile("/sign-in/"))
    second.check_fits()
    second.check_accessible()


def names_the_teams(admin: Reader) -> None:
    page = admin.page
    page.locator("input[name=marketing]").fill("Marketing")
    page.locator("input[name=sales]").fill("Sales")
    admin.check_accessible()
    admin.clicks(page.get_by_role("button", name="Go on"))
    expect(page).to_have_url(re.compile("/first-run/data/"))


def brings_the_demo_company(admin: Reader) -> None:
    page = admin.page
    admin.check_accessible()
    admin.clicks(page.get_by_role("button", name="Use the demo company"))
    admin.sees_the_result()
    expect(page).to_have_url(re.compile("/first-run/agreement/"))


def drafts_an_agreement(admin: Reader) -> str:
    """The path of the first version."""
    page = admin.page
    admin.check_accessible()
    admin.clicks(page.get_by_role("button", name="Make a draft of it"))
    expect(page).to_have_url(re.compile("/first-run/scorecard/"))
    admin.check_accessible()
    page = admin.goes_to("/agreements/")
    link = page.locator("main a[href^='/agreements/']", has_not_text="New").first.get_attribute("href") or ""
    slug = re.match(r"/agreements/([\w-]+)/", link)
    assert slug, link
    return f"/agreements/{slug.group(1)}/versions/1/"
