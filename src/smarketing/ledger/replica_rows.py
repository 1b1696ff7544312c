"""From canonical rows to the rows of a bucket: lead numbers, codes, flags and microseconds."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from smarketing.engine.history import CONNECTED, DONE, HUMAN, INBOUND, LATE_LOGGED, NEVER, OUT
from smarketing.facts.schema import DEAL_STATUS, TOUCH_KINDS
from smarketing.facts.superseded import KEY, SNAPSHOT, superseded
from smarketing.ledger.folder import Folder, read_whole
from smarketing.ledger.lead_numbers import BY_LEAD, BY_PERSON, Way, numbered
from smarketing.ledger.mentions import mentioned
from smarketing.ledger.names import Names, codes, is_lead_stage, is_owner_change, stage_name

CHUNK_ROWS = 1_000_000
REACHED = ("connected", "held", "replied")
NOT_DONE = ("scheduled", "cancelled")
NOT_ANSWERED = ("no_answer", "busy")  # the lead called and nobody took it: no reply
AMONG_US = ("note", "task")  # when nobody outside hears of it
LATE = pl.duration(days=1)
NOTHING_SUPERSEDED = pl.DataFrame(schema=dict.fromkeys(KEY, pl.String))
NO_DEALS = pl.DataFrame(schema={"src": pl.String, "deal_id": pl.String, "number": pl.Int32})


def chunks(folder: Folder, table: str, rows: pl.Expr | None, columns: list[str]) -> Iterator[pl.DataFrame]:
    """The rows of `table` that fit `rows`, a bounded number at a time."""
    if (held := folder.held(table)) is not None:
        yield (held if rows is None else held.filter(rows))[columns]
        return
    for part in folder.parts(table):
        for start in range(0, part.n_rows, CHUNK_ROWS):
            frame = folder.scan_part(table, part).slice(start, CHUNK_ROWS)
            yield read_whole((frame if rows is None else frame.filter(rows)).select(columns), folder.path)


def _columns(folder: Folder, table: str, columns: list[str]) -> pl.DataFrame:
    if (held := folder.held(table)) is not None:
        return held[columns]
    return read_whole(folder.scan(table).select(columns), folder.path)


def touch_rows(folder: Folder, names: Names, ways: list[Way]) -> Iterator[pl.DataFrame]:
    """number, at, flags, kind, owner, duration_s of every touch, once per lead it was about."""
    columns = ["src", "lead_id", "person_key", "deal_id", "owner_id", "kind", "direction", "occurred_at", "logged_at"]
    for chunk in chunks(folder, "touch", None, [*columns, "duration_s", "outcome", "automated", "deleted_at"]):
        owned = chunk.join(names.owners, on=["src", "owner_id"], how="left", maintain_order="left")
        coded = owned.select(
            "src",
            *[way.name for way in ways],
            at=pl.col("occurred_at").dt.timestamp("us"),
            flags=_flags(),
            kind=pl.col("kind").cast(pl.Enum(TOUCH_KINDS)).to_physical().cast(pl.UInt8),
            owner=pl.col("owner").fill_null(-1),
            duration_s=pl.col("duration_s").fill_null(-1).clip(-1, 2**31 - 1).cast(pl.Int32),
        )
        yield numbered(coded, ways)


def _flags() -> pl.Expr:
    is_out = pl.col("direction") == "out"
    is_human = ~pl.col("automated").fill_null(value=False) & pl.col("is_person").fill_null(value=True)
    is_among_us = (pl.col("direction") == "internal") & pl.col("kind").is_in(AMONG_US)
    is_done = ~pl.col("outcome").is_in(NOT_DONE).fill_null(value=False) & pl.col("deleted_at").is_null() & ~is_among_us
    is_reached = pl.col("outcome").is_in(REACHED).fill_null(value=False)
    is_in = (pl.col("direction") == "in") & ~pl.col("outcome").is_in(NOT_ANSWERED).fill_null(value=False)
    is_late = (pl.col("logged_at") - pl.col("occurred_at") > LATE).fill_null(value=False)
    marks = ((is_out, OUT), (is_human, HUMAN), (is_done, DONE), (is_reached, CONNECTED), (is_in, INBOUND))
    bits = [
        pl.when(mark).then(pl.lit(bit, pl.UInt8)).otherwise(pl.lit(0, pl.UInt8))
        for mark, bit in (*marks, (is_late, LATE_LOGGED))
    ]
    return pl.sum_horizontal(bits).cast(pl.UInt8)


def stage_rows(folder: Folder, names: Names, way: Way) -> Iterator[pl.DataFrame]:
    """number, at, stage, reason of every stage or status that a lead took."""
    for chunk in _changes(folder, is_lead_stage()):
        coded = chunk.select(
            "src",
            lead_id="entity_id",
            at=pl.col("changed_at").dt.timestamp("us"),
            stage=codes(stage_name(), names.codebook.stages),
            reason=codes(pl.col("reason"), names.codebook.reasons),
        )
        yield numbered(coded.filter(pl.col("stage") >= 0), [way])


def owner_rows(folder: Folder, names: Names, way: Way) -> Iterator[pl.DataFrame]:
    """number, at, owner after and `before` it of every change of owner; −1 where there was none."""
    owners = names.owners.select("src", "owner_id", "owner")
    for chunk in _changes(folder, is_owner_change()):
        after = chunk.join(owners, left_on=["src", "to_value"], right_on=["src", "owner_id"], how="left")
        both = after.join(
            owners, left_on=["src", "from_value"], right_on=["src", "owner_id"], how="left", suffix="_before"
        )
        coded = both.select(
            "src",
            lead_id="entity_id",
            at=pl.col("changed_at").dt.timestamp("us"),
            owner=pl.col("owner").fill_null(-1),
            before=pl.col("owner_before").fill_null(-1),
        )
        yield numbered(coded, [way])


def _changes(folder: Folder, rows: pl.Expr) -> Iterator[pl.DataFrame]:
    if folder.says_nothing("stage_change"):
        return
    gone = _superseded(folder)
    columns = ["src", "change_id", "entity_id", "field", "from_value", "to_value", "to_raw", "reason", "changed_at"]
    for chunk in chunks(folder, "stage_change", rows, columns):
        yield chunk.join(gone, on=KEY, how="anti") if gone.height else chunk


def _superseded(folder: Folder) -> pl.DataFrame:
    if not any(mentioned(folder, "stage_change", _snapshots).to_series()):
        return NOTHING_SUPERSEDED
    return read_whole(superseded(folder.scan("stage_change").filter(pl.col("entity") == "lead")), folder.path)


def _snapshots(changes: pl.LazyFrame) -> pl.LazyFrame:
    return changes.select((pl.col("origin") == SNAPSHOT).any())


def deal_rows(folder: Folder, names: Names, deals: pl.DataFrame) -> pl.DataFrame:
    """number, created_at, closed_at, status, amount, currency, owner of the deals that a lead is credited with.

    Takes deals: src, deal_id, number. Deals that were deleted or merged into another are left out.
    """
    if deals.is_empty():
        return deals
    columns = ["src", "deal_id", "owner_id", "status", "amount", "currency", "created_at", "closed_at"]
    is_there = pl.col("deleted_at").is_null() & pl.col("merged_into").is_null()
    facts = _columns(folder, "deal", [*columns, "deleted_at", "merged_into"]).filter(is_there)
    owned = facts.join(deals, on=["src", "deal_id"]).join(names.owners, on=["src", "owner_id"], how="left")
    return owned.select(
        "number",
        created_at=pl.col("created_at").dt.timestamp("us"),
        closed_at=pl.col("closed_at").dt.timestamp("us").fill_null(NEVER),
        status=pl.col("status").cast(pl.Enum(DEAL_STATUS)).to_physical().cast(pl.UInt8),
        amount=(pl.col("amount").fill_null(0) * 10_000).cast(pl.Int64),
        currency=codes(pl.col("currency"), names.codebook.currencies),
        owner=pl.col("owner").fill_null(-1),
    )


def credited(folder: Folder, by_id: Way, by_person: Way, created_at: pl.DataFrame) -> pl.DataFrame:
    """Which one lead has the credit for each deal: src, deal_id, number.

    The lead the deal names; else its primary lead, or the earliest of its leads; else the person's latest request
    made before the deal was opened, or the earliest after it.

    Takes created_at: number, created_at of every lead.
    """
    if folder.says_nothing("deal") and folder.says_nothing("deal_lead"):
        return NO_DEALS
    deals = _columns(folder, "deal", ["src", "deal_id", "lead_id", "person_key", "created_at"])
    opened = deals.with_columns(pl.col("created_at").dt.timestamp("us").alias("opened_at")).drop("created_at")
    named = numbered(opened.select("src", "deal_id", "lead_id"), [by_id])
    parts = _columns(folder, "deal_lead", ["src", "deal_id", BY_LEAD, "is_primary"])
    shared = numbered(parts, [by_id]).sort(
        pl.col("is_primary").fill_null(value=False), "number", descending=[True, False]
    )
    persons = numbered(opened.select("src", "deal_id", BY_PERSON, "opened_at"), [by_person])
    requests = persons.join(created_at, on="number").with_columns(is_before=pl.col("created_at") <= pl.col("opened_at"))
    nearest = pl.when("is_before").then(-pl.col("number")).otherwise("number")
    likely = requests.sort(pl.col("is_before"), nearest, descending=[True, False])
    ranked = pl.concat([frame.select("src", "deal_id", "number") for frame in (named, shared, likely)])
    return ranked.unique(["src", "deal_id"], keep="first", maintain_order=True)
