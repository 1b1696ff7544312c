"""The tracker counts each thing in the month of its zone in which it happened."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl

from smarketing.plan.tracker import LEAD_MOMENTS, SALES, added, tracker


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def us(text: str) -> int:
    return int(at(text).timestamp()) * 1_000_000


STARTS = [
    (date(2026, 1, 1), us("2025-12-31T23:00")),  # Europe/Madrid
    (date(2026, 2, 1), us("2026-01-31T23:00")),
    (date(2026, 3, 1), us("2026-02-28T23:00")),
]
LEADS = pl.DataFrame(
    [
        (at("2025-12-31T22:59"), None, None, None),  # December in Madrid
        (at("2025-12-31T23:00"), at("2026-01-10T00:00"), None, at("2026-02-10T23:00")),
        (at("2026-01-31T22:59"), at("2026-02-01T00:00"), at("2026-02-02T00:00"), at("2026-02-10T22:59")),
        (at("2026-02-28T23:00"), None, None, None),  # March
    ],
    schema=LEAD_MOMENTS,
    orient="row",
)
SOLD = pl.DataFrame(
    [
        (at("2026-02-10T23:00"), Decimal("1000.50"), True),
        (at("2026-02-11T00:00"), Decimal("3000"), False),
        (at("2026-02-12T00:00"), None, True),
    ],
    schema=SALES,
    orient="row",
)


def test_months_are_those_of_the_zone() -> None:
    counted = tracker(LEADS, SOLD, STARTS)
    assert counted["month"].to_list() == [date(2026, 1, 1), date(2026, 2, 1)]
    assert counted["n_leads"].to_list() == [2, 0]
    assert counted["n_mql"].to_list() == [1, 1]
    assert counted["n_sql"].to_list() == [0, 1]
    assert counted["n_customers"].to_list() == [0, 2]
    assert counted["n_deals"].to_list() == [0, 2]


def test_money_is_exact_and_beside_all_revenue() -> None:
    february = tracker(LEADS, SOLD, STARTS).row(1, named=True)
    assert february["revenue"] == Decimal("1000.5000")
    assert february["total_revenue"] == Decimal("4000.5000")
    assert round(february["cycle_days"], 3) == round((41 + 10) / 2, 3)


def test_a_month_without_customers_has_no_cycle() -> None:
    assert tracker(LEADS, SOLD, STARTS)["cycle_days"][0] is None


def test_trackers_of_disjoint_leads_add_up() -> None:
    none = SOLD.clear()
    parts = [
        tracker(LEADS[:2], SOLD[:1], STARTS),
        tracker(LEADS[2:], SOLD[1:], STARTS),
        tracker(LEADS[:0], none, STARTS),
    ]
    whole = tracker(LEADS, SOLD, STARTS)
    assert added(parts).drop("cycle_days").equals(whole.drop("cycle_days"))
    assert (added(parts)["cycle_days"] - whole["cycle_days"]).abs().max() < 1e-9
