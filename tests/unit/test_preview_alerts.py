"""Rules of a text tried on the past, without a word to anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.alerts import BREACH, HOUR, LADDER, REMINDER, a_lead, a_touch, raised, sla, warned
from tests.drained import NOW, Site, site

from smarketing.records.models import Moment, Notice
from smarketing.terms.language import words
from smarketing.workflows.preview_alerts import preview_alerts, preview_answer
from smarketing.workflows.read_directory import read_directory

__all__ = ["site"]


def test_a_text_says_what_its_rules_would_have_said(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    warned(site, monkeypatch)
    for number, owner in enumerate(("r1", "r1", "r2", "stranger")):
        a_lead(site, str(number), owner=owner)
    a_touch(site, "0", when=NOW + HOUR / 4)
    a_touch(site, "1", when=NOW + HOUR * 3 / 4)
    now = NOW + timedelta(days=3)
    text = sla(REMINDER, BREACH, LADDER, in_force={"from_on": (NOW + timedelta(days=90)).date()})
    found = preview_alerts(text, site.ledger, directory=read_directory(now), now=now)
    assert [(each.rule.id, each.n_moments, each.n_notices) for each in found] == [
        ("half", 3, 6),  # leads 1, 2 and 3; that of the stranger to the point of contact
        ("late", 2, 7),  # whose manager, Dora, has an address and no account
        ("ladder", 2, 2),
    ]
    answer = preview_answer(found, text, words("en"))
    assert answer[0]["sentence"] == "This rule would have sent 6 notices in the last 30 days, for 3 clocks."
    later = preview_alerts(text, site.ledger, directory=read_directory(now), now=now + timedelta(days=60))
    assert [each.n_moments for each in later] == [0, 0, 0]
    assert Notice.objects.count() == 0


def test_it_is_what_happens_when_the_rules_hold(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    warned(site, monkeypatch)
    for number in range(6):
        site.now = NOW + number * timedelta(minutes=7)
        a_lead(site, str(number), owner="r1" if number % 2 else "r2")
    a_touch(site, "1", when=site.now + timedelta(minutes=1))
    for hour in range(1, 12):
        raised(site, NOW + hour * HOUR / 2)
    text = sla(REMINDER, BREACH, LADDER.model_copy(update={"cooldown": None}))
    found = preview_alerts(text, site.ledger, directory=read_directory(site.now), now=site.now)
    for each in found:
        assert each.n_moments == Moment.objects.filter(rule=each.rule.id, state="raised", level=0).count()
        if each.rule.id != "ladder":
            assert each.n_notices == Notice.objects.filter(rule=each.rule.id).count()
