"""The promise board: both teams' promises, each number with the way to the leads behind it."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.reports.promises import Promise, left_out, promise, teams
from smarketing.scorecard.card import Line, Scorecard, Shape
from smarketing.terms.language import Words
from smarketing.web.pages.lead_links import LeadLinks
from smarketing.web.pages.scorecard_head import Way

TONES = {"on_track": "good", "met": "good", "behind": "open", "missed": "bad", "no_data": "muted", "part": "muted"}


@dataclass(frozen=True, slots=True)
class Told:
    """One promise with its ways: `href` to its own page, `leads` to what was counted."""

    it: Promise
    tone: str
    href: str
    leads: str
    counts: tuple[Way, ...]
    agreement: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One party with its promises."""

    id: str
    name: str
    role: str
    kept: str
    share: float
    summary: str
    promises: tuple[Told, ...]


def sides(card: Scorecard, links: LeadLinks, path: str, suffix: str, words: Words) -> tuple[Side, ...]:
    """Marketing first, sales second, as the page of `score --html` has them.

    Takes    path, suffix  of this scorecard: between them stands `commitments/ID/`
    """
    lines = {line.id: line for line in card.lines}
    return tuple(
        Side(
            team.id,
            team.name,
            team.role,
            team.kept,
            team.share,
            team.summary,
            tuple(told(lines[it.id], it, links, f"{path}commitments/{it.id}/{suffix}", words) for it in team.promises),
        )
        for team in teams(card, words)
    )


def told(line: Line, it: Promise, links: LeadLinks, href: str, words: Words) -> Told:
    has_leads = line.kind != "deliverable"
    return Told(
        it=it,
        tone=TONES[it.word_id],
        href=href,
        leads=links.of(line.id) if has_leads else href,
        counts=counts(line, links, words) if has_leads else (),
        agreement=links.agreement,
    )


def promise_of(line: Line, links: LeadLinks, href: str, words: Words) -> Told:
    return told(line, promise(line, words), links, href, words)


def counts(line: Line, links: LeadLinks, words: Words) -> tuple[Way, ...]:
    """The verdicts with how many clocks have each; of a total, what was left out of it."""
    if line.shape is Shape.TOTAL:
        return (Way(left_out(line, words), links.of(line.id, verdict="void")),) if line.n_void else ()
    if not (line.n_met + line.n_breached + line.n_running + line.n_void):
        return ()
    found = [
        ("met", words.plural("{n} met", "{n} met", line.n_met), True),
        ("breached", words.plural("{n} breached", "{n} breached", line.n_breached), True),
        ("running", words.plural("{n} running", "{n} running", line.n_running), line.n_running > 0),
        ("at_risk", words.plural("{n} at risk", "{n} at risk", line.n_at_risk), line.n_at_risk > 0),
        ("void", left_out(line, words), line.n_void > 0),
    ]
    return tuple(Way(text, links.of(line.id, verdict=verdict)) for verdict, text, is_there in found if is_there)
