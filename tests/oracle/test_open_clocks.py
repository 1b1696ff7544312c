"""However events arrive, open clocks kept up lead by lead are those that making all of them gives."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from unittest import mock

import polars as pl
import pytest
from hypothesis import given
from tests.oracle.pasts import a_few, chances
from tests.oracle.test_replica_refresh import a_batch, small_buckets
from tests.unit.test_ledger_clock_store import VERSIONS

from smarketing.ledger import open_clocks
from smarketing.ledger.folder import Folder, create_folder
from smarketing.ledger.open_clocks import all_clocks, changed, clocks_of
from smarketing.ledger.running_clocks import COLUMNS, LEAD

__all__ = ["small_buckets"]

NOW = datetime(2025, 6, 20, 9, tzinfo=UTC)
TERMS = {"sla": VERSIONS}
ORDER = [*LEAD, "commitment", "episode"]


@pytest.fixture(autouse=True)
def everything_may_be_dirty() -> Iterator[None]:
    with mock.patch.object(open_clocks, "MOST_DIRTY", 1_000_000):
        yield


def kept_up(before: Folder, after: Folder, known: pl.DataFrame) -> pl.DataFrame:
    """The open clocks of `after` from those of `before`."""
    leads = changed(before, after)
    if leads is None:
        return all_clocks(after, TERMS, NOW).clocks.sort(ORDER)
    clean = known.join(leads, on=LEAD, how="anti")
    return pl.concat([clean, clocks_of(after, leads, TERMS, NOW).clocks]).sort(ORDER)


@a_few
@given(chance=chances)
def test_open_clocks_kept_up_are_those_made_anew(chance: Random) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = create_folder(Path(name) / "facts")
        known = pl.DataFrame(schema=COLUMNS)
        for number in range(5):
            before = Folder(folder.path, folder.manifest)
            folder.merge(a_batch(chance, number, n=20 if number == 0 else chance.randint(1, 4)))
            known = kept_up(before, folder, known)
            assert known.to_dicts() == all_clocks(folder, TERMS, NOW).clocks.sort(ORDER).to_dicts()


def test_most_of_these_are_kept_up_lead_by_lead(tmp_path: Path) -> None:
    chance, folder, n_whole = Random(4), create_folder(tmp_path / "facts"), 0
    n_rows = set()
    for number in range(12):
        before = Folder(folder.path, folder.manifest)
        folder.merge(a_batch(chance, number % 9, n=20 if number == 0 else 2))
        n_whole += changed(before, folder) is None
        n_rows.add(len(all_clocks(folder, TERMS, NOW).clocks))
    assert n_whole < 3
    assert max(n_rows) > 10
