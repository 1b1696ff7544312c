"""Clocks that nobody has stopped, picked from the clocks of leads and spelt out: names in place of codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

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

FEW = 1_000  # clocks whose names are sooner looked up one by one
KEPT_US = 60 * DAY_US  # after their due instant clocks that nobody stops are left to the scorecards
LEAD = ("src", "lead_id")
KEY = (*LEAD, "agreement", "commitment", "episode")  # the first of COLUMNS
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
CODES = ("version", "owner", "tier", "source", "calendar", "start_at")
NOT_COME = pl.Series([None], dtype=pl.Int64)


def is_kept(now: int, column: Callable[[str], Any] = pl.col) -> Any:
    """Clocks that may be open at `now` or begin later; as an expression, or of the columns of a frame."""
    return (column("void") == 0) & (column("stop_at") > now) & (column("due_at") >= now - KEPT_US)


def spelt_out(clocks: pl.DataFrame, leads: pl.DataFrame, compiled: Compiled, names: Names) -> pl.DataFrame:
    """Rows of the table of open clocks.

    Takes    clocks  as ledger.clock_frames.clock_schema, those that are kept
             leads   number, src, lead_id of at least their leads; `number` as in the clocks, rising
             names   of the facts, whose codes the clocks speak in
    Returns  COLUMNS, in the order of the clocks; instants in µs UTC, null for what has not come
    """
    if clocks.is_empty():
        return pl.DataFrame(schema=COLUMNS)
    codes = {name: clocks[name].to_numpy() for name in CODES}
    lead = np.searchsorted(leads["number"].to_numpy(), clocks["number"].to_numpy())
    told = {
        **{name: leads[name][lead] for name in LEAD},
        **_judged(clocks["commitment"].cast(pl.String), codes, compiled),
        **{name: _named(known, codes["owner"]) for name, known in _owners(names).items()},
        "tier": _named(compiled.tiers, codes["tier"]),
        "source": _named(names.codebook.sources, codes["source"]),
        "calendar": _named([calendar.id for calendar in compiled.calendars], codes["calendar"]),
        "agreement": [compiled.versions[-1].agreement.id] * len(clocks),
        **{name: _come(clocks[name]) for name in ("risk_at", "due_at")},
        "stops_at": _come(clocks["stop_at"]),
    }
    return pl.DataFrame({name: told[name] if name in told else clocks[name] for name in COLUMNS}, COLUMNS)


def _judged(name: pl.Series, codes: Mapping[str, NDArray[Any]], compiled: Compiled) -> dict[str, Any]:
    """What only the clause of each clock knows: its allowance, how many touches it wants, which clock it is."""
    n, told = len(name), list[tuple[str, str]]()
    allowance, need, which = np.zeros(n, np.int64), np.ones(n, np.int64), np.zeros(n, np.intp)
    said = name.to_numpy()
    for clause in (clause for clauses in compiled.clauses(CLOCK_KINDS).values() for clause in clauses):
        number = compiled.versions[clause.version].agreement.version
        rows = np.flatnonzero((said == clause.commitment.id) & (codes["version"] == number))
        if not len(rows):
            continue
        own = {column: values[rows] for column, values in codes.items()}
        allowance[rows], need[rows], which[rows] = _allowance(own, clause, compiled), clause.n_touches, len(told)
        told.append((clause.commitment.kind.value, clause.commitment.clock.value))
    kinds, sides = zip(*told or [("", "")], strict=True)
    return {
        "commitment": name,
        "allowance_us": allowance,
        "need": need,
        "kind": _named(kinds, which),
        "clock": _named(sides, which),
    }


def _allowance(clocks: Mapping[str, NDArray[Any]], clause: Clause, compiled: Compiled) -> NDArray[np.int64]:
    """The open time between start and due were there no pause."""
    calendar, start = clocks["calendar"].astype(np.intp), clocks["start_at"]
    choice = clause.choice(clocks["tier"], clocks["source"], clocks["owner"])
    due = due_at(compiled.tables, calendar, start, clause.units.take(choice), clause.amounts.take(choice))
    position = compiled.tables.position
    allowance: NDArray[np.int64] = position(calendar, due) - position(calendar, start)
    return allowance


def _owners(names: Names) -> dict[str, Sequence[str | None]]:
    """What is told of owners, by their codes."""
    book, teams = names.codebook, (*names.codebook.teams, None)
    return {
        "owner_src": names.owners["src"].to_list(),
        "owner": names.owners["owner_id"].to_list(),
        "owner_name": [name or None for name in book.owner_names],
        "team": [teams[code] for code in book.team_of.tolist()],  # −1 finds the None at the end
    }


def _named(known: Sequence[str | None], codes: NDArray[np.integer[Any]]) -> pl.Series:
    """The name behind each code; null for a code that stands for none."""
    n = len(known)
    if len(codes) <= FEW:
        return pl.Series([known[code] if 0 <= code < n else None for code in codes.tolist()], dtype=pl.String)
    inside = (codes >= 0) & (codes < n)
    return pl.Series([*known, None], dtype=pl.String)[np.where(inside, codes, n)]


def _come(instants: pl.Series) -> pl.Series:
    return instants.zip_with(instants != NEVER, NOT_COME)
