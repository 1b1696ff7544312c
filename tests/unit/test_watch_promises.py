"""Rules that hang on no clock: each thing found is told once, and again after its cooldown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.alerts import BREACH, HOUR, PARTIES, a_lead, a_rule, a_touch, moments, raised, sla, told, watching
from tests.builders import a_commitment
from tests.drained import NOW, Site, agreed, event, site

from smarketing.alerts import totals
from smarketing.alerts.wording import celebration
from smarketing.alerts.wording.told import Told
from smarketing.ledger.models import InboxTally
from smarketing.records.models import Notice, Source
from smarketing.terms.agreement import Capacity
from smarketing.terms.alert_rule import AlertRule
from smarketing.terms.errors import FactsError
from smarketing.terms.language import words
from smarketing.workflows import watch_promises

__all__ = ["site"]


@pytest.fixture(autouse=True)
def signed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    watching(site, monkeypatch)


def watched(site: Site, now: datetime) -> list[tuple[str, str]]:
    site.now = now
    watch_promises.watch_promises(now=now)
    return [row[:2] for row in told()]


def test_a_total_behind_its_line_is_told_once_a_period(site: Site) -> None:
    leads = a_commitment("lead_volume", "310 leads", id="volume", party="marketing")
    agreed(site, sla(a_rule("pace", behind="0.5", for_days=2), commitments=(leads,)))
    for number in range(25):
        a_lead(site, str(number), when=NOW - timedelta(days=1, minutes=number))
    assert watched(site, NOW) == []
    assert watched(site, NOW + timedelta(days=8)) == [("pace", "Mara")]
    assert watched(site, NOW + timedelta(days=9)) == [("pace", "Mara")]
    assert len(watched(site, NOW + timedelta(days=40))) == 2
    told_of = Notice.objects.order_by("id")[0].payload
    assert (told_of["actual"], told_of["goal"] > 80) == (25, True)


def test_misses_that_come_too_fast(site: Site) -> None:
    since = a_rule("burn_rate", rate=2)
    lately = a_rule("burn_rate", id="lately", rate=2, look_back="1 clock hour")
    agreed(site, sla(since, lately))
    for number in range(6):
        a_lead(site, str(number))
    for number in range(4):
        a_touch(site, str(number))
    assert watched(site, NOW + HOUR / 2) == []
    assert watched(site, NOW + HOUR + timedelta(seconds=1)) == [("burn_rate", "Mara")]
    assert Notice.objects.get().payload["n_judged"] == 6


def test_more_leads_than_hours(site: Site) -> None:
    few = Capacity(reps=1, hours_per_rep=1, minutes_per_attempt=30)
    parties = (PARTIES[0], PARTIES[1].model_copy(update={"capacity": few}))
    agreed(site, sla(a_rule("capacity"), parties=parties))
    a_lead(site)
    assert watched(site, NOW) == []
    for number in range(2, 5):
        a_lead(site, str(number))
    assert watched(site, NOW + timedelta(minutes=10)) == [("capacity", "Mara")]


def test_a_silent_source_is_told_again_after_the_cooldown(site: Site) -> None:
    agreed(site, sla(a_rule("silent_source", gap_factor=2, cooldown="4 business hours")))
    Source.objects.filter(slug="crm").update(usual_gap_s=3600, last_received_at=NOW)
    for weeks in range(4):
        for hour in range(24):
            at = NOW.replace(hour=hour) - timedelta(weeks=weeks)
            if at <= NOW:
                InboxTally.objects.update_or_create(src="crm", hour_at=at, defaults={"n_received": 1, "n_stored": 1})
    assert watched(site, NOW + HOUR) == []
    assert watched(site, NOW + 3 * HOUR) == [("silent_source", "Mara")]
    assert len(watched(site, NOW + 5 * HOUR)) == 1
    assert len(watched(site, NOW + 7 * HOUR)) == 2


def test_a_target_that_is_reached_is_celebrated_once(site: Site) -> None:
    leads = a_commitment("lead_volume", "3 leads", id="volume", party="marketing")
    agreed(site, sla(a_rule("celebration"), commitments=(leads,)))
    a_lead(site, "1")
    a_lead(site, "2")
    assert watched(site, NOW) == []
    a_lead(site, "3")
    for minutes in range(0, 60, 5):
        found = watched(site, NOW + timedelta(minutes=10 + minutes))
    assert found == [("celebration", "Mara")]
    payload = Notice.objects.get().payload
    assert {name: payload[name] for name in ("actual", "target", "unit", "measure")} == {
        "actual": 3,
        "target": 3,
        "unit": "leads",
        "measure": "count",
    }


@pytest.mark.parametrize(
    ("payload", "promised", "line"),
    [
        ({"actual": 2, "target": 2, "unit": "reports", "measure": "count"}, "2 reports", "2 reports, and 2 reports"),
        ({"actual": 9, "target": 4, "unit": "leads", "measure": "count"}, "8 leads", "9 leads, and 4 leads"),
        ({"actual": 12e3, "target": 1e4, "unit": "EUR", "measure": "sum"}, "", "€12,000, and €10,000"),
        ({"actual": 0.06, "target": 0.05, "unit": "ratio", "measure": "rate"}, "5 %", "6.0 %, and 5 %"),
        ({"actual": 240, "unit": "seconds", "measure": "mean"}, "within 5 minutes", "4 min, and within 5 minutes"),
        ({"attainment": 0.97}, "95 % within 1 business hour", "97.0 %, and 95 % within 1 business hour"),
    ],
)
def test_what_was_reached_stands_beside_what_was_promised_in_one_unit(
    payload: dict[str, Any], promised: str, line: str
) -> None:
    about = Told(words("en"), "UTC", NOW, payload, commitment="It", target=promised)
    said = (
        celebration.worded(about).lines[0].replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    )
    assert said == f"It is reached: {line} was promised."


def owed(site: Site) -> None:
    report = a_commitment("deliverable", "1 report", id="report", party="marketing", period="week", contact="Mara")
    due = AlertRule(id="soon", on="reminder", at="0.75", to=("owner",))
    agreed(site, sla(due, BREACH, commitments=(report,), in_force={"from_on": NOW.date()}))


def test_what_is_owed_without_a_lead_is_its_contacts(site: Site) -> None:
    owed(site)
    a_lead(site)
    watched(site, NOW)
    assert moments(src="") == [("soon", "waiting", 0, 1), ("late", "waiting", 0, 1)]
    raised(site, NOW + timedelta(days=5))
    assert told() == [("soon", "Mara", "in_app", "waiting")]
    site.send(event("delivery.handed_over", site.now, deliverable="report"))
    site.drain()
    watched(site, site.now)
    assert moments(src="", rule="late") == [("late", "stood_down", 0, 1)]


def test_a_rule_that_cannot_be_judged_stops_no_other(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    leads = a_commitment("lead_volume", "1 leads", id="volume", party="marketing")
    agreed(site, sla(a_rule("capacity"), a_rule("celebration"), commitments=(leads,)))
    a_lead(site)

    def broken(*_: object) -> Any:
        raise FactsError("The card is torn.")

    monkeypatch.setattr(totals, "overrun", broken)
    assert watched(site, NOW) == [("celebration", "Mara")]
