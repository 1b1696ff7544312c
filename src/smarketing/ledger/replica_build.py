"""Build the buckets that the engine reads from the canonical tables, one chunk and one bucket at a time.

The result depends on what the facts say and on nothing else: names are sorted, leads are numbered by their content,
and rows of a bucket are sorted by everything they hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

import polars as pl

from smarketing.engine.history import (
    NEVER,
    Assignments,
    Columns,
    Deals,
    Deliveries,
    History,
    Instants,
    Leads,
    Stages,
    Touches,
)
from smarketing.ledger.assignments import assignment_rows
from smarketing.ledger.bucket_files import BUCKET_LEADS, bucket_path, write_bucket, write_codebook, write_deliveries
from smarketing.ledger.folder import Folder
from smarketing.ledger.lead_numbers import BY_DEAL, BY_LEAD, BY_PERSON, Way, by_lead, merges
from smarketing.ledger.lead_table import lead_table
from smarketing.ledger.names import MERGED, OPPORTUNITY, Names, codes, names_of
from smarketing.ledger.recoded import LISTS, code_dtype
from smarketing.ledger.replica_rows import credited, deal_rows, owner_rows, stage_rows, touch_rows
from smarketing.ledger.spill import Spill, gathered

Part = TypeVar("Part", bound=Columns)
LEAD_IDS = "lead_ids"
SPILLED: dict[str, dict[str, str]] = {
    "touches": {"at": "<i8", "flags": "u1", "kind": "u1", "owner": "<i4", "duration_s": "<i4"},
    "stages": {"at": "<i8", "stage": "<i4", "reason": "<i4"},
    "changes": {"at": "<i8", "owner": "<i4", "before": "<i4"},
    "deals": {
        "created_at": "<i8",
        "closed_at": "<i8",
        "status": "u1",
        "amount": "<i8",
        "currency": "<i4",
        "owner": "<i4",
    },
}


@dataclass(slots=True)
class Extent:
    """How much was built, and the range of its instants in µs; 0 and 0 when there are none."""

    n_leads: int = 0
    first_at: int = NEVER
    latest_at: int = -NEVER

    def cover(self, instants: Instants) -> None:
        real = instants[instants != NEVER]
        if len(real):
            self.first_at, self.latest_at = min(self.first_at, int(real.min())), max(self.latest_at, int(real.max()))

    def closed(self) -> Extent:
        return self if self.first_at <= self.latest_at else Extent(self.n_leads, 0, 0)


def build(folder: Folder, target: Path) -> Extent:
    """Fill the empty folder `target` with the buckets of `folder`.

    Raises FactsError when the facts cannot be read.
    """
    names, merged = names_of(folder), merges(folder)
    leads = lead_table(folder, names, merged)
    spills = {name: Spill(target, name, columns) for name, columns in SPILLED.items()}
    for name, chunks in _happened(folder, names, leads, merged).items():
        for chunk in chunks:
            spills[name].add(chunk)
    extent = Extent(leads.height)
    for number, start in enumerate(range(0, leads.height, BUCKET_LEADS)):
        rows = leads.slice(start, BUCKET_LEADS)
        write_lead_ids(target, number, rows)
        history = _history(start, rows, {name: spill.take(number) for name, spill in spills.items()}, names)
        write_bucket(target, number, history)
        _cover(extent, history)
    deliveries = deliveries_of(folder, names)
    extent.cover(deliveries.at)
    write_deliveries(target, deliveries)
    write_codebook(target, names.codebook)
    return extent.closed()


def small_history(folder: Folder, names: Names) -> tuple[pl.DataFrame, History]:
    """The leads of a few facts, in order, and what happened to them: one bucket, never on disk.

    Takes    names   of all facts, so that the codes are those of the whole replica
    """
    merged = merges(folder)
    leads = lead_table(folder, names, merged)
    rows = {name: gathered(SPILLED[name], chunks) for name, chunks in _happened(folder, names, leads, merged).items()}
    return leads, _history(0, leads, rows, names)


def write_lead_ids(target: Path, number: int, leads: pl.DataFrame) -> None:
    """The ids at the source of a bucket's leads, by position."""
    path = bucket_path(target, LEAD_IDS, number)
    leads.select("lead_id", "src").rechunk().write_parquet(path, compression_level=1)


