"""Why sales said no: every rejection stands in its cell however it came, and each cell opens as many leads."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from django.test import Client
from tests.cast import Cast
from tests.desk import DeskSite, desk
from tests.drained import agreed, site
from tests.negotiations import a_signed
from tests.past_company import table
from tests.web.leads_of_a_company import AGREEMENT, SIGNED, company_facts, stand_in
from tests.web.test_desk import sent
from tests.web.test_disputes_of_rejections import facts

from smarketing.ledger.folder import Folder, open_folder
from smarketing.web.views import board, lead_entry, leads, rejections
from smarketing.web.views import desk as desk_views
from smarketing.workflows.open_terms import versions_of

__all__ = ["desk", "facts", "site"]

PAGE = "/leads/rejections/"
BY_STATUS = "definitions:\n  disqualified: {{values: ['status:{name}'], reasons: [no_budget, spam]}}\ncommitments:\n"
UNTIERED = "  - {id: plain, worth: 40}\n"
Signing = Callable[[str], Client]


def by_status(name: str) -> str:
    return AGREEMENT.replace("commitments:\n", BY_STATUS.format(name=name))


@pytest.fixture
def signing(cast: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch) -> Signing:
    """Signs an agreement about the company's facts; the browser of an administrator."""

    def signed(text: str) -> Client:
        a_signed(cast, text, now=SIGNED)
        stand_in(monkeypatch, facts)
        return cast.client_of(cast.olu)

    return signed


def shown(client: Client, **asked: str) -> dict[tuple[str, str], tuple[int, str]]:
    """By reason and column: the number in the cell and the list that it opens."""
    page = client.get(PAGE, asked).content.decode()
    if "table rejections" not in page:
        return {}
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    heads = [unescape(each) for each in re.findall(r"<th[^>]*>([^<]*)</th>", rows[0])]
    found = {}
    for row in rows[1:]:
        reason, *cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        for column, cell in zip(heads[1:], cells, strict=True):
            if link := re.search(r'href="([^"]+)">([\d,]+)<', cell):
                found[reason, column] = int(link[2].replace(",", "")), unescape(link[1])
    return found


def counts(client: Client, **asked: str) -> dict[tuple[str, str], int]:
    """The cells, each of which opens a list of as many leads."""
    found = shown(client, **asked)
    for n, href in found.values():
        listed = client.get(href).content.decode()
        assert re.search(rf"<h1[^>]*>\s*{n} leads?\s*<", listed), (n, href)
    return {cell: n for cell, (n, _) in found.items()}


def said(facts: Folder, field: str, value: str) -> pl.DataFrame:
    """The leads of which the history says so from their creation on, which is their handover, with the first reason."""
    made = facts.scan("lead").select("lead_id", "created_at", "channel", own="reason")
    changes = facts.scan("stage_change").filter(entity="lead", field=field, to_value=value)
    both = changes.join(made, left_on="entity_id", right_on="lead_id")
    later = both.filter(pl.col("changed_at") >= pl.col("created_at")).sort("changed_at")
    first = later.group_by("entity_id").agg(pl.col("reason").drop_nulls().first(), pl.col("own", "channel").first())
    return first.with_columns(pl.coalesce("reason", "own")).collect()


def all_of(found: dict[tuple[str, str], int]) -> dict[str, int]:
    return {reason: n for (reason, column), n in found.items() if column == "All" and reason != "All reasons"}


@pytest.mark.parametrize("answer", ["disqualified", "recycled"])
@pytest.mark.parametrize("by", ["source", "campaign", "tier", "month"])
def test_every_cell_opens_as_many_leads(signing: Signing, facts: Folder, by: str, answer: str) -> None:
    found = counts(signing(AGREEMENT.replace(UNTIERED, "")), by=by, answer=answer)
    wanted = said(facts, "lifecycle", answer)
    assert found["All reasons", "All"] == sum(all_of(found).values()) == wanted.height > 20
    assert all_of(found).get("no budget", 0) == wanted.filter(reason="no budget").height
    assert all_of(found)["no reason given"] == wanted["reason"].null_count()


def test_rejections_of_the_history_stand_by_source_in_their_month(signing: Signing, facts: Folder) -> None:
    client = signing(AGREEMENT)
    budget = said(facts, "lifecycle", "disqualified").filter(reason="no budget")
    found = counts(client, month="2025-05")
    assert all_of(found)["no budget"] == budget.height == 3
    n_each = sorted(n for (reason, column), n in found.items() if reason == "no budget" and column != "All")
    assert n_each == sorted(budget["channel"].value_counts()["count"])
    assert "no budget" not in all_of(counts(client, month="2025-04"))


def test_tiers_that_no_clock_says_are_none(signing: Signing) -> None:
    """Where marketing alone promises there are no clocks."""
    alone = re.sub(r"  - id: speed.*?(?=consequences)", "", AGREEMENT, flags=re.DOTALL)
    found = counts(signing(alone), by="tier")
    assert found["All reasons", "none"] == found["All reasons", "All"] > 20


def test_the_words_of_the_agreement_say_what_is_no(signing: Signing, facts: Folder) -> None:
    found = counts(signing(by_status("On hold")))
    assert found["All reasons", "All"] == said(facts, "status", "On hold").height > 20


def test_what_comes_before_the_handover_is_no_answer_of_sales(signing: Signing, facts: Folder) -> None:
    found = counts(signing(AGREEMENT + "handover: {at: stage, stage: mql}\n"))
    assert 20 < found["All reasons", "All"] < said(facts, "lifecycle", "disqualified").height


def test_an_export_without_a_history_says_it_by_the_stage_of_today(
    signing: Signing, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, folder = signing(AGREEMENT), company_facts(tmp_path / "facts", n_leads=0)
    today = {"created_at": SIGNED, "lifecycle": "disqualified", "reason": "spam", "channel": "organic"}
    folder.merge({"lead": table("lead", [today | {"lead_id": f"today-{n}"} for n in range(3)])})
    stand_in(monkeypatch, open_folder(folder.path))
    assert counts(client)["spam", "organic search"] == 3


@pytest.mark.parametrize("text", [AGREEMENT, by_status("Junk")], ids=["by stage", "by status"])
def test_a_rejection_of_the_desk_stands_in_its_cell(desk: DeskSite, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    for module in (desk_views, board, lead_entry, rejections, leads):
        monkeypatch.setattr(module, "timezone", SimpleNamespace(now=lambda: desk.now))
    monkeypatch.setattr("smarketing.workflows.open_leads.open_facts", lambda *_, **__: desk.site.ledger)
    a_signed(desk.cast, text, now=SIGNED)
    desk.site.terms.clear()
    agreed(desk.site, *versions_of("company"))
    desk.lead("7", channel="organic")
    desk.lead("8", channel="organic")
    rita = desk.cast.client_of(desk.cast.rita)
    assert counts(rita) == {}
    desk.later(5)
    page = sent(rita, "/desk/dispositions/", lead="crm:7", answer="disqualified", reason="no_budget")
    assert "7 is disqualified now." in page
    assert counts(rita, month="2026-03")["no budget", "organic search"] == 1
    (seq,) = re.findall(r'name="seq" value="(\d+)"', page)
    desk.later(1)
    sent(rita, "/desk/undoings/", seq=seq)
    assert counts(rita) == {}


def test_where_sales_gave_nothing_back_the_page_says_what_will_come(signing: Signing) -> None:
    client = signing(by_status("Nobody says this"))
    page = client.get(PAGE).content.decode()
    assert "Sales gave none of 207 leads back this way." in page
    assert "Sales gave nothing back this way" in page and 'class="table rejections"' not in page
