"""Who hears of a dispute: whoever decides, in time; whoever raised it, what became of it; each once, as they wish."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.cast import Cast
from tests.web.leads_of_a_company import company_facts, sign, stand_in
from tests.web.test_disputes import NOW, raised

from smarketing.alerts.wording.kinds import worded
from smarketing.ledger.folder import Folder
from smarketing.records.access import actor_of
from smarketing.records.disputes import disputes_visible_to
from smarketing.records.models import Dispute, Notice, Person, Preference
from smarketing.scorecard.waived import EITHER, WaivedWindow
from smarketing.tasks import TASKS
from smarketing.terms.agreement import Agreement
from smarketing.workflows import tell_disputes
from smarketing.workflows.decide_dispute import accept_by_silence, decide_dispute
from smarketing.workflows.revoke_waiver import revoke_waiver
from smarketing.workflows.still_worth_sending import hindrance
from smarketing.workflows.tell_disputes import remind_deciders
from smarketing.workflows.waive_window import waive_window
from smarketing.workflows.withdraw_dispute import withdraw_dispute
from smarketing.workflows.word_notice import Wording, word_notice


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return company_facts(tmp_path_factory.mktemp("told") / "facts")


@pytest.fixture
def signed(cast: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    sign(cast)
    stand_in(monkeypatch, facts)
    yield cast


def told(step: str = "", **only: Any) -> list[tuple[str, str, str, str]]:
    rows = Notice.objects.filter(occasion="dispute", **only).select_related("person").order_by("id")
    found = [(row, row.payload["step"]) for row in rows]
    return [
        (said, row.person.name.split()[0] if row.person else "", row.channel, row.reason or row.state)
        for row, said in found
        if step in ("", said)
    ]


def with_rule(monkeypatch: pytest.MonkeyPatch, **rule: Any) -> None:
    """The agreement as if it said this of disputes."""
    from smarketing.records import disputes

    before = disputes.terms_of_dispute

    def changed(dispute: Dispute) -> Agreement:
        terms = before(dispute)
        return terms.model_copy(update={"disputes": terms.disputes.model_copy(update=rule)})

    for module in ("records.disputes", "workflows.tell_disputes", "workflows.decide_dispute"):
        monkeypatch.setattr(f"smarketing.{module}.terms_of_dispute", changed)


def message(step: str, reader: Person) -> str:
    row = Notice.objects.filter(occasion="dispute", person=reader, payload__step=step, channel="email").get()
    found = word_notice(row, Wording(NOW))
    return "\n".join((found.subject, *found.lines, *(link.url for link in found.links)))


def test_the_other_party_hears_of_a_dispute_and_the_raiser_of_the_decision(signed: Cast, facts: Folder) -> None:
    dispute = raised(signed, facts)
    assert told() == [("raised", "Maya", "in_app", "waiting"), ("raised", "Maya", "email", "waiting")]
    said = message("raised", signed.maya)
    assert "You decide, by Fri" in said and "The CRM was down." in said and f"/disputes/{dispute.id}/" in said
    assert dispute.lead_id in said
    decide_dispute(dispute_id=dispute.id, outcome="rejected", text="It was up.", by=signed.maya, now=NOW)
    assert told("rejected") == [("rejected", "Sam", "in_app", "waiting"), ("rejected", "Sam", "email", "waiting")]
    assert "It was up." in message("rejected", signed.sam)


def test_what_is_settled_asks_nobody_any_more(signed: Cast, facts: Folder) -> None:
    dispute = raised(signed, facts)
    notice = Notice.objects.filter(channel="email").get()
    assert hindrance(notice, NOW).reason == ""
    withdraw_dispute(dispute_id=dispute.id, by=signed.sam, now=NOW)
    assert hindrance(notice, NOW).reason == "settled"


def test_the_decider_is_reminded_once_before_the_time_is_over(signed: Cast, facts: Folder) -> None:
    """Raised on Wednesday at noon, due at Friday's closing: three quarters are over on Friday morning."""
    raised(signed, facts)
    assert remind_deciders(now=NOW + timedelta(days=1)) == 0
    friday = datetime(2025, 7, 4, 11, tzinfo=UTC)
    assert remind_deciders(now=friday) == 2
    assert remind_deciders(now=friday + timedelta(minutes=5)) == 0
    assert told("due") == [("due", "Maya", "in_app", "waiting"), ("due", "Maya", "email", "waiting")]
    assert remind_deciders(now=friday + timedelta(days=3)) == 0
    assert "remind_deciders" in TASKS


