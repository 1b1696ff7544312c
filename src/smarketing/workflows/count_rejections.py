"""Count why sales gave leads back: by reason, and by source, campaign, tier or month, in what a reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from smarketing.ledger.clock_store import open_clocks
from smarketing.ledger.folder import read_whole
from smarketing.ledger.lead_list import open_lead_list
from smarketing.ledger.replica import open_replica
from smarketing.terms.instants import micros
from smarketing.workflows.given_back import OWN, given_back
from smarketing.workflows.lead_matches import NONE, tiers_of
from smarketing.workflows.list_leads import in_scope
from smarketing.workflows.open_leads import OpenedLeads

SPLITS = ("source", "campaign", "tier", "month")
MOST_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Rejections:
    """`counts` by reason and column; a dash stands for none. `n_more` columns are in no column of their own."""

    reasons: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    by_reason: Mapping[str, int]
    by_column: Mapping[str, int]
    n_leads: int  # all leads of these months, whatever became of them
    n_more: int

    @property
    def n(self) -> int:
        return sum(self.by_reason.values())


def count_rejections(opened: OpenedLeads, *, answer: str, split: str, month: str, now: datetime) -> Rejections:
    """The leads that sales disqualified or recycled from their handover on, by reason and by `split`.

    Takes    answer  disqualified or recycled
             month   of their creation on the clock of the agreement's zone: 2026-10; all where it is empty
    Raises   FactsError when the facts cannot be read
    """
    replica = open_replica(opened.facts)
    made_on = pl.col("created_at").dt.convert_time_zone(opened.zone).dt.strftime("%Y-%m").alias("month")
    leads = open_lead_list(opened.facts, replica).filter(pl.col("created_at") <= now, in_scope(opened.scope))
    seen = leads.select("number", "source", "campaign", *OWN, made_on).sort("number")
    found = read_whole(seen.filter(pl.col("month") == month) if month else seen, opened.facts.path)
    rejected = given_back(found, answer, replica, opened.versions, now=micros(now))
    if split == "tier":
        rejected = rejected.join(_tiers(opened, now), on="number", how="left")
    told = rejected.select(pl.col("reason").fill_null(NONE), pl.col(split).fill_null(NONE).alias("column"))
    return _counted(told, found.height, is_by_month=split == "month")


def _tiers(opened: OpenedLeads, now: datetime) -> pl.DataFrame:
    if not opened.versions:
        return pl.DataFrame(schema={"number": pl.Int64(), "tier": pl.String()})
    at = micros(now)
    clocks = open_clocks(open_replica(opened.facts), opened.versions, now=at)
    return read_whole(tiers_of(clocks), opened.facts.path).select(pl.col("number").cast(pl.Int64), "tier")


def _counted(told: pl.DataFrame, n_leads: int, *, is_by_month: bool) -> Rejections:
    by_reason = _tally(told, "reason")
    by_column = _tally(told, "column")
    shown: Sequence[str] = list(by_column)[:MOST_COLUMNS]
    if is_by_month:
        shown = sorted(by_column)[-MOST_COLUMNS:]
    pairs = told.group_by("reason", "column").len()
    counts = {(reason, column): int(n) for reason, column, n in pairs.rows() if column in shown}
    columns, n_more = tuple(shown), len(by_column) - len(shown)
    return Rejections(tuple(by_reason), columns, counts, by_reason, by_column, n_leads, n_more)


def _tally(told: pl.DataFrame, name: str) -> dict[str, int]:
    """How many of each, most first."""
    rows = told.group_by(name).len().sort(["len", name], descending=[True, False]).rows()
    return {value: int(n) for value, n in rows}
