"""Open clocks kept up from rows of the database are those that making all of them gives, on either database."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from random import Random
from typing import Any

import polars as pl
import pytest
from tests.databases import Database
from tests.oracle.pasts import EXAMPLES
from tests.oracle.test_open_clocks import NOW, ORDER, TERMS, everything_may_be_dirty
from tests.oracle.test_replica_refresh import a_batch, small_buckets

from smarketing.engine.history import Columns
from smarketing.ledger.database import Ledger, the_ledger
from smarketing.ledger.names import Names, names_of
from smarketing.ledger.news import RowNews
from smarketing.ledger.open_clocks import Opened, all_clocks, clocks_of
from smarketing.ledger.recoded import LISTS
from smarketing.ledger.replica_refresh import Made, made_anew
from smarketing.ledger.running_clocks import COLUMNS, LEAD

__all__ = ["everything_may_be_dirty", "small_buckets"]

AT = [datetime(2025, 6, day, tzinfo=UTC) for day in range(1, 28, 3)]
FLAGS = [True, False, None, None]
MORE: dict[str, dict[str, list[Any]]] = {  # what news of replicas need not say
    "lead": {
        "assigned_at": [*AT, *[None] * 9],
        "source_raw": ["Fair", "Web", None],
        "score": [0.25, 70.0, None],
        "deleted_at": [*AT[:1], *[None] * 9],
        "duplicate_of": ["L1", *[None] * 9],
    },
    "touch": {
        "kind": ["call", "email", "note", "task"],
        "direction": ["out", "out", "in", "internal"],
        "logged_at": [*AT, *[None] * 9],
        "duration_s": [0, 90, None],
        "outcome": ["connected", "no_answer", "scheduled", "busy", "replied", None],
        "automated": FLAGS,
        "deleted_at": [*AT[:1], *[None] * 9],
    },
    "stage_change": {"to_value": ["mql", "sal", "opportunity", "ana", "queue", None], "to_raw": ["MQL", "New", None]},
    "deal": {"status": ["open", "won", "lost"], "closed_at": [*AT, *[None] * 9]},
}
Told = tuple[pl.DataFrame, Opened, dict[str, Any]]  # leads, what is open of them, what happened to them


def richer(batch: dict[str, pl.DataFrame], chance: Random) -> dict[str, pl.DataFrame]:
    return {
        name: rows.with_columns(
            pl.Series(column, chance.choices(values, k=len(rows)), dtype=rows.schema[column])
            for column, values in MORE.get(name, {}).items()
        )
        for name, rows in batch.items()
    }


def merged(ledger: Ledger, batch: dict[str, pl.DataFrame]) -> Told | None:
    """What a merge of `batch` makes of the leads that it changes; None where all must be made again."""
    with ledger.in_turn():
        planned = ledger.plan(batch)
        assert planned.change is None
        news = ledger.news_of(planned)
        assert isinstance(news, RowNews)
        leads = news.changed()
        told = None
        if leads is not None:
            told = leads, news.clocks_of(leads, TERMS, NOW), spelt(*news.told_of(leads, TERMS))
        ledger.publish(ledger.load(planned))
    return told


def spelt(made: Made, names: Names) -> dict[str, Any]:
    """A history with names in place of codes."""
    known = {column: (*getattr(names.codebook, listed), None) for column, listed in LISTS.items()}
    known["owner"] = (*names.owners.select("src", "owner_id").rows(), None)
    known["void"] = (None, *names.codebook.reasons)

    def named(table: Columns) -> list[tuple[Any, ...]]:
        columns = {each.name: getattr(table, each.name).tolist() for each in fields(table)}
        return list(
            zip(
                *(
                    [known[name][code] for code in each] if name in known else map(str, each)
                    for name, each in columns.items()
                ),
                strict=True,
            )
        )

    parts = {each.name: getattr(made.history, each.name) for each in fields(made.history) if each.name != "first"}
    return {"ids": made.ids.select(LEAD).rows()} | {name: named(table) for name, table in parts.items()}


@pytest.mark.parametrize("seed", range(max(EXAMPLES // 12, 1)))
def test_open_clocks_kept_up_by_rows_are_those_made_anew(seed: int, each_database: Database) -> None:
    chance, known, n_whole = Random(seed), pl.DataFrame(schema=COLUMNS), 0
    ledger = the_ledger(each_database.home, using=each_database.alias)
    for number in range(7):
        told = merged(ledger, richer(a_batch(chance, number, n=20 if number == 0 else chance.randint(1, 4)), chance))
        before, known = known, all_clocks(ledger, TERMS, NOW).clocks.sort(ORDER)
        n_whole += told is None
        if told is None:
            continue
        leads, opened, history = told
        kept = pl.concat([before.join(leads, on=LEAD, how="anti"), opened.clocks]).sort(ORDER)
        assert kept.to_dicts() == known.to_dicts()
        assert opened.moments.to_dicts() == clocks_of(ledger, leads, TERMS, NOW).moments.to_dicts()
        names = names_of(ledger)
        assert history == spelt(made_anew(ledger, names, leads), names)
    assert n_whole < 7
