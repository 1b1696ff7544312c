"""Disputes and waivers: who may raise, see and decide them, and what an accepted one does to every number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import polars as pl
import pytest
from django.conf import settings
from tests.cast import Cast
from tests.past_company import table
from tests.web.leads_of_a_company import company_facts, sign, stand_in

from smarketing.ledger.folder import Folder, open_folder
from smarketing.records.access import Refused, actor_of, lead_scope
from smarketing.records.events import chain_faults
from smarketing.records.models import Dispute, Event, Evidence, Membership, Revocation, Waiver
from smarketing.scorecard.card import Line, Scorecard
from smarketing.scorecard.waived import EITHER, STARTED, WaivedWindow, Waivers
from smarketing.terms.errors import UserError
from smarketing.terms.language import words
from smarketing.terms.period import read_period
from smarketing.workflows.attach_evidence import attach_evidence
from smarketing.workflows.decide_dispute import _accepted_by_silence, accept_by_silence, decide_dispute
from smarketing.workflows.lead_filter import lead_filter
from smarketing.workflows.list_leads import list_leads
from smarketing.workflows.open_terms import versions_of
from smarketing.workflows.open_waivers import waivers_of
from smarketing.workflows.raise_dispute import raise_dispute
from smarketing.workflows.revoke_waiver import revoke_waiver
from smarketing.workflows.score_agreement import score
from smarketing.workflows.waive_window import preview_window, waive_window
from smarketing.workflows.withdraw_dispute import withdraw_dispute

NOW = datetime(2025, 7, 2, 10, tzinfo=UTC)  # a Wednesday
MAY = read_period("2025-05")
ENGLISH = words("en")


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return company_facts(tmp_path_factory.mktemp("company") / "facts")


@pytest.fixture
def signed(cast: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    sign(cast)
    stand_in(monkeypatch, facts)
    monkeypatch.setattr("smarketing.workflows.show_scorecard.open_facts", lambda *_, **__: facts)
    yield cast


def card(facts: Folder, now: datetime = NOW) -> Scorecard:
    said: dict[str, Any] = {"period": MAY, "now": now, "waivers": waivers_of("company", at=now)}
    return score(versions_of("company"), facts, **said)


def line(facts: Folder, name: str = "speed", now: datetime = NOW) -> Line:
    return next(each for each in card(facts, now).lines if each.id == name)


def leads(cast: Cast, facts: Folder, now: datetime = NOW, **query: str) -> list[tuple[str, str]]:
    scope = lead_scope(actor_of(cast.olu, now.date()), "clock")
    asked = lead_filter({"commitment": "speed", "period": "2025-05", "size": "200"} | query, ENGLISH)
    said: dict[str, Any] = {"scope": scope, "now": now, "words": ENGLISH, "waivers": waivers_of("company", at=now)}
    return [(row.src, row.lead_id) for row in list_leads(facts, versions_of("company"), asked, **said).rows]


def raised(cast: Cast, facts: Folder, place: int = 0, **said: Any) -> Dispute:
    src, lead_id = leads(cast, facts, verdict="breached")[place]
    told: dict[str, Any] = {
        "slug": "company",
        "commitment": "speed",
        "src": src,
        "lead_id": lead_id,
        "by": cast.sam,
        "now": NOW,
    }
    return raise_dispute(**told | {"reason": "crm_outage", "text": "The CRM was down."} | said)


def test_an_accepted_dispute_changes_the_number_and_keeps_the_original(signed: Cast, facts: Folder) -> None:
    before = line(facts)
    dispute = raised(signed, facts)
    assert (dispute.clause, dispute.party, dispute.was) == ("commitments.speed", "sales", "breached")
    assert dispute.due_at == datetime(2025, 7, 4, 16, tzinfo=UTC)  # the closing of the second working day in Madrid
    assert line(facts) == before
    decide_dispute(dispute_id=dispute.id, outcome="accepted", text="", by=signed.maya, now=NOW)
    after = line(facts)
    assert (after.n_breached, after.n_void) == (before.n_breached - 1, before.n_void + 1)
    assert after.waived is not None and after.waived.before.attainment == before.attainment
    assert [(each.id, each.n) for each in after.waived.reasons] == [("crm_outage", 1)]
    assert (dispute.src, dispute.lead_id) not in leads(signed, facts, verdict="breached")
    assert (dispute.src, dispute.lead_id) in leads(signed, facts, verdict="void")
    assert len(leads(signed, facts, verdict="breached")) == after.n_breached
    revoke_waiver(dispute_id=dispute.id, why="It was up after all.", by=signed.maya, now=NOW + timedelta(hours=1))
    assert line(facts, now=NOW + timedelta(hours=1)) == line(facts, now=NOW - timedelta(hours=1)) == before
    assert line(facts).waived is not None  # as it was known then
    assert Waiver.objects.count() == Revocation.objects.count() == 1
    verbs = list(Event.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs[-3:] == ["raise_dispute", "decide_dispute", "revoke_waiver"] and not list(chain_faults())


def test_nobody_decides_on_what_they_or_their_party_raised(signed: Cast, facts: Folder) -> None:
    dispute = raised(signed, facts)
    by_rita = raised(signed, facts, src="crm", lead_id=own_breach(signed, facts), by=signed.rita)
    for person, wanted in ((signed.sam, dispute), (signed.sam, by_rita), (signed.rita, dispute), (signed.zoe, dispute)):
        with pytest.raises(Refused):
            decide_dispute(dispute_id=wanted.id, outcome="accepted", text="", by=person, now=NOW)
    decide_dispute(dispute_id=by_rita.id, outcome="accepted", text="", by=signed.olu, now=NOW)
    decide_dispute(dispute_id=dispute.id, outcome="rejected", text="It was up.", by=signed.maya, now=NOW)


def test_an_administrator_who_sells_decides_nothing_that_sales_raised(signed: Cast, facts: Folder) -> None:
    """The right to run the installation makes nobody a stranger to their own party."""
    dispute = raised(signed, facts)
    Membership.objects.create(person=signed.olu, team=signed.sales, role="rep", from_on=NOW.date() - timedelta(days=9))
    with pytest.raises(Refused):
        decide_dispute(dispute_id=dispute.id, outcome="accepted", text="", by=signed.olu, now=NOW)
    decide_dispute(dispute_id=dispute.id, outcome="accepted", text="", by=signed.maya, now=NOW)


def own_breach(cast: Cast, facts: Folder) -> str:
    return leads(cast, facts, verdict="breached", rep="rita")[-1][1]


def test_the_first_of_two_deciders_is_heard(signed: Cast, facts: Folder) -> None:
    dispute = raised(signed, facts)
    decide_dispute(dispute_id=dispute.id, outcome="rejected", text="No.", by=signed.maya, now=NOW)
    with pytest.raises(UserError, match="closed already"):
        decide_dispute(dispute_id=dispute.id, outcome="accepted", text="", by=signed.olu, now=NOW)
    assert not Waiver.objects.exists()


def test_a_verdict_is_contested_once_at_a_time(signed: Cast, facts: Folder) -> None:
    dispute = raised(signed, facts)
    with pytest.raises(UserError, match="contested already"):
        raised(signed, facts)
    withdraw_dispute(dispute_id=dispute.id, by=signed.sam, now=NOW)
    again = raised(signed, facts)
    decide_dispute(dispute_id=again.id, outcome="accepted", text="", by=signed.maya, now=NOW)
    with pytest.raises(UserError, match="waived already"):
        raised(signed, facts, src=again.src, lead_id=again.lead_id)


def test_strangers_and_viewers_raise_nothing(signed: Cast, facts: Folder) -> None:
    for person in (signed.zed, signed.zoe, signed.eva, signed.nora, signed.olu):
        with pytest.raises(Refused):
            raised(signed, facts, by=person)
    assert not Dispute.objects.exists()


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"clause": "commitments.nothing"}, "no clause"),
        ({"reason": "because"}, "Choose a reason"),
        ({"text": " "}, "Say what happened"),
        ({"episode": 7}, "not judged"),
        ({"becomes": "gold"}, "cannot be asked for"),
    ],
)
def test_what_cannot_be_contested_says_why(signed: Cast, facts: Folder, said: dict[str, Any], what: str) -> None:
    with pytest.raises(UserError, match=what):
        raised(signed, facts, **said)
    assert not Dispute.objects.exists()


def test_a_verdict_can_be_made_met(signed: Cast, facts: Folder) -> None:
    before = line(facts)
    dispute = raised(signed, facts, becomes="met", reason="wrong_time")
    decide_dispute(dispute_id=dispute.id, outcome="accepted", text="", by=signed.maya, now=NOW)
    after = line(facts)
    assert (after.n_met, after.n_breached, after.n_void) == (before.n_met + 1, before.n_breached - 1, before.n_void)
    assert (dispute.src, dispute.lead_id) in leads(signed, facts, verdict="met")


def test_a_lead_counted_twice_counts_for_nobody(signed: Cast, facts: Folder) -> None:
    before = line(facts, "volume")
    src, lead_id = leads(signed, facts, commitment="volume")[0]
    said: dict[str, Any] = {
        "slug": "company",
        "commitment": "volume",
        "src": src,
        "lead_id": lead_id,
        "reason": "duplicate",
    }
    dispute = raise_dispute(**said, text="The same person twice.", by=signed.sam, now=NOW)
    assert dispute.subject == "count"
    decide_dispute(dispute_id=dispute.id, outcome="accepted", text="", by=signed.maya, now=NOW)
    after = line(facts, "volume")
    assert before.actual is not None and after.actual == before.actual - 1 and after.n_void == before.n_void + 1
    assert after.waived is not None and after.waived.before.actual == before.actual
    assert (src, lead_id) not in leads(signed, facts, commitment="volume")


def test_a_late_fact_makes_a_waiver_moot_and_leaves_it_visible(
    signed: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = company_facts(tmp_path / "facts")
    stand_in(monkeypatch, facts)
    dispute = raised(signed, facts)
    decide_dispute(dispute_id=dispute.id, outcome="accepted", text="", by=signed.maya, now=NOW)
    before = line(facts)
    made = facts.scan("lead").filter(pl.col("lead_id") == dispute.lead_id).select("created_at").collect().item()
    touch = {"touch_id": "late", "lead_id": dispute.lead_id, "occurred_at": made, "kind": "call"}
    facts.merge({"touch": table("touch", [touch | {"direction": "out", "outcome": "connected"}])})
    after = line(open_folder(tmp_path / "facts"))
    assert after.waived is not None and (after.waived.n, after.waived.n_moot) == (0, 1)
    assert (after.n_met, after.n_void) == (before.n_met + 1, before.n_void - 1)


def test_hours_of_an_outage_are_previewed_and_waived_as_previewed(signed: Cast, facts: Folder) -> None:
    start = datetime(2025, 5, 5, tzinfo=UTC)
    window = WaivedWindow(("speed", "depth"), start, start + timedelta(days=10), "crm_outage", STARTED)
    told = preview_window(facts, versions_of("company"), window, already=Waivers(), now=NOW)
    by_name = {each.commitment: each for each in told}
    assert by_name["speed"].n_breached and by_name["speed"].n_met
    before = line(facts)
    dispute = waive_window(slug="company", window=window, clause="", text="Down.", by=signed.sam, now=NOW)
    with pytest.raises(Refused):
        decide_dispute(dispute_id=dispute.id, outcome="accepted", text="", by=signed.sam, now=NOW)
    decide_dispute(dispute_id=dispute.id, outcome="accepted", text="", by=signed.maya, now=NOW)
    after = line(facts)
    assert before.n_met - after.n_met == by_name["speed"].n_met
    assert before.n_breached - after.n_breached == by_name["speed"].n_breached
    assert after.waived is not None and after.waived.n == by_name["speed"].n == after.n_void - before.n_void
    assert len(leads(signed, facts, verdict="breached")) == after.n_breached
    again = preview_window(facts, versions_of("company"), window, already=waivers_of("company", at=NOW), now=NOW)
    assert not any(each.n for each in again)


SENSELESS = [
    ((), 1, "promise"),
    (("volume",), 1, "promise"),
    (("speed",), -1, "end"),
    (("speed",), 40, "days"),
]


@pytest.mark.parametrize(("commitments", "days", "what"), SENSELESS)
def test_hours_that_make_no_sense_are_refused(signed: Cast, commitments: tuple[str, ...], days: int, what: str) -> None:
    start = datetime(2025, 5, 5, tzinfo=UTC)
    window = WaivedWindow(commitments, start, start + timedelta(days=days), "other", EITHER)
    with pytest.raises(UserError, match=what):
        waive_window(slug="company", window=window, clause="", text="Down.", by=signed.sam, now=NOW)
    with pytest.raises(Refused):
        waive_window(slug="company", window=window, clause="", text="Down.", by=signed.rita, now=NOW)


def test_silence_decides_only_where_the_agreement_says_so(
    signed: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispute, late = raised(signed, facts), NOW + timedelta(days=30)
    assert accept_by_silence(now=late) == 0
    terms = versions_of("company")[0]
    rule = terms.disputes.model_copy(update={"silence_accepts": True})
    silent = terms.model_copy(update={"disputes": rule})
    monkeypatch.setattr("smarketing.workflows.decide_dispute.terms_of_dispute", lambda _: silent)
    assert accept_by_silence(now=NOW) == 0
    n_events = Event.objects.count()
    assert accept_by_silence(now=late) == 1
    assert not _accepted_by_silence(dispute.id, late) and Event.objects.count() == n_events + 1
    dispute.refresh_from_db()
    assert (dispute.state, dispute.decided_by) == ("accepted", None)
    assert Waiver.objects.get().approved_by is None


def test_evidence_is_checked_and_kept_under_its_digest(signed: Cast, facts: Folder, tmp_path: Path) -> None:
    dispute = raised(signed, facts)
    said: dict[str, Any] = {"dispute_id": dispute.id, "now": NOW, "home": tmp_path}
    kept = attach_evidence(file=("..\\..\\log.txt", [b"down ", b"since nine"]), by=signed.sam, **said)
    assert (kept.name, kept.n_bytes) == ("log.txt", 15)
    assert (tmp_path / "evidence" / kept.digest).read_bytes() == b"down since nine"
    attach_evidence(link="https://status.example/9", by=signed.maya, **said)
    attach_evidence(text="Nobody could log in.", by=signed.sam, **said)
    wrongs: tuple[dict[str, Any], ...] = (
        {"file": ("page.html", [b"<script>"])},
        {"file": ("shot.png", [b"<html>"])},
        {"file": ("big.txt", [b"x" * 6_000_000] * 2)},
        {"file": ("empty.txt", [])},
        {"link": "javascript:alert(1)"},
        {"text": "  "},
    )
    for wrong in wrongs:
        with pytest.raises(UserError):
            attach_evidence(by=signed.sam, **said, **wrong)
    with pytest.raises(Refused):
        attach_evidence(text="Me too", by=signed.zoe, **said)
    assert Evidence.objects.count() == 3


# pages


def get(cast: Cast, name: str, path: str, status: int = 200) -> str:
    answer = cast.client_of(cast.people[name]).get(path)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def post(cast: Cast, name: str, path: str, status: int = 302, **said: Any) -> str:
    answer = cast.client_of(cast.people[name]).post(path, said)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


@pytest.fixture
def breached(signed: Cast, facts: Folder) -> dict[str, Any]:
    src, lead = leads(signed, facts, verdict="breached")[0]
    return {"agreement": "company", "commitment": "speed", "src": src, "lead": lead, "episode": 0}


def test_from_a_breach_to_a_changed_number(signed: Cast, breached: dict[str, Any]) -> None:
    lead = f"/leads/{breached['src']}/{breached['lead']}/?agreement=company"
    assert "/disputes/new/?agreement=company" in get(signed, "sam", lead)
    form = get(signed, "sam", "/disputes/new/?" + urlencode(breached))
    assert "commitments.speed" in form and "count as met" in form
    said: dict[str, Any] = {
        "reason": "unreachable",
        "text": "No number.",
        "becomes": "void",
        "clause": "commitments.speed",
    }
    post(signed, "sam", "/disputes/", **breached, **said)
    dispute = Dispute.objects.get()
    assert "Contested: Lead unreachable" in get(signed, "sam", lead)
    page = get(signed, "maya", f"/disputes/{dispute.id}/")
    assert "No number." in page and "A lead is called before it forgets us." in page and 'value="accepted"' in page
    assert ">First call</a>" in page and "commitments.speed</a>" not in page
    assert 'value="accepted"' not in get(signed, "sam", f"/disputes/{dispute.id}/")
    post(signed, "maya", f"/disputes/{dispute.id}/decision", outcome="accepted", decision="Fair.")
    assert "Waived by Maya Olmedo" in get(signed, "sam", lead)
    assert "The original verdict is breached." in get(signed, "sam", lead)
    board = get(signed, "eva", "/scorecards/company/?period=2025-05")
    assert "before 1 was waived (cannot be reached 1)" in unescape(board)
    told = signed.client_of(signed.sam).get("/scorecards/company/json?period=2025-05").json()["commitments"]
    assert next(each for each in told if each["id"] == "speed")["waived"]["n"] == 1
    table = signed.client_of(signed.sam).get("/scorecards/company/csv?period=2025-05").content.decode()
    assert "actual_before_waivers" in table.splitlines()[0]
    assert "Lead unreachable" in get(signed, "sam", "/disputes/?agreement=company&state=accepted")
    post(signed, "sam", f"/disputes/{dispute.id}/revocation", why="Found the number.")
    assert "before 1 was waived" not in get(signed, "eva", "/scorecards/company/?period=2025-05")
    assert "The waiver was revoked" in get(signed, "sam", lead)


def test_strangers_find_no_dispute(signed: Cast, facts: Folder, breached: dict[str, Any]) -> None:
    dispute = raised(signed, facts)
    attach_evidence(dispute_id=dispute.id, by=signed.sam, now=NOW, home=settings.HOME, file=("a.txt", [b"down"]))
    file = f"/disputes/{dispute.id}/evidence/{Evidence.objects.get().id}"
    for name in ("zed", "zoe", "nora", "eva"):
        get(signed, name, f"/disputes/{dispute.id}/", status=404)
        get(signed, name, file, status=404)
        assert "crm" not in get(signed, name, "/disputes/")[2000:].partition("<main")[2]
        for path in ("decision", "withdrawal", "revocation", "evidence/"):
            post(signed, name, f"/disputes/{dispute.id}/{path}", status=404, outcome="accepted", text="x", why="x")
        get(signed, name, "/disputes/new/?" + urlencode(breached), status=404)
        get(signed, name, "/waivers/new/", status=404)
    dispute.refresh_from_db()
    assert dispute.is_open
    answer = signed.client_of(signed.maya).get(file)
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "text/plain" and answer.content == b"down"


def test_a_manager_previews_hours_and_asks_for_them(signed: Cast) -> None:
    assert "First call" in get(signed, "sam", "/waivers/new/")
    said = {
        "agreement": "company",
        "commitments": ["speed"],
        "basis": "started",
        "reason": "crm_outage",
        "text": "Down.",
    }
    hours: dict[str, Any] = {"from_at": "2025-05-05T00:00", "until_at": "2025-05-15T00:00"}
    page = post(signed, "sam", "/waivers/", status=200, **said, **hours)
    assert re.search(r"\d+ clocks of First call would be waived: \d+ breached, \d+ met", page)
    post(signed, "sam", "/waivers/", **said, **hours, sure="1")
    dispute = Dispute.objects.get()
    assert dispute.from_at == datetime(2025, 5, 4, 22, tzinfo=UTC)  # midnight in Madrid
    assert "Hours of an outage" in get(signed, "maya", f"/disputes/{dispute.id}/")
    post(signed, "sam", "/waivers/", status=422, **said, from_at="2025-05-05T00:00", until_at="nonsense")
    get(signed, "rita", "/waivers/new/", status=404)


def test_refusals_stand_in_the_form(signed: Cast, facts: Folder) -> None:
    dispute = raised(signed, facts)
    assert "Say why it is rejected" in post(
        signed, "maya", f"/disputes/{dispute.id}/decision", status=422, outcome="rejected", decision=""
    )
    wrong = {"link": "ftp://nowhere"}
    assert "This is no link" in post(signed, "maya", f"/disputes/{dispute.id}/evidence/", status=422, **wrong)
    post(signed, "sam", f"/disputes/{dispute.id}/decision", status=404, outcome="accepted")


def test_the_list_behind_a_number_leads_to_the_form(signed: Cast) -> None:
    page = get(signed, "sam", "/leads/?agreement=company&commitment=volume&period=2025-05")
    found = re.search(r'href="(/disputes/new/[^"]*commitment=volume[^"]*)"', page)
    assert found and "was counted by" in get(signed, "sam", unescape(found[1]))
    assert "/disputes/new/" not in get(signed, "eva", "/leads/?agreement=company&commitment=speed&period=2025-05")
