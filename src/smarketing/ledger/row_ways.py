"""Which leads few facts are about: the ways of ledger.lead_numbers and the credit for deals, by dicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from smarketing.facts.identity import ends
from smarketing.ledger.found_rows import Found

Id = tuple[str, str]  # src and lead_id, or src and deal_id
Numbers = Mapping[Id, int]


@dataclass(frozen=True, slots=True)
class Way:
    """From a name to lead numbers: those that its own source gives it, else those of any other."""

    own: dict[Id, list[int]]
    others: dict[str, list[int]]

    @classmethod
    def through(cls, told: Iterable[tuple[str, str | None, int]], *, is_shared: bool = False) -> Way:
        """Takes told: src, name, number. An id that two sources use says nothing about a fact of a third."""
        own, others, sources = dict[Id, list[int]](), dict[str, list[int]](), dict[str, set[str]]()
        for src, name, number in told:
            if name is not None:
                own.setdefault((src, name), []).append(number)
                others.setdefault(name, []).append(number)
                sources.setdefault(name, set()).add(src)
        if is_shared:
            return cls(own, others)
        return cls(own, {name: numbers for name, numbers in others.items() if len(sources[name]) == 1})

    def find(self, src: str, name: Any) -> Sequence[int]:
        return self.own.get((src, name)) or self.others.get(name) or ()


@dataclass(frozen=True, slots=True)
class Ways:
    lead: Way
    person: Way
    deal: Way
    credit: Numbers  # which lead each deal is credited to
    merged: Mapping[Id, str]  # why a lead goes on as another

    @classmethod
    def of(cls, said: Mapping[str, Found], numbers: Numbers, created_at: Sequence[int]) -> Ways:
        """Takes numbers: of every lead, places in created_at."""
        ended = _ended(said)
        lead = Way.through((src, name, number) for (src, name), number in _by_lead(said, numbers, ended).items())
        persons = said["lead"].told("src", "person_key", "lead_id")
        person = Way.through(
            ((src, key, numbers[src, name]) for src, key, name in persons if (src, name) not in ended), is_shared=True
        )
        credit = _credited(said, lead, person, created_at)
        deal = Way.through((src, name, number) for (src, name), number in credit.items())
        return cls(lead, person, deal, credit, {own: reason for own, (_, reason) in ended.items()})


def _ended(said: Mapping[str, Found]) -> dict[Id, tuple[str, str]]:
    """Where merged and deduplicated records ended, and why."""
    steps: dict[Id, tuple[str, str]] = {}
    for src, one, other, reason in said["identity"].told("src", "from_id", "to_id", "reason"):
        if reason != "convert":
            steps.setdefault((src, one), (other, reason or "merge"))
    for src, one, other in said["lead"].told("src", "lead_id", "merged_into"):
        if other is not None:
            steps.setdefault((src, one), (other, "merge"))
    if not steps:
        return {}
    rows = [(*own, other) for own, (other, _) in steps.items()]
    schema = dict.fromkeys(("src", "from_id", "to_id"), pl.String())
    found = ends(pl.DataFrame(rows, schema=schema, orient="row")).iter_rows()
    return {(src, one): (other, steps[src, one][1]) for src, one, other, is_cycle in found if not is_cycle}


def _by_lead(said: Mapping[str, Found], numbers: Numbers, ended: Mapping[Id, tuple[str, str]]) -> dict[Id, int]:
    """Of leads, merged ones and their contacts."""
    ways = {own: numbers[own[0], end] for own, (end, _) in ended.items() if (own[0], end) in numbers}
    ways = {**numbers, **ways}
    contacts: dict[Id, int] = {}
    for src, one, other, reason in said["identity"].told("src", "from_id", "to_id", "reason"):
        if reason == "convert" and (src, one) in numbers:
            contacts[src, other] = min(numbers[src, one], contacts.get((src, other), numbers[src, one]))
    return {**contacts, **ways}


def _credited(said: Mapping[str, Found], lead: Way, person: Way, created_at: Sequence[int]) -> dict[Id, int]:
    """As ledger.replica_rows.credited."""
    parts, credit = list[tuple[bool, int, Id]](), dict[Id, int]()
    for src, deal, name in said["deal"].told("src", "deal_id", "lead_id"):
        if numbers := lead.find(src, name):
            credit[src, deal] = numbers[0]
    for src, deal, name, is_primary in said["deal_lead"].told("src", "deal_id", "lead_id", "is_primary"):
        parts += [(not is_primary, number, (src, deal)) for number in lead.find(src, name)]
    for _, number, own in sorted(parts):
        credit.setdefault(own, number)
    for src, deal, key, opened_at in said["deal"].told("src", "deal_id", "person_key", "created_at"):
        if requests := person.find(src, key):
            credit.setdefault((src, deal), _nearest(requests, created_at, opened_at))
    return credit


def _nearest(requests: Sequence[int], created_at: Sequence[int], opened_at: int) -> int:
    """The latest request made before a deal was opened, else the earliest after it."""
    before = [number for number in requests if created_at[number] <= opened_at]
    return max(before) if before else min(requests)
