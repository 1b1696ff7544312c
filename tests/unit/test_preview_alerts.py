"""Rules of a text tried on the past, without a word to anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.alerts import BREACH, HOUR, LADDER, REMINDER, a_lead, a_touch, raised, sla, warned, watching
from tests.builders import a_commitment
from tests.drained import NOW, Site, event, site

from smarketing.records.models import Held, Moment, Notice
from smarketing.terms.alert_rule import AlertRule
from smarketing.terms.allowance import Allowance
from smarketing.terms.language import words
from smarketing.workflows import watch_promises
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
        ("ladder", 10, 10),  # five steps each, for nobody answered
    ]
    answer = preview_answer(found, text, words("en"))
    assert answer[0]["sentence"] == "This rule would have sent 6 notices in the last 30 days, for 3 clocks."
    assert answer[2]["sentence"] == "This rule would have sent 10 notices in the last 30 days, for 2 clocks."
    later = preview_alerts(text, site.ledger, directory=read_directory(now), now=now + timedelta(days=60))
    assert [each.n_moments for each in later] == [0, 0, 0]
    assert Notice.objects.count() == 0


def test_it_is_what_happens_when_the_rules_hold(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    warned(site, monkeypatch)
    for number in range(6):
        site.now = NOW + number * timedelta(minutes=7)
        a_lead(site, str(number), owner="r1" if number % 2 else "r2")
    a_touch(site, "1", when=site.now + timedelta(minutes=1))
    for half in range(1, 12):
        raised(site, NOW + half * HOUR / 2)
    text = sla(REMINDER, BREACH, LADDER.model_copy(update={"cooldown": None}))
    found = preview_alerts(text, site.ledger, directory=read_directory(site.now), now=site.now)
    for each in found:
        assert each.n_moments == Moment.objects.filter(rule=each.rule.id, state="raised", level=0).count()
        if each.rule.id != "ladder":
            assert each.n_notices == Notice.objects.filter(rule=each.rule.id).count()


def test_a_ladder_is_climbed_until_somebody_answers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    warned(site, monkeypatch)
    for number in range(3):
        a_lead(site, str(number))
    for half in range(1, 100):
        if half == 11:
            a_touch(site, "1", when=NOW + half * HOUR / 2)  # after the step at 13:00, before that at 15:00
        raised(site, NOW + half * HOUR / 2)
    found = preview_alerts(sla(LADDER), site.ledger, directory=read_directory(site.now), now=site.now)[0]
    assert [found.n_moments, found.n_notices, found.n_things] == [12, 12, 3]
    assert Moment.objects.filter(rule="ladder", state="raised").count() == found.n_moments
    assert Notice.objects.filter(rule="ladder").count() == found.n_notices


@pytest.mark.parametrize(("late", "n"), [(None, 5), (165, 1), (159, 0)])
def test_what_is_owed_without_a_lead_is_repeated_until_it_comes(
    site: Site, monkeypatch: pytest.MonkeyPatch, late: int | None, n: int
) -> None:
    """The week ends on Sunday at midnight; a report of Monday is the next week's, and nobody waits for it any more."""
    report = a_commitment("deliverable", "1 report", id="report", party="marketing", period="week", contact="Mara")
    begun = {"from_on": NOW.date()}
    ladder = LADDER.model_copy(update={"cooldown": Allowance.model_validate("10 clock hours"), "to": ("Mara",)})
    text = sla(ladder, commitments=(report,), in_force=begun)
    watching(site, monkeypatch, text)
    a_lead(site)
    for hour in range(24 * 9):
        if hour == late:
            site.now = NOW + hour * HOUR
            site.send(event("delivery.handed_over", site.now, deliverable="report"))
            site.drain()
        watch_promises.watch_promises(now=NOW + hour * HOUR)
        raised(site, NOW + hour * HOUR)
    found = preview_alerts(text, site.ledger, directory=read_directory(site.now), now=site.now)[0]
    steps = Moment.objects.filter(rule="ladder", state="raised").order_by("level").values_list("level", flat=True)
    print(
        [
            ((m.at - NOW) / HOUR, (m.due_at - NOW) / HOUR, m.rule, m.level, m.state)
            for m in Moment.objects.filter(src="")
        ]
    )
    assert list(steps) == list(range(n)) and found.n_moments == n
    assert not Held.objects.exists()


def test_a_lead_that_nobody_has_is_one_however_many_promises_wait(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = AlertRule(id="lost", on="unassigned", after="30 business minutes", to=("seat",))
    speed = a_commitment(contact="Mara")
    both = (speed, speed.model_copy(update={"id": "again"}))
    text = sla(lost, commitments=both, seat="mara@acme.test")
    warned(site, monkeypatch, text)
    site.send(event("owner.updated", owner_id="queue", name="Inbox", kind="queue"))
    site.drain()
    site.refresh()
    for number, owner in enumerate(("r1", "queue", "queue", "", "")):
        a_lead(site, str(number), owner=owner)
    for minute in range(5, 300, 5):
        if minute in (20, 50):
            site.now = NOW + timedelta(minutes=minute)
            lead = {20: "1", 50: "2"}[minute]
            site.send(event("lead.updated", site.now, lead_id=lead, owner_id="r2"))
            site.drain()
        if minute == 25:
            a_touch(site, "3", when=NOW + timedelta(minutes=minute))
        raised(site, NOW + timedelta(minutes=minute))
    found = preview_alerts(text, site.ledger, directory=read_directory(site.now), now=site.now)
    assert [(each.n_moments, each.n_notices, each.n_things) for each in found] == [(2, 2, 2)]  # leads 2 and 4
    assert Moment.objects.filter(rule="lost", state="raised").count() == 2
    assert Notice.objects.filter(rule="lost").count() == 2
    answer = preview_answer(found, text, words("en"))[0]
    assert answer["sentence"] == "This rule would have sent 2 notices in the last 30 days, for 2 leads."
