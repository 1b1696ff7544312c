"""Replay the rules of a text over the past: how often each would have spoken, and to how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from smarketing.alerts.directory import Directory
from smarketing.alerts.raising import drafts
from smarketing.alerts.tally import Tally
from smarketing.engine.moments import CLOCK_OCCASIONS
from smarketing.ledger.store import Facts
from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import AlertRule, Occasion
from smarketing.terms.alert_words import about_words, when_words
from smarketing.terms.language import N_, Words
from smarketing.workflows.past_rules import PastRules
from smarketing.workflows.preview_watch import Said, said_of_sources

DAYS = 30
OF_CLOCKS = (*CLOCK_OCCASIONS, Occasion.UNASSIGNED)
OF_DAYS = (Occasion.PACE, Occasion.BURN_RATE, Occasion.CAPACITY)
ON_THEIR_DAYS = N_("This rule does not warn: its message comes on its days.")
NOTHING_SENT = N_("No source that sends by itself has sent anything lately, so there is no past to try this rule on.")


@dataclass(frozen=True, slots=True)
class Previewed:
    """`n_moments` times the rule would have spoken, to all its readers together `n_notices`, before caps and digests.

    `n_things` are the clocks, leads, sources, promises or parties that it would have spoken of; `reasons` count by code
    the notices that would have reached nobody. `why_not` says why nothing was tried, in English.
    """

    rule: AlertRule
    n_moments: int = 0
    n_notices: int = 0
    n_things: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    why_not: str = ""


def preview_alerts(
    text: Agreement, facts: Facts, *, directory: Directory, now: datetime, n_days: int = DAYS
) -> tuple[Previewed, ...]:
    """Every rule, in the order of the text, as if it had been in force in the last `n_days` days.

    Raises FactsError when the facts cannot be read, TermsError as compile_terms
    """
    past = PastRules(text, facts, now, n_days)
    return tuple(_previewed(rule, past, directory) for rule in text.alerts)


def preview_answer(
    found: tuple[Previewed, ...], text: Agreement, words: Words, n_days: int = DAYS
) -> list[dict[str, Any]]:
    """As plain values, with the sentence that people read."""
    return [
        {
            "rule": each.rule.id,
            "on": each.rule.on.value,
            "when": when_words(each.rule, words),
            "about": about_words(each.rule, text, words),
            "is_tried": not each.why_not,
            "n_moments": each.n_moments,
            "n_notices": each.n_notices,
            "n_things": each.n_things,
            "reasons": each.reasons,
            "sentence": _sentence(each, words, n_days),
        }
        for each in found
    ]


def _sentence(found: Previewed, words: Words, n_days: int) -> str:
    if found.why_not:
        return words(found.why_not)
    if not found.n_moments:
        return words("This rule would have said nothing in the last {days} days.", days=n_days)
    told = words.plural(
        "This rule would have sent {n} notice in the last {days} days",
        "This rule would have sent {n} notices in the last {days} days",
        found.n_notices,
        days=n_days,
    )
    return words("{told}, {about}.", told=told, about=_things(found.rule.on, found.n_things, words))


def _things(on: Occasion, n: int, words: Words) -> str:
    if on is Occasion.UNASSIGNED:
        return words.plural("for {n} lead", "for {n} leads", n)
    if on is Occasion.SILENT_SOURCE:
        return words.plural("for {n} source", "for {n} sources", n)
    if on is Occasion.CAPACITY:
        return words.plural("for {n} party", "for {n} parties", n)
    if on in OF_DAYS:
        return words.plural("for {n} promise", "for {n} promises", n)
    return words.plural("for {n} clock", "for {n} clocks", n)


def _previewed(rule: AlertRule, past: PastRules, directory: Directory) -> Previewed:
    if rule.on in OF_CLOCKS:
        said = list(past.said_of_clocks(rule))
    elif rule.on in OF_DAYS:
        said = past.said_by_day(rule)
    elif rule.on is Occasion.SILENT_SOURCE:
        silences = said_of_sources(rule, past.text, past.now, past.n_days)
        if silences is None:
            return Previewed(rule, why_not=NOTHING_SENT)
        said = silences
    else:
        return Previewed(rule, why_not=ON_THEIR_DAYS)
    return _to_readers(rule, said, directory, past.now)


def _to_readers(rule: AlertRule, said: Sequence[Said], directory: Directory, now: datetime) -> Previewed:
    """Readers are the same for all leads of one owner, so they are looked for once for each."""
    n_notices, reasons = 0, Counter[str]()
    for each in said:
        for draft in drafts(each.firing, directory, Tally(), now):
            n_notices += 0 if draft.is_suppressed else each.n
            if draft.is_suppressed:
                reasons[draft.reason] += each.n
    return Previewed(rule, sum(each.n for each in said), n_notices, sum(each.n_things for each in said), dict(reasons))
