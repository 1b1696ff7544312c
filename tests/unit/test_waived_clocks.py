"""Waivers reach the clocks that run: nobody is warned of them, the boards say why, and revoked they come back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.alerts import HOUR, a_lead, a_touch, moments, raised, sla, told, warned
from tests.drained import MINUTE, NOW, Site, site

from smarketing.ledger.models import OpenClock
from smarketing.records.access import actor_of
from smarketing.records.models import Agreement, Dispute, DisputeState, Moment, Notice, Person, Revocation, Waiver
from smarketing.terms.language import words
from smarketing.workflows import list_board, list_desk
from smarketing.workflows.list_board import BoardFilter
from smarketing.workflows.still_worth_sending import hindrance
from smarketing.workflows.waived_clocks import WaivedClocks, bring_back

__all__ = ["site"]
SECOND = timedelta(seconds=1)


@pytest.fixture
def people(site: Site, monkeypatch: pytest.MonkeyPatch) -> dict[str, Person]:
    for module in (list_board, list_desk):
        monkeypatch.setattr(module, "every_agreement", lambda: site.terms)
    found = warned(site, monkeypatch, sla())
    Agreement.objects.create(slug="sla", title="SLA", created_at=NOW)
    return found


def waived(people: dict[str, Person], site: Site, **about: Any) -> Dispute:
    """One clock of lead 1, or the hours that `about` names."""
    told: dict[str, Any] = {
        "agreement": Agreement.objects.get(),
        "version": 1,
        "clause": "commitments.speed",
        "reason": "crm_outage",
        "text": "The CRM was down.",
        "party": "sales",
        "raised_by": people["mara"],
        "raised_at": site.now,
        "state": DisputeState.ACCEPTED,
    }
    one = {"subject": "clock", "commitment": "speed", "src": "crm", "lead_id": "1", "was": "running"}
    hours = {"subject": "window", "commitments": ["speed"], "basis": "started"}
    dispute = Dispute.objects.create(**told | (hours | about if "from_at" in about else one | about))
    Waiver.objects.create(dispute=dispute, becomes="void", approved_by=people["ada"], at=site.now)
    return dispute


def revoked(dispute: Dispute, people: dict[str, Person], site: Site) -> None:
    Revocation.objects.create(waiver=dispute.waiver, by=people["ada"], at=site.now, why="It was up.")
    bring_back(dispute)


def test_what_is_waived_rings_nobody_and_keeps_the_reason(site: Site, people: dict[str, Person]) -> None:
    a_lead(site, "1")
    a_lead(site, "2")
    waived(people, site)
    raised(site, NOW + 3 * HOUR)
    assert moments(lead_id="1") == [(rule, "stood_down", 0, 1) for rule in ("half", "late", "ladder")]
    assert {row.why for row in Moment.objects.filter(lead_id="1")} == {"waived:crm_outage"}
    assert {row.lead_id for row in Notice.objects.all()} == {"2"}
    raised(site, NOW + 3 * HOUR + MINUTE)
    assert not Notice.objects.filter(lead_id="1").exists()


def test_news_of_a_waived_lead_rings_nobody_either(site: Site, people: dict[str, Person]) -> None:
    a_lead(site)
    waived(people, site)
    raised(site, NOW + 31 * MINUTE)
    a_touch(site, when=NOW + 2 * HOUR)
    raised(site, NOW + 3 * HOUR)
    assert told() == []


def test_a_revoked_waiver_brings_the_clock_back(site: Site, people: dict[str, Person]) -> None:
    a_lead(site)
    dispute = waived(people, site)
    raised(site, NOW + 31 * MINUTE)
    site.now = NOW + 40 * MINUTE
    revoked(dispute, people, site)
    raised(site, NOW + HOUR + SECOND)
    assert [row[:2] for row in moments()] == [("half", "raised"), ("late", "raised"), ("ladder", "waiting")]
    assert ("late", "Rita", "email", "waiting") in told()


def test_a_revoked_waiver_does_not_ring_for_what_was_answered(site: Site, people: dict[str, Person]) -> None:
    a_lead(site)
    dispute = waived(people, site)
    raised(site, NOW + HOUR + SECOND)
    a_touch(site, when=NOW + 2 * HOUR)
    raised(site)
    revoked(dispute, people, site)
    raised(site)
    assert told() == []


def test_two_waivers_hold_a_clock_until_both_end(site: Site, people: dict[str, Person]) -> None:
    a_lead(site)
    one = waived(people, site)
    waived(people, site, from_at=NOW - HOUR, until_at=NOW + HOUR)
    raised(site, NOW + 2 * HOUR)
    revoked(one, people, site)
    raised(site)
    assert {row.state for row in Moment.objects.all()} == {"stood_down"}


@pytest.mark.parametrize(
    ("about", "is_covered"),
    [
        ({"basis": "started"}, True),
        ({"basis": "due"}, False),
        ({"basis": "either", "teams": ["North"]}, True),
        ({"basis": "either", "teams": ["South"]}, False),
        ({"basis": "either", "sources": ["fair"]}, True),
        ({"basis": "either", "sources": ["web"]}, False),
    ],
)
@pytest.mark.parametrize("is_answered", [False, True])
def test_hours_cover_what_they_name(
    site: Site, people: dict[str, Person], about: dict[str, Any], is_covered: bool, is_answered: bool
) -> None:
    """Rows and the database say the same; a clock answered too late is looked up in the facts."""
    a_lead(site, channel="fair")
    waived(people, site, from_at=NOW - HOUR, until_at=NOW + HOUR / 2, **about)
    found = WaivedClocks(site.now)
    assert OpenClock.objects.filter(found.condition()).exists() == is_covered
    assert bool(found.reason(OpenClock.objects.get())) == is_covered
    if is_answered:
        site.now = NOW + HOUR + 5 * MINUTE
        a_touch(site, when=NOW + HOUR + SECOND)
    raised(site, NOW + HOUR + 10 * MINUTE)
    assert Notice.objects.filter(rule="late").exists() == (not is_covered)


def test_a_notice_that_waits_for_the_morning_is_not_sent(site: Site, people: dict[str, Person]) -> None:
    a_lead(site)
    raised(site, NOW + 30 * MINUTE)
    notice = Notice.objects.filter(channel="email").first()
    assert notice is not None
    assert hindrance(notice, site.now).reason == ""
    dispute = waived(people, site)
    assert hindrance(notice, site.now).reason == "waived"
    Notice.objects.update(state="suppressed", reason="waived")
    revoked(dispute, people, site)
    assert {row.state for row in Notice.objects.all()} == {"waiting"}


@pytest.mark.parametrize("few", [500, 0])
def test_the_boards_put_it_last_and_say_why(
    few: int, site: Site, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_board, "FEW", few)
    a_lead(site, "1")
    site.later()
    a_lead(site, "2")
    dispute = waived(people, site)
    site.later(HOUR)
    rita, today = people["rita"], site.now.date()
    rows = list_desk.list_desk(actor_of(rita, today), now=site.now).rows
    assert [(row.lead_id, row.first.waived) for row in rows] == [("2", ""), ("1", "crm_outage")]

    def board(bucket: str = "") -> list_board.Board:
        asked = BoardFilter(bucket=bucket)
        return list_board.list_board(
            actor_of(people["mara"], today), asked, zone_name="UTC", now=site.now, words=words("en")
        )

    counts = dict.fromkeys(list_board.BUCKETS, 0)
    assert board().n_by_bucket == counts | {"15min": 1, "waived": 1}
    assert [row.running.clock.lead_id for row in board().rows] == ["2", "1"]
    assert [row.running.waived for row in board("waived").rows] == ["crm_outage"]
    revoked(dispute, people, site)
    assert board().n_by_bucket == counts | {"overdue": 1, "15min": 1}
