"""`smarketing inbox`: events that could not become facts, and another try for them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smarketing.cli.app import Json, Lang, app
from smarketing.cli.console import print_json, say, terminal
from smarketing.cli.source import By, person_of

if TYPE_CHECKING:
    from smarketing.ledger.models import InboxRow

inbox = typer.Typer(help=say("Events that could not become facts."), no_args_is_help=True)
app.add_typer(inbox, name="inbox")
Src = Annotated[str, typer.Option("--source", help=say("Only events of this source."))]
Code = Annotated[str, typer.Option("--reason", help=say("Only events with this reason, as list names it."))]


@inbox.command("list", help=say("Dead letters, the latest first, each with its reason."))
def list_letters(
    source: Src = "",
    reason: Code = "",
    most: Annotated[int, typer.Option("--limit", min=1, max=100_000, help=say("At most so many."))] = 50,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.workflows.open_facts import open_ledger

    open_ledger()
    from smarketing.workflows.replay_events import dead_letters

    found = dead_letters(src=source, code=reason).defer("body").order_by("-id")
    lines = [_line(row) for row in found[:most]]
    print_json({"n": found.count(), "events": lines}) if as_json else _show(lines)


@inbox.command(help=say("Have dead letters tried again: one, those of a reason, or all of a source."))
def replay(
    by: By,
    source: Src = "",
    reason: Code = "",
    event: Annotated[int, typer.Option("--event", min=0, help=say("Only the event of this number."))] = 0,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.workflows.open_facts import open_ledger

    open_ledger()
    from smarketing.workflows.replay_events import dead_letters, replay_events

    found = dead_letters(src=source, code=reason, ids=[event] if event else [])
    n = replay_events(found=found, by=person_of(by), now=datetime.now(UTC))
    if as_json:
        print_json({"n": n})
    else:
        terminal().print(say.plural("{n} event is tried again.", "{n} events are tried again.", n))


def _line(row: InboxRow) -> dict[str, Any]:
    trouble = row.trouble or {}
    sentence = trouble.get("sentence") or ""
    return {
        "id": row.id,
        "source": row.src,
        "key": row.key,
        "received_at": row.received_at.isoformat().replace("+00:00", "Z"),
        "reason": trouble.get("code") or "",
        "says": say(sentence, **(trouble.get("arguments") or {})) if sentence else "",
        "where": trouble.get("column") or "",
        "receipt": str(row.receipt),
    }


def _show(lines: list[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    if not lines:
        terminal().print(say("No dead letters."))
        return
    table = Table(say("Number"), say("Received"), say("Source"), say("Reason"), say("What is wrong"), say("Where"))
    for one in lines:
        cells = (str(one["id"]), one["received_at"][:19], one["source"], one["reason"], one["says"], one["where"])
        table.add_row(*map(Text, cells))
    terminal().print(table)
