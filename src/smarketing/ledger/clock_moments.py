"""The moments at which rules warn of clocks that run or ran out lately, by the names of leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.engine.as_of import as_of
from smarketing.engine.business_time import due_at, unit_code
from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Clocks
from smarketing.engine.compiled import Compiled
from smarketing.engine.history import NEVER, History
from smarketing.engine.moments import MomentState, allowance_us, moments, states
from smarketing.engine.pauses import Pauses
from smarketing.engine.reading import Reading
from smarketing.engine.warned import rules_of
from smarketing.ledger.running_clocks import KEY, LEAD, is_kept
from smarketing.terms.alert_rule import RUNNING, AlertRule, Occasion
from smarketing.terms.commitment import Start
from smarketing.terms.offsets import DAY_US

SCHEMA: dict[str, pl.DataType] = {
    "src": pl.String(),
    "lead_id": pl.String(),
    "agreement": pl.String(),
    "commitment": pl.String(),
    "episode": pl.Int64(),
    "version": pl.Int64(),
    "rule": pl.String(),
    "occasion": pl.String(),
    "at": pl.Int64(),
    "due_at": pl.Int64(),
    "start_at": pl.Int64(),
}
NONE = pl.DataFrame(schema=SCHEMA)


@dataclass(frozen=True, slots=True)
class Watch:
    """What tells the moments of the leads of one history; `until` is the instant up to which its facts are known.

    `is_person` says of each owner code whether that is somebody, and not a queue.
    """

    compiled: Compiled
    history: Callable[[], History]
    is_person: NDArray[np.bool_]
    until: int


def is_watched(now: int, column: Callable[[str], Any] = pl.col) -> Any:
    """Clocks that may be open, and those that were answered late within the last day; as `is_kept`."""
    is_late = (column("stop_at") <= now) & (column("stop_at") > column("due_at"))
    return is_kept(now, column) | ((column("void") == 0) & is_late & (column("due_at") >= now - DAY_US))


def moments_of(clocks: pl.DataFrame, leads: pl.DataFrame, watch: Watch, now: int) -> pl.DataFrame:
    """The moments that wait, or have come without an answer before them.

    Takes    clocks  as ledger.clock_frames.clock_schema, those that are watched
             leads   number, src, lead_id of at least their leads
    Returns  SCHEMA; what warns of a lead that nobody has is about no commitment
    """
    compiled, found = watch.compiled, list[pl.DataFrame]()
    for clauses in compiled.clauses(RUNNING).values():
        for clause in clauses:
            agreement = compiled.versions[clause.version].agreement
            is_ours = (pl.col("commitment") == clause.commitment.id) & (pl.col("version") == agreement.version)
            if agreement.alerts and len(some := clocks.filter(is_ours)):
                found += _of_clause(some, clause, watch, now)
    if not found:
        return NONE
    whole = pl.concat(found).join(leads.with_columns(pl.col("number").cast(pl.Int64)), on="number", how="left")
    whole = whole.with_columns(pl.lit(compiled.versions[-1].agreement.id).alias("agreement"))
    return _once_a_lead(whole.select(list(SCHEMA)).cast(SCHEMA))  # type: ignore[arg-type]


def _of_clause(some: pl.DataFrame, clause: Clause, watch: Watch, now: int) -> Iterator[pl.DataFrame]:
    compiled = watch.compiled
    agreement = compiled.versions[clause.version].agreement
    clocks, rules = _clocks(some), rules_of(clause, agreement.alerts)
    number = some["number"].to_numpy()
    if rules:
        allowed = allowance_us(compiled.tables, clause, clocks)
        came = moments(compiled.tables, clocks, rules, allowed, _pauses(watch, clause, number))
        is_due = states(came, clocks, rules, now) != MomentState.STOOD_DOWN
        is_breach = np.array([rule.on is Occasion.BREACH for rule in rules], np.bool_)[came.rule]
        rows = np.flatnonzero(is_due & (is_breach | (clocks.stop_at[came.clock] > now)))
        yield _frame(some[came.clock[rows].tolist()], rules, came.rule[rows], came.at[rows])
    for rule in agreement.alerts:
        if rule.on is Occasion.UNASSIGNED and clause.commitment.start is Start.HANDOVER:
            rows = np.flatnonzero(~np.append(watch.is_person, False)[clocks.owner] & (clocks.stop_at > now))
            at = _unassigned_at(clocks.take(rows), rule, compiled)
            nobody = _frame(some[rows.tolist()], (rule,), np.zeros(len(rows), np.intp), at)
            yield nobody.with_columns(pl.lit("").alias("commitment"), pl.lit(0, pl.Int64).alias("episode"))


def _clocks(some: pl.DataFrame) -> Clocks:
    columns = {each.name: some[each.name].to_numpy() for each in fields(Clocks)}
    return Clocks(**columns | {"calendar": columns["calendar"].astype(np.intp)})


def _pauses(watch: Watch, clause: Clause, number: NDArray[np.int64]) -> Pauses | None:
    if clause.paused is None:
        return None
    history, compiled = as_of(watch.history(), watch.until), watch.compiled
    reading = Reading(history, compiled.versions[clause.version], compiled.tables, watch.until)
    return reading.pauses(clause.paused).take((number - history.first).astype(np.intp))


def _unassigned_at(clocks: Clocks, rule: AlertRule, compiled: Compiled) -> NDArray[np.int64]:
    if rule.after is None:
        return clocks.start_at
    return due_at(compiled.tables, clocks.calendar, clocks.start_at, unit_code(rule.after), rule.after.amount)


def _frame(
    clocks: pl.DataFrame, rules: tuple[AlertRule, ...], rule: NDArray[np.intp], at: NDArray[np.int64]
) -> pl.DataFrame:
    ids = pl.Series([each.id for each in rules], dtype=pl.String)
    occasions = pl.Series([each.on.value for each in rules], dtype=pl.String)
    return clocks.select(
        "number",
        pl.col("commitment").cast(pl.String),
        pl.col("episode").cast(pl.Int64),
        pl.col("version").cast(pl.Int64),
        ids.gather(rule).alias("rule"),
        occasions.gather(rule).alias("occasion"),
        pl.Series("at", at),
        pl.when(pl.col("due_at") == NEVER).then(pl.Series("at", at)).otherwise("due_at").alias("due_at"),
        "start_at",
    )


def _once_a_lead(found: pl.DataFrame) -> pl.DataFrame:
    """A lead that nobody has, by however many promises, is one moment."""
    return found.sort("at", "due_at").unique([*KEY, "rule"], keep="first", maintain_order=True).sort(*LEAD, "at")
