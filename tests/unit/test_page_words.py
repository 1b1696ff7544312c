"""Targets, periods and groups in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.cards import depth_line, month_card, speed_line, total_line

from smarketing.reports.promises import promise, teams
from smarketing.reports.spoken import group_name, span_title, target_words
from smarketing.scorecard.card import Axis, PartyCard, Span, Total, Trend
from smarketing.terms.language import words
from smarketing.terms.period import Grain

EN, ES = words("en"), words("es")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("80 % within 2 business hours", "80 % within 2 business hours"),
        ("97.5 % within 1 business day", "97.5 % within 1 business day"),
        ("90 % with 6 touches within 5 business days", "90 % with 6 touches within 5 business days"),
        ("6 touches within 5 business days", "6 touches within 5 business days"),
        ("4.5 touches within 5 business days", "4.5 touches within 5 business days"),
        ("median within 30 business minutes", "half of them within 30 business minutes"),
        ("mean within 90 business seconds", "within 90 business seconds on average"),
        ("p90 within 48 clock hours", "nine in ten within 48 hours, nights included"),
        ("at most 5 business days", "never more than 5 business days of silence"),
        ("25 %", "25 %"),
        ("140 leads", "140 leads a month"),
        ("200000 EUR", "€200,000 a month"),
        ("as the parties agree", "as the parties agree"),
    ],
)
def test_a_target_in_words(target: str, said: str) -> None:
    assert target_words(replace(speed_line(), target=target), EN).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("grain", "label", "first", "after", "said"),
    [
        (Grain.DAY, "2026-10-01", date(2026, 10, 1), date(2026, 10, 2), "Thursday 1 October 2026"),
        (Grain.WEEK, "2026-W42", date(2026, 10, 12), date(2026, 10, 19), "Week 42 of 2026"),
        (Grain.MONTH, "2026-10", date(2026, 10, 1), date(2026, 11, 1), "October 2026"),
        (Grain.QUARTER, "2026-Q3", date(2026, 7, 1), date(2026, 10, 1), "3rd quarter 2026"),
        (Grain.YEAR, "2026", date(2026, 1, 1), date(2027, 1, 1), "2026"),
        (Grain.MONTH, "2026-01..2026-03", date(2026, 1, 1), date(2026, 4, 1), "1 Jan 2026 – 31 Mar 2026"),
    ],
)
def test_a_period_in_words(grain: Grain, label: str, first: date, after: date, said: str) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert span_title(Span(label, grain, first, after, at, at, False, 1, 1), EN) == said


@pytest.mark.parametrize(
    ("grain", "label", "said"),
    [
        (Grain.DAY, "2026-10-01", "Jueves, 1 de octubre de 2026"),
        (Grain.MONTH, "2026-10", "Octubre de 2026"),
        (Grain.QUARTER, "2026-Q4", "4.º trimestre de 2026"),
    ],
)
def test_a_period_in_spanish(grain: Grain, label: str, said: str) -> None:
    at, first = datetime(2026, 1, 1, tzinfo=UTC), date(2026, 10, 1)
    assert span_title(Span(label, grain, first, first, at, at, False, 1, 1), ES) == said


def test_groups_are_called_as_people_call_them() -> None:
    assert group_name(Axis.WEEK, "2026-W42", "", EN) == "Week 42 of 2026"
    assert group_name(Axis.DAY, "2026-10-01", "", EN) == "Thu 1 Oct"
    assert group_name(Axis.DAY, "some day", "", EN) == "some day"
    assert group_name(Axis.SOURCE, "paid_search", "paid_search", EN) == "Paid search"
    assert group_name(Axis.REP, "u-1", "Priya Raman", EN) == "Priya Raman"
    assert group_name(Axis.REP, "", "", EN) == "nobody"


def test_teams_come_in_the_order_of_the_handover() -> None:
    card = month_card()
    service = PartyCard("service", "Service", "service", Total(None, 0, 0, 0, 1, 0))
    shuffled = replace(
        card, parties=(service, *reversed(card.parties)), lines=(*card.lines, total_line("x", party="service"))
    )
    assert [team.role for team in teams(shuffled, EN)] == ["marketing", "sales", "other"]


def test_a_party_that_promises_nothing_takes_no_room() -> None:
    card = month_card(lines=(total_line(),))
    assert [team.id for team in teams(card, EN)] == ["marketing"]


def test_a_weekly_thing_in_a_month_is_counted_in_weeks() -> None:
    weeks = tuple(
        Trend(n_met=int(ok), n_breached=int(not ok), actual=float(ok), target=1.0, is_target_met=ok, label=f"2026-W{n}")
        for n, ok in ((41, True), (42, False))
    )
    line = replace(total_line(), kind="deliverable", n_met=1, n_breached=1, periods=weeks, target="1 deliveries")
    found = promise(line, EN)
    assert (found.actual, found.unit) == ("1 of 2", "deliveries in time")
    assert [dot.standing for dot in found.dots] == ["met", "missed"]
    assert found.meter is None


def test_the_meter_marks_today_and_the_promise() -> None:
    meter = promise(total_line(), EN).meter
    assert meter is not None and meter.line is not None
    assert meter.line < meter.fill < meter.goal < 1


def test_a_promise_without_a_number_has_no_meter() -> None:
    assert promise(replace(depth_line(), actual=None, why="No window has closed yet."), EN).meter is None


@pytest.mark.parametrize(
    ("burn", "said"), [(1.0, "exactly as fast"), (2.64, "2.6 times too fast"), (0.5, "at 50 % of the speed")]
)
def test_how_fast_misses_are_used_up(burn: float, said: str) -> None:
    line = speed_line()
    assert line.pace is not None
    assert said in promise(replace(line, pace=replace(line.pace, burn_rate=burn)), EN).pace.replace("\u00a0", " ")


def test_numbers_of_spanish_readers() -> None:
    assert promise(depth_line(), ES).actual == "4,31"
