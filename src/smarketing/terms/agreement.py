"""The whole agreement, as people read it and the machine obeys it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import Field

from smarketing.terms.allowance import Allowance
from smarketing.terms.calendar import Calendar
from smarketing.terms.commitment import Commitment
from smarketing.terms.term import Term

Language = Literal["en", "es", "it"]


class AgreementKind(StrEnum):
    INTERNAL = "internal"
    CUSTOMER = "customer"
    MULTILEVEL = "multilevel"


class Role(StrEnum):
    MARKETING = "marketing"
    SALES = "sales"
    SERVICE = "service"
    CUSTOMER = "customer"


class InForce(Term):
    """Local dates of the agreement's zone, both included: an end on 31 August holds all of 31 August."""

    from_on: date
    until_on: date | None = None


class Contact(Term):
    name: str
    email: str = ""
    role: str = ""
    reports_to: str = ""


class Capacity(Term):
    """What a team can do: the hours behind a promise of speed and depth."""

    reps: int = Field(gt=0)
    hours_per_rep: Decimal = Field(gt=0, description="working hours of one rep in a month")
    marketing_share: Decimal = Field(Decimal(1), gt=0, le=1, description="share of those hours for marketing's leads")
    minutes_per_attempt: Decimal = Field(gt=0)
    automated_share: Decimal = Field(Decimal(0), ge=0, lt=1, description="share of attempts that cost nobody time")


class Party(Term):
    id: str
    name: str
    role: Role
    teams: tuple[str, ...] = Field((), description="team names as the facts spell them")
    contacts: tuple[Contact, ...] = ()
    calendar: str | None = None
    capacity: Capacity | None = None
    needs: tuple[str, ...] = Field((), description="what it needs from the others")


class Definition(Term):
    """What a word means here. `values` are the lead's stages in the facts that count as it."""

    entry: str = Field("", description="when a lead becomes one, in a sentence")
    marked_by: str = Field("", description="id of the party that marks it")
    values: tuple[str, ...] = Field((), description="stage values in the facts; the word itself when left out")
    reasons: tuple[str, ...] = Field((), description="coded reasons one must give")


class Tier(Term):
    """A quality level. The first tier whose `grades`/`sources`/`score` fit a lead is its tier."""

    id: str
    name: str = ""
    worth: Decimal = Field(Decimal(1), ge=0, description="worth of one lead, in the agreement's currency or points")
    grades: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    score_from: Decimal | None = None


class HandoverMoment(StrEnum):
    CREATION = "creation"
    STAGE = "stage"
    ASSIGNMENT = "assignment"


class Handover(Term):
    """When a lead passes from marketing to sales."""

    at: HandoverMoment = HandoverMoment.CREATION
    stage: str = "mql"
    description: str = ""


class Counting(Term):
    """Which facts count. Automation, status flips and scheduled or cancelled tasks never do."""

    touches: tuple[str, ...] = Field(("call", "email", "meeting", "sms", "chat", "social", "visit"))
    min_call_s: int = Field(0, ge=0, description="a shorter call is not a touch")
    marketing_sources: tuple[str, ...] = Field((), description="sources whose leads are marketing's; all when empty")
    void_reasons: tuple[str, ...] = ("duplicate", "test", "spam")


class Report(Term):
    name: str
    owed_by: str
    owed_to: str
    cadence: str
    content: str = ""


class Review(Term):
    name: str
    cadence: Literal["weekly", "fortnightly", "monthly", "quarterly", "yearly"]
    purpose: str = ""
    attendees: tuple[str, ...] = ()


class Consequence(Term):
    """One announced step: after this many strikes in a row of a commitment (or of any), this follows."""

    strikes: int = Field(gt=0)
    step: str
    commitment: str = ""
    responsible: str = ""


class Reward(Term):
    name: str
    when: str = ""
    points: int = 0


class Cancellation(Term):
    """A condition that proposes ending the agreement: a promise missed so many periods running, or a sentence."""

    condition: str
    commitment: str = ""
    missed_periods: int = Field(0, ge=0)


class Signature(Term):
    party: str
    name: str
    signed_at: datetime
    fingerprint: str


class Agreement(Term):
    id: str
    version: int = Field(1, gt=0)
    title: str
    summary: str = ""
    kind: AgreementKind = AgreementKind.INTERNAL
    language: Language = "en"
    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$")
    zone: str
    week_starts_on: Literal["monday", "sunday"] = "monday"
    in_force: InForce
    parties: tuple[Party, ...]
    definitions: dict[str, Definition] = Field(default_factory=dict)
    ideal_customer: str = ""
    personas: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    handover: Handover = Handover()
    counting: Counting = Counting()
    calendars: tuple[Calendar, ...] = Field(description="the first one holds where nothing else is said")
    commitments: tuple[Commitment, ...]
    reports: tuple[Report, ...] = ()
    reviews: tuple[Review, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    rewards: tuple[Reward, ...] = ()
    cancellation: tuple[Cancellation, ...] = ()
    exceptions: tuple[str, ...] = Field(
        (), description="cases the promises do not cover; few, or nobody can follow them"
    )
    acceptance_by_silence: Allowance | None = Field(None, description="a lead not answered for so long is accepted")
    signatures: tuple[Signature, ...] = ()
