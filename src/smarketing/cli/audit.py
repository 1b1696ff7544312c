"""`smarketing audit`: the list of everything anybody changed, and proof that it is whole."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smarketing.cli.app import Json, Lang, app
from smarketing.cli.console import print_json, say, terminal

if TYPE_CHECKING:
    from smarketing.records.models import Event

BROKEN = 4
audit = typer.Typer(help=say("Everything anybody changed, and proof that it is whole."), no_args_is_help=True)
app.add_typer(audit, name="audit")


@audit.command(help=say("Walk the chain of entries: was any altered, taken out, put in or cut off?"))
def verify(
    anchor: Annotated[
        str, typer.Option("--anchor", help=say("SEQ:DIGEST of an earlier proof: shows whether the end was cut off."))
    ] = "",
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.workflows.open_facts import open_ledger

    open_ledger()
    from smarketing.workflows.verify_audit import read_anchor, verify_audit

    proof = verify_audit(read_anchor(anchor) if anchor else None)
    answer = {
        "holds": proof.holds,
        "entries": proof.n_events,
        "anchor": str(proof.head),
        "faults": [{"seq": fault.seq, "why": fault.why} for fault in proof.faults],
    }
    print_json(answer) if as_json else _show_proof(answer)
    if not proof.holds:
        raise typer.Exit(BROKEN)


@audit.command("list", help=say("The latest entries, newest first."))
def list_entries(
    person: Annotated[str, typer.Option("--person", help=say("Only what this address did."))] = "",
    verb: Annotated[str, typer.Option("--verb", help=say("Only entries of this verb: sign_version."))] = "",
    about: Annotated[str, typer.Option("--about", help=say("Only entries about this kind of object: version."))] = "",
    most: Annotated[int, typer.Option("--limit", min=1, max=100_000, help=say("At most so many."))] = 50,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.workflows.open_facts import open_ledger

    open_ledger()
    from smarketing.records.models import Event

    wanted = {"actor": person.lower(), "verb": verb, "object_kind": about}
    found = Event.objects.filter(**{field: value for field, value in wanted.items() if value})
    events = list(found.order_by("-seq")[:most])
    print_json({"entries": [_entry(event) for event in events]}) if as_json else _show_entries(events)


def _entry(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "at": event.at.isoformat().replace("+00:00", "Z"),
        "by": event.actor or None,
        "verb": event.verb,
        "about": event.object_kind or None,
        "id": event.object_id or None,
        "detail": event.detail,
        "digest": event.digest,
    }


def _show_proof(answer: dict[str, Any]) -> None:
    out = terminal()
    if answer["holds"]:
        out.print(say.plural("{n} entry, and the chain holds.", "{n} entries, and the chain holds.", answer["entries"]))
        out.print(say("Keep this elsewhere: {anchor}", anchor=answer["anchor"]), soft_wrap=True)
        return
    out.print(say("The chain does not hold."), style="red")
    for fault in answer["faults"]:
        out.print(say("Entry {seq}: {why}.", seq=fault["seq"], why=say(fault["why"])))


def _show_entries(events: list[Event]) -> None:
    from rich.table import Table
    from rich.text import Text

    from smarketing.records.spoken_events import EventTeller

    if not events:
        terminal().print(say("Nothing here matches."))
        return
    table = Table()
    for name in (say("Entry"), say("When"), say("Who"), say("What"), say("About")):
        table.add_column(name, overflow="fold")
    teller = EventTeller(events, say, "UTC")
    for event in events:
        told = teller.tell(event)
        details = "".join(f"\n{name}: {value}" for name, value in told.details)
        what = Text.assemble(told.deed, (f"\n{event.verb}", "dim"), (details, "dim"))
        when = f"{event.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        table.add_row(str(event.seq), when, Text(event.actor or say("the machine")), what, Text(told.about))
    terminal().print(table)
