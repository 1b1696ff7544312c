"""What happened with leads, as numbers that lead on: the same on the page of a morning and on that of a week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from smarketing.charts.numbers import shown
from smarketing.scorecard.activity import Activity
from smarketing.scorecard.card import Reason
from smarketing.terms.code_names import CHANNELS, REASONS, said
from smarketing.terms.language import Words
from smarketing.web.pages.summary_links import StepLinks

STAGES = ("mql", "sal", "sql", "opportunity", "customer", "disqualified", "recycled")


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
    return tuple(_step(found, step, links, words) for step in ("lead", "handover"))


def contacts(found: Activity, links: StepLinks, words: Words) -> tuple[Number, ...]:
    name = words.plural("contact made", "contacts made", found.n_touches)
    made = Number(words.number(found.n_touches), name, links.touches() if found.n_touches else "")
    return (made, *(_step(found, step, links, words) for step in ("touched", "connected")))


def changes(found: Activity, links: StepLinks, words: Words) -> tuple[Number, ...]:
    """Only what happened."""
    return tuple(_step(found, step, links, words) for step in STAGES if found.steps[step])


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


def _step(found: Activity, step: str, links: StepLinks, words: Words) -> Number:
    n = found.steps[step]
    return Number(words.number(n), _name(step, n, words), links.step(step) if n else "")


def _name(step: str, n: int, words: Words) -> str:
    return {
        "lead": words.plural("lead came", "leads came", n),
        "handover": words.plural("was handed over to sales", "were handed over to sales", n),
        "touched": words.plural("lead contacted for the first time", "leads contacted for the first time", n),
        "connected": words.plural("was reached for the first time", "were reached for the first time", n),
        "mql": words("became MQL"),
        "sal": words("became SAL"),
        "sql": words("became SQL"),
        "opportunity": words.plural("became an opportunity", "became opportunities", n),
        "customer": words.plural("became a customer", "became customers", n),
        "disqualified": words.plural("was disqualified", "were disqualified", n),
        "recycled": words.plural("was recycled", "were recycled", n),
    }[step]
