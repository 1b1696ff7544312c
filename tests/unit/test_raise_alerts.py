"""From a lead to its notices: what is due is said once, whatever is killed, moved, answered or asked twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.alerts import BREACH, HOUR, LADDER, REMINDER, a_lead, a_touch, at, moments, raised, sla, told, warned
from tests.drained import MINUTE, NOW, Site, agreed, event, site

from smarketing.records.models import Held, Moment, Notice

__all__ = ["site"]
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def signed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    warned(site, monkeypatch)


def test_a_reminder_then_a_breach_then_the_ladder(site: Site) -> None:
    a_lead(site)
    assert moments() == [("half", "waiting", 0, 1), ("late", "waiting", 0, 1), ("ladder", "waiting", 0, 1)]
    assert raised(site, NOW + 29 * MINUTE).n_moments == 0
    assert raised(site, NOW + 30 * MINUTE).n_notices == 2
    assert told() == [("half", "Rita", "in_app", "waiting"), ("half", "Rita", "email", "waiting")]
    raised(site, NOW + HOUR + SECOND)
    assert told()[2:] == [
        ("late", "Rita", "in_app", "waiting"),
        ("late", "Mara", "in_app", "waiting"),
        ("late", "Rita", "email", "waiting"),
        ("late", "Mara", "email", "waiting"),
    ]
    raised(site, NOW + 2 * HOUR)
    assert told()[6:] == [("ladder", "Mara", "email", "waiting")]
    assert [row.at for row in Moment.objects.filter(level=1)] == [NOW + 4 * HOUR]


def test_a_ladder_is_climbed_once_however_often_one_asks(site: Site) -> None:
    """A-01"""
    a_lead(site)
    for step in range(100):
        raised(site, NOW + 3 * HOUR + step * SECOND)
    assert [row.rule for row in Notice.objects.filter(rule="ladder")] == ["ladder"]
    raised(site, NOW + 7 * HOUR)
    assert Notice.objects.filter(rule="ladder").count() == 2


def test_what_is_answered_rings_nobody(site: Site) -> None:
    a_lead(site)
    a_touch(site, when=NOW + 10 * MINUTE)
    assert {state for _, state, *_ in moments()} == {"stood_down"}
    raised(site, NOW + 5 * HOUR)
    assert told() == []


def test_an_answer_just_too_late_leaves_a_breach(site: Site) -> None:
    """A-33: due 10:00:00, done 10:00:01, looked at 10:05."""
    a_lead(site)
    site.now = NOW + HOUR + 5 * MINUTE
    a_touch(site, when=NOW + HOUR + SECOND)
    raised(site)
    assert {row[:2] for row in told()} == {("late", "Rita"), ("late", "Mara")}
    assert Notice.objects.filter(rule="late").first().payload["is_answered"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("offset", "is_late"),
    [(timedelta(0), False), (-timedelta(microseconds=1), False), (timedelta(microseconds=1), True)],
)
def test_the_due_instant_is_in_time(site: Site, offset: timedelta, is_late: bool) -> None:
    """A-37"""
    a_lead(site)
    due = NOW + HOUR
    raised(site, due)
    assert not Notice.objects.filter(rule="late").exists()
    site.now = due + MINUTE
    a_touch(site, when=due + offset)
    raised(site)
    assert Notice.objects.filter(rule="late").exists() == is_late


def test_a_ladder_goes_on_after_a_restart(site: Site) -> None:
    """A-34, E-04"""
    a_lead(site)
    raised(site, NOW + 2 * HOUR)
    n_told = len(told())
    raised(site, NOW + 2 * HOUR + SECOND)
    assert len(told()) == n_told
    raised(site, NOW + timedelta(hours=25))
    assert [row.level for row in Moment.objects.filter(rule="ladder", state="raised")] == [0, 1]


def test_history_rings_nobody_and_is_counted(site: Site) -> None:
    a_lead(site, when=NOW - timedelta(days=5))
    raised(site)
    assert (told(), moments()) == ([], [])
    assert list(Held.objects.order_by("rule").values_list("rule", "reason", "n_moments")) == [
        (name, "too_old", 1) for name in ("half", "ladder", "late")
    ]
    site.send(event("lead.updated", lead_id="1", channel="fair"))
    site.drain()
    site.refresh()
    assert {held.n_moments for held in Held.objects.all()} == {1}


@pytest.mark.parametrize(("n_days", "is_told"), [(0, True), (2, False)])
def test_an_answer_taken_back_days_later_is_history(site: Site, n_days: int, is_told: bool) -> None:
    """The call turns out to have been before the lead came: two days after its deadline that rings nobody."""
    call = {"lead_id": "1", "touch_id": "t1", "kind": "call", "direction": "out", "owner_id": "r1"}
    came = event("lead.created", NOW, lead_id="1", owner_id="r1")
    site.later(MINUTE)
    site.send(came, event("touch.logged", site.now, **call))
    site.drain()
    assert moments() == []
    site.later(timedelta(days=n_days, hours=2))
    site.send(event("touch.logged", site.now, **call, occurred_at=NOW - HOUR))
    site.drain()
    raised(site)
    assert Notice.objects.filter(rule="late").exists() == is_told
    assert Held.objects.filter(rule="late", reason="too_old").exists() == (not is_told)


def test_after_a_day_down_everything_is_recorded(site: Site) -> None:
    a_lead(site)
    site.now = NOW + timedelta(hours=24)
    raised(site)
    assert not Moment.objects.filter(state="waiting", at__lte=site.now).exists()
    assert {row for row in told() if row[0] == "half"} == {
        ("half", "Rita", "in_app", "too_late"),
        ("half", "Rita", "email", "too_late"),
    }
    assert ("late", "Mara", "email", "waiting") in told()


def test_chained_reminders_and_an_answer_between(site: Site) -> None:
    """T46: reminders at 15 and 45 minutes, a status at 55, another owner at 60; answered at 50 none comes after."""
    quarter, third = (REMINDER.model_copy(update={"id": id, "at": share}) for id, share in (("q", 0.25), ("t", 0.75)))
    agreed(site, sla(quarter, third))
    site.refresh()
    for lead in ("1", "2"):
        a_lead(site, lead)
    for minute in range(61):
        site.now = NOW + minute * MINUTE
        if minute == 20:
            a_touch(site, "2")
        if minute == 55:
            site.send(event("lead.updated", lead_id="1", status="working"))
            site.drain()
        if minute == 59:
            site.send(event("lead.updated", lead_id="1", owner_id="r2"))
            site.drain()
        raised(site)
    of_mail = Notice.objects.filter(channel="email").order_by("id")
    assert [(row.lead_id, row.rule) for row in of_mail] == [("1", "q"), ("2", "q"), ("1", "t")]


def test_the_owner_of_today_is_told(site: Site) -> None:
    """A-36"""
    a_lead(site)
    site.later()
    site.send(event("lead.updated", site.now, lead_id="1", owner_id="r2"))
    site.drain()
    raised(site, NOW + 30 * MINUTE)
    owners = {row[1] for row in told()}
    site.later()
    site.send(event("lead.updated", site.now, lead_id="1", owner_id="r1"))
    site.drain()
    raised(site, NOW + HOUR + SECOND)
    assert len(owners) == 1
    assert Notice.objects.filter(rule="half").count() == 2
    assert Notice.objects.filter(rule="late", channel="email").count() == 2


def test_an_agreement_that_is_signed_later_starts_with_its_first_day(site: Site) -> None:
    """A-07"""
    site.terms.clear()
    a_lead(site, when=NOW - HOUR)
    agreed(site, sla(in_force={"from_on": (NOW + timedelta(days=1)).date()}))
    site.refresh()
    raised(site, NOW + timedelta(days=1, hours=5))
    assert (told(), moments()) == ([], [])


def test_a_deadline_that_moves_later_is_warned_of_once_more(site: Site) -> None:
    """E-09, A-21"""
    a_lead(site)
    raised(site, NOW + 30 * MINUTE)
    agreed(site, sla(), sla(version=2))
    longer = sla().model_copy(
        update={
            "commitments": (
                sla()
                .commitments[0]
                .model_validate(sla().commitments[0].model_dump() | {"target": "95 % within 2 business hours"}),
            )
        }
    )
    agreed(site, longer)
    site.refresh()
    assert moments(rule="half") == [("half", "raised", 0, 1), ("half", "waiting", 0, 2)]
    assert Moment.objects.get(rule="half", arming=2).why == "moved_later"
    assert Moment.objects.get(rule="late").at == NOW + 2 * HOUR
    raised(site, NOW + HOUR)
    raised(site, NOW + HOUR + SECOND)
    assert [row.payload["why"] for row in Notice.objects.filter(rule="half", channel="email").order_by("id")] == [
        "",
        "moved_later",
    ]
    agreed(site, sla())
    site.refresh()
    raised(site)
    assert Notice.objects.filter(rule="half").count() == 4
    assert Notice.objects.filter(rule="late").count() == 4  # moved before now: said at once


def test_a_touch_taken_back_lets_the_clock_ring_again(site: Site) -> None:
    a_lead(site)
    a_touch(site, when=NOW + MINUTE)
    assert {state for _, state, *_ in moments()} == {"stood_down"}
    site.ledger.take_back(site.ledger.sequence)
    site.refresh()
    assert {state for _, state, *_ in moments()} == {"waiting"}


def test_reminders_come_in_working_hours(site: Site) -> None:
    """A-20: on Friday at 16:45 the clock has 15 minutes left in the week, and half its time is used on Monday."""
    friday = at("2026-03-06 16:45")
    site.now = friday
    a_lead(site)
    assert Moment.objects.get(rule="half").at == at("2026-03-09 09:15")
    raised(site, at("2026-03-07 00:00"))
    assert told() == []


def test_a_lead_that_nobody_has_is_the_seats(site: Site) -> None:
    rule = BREACH.model_validate({"id": "lost", "on": "unassigned", "after": "30 business minutes", "to": ("seat",)})
    agreed(site, sla(rule, seat="Mara"))
    site.refresh()
    site.send(event("lead.created", lead_id="1"))
    site.drain()
    a_lead(site, "2")
    assert moments() == [("lost", "waiting", 0, 1)]
    raised(site, NOW + 30 * MINUTE)
    assert told() == [("lost", "Mara", "in_app", "waiting")]
    site.send(event("lead.created", lead_id="3"))
    site.drain()
    site.send(event("lead.updated", lead_id="3", owner_id="r1"))
    site.drain()
    assert Moment.objects.get(lead_id="3").state == "stood_down"


def test_incremental_moments_are_those_made_anew(site: Site) -> None:
    agreed(site, sla(REMINDER, BREACH, LADDER))
    site.refresh()
    for number in range(5):
        a_lead(site, str(number), when=NOW + number * MINUTE)
    a_touch(site, "2", when=NOW + 9 * MINUTE)
    before = list(Moment.objects.order_by("id").values_list())
    site.terms["sla"] = (sla(title="Another"),)
    site.refresh()
    assert list(Moment.objects.order_by("id").values_list()) == before
