"""A draft against its own hours and its own past."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from smarketing.plan.baseline import baseline
from smarketing.plan.realism import capacity_uses, promised_attempts, promised_leads, realism
from smarketing.plan.sentences import caution
from smarketing.plan.tracker import TRACKER
from smarketing.terms.agreement import Agreement, Capacity, Handover, HandoverMoment, InForce, Party, Role
from smarketing.terms.calendar import Calendar, Window
from smarketing.terms.commitment import Commitment, Kind, Scope
from smarketing.terms.language import words
from smarketing.terms.period import Grain
from smarketing.terms.target import Target

EN = words("en")
OFFICE = Calendar(id="office", zone="Europe/Madrid", week=((Window(opens=540, closes=1020),),) * 5 + ((),) * 2)


def promise(id: str, kind: Kind, target: str, party: str = "marketing", **more: Any) -> Commitment:
    return Commitment(id=id, party=party, kind=kind, target=Target.model_validate(target), **more)


def draft(*commitments: Commitment, minutes: int = 10, **more: Any) -> Agreement:
    capacity = Capacity(
        reps=10,
        hours_per_rep=Decimal(160),
        marketing_share=Decimal("0.4"),
        minutes_per_attempt=Decimal(minutes),
    )
    return Agreement(
        id="a",
        title="A",
        zone="Europe/Madrid",
        in_force=InForce(from_on=date(2026, 1, 1)),
        parties=(
            Party(id="marketing", name="Marketing", role=Role.MARKETING),
            Party(id="sales", name="Sales", role=Role.SALES, capacity=capacity),
        ),
        calendars=(OFFICE,),
        commitments=commitments,
        **more,
    )


VOLUME = promise("volume", Kind.LEAD_VOLUME, "1000 leads", stage="lead")
DEPTH = promise("depth", Kind.FOLLOW_UP_DEPTH, "6 touches within 5 business days", party="sales")


def texts(agreement: Agreement, tracker: pl.DataFrame | None = None) -> list[str]:
    measured = None if tracker is None else baseline(tracker, n_months=12, lag_months=0)
    return [caution(each, EN).replace("\u00a0", " ") for each in realism(agreement, tracker, measured)]


def test_more_attempts_than_hours_are_told_with_the_largest_promise_that_fits() -> None:
    assert texts(draft(VOLUME, DEPTH)) == [
        "The promise takes 156.3 % of the hours that Sales has for it: 6 attempts per lead are promised, "
        "3 can be kept.",
        "With 36.0 % of the attempts automated, the promise would fit the hours of Sales.",
    ]


def test_a_promise_that_nearly_fills_the_hours_is_tight() -> None:
    assert texts(draft(VOLUME, DEPTH, minutes=6)) == [
        "The promise uses 93.8 % of the hours that Sales has for it: a bad week breaks it."
    ]


def test_a_promise_that_fits_gives_no_warning() -> None:
    assert texts(draft(VOLUME, DEPTH, minutes=5)) == []


@pytest.mark.parametrize(
    ("commitments", "leads"),
    [
        ((VOLUME,), Fraction(1000)),
        ((promise("quarter", Kind.LEAD_VOLUME, "1000 leads", period=Grain.QUARTER),), Fraction(1000, 3)),
        (
            (
                promise("a", Kind.LEAD_VOLUME, "30 leads", only=Scope(tiers=("a",))),
                promise("b", Kind.LEAD_VOLUME, "70 leads", only=Scope(tiers=("b",))),
            ),
            Fraction(100),
        ),
        ((VOLUME, promise("a", Kind.LEAD_VOLUME, "30 leads", stage="lead", only=Scope(tiers=("a",)))), Fraction(1000)),
        ((DEPTH,), None),
    ],
)
def test_promised_leads_are_those_of_a_month(commitments: tuple[Commitment, ...], leads: Fraction | None) -> None:
    assert promised_leads(draft(*commitments)) == leads


def test_the_stage_of_the_handover_counts_before_others() -> None:
    handed_over = promise("mql", Kind.LEAD_VOLUME, "140 leads", stage="mql")
    assert promised_leads(draft(VOLUME, handed_over, handover=Handover(at=HandoverMoment.STAGE))) == 140


def test_speed_alone_promises_one_attempt() -> None:
    speed = promise("speed", Kind.SPEED_TO_LEAD, "95 % within 1 business hour", party="sales")
    agreement = draft(VOLUME, speed)
    assert promised_attempts(agreement, agreement.parties[1]) == 1
    assert promised_attempts(agreement, agreement.parties[0]) is None
    assert capacity_uses(agreement)["sales"].attempts == 1
    shared = promise("share", Kind.FOLLOW_UP_DEPTH, "90 % with 4 touches within 5 business days", party="sales")
    agreement = draft(VOLUME, speed, shared)
    assert promised_attempts(agreement, agreement.parties[1]) == 4


def test_a_promise_above_the_best_month_and_the_measured_rate_is_flagged() -> None:
    past = pl.DataFrame(
        {"month": [date(2025, 1, 1)], "n_leads": [800], "n_customers": [40]}
        | {name: [0] for name in ("n_mql", "n_sql", "n_deals", "revenue", "total_revenue")}
        | {"cycle_days": [None]},
        schema_overrides=TRACKER,
        strict=False,
    ).select(list(TRACKER))
    rate = promise("rate", Kind.CONVERSION_RATE, "10 %", stage="lead", to_stage="customer")
    assert texts(draft(promise("rate", Kind.CONVERSION_RATE, "5 %", to_stage="customer")), past) == []
    found = texts(draft(VOLUME, rate), past)
    assert found == [
        "The promise of 1,000 leads a month is more than any past month brought; the best of 1 brought 800.",
        "The promised conversion of 10.0 % is above anything the past supports (at most 6.7 %, 95 % confidence).",
    ]
