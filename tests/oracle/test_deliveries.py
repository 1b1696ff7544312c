"""Deliverables are owed, due and stopped as a plain count over periods says."""

from __future__ import annotations

from random import Random

from hypothesis import given
from tests.builders import a_commitment, an_agreement, some_deliveries
from tests.oracle.pasts import BEGIN, QUARTER, SPAN, ZONES, chances, instant, thorough
from tests.oracle.twin import owed

from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate_deliveries
from smarketing.engine.history import Codebook

NAMES = ("list", "report")


@thorough
@given(chance=chances)
def test_every_owed_unit_agrees_with_a_plain_count(chance: Random) -> None:
    one = chance.choice
    commitment = a_commitment(
        "deliverable",
        one(("1 report", "3 report")),
        deliverable=one(("", "list")),
        period=one(("day", "week", "month")),
    )
    agreement = an_agreement(
        commitment,
        zone=one(ZONES),
        week_starts_on=one(("monday", "sunday")),
        in_force={"from_on": one(("2026-03-01", "2026-03-18")), "until_on": one((None, "2026-03-31"))},
    )
    rows = [
        {
            "deliverable": one(NAMES),
            "at": instant(chance, BEGIN, SPAN),
            "quantity": one((None, 1, 0.5, 0.1, 7)),
        }
        for _ in range(chance.randint(0, 12))
    ]
    now = one((BEGIN + SPAN * QUARTER, BEGIN + SPAN * QUARTER // 2))
    terms = compile_terms([agreement], Codebook(deliverables=NAMES), start=BEGIN, end=now)
    made = evaluate_deliveries(some_deliveries(rows, NAMES), terms, now)["speed"]
    found = list(zip(*(column.tolist() for column in (made.start_at, made.due_at, made.stop_at)), strict=True))
    assert found == owed(rows, agreement, commitment, now)
