"""Replay the rules of a text over the past: how often each would have spoken, and to how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from smarketing.alerts.directory import Directory
from smarketing.alerts.firing import Firing
from smarketing.alerts.raising import drafts
from smarketing.alerts.tally import Tally
from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate, evaluate_deliveries
from smarketing.engine.moments import CLOCK_OCCASIONS, MomentState, states
from smarketing.engine.warned import Warned, warned
from smarketing.ledger.clock_store import horizon_of
from smarketing.ledger.names import Names, names_of
from smarketing.ledger.replica import Replica, open_replica
from smarketing.ledger.store import Facts
from smarketing.terms.agreement import Agreement, InForce
from smarketing.terms.alert_rule import AlertRule
from smarketing.terms.alert_words import about_words, when_words
from smarketing.terms.instants import micros
from smarketing.terms.language import Words
from smarketing.terms.offsets import DAY_US
from smarketing.workflows.score_agreement import local_date

DAYS = 30
LOOK_BACK = timedelta(days=120)  # clocks that began so long before the days that are replayed may still be warned of
COUNTED = {"rule": pl.String(), "commitment": pl.String(), "owner": pl.Int64(), "n": pl.Int64()}


@dataclass(frozen=True, slots=True)
class Previewed:
    """`n_moments` times the rule would have spoken, to all its readers together `n_notices`, before caps and digests.

    `reasons` count by code the notices that would have reached nobody.
    """

    rule: AlertRule
    n_moments: int
    n_notices: int
    reasons: dict[str, int]


def preview_alerts(
    text: Agreement, facts: Facts, *, directory: Directory, now: datetime, n_days: int = DAYS
) -> tuple[Previewed, ...]:
    """Every rule about clocks, in the order of the text, as if it had been in force in the last `n_days` days.

    Raises FactsError when the facts cannot be read, TermsError as compile_terms
    """
    rules = [rule for rule in text.alerts if rule.on in CLOCK_OCCASIONS]
    replica = open_replica(facts)
    if not rules or not replica.n_leads:
        return tuple(Previewed(rule, 0, 0, {}) for rule in rules)
    counted = (
        _counted(text, replica, micros(now), n_days).group_by("rule", "commitment", "owner").agg(pl.col("n").sum())
    )
    names = names_of(facts)
    firings = ((rule, list(_firings(rule, counted.filter(pl.col("rule") == rule.id), text, names))) for rule in rules)
    return tuple(_previewed(rule, some, directory, now) for rule, some in firings)


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
            "n_moments": each.n_moments,
            "n_notices": each.n_notices,
            "reasons": each.reasons,
            "sentence": _sentence(each, words, n_days),
        }
        for each in found
    ]


def _sentence(found: Previewed, words: Words, n_days: int) -> str:
    if not found.n_moments:
        return words("This rule would have said nothing in the last {days} days.", days=n_days)
    told = words.plural(
        "This rule would have sent {n} notice in the last {days} days",
        "This rule would have sent {n} notices in the last {days} days",
        found.n_notices,
        days=n_days,
    )
    about = words.plural("for {n} clock", "for {n} clocks", found.n_moments)
    return words("{told}, {about}.", told=told, about=about)


def _counted(text: Agreement, replica: Replica, at: int, n_days: int) -> pl.DataFrame:
    """How often each rule would have spoken, by commitment and owner (code)."""
    first_on = local_date(text.zone, replica.first_at)
    ever = text.model_copy(update={"in_force": InForce(from_on=first_on)})
    compiled = compile_terms([ever], replica.codebook, start=replica.first_at, end=horizon_of(at))
    since = at - n_days * DAY_US
    found = [pl.DataFrame(schema=COUNTED)]
    for bucket in range(replica.n_buckets):
        if replica.span(bucket)[1] < since - LOOK_BACK // timedelta(microseconds=1):
            continue
        history = replica.history(bucket)
        clocks = evaluate(history, compiled, now=at).clocks
        found += (_spoken(each, since, at) for each in warned(history, compiled, clocks, now=at))
    owed = evaluate_deliveries(replica.deliveries(), compiled, at)
    found += (_spoken(each, since, at) for each in warned(replica.history(0), compiled, owed, now=at))
    return pl.concat(found)


def _spoken(some: Warned, since: int, at: int) -> pl.DataFrame:
    came = some.moments
    has_spoken = (states(came, some.clocks, some.rules, at) == MomentState.DUE) & (came.at >= since) & (came.at < at)
    frame = pl.DataFrame({"rule": came.rule[has_spoken], "owner": some.clocks.owner[came.clock[has_spoken]]})
    ids = pl.Series([rule.id for rule in some.rules], dtype=pl.String)
    counted = frame.group_by("rule", "owner").agg(pl.len().alias("n"))
    named = counted.with_columns(
        ids.gather(counted["rule"]).alias("rule"), commitment=pl.lit(some.clause.commitment.id)
    )
    return named.select(list(COUNTED)).cast(COUNTED)  # type: ignore[arg-type]


def _firings(rule: AlertRule, counted: pl.DataFrame, text: Agreement, names: Names) -> Iterator[tuple[Firing, int]]:
    """One firing for each commitment and owner, and how often there was one."""
    promises = {commitment.id: commitment for commitment in text.commitments}
    known = {owner: (src, id) for src, id, owner, _ in names.owners.iter_rows()}
    book = names.codebook
    for row in counted.sort("commitment", "owner").iter_rows(named=True):
        owner = row["owner"]
        team = book.team_of[owner] if owner >= 0 else -1
        firing = Firing(
            subject=(row["commitment"], owner),
            rule=rule,
            agreement=text,
            commitment=promises[row["commitment"]],
            owner=known.get(owner),
            team=book.teams[team] if team >= 0 else "",
            party=promises[row["commitment"]].party,
        )
        yield firing, row["n"]


def _previewed(rule: AlertRule, firings: list[tuple[Firing, int]], directory: Directory, now: datetime) -> Previewed:
    """Readers are the same for all leads of one owner, so they are looked for once for each."""
    n_notices, reasons = 0, Counter[str]()
    for firing, n in firings:
        for draft in drafts(firing, directory, Tally(), now):
            n_notices += 0 if draft.is_suppressed else n
            if draft.is_suppressed:
                reasons[draft.reason] += n
    return Previewed(rule, sum(n for _, n in firings), n_notices, dict(reasons))
