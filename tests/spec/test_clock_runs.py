"""How a clock runs: what has passed, what a pause costs, when a reminder comes, and what is just in time."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.spec.clock_words import K2, at, due, minutes, office, warned

from smarketing.engine.clocks import Clocks, Verdict
from smarketing.engine.history import NEVER
from smarketing.terms.offsets import US

HOUR = timedelta(hours=1)
CHAIN = (15, 45, 55, 60)


def test_t23_the_warning_an_hour_before_comes_in_the_morning_not_at_midnight() -> None:
    assert due("Mon 8 Jun 17:00", "4 business hours", office(K2)) == "Tue 9 Jun 11:00"
    assert warned("Mon 8 Jun 17:00", "4 business hours", office(K2), before=HOUR) == "Tue 9 Jun 10:00"


def test_t29_a_pause_over_night_costs_only_its_open_hours() -> None:
    paused = [("Mon 8 Jun 16:00", "Tue 9 Jun 10:00")]
    assert due("Mon 8 Jun 14:00", "4 business hours", office(), paused=paused) == "Tue 9 Jun 12:00"


def test_t31_three_quarters_of_a_friday_promise_are_gone_on_monday() -> None:
    assert due("Fri 12 Jun 16:50", "4 business hours", office()) == "Mon 15 Jun 12:50"
    assert warned("Fri 12 Jun 16:50", "4 business hours", office(), before=HOUR) == "Mon 15 Jun 11:50"


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [
        ("Tue 9 Jun 10:00", "Tue 9 Jun 12:30", 150),
        ("Fri 12 Jun 16:30", "Mon 15 Jun 09:30", 60),
        ("Sat 13 Jun 11:00", "Mon 15 Jun 10:00", 60),
    ],
)
def test_t32_only_open_minutes_have_passed(start: str, stop: str, expected: int) -> None:
    assert minutes(start, stop, office()) == expected


@pytest.mark.parametrize(("seconds_late", "verdict"), [(0, Verdict.MET), (1, Verdict.BREACHED)])
def test_t36_a_reply_at_the_deadline_is_in_time_and_a_second_later_is_not(seconds_late: int, verdict: Verdict) -> None:
    deadline = at("Fri 12 Jun 17:00")
    clock = a_clock(due_at=deadline, stop_at=deadline + seconds_late * US)
    assert clock.verdicts(now=deadline + 60 * US).tolist() == [verdict]


@pytest.mark.parametrize(
    ("answered", "steps"),
    [
        ("Mon 8 Jun 10:50", [15, 45]),
        ("Mon 8 Jun 11:00", [15, 45, 55]),
        ("Mon 8 Jun 11:30", [15, 45, 55, 60]),
        ("Mon 8 Jun 10:10", []),
    ],
)
def test_t46_the_chain_of_reminders_ends_with_the_answer(answered: str, steps: list[int]) -> None:
    """Reminders at 15 and 45 minutes, another status at 55, another owner at 60: each is due while nobody answered."""
    started, allowed = at("Mon 8 Jun 10:00"), timedelta(hours=1)
    clock = a_clock(due_at=started + allowed // timedelta(microseconds=1), stop_at=at(answered))
    due_on = [
        warned("Mon 8 Jun 10:00", "60 business minutes", office(), before=timedelta(minutes=60 - n)) for n in CHAIN
    ]
    assert due_on == ["Mon 8 Jun 10:15", "Mon 8 Jun 10:45", "Mon 8 Jun 10:55", "Mon 8 Jun 11:00"]
    assert [n for n, moment in zip(CHAIN, due_on, strict=True) if clock.stop_at[0] > at(moment)] == steps


def a_clock(*, due_at: int, stop_at: int) -> Clocks:
    times = {"start_at": due_at - 3600 * US, "risk_at": due_at, "due_at": due_at, "stop_at": stop_at}
    others = {"connected_at": NEVER, "elapsed_us": 0, "void": 0}
    counts = dict.fromkeys(("lead", "episode", "owner", "tier", "source", "calendar", "count"), 0)
    return Clocks(**{name: np.array([value]) for name, value in {**times, **others, **counts}.items()})
