"""A plan on the terminal: the chain as sentences, the pieces, tiers and hours as small tables."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from smarketing.cli.console import say, terminal

NAMES = {
    "revenue_goal": say("Revenue goal"),
    "customers_needed": say("Customers needed"),
    "leads_needed": say("Leads needed"),
    "pipeline_needed": say("Pipeline needed"),
}
PIECES = {
    "month": say("A month"),
    "week": say("A week"),
    "day": say("A day"),
    "working_day": say("A working day"),
    "rep": say("A rep"),
    "rep_week": say("A rep in a week"),
}


def show_plan(answer: dict[str, Any]) -> None:
    """Print whatever the answer holds; what was not asked leaves no empty table."""
    out = terminal()
    is_planned = "supported" not in answer or answer["leads_needed"] is not None
    if is_planned and answer["inputs"]:
        _show_chain(answer)
    if "supported" in answer:
        out.print(_supported(answer["supported"]), soft_wrap=True)
    for show, key in ((_per, "per"), (_tiers, "by_tier"), (_funnel, "funnel"), (_capacity, "capacity")):
        if answer.get(key):
            out.print()
            out.print(show(answer[key]))
    if "by_tier" in answer:
        out.print(say("Tiers are computed at their own close rates and deals."), style="dim", soft_wrap=True)
    if "value_delivered" in answer:
        out.print(say("The leads delivered are worth {value}.", value=_number(answer["value_delivered"])))
    for warning in (answer.get("capacity") or {}).get("warnings", []):
        out.print(Text(warning["sentence"], style="yellow"), soft_wrap=True)
    if answer.get("baseline"):
        show_cautions(answer["baseline"])


def show_cautions(baseline: dict[str, Any]) -> None:
    for warning in baseline["warnings"]:
        terminal().print(Text(warning["sentence"], style="yellow"), soft_wrap=True)


def _show_chain(answer: dict[str, Any]) -> None:
    table = _table("", say("Value"), say("How"))
    said: set[str] = set()
    for step in answer["steps"]:
        style = "bold" if step["name"] == "leads_needed" else ""
        value = answer["leads_needed"] if step["name"] == "leads_needed" else step["value"]
        sentence = "" if step["sentence"] in said else step["sentence"]
        said.add(sentence)
        table.add_row(NAMES[step["name"]], Text(_number(value), style=style), sentence)
    terminal().print(table)
    terminal().print(answer["rounding"]["sentence"], style="dim", soft_wrap=True)


def _supported(supported: dict[str, Any]) -> str:
    if supported["quota"] is None:
        return str(supported["why"])
    return say(
        "{leads} leads bring {customers} customers and {revenue}, and so support a quota of {quota}.",
        **{name: _number(supported[name]) for name in ("leads", "customers", "revenue", "quota")},
    )


def _per(per: dict[str, Any]) -> Table:
    table = _table("", say("Leads"))
    for name, title in PIECES.items():
        if per[name] is not None:
            table.add_row(title, _number(per[name]))
    return table


def _tiers(by_tier: dict[str, Any]) -> Table:
    table = _table(say("Tier"), say("Share"), say("Leads"), say("Worth of one"), say("Value"))
    for tier in by_tier["tiers"]:
        table.add_row(
            tier["id"],
            say.percent(tier["share"]),
            _number(tier["leads_needed"]),
            _number(tier["value_per_lead"]),
            _number(tier["value"]),
        )
    table.add_row(say("All"), "", _number(by_tier["leads_needed"]), "", _number(by_tier["value_needed"]), style="bold")
    return table


def _funnel(funnel: dict[str, Any]) -> Table:
    table = _table(say("Stage"), say("Leads"))
    for stage, n in funnel.items():
        table.add_row(stage, _number(n))
    return table


def _capacity(use: dict[str, Any]) -> Table:
    table = _table(say("Capacity of one rep"), say("Value"))
    table.add_row(say("Leads"), _number(use["leads_per_rep"]))
    table.add_row(say("Minutes per lead"), _number(use["minutes_per_lead"]))
    table.add_row(say("Hours needed"), _number(use["hours_needed"]))
    table.add_row(say("Hours available"), _number(use["hours_available"]))
    table.add_row(say("Used"), Text(say.percent(use["used_ratio"]), style="" if use["is_affordable"] else "red"))
    table.add_row(say("Attempts that can be promised"), _number(use["affordable_attempts"]))
    if use["hours_freed_by_automation"]:
        table.add_row(say("Hours that automation frees"), _number(use["hours_freed_by_automation"]))
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(first)
    for title in others:
        table.add_column(title, justify="left" if title in ("", say("How")) else "right")
    return table


def _number(value: float | None) -> str:
    return say.number(value, 0 if value is None or value == int(value) else 2)
