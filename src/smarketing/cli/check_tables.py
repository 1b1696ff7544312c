"""A readiness check on the terminal: the findings with their examples, then what can be measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from smarketing.cli.console import say, terminal

MARKS = {"blocks": ("✗", "bold red"), "warns": ("!", "yellow"), "informs": ("·", "dim")}
ANSWERS = {
    "yes": (say("yes"), "green"),
    "doubtful": (say("with care"), "yellow"),
    "no": (say("no"), "red"),
}
KINDS = {
    "lead_volume": say("Leads delivered"),
    "lead_value": say("Value of leads delivered"),
    "pipeline_contribution": say("Pipeline from marketing"),
    "sourced_revenue": say("Revenue from marketing"),
    "conversion_rate": say("Conversion"),
    "speed_to_lead": say("Speed to lead"),
    "follow_up_depth": say("Depth of follow-up"),
    "disposition_time": say("Time to a decision"),
    "opportunities_created": say("Opportunities created"),
    "follow_up_cadence": say("Rhythm of follow-up"),
    "deliverable": say("Deliverables"),
}
WIDEST_EXAMPLE = 60


def show_readiness(answer: dict[str, Any]) -> None:
    out = terminal()
    out.print(_rows(answer["rows"]))
    if not answer["findings"]:
        out.print(say("Nothing is wrong with these facts."))
    for finding in answer["findings"]:
        out.print(_finding(finding))
    out.print(_measurable(answer))


def _rows(rows: dict[str, int]) -> Text:
    counts = [f"{name} {say.number(n)}" for name, n in rows.items() if n]
    return Text("  ".join(counts) or say("no rows"), style="dim")


def _finding(finding: dict[str, Any]) -> Group:
    mark, style = MARKS[finding["severity"]]
    head = Text.assemble((f"{mark} ", style), (finding["title"], "bold"))
    if finding["total"]:
        n, total = say.number(finding["n"]), say.number(finding["total"])
        share = say.percent(finding["share"], 1 if finding["share"] >= 0.001 else 3)
        head.append("  " + say("{n} of {total}, {share}", n=n, total=total, share=share))
    lines = [Text(finding["why"]), Text(finding["advice"], style="italic")]
    if finding["examples"]:
        lines.insert(0, Text(", ".join(map(_short, finding["examples"])), style="dim"))
    return Group(Text(), head, *[Padding(line, (0, 0, 0, 2)) for line in lines])


def _short(example: str) -> str:
    return example if len(example) <= WIDEST_EXAMPLE else example[: WIDEST_EXAMPLE - 1] + "…"


def _measurable(answer: dict[str, Any]) -> Table:
    table = Table(box=SIMPLE_HEAD, title_justify="left")
    for heading in (say("Commitment"), say("Can be measured"), say("Because of")):
        table.add_column(heading)
    for kind, verdict in answer["measurable"].items():
        text, style = ANSWERS[verdict]
        table.add_row(KINDS[kind], Text(text, style=style), _causes(answer["findings"], kind, verdict))
    return table


def _causes(findings: list[dict[str, Any]], kind: str, verdict: str) -> str:
    """Titles of the findings behind the verdict; those that block hide those that only spoil."""
    reasons: dict[str, Callable[[dict[str, Any]], bool]] = {
        "yes": lambda _: False,
        "doubtful": lambda finding: kind in finding["spoils"] and finding["severity"] != "informs",
        "no": lambda finding: kind in finding["blocks"],
    }
    return "; ".join(finding["title"] for finding in findings if reasons[verdict](finding))
