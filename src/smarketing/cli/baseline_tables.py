"""A baseline on the terminal: the monthly tracker, the pooled numbers under it, and their doubts."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from smarketing.cli.console import say, terminal
from smarketing.cli.plan_tables import show_cautions, show_plan

COLUMNS = {
    "n_leads": say("Leads"),
    "n_mql": say("MQLs"),
    "n_sql": say("SQLs"),
    "n_customers": say("Customers"),
    "revenue": say("Revenue"),
    "total_revenue": say("All revenue"),
    "cycle_days": say("Cycle in days"),
}
RATIOS = {
    "close_rate": say("Close rate"),
    "average_deal": say("Average deal"),
    "marketing_share": say("Marketing's share of revenue"),
}


def show_baseline(answer: dict[str, Any]) -> None:
    out = terminal()
    out.print(_tracker(answer["tracker"]))
    out.print()
    out.print(_ratios(answer))
    out.print(_window(answer), style="dim", soft_wrap=True)
    show_cautions(answer)
    if "proposal" in answer:
        out.print()
        out.print(say("To reach the quota in {period}:", period=answer["proposal"]["period"]))
        show_plan(answer["proposal"])
        _show_odds(answer["proposal"].get("odds"))


def _tracker(rows: list[dict[str, Any]]) -> Table:
    table = _table(say("Month"), *COLUMNS.values())
    for row in rows:
        numbers = [say.number(row[name]) for name in COLUMNS]
        label = row["month"] if row["is_complete"] else say("{month} so far", month=row["month"])
        table.add_row(label, *numbers, style="" if row["is_complete"] else "dim")
    return table


def _ratios(answer: dict[str, Any]) -> Table:
    table = _table("", say("Value"), "")
    close, deal, share = (answer[name] for name in RATIOS)
    interval = ""
    if close["low"] is not None and close["value"] is not None:
        interval = say("{low} to {high} with 95 % confidence", low=_percent(close["low"]), high=_percent(close["high"]))
    table.add_row(RATIOS["close_rate"], _percent(close["value"]), interval or close["why"] or "")
    money = "–" if deal["value"] is None else say.money(deal["value"], answer["currency"])
    table.add_row(RATIOS["average_deal"], money, deal["why"] or "")
    table.add_row(RATIOS["marketing_share"], _percent(share["value"]), share["why"] or "")
    half, most = answer["lag"]["days_until_half"], answer["lag"]["days_until_90_percent"]
    if half is not None:
        note = say("90 % within {days} days", days=say.number(most))
        table.add_row(say("Days until half of the customers are won"), say.number(half), note)
    return table


def _window(answer: dict[str, Any]) -> str:
    if not answer["months"] or not answer["lead_months"]:
        return say("No complete month with leads lies before {day}.", day=answer["as_of"])
    return say(
        "Customers of {first} to {last} over {counted} of {first_leads} to {last_leads} (lag in months: {lag}).",
        first=answer["months"][0],
        last=answer["months"][-1],
        counted=COLUMNS[answer["counted"]],
        first_leads=answer["lead_months"][0],
        last_leads=answer["lead_months"][-1],
        lag=answer["lag_months"],
    )


def _show_odds(odds: dict[str, Any] | None) -> None:
    if odds is None or odds["chance_ratio"] is None:
        return
    sentence = say(
        "If leads keep coming as they did, the chance of reaching it is {chance}; expect {low} to {high} leads.",
        chance=say.percent(odds["chance_ratio"], 0),
        low=say.number(odds["low"]),
        high=say.number(odds["high"]),
    )
    terminal().print(Text(sentence, style="bold"), soft_wrap=True)


def _percent(value: float | None) -> str:
    return say.percent(value, 2)


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(first, no_wrap=True)
    for title in others:
        table.add_column(title, justify="right" if title else "left")
    return table
