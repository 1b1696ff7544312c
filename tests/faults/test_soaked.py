"""The short form of `bench soak`: mixed load, a few kills at instants of a fixed seed, and every book balances."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.soak import Soak, faults, measure_soak

LITTLE = Soak(seconds=18.0, rate=3.0, seed=11)
LEAST_KILLS = 2


@pytest.mark.parametrize("vendor", ["sqlite"])
def test_the_books_balance_after_some_kills(vendor: str, tmp_path: Path) -> None:
    report = measure_soak(LITTLE, vendor, tmp_path)
    told = f"seed {LITTLE.seed}: {report['samples']} {report['settled']} {report['errors']}"
    assert faults(report) == {}, told
    assert sum(report["kills"].values()) >= LEAST_KILLS, report["kills"]
    assert min(report["counts"][name] for name in ("acknowledged events", "moments raised", "clocks")) > 0
