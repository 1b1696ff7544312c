"""What the API answers, as its OpenAPI file describes it: instants RFC 3339 in UTC, ratios in [0, 1]."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

SLUG, PERIOD, AT = ["company"], ["2026-10"], ["2026-10-05T08:30:00Z"]


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str = Field(examples=["There is nothing here."])
    status: int = Field(examples=[404])
    detail: str = ""
    where: str = Field("", description="the part of the request that is wrong")
    errors: list[dict[str, str]] = Field([], description="every part that is wrong, as `where` and `what`")


class AgreementOut(Schema):
    """One version of an agreement."""

    id: str = Field(examples=SLUG)
    title: str
    version: int
    status: str = Field(description="draft, proposed, declined, signed, in_force, superseded or ended")
    from_on: date
    until_on: date | None


class SignedOut(Schema):
    """An agreement that was signed: its newest version that has begun, or the first that will."""

    id: str = Field(examples=SLUG)
    title: str
    version: int
    from_on: date
    is_in_force: bool


class SignatureOut(Schema):
    party: str = Field(examples=["sales"])
    name: str
    signed_at: datetime = Field(examples=AT)
    fingerprint: str = Field(description="of the text that was signed")


class VersionOut(Schema):
    id: str = Field(examples=SLUG)
    version: int
    status: str
    fingerprint: str = Field(description="SHA-256 of the canonical bytes of the terms")
    from_on: date
    until_on: date | None
    signatures: list[SignatureOut] = Field(description="those that hold")
    terms: dict[str, Any] = Field(description="the whole agreement, as its YAML document says it")


class DifferenceOut(Schema):
    section: str = Field(description="key of the agreement that it lies in", examples=["commitments"])
    thing: str
    sentence: str
    effect: str = Field(description="what becomes of a promise: weaker, stronger, mixed, different, or empty")


class ChangesOut(Schema):
    before: int = Field(description="the version compared with")
    after: int
    differences: list[DifferenceOut]


class ClockOut(Schema):
    """One lead under one promise."""

    commitment: str = Field(examples=["speed"])
    verdict: str = Field(description="met, breached, running or void")
    is_at_risk: bool
    started_at: datetime | None = Field(examples=AT)
    due_at: datetime | None
    stopped_at: datetime | None
    elapsed_s: float | None = Field(description="open time from start to stop; null while it has not stopped")
    count: int = Field(description="touches inside the window")


class LeadOut(Schema):
    src: str = Field(examples=["crm"])
    lead_id: str
    created_at: datetime = Field(examples=AT)
    source: str
    campaign: str
    stage: str
    status: str
    tier: str
    owner: str = Field(description="the owner's name, or a number where names are not yours to see")
    team: str
    clocks: list[ClockOut]


class PageOut(Schema):
    n: int = Field(description="how many there are on all pages")
    page: int
    n_pages: int
    next: str | None = Field(description="address of the next page")


class LeadsOut(PageOut):
    leads: list[LeadOut]


class LeadClockOut(ClockOut):
    src: str
    lead_id: str


class ClocksOut(PageOut):
    """`n` counts the leads behind the clocks, and a page holds the clocks of that many leads."""

    clocks: list[LeadClockOut]


class JobOut(Schema):
    id: int
    kind: str = Field(examples=["import_export"])
    status: str = Field(description="waiting, running, done, failed or cancelled")
    asked_at: datetime = Field(examples=AT)
    share_done: float
    progress: str
    problem: str
    result: dict[str, Any] | None


class JobsOut(PageOut):
    jobs: list[JobOut]


class ImportFileOut(Schema):
    """One table of one file: n_rows = n_accepted + n_rejected + n_duplicates."""

    position: int
    file: str
    sheet: str
    read_as: str
    status: str
    n_rows: int
    n_accepted: int
    n_rejected: int
    n_duplicates: int
    reasons: dict[str, int] = Field(description="how many rows each reason rejected")
    because: dict[str, str] = Field(description="each reason as a sentence in the reader's language")
    has_rejects: bool


class ImportOut(Schema):
    id: str
    at: datetime = Field(examples=AT)
    profile: str
    source: str
    status: str = Field(description="done or undone")
    files: list[ImportFileOut]


class ImportsOut(PageOut):
    imports: list[ImportOut]


class UndoneOut(Schema):
    n_removed: int = Field(description="rows that only this import had brought")
    n_restored: int = Field(description="rows that are as they were before it")
    n_kept: int = Field(description="rows that a later import changed")


class DraftIn(Schema):
    text: str = Field(description="the agreement as YAML", max_length=1_000_000, examples=["id: company\nversion: 1\n"])


class DraftOut(Schema):
    id: str = Field(examples=SLUG)
    version: int
    status: str
    fingerprint: str


class SourceCountsOut(Schema):
    """received = stored + duplicates + rejected; conflicts and dead ones are among the stored."""

    received: int
    stored: int
    duplicates: int
    rejected: int
    conflicts: int
    dead: int = Field(description="stored, and could not become facts later")


class SourceOut(Schema):
    """A system that sends us events, and how it is doing."""

    id: str = Field(examples=["hubspot-spain"], description="its name in the facts")
    name: str
    kind: str = Field(description="generic, hubspot, pipedrive, salesforce, odoo or flat")
    is_enabled: bool
    last_received_at: datetime | None
    n_waiting: int = Field(description="received and not yet brought in")
    n_held: int = Field(description="waiting for an event that must come first, or for their time")
    n_dead: int = Field(description="dead letters")
    lag_s: int | None = Field(description="age of the oldest event that waits")
    usual_gap_s: int | None = Field(description="usual interval, in hours of the week in which it sends")
    is_silent: bool = Field(description="has sent nothing for twice its usual interval")
    skew_s: int | None = Field(description="from what its latest events say to their receipt, the median")
    day: SourceCountsOut = Field(description="the last 24 hours")
