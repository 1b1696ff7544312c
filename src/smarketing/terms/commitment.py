"""One measurable promise: who, what, how much, by when, on which leads."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from smarketing.terms.allowance import Allowance
from smarketing.terms.period import Grain
from smarketing.terms.target import Target
from smarketing.terms.term import Term

PIECES = 10_000  # more of a deliverable than a period can owe


class Kind(StrEnum):
    """What a commitment judges; each kind is one file of `engine/metrics`."""

    LEAD_VOLUME = "lead_volume"
    LEAD_VALUE = "lead_value"
    PIPELINE_CONTRIBUTION = "pipeline_contribution"
    SOURCED_REVENUE = "sourced_revenue"
    CONVERSION_RATE = "conversion_rate"
    SPEED_TO_LEAD = "speed_to_lead"
    FOLLOW_UP_DEPTH = "follow_up_depth"
    DISPOSITION_TIME = "disposition_time"
    OPPORTUNITIES_CREATED = "opportunities_created"
    FOLLOW_UP_CADENCE = "follow_up_cadence"
    DELIVERABLE = "deliverable"


class Clock(StrEnum):
    """Which of the three clocks of a lead is judged.

    LEAD    handover → touch           SYSTEM  handover → assignment
    REP     assignment → touch; every reassignment starts a fresh one and hides nothing
    """

    LEAD = "lead"
    SYSTEM = "system"
    REP = "rep"


class Start(StrEnum):
    HANDOVER = "handover"
    CREATION = "creation"
    ASSIGNMENT = "assignment"


class Stop(StrEnum):
    TOUCH = "touch"
    CONNECTION = "connection"


class Pacing(StrEnum):
    """Which days the goal line climbs on."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"


class Scope(Term):
    """The leads a commitment or an override is about; an empty list means all."""

    tiers: tuple[str, ...] = Field((), description="ids of tiers")
    sources: tuple[str, ...] = Field((), description="sources, as the facts spell them")
    teams: tuple[str, ...] = Field((), description="teams of the lead's owner")
    reps: tuple[str, ...] = Field((), description="owners of the lead")

    @property
    def is_everything(self) -> bool:
        return not (self.tiers or self.sources or self.teams or self.reps)


class Override(Term):
    """Another calendar or allowance for some of the leads; the first override that fits a lead holds."""

    only: Scope = Field(description="the leads it is for")
    calendar: str | None = Field(None, description="id of the calendar that holds for them")
    within: Allowance | None = Field(None, description="the time that holds for them")


class Commitment(Term):
    """One promise of one party."""

    id: str = Field(description="stable name used on the command line: speed")
    party: str = Field(description="who promises: the id of a party")
    kind: Kind = Field(description="what it judges")
    target: Target = Field(description="what is promised: 95 % within 1 business hour")
    title: str = Field("", description="the name that people read")
    description: str = Field("", description="the promise in a sentence")
    contact: str = Field("", description="the point of contact answering for it")
    period: Grain = Field(Grain.MONTH, description="the period it is judged over")
    only: Scope = Field(Scope(), description="the leads it is about; all when left out")
    weight: Decimal = Field(Decimal(1), gt=0, description="share in the weighted total")
    calendar: str | None = Field(None, description="id of a calendar; the party's when left out")
    overrides: tuple[Override, ...] = Field((), description="another calendar or time for some leads; first fit holds")
    clock: Clock = Field(Clock.LEAD, description="which clock of a lead is judged")
    start: Start = Field(Start.HANDOVER, description="when the clock starts")
    stop: Stop = Field(Stop.TOUCH, description="what stops it")
    stage: str = Field(
        "", description="stage that is counted, or that starts a conversion; the lead's creation when left out"
    )
    to_stage: str = Field("", description="stage in which a conversion ends; customer when left out")
    lag: Allowance | None = Field(None, description="how long a cohort may take to convert")
    remind_at: Decimal = Field(
        Decimal("0.75"), gt=0, le=1, description="share of the allowance that puts a clock at risk"
    )
    pauses: tuple[str, ...] = Field((), description="lead statuses during which the clock stands still")
    pacing: Pacing = Field(Pacing.CALENDAR_DAYS, description="the days on which the goal line climbs")
    deliverable: str = Field("", description="name of the thing handed over; the target's unit when left out")
