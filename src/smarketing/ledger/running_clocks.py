"""Clocks that nobody has stopped, picked from the clocks of leads and spelt out: names in place of codes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.engine.business_time import due_at
from smarketing.engine.clauses import Clause
from smarketing.engine.compiled import Compiled
from smarketing.engine.history import NEVER
from smarketing.engine.metrics import CLOCK_KINDS
from smarketing.ledger.names import Names
from smarketing.terms.offsets import DAY_US

KEPT_US = 60 * DAY_US  # after their due instant clocks that nobody stops are left to the scorecards
LEAD = ("src", "lead_id")
COLUMNS: dict[str, pl.DataType] = {
    "src": pl.String(),
    "lead_id": pl.String(),
    "agreement": pl.String(),
    "commitment": pl.String(),
    "episode": pl.Int64(),
    "version": pl.Int64(),
    **dict.fromkeys(("kind", "clock", "party"), pl.String()),
    **dict.fromkeys(("owner_src", "owner", "owner_name", "team", "tier", "source", "calendar"), pl.String()),
    **dict.fromkeys(("start_at", "risk_at", "due_at", "stops_at", "allowance_us"), pl.Int64()),
    "count": pl.Int64(),
    "need": pl.Int64(),
}


def is_kept(now: int) -> pl.Expr:
    """Clocks that may be open at `now` or begin later."""
    return (pl.col("void") == 0) & (pl.col("stop_at") > now) & (pl.col("due_at") >= now - KEPT_US)


def spelt_out(clocks: pl.DataFrame, leads: pl.DataFrame, compiled: Compiled, names: Names) -> pl.DataFrame:
    """Rows of the table of open clocks.

    Takes    clocks  as ledger.clock_frames.clock_schema, those that are kept
             leads   number, src, lead_id of at least their leads; `number` as in the clocks
             names   of the facts, whose codes the clocks speak in
    Returns  COLUMNS, by lead; instants in µs UTC, null for what has not come
    """
    if clocks.is_empty():
        return pl.DataFrame(schema=COLUMNS)
    texts = clocks.with_columns(pl.col("commitment").cast(pl.String), pl.col("party").cast(pl.String))
    judged = texts.with_columns(_judged(texts, compiled))
    owned = judged.join(_owners(names), on="owner", how="left", maintain_order="left")
    named = owned.join(leads, on="number", how="left", maintain_order="left").with_columns(
        _name("tier", compiled.tiers),
        _name("source", names.codebook.sources),
        _name("calendar", [calendar.id for calendar in compiled.calendars]),
        _come("risk_at"),
        _come("due_at"),
        _come("stop_at").alias("stops_at"),
        pl.lit(compiled.versions[-1].agreement.id).alias("agreement"),
        pl.col("owner_id").alias("owner"),
    )
    return named.select(list(COLUMNS)).cast(COLUMNS).sort(*LEAD, "commitment", "episode")  # type: ignore[arg-type]


def _judged(clocks: pl.DataFrame, compiled: Compiled) -> list[pl.Series]:
    """What only the clause of each clock knows: its allowance, how many touches it wants, which clock it is."""
    allowance, need = np.zeros(len(clocks), np.int64), np.ones(len(clocks), np.int64)
    which = np.zeros(len(clocks), np.intp)
    told: list[tuple[str, str]] = []
    name, version = clocks["commitment"].to_numpy(), clocks["version"].to_numpy()
    for clause in (clause for clauses in compiled.clauses(CLOCK_KINDS).values() for clause in clauses):
        number = compiled.versions[clause.version].agreement.version
        rows = np.flatnonzero((name == clause.commitment.id) & (version == number))
        if not len(rows):
            continue
        own = clocks[["tier", "source", "owner", "calendar", "start_at"]][rows]
        allowance[rows], need[rows], which[rows] = _allowance(own, clause, compiled), clause.n_touches, len(told)
        told.append((clause.commitment.kind.value, clause.commitment.clock.value))
    told = told or [("", "")]
    kinds, sides = (pl.Series(texts, dtype=pl.String).gather(which) for texts in zip(*told, strict=True))
    return [
        pl.Series("allowance_us", allowance),
        pl.Series("need", need),
        kinds.alias("kind"),
        sides.alias("clock"),
    ]


def _allowance(clocks: pl.DataFrame, clause: Clause, compiled: Compiled) -> NDArray[np.int64]:
    """The open time between start and due were there no pause."""
    codes = [clocks[name].to_numpy() for name in ("tier", "source", "owner")]
    calendar, start = clocks["calendar"].to_numpy().astype(np.intp), clocks["start_at"].to_numpy()
    choice = clause.choice(*codes)
    due = due_at(compiled.tables, calendar, start, clause.units.take(choice), clause.amounts.take(choice))
    position = compiled.tables.position
    allowance: NDArray[np.int64] = position(calendar, due) - position(calendar, start)
    return allowance


def _owners(names: Names) -> pl.DataFrame:
    """owner (code), owner_src, owner_id, owner_name, team."""
    book = names.codebook
    team = [book.teams[code] if code >= 0 else None for code in book.team_of.tolist()]
    return names.owners.select(
        "owner",
        pl.col("src").alias("owner_src"),
        "owner_id",
        pl.Series("owner_name", [name or None for name in book.owner_names], pl.String),
        pl.Series("team", team, pl.String),
    )


def _name(column: str, known: Sequence[str]) -> pl.Expr:
    """The name behind a code; null for a code that stands for none."""
    table = pl.lit(pl.Series([*known, None], dtype=pl.String))
    code = pl.col(column).cast(pl.Int64)
    inside = (code >= 0) & (code < len(known))
    return table.gather(pl.when(inside).then(code).otherwise(len(known))).alias(column)


def _come(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != NEVER).then(pl.col(column)).alias(column)
