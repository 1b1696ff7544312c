"""One Table per fact: the source of frames, checks and the generated reference."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class DType(StrEnum):
    TEXT = "text"
    INSTANT = "instant"  # UTC, microseconds
    DAY = "day"
    INTEGER = "integer"
    MONEY = "money"  # decimal(18, 4), beside an ISO 4217 currency
    NUMBER = "number"
    FLAG = "flag"


POLARS: dict[DType, pl.DataType] = {
    DType.TEXT: pl.String(),
    DType.INSTANT: pl.Datetime("us", "UTC"),
    DType.DAY: pl.Date(),
    DType.INTEGER: pl.Int64(),
    DType.MONEY: pl.Decimal(18, 4),
    DType.NUMBER: pl.Float64(),
    DType.FLAG: pl.Boolean(),
}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    dtype: DType
    meaning: str
    required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """`key` identifies a row across imports; among rows of one key the greatest `order` wins."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ("updated_at", "seen_at")

    @property
    def schema(self) -> dict[str, pl.DataType]:
        return {column.name: POLARS[column.dtype] for column in self.columns}

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


T, AT, D, N, M, F, X = (
    DType.TEXT,
    DType.INSTANT,
    DType.DAY,
    DType.INTEGER,
    DType.MONEY,
    DType.FLAG,
    DType.NUMBER,
)

PRECISIONS = ("microsecond", "second", "minute", "day")
TOUCH_KINDS = ("call", "email", "meeting", "sms", "chat", "social", "visit", "note", "task")
DIRECTIONS = ("out", "in", "internal")
OUTCOMES = (
    "connected",
    "no_answer",
    "voicemail",
    "busy",
    "wrong_number",
    "bounced",
    "sent",
    "replied",
    "held",
    "no_show",
    "cancelled",
    "scheduled",
    "unknown",
)
LIFECYCLE = (
    "lead",
    "mql",
    "sal",
    "sql",
    "opportunity",
    "customer",
    "disqualified",
    "recycled",
)
DEAL_STATUS = ("open", "won", "lost")

SRC = Column("src", T, "id of the connection or file profile the row came from", required=True)
SEEN = Column("seen_at", AT, "when we learned it", required=True)
UPDATED = Column("updated_at", AT, "when the source last changed it")
DELETED = Column("deleted_at", AT, "when the source deleted it; the row stays")

