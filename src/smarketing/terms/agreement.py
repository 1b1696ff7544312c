"""The whole agreement, as people read it and the machine obeys it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import Field

from smarketing.terms.alert_rule import AlertRule
from smarketing.terms.allowance import Allowance
from smarketing.terms.calendar import Calendar
from smarketing.terms.commitment import Commitment
from smarketing.terms.dispute_rule import DisputeRule
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

    from_on: date = Field(description="first day")
    until_on: date | None = Field(None, description="last day, included; without one it holds until superseded")


class Contact(Term):
    """Somebody who answers for a party's promises."""

    name: str = Field(description="how commitments name the person")
    email: str = Field("", description="address")
    role: str = Field("", description="what the person does: sales director")
    reports_to: str = Field("", description="the person's own point of report")


class Capacity(Term):
    """What a team can do: the hours behind a promise of speed and depth."""

    reps: int = Field(gt=0, description="people who follow leads up")
    hours_per_rep: Decimal = Field(gt=0, description="working hours of one rep in a month")
    marketing_share: Decimal = Field(Decimal(1), gt=0, le=1, description="share of those hours for marketing's leads")
    minutes_per_attempt: Decimal = Field(gt=0, description="minutes of one attempt, notes included")
    automated_share: Decimal = Field(Decimal(0), ge=0, lt=1, description="share of attempts that cost nobody time")


class Party(Term):
    """A team in its role in the agreement."""

    id: str = Field(description="the name that commitments use: sales")
    name: str = Field(description="the name that people read")
    role: Role = Field(description="its role")
    teams: tuple[str, ...] = Field((), description="team names as the facts spell them")
    contacts: tuple[Contact, ...] = Field((), description="who answers for it")
    calendar: str | None = Field(None, description="id of its calendar; the first calendar when left out")
    capacity: Capacity | None = Field(None, description="the hours behind its promises")
    needs: tuple[str, ...] = Field((), description="what it needs from the others")


class Definition(Term):
    """What a word means here. `values` are the lead's stages in the facts that count as it."""

    entry: str = Field("", description="when a lead becomes one, in a sentence")
    marked_by: str = Field("", description="id of the party that marks it")
    values: tuple[str, ...] = Field((), description="stage values in the facts; the word itself when left out")
    reasons: tuple[str, ...] = Field((), description="coded reasons one must give")


class Tier(Term):
    """A quality level. The first tier whose `grades`/`sources`/`score` fit a lead is its tier."""

    id: str = Field(description="the name that commitments use: A")
    name: str = Field("", description="the name that people read")
    worth: Decimal = Field(Decimal(1), ge=0, description="worth of one lead, in the agreement's currency or points")
    grades: tuple[str, ...] = Field((), description="grades of the CRM that belong to it")
    sources: tuple[str, ...] = Field((), description="sources that belong to it")
    score_from: Decimal | None = Field(None, description="lowest score that belongs to it")


class HandoverMoment(StrEnum):
    CREATION = "creation"
    STAGE = "stage"
    ASSIGNMENT = "assignment"


class Handover(Term):
    """When a lead passes from marketing to sales."""

    at: HandoverMoment = Field(HandoverMoment.CREATION, description="what hands a lead over")
    stage: str = Field("mql", description="the stage that does, when a stage does")
    description: str = Field("", description="the same in a sentence")


class Counting(Term):
    """Which facts count. Automation, status flips and scheduled or cancelled tasks never do."""

    touches: tuple[str, ...] = Field(
        ("call", "email", "meeting", "sms", "chat", "social", "visit"), description="kinds of touch that count"
    )
    min_call_s: int = Field(0, ge=0, description="a shorter call is not a touch")
    marketing_sources: tuple[str, ...] = Field((), description="sources whose leads are marketing's; all when empty")
    void_reasons: tuple[str, ...] = Field(
        ("duplicate", "test", "spam"), description="reasons of disqualification that take a lead out of every count"
    )
    rejected_leads_count: bool = Field(
        True, description="whether marketing's leads count although sales rejected them in time with a coded reason"
    )


