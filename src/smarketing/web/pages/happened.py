"""What happened with leads, as numbers that lead on: the same on the page of a morning and on that of a week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from smarketing.charts.numbers import shown
from smarketing.scorecard.activity import Activity
from smarketing.scorecard.card import Reason
from smarketing.terms.code_names import CHANNELS, REASONS, said
from smarketing.terms.language import N_, Words
from smarketing.web.pages.summary_links import StepLinks

STEPS = {
    "mql": N_("became MQL"),
    "sal": N_("became SAL"),
    "sql": N_("became SQL"),
    "opportunity": N_("became opportunities"),
    "customer": N_("became customers"),
    "disqualified": N_("were disqualified"),
    "recycled": N_("were recycled"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """`href` is empty where there is nothing behind it."""

    value: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    value: str
    href: str = ""


def handed_over(found: Activity, links: StepLinks, words: Words) -> tuple[Number, ...]:
    steps = (("lead", words("leads came")), ("handover", words("were handed over to sales")))
    return tuple(_step(found, step, name, links, words) for step, name in steps)


def contacts(found: Activity, links: StepLinks, words: Words) -> tuple[Number, ...]:
    made = Number(words.number(found.n_touches), words("contacts made"), links.touches() if found.n_touches else "")
    steps = (
        ("touched", words("leads contacted for the first time")),
        ("connected", words("reached for the first time")),
    )
    return (made, *(_step(found, step, name, links, words) for step, name in steps))


def changes(found: Activity, links: StepLinks, words: Words) -> tuple[Number, ...]:
    """Only what happened."""
    return tuple(_step(found, step, words(name), links, words) for step, name in STEPS.items() if found.steps[step])


def money(found: Activity, currency: str, links: StepLinks, words: Words) -> tuple[Number, ...]:
    return tuple(_money(found, currency, links, words))


def _money(found: Activity, currency: str, links: StepLinks, words: Words) -> Iterator[Number]:
    for step, amount in (("deal_won", found.won), ("deal_opened", found.opened)):
        n = found.steps[step]
        name = (
            words.plural("from {n} deal won", "from {n} deals won", n)
            if step == "deal_won"
            else words.plural("in {n} deal opened", "in {n} deals opened", n)
        )
        yield Number(shown(amount, currency, words), name, links.step(step) if n else "")


def reasons(found: Activity, words: Words) -> tuple[Part, ...]:
    return tuple(_named(found.reasons, REASONS, words))


def sources(found: Activity, links: StepLinks, words: Words) -> tuple[Part, ...]:
    return tuple(
        Part(
            said(each.id, CHANNELS, words) or words("none"),
            words.number(each.n),
            links.step("handover", source=each.id or "-"),
        )
        for each in found.sources
    )


def tiers(found: Activity, names: Mapping[str, str], links: StepLinks, words: Words) -> tuple[Part, ...]:
    return tuple(
        Part(
            names.get(each.id, each.id) or words("none"),
            words.number(each.n),
            links.step("handover", tier=each.id or "-"),
        )
        for each in found.tiers
    )


def _named(found: Iterable[Reason], names: Mapping[str, str], words: Words) -> Iterator[Part]:
    for each in found:
        yield Part(said(each.id, names, words) or words("no reason given"), words.number(each.n))


def _step(found: Activity, step: str, name: str, links: StepLinks, words: Words) -> Number:
    n = found.steps[step]
    return Number(words.number(n), name, links.step(step) if n else "")
