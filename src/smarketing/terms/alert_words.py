"""Rules of warning as people read them: when each fires, about what, who is told and by which way."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import EMAIL, IN_APP, OCCASIONS, AlertRule, Occasion
from smarketing.terms.language import N_, Words
from smarketing.terms.promise_words import allowance_words

PLACES = {
    "owner": N_("the owner"),
    "manager": N_("the owner's manager"),
    "team": N_("the owner's team"),
}
WAYS = {IN_APP: N_("in the program"), EMAIL: N_("by e-mail")}
FIXED = {
    Occasion.BREACH: N_("when the time has run out"),
    Occasion.CELEBRATION: N_("when a target is reached"),
    Occasion.PULSE: N_("every working morning"),
    Occasion.WEEKLY_SUMMARY: N_("on the first working day of a week"),
}


def when_words(rule: AlertRule, words: Words) -> str:
    """The moment at which a rule fires: `when 75 % of the time is used up`."""
    if rule.on in FIXED:
        return words(FIXED[rule.on])
    if rule.on is Occasion.REMINDER:
        if rule.before:
            return words("{time} before the deadline", time=allowance_words(rule.before, words))
        return words("when {share} of the time is used up", share=words.percent(rule.at, 0))
    if rule.on is Occasion.ESCALATION and rule.after:
        return words("{time} after the deadline", time=allowance_words(rule.after, words))
    if rule.on is Occasion.UNASSIGNED:
        if rule.after:
            return words("when nobody has a lead {time} after its handover", time=allowance_words(rule.after, words))
        return words("when a lead is handed over to nobody")
    if rule.on is Occasion.PACE:
        return words.plural(
            "when a total is {share} behind its goal line",
            "when a total is {share} behind its goal line for {n} days",
            rule.for_days,
            share=words.percent(rule.behind, 0),
        )
    if rule.on is Occasion.BURN_RATE:
        times = _number(rule.rate, words)
        if rule.look_back:
            length = allowance_words(rule.look_back, words)
            return words("when misses come {n} times as fast as allowed, within {time}", n=times, time=length)
        return words("when misses come {n} times as fast as allowed, since the period began", n=times)
    if rule.on is Occasion.CAPACITY:
        return words("when the leads need more than {share} of the hours", share=words.percent(rule.load, 0))
    if rule.on is Occasion.SILENT_SOURCE:
        return words("when a source is quiet for {n} times its usual gap", n=_number(rule.gap_factor, words))
    return words(OCCASIONS[rule.on].meaning)


def about_words(rule: AlertRule, agreement: Agreement, words: Words) -> str:
    """The titles of the promises that a rule is about."""
    if not OCCASIONS[rule.on].kinds:
        return ""
    if not rule.commitments:
        return words("every promise that fits")
    titles = {commitment.id: commitment.title or commitment.id for commitment in agreement.commitments}
    return ", ".join(titles.get(id, id) for id in rule.commitments)


def readers_words(rule: AlertRule, agreement: Agreement, words: Words) -> str:
    """Who is told: `the owner, Priya Nair`."""
    known = {party.id: party.name for party in agreement.parties} | {"seat": agreement.seat}
    readers = [words(PLACES[reader]) if reader in PLACES else known.get(reader) or reader for reader in rule.to]
    return ", ".join(dict.fromkeys(readers)) or words("nobody")


def ways_words(rule: AlertRule, words: Words) -> str:
    """By which ways, and how often at most."""
    ways = ", ".join(words(WAYS[channel]) if channel in WAYS else channel for channel in rule.channels)
    return "; ".join((ways, *_limits(rule, words)))


def _limits(rule: AlertRule, words: Words) -> Iterator[str]:
    if rule.urgent:
        yield words("at once, in quiet hours too")
    if rule.digest:
        yield words("with the daily digest")
    if rule.cooldown:
        yield words("again after {time} at the earliest", time=allowance_words(rule.cooldown, words))
    if rule.most:
        yield words.plural("at most {n} a day", "at most {n} a day", rule.most)


def _number(value: Decimal | None, words: Words) -> str:
    exponent = (value or Decimal(0)).normalize().as_tuple().exponent
    return words.number(value, max(0, -exponent) if isinstance(exponent, int) else 0)
