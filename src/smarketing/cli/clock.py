"""`smarketing clock`: when a promise falls due on a calendar, or how much business time has passed, by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smarketing.cli.app import Json, Lang, app
from smarketing.cli.console import print_json, say
from smarketing.terms.errors import UserError

if TYPE_CHECKING:
    from smarketing.terms.allowance import Allowance
    from smarketing.terms.calendar import Calendar

clock = typer.Typer(
    help=say("Business time by hand: when a promise falls due, how much has passed."), no_args_is_help=True
)
app.add_typer(clock, name="clock")

DAY = 24 * 60  # minutes

CalendarFile = Annotated[
    Path | None,
    typer.Option(
        "--calendar",
        help=say("YAML file of one calendar: zone, hours, holidays, exceptions; around the clock in UTC if left out."),
    ),
]
Start = Annotated[
    str, typer.Option("--start", help=say("When the clock starts, RFC 3339; without an offset the calendar's clock."))
]
End = Annotated[str, typer.Option("--end", help=say("When it stops."))]
AllowanceText = Annotated[
    str, typer.Option("--allowance", help=say('How long it may run: "2 business hours", "1 business day".'))
]
Pauses = Annotated[
    list[str] | None,
    typer.Option("--pause", help=say("A stretch that does not count, as two instants with a slash; repeatable.")),
]


@clock.command("due", help=say("When a clock that starts then must have stopped."))
def due(
    start: Start,
    allowance: AllowanceText,
    calendar: CalendarFile = None,
    pause: Pauses = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.cli.clock_answer import due_answer, show_due

    terms = _calendar(calendar)
    answer = due_answer(terms, _at(start, terms, "--start"), _allowance(allowance), _pauses(pause or [], terms))
    print_json(answer) if as_json else show_due(answer)


@clock.command("elapsed", help=say("How much business time lies between two moments."))
def elapsed(
    start: Start,
    end: End,
    calendar: CalendarFile = None,
    pause: Pauses = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001
) -> None:
    from smarketing.cli.clock_answer import elapsed_answer, show_elapsed

    terms = _calendar(calendar)
    begin, stop = _at(start, terms, "--start"), _at(end, terms, "--end")
    if stop < begin:
        raise UserError(say("The end comes before the start."), where="--end", hint=say("Exchange the two."))
    answer = elapsed_answer(terms, begin, stop, _pauses(pause or [], terms))
    print_json(answer) if as_json else show_elapsed(answer)


def _calendar(path: Path | None) -> Calendar:
    from smarketing.terms.calendar import Calendar, Window
    from smarketing.terms.read_yaml import read_calendar

    if path is None:
        return Calendar(id="always", zone="UTC", week=((Window(opens=0, closes=DAY),),) * 7)
    return read_calendar(path, words=say)


def _allowance(text: str) -> Allowance:
    from pydantic import ValidationError

    from smarketing.terms.allowance import Allowance

    try:
        return Allowance.model_validate(text)
    except ValidationError as error:
        mistake = error.errors()[0]["ctx"]["error"]
        raise UserError(mistake.sentence(say), where="--allowance", hint=mistake.advice(say)) from None


def _at(text: str, calendar: Calendar, where: str) -> int:
    """An instant in microseconds, read with its own offset or else on the calendar's clock."""
    import polars as pl

    from smarketing.facts.local_time import instants
    from smarketing.facts.time_reasons import reason_sentence

    parsed = instants(pl.Series([text]), zone=calendar.zone)
    at, reason = parsed.at.to_physical()[0], parsed.reason[0]
    if at is None:
        hint = reason_sentence(reason, say) if reason and reason != "unreadable" else _how_to_write()
        raise UserError(say('"{text}" is not an instant.', text=text), where=where, hint=hint)
    return int(at)


def _how_to_write() -> str:
    return say("Write it like 2026-06-10T16:30:00+02:00, or 2026-06-10 16:30 on the calendar's clock.")


def _pauses(texts: list[str], calendar: Calendar) -> list[tuple[int, int]]:
    pauses = []
    for text in texts:
        begin, slash, end = text.partition("/")
        if not slash:
            raise UserError(
                say('"{text}" is not a stretch of time.', text=text),
                where="--pause",
                hint=say("Write two instants with a slash: 2026-06-10T16:00Z/2026-06-11T10:00Z."),
            )
        pauses.append((_at(begin, calendar, "--pause"), _at(end, calendar, "--pause")))
    return pauses