SOURCE = Table(
    "source",
    "One connected account or file profile.",
    ("src",),
    (
        SRC,
        Column("kind", T, "file, hubspot, salesforce, pipedrive, odoo, demo", required=True),
        Column("account_id", T, "the account at the vendor"),
        Column("zone", T, "IANA zone that reads its times without an offset"),
        Column("currency", T, "ISO 4217 code of amounts without one"),
        Column("mapping_version", T, "fingerprint of the mapping profile"),
        SEEN,
    ),
    order=("seen_at",),
)
OWNER = Table(
    "owner",
    "A person, queue, team or system that can own a lead; only persons answer.",
    ("src", "owner_id"),
    (
        SRC,
        Column("owner_id", T, "id at the source", required=True),
        Column("kind", T, "what it is", required=True, values=("person", "queue", "team", "system")),
        Column("name", T, "as shown to people"),
        Column("email", T, "address"),
        Column("team", T, "team, as agreements name it"),
        Column("manager_id", T, "owner_id of the manager"),
        Column("zone", T, "IANA zone of the person"),
        Column("calendar", T, "id of a calendar in the agreement, if the person has one of their own"),
        Column("active", F, "false once the person has left"),
        DELETED,
        UPDATED,
        SEEN,
    ),
)
LEAD = Table(
    "lead",
    "One request for attention; a person may make several.",
    ("src", "lead_id"),
    (
        SRC,
        Column("lead_id", T, "id at the source", required=True),
        Column("object", T, "what the source calls it: contact, lead, deal_request"),
        Column("created_at", AT, "when the request was made", required=True),
        Column("created_prec", T, "how exact created_at is", values=PRECISIONS),
        Column("owner_id", T, "current owner"),
        Column("assigned_at", AT, "when the first owner received it, where the source says so"),
        Column("person_key", T, "the person behind the request; touches may name only the person"),
        Column("channel", T, "normalised source: organic, paid_search, email…"),
        Column("source_raw", T, "source as the vendor spells it"),
        Column("medium", T, "UTM medium"),
        Column("campaign", T, "UTM campaign"),
        Column("content", T, "UTM content"),
        Column("landing_page", T, "page of the request"),
        Column("score", X, "score at the source"),
        Column("grade", T, "quality grade at the source"),
        Column("status", T, "current status, as the source spells it"),
        Column("lifecycle", T, "current lifecycle stage", values=LIFECYCLE),
        Column("reason", T, "why it was disqualified or recycled: duplicate, test, spam, no_budget…"),
        Column("reason_raw", T, "that reason as the source spells it"),
        Column("is_test", F, "made to test a form"),
        Column("duplicate_of", T, "lead_id of the same request seen before"),
        Column("converted_at", AT, "when it became a deal"),
        Column("converted_deal_id", T, "the deal it became"),
        Column("merged_into", T, "lead_id that took it over"),
        DELETED,
        Column("erased_at", AT, "when a person asked to be forgotten"),
        UPDATED,
        SEEN,
    ),
)
TOUCH = Table(
    "touch",
    "Something that was done to reach a lead, or that the lead did; counting decides later.",
    ("src", "touch_id"),
    (
        SRC,
        Column("touch_id", T, "id at the source", required=True),
        Column("object", T, "what the source calls it: call, engagement, task"),
        Column("lead_id", T, "the lead it was about"),
        Column("deal_id", T, "the deal it was about"),
        Column("person_key", T, "the person it reached, when no lead is named"),
        Column("owner_id", T, "who did it"),
        Column("kind", T, "what it was", required=True, values=TOUCH_KINDS),
        Column("direction", T, "from us, to us, or among us", required=True, values=DIRECTIONS),
        Column(
            "occurred_at",
            AT,
            "when it happened: call start, mail sent, meeting start; never due or logged",
            required=True,
        ),
        Column("prec", T, "how exact occurred_at is", values=PRECISIONS),
        Column("logged_at", AT, "when it was written down"),
        Column("duration_s", N, "seconds"),
        Column("outcome", T, "what came of it", values=OUTCOMES),
        Column("outcome_raw", T, "outcome as the source spells it"),
        Column("automated", F, "sent by a machine"),
        Column("campaign", T, "sequence or campaign that sent it"),
        DELETED,
        UPDATED,
        SEEN,
    ),
)
STAGE_CHANGE = Table(
    "stage_change",
    "A field of a lead or deal took a value; the first value has from_value null.",
    ("src", "change_id"),
    (
        SRC,
        Column("change_id", T, "id at the source, else a hash of the row", required=True),
        Column("entity", T, "what changed", required=True, values=("lead", "deal")),
        Column("entity_id", T, "its id", required=True),
        Column(
            "field",
            T,
            "which field",
            required=True,
            values=("lifecycle", "status", "stage", "owner", "amount", "close_date"),
        ),
        Column("pipeline", T, "pipeline of a deal stage"),
        Column("from_value", T, "value before; null at the beginning"),
        Column("to_value", T, "value after; lifecycle values are normalised"),
        Column("to_raw", T, "value after, as the source spells it"),
        Column("reason", T, "coded reason given with the change"),
        Column("changed_at", AT, "when", required=True),
        Column("prec", T, "how exact changed_at is", values=PRECISIONS),
        Column("changed_by", T, "owner_id of whoever changed it"),
        Column("origin", T, "how we know", values=("history", "webhook", "snapshot_diff", "derived")),
        Column("exact", F, "false when changed_at is only the latest possible instant"),
        SEEN,
    ),
    order=("seen_at",),
)
DEAL = Table(
    "deal",
    "An opportunity with an amount.",
    ("src", "deal_id"),
    (
        SRC,
        Column("deal_id", T, "id at the source", required=True),
        Column("lead_id", T, "the lead it came from"),
        Column("person_key", T, "the person it is with"),
        Column("account_key", T, "the company it is with"),
        Column("owner_id", T, "current owner"),
        Column("pipeline", T, "pipeline"),
        Column("stage", T, "current stage as the source spells it"),
        Column("status", T, "open, won or lost", required=True, values=DEAL_STATUS),
        Column("amount", M, "amount in `currency`"),
        Column("currency", T, "ISO 4217"),
        Column("created_at", AT, "when it was opened", required=True),
        Column("created_prec", T, "how exact created_at is", values=PRECISIONS),
        Column("closed_at", AT, "when it was won or lost"),
        Column("expected_close", D, "local date it should close"),
        Column("lost_reason", T, "why it was lost"),
        Column("channel", T, "normalised source"),
        Column("campaign", T, "campaign"),
        Column("merged_into", T, "deal_id that took it over"),
        DELETED,
        UPDATED,
        SEEN,
    ),
)
DEAL_LEAD = Table(
    "deal_lead",
    "Which leads had a part in which deal.",
    ("src", "deal_id", "lead_id", "role"),
    (
        SRC,
        Column("deal_id", T, "deal", required=True),
        Column("lead_id", T, "lead", required=True),
        Column("role", T, "part it played", required=True),
        Column("is_primary", F, "the one that gets the credit"),
        SEEN,
    ),
    order=("seen_at",),
)
SPEND = Table(
    "spend",
    "Money spent on a day; additive.",
    ("src", "spend_id"),
    (
        SRC,
        Column("spend_id", T, "hash of the row and its ordinal among equals", required=True),
        Column("day", D, "local day", required=True),
        Column("channel", T, "normalised source"),
        Column("campaign", T, "campaign"),
        Column("adgroup", T, "ad group"),
        Column("ad", T, "ad"),
        Column("amount", M, "amount in `currency`"),
        Column("currency", T, "ISO 4217"),
        Column("impressions", N, "times shown"),
        Column("clicks", N, "times clicked"),
        SEEN,
    ),
    order=("seen_at",),
)
IDENTITY = Table(
    "identity",
    "One record continues as another: a merge, a conversion, a duplicate found.",
    ("src", "from_id"),
    (
        SRC,
        Column("from_id", T, "id that ends", required=True),
        Column("to_id", T, "id that goes on", required=True),
        Column("at", AT, "when"),
        Column("reason", T, "why", values=("merge", "convert", "dedupe")),
        SEEN,
    ),
    order=("seen_at",),
)
DELIVERY = Table(
    "delivery",
    "A promised thing that was handed over: a report, a list, a shipment.",
    ("src", "delivery_id"),
    (
        SRC,
        Column("delivery_id", T, "id at the source, else a hash of the row", required=True),
        Column("deliverable", T, "name the agreement gives it", required=True),
        Column("delivered_at", AT, "when it was handed over", required=True),
        Column("quantity", X, "how much, where the promise is an amount"),
        Column("evidence", T, "link or document number"),
        Column("delivered_by", T, "who handed it over"),
        Column("confirmed_by", T, "who took it"),
        SEEN,
    ),
    order=("seen_at",),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (SOURCE, OWNER, LEAD, TOUCH, STAGE_CHANGE, DEAL, DEAL_LEAD, SPEND, IDENTITY, DELIVERY)
}
