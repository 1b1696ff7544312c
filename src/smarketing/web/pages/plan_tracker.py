"""The monthly tracker beneath the plan: what each month brought, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smarketing.terms.language import Words
from smarketing.workflows.plan_worksheet import Worksheet, trailing


@dataclass(frozen=True, slots=True)
class TrackerRow:
    label: str
    cells: tuple[str, ...]
    is_complete: bool
    is_total: bool


def tracker_headers(words: Words) -> tuple[str, ...]:
    return (
        words("Month"),
        words("Leads"),
        words("MQLs"),
        words("SQLs"),
        words("Customers"),
        words("Lead to MQL"),
        words("MQL to SQL"),
        words("Close rate"),
        words("Revenue"),
        words("All revenue"),
        words("Marketing's share of revenue"),
        words("Average deal"),
        words("Cycle in days"),
    )


def tracker_rows(sheet: Worksheet, words: Words) -> tuple[TrackerRow, ...]:
    """The latest two years, newest first, with the trailing 6 and 12 complete months on top."""
    if sheet.measured is None:
        return ()
    rows = []
    for n_months in (12, 6):
        total = trailing(sheet, n_months)
        if total and total["n_months"] == n_months:
            label = words("Latest {n} months", n=words.number(n_months))
            rows.append(TrackerRow(label, _cells(total, sheet.currency, words), is_complete=True, is_total=True))
    running = sheet.measured.now_on.replace(day=1)
    for row in reversed(sheet.measured.tracker.tail(24).to_dicts()):
        is_complete = row["month"] < running
        label = words.month(row["month"])
        label = label if is_complete else words("{month} so far", month=label)
        rows.append(TrackerRow(label, _cells(row, sheet.currency, words), is_complete, is_total=False))
    return tuple(rows)


def _cells(row: dict[str, Any], currency: str, words: Words) -> tuple[str, ...]:
    def share(over: str, under: str) -> str:
        return words.percent(float(row[over] / row[under]) if row[under] else None)

    deal = row["revenue"] / row["n_deals"] if row["n_deals"] else None
    return (
        *(words.number(row[name]) for name in ("n_leads", "n_mql", "n_sql", "n_customers")),
        share("n_mql", "n_leads"),
        share("n_sql", "n_mql"),
        share("n_customers", "n_leads"),
        words.money(row["revenue"], currency),
        words.money(row["total_revenue"], currency),
        share("revenue", "total_revenue"),
        words.money(deal, currency),
        words.number(row["cycle_days"], 1),
    )