class Report(Term):
    """Something one party owes another to read."""

    name: str = Field(description="its name")
    owed_by: str = Field(description="id of the party that writes it")
    owed_to: str = Field(description="id of the party that reads it")
    cadence: str = Field(description="how often: every Friday")
    content: str = Field("", description="what it contains")


class Review(Term):
    """A meeting about the numbers."""

    name: str = Field(description="its name")
    cadence: Literal["weekly", "fortnightly", "monthly", "quarterly", "yearly"] = Field(description="how often")
    purpose: str = Field("", description="what it is for")
    attendees: tuple[str, ...] = Field((), description="who attends")


class Consequence(Term):
    """One announced step: after this many strikes in a row of a commitment (or of any), this follows."""

    strikes: int = Field(gt=0, description="missed periods in a row")
    step: str = Field(description="what follows")
    commitment: str = Field("", description="id of the commitment; any of them when left out")
    responsible: str = Field("", description="who finds the cause and mends it")


class Reward(Term):
    """What keeping the promises earns."""

    name: str = Field(description="its name")
    when: str = Field("", description="when it is earned")
    points: int = Field(0, description="points that it is worth")


class Cancellation(Term):
    """A condition that proposes ending the agreement: a promise missed so many periods running, or a sentence."""

    condition: str = Field(description="the condition in a sentence")
    commitment: str = Field("", description="id of the commitment that is missed")
    missed_periods: int = Field(0, ge=0, description="after so many missed periods in a row")


class Signature(Term):
    """Who signed which bytes."""

    party: str = Field(description="id of the party")
    name: str = Field(description="the person who signed for it")
    signed_at: datetime = Field(description="when, with an offset")
    fingerprint: str = Field(description="fingerprint of what was signed")


class Agreement(Term):
    """The promises of its parties."""

    id: str = Field(description="the same in every version: acme-2026")
    version: int = Field(1, gt=0, description="number of the version")
    title: str = Field(description="title of the document")
    summary: str = Field("", description="the service, to whom, and how success is measured")
    kind: AgreementKind = Field(AgreementKind.INTERNAL, description="between whom")
    language: Language = Field("en", description="the language it is written in")
    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$", description="ISO 4217 code of every amount")
    zone: str = Field(description="IANA zone in which its periods and dates begin")
    week_starts_on: Literal["monday", "sunday"] = Field("monday", description="first day of a week")
    in_force: InForce = Field(description="the days on which it holds")
    parties: tuple[Party, ...] = Field(description="who promises")
    definitions: dict[str, Definition] = Field(default_factory=dict, description="what its words mean, by stage")
    ideal_customer: str = Field("", description="the customer both teams look for")
    personas: tuple[str, ...] = Field((), description="the people that such a customer buys through")
    tiers: tuple[Tier, ...] = Field((), description="quality levels of leads, the first that fits holds")
    handover: Handover = Field(Handover(), description="when a lead passes from marketing to sales")
    counting: Counting = Field(Counting(), description="which facts count")
    calendars: tuple[Calendar, ...] = Field(description="the first one holds where nothing else is said")
    commitments: tuple[Commitment, ...] = Field(description="the promises")
    reports: tuple[Report, ...] = Field((), description="reports owed to each other")
    reviews: tuple[Review, ...] = Field((), description="meetings about the numbers")
    consequences: tuple[Consequence, ...] = Field((), description="announced steps when promises are missed")
    rewards: tuple[Reward, ...] = Field((), description="what keeping them earns")
    cancellation: tuple[Cancellation, ...] = Field((), description="when the agreement should end")
    exceptions: tuple[str, ...] = Field(
        (), description="cases the promises do not cover; few, or nobody can follow them"
    )
    acceptance_by_silence: Allowance | None = Field(
        None, description="a lead not answered for so long after its handover is accepted then"
    )
    seat: str = Field("", description="who answers for leads that nobody has: a contact's name or address")
    alerts: tuple[AlertRule, ...] = Field((), description="who is told of what, when and by which way")
    disputes: DisputeRule = Field(DisputeRule(), description="how contested verdicts are decided")
    signatures: tuple[Signature, ...] = Field((), description="who signed it; not part of what is signed")
