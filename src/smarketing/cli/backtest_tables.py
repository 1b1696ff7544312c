"""A backtest on the terminal: one row per promise, one mark per month, and the target that would have held."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from smarketing.cli.console import say, terminal
from smarketing.cli.plan_tables import show_cautions

MARKS = {True: ("●", "green"), False: ("○", "red"), None: ("·", "dim")}


def show_backtest(answer: dict[str, Any]) -> None:
    out, periods = terminal(), answer["periods"]
    out.print(say("{first} to {last}, as if the draft had been in force:", first=periods[0], last=periods[-1]))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(say("Promise"))
    table.add_column(say("Months"), no_wrap=True, min_width=len(periods))
    for title in (say("Met"), say("Latest"), say("Would have held")):
        table.add_column(title)
    for line in answer["commitments"]:
        table.add_row(
            Text(line["title"] or line["id"]).append("\n" + _promised(line["target"]), "dim"),
            _marks(line["months"]),
            say("{met} of {judged}", met=line["n_met"], judged=line["n_judged"]),
            line["months"][-1]["actual_words"],
            _suggestion(line),
        )
    out.print(table)
    out.print(say("● met  ○ missed  · nothing to judge"), style="dim")
    show_cautions(answer)


def _promised(target: str) -> str:
    from smarketing.terms.promise_words import target_words
    from smarketing.terms.target import Target

    return target_words(Target.model_validate(target), say)


def _suggestion(line: dict[str, Any]) -> str:
    if line["suggested"] is None:
        return ""
    held = say("{met} of {judged}", met=line["n_met_by_suggestion"], judged=line["n_judged"])
    return f"{line['suggested_words']} ({held})"


def _marks(months: list[dict[str, Any]]) -> Text:
    marks = Text()
    for month in months:
        marks.append(*MARKS[month["is_met"]])
    return marks
