"""When people are warned: T23, T31, T46, T47 of the worked examples, split windows, offsets and repeated reminders."""

from __future__ import annotations

from typing import Any

import pytest
from tests.spec.clock_words import K1, K2
from tests.spec.conftest import Judged, said

from smarketing.engine.moments import MomentState, states
from smarketing.engine.warned import warned
from smarketing.terms.alert_rule import AlertRule

DAY_AND_NIGHT = "mon-sun 00:00-24:00"


def rule(id: str, **terms: Any) -> AlertRule:
    on = "escalation" if "after" in terms else "reminder" if terms else "breach"
    return AlertRule.model_validate({"id": id, "on": on, "to": ("owner",)} | terms)


def told(judged: Judged) -> list[str]:
    """Every moment as "lead, rule: instant, what became of it"."""
    rows = []
    for each in warned(judged.past.history, judged.compiled, judged.evaluation.clocks, now=judged.now):
        became = states(each.moments, each.clocks, each.rules, judged.now)
        for clock, number, at, state in zip(
            each.moments.clock, each.moments.rule, each.moments.at, became, strict=True
        ):
            lead = judged.past.leads[each.clocks.lead[clock]]
            spoken = MomentState(state).name.lower().replace("_", " ")
            rows.append(f"{lead}, {each.rules[number].id}: {said(int(at), 'UTC')}, {spoken}")
    return rows


def one(spec: Any, start: str, target: str, *rules: AlertRule, **more: Any) -> list[str]:
    settings = {"office": K2, "now": start, "expect": "lead\nana"} | more
    return told(spec(leads=f"lead | created_at\nana | {start}", target=target, agreement={"alerts": rules}, **settings))


def test_t23_an_hour_before_a_deadline_on_the_next_morning(spec: Any) -> None:
    found = one(spec, "Mon 10 Jun 17:00", "95 % within 4 business hours", rule("hour", before="1 business hour"))
    assert found == ["ana, hour: Tue 11 Jun 10:00, waiting"]


def test_a03_no_reminder_comes_with_the_lead(spec: Any) -> None:
    for before in ("4 business hours", "5 business hours"):
        assert one(spec, "Mon 10 Jun 17:00", "95 % within 4 business hours", rule("early", before=before)) == []


def test_time_left_at_closing_is_told_at_the_next_opening(spec: Any) -> None:
    found = one(spec, "Mon 10 Jun 17:00", "95 % within 4 business hours", rule("morning", before="3 business hours"))
    assert found == ["ana, morning: Tue 11 Jun 08:00, waiting"]


def test_t31_three_quarters_over_a_weekend(spec: Any) -> None:
    found = one(
        spec, "Fri 7 Jun 16:50", "95 % within 4 business hours", rule("late", at="0.75"), rule("gone"), office=K1
    )
    assert found == ["ana, late: Mon 10 Jun 11:50, waiting", "ana, gone: Mon 10 Jun 12:50, waiting"]


def test_t47_three_quarters_of_an_hour(spec: Any) -> None:
    assert one(spec, "Mon 10 Jun 10:00", "95 % within 1 business hour", rule("late", at="0.75")) == [
        "ana, late: Mon 10 Jun 10:45, waiting"
    ]


@pytest.mark.parametrize(
    ("now", "became"),
    [
        ("Mon 10 Jun 10:14", ["waiting", "waiting", "waiting"]),
        ("Mon 10 Jun 10:15", ["due", "waiting", "waiting"]),
        ("Mon 10 Jun 10:46", ["due", "due", "waiting"]),
        ("Mon 10 Jun 10:50", ["due", "due", "stood down"]),
        ("Mon 10 Jun 12:00", ["due", "due", "stood down"]),
    ],
)
def test_t46_a_chain_of_reminders_ends_with_the_answer(spec: Any, now: str, became: list[str]) -> None:
    chain = [rule(str(n), before=f"{60 - n} business minutes") for n in (15, 45, 55)]
    found = one(spec, "Mon 10 Jun 10:00", "95 % within 1 business hour", *chain, now=now,
                touches="lead | at\nana | Mon 10 Jun 10:50")  # fmt: skip
    assert found == [f"ana, {n}: Mon 10 Jun 10:{n}, {state}" for n, state in zip((15, 45, 55), became, strict=True)]


def test_a20_every_step_after_the_deadline_follows_the_calendar(spec: Any) -> None:
    steps = [rule("first", after="1 business hour"), rule("second", after="8 business hours")]
    steps.append(rule("third", after="1 business day"))
    found = one(spec, "Fri 7 Jun 16:30", "95 % within 30 business minutes", rule("gone"), *steps, office=K1)
    assert found == [
        "ana, gone: Fri 7 Jun 17:00, waiting",
        "ana, first: Mon 10 Jun 10:00, waiting",
        "ana, second: Mon 10 Jun 17:00, waiting",
        "ana, third: Mon 10 Jun 17:00, waiting",
    ]


