"""A period for somebody who has five minutes: both teams on one page, then the charts, then what follows from it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from smarketing.reports.agreement_pdf import UNSHOWN
from smarketing.reports.drawings import drawn
from smarketing.reports.figures import Figure
from smarketing.reports.page import Column, Page, page_of
from smarketing.reports.promises import Promise, Team
from smarketing.reports.typeset import typeset
from smarketing.scorecard.card import Line, Scorecard
from smarketing.scorecard.word import Word
from smarketing.terms.language import Words

MOST_CHARTS = 3  # of each team: three fill a page
MOST_PEOPLE = 6
URGENCY = {Word.MISSED: 0, Word.BEHIND: 1, Word.ON_TRACK: 2, Word.MET: 3, Word.NO_DATA: 4, Word.PART: 4}


def scorecard_pdf(card: Scorecard, *, words: Words, pages: int = 3) -> bytes:
    """The scorecard as PDF/A-2a and PDF/UA-1, made at the card's own instant: the same card gives the same bytes.

    Takes    pages   1: the promises alone; 2: with charts, those of promises in trouble first; 3: with who fell short,
                     the journey of the leads and the provenance
    """
    page = page_of(card, words)
    data = _board(card, page, words) | {
        "columns": _columns(card, page) if pages > 1 else [],
        "charts_title": words("Both teams, the same page"),
        "more": pages > 2,
        "people_title": words("Who fell short"),
        "people_none": words("Nobody: no rep has two misses of a promise and is below it."),
        "shortfalls": [asdict(person) for person in page.shortfalls[:MOST_PEOPLE]],
        "journey": drawn(page.journey),
        "provenance_title": words("Provenance"),
        "provenance": page.provenance,
        "unshown": words(UNSHOWN),
    }
    return typeset("scorecard.typ", data, words=words, at=card.now)


def _board(card: Scorecard, page: Page, words: Words) -> dict[str, Any]:
    """The first page."""
    return {
        "title": page.title,
        "author": [party.name for party in card.parties],
        "agreement": f"{page.agreement} · {page.version}",
        "summary": page.summary,
        "standing": page.standing,
        "share_passed": page.share_passed,
        "as_of": words("as of {instant}", instant=page.as_of),
        "reference": f"{card.agreement.id} · {words('version {n}', n=card.agreement.version)} · {card.period.label}",
        "fingerprint": card.agreement.fingerprint,
        "pages": words("Page {n} of {m}", n="{n}", m="{m}"),
        "teams": [_team(team) for team in page.teams],
        "key": words(
            "A ring is how much of a team's promises is kept, by weight, each at most in full; a full ring is every "
            "promise kept. On a bar, the dark mark is the promise, the light one the goal line of today."
        ),
        "consequences_title": words("What the agreement now asks for"),
        "consequences": [asdict(step) for step in page.consequences],
    }


def _team(team: Team) -> dict[str, Any]:
    return {
        "name": team.name,
        "role": team.role,
        "kept": team.kept,
        "share": min(max(team.share, 0.0), 1.0),
        "summary": team.summary,
        "promises": [_promise(promise) for promise in team.promises],
    }


def _promise(it: Promise) -> dict[str, Any]:
    return asdict(it) | {"dots": [dot.standing for dot in it.dots]}


def _columns(card: Scorecard, page: Page) -> list[dict[str, Any]]:
    """Each team's charts, those of the promises that are worst first."""
    lines = sorted(card.lines, key=lambda line: (URGENCY[line.word], -line.weight))
    return [{"name": column.name, "role": column.role, "figures": _figures(column, lines)} for column in page.columns]


def _figures(column: Column, lines: list[Line]) -> list[dict[str, Any]]:
    ranked = {line.id: rank for rank, line in enumerate(lines)}
    shown = [figure for figure in column.figures if figure.narrow]
    chosen = sorted(shown, key=lambda figure: _rank(figure, ranked))[:MOST_CHARTS]
    return [drawn(figure) for figure in chosen]


def _rank(figure: Figure, ranked: dict[str, int]) -> int:
    """The rank of the promise whose id ends the figure's."""
    found = [rank for id, rank in ranked.items() if figure.id.endswith(f"-{id}")]
    return min(found, default=len(ranked))
