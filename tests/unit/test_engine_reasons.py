"""More reasons than one byte holds: what is beyond it voids nothing, and nothing is taken for the engine's own."""

from __future__ import annotations

from tests.builders import a_history, an_agreement, instant

from smarketing.engine.clocks import MOST_REASONS, OTHER_CURRENCY, REASSIGNED, Verdict
from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate

NOW = instant("2024-07-01 00:00")


def test_an_agreement_may_void_a_reason_beyond_the_byte() -> None:
    names = [f"r{n:03}" for n in range(300)]
    many = [{"lead": "ana", "at": "2024-06-10 10:00", "stage": "mql", "reason": name} for name in names]
    past = a_history(leads=[{"lead": "ana", "created_at": "2024-06-10 10:00"}], stages=many)
    agreement = an_agreement(counting={"void_reasons": names})
    compiled = compile_terms([agreement], past.codebook, start=instant("2024-01-01 00:00"), end=NOW)
    voids = compiled.versions[0].voids
    assert voids[1 : MOST_REASONS + 1].sum() == MOST_REASONS - 1, "all but duplicate, which this agreement counts"
    assert not voids[[0, OTHER_CURRENCY, REASSIGNED]].any()
    assert evaluate(past.history, compiled, now=NOW).clocks["speed"].verdicts(NOW).tolist() == [Verdict.BREACHED]
