"""The evaluation as a whole: nothing to judge, small parts of large histories, the three clocks, reasons by name."""

from __future__ import annotations

import numpy as np
import pytest
from tests.builders import Past, a_commitment, a_history, an_agreement, instant

from smarketing.engine import as_of
from smarketing.engine.clocks import OTHER_CURRENCY, REASSIGNED, Verdict, void_reason
from smarketing.engine.compiled import Compiled, compile_terms
from smarketing.engine.evaluate import Evaluation, evaluate, evaluate_deliveries, three_clocks
from smarketing.engine.history import NEVER, Deliveries
from smarketing.engine.metrics import CLOCK_KINDS, METRICS, TALLY_KINDS
from smarketing.terms.commitment import Kind

NOW = instant("2024-12-31")
EVERY = an_agreement(
    a_commitment(),
    a_commitment(id="disposed", kind="disposition_time"),
    a_commitment("follow_up_depth", "3 touches within 2 business days", id="depth"),
    a_commitment("conversion_rate", "5 %", id="rate", lag="90 clock days"),
    a_commitment("follow_up_cadence", "at most 5 business days", id="gap"),
    a_commitment("lead_volume", "140 leads", id="leads", party="marketing"),
    a_commitment("sourced_revenue", "200 EUR", id="revenue", party="marketing"),
    a_commitment("deliverable", "1 report", id="report"),
)


def compiled(past: Past) -> Compiled:
    return compile_terms([EVERY], past.codebook, start=instant("2024-01-01"), end=NOW)


def test_every_kind_has_a_metric_that_makes_clocks_or_tallies() -> None:
    assert set(METRICS) == set(Kind)
    assert all(hasattr(METRICS[kind], "clocks") for kind in CLOCK_KINDS | {Kind.DELIVERABLE})
    assert all(hasattr(METRICS[kind], "tallies") for kind in TALLY_KINDS)


def test_no_lead_is_no_clock() -> None:
    past = a_history()
    found = evaluate(past.history, compiled(past), now=NOW)
    assert {name: len(rows) for name, rows in (found.clocks | found.tallies).items()} == dict.fromkeys(
        ("speed", "disposed", "depth", "rate", "gap", "leads", "revenue"), 0
    )
    assert found.three == {}


def test_no_delivery_is_a_broken_promise_each_month() -> None:
    nothing = Deliveries(np.empty(0, np.int16), np.empty(0, np.int64), np.empty(0))
    clocks = evaluate_deliveries(nothing, compiled(a_history()), instant("2020-04-15"))["report"]
    assert [Verdict(code).name for code in clocks.verdicts(instant("2020-04-15"))] == ["BREACHED"] * 3 + ["RUNNING"]


def test_a_delivery_without_quantity_is_one() -> None:
    past = a_history()
    terms = compile_terms(
        [EVERY], past.codebook.__class__(deliverables=("report",)), start=instant("2024-01-01"), end=NOW
    )
    one = Deliveries(np.zeros(1, np.int16), np.array([instant("2020-01-31")]), np.array([np.nan]))
    assert evaluate_deliveries(one, terms, instant("2020-02-01"))["report"].stop_at[0] == instant("2020-01-31")


def some_leads(n: int) -> Past:
    return a_history(
        leads=[{"lead": str(k), "created_at": instant("2024-05-06 09:00") + k * 60_000_000} for k in range(n)],
        touches=[{"lead": str(k), "at": instant("2024-05-06 10:00") + 7 * k * 60_000_000} for k in range(n)],
        assignments=[{"lead": str(k), "at": "2024-05-06 11:00", "owner": "rita"} for k in range(0, n, 2)],
    )


def test_a_history_larger_than_a_block_gives_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    past = some_leads(10)
    whole = evaluate(past.history, compiled(past), now=NOW, three=True)
    monkeypatch.setattr(as_of.blocks, "__defaults__", (3,))
    parts = evaluate(past.history, compiled(past), now=NOW, three=True)
    assert columns(whole) == columns(parts)


def columns(found: Evaluation) -> list[list[object]]:
    tables = [*found.clocks.values(), *found.tallies.values(), *found.three["speed"]]
    return [[getattr(table, name).tolist() for name in table.__slots__] for table in tables]


def test_the_three_clocks_include_the_one_that_is_judged() -> None:
    past = some_leads(4)
    found = evaluate(past.history, compiled(past), now=NOW, three=True)
    three = three_clocks(past.history, compiled(past), "speed", now=NOW)
    assert three.lead.stop_at.tolist() == found.clocks["speed"].stop_at.tolist()
    assert [len(clocks) for clocks in three] == [4, 4, 2]
    assert three.system.is_stopped().tolist() == [True, False, True, False]


def test_a_clock_at_risk_is_one_that_runs_past_its_reminder() -> None:
    past = a_history(leads=[{"lead": "ana", "created_at": "2024-05-06 10:00"}])
    clocks = evaluate(past.history, compiled(past), now=instant("2024-05-06 10:50")).clocks["speed"]
    at_risk = [clocks.is_at_risk(instant(f"2024-05-06 {time}"))[0] for time in ("10:44", "10:45", "11:00", "11:01")]
    assert at_risk == [False, True, True, False]
    assert clocks.stop_at[0] == NEVER


def test_reasons_for_being_void_have_names() -> None:
    book = a_history().codebook
    named = [void_reason(code, book) for code in (0, 1, OTHER_CURRENCY, REASSIGNED)]
    assert named == ["", "deleted", "other_currency", "reassigned"]
