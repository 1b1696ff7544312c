"""A scorecard made by hand for tests of charts and pages: one month of one company, all shapes of promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from smarketing.scorecard.card import (
    AgreementCard,
    Axis,
    Band,
    Cohort,
    Day,
    Depth,
    Funnel,
    FunnelStage,
    Group,
    Heat,
    Line,
    Pace,
    PartyCard,
    Provenance,
    Reason,
    Scorecard,
    Shape,
    Span,
    Speed,
    Step,
    Total,
    Trend,
    Word,
)
from smarketing.terms.period import Grain

FIRST = date(2026, 10, 1)
TODAY = 21
N_DAYS = 31


def month_card(*, today: int = TODAY, **changes: Any) -> Scorecard:
    """October 2026 on day `today` of 31; `changes` replace fields of the card."""
    is_over = today >= N_DAYS
    now = datetime(2026, 11, 3, 9, tzinfo=UTC) if is_over else datetime(2026, 10, today, 15, 30, tzinfo=UTC)
    card = Scorecard(
        agreement=AgreementCard(
            "tramontana",
            2,
            "Marketing and sales at Tramontana",
            "internal",
            "en",
            "EUR",
            "Europe/Madrid",
            date(2026, 7, 1),
            date(2026, 12, 31),
            "sha256:" + "5f" * 32,
        ),
        period=Span(
            "2026-10",
            Grain.MONTH,
            FIRST,
            date(2026, 11, 1),
            datetime(2026, 9, 30, 22, tzinfo=UTC),
            datetime(2026, 10, 31, 23, tzinfo=UTC),
            is_over,
            N_DAYS,
            min(today, N_DAYS),
        ),
        now=now,
        parties=(
            PartyCard("marketing", "Marketing", "marketing", Total(1.04, 0, 0, 2, 0, 0, kept=0.97)),
            PartyCard("sales", "Sales", "sales", Total(0.93, 0, 1, 2, 0, 0, kept=0.9)),
        ),
        total=Total(0.98, 0, 1, 4, 0, 0, kept=0.93),
        lines=(
            total_line("mqls", today=today),
            money_line(today=today),
            speed_line(today=today),
            depth_line(today=today),
        ),
        funnel=october_funnel(),
        sources=(
            Cohort("paid_search", "Google Ads", 130, {"lead": 130, "mql": 71, "sal": 60, "sql": 22}, 8400.0),
            Cohort("organic", "Organic", 110, {"lead": 110, "mql": 64, "sal": 58, "sql": 25}, 12100.0),
        ),
        tiers=(Cohort("a", "Asks for a demo", 82, {"lead": 82, "mql": 79, "sal": 71, "sql": 31}, 15000.0),),
        heat=Heat(_hours(5), _hours(9)),
        steps=(Step("consequence", "speed", 2, "Eva joins the weekly stand-up until the line is met again", "Eva"),),
        provenance=Provenance("smarketing 0.1.0", ("sha256:" + "5f" * 32,), 7, "2026b", now, 486, 1),
    )
    return replace(card, **changes)


def total_line(key: str = "mqls", *, today: int = TODAY, **changes: Any) -> Line:
    target, per_day = 280.0, 12.0
    actual = per_day * today
    goal = target * today / N_DAYS
    is_over = today >= N_DAYS
    pace = Pace(
        target,
        goal,
        actual,
        actual - goal,
        actual / goal,
        target / N_DAYS,
        N_DAYS,
        today,
        None if is_over else (target - actual) / (N_DAYS - today),
        per_day * N_DAYS,
        "calendar_days",
    )
    line = _line(
        id=key,
        party="marketing",
        kind="lead_volume",
        title="Qualified leads handed over",
        measure="count",
        shape=Shape.TOTAL,
        target="280 leads",
        target_value=target,
        target_unit="leads",
        actual=actual,
        actual_unit="leads",
        attainment=None,
        n_running=0 if is_over else 1,
        is_target_met=True if is_over else None,
        n_met=1 if is_over else 0,
        progress=actual / target,
        word=Word.MET if is_over else Word.ON_TRACK,
        pace=pace,
        days=tuple(_total_day(n, today, target, per_day) for n in range(N_DAYS)),
        trend=_trend((251.0, 296.0, 262.0, 199.0, 247.0, 302.0, 165.0, 288.0), 270.0, actual),
        weight=3.0,
    )
    return replace(line, **changes)


def money_line(*, today: int = TODAY) -> Line:
    line = total_line("pipeline", today=today)
    days = tuple(
        replace(d, goal=(d.goal or 0) * 1500, cumulative=None if d.cumulative is None else d.cumulative * 1300)
        for d in line.days
    )
    actual, goal = 12.0 * today * 1300, 280.0 * today / N_DAYS * 1500
    pace = replace(
        line.pace,
        goal=420_000.0,
        line=goal,
        actual=actual,
        gap=actual - goal,
        share_of_line=actual / goal,
        projected_end=actual / today * N_DAYS,
    )
    return replace(
        line,
        kind="pipeline_contribution",
        title="Pipeline from marketing's leads",
        target="420000 EUR",
        target_value=420_000.0,
        target_unit="EUR",
        actual_unit="EUR",
        actual=actual,
        days=days,
        pace=pace,
        progress=actual / 420_000,
        word=Word.MISSED if today >= N_DAYS else Word.BEHIND,
        trend=_trend((361e3, 402e3, 380e3), 360e3, actual),
        weight=2.0,
    )


def speed_line(*, today: int = TODAY, **changes: Any) -> Line:
    bands = (
        Band("under_5_min", 21, 0, 300),
        Band("5_to_15_min", 38, 300, 900),
        Band("15_to_60_min", 84, 900, 3600),
        Band("over_60_min", 71, 3600, None),
        Band("never", 9),
        Band("waiting", 6),
    )
    speed = Speed(214, 9, 6, 5120.0, 2280.0, 14_400.0, bands)
    other = Speed(229, 0, 0, 100.0, 75.0, 200.0, ())
    line = _line(
        id="speed",
        party="sales",
        kind="speed_to_lead",
        title="First answer",
        measure="share",
        shape=Shape.CLOCKS,
        target="80 % within 2 business hours",
        target_value=0.8,
        target_unit="ratio",
        actual=175 / 223,
        actual_unit="ratio",
        attainment=175 / 223,
        n_met=175,
        n_breached=48,
        n_running=6,
        n_void=11,
        n_at_risk=2,
        progress=175 / 223 / 0.8,
        word=Word.BEHIND,
        speed=speed,
        clocks={"lead": speed, "system": other, "rep": speed},
        voids=(Reason("duplicate", 7), Reason("test", 4)),
        n_strikes=2,
        days=tuple(_clock_day(n, today) for n in range(N_DAYS)),
        trend=_trend((0.82, 0.85, 0.81, 0.37, 0.79), 0.8, 175 / 223),
        weight=3.0,
        groups=october_groups(),
        pace=Pace(0.8, 0.8, 175 / 223, -0.015, 0.98, None, N_DAYS, today, None, None, "calendar_days", 45.0, 1.55),
    )
    return replace(line, **changes)


def depth_line(*, today: int = TODAY, **changes: Any) -> Line:
    line = _line(
        id="depth",
        party="sales",
        kind="follow_up_depth",
        title="Attempts before giving up",
        measure="depth",
        shape=Shape.DEPTH,
        target="4 touches within 5 business days",
        target_value=4.0,
        target_unit="touches",
        actual=4.31,
        actual_unit="touches",
        attainment=None,
        n_met=44,
        n_breached=25,
        n_running=31,
        progress=1.08,
        word=Word.ON_TRACK,
        depth=Depth(4.31, 69, 130, 31, (5, 3, 6, 11, 14, 13, 9, 8)),
        days=tuple(_depth_day(n, today) for n in range(N_DAYS)),
        trend=_trend((4.1, 3.9, 4.4, 2.2, 4.2), 4.0, 4.31),
    )
    return replace(line, **changes)


def october_groups() -> dict[Axis, tuple[Group, ...]]:
    def group(key: str, name: str, met: int, missed: int, rank: int, median_s: float | None) -> Group:
        share = met / (met + missed) if met + missed else None
        return Group(
            n_met=met,
            n_breached=missed,
            actual=share,
            target=0.8,
            is_target_met=None if share is None else share >= 0.8,
            progress=None if share is None else share / 0.8,
            median_s=median_s,
            mean_s=median_s,
            n=met + missed,
            id=key,
            name=name,
            rank=rank,
        )

    return {
        Axis.REP: (
            group("u-1", "Priya Raman", 31, 2, 1, 1200.0),
            group("u-2", "Inés Carballo", 40, 5, 2, 1300.0),
            group("u-3", "Bruno Salvatierra", 14, 17, 4, 9100.0),
            group("", "", 0, 3, 5, None),
        ),
        Axis.TEAM: (group("Iberia", "Iberia", 54, 22, 2, 3100.0), group("Americas", "Americas", 61, 9, 1, 1500.0)),
    }


def october_funnel() -> Funnel:
    def stage(name: str, n: int, before: int | None, days: float | None) -> FunnelStage:
        lag = None if days is None else days * 86_400
        share = None if before is None else n / before
        return FunnelStage(name, n, share, n / 486, lag, lag and lag * 3, n, name in ("opportunity", "customer"))

    return Funnel(
        486,
        19,
        (
            stage("lead", 486, None, None),
            stage("mql", 252, 486, 0.4),
            stage("sal", 214, 252, 0.2),
            stage("sql", 81, 214, 3.0),
            stage("opportunity", 52, 81, 4.0),
            stage("customer", 4, 52, 12.0),
        ),
        31,
        40,
    )


def _line(**known: Any) -> Line:
    defaults: dict[str, Any] = {
        "description": "",
        "direction": "at_least",
        "period": Grain.MONTH,
        "weight": 1.0,
        "contact": "Sam Whitlock",
        "why": "",
        "attainment_why": "",
        "n_met": 0,
        "n_breached": 0,
        "n_running": 0,
        "n_void": 0,
        "n_at_risk": 0,
        "is_target_met": None,
        "progress": None,
        "pace": None,
        "speed": None,
        "depth": None,
        "clocks": {},
        "voids": (),
        "n_strikes": 0,
        "trend": (),
        "periods": (),
        "days": (),
        "groups": {},
    }
    return Line(**(defaults | known))


def _total_day(n: int, today: int, target: float, per_day: float) -> Day:
    on = FIRST + timedelta(days=n)
    wave = per_day + (3 if on.weekday() < 5 else -7)
    passed = n < today
    so_far = per_day * (n + 1) + (n % 5 - 2) if n + 1 < today else per_day * today
    return Day(
        amount=wave if passed else None, on=on, goal=target * (n + 1) / N_DAYS, cumulative=so_far if passed else None
    )


def _clock_day(n: int, today: int) -> Day:
    on = FIRST + timedelta(days=n)
    if n >= today or on.weekday() > 4:
        return Day(on=on, is_counting=on.weekday() < 5)
    met, missed = 9 + n % 4, 2 + (n * 7) % 4
    return Day(
        n_met=met,
        n_breached=missed,
        actual=met / (met + missed),
        target=0.8,
        mean_s=4000.0 + 900 * (n % 5),
        median_s=1800.0 + 500 * (n % 6),
        p90_s=15_000.0,
        n=met + missed,
        on=on,
        cumulative=0.76 + 0.002 * n,
    )


def _depth_day(n: int, today: int) -> Day:
    on = FIRST + timedelta(days=n)
    is_known = n < today - 7 and on.weekday() < 5
    return Day(on=on, depth=3.2 + (n % 5) * 0.5 if is_known else None, n=6, target=4.0)


def _trend(before: tuple[float, ...], target: float, latest: float) -> tuple[Trend, ...]:
    values = [*before, latest]
    periods = []
    for back, value in zip(range(len(before), -1, -1), values, strict=True):
        years, month = divmod(2026 * 12 + 9 - back, 12)
        after = divmod(2026 * 12 + 10 - back, 12)
        start, end = date(years, month + 1, 1), date(after[0], after[1] + 1, 1)
        met = None if back == 0 else value >= target
        periods.append(
            Trend(
                actual=value,
                target=target,
                is_target_met=met,
                label=f"{start:%Y-%m}",
                from_on=start,
                until_on=end,
                is_over=back > 0,
            )
        )
    return tuple(periods)


def _hours(busy: int) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(busy * max(0, 6 - abs(hour - 11)) // (1 if day < 5 else 4) for hour in range(24)) for day in range(7)
    )
