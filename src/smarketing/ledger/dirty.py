"""Which leads a change of the facts may have made another, and the facts that are enough to tell what they are now.

A lead is dirty when a row that changed names it, its person or its deal, before or after; when merges, conversions,
credit or its person tie it to such a name; or when a touch must find its leads anew because a name that it carries
leads elsewhere. Clean leads are as they were, up to codes and numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from smarketing.ledger.file_ties import Ties
from smarketing.ledger.folder import Folder
from smarketing.ledger.found_rows import Found
from smarketing.ledger.keys import NO_LEADS, Keys, Rows, Texts, Tied, Touches, keys_in, names_of_touches, texts_in
from smarketing.ledger.manifest import Part
from smarketing.ledger.moved import moved

JUDGED = ("owner", "lead", "touch", "stage_change", "deal", "deal_lead", "identity")
LEAD_WAY = ("src", "lead_id", "person_key", "merged_into", "created_at")
DEAL_WAY = ("src", "deal_id", "lead_id", "person_key", "created_at")


class Differing(Protocol[Rows]):
    """As ledger.moved.Moved."""

    @property
    def gone(self) -> Rows: ...

    @property
    def came(self) -> Rows: ...

    @property
    def rows(self) -> Rows: ...

    def by(self, *columns: str) -> Rows: ...

    def where(self, column: str, value: str) -> Differing[Rows]: ...


@dataclass(frozen=True, slots=True)
class Dirt:
    """`leads`: src and lead_id of every dirty lead, before or after; `is_everything` when no lead can be trusted.

    `touches` are touches of theirs that were come across, as they are after.
    """

    leads: pl.DataFrame
    is_everything: bool = False
    touches: Touches | None = None


def dirty_leads(before: Folder, after: Folder) -> Dirt:
    """The leads that may differ between two states of the facts, none left out."""
    return dirt_of({name: moved(before, after, name) for name in JUDGED}, lambda: Ties.of(before, after))


def dirt_of(changed: Mapping[str, Differing[Rows]], tied: Callable[[], Tied[Rows]]) -> Dirt:
    """The same of the rows of each table in JUDGED that changed; `tied` is asked for when it is needed."""
    if _became_somebody_else(changed["owner"]):
        return Dirt(NO_LEADS, is_everything=True)
    ties, named, touches = tied(), _named(changed), None
    keys = moved_names = _led_elsewhere(changed, ties)
    if moved_names:
        met, touches = ties.met(moved_names, named, changed["touch"].gone)
        keys = moved_names | met
    if not (keys := keys | named):
        return Dirt(NO_LEADS)
    return Dirt(ties.leads(ties.continued(ties.of_deals(keys))), touches=touches)


def _became_somebody_else(owners: Differing[Rows]) -> bool:
    """Whether an owner turned from a person into a queue or back: that touches everything that he ever did."""
    was, now = (_persons(rows) for rows in (owners.gone, owners.came))
    return any(was.get(owner, True) != now.get(owner, True) for owner in was.keys() | now.keys())


def _persons(owners: pl.DataFrame | Found) -> dict[tuple[str, str], bool]:
    """Who is a person; unknown ones are."""
    told = zip(owners["src"], owners["owner_id"], owners["kind"], strict=True)
    return {(src, owner): kind in {"person", None} for src, owner, kind in told}


def leads_of_owners(before: Folder, after: Folder) -> pl.DataFrame:
    """src and lead_id of every lead that somebody ever held of whom another thing is told now: a name, a team, hours.

    What such a lead is has not changed, but who it is shown for and whether a promise is about it may have.
    """
    return held_by(texts_in(moved(before, after, "owner").rows, "owner_id"), lambda: Ties.of(before, after))


def held_by(owners: Texts, tied: Callable[[], Tied[Rows]]) -> pl.DataFrame:
    """src and lead_id of every lead that one of these owners ever held."""
    if not owners:
        return NO_LEADS
    ties = tied()
    return ties.leads(ties.continued(ties.of_deals(ties.of_owners(owners))))


def _named(changed: Mapping[str, Differing[Rows]]) -> Keys:
    """Whatever the changed rows name."""
    of_leads = changed["stage_change"].where("entity", "lead").rows
    return (
        keys_in(changed["lead"].rows, leads=("lead_id", "merged_into"))
        | keys_in(changed["touch"].rows, leads=("lead_id",), persons="person_key", deals="deal_id")
        | keys_in(of_leads, leads=("entity_id",))
        | keys_in(changed["deal"].rows, leads=("lead_id",), persons="person_key", deals="deal_id")
        | keys_in(changed["deal_lead"].rows, leads=("lead_id",), deals="deal_id")
        | keys_in(changed["identity"].rows, leads=("from_id", "to_id"))
    )


def _led_elsewhere(changed: Mapping[str, Differing[Rows]], ties: Tied[Rows]) -> Keys:
    """Names that may lead elsewhere now."""
    keys = (
        keys_in(changed["lead"].by(*LEAD_WAY), leads=("lead_id", "merged_into"), persons="person_key")
        | keys_in(changed["deal"].by(*DEAL_WAY), leads=("lead_id",), persons="person_key", deals="deal_id")
        | keys_in(changed["deal_lead"].rows, leads=("lead_id",), deals="deal_id")
        | keys_in(changed["identity"].rows, leads=("from_id", "to_id"))
    )
    return ties.all_ways(keys) if keys else keys


class Excerpt(Folder):
    """Some rows of the facts, in memory; of the other tables everything."""

    def __init__(self, facts: Folder, tables: Mapping[str, pl.DataFrame]) -> None:
        super().__init__(facts.path, facts.manifest)
        self.tables = tables

    def held(self, name: str) -> pl.DataFrame | None:
        return self.tables.get(name)

    def scan(self, name: str) -> pl.LazyFrame:
        return self.tables[name].lazy() if name in self.tables else super().scan(name)

    def parts(self, name: str) -> tuple[Part, ...]:
        return (Part("", len(self.tables[name]), 0),) if name in self.tables else super().parts(name)

    def frame(self, name: str) -> pl.DataFrame:
        return self.tables[name] if name in self.tables else super().frame(name)

    def scan_part(self, name: str, part: Part) -> pl.LazyFrame:
        return self.tables[name].lazy() if name in self.tables else super().scan_part(name, part)


def excerpt(facts: Folder, leads: pl.DataFrame, touches: Touches | None = None) -> Excerpt:
    """Facts that say of `leads` (src, lead_id) all that `facts` say; what they say of other leads is not complete.

    Takes    touches  touches of `facts` that are read already
    """
    ties = Ties.of(facts)
    carrying = ties.touches if touches is None else lambda names: touches.carrying(names, ties)
    return Excerpt(facts, said_of(keys_in(leads, leads=("lead_id",)), ties, carrying))


def said_of(leads: Keys, ties: Tied[Rows], touches: Callable[[Keys], Rows]) -> dict[str, Rows]:
    """By table: rows after a change that are enough to tell what these leads are then.

    Takes    touches  finds those that carry one of some names
    """
    theirs = ties.all_ways(leads)
    found = touches(theirs)
    met = ties.continued(ties.of_deals(theirs | names_of_touches(found)))
    if ties.uses("lead", "person_key"):  # other leads of the same persons
        met = ties.continued(met | keys_in(ties.either("lead", met, "lead_id"), leads=("lead_id",)))
    return {"touch": found, **ties.excerpt(met)}
