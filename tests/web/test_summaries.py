"""Mornings of teams and weeks of agreements: who sees them, that every number opens, and what empty ones say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from types import SimpleNamespace

import pytest
from django.test import Client
from tests.cast import Cast
from tests.web.leads_of_a_company import company_facts, sign, stand_in

from smarketing.ledger.folder import Folder
from smarketing.terms.errors import FactsError

WEEK, QUIET = "/weeks/company/2025-W20/", "/weeks/company/2026-W20/"
THEN = datetime(2025, 5, 14, 9, tzinfo=UTC)  # a Wednesday
NUMBER = re.compile(r'<a href="(/leads/[^"]*(?:became|touched)[^"]*)">([\d,]+)</a>')


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return company_facts(tmp_path_factory.mktemp("company") / "facts")


@pytest.fixture
def signed(cast: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    sign(cast)
    stand_in(monkeypatch, facts)
    for module in ("compose_week", "compose_pulse", "show_scorecard"):
        monkeypatch.setattr(f"smarketing.workflows.{module}.open_facts", lambda *_, **__: facts)
    yield cast


def page_of(client: Client, path: str) -> str:
    """The page, as soon as it is counted."""
    for _ in range(20):
        text = client.get(path).content.decode()
        if "sc-waiting" not in text:
            return text
    raise AssertionError("never counted")


def test_the_navigation_leads_to_the_own_team(signed: Cast) -> None:
    for person, team in ((signed.maya, "marketing"), (signed.sam, "sales"), (signed.rita, "sales")):
        answer = signed.client_of(person).get("/pulse/")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/pulse/{team}/")


def test_strangers_learn_nothing(signed: Cast) -> None:
    for person in (signed.zed, signed.zoe, signed.nora):
        client = signed.client_of(person)
        for path in (WEEK, "/weeks/company/", "/pulse/sales/", "/pulse/marketing/", "/pulse/none/"):
            assert client.get(path).status_code == 404
    assert "No team here has an agreement in force yet." in signed.client_of(signed.zoe).get("/pulse/").content.decode()


def test_the_latest_whole_week_is_opened(signed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarketing.web.views.summaries.timezone", SimpleNamespace(now=lambda: THEN))
    assert signed.client_of(signed.maya).get("/weeks/company/").headers["Location"] == "/weeks/company/2025-W19/"


@pytest.mark.parametrize("label", ["2025-05", "2025-W20..2025-W21", "never", "2025-W99"])
def test_what_is_no_week_is_not_there(signed: Cast, label: str) -> None:
    assert signed.client_of(signed.maya).get(f"/weeks/company/{label}/").status_code == 404


def test_a_week_that_begins_on_sunday_has_its_page(signed: Cast) -> None:
    assert signed.client_of(signed.maya).get("/weeks/company/2025-05-11/P1W/").status_code == 200


def test_both_teams_read_the_same_numbers_of_a_week(signed: Cast) -> None:
    pages = [page_of(signed.client_of(person), WEEK) for person in (signed.maya, signed.sam)]
    found = [NUMBER.findall(page) for page in pages]
    assert found[0] == found[1]
    assert len(found[0]) > 5
    assert "From marketing to sales" in pages[0]
    assert "From sales to marketing" in pages[0]


def test_every_number_of_a_week_opens_to_as_many_leads(signed: Cast) -> None:
    client = signed.client_of(signed.maya)
    for href, n in NUMBER.findall(page_of(client, WEEK)):
        assert _n_rows(client, href) == int(n.replace(",", "")), href


def test_every_number_of_a_morning_opens_to_as_many_leads(signed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarketing.web.views.summaries.timezone", SimpleNamespace(now=lambda: THEN))
    client = signed.client_of(signed.sam)
    page = page_of(client, "/pulse/sales/")
    assert "Since Tue 13 May" in page
    at = THEN.isoformat().replace("+00:00", "Z")
    for href, n in NUMBER.findall(page):
        assert _n_rows(client, f"{href}&at={at}") == int(n.replace(",", "")), href


def test_a_rep_sees_the_numbers_and_only_leads_of_their_own(signed: Cast) -> None:
    own, every = set[str](), set[str]()
    for n in range(18, 24):
        for person, found in ((signed.rita, own), (signed.maya, every)):
            page = page_of(signed.client_of(person), f"/weeks/company/2025-W{n}/")
            found |= {unescape(href) for href in re.findall(r'<th scope="row"><a href="(/leads/crm/[^"]+)"', page)}
    rita = signed.client_of(signed.rita)
    assert own < every
    assert all(rita.get(href).status_code == 200 for href in own)
    assert all(rita.get(href).status_code == 404 for href in every - own)


def test_a_quiet_week_says_so(signed: Cast) -> None:
    page = page_of(signed.client_of(signed.maya), QUIET)
    assert "No lead came, nobody was contacted and nothing changed." in page
    assert "No lead was handed over in this week" in page


def test_without_facts_the_page_says_what_is_missing(signed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> Folder:
        raise FactsError("There are no facts here.", hint="Bring some in.")

    for module in ("compose_week", "compose_pulse", "show_scorecard"):
        monkeypatch.setattr(f"smarketing.workflows.{module}.open_facts", none)
    client = signed.client_of(signed.maya)
    for path in (WEEK, "/pulse/marketing/"):
        assert "There are no facts here." in client.get(path).content.decode()


def test_the_scorecard_leads_to_both(signed: Cast) -> None:
    client = signed.client_of(signed.maya)
    month, week = (page_of(client, f"/scorecards/company/?period={period}") for period in ("2025-05", "2025-W20"))
    assert 'href="/pulse/"' in month
    assert 'href="/weeks/company/"' in month
    assert f'href="{WEEK}"' in week


def _n_rows(client: Client, href: str) -> int:
    """As the head of the list says: `5 leads`, or `7 rows of 5 leads`."""
    text = client.get(unescape(href)).content.decode()
    found = re.search(r"<h1>([\d,]+) (?:rows|leads|lead)", text)
    assert found, text[:200]
    return int(found[1].replace(",", ""))
