"""Few rows meet what the database has of their keys: no file of the mirror is read or written."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from smarketing.facts.schema import Table
from smarketing.ledger.change import Upserted, met
from smarketing.ledger.look_up import stored_rows
from smarketing.ledger.upsert import TableCounts, winners


def upserted(table: Table, rows: pl.DataFrame, using: str) -> Upserted:
    """What upserting `rows` comes to; the database must be free of rows that nobody published."""
    won, counts = winners(rows, table)
    stored = stored_rows(table, won.select(table.key), using) if won.height else won
    if stored.is_empty():
        nothing = won.clear()
        return Upserted(won, nothing, nothing, counts + TableCounts(rows.height, won.height))
    found = met(won, stored, table)
    return replace(found, counts=counts + found.counts + TableCounts(rows.height, found.new.height))
