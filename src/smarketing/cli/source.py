"""`smarketing source`: the systems that send us events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smarketing.cli.app import Json, Lang, app
from smarketing.cli.console import print_json, say, terminal

if TYPE_CHECKING:
    from smarketing.records.models import Person
    from smarketing.workflows.issue_secret import NewSource
    from smarketing.workflows.watch_sources import Standing

source = typer.Typer(help=say("The systems that send events, and their secrets."), no_args_is_help=True)
app.add_typer(source, name="source")
By = Annotated[str, typer.Option("--by", help=say("Address of the administrator who does it."))]
Secret = Annotated[str, typer.Option("--secret", help=say("HubSpot only: the client secret of your app."))]


@source.command("list", help=say("What each sent in 24 hours, what waits, and which is unusually quiet."))
def list_sources(as_json: Json = False, lang: Lang = "en") -> None:  # noqa: ARG001 — read before the commands are built
    from smarketing.workflows.open_facts import open_ledger

    open_ledger()
    from smarketing.workflows.watch_sources import watch_sources

    found = watch_sources(datetime.now(UTC))
    print_json({"sources": [_line(standing) for standing in found]}) if as_json else _show(found)


@source.command(help=say("Let a system send events; prints the secret that it proves itself with, this once."))
def create(
    slug: Annotated[str, typer.Argument(help=say("Short name: part of its address, and its name in the facts."))],
    by: By,
    kind: Annotated[
        str, typer.Option("--kind", help=say("generic, hubspot, pipedrive, salesforce, odoo or flat."))
    ] = "generic",
    name: Annotated[str, typer.Option("--name", help=say("What people call it."))] = "",
    zone: Annotated[str, typer.Option("--zone", help=say("Zone of times without an offset."))] = "UTC",
    secret: Secret = "",
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.workflows.open_facts import open_ledger

    open_ledger()
    from smarketing.workflows.create_source import create_source

    person, now = person_of(by), datetime.now(UTC)
    made = create_source(slug=slug, name=name, kind=kind, zone=zone, secret=secret, by=person, now=now)
    _tell(made, as_json)


@source.command(help=say("Give a source a new secret; the present one holds for another 24 hours."))
def rotate(
    slug: Annotated[str, typer.Argument(help=say("Short name of the source."))],
    by: By,
    secret: Secret = "",
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.workflows.open_facts import open_ledger

    open_ledger()
    from smarketing.records.models import Source
    from smarketing.terms.errors import UserError
    from smarketing.terms.marked import N_
    from smarketing.workflows.rotate_source import rotate_source

    found = Source.objects.filter(slug=slug, retired_at=None).first()
    if found is None:
        raise UserError(N_('There is no source "{slug}".'), slug=slug, hint=N_("smarketing source list shows them."))
    _tell(rotate_source(source=found, secret=secret, by=person_of(by), now=datetime.now(UTC)), as_json)


def person_of(email: str) -> Person:
    from smarketing.records.models import Person
    from smarketing.terms.errors import UserError
    from smarketing.terms.marked import N_

    person = Person.objects.filter(email=email.lower(), is_active=True).first()
    if person is None:
        raise UserError(N_("Nobody here has this address."), where=f"--by {email}")
    return person


def _tell(made: NewSource, as_json: bool) -> None:
    from django.conf import settings

    address = "/".join(filter(None, (f"{settings.SITE_URL}/in/{made.source.slug}", made.token)))
    if as_json:
        print_json({"id": made.source.slug, "address": address, "secret": made.secret or None})
        return
    out = terminal()
    out.print(say("Address: {address}", address=address), soft_wrap=True, markup=False)
    if made.secret:
        out.print(say("Secret: {secret}", secret=made.secret), soft_wrap=True, markup=False)
    out.print(say("Copy this now. It is not shown again."), style="dim")


def _line(standing: Standing) -> dict[str, Any]:
    one, day, latest = standing.source, standing.day, standing.last_received_at
    counts = {name: getattr(day, f"n_{name}") for name in ("received", "stored", "duplicate", "rejected", "conflict")}
    return {
        "id": one.slug,
        "name": one.name,
        "kind": one.kind,
        "is_enabled": one.is_enabled,
        "last_received_at": latest.isoformat().replace("+00:00", "Z") if latest else None,
        "waiting": standing.n_waiting,
        "held": standing.n_held,
        "dead": standing.n_dead,
        "lag_s": standing.lag_s,
        "is_silent": standing.is_silent,
        "skew_s": standing.skew_s,
        "day": counts,
    }


def _show(found: tuple[Standing, ...]) -> None:
    from rich.table import Table
    from rich.text import Text

    if not found:
        terminal().print(say("Nothing sends us events yet."))
        return
    table = Table(say("Source"), say("Kind"), say("Latest event"), say("Waiting"), say("Received"), say("Dead letters"))
    for standing in found:
        latest = f"{standing.last_received_at:%Y-%m-%d %H:%M:%S}" if standing.last_received_at else "–"
        latest += f" ({say('silent')})" if standing.is_silent else ""
        if standing.is_skewed:
            latest += f" ({say('its times are {long} off', long=say.duration(abs(standing.skew_s or 0)))})"
        numbers = (standing.n_waiting + standing.n_held, standing.day.n_received, standing.n_dead)
        waiting, received, dead = map(str, numbers)
        table.add_row(Text(standing.source.slug), standing.source.kind, latest, waiting, received, dead)
    terminal().print(table)