def test_a_late_answer_ends_the_ladder_and_leaves_the_breach(spec: Any) -> None:
    rules = (rule("half", at="0.5"), rule("gone"), rule("later", after="1 business hour"))
    found = one(spec, "Mon 10 Jun 10:00", "95 % within 1 business hour", *rules, now="Mon 10 Jun 18:00",
                touches="lead | at\nana | Mon 10 Jun 11:30")  # fmt: skip
    assert found == [
        "ana, half: Mon 10 Jun 10:30, due",
        "ana, gone: Mon 10 Jun 11:00, due",
        "ana, later: Mon 10 Jun 12:00, stood down",
    ]


@pytest.mark.parametrize(("now", "became"), [("Mon 10 Jun 11:00", "waiting"), ("Mon 10 Jun 11:00:01", "due")])
def test_a_deadline_is_missed_only_after_it(spec: Any, now: str, became: str) -> None:
    found = one(spec, "Mon 10 Jun 10:00", "95 % within 1 business hour", rule("gone"), now=now)
    assert found == [f"ana, gone: Mon 10 Jun 11:00, {became}"]


def test_an_answer_at_the_deadline_is_in_time(spec: Any) -> None:
    touched = "lead | at\nana | Mon 10 Jun 11:00"
    found = one(
        spec, "Mon 10 Jun 10:00", "95 % within 1 business hour", rule("gone"), touches=touched, now="Tue 11 Jun 09:00"
    )
    assert found == ["ana, gone: Mon 10 Jun 11:00, stood down"]


def test_allowances_of_days_are_shared_by_their_open_time(spec: Any) -> None:
    """From Monday 15:00 to Tuesday's closing are 10 hours of K1: half of them end on Tuesday at 12:00."""
    rules = (rule("half", at="0.5"), rule("end", before="2 business hours"))
    found = one(spec, "Mon 10 Jun 15:00", "95 % within 1 business day", *rules, office=K1)
    assert found == ["ana, half: Tue 11 Jun 12:00, waiting", "ana, end: Tue 11 Jun 15:00, waiting"]


def test_a_clock_that_stands_still_warns_later(spec: Any) -> None:
    stages = "lead | at | stage\nana | Mon 10 Jun 10:10 | status:Waiting\nana | Tue 11 Jun 09:00 | status:Open"
    rules = (rule("early", at="0.1"), rule("half", at="0.5"), rule("end", before="15 business minutes"), rule("gone"))
    found = one(spec, "Mon 10 Jun 10:00", "95 % within 1 business hour", *rules, office=K1, stages=stages,
                pauses=("Waiting",), now="Tue 11 Jun 09:00")  # fmt: skip
    assert found == [
        "ana, early: Mon 10 Jun 10:06, due",
        "ana, half: Tue 11 Jun 09:20, waiting",
        "ana, end: Tue 11 Jun 09:35, waiting",
        "ana, gone: Tue 11 Jun 09:50, waiting",
    ]


def test_while_it_stands_still_nothing_is_due(spec: Any) -> None:
    rules = (rule("early", at="0.1"), rule("half", at="0.5"), rule("end", before="15 business minutes"), rule("gone"))
    stages = "lead | at | stage\nana | Mon 10 Jun 10:10 | status:Waiting"
    found = one(spec, "Mon 10 Jun 10:00", "95 % within 1 business hour", *rules, office=K1, stages=stages,
                pauses=("Waiting",), now="Mon 10 Jun 12:00")  # fmt: skip
    assert found == ["ana, early: Mon 10 Jun 10:06, due"]


def test_overrides_and_versions_warn_by_their_own_time(spec: Any) -> None:
    judged = spec(
        leads="""lead | created_at       | grade
                 ana  | Mon 10 Jun 10:00 | a
                 bob  | Mon 10 Jun 10:00 | b""",
        target="95 % within 2 business hours",
        agreement={"alerts": (rule("half", at="0.5"),), "tiers": ({"id": "gold", "grades": ("a",)},)},
        overrides=({"only": {"tiers": ("gold",)}, "within": "30 business minutes"},),
        now="Mon 10 Jun 10:00",
        expect="lead\nana\nbob",
    )
    assert told(judged) == ["ana, half: Mon 10 Jun 10:15, waiting", "bob, half: Mon 10 Jun 11:00, waiting"]


def test_a_void_lead_warns_nobody(spec: Any) -> None:
    judged = spec(
        leads="lead | created_at | void\nana | Mon 10 Jun 10:00 | duplicate",
        agreement={"alerts": (rule("half", at="0.5"), rule("gone"))},
        expect="lead | void\nana | duplicate",
    )
    assert told(judged) == []


def test_a_rule_warns_only_of_the_promises_it_names(spec: Any) -> None:
    other = rule("half", at="0.5", commitments=("other",))
    assert one(spec, "Mon 10 Jun 10:00", "95 % within 1 business hour", other) == []
