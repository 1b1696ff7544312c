"""One promise on a page of its own: what was promised, how it stands, its days and groups, what it led to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from smarketing.reports.page import Consequence, consequences
from smarketing.reports.spoken import AXES, KINDS
from smarketing.scorecard.card import Axis, Line, Scorecard
from smarketing.terms.agreement import Agreement
from smarketing.terms.language import Words
from smarketing.web.pages.commitment_groups import commitment_grid
from smarketing.web.pages.scorecard_board import Told, promise_of
from smarketing.web.pages.scorecard_charts import BOTH, Drawn, Studio, more_of_line, of_line, past, role_of
from smarketing.web.pages.scorecard_filters import Narrowed, narrowed_of
from smarketing.web.pages.scorecard_head import Head, Way
from smarketing.web.pages.scorecard_query import Query
from smarketing.web.pages.scorecard_tables import LinkedGrid


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    head: Head
    party: str
    role: str
    promise: Told
    clause: str  # as the agreement words it
    clause_href: str
    board: str  # the scorecard it stands on
    narrowed: Narrowed | None
    others: tuple[Way, ...]  # the party's other promises
    figures: tuple[Drawn, ...]
    past: tuple[Drawn, ...]
    axes: tuple[Way, ...]
    grid: LinkedGrid | None
    consequences: tuple[Consequence, ...]


def commitment_page(
    card: Scorecard,
    line: Line,
    agreement: Agreement,
    query: Query,
    head: Head,
    studio: Studio,
    *,
    whole: Scorecard,
    board: str,
) -> CommitmentPage:
    """The page of `line`, one of the card's; `whole` is the card of all leads, `board` the address of the scorecard."""
    words, role = studio.words, role_of(card, line)
    sketches = (*of_line(line, role, studio), *more_of_line(line, role, studio))
    axes = tuple(axis for axis in Axis if line.groups.get(axis) and line.kind != "deliverable")
    shown = query.by if query.by in axes else next(iter(axes), None)
    return CommitmentPage(
        head=head,
        party=next(party.name for party in card.parties if party.id == line.party),
        role=role,
        promise=promise_of(line, studio.links, query.href(), words),
        clause=next((each.description for each in agreement.commitments if each.id == line.id), ""),
        clause_href=f"{head.agreement_href}#commitments.{line.id}",
        board=board,
        narrowed=narrowed_of(whole, query, words),
        others=_others(card, line, query, board, words),
        figures=tuple(map(studio.drawn, sketches)),
        past=(studio.drawn(replace(past(line, studio), sizes=BOTH)),) if len(line.trend) > 1 else (),
        axes=tuple(Way(words(AXES[axis]), query.href(by=axis.value), axis is shown) for axis in axes),
        grid=commitment_grid(line, shown, studio.links, words) if shown else None,
        consequences=consequences(replace(card, steps=tuple(s for s in card.steps if s.commitment == line.id)), words),
    )


def _others(card: Scorecard, line: Line, query: Query, board: str, words: Words) -> tuple[Way, ...]:
    path = board.partition("?")[0]
    return tuple(
        Way(
            each.title or words(KINDS.get(each.kind, each.kind)),
            f"{path}commitments/{each.id}/{query.same}",
            each.id == line.id,
        )
        for each in card.lines
        if each.party == line.party
    )
