"""A seeded company of any size: forty calendars, four hundred reps, three years of leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.history import (
    CONNECTED,
    DONE,
    HUMAN,
    INBOUND,
    NEVER,
    OUT,
    Assignments,
    Codebook,
    Deals,
    History,
    Leads,
    Stages,
    Touches,
)
from smarketing.terms.agreement import Agreement, Definition, Handover, HandoverMoment, InForce, Party, Role, Tier
from smarketing.terms.allowance import Allowance
from smarketing.terms.calendar import Calendar, DayHours, Holidays, Window
from smarketing.terms.commitment import Commitment, Kind, Override, Scope
from smarketing.terms.offsets import US
from smarketing.terms.target import Target

PER_BUCKET = 131_072
REPS, TEAMS, CALENDARS = 400, 20, 40
DAY = 86_400 * US
BEGIN = 19_723 * DAY  # 2024-01-01
YEARS = 3
NOW = BEGIN + (YEARS * 365 - 4) * DAY
STAGES = ("lead", "mql", "sal", "sql", "opportunity", "customer", "disqualified")
SOURCES = ("organic", "paid_search", "social", "email", "referral", "event", "partner", "direct")
GRADES = ("A", "B", "C")
ZONES = (
    "Europe/Madrid",
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "America/St_Johns",
    "Asia/Tokyo",
)
# Minutes after midnight: plain, split, overnight, minute-odd, round the clock
SHIFTS: tuple[tuple[tuple[int, int], ...], ...] = (
    ((540, 1020),),
    ((480, 720), (810, 1080)),
    ((1320, 360),),
    ((487, 1003),),
)


@dataclass(frozen=True, slots=True)
class Company:
    """Everything about the benchmark's company but its leads."""

    agreement: Agreement
    codebook: Codebook


def company() -> Company:
    calendars = tuple(_calendar(number) for number in range(CALENDARS))
    return Company(_agreement(calendars), _codebook())


def histories(n_leads: int, seed: int = 7) -> Iterator[History]:
    """The buckets of `n_leads`, in the order of creation; the same seed gives the same bytes."""
    span = NOW - BEGIN
    for first in range(0, n_leads, PER_BUCKET):
        n = min(PER_BUCKET, n_leads - first)
        rng = np.random.default_rng([seed, n_leads, first])
        since, until = BEGIN + span * first // n_leads, BEGIN + span * (first + n) // n_leads
        yield _bucket(rng, first, n, since, until)


def _bucket(rng: np.random.Generator, first: int, n: int, since: int, until: int) -> History:
    created = np.sort(rng.integers(since, until, n))
    handed = np.where(rng.random(n) < 0.6, created, created + (rng.exponential(2, n) * DAY).astype(np.int64))
    handed = np.where(rng.random(n) < 0.08, NEVER, handed)
    owner = (rng.beta(1.2, 2.5, n) * REPS).astype(np.int16)
    stages = _stages(rng, created, handed)
    leads = Leads(
        created_at=created,
        owner=owner,
        grade=rng.choice(3, n, p=[0.2, 0.5, 0.3]).astype(np.int16),
        source=rng.choice(len(SOURCES), n).astype(np.int16),
        score=np.full(n, np.nan, np.float32),
        void=(rng.random(n) < 0.02).astype(np.uint8),
    )
    begin = np.where(handed == NEVER, created, handed)
    return History(
        first=first,
        leads=leads,
        touches=_touches(rng, begin, owner),
        stages=stages,
        assignments=Assignments(np.arange(n, dtype=np.int32), created, owner),
        deals=_deals(rng, begin, owner),
    )


def _touches(rng: np.random.Generator, begin: NDArray[np.int64], owner: NDArray[np.int16]) -> Touches:
    n = len(begin)
    counts = np.minimum(rng.geometric(1 / 6.0, n) - 1, 24)
    lead = np.repeat(np.arange(n, dtype=np.int32), counts)
    size = len(lead)
    at = begin[lead] + (rng.exponential(1.6, size) * DAY).astype(np.int64) - (rng.random(size) < 0.08) * DAY
    order = np.lexsort((at, lead))
    flags = np.full(size, OUT | HUMAN | DONE, np.uint8)
    draw = rng.random(size)
    flags[draw < 0.12] = OUT | DONE
    flags[draw > 0.93] = INBOUND | HUMAN | DONE
    flags[(draw > 0.2) & (draw < 0.36)] |= CONNECTED
    return Touches(
        lead=lead,
        at=at[order],
        flags=flags,
        kind=rng.choice(4, size).astype(np.uint8),
        owner=owner[lead],
        duration_s=rng.integers(0, 900, size).astype(np.int32),
    )


