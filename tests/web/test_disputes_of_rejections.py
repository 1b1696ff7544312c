"""Marketing contests that a lead was left out of its count: what sales accepts counts again, the original beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import polars as pl
import pytest
from tests.cast import Cast
from tests.negotiations import a_signed
from tests.past_company import table
from tests.web.leads_of_a_company import AGREEMENT, SIGNED, company_facts, stand_in
from tests.web.test_disputes import NOW, get, leads, line, post
from tests.web.test_disputes_of_marketing import contested, decided, promise

from smarketing.ledger.folder import Folder, open_folder
from smarketing.records.access import Refused
from smarketing.records.models import Dispute
from smarketing.terms.errors import UserError
from smarketing.workflows.revoke_waiver import revoke_waiver

COUNTING = "counting: {rejected_leads_count: false}\nconsequences:\n"
LISTED = "/leads/?agreement=company&commitment=volume&period=2025-05&verdict=void"


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The company, in which sales gave back three leads of May at once because they had no budget."""
    folder = company_facts(tmp_path_factory.mktemp("company") / "facts")
    not_spam = folder.scan("lead").filter(pl.col("reason").is_null(), channel="organic").select("lead_id", "created_at")
    created = dict(not_spam.collect().iter_rows())
    may = sorted(lead for lead, at in created.items() if at.month == 5 and lead.startswith("L"))[:3]
    rows = [_given_back(lead, created[lead] + timedelta(minutes=1)) for lead in may]
    folder.merge({"stage_change": table("stage_change", rows)})
    return open_folder(folder.path)


def _given_back(lead: str, at: datetime) -> dict[str, Any]:
    row = {"change_id": f"back-{lead}", "entity": "lead", "entity_id": lead, "field": "lifecycle"}
    return row | {"to_value": "disqualified", "changed_at": at, "reason": "no budget"}


@pytest.fixture
def signed(cast: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    a_signed(cast, AGREEMENT.replace("consequences:\n", COUNTING), now=SIGNED)
    cast.sales.fact_names = ["north", "south"]
    cast.sales.save()
    stand_in(monkeypatch, facts)
    monkeypatch.setattr("smarketing.workflows.show_scorecard.open_facts", lambda *_, **__: facts)
    yield cast


def left_out(cast: Cast, facts: Folder) -> list[tuple[str, str]]:
    return leads(cast, facts, commitment="volume", verdict="void")


def test_a_rejection_that_sales_takes_back_counts_again(signed: Cast, facts: Folder) -> None:
    before, rejected = line(facts, "volume"), left_out(signed, facts)
    assert before.actual is not None and {each.id: each.n for each in before.voids}["no budget"] == 3
    dispute = contested(signed.maya, rejected[0], "volume", "other", is_left_out=True)
    assert (dispute.subject, dispute.was, dispute.becomes, dispute.party) == ("count", "void", "met", "marketing")
    assert line(facts, "volume") == before
    decided(dispute, "accepted", signed.sam)
    after = line(facts, "volume")
    assert (after.actual, after.n_void) == (before.actual + 1, before.n_void - 1)
    assert after.waived is not None and after.waived.before.actual == before.actual
    assert (after.waived.n, [(each.id, each.n) for each in after.waived.reasons]) == (1, [("other", 1)])
    assert rejected[0] in leads(signed, facts, commitment="volume") and rejected[0] not in left_out(signed, facts)
    with pytest.raises(UserError, match="waived already"):
        contested(signed.maya, rejected[0], "volume", is_left_out=True)
    revoke_waiver(dispute_id=dispute.id, why="It had none.", by=signed.sam, now=NOW)
    assert line(facts, "volume").actual == before.actual and left_out(signed, facts) == rejected


def test_what_may_be_asked_for_is_what_would_change_something(signed: Cast, facts: Folder) -> None:
    counted, rejected = leads(signed, facts, commitment="volume")[0], left_out(signed, facts)[0]
    for lead, wrong, is_left_out in ((counted, "met", False), (rejected, "void", True)):
        with pytest.raises(UserError, match="cannot be asked for"):
            contested(signed.maya, lead, "volume", becomes=wrong, is_left_out=is_left_out)
    decided(contested(signed.maya, counted, "volume"), "accepted", signed.sam)
    with pytest.raises(UserError, match="waived already"):
        contested(signed.maya, counted, "volume")


def test_who_saw_another_thing_contests_nothing(signed: Cast, facts: Folder) -> None:
    """Between the page and the form the lead was given back, or counted after all."""
    counted, rejected = leads(signed, facts, commitment="volume")[0], left_out(signed, facts)[0]
    for lead, is_left_out in ((counted, True), (rejected, False)):
        with pytest.raises(UserError, match="not judged"):
            contested(signed.maya, lead, "volume", is_left_out=is_left_out)


def test_only_who_promised_the_number_asks_for_more_in_it(signed: Cast, facts: Folder) -> None:
    rejected = left_out(signed, facts)[0]
    with pytest.raises(Refused):
        contested(signed.sam, rejected, "volume", is_left_out=True)
    assert "/disputes/new/" not in get(signed, "sam", LISTED) and "/disputes/new/" in get(signed, "maya", LISTED)


def test_a_lead_that_counts_by_a_waiver_is_not_contested_again(signed: Cast, facts: Folder) -> None:
    src, lead = rejected = left_out(signed, facts)[0]
    decided(contested(signed.maya, rejected, "volume", "other", is_left_out=True), "accepted", signed.sam)
    page = unescape(get(signed, "maya", LISTED.removesuffix("&verdict=void")))
    assert f"lead={lead}" not in page and f"/leads/{src}/{lead}/" in page


def test_from_what_was_left_out_to_a_changed_number(signed: Cast, facts: Folder) -> None:
    card = "/scorecards/company/?period=2025-05"
    shown = promise(get(signed, "maya", card))
    n = line(facts, "volume").n_void
    assert f"{n} left out" in shown and "no budget 3" in shown
    assert re.search(r'href="(/leads/\?[^"]*commitment=volume[^"]*verdict=void[^"]*)"', shown)
    src, lead = left_out(signed, facts)[0]
    asked = {"agreement": "company", "commitment": "volume", "src": src, "lead": lead, "left_out": "1"}
    page = unescape(get(signed, "maya", LISTED))
    assert f"/disputes/new/?agreement=company&{urlencode(asked).partition('&')[2]}" in page
    form = get(signed, "maya", "/disputes/new/?" + urlencode(asked))
    assert "was left out by" in form and 'name="becomes"' not in form
    said = {"reason": "other", "text": "They have one.", "clause": "commitments.volume"}
    post(signed, "maya", "/disputes/", **asked, **said)
    path = f"/disputes/{Dispute.objects.get().id}/"
    assert f"Lead {lead}: left out" in unescape(get(signed, "sam", "/disputes/"))
    post(signed, "sam", f"{path}decision", outcome="accepted", decision="Fair.")
    assert "It counts; the original number stands beside the new one." in get(signed, "maya", path)
    assert "before 1 was waived" in promise(get(signed, "maya", card))
    assert f"{n - 1} left out" in promise(get(signed, "maya", card))
