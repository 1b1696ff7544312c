"""`smarketing demo --pipeline`: a made-up company through the whole pipeline in one go, and its scorecard as a page."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from smarketing.cli.console import print_json, program, say, terminal
from smarketing.terms.errors import UserError

if TYPE_CHECKING:
    from smarketing.workflows.run_demo import Step

USUAL_FOLDER = Path("smarketing-demo")


def walk_pipeline(
    directory: Path, *, leads: int | None, seed: int | None, until: str | None, open_page: bool, as_json: bool
) -> None:
    from smarketing.workflows.run_demo import Published

    asked: dict[str, Any] = {"n_leads": leads, "seed": seed, "until_on": _day(until) if until else None}
    steps = _walked(directory, {name: value for name, value in asked.items() if value is not None}, as_json)
    if as_json:
        from smarketing.cli.demo_steps import as_answer

        print_json(as_answer(directory, steps, next_commands(directory, steps)))
    else:
        _show_next(next_commands(directory, steps))
    published = steps[-1]
    if open_page and isinstance(published, Published):
        typer.launch(published.pages[0].resolve().as_uri())


def _walked(directory: Path, asked: dict[str, Any], as_json: bool) -> list[Step]:
    """Run the steps with a spinner on the error stream, and show each as soon as it is done."""
    from smarketing.cli.demo_steps import NEXT, show_step
    from smarketing.workflows.import_files import Progress
    from smarketing.workflows.run_demo import run_demo

    steps: list[Step] = []
    with terminal(stderr=True).status(say(NEXT[0])) as status:

        def tell(step: Progress) -> None:
            rows = say.plural("{n} row", "{n} rows", step.n_rows)
            status.update(f"{say(NEXT[1])} {step.file}, {rows}")

        for step in run_demo(directory, words=say, progress=tell, **asked):
            steps.append(step)
            status.update(say(NEXT[min(len(steps), len(NEXT) - 1)]))
            if not as_json:
                show_step(len(steps), step)
    return steps


def next_commands(directory: Path, steps: list[Step]) -> list[tuple[str, str]]:
    """Three commands that can be pasted, each with what it shows."""
    from smarketing.workflows.run_demo import Explained, Exported

    exports = next(step.exports for step in steps if isinstance(step, Exported))
    explained = next(step.explanation for step in steps if isinstance(step, Explained))
    lang = "" if say.language == "en" else f" --lang {say.language}"
    at = exports.exported_at.isoformat().replace("+00:00", "Z")
    where = f"--agreement {_quoted(exports.agreement)} --facts {_quoted(directory / 'facts')} --now {at}{lang}"
    bad_month = _months_before(exports.exported_at.date(), 4)
    lead = explained.lead_id if explained else "LEAD"
    return [
        (
            say("See the month in which sales fell behind, rep by rep"),
            f"{program()} score {where} --period {bad_month} --by rep",
        ),
        (say("Ask why this lead was late, to the second"), f"{program()} explain {lead} --commitment speed {where}"),
        (
            say("Work back from the next quota to the leads it needs"),
            f"{program()} plan --quota 150000 --marketing-share 60% --average-deal 9000 --close-rate 6%{lang}",
        ),
    ]


def _months_before(on: date, n: int) -> str:
    year, month = divmod(on.year * 12 + on.month - 1 - n, 12)
    return f"{year}-{month + 1:02}"


def _show_next(commands: list[tuple[str, str]]) -> None:
    out = terminal()
    out.print(f"\n{say('Now try')}", style="bold")
    for meaning, command in commands:
        out.print(f"  {meaning}", style="dim")
        out.print(f"  {command}", markup=False, soft_wrap=True)


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(
            say('"{text}" is not a day.', text=text), where="--until", hint=say("Write it like 2026-10-21.")
        ) from None