def _stages(rng: np.random.Generator, created: NDArray[np.int64], handed: NDArray[np.int64]) -> Stages:
    n = len(created)
    reached = handed != NEVER
    answer = handed + (rng.exponential(3, n) * DAY).astype(np.int64)
    refused = rng.random(n) < 0.25
    rows = [(np.arange(n), created, 0), (np.flatnonzero(reached), handed[reached], 1)]
    for stage, chance in ((2, 0.7), (3, 0.4), (4, 0.16), (5, 0.06)):
        goes_on = reached & ~refused & (rng.random(n) < chance)
        rows.append((np.flatnonzero(goes_on), (answer + stage * DAY)[goes_on], stage))
    rows.append((np.flatnonzero(reached & refused), answer[reached & refused], 6))
    lead = np.concatenate([row[0] for row in rows]).astype(np.int32)
    at = np.concatenate([row[1] for row in rows])
    stage = np.concatenate([np.full(len(row[0]), row[2], np.int16) for row in rows])
    order = np.lexsort((stage, at, lead))
    return Stages(lead[order], at[order], stage[order], np.full(len(lead), -1, np.int16))


def _deals(rng: np.random.Generator, begin: NDArray[np.int64], owner: NDArray[np.int16]) -> Deals:
    lead = np.flatnonzero(rng.random(len(begin)) < 0.077).astype(np.int32)
    n = len(lead)
    created = begin[lead] + (rng.exponential(12, n) * DAY).astype(np.int64)
    status = rng.choice(3, n, p=[0.2, 0.35, 0.45]).astype(np.uint8)
    closed = np.where(status == 0, NEVER, created + (rng.exponential(30, n) * DAY).astype(np.int64))
    amount = (rng.lognormal(8.5, 1, n) * 100).astype(np.int64) * 100
    return Deals(lead, created, closed, status, amount, np.zeros(n, np.int16), owner[lead])


def _codebook() -> Codebook:
    names = tuple(f"rep{number:03}" for number in range(REPS))
    return Codebook(
        owners=names,
        owner_names=names,
        owner_calendars=tuple(f"c{number % CALENDARS:02}" for number in range(REPS)),
        teams=tuple(f"team{number:02}" for number in range(TEAMS)),
        team_of=(np.arange(REPS, dtype=np.int32) // (REPS // TEAMS)).astype(np.int32),
        grades=GRADES,
        sources=SOURCES,
        stages=STAGES,
        reasons=("duplicate", "test", "spam"),
        currencies=("EUR",),
        deliverables=(),
    )


def _calendar(number: int) -> Calendar:
    shift = tuple(Window(opens=a, closes=b) for a, b in SHIFTS[number % len(SHIFTS)])
    every_day = number % 7 == 6
    if number == 13:
        shift, every_day = (Window(opens=0, closes=1440),), True
    saturday = (Window(opens=540, closes=780),) if number % 3 == 0 else ()
    week = (shift,) * 7 if every_day else ((shift,) * 5 + (saturday, ()))
    closed = tuple(
        date(2024 + year, 1 + (number + k) % 12, 1 + (number * 5 + k) % 28) for year in range(4) for k in range(8)
    )
    short = DayHours(on=date(2024, 12, 24), windows=(Window(opens=540, closes=720),))
    return Calendar(
        id=f"c{number:02}",
        zone=ZONES[number % len(ZONES)],
        week=week,
        holidays=Holidays(dates=closed),
        exceptions=(short,),
    )


def _agreement(calendars: tuple[Calendar, ...]) -> Agreement:
    def by_tier(a: str, b: str, c: str) -> tuple[Override, ...]:
        pairs = zip(GRADES, (a, b, c), strict=True)
        return tuple(
            Override(only=Scope(tiers=(tier,)), within=Allowance.model_validate(words)) for tier, words in pairs
        )

    return Agreement(
        id="bench",
        title="Benchmark",
        zone="UTC",
        in_force=InForce(from_on=date(2023, 1, 1)),
        parties=(
            Party(id="marketing", name="Marketing", role=Role.MARKETING),
            Party(id="sales", name="Sales", role=Role.SALES),
        ),
        tiers=tuple(
            Tier(id=grade, grades=(grade,), worth=Decimal(worth))
            for grade, worth in zip(GRADES, (100, 50, 40), strict=True)
        ),
        # With values of their own these two are stages only; without, a deal opened or won would count as well.
        definitions={word: Definition(values=(word,)) for word in ("mql", "opportunity", "customer")},
        handover=Handover(at=HandoverMoment.STAGE, stage="mql"),
        calendars=calendars,
        commitments=(
            Commitment(
                id="respond",
                party="sales",
                kind=Kind.SPEED_TO_LEAD,
                target=Target.model_validate("95 % within 4 business hours"),
                overrides=by_tier("1 business hour", "4 business hours", "16 business hours"),
            ),
            Commitment(
                id="dispose",
                party="sales",
                kind=Kind.DISPOSITION_TIME,
                target=Target.model_validate("90 % within 24 business hours"),
                overrides=by_tier("16 business hours", "24 business hours", "40 business hours"),
            ),
            Commitment(
                id="attempts",
                party="sales",
                kind=Kind.FOLLOW_UP_DEPTH,
                target=Target.model_validate("80 % with 5 touches within 10 business days"),
                overrides=by_tier("5 business days", "10 business days", "15 business days"),
            ),
        ),
    )
