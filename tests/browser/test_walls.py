"""What each role does not see: not the page, not the name, not even whether it is there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.acts import comes_in, invites, makes_a_team
from tests.browser.reader import NewReader, Reader
from tests.browser.site import Site

# what each is refused, as a page that does not exist
CLOSED = {
    "rita": ("/settings/people/", "/settings/jobs/", "/data/", "/first-run/teams/",
             "/agreements/tramontana/versions/3/signatures/", "/help/components/"),
    "eva": ("/settings/people/", "/settings/jobs/", "/settings/tokens/", "/data/",
            "/agreements/tramontana/versions/3/signatures/"),
    "maya": ("/settings/jobs/", "/settings/owners/", "/settings/invitations/"),
    "sam": ("/settings/jobs/", "/settings/owners/"),
}  # fmt: skip
REPS = ("Rita Serrano", "Giulia Ferrante", "Priya Raman", "Niamh O'Reilly")
STRANGERS_404 = (
    "/agreements/tramontana/", "/agreements/tramontana/versions/2/", "/agreements/tramontana/versions/2/pdf",
    "/agreements/tramontana/versions/2/yaml", "/scorecards/tramontana/", "/scorecards/tramontana/commitments/speed/",
    "/scorecards/tramontana/csv", "/leads/demo/L-102500/", "/settings/people/", "/data/",
)  # fmt: skip


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_page_is_no_page(demo: Site, reader: NewReader, name: str) -> None:
    someone = reader(demo, name)
    assert {path: someone.status_of(path) for path in CLOSED[name]} == dict.fromkeys(CLOSED[name], 404)
    page = someone.goes_to(CLOSED[name][0])
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    someone.check_accessible()


def test_nobody_is_led_to_the_door(demo: Site, reader: NewReader) -> None:
    nobody = reader(demo)
    page = nobody.goes_to("/leads/?verdict=breached")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))
    assert nobody.status_of("/api/v1/leads") == 401


@pytest.mark.parametrize("name", ["maya", "eva"])
def test_reps_have_no_names_for_those_who_do_not_lead_them(demo: Site, reader: NewReader, name: str) -> None:
    someone = reader(demo, name)
    lead = someone.goes_to("/leads/").locator("#leads-table tbody th a").first.get_attribute("href") or ""
    for path in ("/scorecards/tramontana/?all=1", "/leads/", lead, "/scorecards/tramontana/json"):
        answer = someone.context.request.get(demo.address + path)
        assert answer.ok, path
        shown = [rep for rep in REPS if rep in answer.text()]
        assert not shown, f"{path} tells {shown}"


def test_their_manager_reads_their_names(demo: Site, reader: NewReader) -> None:
    text = reader(demo, "sam").goes_to("/scorecards/tramontana/?all=1").locator("#people").inner_text()
    assert any(rep in text for rep in REPS)


def test_a_rep_reads_their_own_leads_only(demo: Site, reader: NewReader) -> None:
    rita = reader(demo, "rita")
    page = rita.goes_to("/leads/")
    owners = set(page.locator("#leads-table td[data-column=owner]").all_inner_texts())
    assert owners == {"Rita Serrano"}
    assert 0 < _n_leads(rita) < _n_leads(reader(demo, "sam"))


def test_a_stranger_and_a_closed_account(own_demo: Site, reader: NewReader) -> None:
    """Zed is of a team that shares nothing with them; then his account is closed."""
    olu = reader(own_demo, "olu")
    makes_a_team(olu, "Partners", role="service")
    invitation = invites(olu, "zed@example.com", team="Partners", role="rep")
    zed = comes_in(reader(own_demo), invitation, "Zed Zabala", "zed@example.com")
    assert {path: zed.status_of(path) for path in STRANGERS_404} == dict.fromkeys(STRANGERS_404, 404)
    page = zed.goes_to("/agreements/")
    assert "Tramontana" not in page.locator("main").inner_text()
    olu.goes_to("/settings/people/").get_by_role("link", name="Zed Zabala").click()
    closing = olu.page.locator("form[action$='/closing/'] button")
    olu.page.on("dialog", lambda dialog: dialog.accept())
    closing.click()
    olu.waits()
    zed.goes_to("/agreements/")
    expect(page).to_have_url(re.compile("/sign-in/"))


def _n_leads(reader: Reader) -> int:
    text = reader.goes_to("/leads/").locator("nav.pager [role=status]").inner_text()
    return int(re.sub(r"\D", "", text.split(" of ")[-1]))
