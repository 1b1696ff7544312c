"""The list of leads and one lead: who sees what, filters, fragments, files, and ids of every kind."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

import openpyxl
import pytest
from tests.cast import Cast
from tests.web.leads_of_a_company import HOSTILE, company_facts, names, sign, stand_in

from smarketing.ledger.folder import Folder
from smarketing.records.models import Event, SavedView
from smarketing.terms.errors import FactsError

HIDDEN = ("Rita", "Sam", "Tom")


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return company_facts(tmp_path_factory.mktemp("company") / "facts")


@pytest.fixture
def signed(cast: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    sign(cast)
    stand_in(monkeypatch, facts)
    yield cast


def told(page: str) -> str:
    """What a page says below its head, without the reader's own name."""
    return page[page.index("<main") : page.index("</main>")]


# the list


def test_a_manager_of_sales_sees_the_team_by_name(signed: Cast) -> None:
    page = signed.client_of(signed.sam).get("/leads/").content.decode()
    assert "207 leads" in page and "1 to 50 of 207" in page
    assert "Rita" in told(page) and "Tom" in told(page)


def test_a_rep_sees_their_own(signed: Cast) -> None:
    page = told(signed.client_of(signed.rita).get("/leads/?size=200").content.decode())
    assert "Rita" in page and "Tom" not in page
    assert signed.client_of(signed.rita).get("/leads/?q=L0001").status_code == 200


@pytest.mark.parametrize("name", ["maya", "eva"])
def test_marketing_and_viewers_see_all_leads_without_names(signed: Cast, name: str) -> None:
    page = told(signed.client_of(signed.people[name]).get("/leads/?size=200").content.decode())
    assert "207 leads" in page and "Rep 1" in page
    assert not any(hidden in page for hidden in HIDDEN)


def test_somebody_of_another_team_sees_nothing(signed: Cast) -> None:
    response = signed.client_of(signed.zed).get("/leads/")
    assert response.status_code in (200, 404)
    assert "L0001" not in response.content.decode()


def test_without_facts_the_next_step_is_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object, **__: object) -> Folder:
        raise FactsError("There are no facts yet.")

    monkeypatch.setattr("smarketing.workflows.open_leads.open_facts", nothing)
    page = cast.client_of(cast.olu).get("/leads/").content.decode()
    assert "No leads yet" in page and 'href="/data/"' in page


def test_a_filter_that_fits_nothing_says_so(signed: Cast) -> None:
    page = signed.client_of(signed.sam).get("/leads/?q=nobodyhasthis").content.decode()
    assert "No lead fits" in page and "0 leads" in page


@pytest.mark.parametrize(
    "query",
    ["verdict=soon", "period=2025-13", "page=-1", "commitment=kindness", "touches=x", "at=0001-01-01T00:00:00%2B14:00"],
)
def test_what_cannot_be_read_is_told_on_the_page(signed: Cast, query: str) -> None:
    response = signed.client_of(signed.sam).get(f"/leads/?{query}")
    assert response.status_code == 400
    assert "callout bad" in response.content.decode()


def test_filters_in_force_can_be_taken_away_one_by_one(signed: Cast) -> None:
    query = "/leads/?commitment=speed&verdict=breached&period=2025-05&band=never&touches=3%2B&tier=gold"
    page = unescape(signed.client_of(signed.sam).get(query).content.decode())
    for chip in ("Promise: First call", "Period: 2025-05", "Never answered", "Never reached, 3 attempts or more"):
        assert chip in page
    assert 'href="/leads/?commitment=speed&verdict=breached&period=2025-05&touches=3%2B&tier=gold"' in page


def test_the_table_alone_answers_a_fragment(signed: Cast) -> None:
    client = signed.client_of(signed.sam)
    part = client.get("/leads/?sort=lead", headers={"HX-Request": "true", "HX-Target": "leads"}).content.decode()
    assert part.lstrip().startswith('<div class="leads') and "<html" not in part
    assert 'aria-sort="ascending"' in part


def test_columns_are_those_that_were_chosen(signed: Cast) -> None:
    page = signed.client_of(signed.sam).get("/leads/?columns=campaign&columns=team").content.decode()
    shown = re.findall(r'<th scope="col" data-column="(\w+)"', page)
    assert shown == ["lead", "campaign", "team"]


def test_marks_name_the_whole_promise_for_those_who_hear_it(signed: Cast) -> None:
    page = signed.client_of(signed.sam).get("/leads/?commitment=speed&verdict=met").content.decode()
    assert '<span class="unseen">First call: met</span>' in page


# files


def rows_of(response: object) -> list[dict[str, str]]:
    body = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(body)))


def test_the_export_has_a_row_for_each_lead_and_promise(signed: Cast) -> None:
    client = signed.client_of(signed.sam)
    rows = rows_of(client.get(export("csv", "period=2025-05")))
    pairs = [(row["Lead"], row["Promise"]) for row in rows]
    assert len(pairs) == len(set(pairs)) > 10
    listed = client.get("/leads/?period=2025-05").content.decode()
    assert f"{len({lead for lead, _ in pairs})} leads" in listed
    assert Event.objects.filter(verb="export_leads").exists()


def test_only_promises_of_touches_say_how_many_there_were(signed: Cast) -> None:
    rows = rows_of(signed.client_of(signed.sam).get(export("csv", "period=2025-05")))
    assert {row["Touches"] for row in rows if row["Promise"] == "First call"} == {""}
    assert all(row["Touches"].isdecimal() for row in rows if row["Promise"] == "Attempts")


def export(form: str, query: str = "") -> str:
    from django.urls import reverse

    return f"{reverse('leads_export', args=(form,))}?{query}"


