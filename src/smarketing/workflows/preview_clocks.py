"""How often the rules about clocks would have spoken: each as it comes, and the steps of the ladders after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.engine.business_time import due_at, unit_code
from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate, evaluate_deliveries
from smarketing.engine.history import Instants
from smarketing.engine.metrics.deliverable import handed_over_after
from smarketing.engine.moments import Moments, MomentState, states
from smarketing.engine.tables import Tables
from smarketing.engine.warned import Warned, warned
from smarketing.ledger.clock_store import horizon_of
from smarketing.ledger.replica import Replica
from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import Occasion
from smarketing.terms.instants import MICROSECOND
from smarketing.workflows.preview_unassigned import COUNTED, count_unassigned, counted
from smarketing.workflows.raise_alerts import MOST_LEVELS

LOOK_BACK = timedelta(days=120)  # clocks that began so long before the days that are replayed may still be warned of
SAID = ("clock", "rule", "at")


def count_clocks(text: Agreement, replica: Replica, persons: NDArray[np.bool_], since: int, at: int) -> pl.DataFrame:
    """How often each rule would have spoken, and of how many clocks or leads, by commitment and owner (code).

    Takes    text     in force since the first fact
             persons  says of each owner code whether that is somebody, and not a queue
    Units    microseconds UTC
    """
    compiled = compile_terms([text], replica.codebook, start=replica.first_at, end=horizon_of(at))
    found = [pl.DataFrame(schema=COUNTED)]
    for bucket in range(replica.n_buckets):
        if replica.span(bucket)[1] < since - LOOK_BACK // MICROSECOND:
            continue
        history = replica.history(bucket)
        clocks = evaluate(history, compiled, now=at).clocks
        found += (_spoken(each, compiled.tables, since, at) for each in warned(history, compiled, clocks, now=at))
        found.append(count_unassigned(clocks, compiled, history, persons, since, at))
    deliveries = replica.deliveries()
    for each in warned(replica.history(0), compiled, evaluate_deliveries(deliveries, compiled, at), now=at):
        version = compiled.versions[each.clause.version]
        late_at = handed_over_after(deliveries, each.clause, version, each.clocks.due_at, at)
        found.append(_spoken(each, compiled.tables, since, at, late_at))
    summed = pl.concat(found).group_by("rule", "commitment", "owner").agg(pl.col("n", "n_things").sum())
    return summed.sort("rule", "commitment", "owner")


def _spoken(some: Warned, tables: Tables, since: int, at: int, late_at: Instants | None = None) -> pl.DataFrame:
    """Takes late_at  when what is owed without a lead came after all"""
    came = some.moments.take(states(some.moments, some.clocks, some.rules, at) == MomentState.DUE)
    ends = some.clocks.stop_at
    if late_at is not None:
        ends, is_breach = np.minimum(ends, late_at), np.array([rule.on is Occasion.BREACH for rule in some.rules])
        came = came.take(is_breach[came.rule] | (came.at < late_at[came.clock]))
    said = [came, *_repeats(some, came, ends, tables, at)]
    rows = pl.DataFrame({name: np.concatenate([getattr(each, name) for each in said]) for name in SAID})
    rows = rows.filter(pl.col("at").is_between(since, at, "left"))
    ids = pl.Series([rule.id for rule in some.rules], dtype=pl.String)
    named = rows.with_columns(
        ids.gather(rows["rule"]).alias("rule"),
        pl.lit(some.clause.commitment.id).alias("commitment"),
        pl.Series("owner", some.clocks.owner[rows["clock"].to_numpy()]),
    )
    return counted(named, "clock")


def _repeats(some: Warned, came: Moments, ends: Instants, tables: Tables, at: int) -> Iterator[Moments]:
    """The further steps of each ladder while its clock runs. What is owed without a lead has plain time."""
    is_owed = some.clocks.lead < 0
    calendar = np.where(is_owed, tables.always, some.clocks.calendar)
    for number, rule in enumerate(some.rules):
        if rule.on is not Occasion.ESCALATION or rule.cooldown is None:
            continue
        step, code = came.take(came.rule == number), unit_code(rule.cooldown)
        over_at = ends[step.clock]
        for _ in range(1, MOST_LEVELS):
            again = due_at(tables, calendar[step.clock], step.at, code, rule.cooldown.amount)
            goes_on = (again <= at) & (over_at > again)
            step, over_at = replace(step, at=again).take(goes_on), over_at[goes_on]
            yield step
