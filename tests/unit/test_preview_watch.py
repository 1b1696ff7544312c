"""Rules that hang on no clock, tried on the past: what the watch itself said of the same days."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.alerts import HOUR, PARTIES, a_lead, a_rule, a_touch, sla, watching
from tests.builders import a_commitment
from tests.drained import NOW, Site, agreed, site

from smarketing.ledger.models import InboxTally
from smarketing.records.models import Notice, Source
from smarketing.terms.agreement import Agreement, Capacity
from smarketing.terms.language import words
from smarketing.workflows import watch_promises
from smarketing.workflows.preview_alerts import Previewed, preview_alerts, preview_answer
from smarketing.workflows.read_directory import read_directory

__all__ = ["site"]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def signed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    watching(site, monkeypatch)


def watched(site: Site, text: Agreement, every: timedelta, until: datetime) -> None:
    agreed(site, text)
    while site.now <= until:
        watch_promises.watch_promises(now=site.now)
        site.now += every
    site.now = until


def tried(site: Site, text: Agreement, n_days: int = 30) -> tuple[Previewed, ...]:
    directory = read_directory(site.now)
    return preview_alerts(text, site.ledger, directory=directory, now=site.now, n_days=n_days)


def n_said(rule: str) -> int:
    return Notice.objects.filter(rule=rule).count()


@pytest.mark.parametrize("cooldown", [None, "5 business days"])
def test_totals_misses_and_hours_day_by_day(site: Site, cooldown: str | None) -> None:
    few = Capacity(reps=1, hours_per_rep=1, minutes_per_attempt=30)
    text = sla(
        a_rule("pace", behind="0.5", for_days=2, cooldown=cooldown),
        a_rule("burn_rate", rate=2, cooldown=cooldown),
        a_rule("burn_rate", id="lately", rate=2, look_back="16 business hours", cooldown=cooldown),
        a_rule("capacity", cooldown=cooldown),
        parties=(PARTIES[0], PARTIES[1].model_copy(update={"capacity": few})),
        commitments=(
            a_commitment("lead_volume", "310 leads", id="volume", party="marketing"),
            a_commitment(contact="Mara"),
        ),
    )
    for number in range(9):
        a_lead(site, str(number), when=NOW + number * HOUR / 10)
    a_touch(site, "0")
    watched(site, text, DAY, NOW + 20 * DAY)
    found = {each.rule.id: each for each in tried(site, text, n_days=21)}
    assert {name: each.n_notices for name, each in found.items()} == {name: n_said(name) for name in found}
    assert {name: each.n_things for name, each in found.items()} == dict.fromkeys(found, 1)
    assert (found["pace"].n_moments > 1) == (cooldown is not None)


@pytest.mark.parametrize("cooldown", [None, "4 business hours"])
def test_a_silence_speaks_as_the_alarm_did(site: Site, cooldown: str | None) -> None:
    Source.objects.filter(slug="crm").update(usual_gap_s=3600, last_received_at=NOW)
    InboxTally.objects.filter(src="crm").delete()
    hours = [NOW + number * HOUR for number in range(-28 * 24, 15 * 24)]
    sent = [at for at in hours if at.weekday() < 5 and 8 <= at.hour < 18 and not (at.day == 5 and at.hour > 9)]
    sent = [at for at in sent if at < NOW + 8 * DAY]
    text = sla(a_rule("silent_source", gap_factor=2, cooldown=cooldown))
    agreed(site, text)
    for at in (at for at in sent if at < NOW):
        InboxTally.objects.create(src="crm", hour_at=at, n_received=1, n_stored=1)
    for at in (at for at in hours if at >= NOW):
        watch_promises.watch_promises(now=at)
        if at in sent:  # in the course of the hour
            InboxTally.objects.create(src="crm", hour_at=at, n_received=1, n_stored=1)
            Source.objects.filter(slug="crm").update(last_received_at=at)
    site.now = hours[-1]
    found = tried(site, text, n_days=15)[0]
    assert found.n_notices == n_said("silent_source") >= 2
    assert found.n_things == 1
    sentence = preview_answer((found,), text, words("en"), 15)[0]["sentence"]
    assert sentence == f"This rule would have sent {found.n_notices} notices in the last 15 days, for 1 source."


def test_what_cannot_be_tried_says_so(site: Site) -> None:
    text = sla(*(a_rule(on) for on in ("celebration", "pulse", "weekly_summary", "silent_source")))
    InboxTally.objects.all().delete()
    answer = preview_answer(tried(site, text), text, words("en"))
    assert [each["is_tried"] for each in answer] == [False] * 4
    assert {each["sentence"] for each in answer[:3]} == {"This rule does not warn: its message comes on its days."}
    assert "no past" in answer[3]["sentence"]
    assert {words(language)(each["sentence"]) for language in ("es", "it") for each in answer}.isdisjoint(
        each["sentence"] for each in answer
    )
