"""The moments at which rules warn of things that are owed without a lead: a report, fifty reams a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import polars as pl

from smarketing.engine.clocks import Clocks
from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate_deliveries
from smarketing.engine.history import History
from smarketing.engine.metrics.deliverable import handed_over_after
from smarketing.ledger.clock_moments import SCHEMA, Watch, is_watched, moments_of
from smarketing.ledger.clock_store import horizon_of
from smarketing.ledger.replica import Replica
from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import Occasion
from smarketing.terms.commitment import PIECES, Kind
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_
from smarketing.terms.offsets import DAY_US

DELIVERABLES = frozenset({Kind.DELIVERABLE})
NO_LEAD = pl.DataFrame({"number": [0], "src": [""], "lead_id": [""]})


def delivery_moments(replica: Replica, versions: Sequence[Agreement], now: int) -> pl.DataFrame:
    """Columns as ledger.clock_moments.SCHEMA, of no lead; what was due in the last two months and was not handed over.

    What was handed over late was late, and nobody waits for it any more. `episode` stands for the day on which the
    period begins and which of the things owed it is.
    """
    compiled = compile_terms(versions, replica.codebook, start=min(replica.first_at, now), end=horizon_of(now))
    watch = Watch(compiled, _no_history, np.empty(0, np.bool_), now)
    found, deliveries = [pl.DataFrame(schema=SCHEMA)], replica.deliveries()
    for name, clocks in evaluate_deliveries(deliveries, compiled, now).items():
        for clause in compiled.clauses(DELIVERABLES)[name]:
            version = compiled.versions[clause.version]
            rows = clocks.take(np.flatnonzero(version.holds(clocks.start_at)))
            frame = _frame(rows).with_columns(
                pl.lit(name).alias("commitment"), pl.lit(version.agreement.version).alias("version")
            )
            made = moments_of(frame.filter(is_watched(now)), NO_LEAD, watch, now)
            late_at = handed_over_after(deliveries, clause, version, made["due_at"].to_numpy(), now)
            found.append(made.filter((pl.col("occasion") == Occasion.BREACH) | pl.Series(late_at > now)))
    return pl.concat(found)


def _frame(clocks: Clocks) -> pl.DataFrame:
    columns = {each.name: getattr(clocks, each.name) for each in fields(clocks)}
    day = clocks.start_at // DAY_US
    return pl.DataFrame(
        {**columns, "number": np.zeros(len(clocks), np.int64), "episode": day * PIECES + clocks.episode}
    )


def _no_history() -> History:
    raise FactsError(N_("What is owed without a lead has no history."))