def _happened(
    folder: Folder, names: Names, leads: pl.DataFrame, merged: pl.DataFrame
) -> dict[str, Iterator[pl.DataFrame]]:
    """Everything that happened to leads, with their numbers, a bounded number of rows at a time."""
    lead = Way.through(BY_LEAD, by_lead(leads, merged, folder))
    not_merged = leads.join(merged, left_on=["src", "lead_id"], right_on=["src", "from_id"], how="anti")
    person = Way.through(BY_PERSON, not_merged.select("src", BY_PERSON, "number"))
    credit = credited(folder, lead, person, leads.select("number", "created_at"))
    ways = [lead, person, Way.through(BY_DEAL, credit)]
    return {
        "touches": touch_rows(folder, names, ways),
        "stages": stage_rows(folder, names, lead),
        "changes": owner_rows(folder, names, lead),
        "deals": iter([deal_rows(folder, names, credit)]),
    }


def _history(first: int, leads: pl.DataFrame, rows: dict[str, pl.DataFrame], names: Names) -> History:
    book = names.codebook
    merged = book.reasons.index(MERGED) + 1
    return History(
        first,
        _columns(Leads, leads, names),
        _columns(Touches, _ordered(rows["touches"], "lead", "at"), names),
        _columns(Stages, _ordered(_with_conversions(leads, rows["stages"], names), "lead", "at"), names),
        _columns(Assignments, assignment_rows(leads, rows["changes"], names.persons, merged), names),
        _columns(Deals, _ordered(rows["deals"], "lead", "created_at"), names),
    )


def _ordered(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Sorted by `by`, then by everything else: equal rows are interchangeable, so arrival leaves no trace."""
    return rows.sort([*by, *[name for name in rows.columns if name not in by]])


def _with_conversions(leads: pl.DataFrame, stages: pl.DataFrame, names: Names) -> pl.DataFrame:
    """A lead that was converted became an opportunity then, unless the history says when."""
    if leads["converted_at"].null_count() == leads.height:
        return stages
    opportunity = names.codebook.stages.index(OPPORTUNITY)
    converted = leads.with_row_index("lead").filter(pl.col("converted_at").is_not_null())
    silent = converted.with_columns(pl.col("lead").cast(pl.Int32)).join(
        stages.filter(pl.col("stage") == opportunity), on="lead", how="anti"
    )
    derived = silent.select("lead", at="converted_at", stage=pl.lit(opportunity, pl.Int32), reason=pl.lit(-1, pl.Int32))
    return pl.concat([stages, derived])


def _columns(kind: type[Part], rows: pl.DataFrame, names: Names) -> Part:
    """`rows` as the arrays of `kind`, codes as narrow as their list of names allows."""
    arrays = {column.name: rows[column.name].to_numpy() for column in fields(kind)}
    for column in arrays.keys() & LISTS.keys():
        n_names = len(getattr(names.codebook, LISTS[column]))
        arrays[column] = arrays[column].astype(code_dtype(n_names), copy=False)
    return kind(**arrays)


def _cover(extent: Extent, history: History) -> None:
    instants = [history.leads.created_at, history.deals.created_at, history.deals.closed_at]
    for array in (*instants, history.touches.at, history.stages.at, history.assignments.at):
        extent.cover(array)


def deliveries_of(folder: Folder, names: Names) -> Deliveries:
    rows = folder.frame("delivery").select(
        deliverable=codes(pl.col("deliverable"), names.codebook.deliverables).cast(pl.Int16),
        at=pl.col("delivered_at").dt.timestamp("us"),
        quantity=pl.col("quantity").fill_null(float("nan")),
    )
    return _columns(Deliveries, rows.sort("deliverable", "at", "quantity"), names)
