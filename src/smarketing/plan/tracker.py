"""The monthly tracker: leads, MQLs, SQLs, customers and revenue from marketing's leads beside all revenue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

INSTANT = pl.Datetime("us", "UTC")
MONEY = pl.Decimal(38, 4)

# One row per lead of marketing's that counts for somebody.
LEAD_MOMENTS: dict[str, pl.DataType] = {
    "created_at": INSTANT,
    "mql_at": INSTANT,  # first time it reached the stage; null when never
    "sql_at": INSTANT,
    "won_at": INSTANT,  # its first won deal, else first time it became a customer
}
# One row per won deal of anybody's.
SALES: dict[str, pl.DataType] = {
    "closed_at": INSTANT,
    "amount": MONEY,  # null when the deal has none
    "is_marketing": pl.Boolean(),
}
TRACKER: dict[str, pl.DataType] = {
    "month": pl.Date(),
    "n_leads": pl.Int64(),
    "n_mql": pl.Int64(),
    "n_sql": pl.Int64(),
    "n_customers": pl.Int64(),
    "n_deals": pl.Int64(),
    "revenue": MONEY,
    "total_revenue": MONEY,
    "cycle_days": pl.Float64(),  # mean days from lead to customer, of those won in the month; won before it came in: 0
}


def tracker(leads: pl.DataFrame, sales: pl.DataFrame, starts: Sequence[tuple[date, int]]) -> pl.DataFrame:
    """What happened in each month, by the month in which it happened.

    Takes    leads    one row per marketing lead (LEAD_MOMENTS)
             sales    one row per won deal (SALES)
             starts   each month's first local day and its first instant in microseconds UTC, ascending, with the
                      first instant after the last month at the end
    Returns  one row per month in order (TRACKER); n_deals and revenue are of marketing's leads
    Null     cycle_days of a month without customers
    """
    edges = pl.Series("edge", [at for _, at in starts], dtype=pl.Int64).cast(INSTANT)
    months = pl.DataFrame({"position": range(1, len(starts)), "month": [on for on, _ in starts[:-1]]})
    months = months.cast({"position": pl.UInt32, "month": pl.Date})
    counts = months
    for name, at in (("n_leads", "created_at"), ("n_mql", "mql_at"), ("n_sql", "sql_at"), ("n_customers", "won_at")):
        counts = counts.join(_per_month(leads, at, edges, pl.len().cast(pl.Int64).alias(name)), "position", "left")
    seconds = (pl.col("won_at") - pl.col("created_at")).dt.total_seconds().clip(lower_bound=0)
    cycle = (seconds / 86400).mean().alias("cycle_days")
    counts = counts.join(_per_month(leads, "won_at", edges, cycle), "position", "left")
    money = _per_month(
        sales,
        "closed_at",
        edges,
        pl.col("is_marketing").sum().cast(pl.Int64).alias("n_deals"),
        pl.col("amount").filter("is_marketing").sum().alias("revenue"),
        pl.col("amount").sum().alias("total_revenue"),
    )
    totals = [name for name in TRACKER if name not in ("month", "cycle_days")]
    return (
        counts.join(money, "position", "left")
        .sort("position")
        .with_columns(pl.col(totals).fill_null(0))
        .select(pl.col(name).cast(dtype) for name, dtype in TRACKER.items())
    )


def added(trackers: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Trackers of disjoint leads and deals as one; a month's cycle is the mean over all its customers."""
    days = (pl.col("cycle_days") * pl.col("n_customers")).sum() / pl.col("n_customers").sum()
    totals = [name for name in TRACKER if name not in ("month", "cycle_days")]
    return (
        pl.concat(trackers)
        .group_by("month")
        .agg(pl.col(totals).sum(), pl.when(pl.col("n_customers").sum() > 0).then(days).alias("cycle_days"))
        .sort("month")
        .select(pl.col(name).cast(dtype) for name, dtype in TRACKER.items())
    )


def _per_month(frame: pl.DataFrame, at: str, edges: pl.Series, *totals: pl.Expr) -> pl.DataFrame:
    """Totals of the rows whose `at` lies in a month; position k is the k-th month, counted from 1."""
    happened = frame.filter(pl.col(at).is_not_null())
    position = edges.search_sorted(happened[at], side="right").alias("position")
    return happened.with_columns(position).group_by("position").agg(*totals).cast({"position": pl.UInt32})