def test_silence_is_told_to_both(signed: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rule(monkeypatch, silence_accepts=True)
    raised(signed, facts)
    assert accept_by_silence(now=NOW + timedelta(days=9)) == 1
    assert [row[:2] for row in told() if row[2] == "email"][1:] == [("accepted", "Sam"), ("silent", "Maya")]
    assert "Nobody decided in time" in message("accepted", signed.sam)


def test_an_arbiter_decides_and_the_other_party_hears_of_it(
    signed: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The arbiter belongs to neither party: an address is enough."""
    with_rule(monkeypatch, arbiter="nora@example.com")
    dispute = raised(signed, facts)
    assert [row[:3] for row in told() if row[2] == "email"] == [
        ("raised", "Nora", "email"),
        ("heard", "Maya", "email"),
    ]
    assert "Nora Alba decides" in message("heard", signed.maya)
    assert dispute in disputes_visible_to(actor_of(signed.nora, NOW.date()))
    decide_dispute(dispute_id=dispute.id, outcome="accepted", text="", by=signed.nora, now=NOW)
    assert "Nora Alba accepted it." in message("accepted", signed.sam)


def test_an_arbiter_without_an_account_leaves_it_to_the_other_party(
    signed: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_rule(monkeypatch, arbiter="nobody@example.com")
    raised(signed, facts)
    assert {row[:2] for row in told()} == {("raised", "Maya")}


def test_hours_are_asked_for_and_their_waiver_ends(signed: Cast) -> None:
    window = WaivedWindow(("speed",), NOW - timedelta(days=2), NOW - timedelta(days=1), "crm_outage", EITHER)
    dispute = waive_window(slug="company", window=window, clause="", text="Down.", by=signed.sam, now=NOW)
    assert "asks to waive" in message("raised", signed.maya)
    decide_dispute(dispute_id=dispute.id, outcome="accepted", text="", by=signed.maya, now=NOW)
    revoke_waiver(dispute_id=dispute.id, why="Up after all.", by=signed.maya, now=NOW)
    assert "Up after all." in message("revoked", signed.sam)


def test_wishes_are_respected(signed: Cast, facts: Folder) -> None:
    Preference.objects.create(person=signed.maya, muted=["dispute"])
    raised(signed, facts)
    assert told() == [("raised", "Maya", "in_app", "waiting"), ("raised", "Maya", "email", "muted")]


def test_an_administrator_is_asked_only_where_nobody_else_may_decide(signed: Cast, facts: Folder) -> None:
    signed.maya.is_active = False
    signed.maya.save()
    raised(signed, facts)
    assert {row[:2] for row in told()} == {("raised", "Olu")}


def test_every_step_is_worded_even_with_nothing_known() -> None:
    from smarketing.alerts.wording.dispute import STEPS
    from smarketing.alerts.wording.told import Told
    from smarketing.terms.language import words

    for language in ("en", "es", "it"):
        for step in STEPS:
            assert worded("dispute", Told(words(language), "UTC", NOW, {"step": step, "dispute": 1})).subject


def test_a_second_try_tells_nobody_twice(signed: Cast, facts: Folder) -> None:
    dispute = raised(signed, facts)
    assert tell_disputes.tell_raised(dispute, NOW) == 0
