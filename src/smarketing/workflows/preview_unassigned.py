"""How often the rules about leads that nobody has would have spoken: each lead once, however many promises wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.engine.business_time import due_at, unit_code
from smarketing.engine.by_lead import first_at
from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Clocks
from smarketing.engine.compiled import Compiled
from smarketing.engine.history import History, Instants
from smarketing.engine.tables import Tables
from smarketing.terms.alert_rule import RUNNING, AlertRule, Occasion
from smarketing.terms.commitment import Start

BY = {"rule": pl.String(), "commitment": pl.String(), "owner": pl.Int64()}
COUNTED = BY | {"n": pl.Int64(), "n_things": pl.Int64()}
WAITING = BY | {"lead": pl.Int64(), "at": pl.Int64(), "due_at": pl.Int64()}


def counted(rows: pl.DataFrame, thing: str) -> pl.DataFrame:
    """Rows that were said, and the different things that they were about, as COUNTED."""
    found = rows.group_by(list(BY)).agg(pl.len().alias("n"), pl.col(thing).n_unique().alias("n_things"))
    return found.select(list(COUNTED)).cast(COUNTED)  # type: ignore[arg-type]


def count_unassigned(
    clocks: Mapping[str, Clocks], compiled: Compiled, history: History, persons: NDArray[np.bool_], since: int, at: int
) -> pl.DataFrame:
    """As preview_clocks.count_clocks, of the leads of one bucket that nobody had had when the rule spoke.

    `owner` is the queue that has the lead, −1 where a person has it by now.
    """
    found = [pl.DataFrame(schema=WAITING)]
    had_at = first_at(history.assignments.lead, history.assignments.at, len(history.leads))
    for clause in _handed_over(compiled, clocks):
        some = clocks[clause.commitment.id]
        nobody_until = np.minimum(had_at[some.lead - history.first], some.stop_at)
        owner = np.where(np.append(persons, False)[some.owner], -1, some.owner)
        for rule in compiled.versions[clause.version].agreement.alerts:
            if rule.on is Occasion.UNASSIGNED:
                came_at = _came_at(rule, some, compiled.tables)
                rows = np.flatnonzero((some.void == 0) & (came_at < nobody_until) & (since <= came_at) & (came_at < at))
                told = {"lead": some.lead[rows], "at": came_at[rows], "due_at": some.due_at[rows], "owner": owner[rows]}
                named = {"rule": [rule.id] * len(rows), "commitment": [clause.commitment.id] * len(rows)}
                found.append(pl.DataFrame(named | told).select(list(WAITING)).cast(WAITING))  # type: ignore[arg-type]
    once = pl.concat(found).sort("at", "due_at").unique(["rule", "lead"], keep="first", maintain_order=True)
    return counted(once, "lead")


def _handed_over(compiled: Compiled, clocks: Mapping[str, Clocks]) -> Iterator[Clause]:
    for name, clauses in compiled.clauses(RUNNING).items():
        yield from (each for each in clauses if name in clocks and each.commitment.start is Start.HANDOVER)


def _came_at(rule: AlertRule, clocks: Clocks, tables: Tables) -> Instants:
    if rule.after is None:
        return clocks.start_at
    return due_at(tables, clocks.calendar, clocks.start_at, unit_code(rule.after), rule.after.amount)
