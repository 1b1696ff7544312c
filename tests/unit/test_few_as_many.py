"""Few rows are handled one by one because that is sooner; what comes out is what many rows would get."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.unit.test_ledger_clock_store import FAR, VERSIONS, facts
from tests.unit.test_ledger_replica_life import company

from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.facts.frames import completed
from smarketing.facts.schema import TABLES
from smarketing.ledger import clock_frames, running_clocks, upsert
from smarketing.ledger.clock_frames import clock_frame
from smarketing.ledger.folder import Folder
from smarketing.ledger.replica import open_replica

__all__ = ["facts"]


def test_few_clocks_are_in_the_order_of_many(facts: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_replica(facts)
    compiled = compile_terms(VERSIONS, opened.codebook, start=opened.first_at, end=FAR + 1)
    found = evaluate(opened.history(0), compiled, now=FAR)
    few = clock_frame(found, 0, compiled)
    monkeypatch.setattr(clock_frames, "FEW_CLOCKS", 0)
    many = clock_frame(found, 0, compiled)
    assert few.height > 100
    assert few.schema == many.schema
    assert few.equals(many, null_equal=True)


def test_few_codes_have_the_names_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    known, codes = ["ana", None, "ben"], np.array([2, 0, 1, -1, 3, 0], np.int32)
    few = running_clocks._named(known, codes)
    monkeypatch.setattr(running_clocks, "FEW", 0)
    assert few.to_list() == running_clocks._named(known, codes).to_list() == ["ben", "ana", None, None, None, "ana"]


@pytest.mark.parametrize("is_repeated", [False, True])
def test_few_keys_win_as_many(monkeypatch: pytest.MonkeyPatch, *, is_repeated: bool) -> None:
    table = TABLES["lead"]
    leads = completed(company()["lead"], table)
    rows = pl.concat([leads, leads.head(3)]) if is_repeated else leads
    few, counts = upsert.winners(rows, table)
    monkeypatch.setattr(upsert, "FEW", 0)
    many, same = upsert.winners(rows, table)
    assert counts == same
    assert few.sort(table.key).equals(many.sort(table.key), null_equal=True)
