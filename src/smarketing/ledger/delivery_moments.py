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
from smarketing.ledger.clock_moments import SCHEMA, Watch, is_watched, moments_of
from smarketing.ledger.clock_store import horizon_of
from smarketing.ledger.replica import Replica
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_
from smarketing.terms.offsets import DAY_US

NO_LEAD = pl.DataFrame({"number": [0], "src": [""], "lead_id": [""]})
UNITS = 10_000  # more than a period can owe


def delivery_moments(replica: Replica, versions: Sequence[Agreement], now: int) -> pl.DataFrame:
    """Columns as ledger.clock_moments.SCHEMA, of no lead; whatever is still owed, however long ago it was due.

    `episode` stands for the day on which the period begins and which of the things owed it is.
    """
    compiled = compile_terms(versions, replica.codebook, start=min(replica.first_at, now), end=horizon_of(now))
    watch = Watch(compiled, _no_history, np.empty(0, np.bool_), now)
    found = [pl.DataFrame(schema=SCHEMA)]
    for name, clocks in evaluate_deliveries(replica.deliveries(), compiled, now).items():
        for version in compiled.versions:
            rows = clocks.take(np.flatnonzero(version.holds(clocks.start_at)))
            frame = _frame(rows).with_columns(
                pl.lit(name).alias("commitment"), pl.lit(version.agreement.version).alias("version")
            )
            found.append(moments_of(frame.filter(is_watched(now)), NO_LEAD, watch, now))
    return pl.concat(found)


def _frame(clocks: Clocks) -> pl.DataFrame:
    columns = {each.name: getattr(clocks, each.name) for each in fields(clocks)}
    day = clocks.start_at // DAY_US
    return pl.DataFrame({**columns, "number": np.zeros(len(clocks), np.int64), "episode": day * UNITS + clocks.episode})


def _no_history() -> History:
    raise FactsError(N_("What is owed without a lead has no history."))
