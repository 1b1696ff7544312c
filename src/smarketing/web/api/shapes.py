"""What the API answers, as its OpenAPI file describes it: instants RFC 3339 in UTC, ratios in [0, 1]."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema


class Problem(Schema):
    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    where: str = Field("", description="the part of the request that is wrong")


class AgreementOut(Schema):
    id: str
    title: str
    version: int
    status: str
    from_on: date
    until_on: date | None


class SignedOut(Schema):
    """An agreement that was signed: its newest version that has begun, or the first that will."""

    id: str
    title: str
    version: int
    from_on: date
    is_in_force: bool


class VersionOut(Schema):
    id: str
    version: int
    status: str
    fingerprint: str
    from_on: date
    until_on: date | None
    signatures: list[SignatureOut]
    terms: dict[str, Any] = Field(description="the whole agreement, as its YAML document says it")


class SignatureOut(Schema):
    party: str
    name: str
    signed_at: datetime
    fingerprint: str


class ClockOut(Schema):
    commitment: str
    verdict: str = Field(description="met, breached, running or void")
    is_at_risk: bool
    started_at: datetime | None
    due_at: datetime | None
    stopped_at: datetime | None
    elapsed_s: float | None = Field(description="open time from start to stop; null while it has not stopped")
    count: int = Field(description="touches inside the window")


class LeadOut(Schema):
    src: str
    lead_id: str
    created_at: datetime
    source: str
    campaign: str
    stage: str
    status: str
    tier: str
    owner: str = Field(description="the owner's name, or a number where names are not yours to see")
    team: str
    clocks: list[ClockOut]


class LeadsOut(Schema):
    n: int = Field(description="leads that fit, on all pages")
    page: int
    n_pages: int
    next: str | None = Field(description="address of the next page")
    leads: list[LeadOut]


class LeadClockOut(ClockOut):
    src: str
    lead_id: str


class ClocksOut(Schema):
    n: int = Field(description="leads behind them, on all pages")
    page: int
    n_pages: int
    next: str | None
    clocks: list[LeadClockOut]


class JobOut(Schema):
    id: int
    kind: str
    status: str = Field(description="waiting, running, done, failed or cancelled")
    share_done: float
    progress: str
    problem: str
    result: dict[str, Any] | None


class DraftIn(Schema):
    text: str = Field(description="the agreement as YAML")


class DraftOut(Schema):
    id: str
    version: int
    status: str
    fingerprint: str


VersionOut.model_rebuild()
