"""`smarketing bounce`: addresses that take no mail; the hook for whatever reads bounces."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from smarketing.cli.app import Json, Lang, app
from smarketing.cli.console import print_json, say, terminal

bounce = typer.Typer(help=say("Addresses that refused mail; they get none of any kind."), no_args_is_help=True)
app.add_typer(bounce, name="bounce")
Address = Annotated[str, typer.Argument(help=say("The address, as it stood in the mail."))]


@bounce.command(help=say("Send no mail to an address any more; run this for every bounce that comes back."))
def add(
    address: Address,
    reason: Annotated[str, typer.Option("--reason", help=say("hard, auto_reply or complaint."))] = "hard",
    detail: Annotated[str, typer.Option("--detail", help=say("What the other server said."))] = "",
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.workflows.open_facts import open_ledger

    open_ledger()
    from smarketing.workflows.keep_bounce import add_bounce

    added = add_bounce(address=address, reason=reason, detail=detail, by=None, now=datetime.now(UTC))
    terminal().print(say("{address} gets no mail any more.", address=added.address), markup=False)


@bounce.command("list", help=say("Which addresses get no mail, and why."))
def list_bounces(as_json: Json = False, lang: Lang = "en") -> None:  # noqa: ARG001 — read before the commands are built
    from smarketing.workflows.open_facts import open_ledger

    open_ledger()
    from rich.table import Table
    from rich.text import Text

    from smarketing.records.models import Bounce

    found = list(Bounce.objects.filter(cleared_at=None).order_by("address"))
    if as_json:
        names = ("address", "reason", "detail")
        rows = [{name: getattr(one, name) for name in names} | {"since_at": f"{one.since_at:%FT%TZ}"} for one in found]
        print_json({"bounces": rows})
        return
    if not found:
        terminal().print(say("No address has bounced."))
        return
    table = Table(say("Address"), say("Since"), say("Reason"), say("Detail"))
    for one in found:
        table.add_row(Text(one.address), f"{one.since_at:%Y-%m-%d %H:%M}", one.reason, Text(one.detail))
    terminal().print(table)


@bounce.command(help=say("Send mail to an address again."))
def clear(address: Address, lang: Lang = "en") -> None:  # noqa: ARG001 — read before the commands are built
    from smarketing.workflows.open_facts import open_ledger

    open_ledger()
    from smarketing.workflows.keep_bounce import clear_bounce

    clear_bounce(address=address, by=None, now=datetime.now(UTC))
    terminal().print(say("{address} gets mail again.", address=address), markup=False)
