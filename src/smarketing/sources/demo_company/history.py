"""The CRM's field history: every lifecycle stage, owner and deal stage with the second it changed."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.sources.demo_company.arrivals import Codes
from smarketing.sources.demo_company.cast import MACHINE, MANAGERS, QUEUE, REPS
from smarketing.sources.demo_company.company import Company
from smarketing.sources.demo_company.follow_up import REASONS
from smarketing.sources.demo_company.handover import SPAM, TEST, TWIN
from smarketing.sources.demo_company.story import NEVER, Instants, midnight_us
from smarketing.terms.offsets import DAY_US, US

REP_IDS = pl.Series([rep.id for rep in REPS])
LIFECYCLE = "Lifecycle"
OWNER = "Owner"
STAGE = "Stage"
NOTICE_DAYS = 14  # a rep who leaves stops receiving leads so long before the last day


def history(whole: Company) -> pl.DataFrame:
    """One row per change known at the export: object, row of the lead or deal, field, old, new, reason, at, by."""
    parts = [*_lifecycle(whole), *_owners(whole), *_deal_stages(whole)]
    changes = pl.concat(parts).filter(pl.col("at") < whole.tale.exported_us)
    changes = changes.sort("object", "row", "field", "at", maintain_order=True)
    return changes.with_columns(old=pl.col("new").shift(1).over("object", "row", "field")).sort(
        "at", "object", "row", maintain_order=True
    )


def current(changes: pl.DataFrame, field: str, n: int, default: str) -> pl.DataFrame:
    """The latest value of `field` of every lead, its reason, and when it changed."""
    latest = changes.filter(pl.col("object") == "Lead", pl.col("field") == field).group_by("row").last()
    rows = pl.DataFrame({"row": np.arange(n)}).join(latest, on="row", how="left", maintain_order="left")
    return rows.select(pl.col("new").fill_null(default), "reason", "at")


def _lifecycle(whole: Company) -> list[pl.DataFrame]:
    given, work, sales = whole.given, whole.work, whole.sales
    rep = REP_IDS.gather(work.answering)
    every = np.arange(len(whole.coming))
    mql_at = np.where(given.mql_at < given.void_at, given.mql_at, NEVER)
    void = pl.Series(["", "duplicate", "test", "spam"]).gather(given.fate)
    codes = pl.Series([*REASONS, "nurture"]).gather(np.where(work.reason < 0, len(REASONS), work.reason))
    ends = np.where(work.reason < 0, "Recycled", "Disqualified")
    won = sales.is_won & (sales.lead >= 0)
    assert {TWIN, TEST, SPAM} == {1, 2, 3}, "the reasons above are in the order of the fates"
    return [
        _changes("Lead", every, LIFECYCLE, "MQL", mql_at, MACHINE),
        _changes("Lead", work.lead, LIFECYCLE, "Accepted", work.accepted_at, rep),
        _changes("Lead", work.lead, LIFECYCLE, "SQL", work.qualified_at, rep),
        _changes("Lead", work.lead, LIFECYCLE, "Opportunity", work.opportunity_at, rep),
        _changes("Lead", sales.lead[won], LIFECYCLE, "Customer", sales.closed_at[won], REP_IDS.gather(sales.rep[won])),
        _changes("Lead", work.lead, LIFECYCLE, pl.Series(ends), work.ended_at, rep, codes),
        _changes("Lead", every, LIFECYCLE, "Disqualified", given.void_at, "u-001", void),
    ]


def _owners(whole: Company) -> list[pl.DataFrame]:
    coming, given, work = whole.coming, whole.given, whole.work
    manager = pl.Series([MANAGERS[rep.team] for rep in REPS]).gather(work.rep)
    moved = np.where(work.next_rep >= 0, work.reassigned_at, NEVER)
    parts = [
        _changes("Lead", np.arange(len(coming)), OWNER, QUEUE, coming.created_at + 4 * US, MACHINE),
        _changes("Lead", work.lead, OWNER, REP_IDS.gather(work.rep), work.assigned_at, MACHINE),
        _changes("Lead", work.lead, OWNER, REP_IDS.gather(work.answering), moved, manager),
    ]
    for number, rep in enumerate(REPS):
        if rep.left < 14:
            goes_at = midnight_us(whole.tale.month_start(rep.left)) + NOTICE_DAYS * DAY_US + DAY_US * 3 // 8
            open_ones = (work.answering == number) & (work.ended_at > goes_at) & (work.opportunity_at > goes_at)
            at = np.where(open_ones & (given.mql_at[work.lead] < goes_at), goes_at + work.lead * US, NEVER)
            heir = MANAGERS[rep.team]
            parts.append(_changes("Lead", work.lead, OWNER, heir, at, heir))
    return parts


def _deal_stages(whole: Company) -> list[pl.DataFrame]:
    sales = whole.sales
    row, by = np.arange(len(sales)), REP_IDS.gather(sales.rep)
    steps = {"Discovery": 0, "Proposal": 12 * DAY_US, "Negotiation": 27 * DAY_US}
    at = {name: sales.created_at + wait for name, wait in steps.items()}
    parts = [
        _changes("Deal", row, STAGE, name, np.where(when < sales.closed_at, when, NEVER), by)
        for name, when in at.items()
    ]
    ends = pl.Series(np.where(sales.is_won, "Won", "Lost"))
    return [*parts, _changes("Deal", row, STAGE, ends, sales.closed_at, by)]


def _changes(
    what: str,
    row: Codes,
    field: str,
    new: str | pl.Series,
    at: Instants | NDArray[np.int64],
    by: str | pl.Series,
    reason: str | pl.Series = "",
) -> pl.DataFrame:
    n = len(row)
    texts = {"new": new, "by": by, "reason": reason}
    columns = {name: v if isinstance(v, pl.Series) else pl.repeat(v, n, eager=True) for name, v in texts.items()}
    frame = pl.DataFrame({"row": row.astype(np.int64), "at": at, **columns})
    return frame.filter(pl.col("at") != NEVER).select(
        pl.lit(what).alias("object"), "row", pl.lit(field).alias("field"), "new", "reason", "at", "by"
    )
