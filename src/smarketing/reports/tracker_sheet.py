"""The sheets of the past: one row per month with its rates, the latest 6 and 12, and the baseline drawn from them."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any

import polars as pl

from smarketing.plan.baseline import Baseline
from smarketing.reports.live_sheet import LiveSheet, Value, when
from smarketing.terms.language import N_, Words

COUNTS = (
    ("n_leads", N_("Leads"), "whole"),
    ("n_mql", N_("MQLs"), "whole"),
    ("n_sql", N_("SQLs"), "whole"),
    ("n_customers", N_("Customers"), "whole"),
    ("n_deals", N_("Won deals"), "whole"),
    ("revenue", N_("Revenue"), "money"),
    ("total_revenue", N_("All revenue"), "money"),
    ("cycle_days", N_("Cycle in days"), "number"),
)
RATES = (
    (N_("Lead to MQL"), "n_mql", "n_leads", "percent"),
    (N_("MQL to SQL"), "n_sql", "n_mql", "percent"),
    (N_("SQL to customer"), "n_customers", "n_sql", "percent"),
    (N_("Lead to customer"), "n_customers", "n_leads", "percent"),
    (N_("Average deal"), "revenue", "n_customers", "money"),
    (N_("Marketing's share of revenue"), "revenue", "total_revenue", "percent"),
)
# What a name of the plan is called in the past.
BASELINE = {
    "close_rate": "measured_close_rate",
    "average_deal": "measured_average_deal",
    "marketing_share": "measured_marketing_share",
    "best_month": "measured_best_month",
}
COLUMN = {name: chr(ord("B") + position) for position, (name, _, _) in enumerate(COUNTS)}
TOP = 2  # the first month stands in row 3
TRAILING = (6, 12)


def tracker_sheet(book: Any, sheet: LiveSheet, tracker: pl.DataFrame, now_on: date, words: Words) -> None:
    """One row per month, and the latest 6 and 12 as one each; the running month is in no total."""
    page, n_months = sheet.sheet, tracker.height
    n_complete = tracker.filter(pl.col("month") < now_on.replace(day=1)).height
    page.set_column(0, 0, 22)
    page.set_column(1, len(COUNTS) + len(RATES), 13)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(TOP - 1)
    page.freeze_panes(TOP, 1)
    page.set_footer("&L&A&R&P / &N")
    sheet.text(0, words("Tracker"), "title")
    page.set_row(0, 28)
    page.set_row(TOP - 1, 46)
    sheet.text(0, words("Month"), "first", row=TOP - 1)
    titles = [words(title) for _, title, _ in COUNTS] + [words(title) for title, *_ in RATES]
    for column, title in enumerate(titles, 1):
        sheet.text(column, title, "head", row=TOP - 1)
    for position, month in enumerate(tracker.iter_rows(named=True)):
        _month(sheet, TOP + position, month, is_open=position >= n_complete)
    _name_columns(book, sheet, n_complete)
    sheet.row = TOP + n_months + 1
    for length in TRAILING:
        if n_complete:
            _trailing(sheet, tracker.head(n_complete).tail(length), n_complete, length, words)
    if n_complete < n_months:
        sheet.text(0, words("The running month is in no total."), "note")


def _month(sheet: LiveSheet, row: int, month: dict[str, Any], *, is_open: bool) -> None:
    role = "open" if is_open else "given"
    on = datetime(month["month"].year, month["month"].month, 1)
    sheet.sheet.write_datetime(row, 0, on, sheet.looks("month", "open" if is_open else "label"))
    for column, (name, _, code) in enumerate(COUNTS, 1):
        sheet.value(column, _plain(month[name]), code, role, row=row)
    _rates(sheet, row, {name: _plain(month[name]) for name, *_ in COUNTS}, "open" if is_open else "derived")


def _rates(sheet: LiveSheet, row: int, known: dict[str, Value], role: str) -> None:
    for column, (_, over, under, code) in enumerate(RATES, len(COUNTS) + 1):
        above, below = f"{COLUMN[over]}{row + 1}", f"{COLUMN[under]}{row + 1}"
        value = _ratio(known[over], known[under])
        sheet.formula(column, when(below, then=f"{above}/{below}"), value, code, role, row=row)


def _trailing(sheet: LiveSheet, window: pl.DataFrame, n_complete: int, length: int, words: Words) -> None:
    """The latest months as one: sums over sums, and the cycle of all their customers."""
    first, last = TOP + n_complete - window.height + 1, TOP + n_complete
    sheet.text(0, words.plural("The latest {n} month", "The latest {n} months", length), "total")
    known: dict[str, Value] = {name: _plain(window[name].sum()) for name, *_ in COUNTS if name != "cycle_days"}
    for column, (name, _, code) in enumerate(COUNTS, 1):
        span = f"{COLUMN[name]}{first}:{COLUMN[name]}{last}"
        if name != "cycle_days":
            sheet.formula(column, f"SUM({span})", known[name], code, "total")
            continue
        customers = f"{COLUMN['n_customers']}{first}:{COLUMN['n_customers']}{last}"
        total = f"SUM({customers})"
        days = float((window["cycle_days"].fill_null(0) * window["n_customers"]).sum())
        known[name] = _ratio(days, known["n_customers"])
        sheet.formula(column, when(total, then=f"SUMPRODUCT({span},{customers})/{total}"), known[name], code, "total")
    _rates(sheet, sheet.row, known, "total")
    sheet.row += 1


def _name_columns(book: Any, sheet: LiveSheet, n_complete: int) -> None:
    """Names for the complete months of each column, which the baseline reckons with."""
    page = sheet.sheet.get_name().replace("'", "''")
    first, last = TOP + 1, TOP + max(n_complete, 1)
    book.define_name("tracker_month", f"='{page}'!$A${first}:$A${last}")
    for name, column in COLUMN.items():
        book.define_name(f"tracker_{name}", f"='{page}'!${column}${first}:${column}${last}")


def baseline_sheet(book: Any, sheet: LiveSheet, found: Baseline, complete: pl.DataFrame, words: Words) -> None:
    """The pooled numbers of the latest months; how many, and the lag, may be changed."""
    page = sheet.sheet
    page.set_column(0, 0, 46)
    page.set_column(1, 1, 18)
    page.set_column(2, 2, 58)
    page.hide_gridlines(2)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.freeze_panes(2, 0)
    sheet.text(0, words("Baseline"), "title")
    page.set_row(0, 28)
    sheet.row = 2
    reference = page.get_name().replace("'", "''")
    for name, label, value, code, formula in _baseline_rows(found, complete, words):
        shown: Value = _serial(value) if isinstance(value, date) else value
        role = "result" if name == "measured_close_rate" else "derived"
        sheet.text(0, label)
        if formula:
            sheet.formula(1, formula, shown, code, role)
        else:
            sheet.value(1, shown, code, "input")
        book.define_name(name, f"='{reference}'!$B${sheet.row + 1}")
        sheet.row += 1


def _baseline_rows(
    found: Baseline, complete: pl.DataFrame, words: Words
) -> tuple[tuple[str, str, Value | date, str, str], ...]:
    """Each row's name in formulas, label, value, number format, and formula where it is reckoned."""
    counted = f"tracker_{found.counted}"
    first, last = (found.months[0], found.months[-1]) if found.months else (None, None)
    lead_first = found.lead_months[0] if found.lead_months else None
    interval = found.close_interval or (None, None)
    sold = "(tracker_month>=sold_from)*(tracker_month<=sold_to)"
    paired = "(tracker_month>=MAX(sold_from,EDATE(MIN(tracker_month),lag_months)))*(tracker_month<=sold_to)"
    leads = "(tracker_month>=leads_from)*(tracker_month<=EDATE(sold_to,-lag_months))"
    z, share = "NORMSINV(0.975)", "(paired_customers/baseline_leads)"
    half = f"{z}*SQRT({share}*(1-{share})/baseline_leads+{z}^2/(4*baseline_leads^2))"
    weight = f"(1+{z}^2/baseline_leads)"
    middle = f"({share}+{z}^2/(2*baseline_leads))"
    has_interval = "paired_customers<=baseline_leads"
    best = Fraction(int(complete[found.counted].max() or 0))  # type: ignore[arg-type]
    return (
        ("months_back", words("Months to look back"), found.n_months_asked, "whole", ""),
        ("lag_months", words("Lag in months from lead to customer"), found.lag_months, "whole", ""),
        ("sold_to", words("Customers until"), last, "month", "MAX(tracker_month)"),
        ("sold_from", words("Customers from"), first, "month",
         "MAX(MIN(tracker_month),EDATE(sold_to,1-months_back))"),
        ("leads_from", words("Leads from"), lead_first, "month",
         "MAX(MIN(tracker_month),EDATE(sold_from,-lag_months))"),
        ("baseline_leads", words("Leads"), found.n_leads, "whole", f"SUMPRODUCT({leads}*{counted})"),
        ("baseline_customers", words("Customers"), found.n_customers, "whole",
         f"SUMPRODUCT({sold}*tracker_n_customers)"),
        ("paired_customers", words("Customers of months with leads before them"), found.n_paired, "whole",
         f"SUMPRODUCT({paired}*tracker_n_customers)"),
        ("baseline_revenue", words("Revenue from marketing's leads"), found.revenue, "money",
         f"SUMPRODUCT({sold}*tracker_revenue)"),
        ("baseline_total_revenue", words("All revenue"), found.total_revenue, "money",
         f"SUMPRODUCT({sold}*tracker_total_revenue)"),
        ("measured_close_rate", words("Close rate, lead to customer"), found.close_rate.value, "percent",
         when("paired_customers", "baseline_leads", then="paired_customers/baseline_leads")),
        ("close_rate_low", words("At least, with 95 % confidence"), interval[0], "percent",
         when("baseline_leads", then=f'IF({has_interval},({middle}-{half})/{weight}*(paired_customers>0),"")')),
        ("close_rate_high", words("At most, with 95 % confidence"), interval[1], "percent",
         when("baseline_leads", then=f'IF({has_interval},MIN(1,({middle}+{half})/{weight}),"")')),
        ("measured_average_deal", words("Average deal"), found.average_deal.value, "money",
         when("baseline_revenue", "baseline_customers", then="baseline_revenue/baseline_customers")),
        ("measured_marketing_share", words("Marketing's share of revenue"), found.marketing_share.value, "percent",
         when("baseline_revenue", "baseline_total_revenue", then="baseline_revenue/baseline_total_revenue")),
        ("measured_best_month", words("The best month so far"), best, "whole", f"MAX({counted})"),
    )  # fmt: skip


def _plain(value: Any) -> Value:
    return None if value is None else Fraction(value) if not isinstance(value, float) else value


def _ratio(over: Value, under: Value) -> Value:
    if over is None or not under or isinstance(over, str) or isinstance(under, str):
        return None
    return over / under


def _serial(on: date) -> int:
    """A date as spreadsheets count days."""
    return (on - date(1899, 12, 30)).days
