"""A touch noted on the desk stops the clock at once, once, and only for whoever may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.desk import DeskSite, desk
from tests.drained import site

from smarketing.ledger.models import InboxRow, InboxTally
from smarketing.records.access import Refused
from smarketing.records.models import Event
from smarketing.terms.errors import UserError
from smarketing.workflows.log_touch import log_touch

__all__ = ["desk", "site"]


def test_the_clock_is_gone_when_the_touch_is_noted(desk: DeskSite) -> None:
    desk.lead("7")
    desk.later(10)
    assert desk.clocks("7") == {"speed", "depth", "answer"}
    log_touch(src="crm", lead_id="7", kind="call", outcome="no_answer", by=desk.cast.rita, now=desk.now)
    assert desk.clocks("7") == {"depth", "answer"}
    (row,) = desk.rows()
    assert row.touches == (1, 3)
    (fact,) = desk.site.facts("touch")
    assert fact["touch_id"].startswith("desk:")
    assert (fact["src"], fact["owner_id"], fact["outcome"]) == ("crm", "u-102", "no_answer")
    assert [InboxRow.objects.get(src="desk").state, InboxTally.objects.get(src="desk").n_stored] == ["done", 1]
    assert desk.site.clocks() == desk.site.clocks_anew()


def test_the_same_form_twice_is_one_touch_and_one_entry(desk: DeskSite) -> None:
    desk.lead("7")
    for _ in range(2):
        log_touch(src="crm", lead_id="7", kind="call", by=desk.cast.rita, now=desk.now, key="a" * 32)
        desk.later(1)
    assert len(desk.site.facts("touch")) == 1
    assert Event.objects.filter(verb="log_touch").count() == 1


@pytest.mark.parametrize("who", ["maya", "eva", "zed", "zoe", "nora", "dora"])
def test_strangers_and_marketing_do_not_learn_that_the_lead_is_there(desk: DeskSite, who: str) -> None:
    desk.lead("7")
    with pytest.raises(Refused):
        log_touch(src="crm", lead_id="7", kind="call", by=desk.cast.people[who], now=desk.now)
    assert not desk.site.facts("touch")
    assert not InboxRow.objects.filter(src="desk").exists()


@pytest.mark.parametrize("who", ["sam", "olu"])
def test_managers_and_administrators_note_for_their_team(desk: DeskSite, who: str) -> None:
    desk.lead("7")
    log_touch(src="crm", lead_id="7", kind="email", by=desk.cast.people[who], now=desk.now)
    assert "speed" not in desk.clocks("7")


@pytest.mark.parametrize(
    ("kind", "outcome", "minutes", "sentence"),
    [
        ("task", "sent", 0, "no way to reach"),
        ("call", "scheduled", 0, "cannot come of a touch"),
        ("call", "connected", 60, "has not happened yet"),
        ("call", "connected", -60 * 24 * 61, "days ago"),
    ],
)
def test_what_is_no_touch_is_refused_in_a_sentence(
    desk: DeskSite, kind: str, outcome: str, minutes: int, sentence: str
) -> None:
    desk.lead("7")
    at = desk.now + timedelta(minutes=minutes)
    with pytest.raises(UserError, match=sentence):
        log_touch(src="crm", lead_id="7", kind=kind, outcome=outcome, at=at, by=desk.cast.rita, now=desk.now)
    assert not desk.site.facts("touch")


def test_a_touch_noted_late_counts_from_when_it_happened(desk: DeskSite) -> None:
    desk.lead("7")
    desk.later(120)
    at = desk.now - timedelta(minutes=90)
    log_touch(src="crm", lead_id="7", kind="call", at=at, by=desk.cast.rita, now=desk.now)
    assert desk.site.facts("touch")[0]["occurred_at"] == at
    assert desk.site.clocks() == desk.site.clocks_anew()