def test_an_export_is_of_a_form_that_we_make(signed: Cast) -> None:
    assert signed.client_of(signed.sam).get(export("exe")).status_code == 404


def test_nothing_in_an_export_runs(signed: Cast) -> None:
    rows = rows_of(signed.client_of(signed.sam).get(export("csv")))
    formula = [row for row in rows if "2+5" in row["Lead"]]
    assert formula and all(not row["Lead"].startswith("=") for row in formula)


def test_the_workbook_holds_the_same_rows(signed: Cast) -> None:
    client = signed.client_of(signed.sam)
    n_rows = len(rows_of(client.get(export("csv", "commitment=speed"))))
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get(export("xlsx", "commitment=speed")).streaming_content))
    )
    assert book.active is not None and book.active.max_row >= n_rows


def test_an_export_without_names_has_none(signed: Cast, facts: Folder) -> None:
    rows = rows_of(signed.client_of(signed.maya).get(export("csv")))
    assert {row["Owner"] for row in rows} & {"Rep 1"}
    assert not {value for row in rows for value in row.values()} & names(facts)


# one lead


@pytest.mark.parametrize("lead_id", HOSTILE)
def test_leads_of_any_id_have_a_page(signed: Cast, lead_id: str) -> None:
    client = signed.client_of(signed.sam)
    listed = client.get("/leads/", {"q": lead_id}).content.decode()
    (href,) = re.findall(r'<th scope="row"><a href="([^"]+)"', listed)
    page = client.get(unescape(href))
    assert page.status_code == 200, href
    assert unescape(re.search(r"<h1[^>]*>(.*?)</h1>", page.content.decode(), re.S)[1]).strip() == f"Lead {lead_id}"  # type: ignore[index]
    assert "<script>alert" not in listed + page.content.decode()


def test_a_lead_tells_its_promises_and_its_history(signed: Cast) -> None:
    page = told(signed.client_of(signed.sam).get("/leads/crm/L0003/").content.decode())
    for part in ("First call", "What happened", "The lead was made", "What marketing knows", "How it was judged"):
        assert part in page


def test_a_lead_tells_its_owner_whom_to_reach_and_not_marketing(signed: Cast) -> None:
    path = f"/leads/crm/{quote(HOSTILE[0])}/"
    assert "0@hostile.example" in told(signed.client_of(signed.rita).get(path).content.decode())
    assert "0@hostile.example" not in told(signed.client_of(signed.eva).get(path).content.decode())


def test_a_promise_on_another_clock_than_the_reader_s_says_whose(signed: Cast) -> None:
    here = "/leads/crm/L0003/"
    assert "Hours on the clock of" not in told(signed.client_of(signed.sam).get(here).content.decode())
    signed.sam.zone = "America/New_York"
    signed.sam.save()
    assert "Hours on the clock of Europe/Madrid." in told(signed.client_of(signed.sam).get(here).content.decode())


def test_a_lead_knows_the_list_it_was_opened_from(signed: Cast) -> None:
    client = signed.client_of(signed.sam)
    page = unescape(client.get("/leads/?commitment=speed&verdict=breached").content.decode())
    links = re.findall(r'<th scope="row"><a href="([^"]+)"', page)
    second = unescape(client.get(links[1]).content.decode())
    assert "2 of " in second and links[0] in second and links[2] in second
    assert 'href="/leads/?commitment=speed&verdict=breached"' in second
    assert "in the list" not in client.get(links[1].split("?")[0]).content.decode()


@pytest.mark.parametrize("name", ["maya", "eva"])
def test_hidden_names_are_nowhere_on_a_lead(signed: Cast, name: str) -> None:
    client = signed.client_of(signed.people[name])
    for lead in ("L0003", "L0010", "L0042", "L0077"):
        page = told(client.get(f"/leads/crm/{lead}/").content.decode())
        assert not any(re.search(rf"\b{hidden}\b", page, re.I) for hidden in HIDDEN), lead


def test_leads_of_others_are_not_there(signed: Cast) -> None:
    own = signed.client_of(signed.rita).get("/leads/?size=200").content.decode()
    theirs = next(f"L{n:04}" for n in range(200) if f"L{n:04}" not in own)
    assert signed.client_of(signed.rita).get(f"/leads/crm/{theirs}/").status_code == 404
    assert signed.client_of(signed.sam).get(f"/leads/crm/{theirs}/").status_code == 200
    assert signed.client_of(signed.sam).get("/leads/crm/nobody/").status_code == 404
    assert signed.client_of(signed.zed).get("/leads/crm/L0003/").status_code == 404


# kept views


def test_a_view_is_kept_shown_and_forgotten(signed: Cast) -> None:
    client = signed.client_of(signed.sam)
    said = {"name": "Late ones", "query": "verdict=breached"}
    response = client.post("/leads/views/", said, follow=True)
    assert "Late ones" in response.content.decode()
    view = SavedView.objects.get(person=signed.sam)
    assert view.query == "verdict=breached"
    client.post(f"/leads/views/{view.id}/")
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused_in_words(signed: Cast) -> None:
    response = signed.client_of(signed.sam).post("/leads/views/", {"name": " ", "query": ""}, follow=True)
    assert "A view needs a name." in response.content.decode()
    assert not SavedView.objects.exists()


def test_views_are_ones_own(signed: Cast) -> None:
    signed.client_of(signed.sam).post("/leads/views/", {"name": "Mine", "query": "q=x"})
    view = SavedView.objects.get()
    assert signed.client_of(signed.maya).post(f"/leads/views/{view.id}/").status_code == 404
    assert "Mine" not in signed.client_of(signed.maya).get("/leads/").content.decode()
    assert SavedView.objects.exists()
