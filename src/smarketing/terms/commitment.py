"""One measurable promise: who, what, how much, by when, on which leads."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from smarketing.terms.allowance import Allowance
from smarketing.terms.period import Grain
from smarketing.terms.target import Target
from smarketing.terms.term import Term


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

    tiers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    reps: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        return not (self.tiers or self.sources or self.teams or self.reps)


class Override(Term):
    """Another calendar or allowance for some of the leads; the first override that fits a lead holds."""

    only: Scope
    calendar: str | None = None
    within: Allowance | None = None


class Commitment(Term):
    id: str = Field(description="stable name used on the command line: speed")
    party: str = Field(description="who promises: the id of a party")
    kind: Kind
    target: Target
    title: str = ""
    description: str = ""
    contact: str = Field("", description="the point of contact answering for it")
    period: Grain = Grain.MONTH
    only: Scope = Scope()
    weight: Decimal = Field(Decimal(1), gt=0, description="share in the weighted total")
    calendar: str | None = Field(None, description="id of a calendar; the party's when left out")
    overrides: tuple[Override, ...] = ()
    clock: Clock = Clock.LEAD
    start: Start = Start.HANDOVER
    stop: Stop = Stop.TOUCH
    stage: str = Field("", description="stage that is counted, or that starts a conversion")
    to_stage: str = Field("", description="stage in which a conversion ends")
    lag: Allowance | None = Field(None, description="how long a cohort may take to convert")
    remind_at: Decimal = Field(
        Decimal("0.75"), gt=0, le=1, description="share of the allowance that puts a clock at risk"
    )
    pauses: tuple[str, ...] = Field((), description="lead statuses during which the clock stands still")
    pacing: Pacing = Pacing.CALENDAR_DAYS
    deliverable: str = Field("", description="name of the thing handed over, as deliveries name it")
