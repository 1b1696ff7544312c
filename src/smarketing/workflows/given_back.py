"""The leads that sales gave back, and why: what the page of reasons counts, and the list behind each of its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from smarketing.engine.compiled import Compiled, compile_terms
from smarketing.engine.given_back import given_back as read_given_back
from smarketing.engine.given_back import version_at
from smarketing.ledger.replica import Replica
from smarketing.terms.agreement import Agreement

OWN = ("lifecycle", "status", "reason")  # what the list of leads says of each today
TOLD = {"number": pl.Int64(), "is_given": pl.Boolean(), "told": pl.String(), "is_untold": pl.Boolean()}


def given_back(
    leads: pl.DataFrame, word: str, replica: Replica, versions: Sequence[Agreement], *, now: int
) -> pl.DataFrame:
    """Those of `leads` that sales disqualified or recycled, as the changes of stage say by the agreement's definitions.

    A change without a reason takes the lead's own. A lead without any such change counts by the stage it has today,
    as exports without a history tell it; so does every lead where nothing is signed.

    Takes    leads  by number, with number and OWN
             word   disqualified or recycled
             now    microseconds UTC: later changes are ignored
    Returns  the same columns; `reason` is that of the answer, null for none
    """
    if not versions or leads.is_empty():
        return leads.filter(_is_now(word, ()))
    compiled = _compiled(replica, versions, now)
    version = compiled.versions[int(version_at(compiled, np.array([now]))[0])]
    definition = version.agreement.definitions.get(word)
    told = leads.join(_told(leads["number"], word, replica, compiled, now), on="number", maintain_order="left")
    is_so = pl.col("is_given") | (pl.col("is_untold") & _is_now(word, definition.values if definition else ()))
    reason = pl.coalesce("told", pl.col("reason").cast(pl.String())).alias("reason")
    return told.filter(is_so).with_columns(reason).select(leads.columns)


def _is_now(word: str, values: Sequence[str]) -> pl.Expr:
    """Whether the lead's own stage or status counts as the word today."""
    statuses = [value.removeprefix("status:") for value in values]
    stage, status = (pl.col(name).cast(pl.String()) for name in ("lifecycle", "status"))
    is_so = stage.is_in(list(values) or [word]) | status.is_in(statuses)
    return is_so.fill_null(value=False)


def _told(numbers: pl.Series, word: str, replica: Replica, compiled: Compiled, now: int) -> pl.DataFrame:
    """What the changes of stage say: TOLD, of the buckets in which these leads lie."""
    first, last = (replica.bucket_of(int(number)) for number in numbers.to_numpy()[[0, -1]])
    parts, names = [], pl.Series(list(compiled.codebook.reasons), dtype=pl.String())
    for bucket in range(first, last + 1):
        history = replica.history(bucket)
        found = read_given_back(history, compiled, word, now=now)
        code = pl.Series(found.reason).replace(-1, None)
        number = np.arange(len(found.reason), dtype=np.int64) + history.first
        columns = {"number": number, "is_given": found.is_given, "told": names.gather(code)}
        parts.append(pl.DataFrame({**columns, "is_untold": found.is_untold}, schema=TOLD))
    return pl.concat(parts)


def _compiled(replica: Replica, versions: Sequence[Agreement], now: int) -> Compiled:
    start, end = min(replica.first_at, now), max(replica.latest_at, now) + 1
    return compile_terms(versions, replica.codebook, start=start, end=end)
