"""Open clocks kept up from rows of the database are those that making all of them gives, on either database."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest
from tests.databases import Database
from tests.oracle.pasts import EXAMPLES
from tests.oracle.test_open_clocks import NOW, ORDER, TERMS, everything_may_be_dirty
from tests.oracle.test_replica_refresh import a_batch, small_buckets

from smarketing.ledger.database import Ledger, the_ledger
from smarketing.ledger.open_clocks import all_clocks
from smarketing.ledger.running_clocks import COLUMNS, LEAD

__all__ = ["everything_may_be_dirty", "small_buckets"]


def merged(ledger: Ledger, batch: dict[str, pl.DataFrame], known: pl.DataFrame) -> pl.DataFrame | None:
    """The open clocks after a merge of `batch` from those before it; None where all must be made again."""
    with ledger.in_turn():
        planned = ledger.plan(batch)
        assert planned.change is None
        news = ledger.news_of(planned)
        leads = news.changed()
        made = None if leads is None else news.clocks_of(leads, TERMS, NOW).clocks
        ledger.publish(ledger.load(planned))
    if leads is None or made is None:
        return None
    return pl.concat([known.join(leads, on=LEAD, how="anti"), made]).sort(ORDER)


@pytest.mark.parametrize("seed", range(max(EXAMPLES // 12, 1)))
def test_open_clocks_kept_up_by_rows_are_those_made_anew(seed: int, each_database: Database) -> None:
    chance, known, n_whole = Random(seed), pl.DataFrame(schema=COLUMNS), 0
    ledger = the_ledger(each_database.home, using=each_database.alias)
    for number in range(7):
        batch = a_batch(chance, number, n=20 if number == 0 else chance.randint(1, 4))
        kept = merged(ledger, batch, known)
        known = all_clocks(ledger, TERMS, NOW).clocks.sort(ORDER)
        n_whole += kept is None
        assert kept is None or kept.to_dicts() == known.to_dicts()
    assert n_whole < 7
