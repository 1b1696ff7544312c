"""The plan: somebody types a quota and reads how many leads it takes, with facts, an agreement, or neither."""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import unescape

import openpyxl
import pytest
from tests.cast import Cast
from tests.web.leads_of_a_company import company_facts, sign, stand_in

from smarketing.ledger.folder import Folder
from smarketing.records.access import actor_of
from smarketing.records.agreements import held_versions
from smarketing.terms.errors import FactsError

TYPED = "quota=100000&marketing_share=60%25&average_deal=7000&close_rate=3%25"


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return company_facts(tmp_path_factory.mktemp("company") / "facts")


@pytest.fixture
def without_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object, **__: object) -> Folder:
        raise FactsError("There are no facts yet.")

    monkeypatch.setattr("smarketing.workflows.open_plan.open_facts", nothing)


@pytest.fixture
def signed(cast: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    sign(cast)
    stand_in(monkeypatch, facts)
    yield cast


def page_of(cast: Cast, query: str = "", name: str = "maya", **headers: str) -> str:
    response = cast.client_of(cast.people[name]).get(f"/plan/?{query}", headers=headers)
    assert response.status_code == 200
    return unescape(response.content.decode()).replace("\u00a0", " ")


@pytest.mark.usefixtures("without_facts")
def test_a_typed_quota_becomes_leads_without_facts_or_agreement(cast: Cast) -> None:
    page = page_of(cast, TYPED)
    assert '<p class="big">286 <span class="unit">Leads</span></p>' in page
    for part in ("€60,000.00", "Customers needed", "No month to show yet", "type the numbers you know"):
        assert part in page
    assert "What if" in page and "The agreement promises" not in page


@pytest.mark.usefixtures("without_facts")
def test_nothing_typed_says_what_is_missing(cast: Cast) -> None:
    assert "The sales quota is not given." in page_of(cast)


@pytest.mark.usefixtures("without_facts")
@pytest.mark.parametrize("typed", ["quota=lots", "close_rate=300%25", "quota=-5", "average_deal=1e999"])
def test_what_cannot_be_read_is_told_beside_its_field(cast: Cast, typed: str) -> None:
    page = page_of(cast, typed)
    field = page[page.index(f'id="plan-{typed.split("=")[0]}"') :][:900]
    assert 'aria-invalid="true"' in field and 'class="wrong"' in field


@pytest.mark.usefixtures("without_facts")
def test_only_the_worksheet_answers_a_fragment(cast: Cast) -> None:
    part = page_of(cast, TYPED, **{"HX-Request": "true", "HX-Target": "worksheet"})
    assert part.lstrip().startswith('<div class="worksheet') and "<form" not in part and "286" in part


def test_facts_and_the_agreement_fill_what_nobody_typed(signed: Cast) -> None:
    page = page_of(signed, "quota=20000")
    assert "measured" in page and "from the agreement" in page
    for part in ("The agreement promises 50", "Month by month", "What the facts say", "The other way round"):
        assert part in page
    assert "Are the hours there?" in page and "attempts per lead" in page


def test_the_other_way_round_leads_become_a_quota(signed: Cast) -> None:
    page = page_of(signed, "leads=300&close_rate=3%25&average_deal=7000&marketing_share=60%25")
    assert "300 leads at these rates bring:" in page
    assert "€63,000.00" in page and "€105,000.00" in page


def test_a_draft_is_weighed_for_those_who_may_see_it(signed: Cast) -> None:
    from datetime import date

    held = held_versions(actor_of(signed.maya, date(2026, 1, 15)))
    number = next(iter(held)).version.number
    assert f"version {number}" in page_of(signed, f"agreement=company&version={number}")
    assert "version 99" not in page_of(signed, "agreement=company&version=99")
    assert "version 99" not in page_of(signed, "agreement=company&version=x")


def test_the_workbook_goes_on_reckoning(signed: Cast) -> None:
    response = signed.client_of(signed.maya).get(f"/plan/workbook?{TYPED}")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(cell.startswith("=") for cell in cells)
    assert "attachment" in response.headers["Content-Disposition"]


def test_numbers_are_said_in_the_readers_language(signed: Cast) -> None:
    signed.maya.language = "es"
    signed.maya.save()
    assert "60.000" in page_of(signed, TYPED)
