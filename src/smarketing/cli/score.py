"""`smarketing score`: what was promised, what happened, pace and projection, and who fell short."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smarketing.cli.app import Json, Lang, Now, app
from smarketing.cli.complete import AXES, offered_axes
from smarketing.cli.console import instant, print_json, say, terminal, typed
from smarketing.cli.opened import AgreementPath, FactsPath, versions_at
from smarketing.terms.errors import UserError

if TYPE_CHECKING:
    from smarketing.scorecard.card import Axis, Scorecard

ON_A_PAGE = ("team", "rep", "tier", "source")

When = Annotated[
    str | None,
    typer.Option("--period", help=say("2024-05, 2024-W18, 2024-Q2, 2024, a day or a range; this month if left out.")),
]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        help=say("Divide by rep, team, tier, source, week or day; may be given several times."),
        autocompletion=offered_axes,
    ),
]
Html = Annotated[
    Path | None, typer.Option("--html", help=say("Write the scorecard as a page of its own to this file."))
]


@app.command(help=say("Judge every promise of an agreement on the facts of a period."))
def score(
    agreement: AgreementPath = None,
    facts: FactsPath = None,
    period: When = None,
    by: By = None,
    html: Html = None,
    now: Now = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.scorecard.waived import NONE
    from smarketing.terms.period import read_period
    from smarketing.workflows.open_facts import open_facts
    from smarketing.workflows.open_waivers import waivers_of
    from smarketing.workflows.score_agreement import score as score_agreement

    axes = _axes(by or [], html)
    with typed("--period"):
        wanted = read_period(period) if period else None
    if html:
        _check_place(html)
    versions, at = versions_at(agreement), instant(now)
    waivers = NONE if agreement or facts else waivers_of(versions[-1].id, at=at)
    card = score_agreement(versions, open_facts(facts), period=wanted, now=at, by=axes, waivers=waivers, words=say)
    if html:
        _write_page(card, html)
    if as_json:
        print_json(card.to_json())
        return
    from smarketing.cli.score_tables import show_card

    show_card(card, tuple(axis for axis in axes if axis.value in (by or [])))
    if html:
        terminal().print(say("The page is in {path}.", path=html), soft_wrap=True)


def _axes(by: list[str], html: Path | None) -> tuple[Axis, ...]:
    """The axes of `--by` in the order they were given; a page shows its usual ones besides."""
    from smarketing.scorecard.card import Axis

    for name in by:
        if name not in AXES:
            raise UserError(
                say('Nothing can be divided by "{name}".', name=name),
                where="--by",
                hint=say("Choose one of {names}.", names=", ".join(AXES)),
            )
    return tuple(Axis(name) for name in dict.fromkeys([*by, *(ON_A_PAGE if html else ())]))


def _write_page(card: Scorecard, path: Path) -> None:
    from smarketing.ledger.durable import write_durably
    from smarketing.reports.page import render_page

    page = render_page(card, words=say)
    try:
        write_durably(path, lambda part: part.write_text(page, encoding="utf-8"))
    except OSError as error:
        raise _no_place(path, say.trouble(error)) from error


def _check_place(path: Path) -> None:
    """Before anything is computed: a page has a folder to go to and is none itself."""
    if path.is_dir():
        raise _no_place(path, say("it is a folder"))
    if not path.absolute().parent.is_dir():
        raise _no_place(path, say("there is no such file or folder"))


def _no_place(path: Path, reason: str) -> UserError:
    what, hint = say("The page cannot be written: {reason}.", reason=reason), say("Name a file in a folder of yours.")
    return UserError(what, where=f"--html {path}", hint=hint)
