"""Who is told of what, when and by which way: a rule of the agreement that fires."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pydantic import Field, field_validator

from smarketing.terms.allowance import Allowance
from smarketing.terms.commitment import Commitment, Kind
from smarketing.terms.language import N_
from smarketing.terms.target import Measure
from smarketing.terms.term import Term


class Occasion(StrEnum):
    """What a rule waits for."""

    REMINDER = "reminder"
    BREACH = "breach"
    ESCALATION = "escalation"
    PACE = "pace"
    BURN_RATE = "burn_rate"
    CAPACITY = "capacity"
    SILENT_SOURCE = "silent_source"
    UNASSIGNED = "unassigned"
    CELEBRATION = "celebration"
    PULSE = "pulse"
    WEEKLY_SUMMARY = "weekly_summary"


@dataclass(frozen=True, slots=True)
class OccasionTerms:
    """`keys` mean something for the occasion beside the usual ones, one of `needs` must be said; `kinds` are the
    commitments it can be about, none when it is about no promise."""

    meaning: str
    keys: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    kinds: frozenset[Kind] = frozenset()


OWNER, MANAGER, TEAM, SEAT = "owner", "manager", "team", "seat"
PLACES = (OWNER, MANAGER, TEAM, SEAT)  # what `to` may say beside parties and people
IN_APP, EMAIL = "in_app", "email"
USUAL = frozenset({"id", "on", "to", "channels", "urgent", "digest", "most", "cooldown"})
RUNNING = frozenset(
    {Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH, Kind.DISPOSITION_TIME, Kind.FOLLOW_UP_CADENCE, Kind.DELIVERABLE}
)
TOTALS = frozenset(
    {
        Kind.LEAD_VOLUME,
        Kind.LEAD_VALUE,
        Kind.PIPELINE_CONTRIBUTION,
        Kind.SOURCED_REVENUE,
        Kind.OPPORTUNITIES_CREATED,
    }
)
EVERY = frozenset(Kind)

OCCASIONS: dict[Occasion, OccasionTerms] = {
    Occasion.REMINDER: OccasionTerms(
        N_("a clock is still running and its time runs short"),
        ("commitments", "at", "before"),
        ("at", "before"),
        RUNNING,
    ),
    Occasion.BREACH: OccasionTerms(N_("a clock has run out"), ("commitments",), (), RUNNING),
    Occasion.ESCALATION: OccasionTerms(
        N_("nobody has answered some time after a clock ran out"), ("commitments", "after"), ("after",), RUNNING
    ),
    Occasion.PACE: OccasionTerms(
        N_("a total lies behind its goal line"), ("commitments", "behind", "for_days"), ("behind",), TOTALS
    ),
    Occasion.BURN_RATE: OccasionTerms(
        N_("misses use up what the promise allows faster than planned"),
        ("commitments", "rate", "look_back"),
        ("rate",),
        RUNNING,
    ),
    Occasion.CAPACITY: OccasionTerms(N_("the leads need more hours than the team has"), ("load",)),
    Occasion.SILENT_SOURCE: OccasionTerms(N_("a source of facts has gone quiet"), ("gap_factor",)),
    Occasion.UNASSIGNED: OccasionTerms(N_("a lead was handed over and nobody has it"), ("after",)),
    Occasion.CELEBRATION: OccasionTerms(N_("a target is reached"), ("commitments",), (), EVERY),
    Occasion.PULSE: OccasionTerms(N_("every working morning"), ("commitments",), (), EVERY),
    Occasion.WEEKLY_SUMMARY: OccasionTerms(N_("on the first working day of a week"), ("commitments",), (), EVERY),
}


class AlertRule(Term):
    """One rule; each way in `channels` brings its own notice to everybody in `to`."""

    id: str = Field(description="stable name of the rule: half_time")
    on: Occasion = Field(description="what it waits for")
    commitments: tuple[str, ...] = Field((), description="ids of commitments it is about; all that fit when left out")
    at: Decimal | None = Field(None, gt=0, le=1, description="reminder: share of the allowance that is used up")
    before: Allowance | None = Field(None, description="reminder: so much business time before the clock is due")
    after: Allowance | None = Field(
        None, description="escalation: so much business time after the clock was due; unassigned: after the handover"
    )
    behind: Decimal | None = Field(None, gt=0, lt=1, description="pace: share of the goal line that is missing")
    for_days: int = Field(1, gt=0, le=366, description="pace: so many days in a row")
    rate: Decimal | None = Field(
        None, gt=0, description="burn rate: how many times faster than allowed misses may come, 2 is twice as fast"
    )
    look_back: Allowance | None = Field(
        None, description="burn rate: over how long; since the period began when left out"
    )
    load: Decimal = Field(Decimal(1), gt=0, description="capacity: share of the hours that may be needed")
    gap_factor: Decimal = Field(
        Decimal(2), ge=1, description="silent source: how many times its usual gap a source may be quiet"
    )
    cooldown: Allowance | None = Field(None, description="business time until it may fire again for the same thing")
    to: tuple[str, ...] = Field(
        (),
        description="owner (of the lead, else the point of contact), manager (whom the owner reports to), team (of the"
        " owner), seat, the id of a party, or the name or address of a contact",
    )
    channels: tuple[str, ...] = Field(
        (IN_APP,), description="in_app, email, or the name of an outbound endpoint; in_app when left out"
    )
    urgent: bool = Field(False, description="whether it is sent in quiet hours too, and never kept for a digest")
    digest: bool = Field(False, description="whether it waits for the reader's daily digest")
    most: int | None = Field(None, gt=0, description="most notices of the rule to one person in a day; any when empty")

    @field_validator("channels")
    @classmethod
    def has_a_way_out(cls, channels: tuple[str, ...]) -> tuple[str, ...]:
        return channels or (IN_APP,)

    def fits(self, commitment: Commitment) -> bool:
        """Whether the rule is about this commitment: it names it, or names none and it is of a kind that fits."""
        named = not self.commitments or commitment.id in self.commitments
        return named and self.can_fit(commitment)

    def can_fit(self, commitment: Commitment) -> bool:
        is_judged = self.on is not Occasion.BURN_RATE or commitment.target.measure is Measure.SHARE
        return is_judged and commitment.kind in OCCASIONS[self.on].kinds
