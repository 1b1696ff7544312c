"""The scorecard's addresses: who sees what, panels, files, and what is said where there is nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial

import pytest
from django.test import Client
from tests.cast import Cast
from tests.negotiations import a_signed
from tests.past_company import past_company
from tests.web.leads_of_a_company import AGREEMENT, SIGNED

from smarketing.charts.chart import Chart
from smarketing.ledger.folder import Folder, open_folder
from smarketing.terms.errors import FactsError
from smarketing.web.views.asked_scorecard import asked
from smarketing.workflows import show_scorecard
from smarketing.workflows.card_shelf import CardShelf

PAGE = "/scorecards/company/?period=2025-05"


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = tmp_path_factory.mktemp("company") / "facts"
    past_company(folder)
    return open_folder(folder)


@pytest.fixture
def signed(cast: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """Both parties signed, and there are facts; every chart is a line of text."""
    a_signed(cast, AGREEMENT, now=SIGNED)
    monkeypatch.setattr(show_scorecard, "open_facts", lambda *_, **__: facts)
    monkeypatch.setattr("smarketing.reports.kept_drawings.render", lambda chart, **_: f"<svg><!--{chart.id}--></svg>")
    yield cast


def test_one_agreement_is_opened_at_once(signed: Cast) -> None:
    response = signed.client_of(signed.maya).get("/scorecards/")
    assert (response.status_code, response.headers["Location"]) == (302, "/scorecards/company/")


def test_without_an_agreement_the_next_step_is_said(cast: Cast) -> None:
    page = cast.client_of(cast.maya).get("/scorecards/").content.decode()
    assert "No agreement of your teams is signed yet." in page
    assert 'href="/agreements/"' in page


def test_a_stranger_learns_nothing(signed: Cast) -> None:
    for person in (signed.zed, signed.zoe):
        assert signed.client_of(person).get(PAGE).status_code == 404
        assert "small company" not in signed.client_of(person).get("/scorecards/", follow=True).content.decode()


def test_the_first_paint_has_both_teams_and_no_chart(signed: Cast) -> None:
    page = signed.client_of(signed.sam).get(PAGE).content.decode()
    assert "May 2025" in page and "Closed: all 31 days have passed" in page
    assert page.index('id="promise-volume"') < page.index('id="promise-speed"')
    assert "/leads/?agreement=company&amp;commitment=speed&amp;period=2025-05&amp;verdict=breached" in page
    assert "<!--" not in page
    assert page.count('hx-trigger="revealed"') == 5


def test_the_agreement_on_paper_shows_how_its_promises_went(signed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def on_paper(*_: object, charts: tuple[Chart, ...], **__: object) -> bytes:
        shown.extend(chart.title for chart in charts)
        return b"%PDF"

    monkeypatch.setattr("smarketing.web.views.agreement_text.agreement_pdf", on_paper)
    signed.client_of(signed.sam).get("/agreements/company/versions/1/pdf")
    assert shown == ["Leads", "First call", "Attempts"]


@pytest.mark.parametrize("panel", ["charts", "people", "time", "journey", "past"])
def test_a_panel_comes_alone(signed: Cast, panel: str) -> None:
    asked = {"HX-Request": "true", "HX-Target": f"panel-{panel}"}
    part = signed.client_of(signed.sam).get(f"{PAGE}&seen=2025-07-01T00:00:00Z", headers=asked).content.decode()
    assert "<html" not in part
    assert "revealed" not in part
    assert "seen=" not in part.replace("&amp;seen=2025-07-01T00%3A00%3A00Z", "").replace(
        "&amp;seen=2025-07-01T00:00:00Z", ""
    )


def test_the_whole_page_is_one_address(signed: Cast) -> None:
    page = signed.client_of(signed.sam).get(f"{PAGE}&all=1").content.decode()
    assert "revealed" not in page
    for chart in ("waterfall-volume", "in-time-speed", "depth-depth", "funnel", "trend-speed"):
        assert f"<!--{chart}-->" in page


def test_grain_and_measure_change_the_charts(signed: Cast) -> None:
    page = signed.client_of(signed.sam).get(f"{PAGE}&all=1&grain=week&measure=mean").content.decode()
    assert "<!--waiting-speed-->" in page and "<!--in-time-speed-->" not in page
    assert "Mon 5 May – Sun 11 May" in page


def test_names_are_for_those_who_manage_them(signed: Cast) -> None:
    asked = f"{PAGE}&all=1&by=rep"
    assert "Rita" in signed.client_of(signed.olu).get(asked).content.decode().replace(signed.rita.name, "")
    for person in (signed.eva, signed.maya):
        page = signed.client_of(person).get(asked).content.decode()
        assert "Rep 1" in page and "rep=rita" not in page.casefold() and ">Rita<" not in page


def test_a_filter_stands_out_and_goes_along(signed: Cast) -> None:
    page = signed.client_of(signed.olu).get(f"{PAGE}&team=north").content.decode()
    assert 'class="card sc-focus"' in page
    assert "team=north&amp;period=2025-05" in page
    assert '<option value="north" selected>north</option>' in page
    assert 'name="period" value="2025-05"' in page


def test_a_filter_cuts_every_panel(signed: Cast) -> None:
    client = signed.client_of(signed.olu)
    whole = client.get(f"{PAGE}&all=1").content.decode()
    page = client.get(f"{PAGE}&all=1&source=organic").content.decode()
    assert "(of the whole promise)" in page and "(of the whole promise)" not in whole
    cards = [client.get(f"/scorecards/company/json?period=2025-05{only}").json() for only in ("", "&source=organic")]
    for part in ("funnel", "heat", "sources"):
        assert cards[0][part] != cards[1][part], part
    assert cards[1]["only"] == {"source": "organic"}
    table = client.get("/scorecards/company/csv?period=2025-05&source=organic").content.decode("utf-8-sig").splitlines()
    assert all(line.endswith(",source=organic") for line in table[1:])
    assert "/scorecards/company/pdf?period=2025-05&amp;source=organic" in page
    n_leads = cards[1]["funnel"]["n_leads"]
    assert n_leads and [(each["id"], each["n_leads"]) for each in cards[1]["sources"]] == [("organic", n_leads)]
    hrefs = set(re.findall(r'href="(/leads/\?[^"]+)"', page))
    assert len(hrefs) > 50 and all("source=" in href for href in hrefs)


def test_a_promise_of_a_narrowed_page_is_narrowed_too(signed: Cast) -> None:
    client = signed.client_of(signed.olu)
    asked = "?period=2025-05&amp;source=organic&amp;at=2025-05-20T10%3A00%3A00Z"
    board = client.get(f"{PAGE}&source=organic&at=2025-05-20T10:00:00Z").content.decode()
    assert f"/scorecards/company/commitments/speed/{asked}" in board
    page = client.get(f"/scorecards/company/commitments/speed/{asked.replace('&amp;', '&')}").content.decode()
    assert 'class="card sc-focus"' in page and f"/scorecards/company/{asked}" in page


def test_no_rep_is_learned_by_filtering(signed: Cast) -> None:
    for person in (signed.eva, signed.maya):
        client = signed.client_of(person)

        def page(only: str, client: Client = client) -> str:
            text = client.get(f"{PAGE}&all=1&{only}").content.decode()
            return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

        assert page("rep=rita").replace("rita", "nina") == page("rep=nina")
        assert page("team=north").replace("north", "moons") == page("team=moons")  # a team of one is a person
        masked = page("rep=~1")
        assert "Rep 1" in masked and ">Rita<" not in masked and "/leads/?agreement" not in masked
        assert "they would tell who it is" in masked
        assert "cannot be chosen together" in page("rep=~1&team=south")


def test_what_cannot_be_read_is_said_and_this_month_is_shown(signed: Cast) -> None:
    response = signed.client_of(signed.sam).get("/scorecards/company/?period=soon")
    assert response.status_code == 400
    assert "is not a period" in response.content.decode().replace("&#34;", '"')


def test_a_period_before_the_agreement_says_so(signed: Cast) -> None:
    page = signed.client_of(signed.sam).get("/scorecards/company/?period=2023-01").content.decode()
    assert "No version of the agreement was in force in 2023-01." in page


def test_without_facts_the_next_step_is_said(signed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> Folder:
        raise FactsError("There are no facts here.")

    monkeypatch.setattr(show_scorecard, "open_facts", none)
    client = signed.client_of(signed.sam)
    assert "Bring in an export of your CRM" in client.get(PAGE).content.decode()
    assert client.get("/scorecards/company/csv").status_code == 409


def test_a_card_that_takes_long_is_waited_for(signed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show_scorecard, "SHELF", Slow())
    monkeypatch.setattr("smarketing.web.views.scorecards.asked", partial(asked, wait_s=0.01))
    page = signed.client_of(signed.sam).get(PAGE).content.decode()
    assert "The numbers are being counted." in page
    assert 'hx-trigger="load delay:1s"' in page and "May 2025" in page


class Slow(CardShelf):
    """Never ready."""

    def _promised(self, *_: object) -> Future:
        return Future()


def test_a_promise_has_a_page(signed: Cast) -> None:
    page = signed.client_of(signed.sam).get("/scorecards/company/commitments/speed/?period=2025-05").content.decode()
    assert "A lead is called before it forgets us." in page
    assert "/agreements/company/#commitments.speed" in page
    assert "<!--in-time-speed-->" in page and "<!--trend-speed-->" in page
    assert signed.client_of(signed.sam).get("/scorecards/company/commitments/charm/").status_code == 404


def test_a_chart_can_be_had_as_its_spec(signed: Cast) -> None:
    client = signed.client_of(signed.sam)
    spec = client.get("/scorecards/company/charts/in-time-speed.json?period=2025-05").json()
    assert spec["$schema"].endswith("v6.json") and spec["datasets"]["shares"]
    assert client.get("/scorecards/company/charts/nothing.json?period=2025-05").status_code == 404


def test_the_numbers_are_files_too(signed: Cast) -> None:
    client = signed.client_of(signed.eva)
    table = client.get("/scorecards/company/csv?period=2025-05")
    assert table.headers["Content-Disposition"] == 'attachment; filename="scorecard-company-2025-05.csv"'
    lines = table.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("agreement,version,period")
    assert any(",speed,speed_to_lead,,,0." in line for line in lines)
    found = json.loads(client.get("/scorecards/company/json?period=2025-05").content)
    assert {line["id"] for line in found["commitments"]} == {"volume", "speed", "depth"}
    assert "Rita" not in json.dumps(found)


def test_an_earlier_instant_is_kept(signed: Cast) -> None:
    page = signed.client_of(signed.sam).get(f"{PAGE}&at=2025-05-20T10:00:00Z").content.decode()
    assert "as of Tue 20 May 2025, 12:00:00" in page
    assert "Day 20 of 31" in page
