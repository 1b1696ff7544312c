"""Warnings agree with their slow twin, and with what puts a clock at risk, whatever the calendar and the pauses."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from tests.oracle.moments_twin import left_at, used_at
from tests.oracle.pasts import (
    BEGIN,
    QUARTER,
    SPAN,
    a_now,
    a_past,
    chances,
    compiled,
    instant,
    recorded,
    some_calendar,
    some_versions,
    thorough,
)

from smarketing.engine.business_time import Pauses, compile_tables
from smarketing.engine.evaluate import evaluate
from smarketing.engine.history import NEVER
from smarketing.engine.moments import before_at, share_at
from smarketing.engine.warned import warned
from smarketing.terms.alert_rule import RUNNING, AlertRule
from smarketing.terms.commitment import Kind

US = 1_000_000
ON_LEADS = sorted(RUNNING - {Kind.DELIVERABLE})
LENGTHS = (900 * US, 3600 * US, 4 * 3600 * US, 9 * 3600 * US, 1)


def column(number: int) -> np.ndarray:
    return np.array([number], np.int64)


@thorough
@given(chance=chances)
def test_shares_and_what_is_left_agree_with_the_slow_twin(chance: Random) -> None:
    one, calendar = chance.choice, some_calendar(chance, "office")
    start, allowed = instant(chance, BEGIN, 400), one(LENGTHS[:4])
    pauses = [(begin := instant(chance, start, 200), begin + chance.randint(0, 90) * QUARTER) for _ in range(3)]
    pauses = pauses[: chance.randint(0, 3)]
    tables = compile_tables([calendar], BEGIN, BEGIN + 4 * SPAN * QUARTER)
    due = used_at(calendar, start, allowed, pauses)
    share, left = one((1000, 5000, 7500, 9000, 10_000)), one(LENGTHS)
    table = Pauses.of([pauses]) if pauses else None
    terms = tables, 0, column(start), column(due), column(allowed)
    assert share_at(*terms, share, table)[0] == used_at(calendar, start, allowed * share // 10_000, pauses)
    found, wanted = before_at(*terms, left, table)[0], left_at(calendar, start, left, allowed, pauses)
    assert found == (wanted if wanted == NEVER else min(wanted, due))
    assert found == NEVER or start <= found <= due
    if not pauses and found != NEVER:
        assert found == tables.reminder(0, column(start), column(due), left)[0]


@pytest.mark.parametrize("kind", ON_LEADS)
@thorough
@given(chance=chances)
def test_a_reminder_at_the_share_of_risk_comes_when_the_clock_is_at_risk(kind: Kind, chance: Random) -> None:
    rows, terms = a_past(chance), some_versions(chance, kind)
    now = a_now(chance, rows)
    for number, agreement in enumerate(terms):
        share = agreement.commitments[0].remind_at
        rules = (
            AlertRule.model_validate({"id": "risk", "on": "reminder", "at": share}),
            AlertRule.model_validate({"id": "gone", "on": "breach"}),
        )
        terms[number] = agreement.model_copy(update={"alerts": rules})
    past = recorded(rows)
    known = compiled(terms, past)
    evaluation = evaluate(past.history, known, now=now)
    found, wanted = set(), set()
    for each in warned(past.history, known, evaluation.clocks, now=now):
        keys = list(zip(each.clocks.lead.tolist(), each.clocks.episode.tolist(), strict=True))
        for clock, rule, at in zip(
            *(getattr(each.moments, name).tolist() for name in ("clock", "rule", "at")), strict=True
        ):
            found.add((*keys[clock], rule, at))
    clocks = evaluation.clocks[kind]
    for lead, episode, risk, due, void in zip(
        *(getattr(clocks, name).tolist() for name in ("lead", "episode", "risk_at", "due_at", "void")), strict=True
    ):
        wanted |= {(lead, episode, rule, at) for rule, at in enumerate((risk, due)) if at != NEVER and not void}
    assert found == wanted
