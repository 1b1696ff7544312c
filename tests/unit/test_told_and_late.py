"""A fact that comes days after its breach was told: the number changes, and no word is taken back (C-06)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.alerts import HOUR, a_lead, a_touch, moments, raised, told, warned
from tests.drained import MINUTE, NOW, Site, site
from tests.unit.test_outbox import Post, post

from smarketing.ledger.models import OpenClock
from smarketing.scorecard.card import Line
from smarketing.scorecard.word import Word
from smarketing.workflows.explain_lead import explain_lead
from smarketing.workflows.read_scorecard import read_scorecard

__all__ = ["post", "site"]


@pytest.fixture(autouse=True)
def signed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    warned(site, monkeypatch)


def test_c06_a_late_fact_corrects_the_number_and_takes_back_no_word(site: Site) -> None:
    a_lead(site)
    raised(site, NOW + 30 * MINUTE)
    raised(site, NOW + 2 * HOUR)
    said, known = told(), [row for row in moments() if row[1] == "raised"]
    assert {row[0] for row in said} == {"half", "late", "ladder"}
    site.now = NOW + timedelta(days=3)
    a_touch(site, when=NOW + 10 * MINUTE)
    assert not OpenClock.objects.filter(lead_id="1", commitment="speed").exists()
    raised(site)
    assert (told(), [row for row in moments() if row[1] == "raised"]) == (said, known)
    assert "waiting" not in {row[1] for row in moments()}


def counted(site: Site) -> Line:
    card = read_scorecard(site.ledger, site.terms["sla"], period=None, now=site.now)
    return next(line for line in card.lines if line.id == "speed")


def verdict(site: Site) -> str:
    asked = {"commitment": "speed", "versions": site.terms["sla"], "facts": site.ledger, "now": site.now}
    return str(explain_lead("1", **asked).clocks[0].verdict)


def test_c06_a_late_fact_turns_a_breach_into_a_kept_promise_on_the_card(site: Site) -> None:
    a_lead(site)
    raised(site, NOW + 2 * HOUR)
    before = counted(site)
    assert (before.n_met, before.n_breached, before.actual, before.attainment) == (0, 1, 0.0, 0.0)
    assert (before.word, verdict(site)) == (Word.BEHIND, "breached")
    site.now = NOW + timedelta(days=3)
    a_touch(site, when=NOW + 10 * MINUTE)
    after = counted(site)
    assert (after.n_met, after.n_breached, after.actual, after.attainment) == (1, 0, 1.0, 1.0)
    assert (after.word, verdict(site)) == (Word.ON_TRACK, "met")


def test_c06_what_was_sent_is_not_sent_again(site: Site, post: Post) -> None:
    a_lead(site)
    found = [*post.leave(NOW + 30 * MINUTE), *post.leave(NOW + HOUR + MINUTE), *post.leave(NOW + 2 * HOUR)]
    assert found == [("Rita", "half"), ("Rita", "late"), ("Mara", "late"), ("Mara", "ladder")]
    known = told()
    assert {state for *_, state in known} == {"sent"}
    site.now = NOW + timedelta(days=3)
    a_touch(site, when=NOW + 10 * MINUTE)
    for days in range(3, 10):
        assert post.leave(NOW + timedelta(days=days)) == []
    assert told() == known
