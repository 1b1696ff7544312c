"""`smarketing doctor`: what this installation stands on, and what to mend."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from smarketing.cli.app import Json, Lang, app
from smarketing.cli.console import print_json, say, terminal, typeable

UNWELL = 4
SIGNS = {"well": ("✓", "green"), "warning": ("!", "yellow"), "bad": ("✗", "red")}


@app.command(help=say("Examine this installation: disk, database, worker, secrets, settings."))
def doctor(as_json: Json = False, lang: Lang = "en") -> None:  # noqa: ARG001 — read before the commands are built
    from smarketing.workflows.open_facts import set_up_django

    set_up_django()
    from smarketing.terms.troubles import trouble_words
    from smarketing.workflows.examine_installation import Finding, examine_installation

    def spoken(finding: Finding, text: str) -> str:
        values = {
            name: trouble_words(value, say)
            if isinstance(value, Exception)
            else say.number(value, 1)
            if isinstance(value, float)
            else value
            for name, value in finding.values.items()
        }
        return typeable(say(text, **values)) if text else ""

    found = list(examine_installation(now=datetime.now(UTC)))
    if as_json:
        print_json(
            [
                {
                    "name": each.name,
                    "level": each.level,
                    "what": spoken(each, each.what),
                    "hint": spoken(each, each.hint),
                }
                for each in found
            ]
        )
    else:
        for each in found:
            sign, style = SIGNS[each.level]
            terminal().print(f"{sign} {spoken(each, each.what)}", style=style, markup=False, soft_wrap=True)
            if each.hint:
                terminal().print(f"  {spoken(each, each.hint)}", style="dim", markup=False, soft_wrap=True)
    if any(each.level == "bad" for each in found):
        raise typer.Exit(UNWELL)
