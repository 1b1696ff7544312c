"""Whether sales can keep its promise: hours, attempts, and what automation frees."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from smarketing.plan.capacity import capacity_use, touches_needed
from smarketing.terms.agreement import Capacity


def team(minutes: int, automated: str = "0") -> Capacity:
    return Capacity(
        reps=10,
        hours_per_rep=Decimal(160),
        marketing_share=Decimal("0.4"),
        minutes_per_attempt=Decimal(minutes),
        automated_share=Decimal(automated),
    )


def test_t13_six_attempts_of_five_minutes_take_78_percent_of_the_time() -> None:
    use = capacity_use(1000, 6, team(minutes=5))
    assert use.leads_per_rep == 100
    assert (use.hours_needed, use.hours_available) == (50, 64)
    assert round(float(use.used_ratio) * 100, 1) == 78.1
    assert use.is_affordable


def test_t13_at_ten_minutes_only_three_attempts_can_be_promised() -> None:
    use = capacity_use(1000, 6, team(minutes=10))
    assert use.used_ratio == Fraction(100, 64)  # 156.3 %
    assert not use.is_affordable
    assert use.affordable_attempts == 3
    assert use.affordable_leads == 640
    assert use.reps_needed == 16
    assert use.automation_needed == Fraction(36, 100)


def test_automated_attempts_cost_nobody_time() -> None:
    use = capacity_use(1000, 6, team(minutes=10, automated="0.4"))
    assert (use.hours_needed, use.hours_freed) == (60, 40)
    assert use.is_affordable
    assert use.affordable_attempts == 6


def test_t14_twenty_opportunities_cost_a_thousand_calls_and_1200_emails() -> None:
    assert touches_needed(20, 10, {"call": 5, "email": 6}) == {"call": 1000, "email": 1200}
