"""The order in which rows and imports arrive leaves no trace in the facts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fact_rows import rows

from smarketing.ledger.folder import create_folder

CONTENT = {
    "lead_id": st.sampled_from(["ana", "ben", "eva"]),
    "owner_id": st.sampled_from([None, "rita", "sam"]),
    "updated_at": st.sampled_from([None, "2025-06-01T00:00:00Z", "2025-06-02T00:00:00Z"]),
    "score": st.sampled_from([None, 1.0, 2.5]),
}
SEEN = st.sampled_from(["2025-07-01T00:00:00Z", "2025-07-02T00:00:00Z"])


@st.composite
def arrivals(draw: st.DrawFn) -> list[dict[str, object]]:
    """Rows in which one content is always learnt at one instant, some of them twice."""
    contents = draw(
        st.lists(st.fixed_dictionaries(CONTENT), unique_by=lambda row: tuple(row[name] for name in CONTENT), max_size=8)
    )
    once = [row | {"seen_at": draw(SEEN)} for row in contents]
    return once + draw(st.lists(st.sampled_from(once), max_size=3)) if once else []


def facts(batches: list[list[dict[str, object]]]) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as path:
        folder = create_folder(Path(path))
        for batch in batches:
            folder.merge({"lead": rows("lead", *batch)})
        return folder.frame("lead").sort("src", "lead_id")


@settings(max_examples=60, deadline=None)
@given(arrivals(), st.randoms(use_true_random=False), st.integers(1, 4))
def test_any_order_in_any_batches_gives_the_same_facts(given_rows, random, n_batches) -> None:  # type: ignore[no-untyped-def]
    shuffled = random.sample(given_rows, len(given_rows))
    batches = [shuffled[start::n_batches] for start in range(n_batches)]
    assert facts(batches).equals(facts([given_rows]))
