"""Marketing contests what sales promised, sales decides; and how many disputes of each reason there were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.cast import Cast
from tests.negotiations import a_signed
from tests.web.leads_of_a_company import AGREEMENT, SIGNED, company_facts, stand_in
from tests.web.test_disputes import NOW, get, leads, line, post

from smarketing.ledger.folder import Folder
from smarketing.records.access import Refused
from smarketing.records.models import Dispute, Membership, OwnerLink, Person, Waiver
from smarketing.workflows.decide_dispute import decide_dispute
from smarketing.workflows.raise_dispute import raise_dispute
from smarketing.workflows.revoke_waiver import revoke_waiver
from smarketing.workflows.withdraw_dispute import withdraw_dispute

PROMISES = """\
  - {id: answer, party: sales, kind: disposition_time, target: 80 % within 16 business hours, title: Answer}
  - {id: deals, party: sales, kind: sourced_revenue, target: 4000 EUR, title: Revenue}
consequences:
"""
OUTCOMES = {"accepted": "", "rejected": "No."}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return company_facts(tmp_path_factory.mktemp("company") / "facts")


@pytest.fixture
def signed(cast: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """Sales promises to answer each lead as well; Ben is a second manager of marketing."""
    a_signed(cast, AGREEMENT.replace("consequences:\n", PROMISES), now=SIGNED)
    OwnerLink.objects.create(person=cast.rita, src="crm", owner_id="rita")
    cast.sales.fact_names = ["north", "south"]
    cast.sales.save()
    stand_in(monkeypatch, facts)
    monkeypatch.setattr("smarketing.workflows.show_scorecard.open_facts", lambda *_, **__: facts)
    yield cast


@pytest.fixture
def ben(signed: Cast) -> Person:
    """A second manager of marketing."""
    person = Person.objects.create_user("ben@example.com", name="Ben Ortiz", language="en", zone="Europe/Madrid")
    Membership.objects.create(person=person, team=signed.marketing, role="manager", from_on=SIGNED.date())
    return person


def contested(by: Person, lead: tuple[str, str], commitment: str, reason: str = "duplicate", **said: Any) -> Dispute:
    told: dict[str, Any] = {
        "slug": "company",
        "commitment": commitment,
        "src": lead[0],
        "lead_id": lead[1],
        "reason": reason,
    }
    return raise_dispute(**told | {"text": "It was not so.", "by": by, "now": NOW} | said)


def decided(dispute: Dispute, outcome: str, by: Person) -> Dispute:
    return decide_dispute(dispute_id=dispute.id, outcome=outcome, text=OUTCOMES[outcome], by=by, now=NOW)


# marketing against sales


def test_marketing_contests_an_answer_that_counted_and_sales_decides(signed: Cast, facts: Folder) -> None:
    """The rejection came in time by the CRM, and by somebody whose lead it was not."""
    before = line(facts, "answer")
    lead = leads(signed, facts, commitment="answer", verdict="met")[0]
    dispute = contested(signed.maya, lead, "answer", "wrong_owner")
    assert (dispute.party, dispute.subject, dispute.was, dispute.clause) == (
        "marketing",
        "clock",
        "met",
        "commitments.answer",
    )
    assert line(facts, "answer") == before
    decided(dispute, "accepted", signed.sam)
    after = line(facts, "answer")
    assert (after.n_met, after.n_void, after.n_breached) == (before.n_met - 1, before.n_void + 1, before.n_breached)
    assert after.waived is not None and after.waived.before.attainment == before.attainment
    assert after.attainment != before.attainment
    assert [(each.id, each.n) for each in after.waived.reasons] == [("wrong_owner", 1)]
    assert lead in leads(signed, facts, commitment="answer", verdict="void")
    waiver = Waiver.objects.get()
    assert (waiver.approved_by, waiver.dispute.raised_by) == (signed.sam, signed.maya)


def test_marketing_contests_a_count_and_sales_decides(signed: Cast, facts: Folder) -> None:
    before = line(facts, "deals")
    lead = leads(signed, facts, commitment="deals")[0]
    dispute = contested(signed.maya, lead, "deals")
    assert (dispute.party, dispute.subject, dispute.was) == ("marketing", "count", "")
    decided(dispute, "accepted", signed.sam)
    after = line(facts, "deals")
    assert before.actual is not None and after.actual == before.actual - 1000 and after.n_void == before.n_void + 1
    assert after.waived is not None and after.waived.before.actual == before.actual
    assert lead not in leads(signed, facts, commitment="deals")
    revoke_waiver(dispute_id=dispute.id, why="There are two of them.", by=signed.sam, now=NOW)
    assert line(facts, "deals").actual == before.actual and lead in leads(signed, facts, commitment="deals")


def test_what_sales_rejects_changes_nothing(signed: Cast, facts: Folder) -> None:
    before, lead = line(facts, "answer"), leads(signed, facts, commitment="answer", verdict="met")[0]
    dispute = decided(contested(signed.maya, lead, "answer"), "rejected", signed.sam)
    assert (dispute.state, dispute.decision, dispute.decided_by) == ("rejected", "No.", signed.sam)
    assert line(facts, "answer") == before and not Waiver.objects.exists()


def test_nobody_of_marketing_decides_what_marketing_raised(signed: Cast, facts: Folder, ben: Person) -> None:
    """Not its raiser, nor another manager of the same party, nor who manages nothing or another team."""
    lead = leads(signed, facts, commitment="answer", verdict="met", rep="rita")[0]
    dispute = contested(signed.maya, lead, "answer")
    for person in (signed.maya, ben, signed.rita, signed.eva, signed.zoe, signed.zed, signed.nora):
        for outcome in OUTCOMES:
            with pytest.raises(Refused):
                decided(dispute, outcome, person)
    dispute.refresh_from_db()
    assert dispute.is_open and not Waiver.objects.exists()
    with pytest.raises(Refused):
        withdraw_dispute(dispute_id=dispute.id, by=signed.sam, now=NOW)
    decided(dispute, "accepted", signed.sam)


def test_another_manager_of_marketing_decides_what_sales_raised(signed: Cast, facts: Folder, ben: Person) -> None:
    lead = leads(signed, facts, verdict="breached")[0]
    dispute = contested(signed.sam, lead, "speed")
    assert dispute.party == "sales"
    assert decided(dispute, "accepted", ben).decided_by == ben


def test_from_a_count_that_marketing_contests_to_a_changed_number(signed: Cast, facts: Folder) -> None:
    src, lead = leads(signed, facts, commitment="volume")[0]
    asked: dict[str, Any] = {"agreement": "company", "commitment": "volume", "src": src, "lead": lead, "episode": "0"}
    assert "was counted by" in get(signed, "maya", "/disputes/new/?" + urlencode(asked))
    said: dict[str, Any] = {
        "reason": "duplicate",
        "text": "The same person twice.",
        "becomes": "void",
        "clause": "commitments.volume",
    }
    post(signed, "maya", "/disputes/", **asked, **said)
    dispute = Dispute.objects.get()
    path, card = f"/disputes/{dispute.id}/", "/scorecards/company/?period=2025-05"
    page = get(signed, "maya", path)
    assert "Maya Olmedo (Marketing)" in page and "Sales is to decide by" in page and 'value="accepted"' not in page
    post(signed, "maya", f"{path}decision", status=404, outcome="accepted", decision="Mine.")
    post(signed, "rita", f"{path}decision", status=404, outcome="accepted", decision="Mine.")
    assert 'value="accepted"' in get(signed, "sam", path)
    assert "waived" not in promise(get(signed, "eva", card))
    post(signed, "sam", f"{path}decision", outcome="accepted", decision="Fair.")
    for name in ("maya", "sam", "eva"):
        assert "before 1 was waived (duplicate 1)" in promise(get(signed, name, card))
    told = signed.client_of(signed.maya).get("/scorecards/company/json?period=2025-05").json()["commitments"]
    found = next(each for each in told if each["id"] == "volume")
    assert found["waived"]["n"] == 1
    assert "Sam Whitlock accepted it" in unescape(get(signed, "maya", path))


def promise(page: str, name: str = "volume") -> str:
    """What a scorecard says of one promise."""
    return unescape(page).partition(f'id="promise-{name}"')[2].partition('id="promise-')[0]


# statistics by reason


@pytest.fixture
def several(signed: Cast, facts: Folder) -> Cast:
    """Eight disputes of four reasons: one is Rita's, two are marketing's, and one accepted was revoked."""
    late, met = leads(signed, facts, verdict="breached"), leads(signed, facts, commitment="answer", verdict="met")
    hers = leads(signed, facts, verdict="breached", rep="rita")[-1]
    sams = [each for each in late if each != hers and each not in leads(signed, facts, rep="rita")]
    outages = [contested(signed.sam, lead, "speed", "crm_outage") for lead in sams[:3]]
    decided(outages[0], "accepted", signed.maya)
    decided(outages[1], "rejected", signed.maya)
    twice = [contested(signed.sam, lead, "speed", "duplicate") for lead in sams[3:5]]
    decided(twice[0], "accepted", signed.maya)
    revoke_waiver(dispute_id=twice[0].id, why="They are two.", by=signed.maya, now=NOW)
    withdraw_dispute(dispute_id=twice[1].id, by=signed.sam, now=NOW)
    owners = [contested(signed.maya, lead, "answer", "wrong_owner") for lead in met[:2]]
    decided(owners[0], "accepted", signed.sam)
    decided(owners[1], "accepted", signed.sam)
    contested(signed.rita, hers, "speed", "unreachable")
    return signed


RAISED = ("Reason", "Raised", "Open", "Accepted", "Rejected", "Withdrawn")
ALL = {
    "CRM outage": (3, 1, 1, 1, 0),
    "Duplicate": (2, 0, 1, 0, 1),
    "Wrong owner": (2, 0, 2, 0, 0),
    "Lead unreachable": (1, 1, 0, 0, 0),
}


def by_reason(page: str) -> dict[str, tuple[int, ...]]:
    """The rows of the table, in its order."""
    table = page.partition("<h2>By reason</h2>")[2].partition("</table>")[0]
    assert tuple(re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', table)) == RAISED
    rows = re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', table, re.DOTALL)
    return {name: tuple(int(n) for n in re.findall(r">(\d+)</td>", cells)) for name, cells in rows}


def test_each_reason_is_counted_by_what_became_of_it_the_commonest_first(several: Cast) -> None:
    for name in ("sam", "maya", "olu"):
        found = by_reason(get(several, name, "/disputes/"))
        assert found == ALL
        assert [n for n, *_ in found.values()] == [3, 2, 2, 1]
    assert sum(n for n, *_ in ALL.values()) == Dispute.objects.count() == 8


@pytest.mark.parametrize("query", ["state=accepted", "reason=crm_outage", "state=open&reason=unreachable"])
def test_the_statistics_are_of_the_agreement_whatever_the_list_shows(several: Cast, query: str) -> None:
    page = get(several, "sam", f"/disputes/?agreement=company&{query}")
    assert by_reason(page) == ALL
    shown = page.partition("<h2>By reason</h2>")[0].count('<th scope="row">')
    assert shown == {"state=accepted": 4, "reason=crm_outage": 3}.get(query, 1)


def test_the_statistics_count_what_their_reader_may_see(several: Cast) -> None:
    """A rep counts what she raised and what is about her own leads; whoever is of neither party counts nothing."""
    mine = Dispute.objects.filter(owner="rita")
    found = by_reason(get(several, "rita", "/disputes/"))
    assert found["Lead unreachable"] == (1, 1, 0, 0, 0) and "CRM outage" not in found
    assert sum(n for n, *_ in found.values()) == mine.count() < 8
    for name in ("zoe", "nora", "eva"):
        assert "By reason" not in get(several, name, "/disputes/")
