"""Keep the moments of clocks up with the clocks, in the transaction that writes these."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import polars as pl
from django.db import transaction

from smarketing.alerts.arming import RULE, changes
from smarketing.ledger.delivery_moments import NO_LEAD, delivery_moments
from smarketing.ledger.models import OpenClock
from smarketing.ledger.replica import open_replica
from smarketing.ledger.running_clocks import KEY
from smarketing.records.moment_rows import count_held, stored_moments, write_moments
from smarketing.terms.commitment import Kind
from smarketing.terms.instants import micros
from smarketing.workflows.open_facts import open_ledger
from smarketing.workflows.open_terms import every_agreement

OLD = timedelta(days=1)  # what was due so long before its facts were seen is history, and rings nobody
TOO_OLD = "too_old"
ASKED = 500
KEY_TYPES = {name: pl.Int64() if name == "episode" else pl.String() for name in KEY}
NONE_KNOWN = pl.DataFrame(schema=KEY_TYPES)


def keep_moments(made: pl.DataFrame, leads: pl.DataFrame | None, *, seen_at: datetime, now: datetime) -> None:
    """Write what `made` says of some leads (src, lead_id), or of all; before the clocks themselves are written.

    Takes    made     columns as ledger.clock_moments.SCHEMA
             seen_at  when the first of the facts came that made the difference
    """
    oldest = micros(seen_at - OLD)
    known = _known(made if made.is_empty() else made.filter(pl.col("at") < oldest), leads)
    found = changes(made, stored_moments(leads, now), known, now=micros(now), oldest=oldest)
    write_moments(found.rows)
    count_held(found.n_held, TOO_OLD)


def keep_delivery_moments(*, now: datetime) -> None:
    """The same for what is owed without a lead, which no drain knows of.

    What came more than a day ago is history unless it was written when it came: then its ladder is still climbed.
    """
    terms, facts = every_agreement(), open_ledger()
    owing = [
        versions for versions in terms.values() if any(c.kind is Kind.DELIVERABLE for c in versions[-1].commitments)
    ]
    if not owing or not facts.sequence:
        return
    replica, at = open_replica(facts), micros(now)
    made, nobody = pl.concat([delivery_moments(replica, versions, at) for versions in owing]), NO_LEAD.drop("number")
    is_old = pl.col("at") < micros(now - OLD)
    with transaction.atomic():
        known = made.filter(is_old).join(stored_moments(nobody, now), on=RULE, how="semi")
        keep_moments(pl.concat([made.filter(~is_old), known]), nobody, seen_at=now, now=now)


def _known(old: pl.DataFrame, leads: pl.DataFrame | None) -> pl.DataFrame:
    """Clocks that were open before, of leads that have old moments."""
    if old.is_empty():
        return NONE_KNOWN
    rows = OpenClock.objects.order_by()
    if leads is None:
        found: Iterator[tuple[object, ...]] = rows.values_list(*KEY).iterator(chunk_size=10_000)
    else:
        ids = old["lead_id"].unique().sort().to_list()
        asked = (ids[start : start + ASKED] for start in range(0, len(ids), ASKED))
        found = (row for some in asked for row in rows.filter(lead_id__in=some).values_list(*KEY))
    known = pl.DataFrame(list(found), schema=KEY_TYPES, orient="row")
    nobody = known.with_columns(pl.lit("").alias("commitment"), pl.lit(0, pl.Int64).alias("episode")).unique()
    return pl.concat([known, nobody])
