"""Which leads a change of the facts may have made another, and the facts that are enough to tell what they are now.

A lead is dirty when a row that changed names it, its person or its deal, before or after; when merges, conversions,
credit or its person tie it to such a name; or when a touch must find its leads anew because a name that it carries
leads elsewhere. Clean leads are as they were, up to codes and numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from smarketing.facts.frames import table_named
from smarketing.ledger.folder import Folder
from smarketing.ledger.keys import Keys, Tied, Ties, keys_in
from smarketing.ledger.manifest import Part
from smarketing.ledger.moved import Moved, moved

JUDGED = ("owner", "lead", "touch", "stage_change", "deal", "deal_lead", "identity")
TOUCHED = ("lead_id", "person_key", "deal_id")
LEAD_WAY = ("src", "lead_id", "person_key", "merged_into", "created_at")
DEAL_WAY = ("src", "deal_id", "lead_id", "person_key", "created_at")


FEW_NAMES = 20_000  # whose touches are read whole when they are looked for, as they will be wanted


@dataclass(frozen=True, slots=True)
class Touches:
    """All touches of a state that carry one of some names."""

    names: Keys
    rows: pl.DataFrame

    @classmethod
    def of(cls, names: Keys, ties: Tied) -> Touches:
        return cls(names, ties.touches(names))

    def carrying(self, names: Keys, ties: Tied) -> pl.DataFrame:
        """The touches that carry one of `names`; those of names not asked for before are looked for now."""
        known = self.rows.filter(names.rows(deal="deal_id"))
        if not (more := names - self.names):
            return known
        return pl.concat([known, ties.touches(more)]).unique(table_named("touch").key)


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


def dirt_of(changed: Mapping[str, Moved], tied: Callable[[], Tied]) -> Dirt:
    """The same of the rows of each table in JUDGED that changed; `tied` is asked for when it is needed."""
    nobody = pl.DataFrame(schema={"src": pl.String, "lead_id": pl.String})
    if _became_somebody_else(changed["owner"]):
        return Dirt(nobody, is_everything=True)
    ties, named = tied(), _named(changed)
    moved_names = _led_elsewhere(changed, ties)
    met, touches = _met(moved_names, named, changed["touch"], ties)
    keys = named | moved_names | met
    if not keys:
        return Dirt(nobody)
    keys = ties.continued(ties.of_deals(keys))
    return Dirt(ties.either("lead", keys, "src", "lead_id"), touches=touches)


def _became_somebody_else(owners: Moved) -> bool:
    """Whether an owner turned from a person into a queue or back: that touches everything that he ever did."""
    if not owners:
        return False
    is_person = (pl.col("kind") == "person").fill_null(value=True)
    gone, came = (rows.select("src", "owner_id", is_person=is_person) for rows in (owners.gone, owners.came))
    both = gone.join(came, on=["src", "owner_id"], how="full", coalesce=True)
    was, now = pl.col("is_person").fill_null(value=True), pl.col("is_person_right").fill_null(value=True)
    return bool(both.select((was != now).any()).item())


def leads_of_owners(before: Folder, after: Folder) -> pl.DataFrame:
    """src and lead_id of every lead that somebody ever held of whom another thing is told now: a name, a team, hours.

    What such a lead is has not changed, but who it is shown for and whether a promise is about it may have.
    """
    return held_by(moved(before, after, "owner").rows["owner_id"], lambda: Ties.of(before, after))


def held_by(owners: pl.Series, tied: Callable[[], Tied]) -> pl.DataFrame:
    """src and lead_id of every lead that one of these owners ever held."""
    if owners.is_empty():
        return pl.DataFrame(schema={"src": pl.String, "lead_id": pl.String})
    ties = tied()
    keys = ties.of_deals(ties.of_owners(owners.unique()))
    return ties.either("lead", ties.continued(keys), "src", "lead_id")


def _named(changed: Mapping[str, Moved]) -> Keys:
    """Whatever the changed rows name."""
    of_leads = changed["stage_change"].rows.filter(pl.col("entity") == "lead")
    return (
        keys_in(changed["lead"].rows, leads=("lead_id", "merged_into"))
        | keys_in(changed["touch"].rows, leads=("lead_id",), persons="person_key", deals="deal_id")
        | keys_in(of_leads, leads=("entity_id",))
        | keys_in(changed["deal"].rows, leads=("lead_id",), persons="person_key", deals="deal_id")
        | keys_in(changed["deal_lead"].rows, leads=("lead_id",), deals="deal_id")
        | keys_in(changed["identity"].rows, leads=("from_id", "to_id"))
    )


def _led_elsewhere(changed: Mapping[str, Moved], ties: Tied) -> Keys:
    """Names that may lead elsewhere now."""
    keys = (
        keys_in(changed["lead"].by(*LEAD_WAY), leads=("lead_id", "merged_into"), persons="person_key")
        | keys_in(changed["deal"].by(*DEAL_WAY), leads=("lead_id",), persons="person_key", deals="deal_id")
        | keys_in(changed["deal_lead"].rows, leads=("lead_id",), deals="deal_id")
        | keys_in(changed["identity"].rows, leads=("from_id", "to_id"))
    )
    return _all_ways(keys, ties) if keys else keys


def _all_ways(keys: Keys, ties: Tied) -> Keys:
    """With every name by which a touch may find one of these leads."""
    return ties.with_deals(ties.with_persons(ties.continued(keys)))


def _met(moved_names: Keys, named: Keys, changed: Moved, ties: Tied) -> tuple[Keys, Touches | None]:
    """Every name of the touches that carry a moved one; and the touches, with those of `named`, if they are few.

    Touches are by far the longest table: what will be wanted of it is read when it is looked through for names.
    """
    if not moved_names:
        return moved_names, None
    if len(moved_names) + len(named) > FEW_NAMES:
        return _names_of(ties.either("touch", moved_names, *TOUCHED, deal="deal_id")), None
    touches = Touches.of(moved_names | _all_ways(named, ties), ties)
    carrying = moved_names.rows(deal="deal_id")
    rows = pl.concat([touches.rows.select(TOUCHED), changed.gone.select(TOUCHED)]).filter(carrying)
    return _names_of(rows), touches


def _names_of(touches: pl.DataFrame) -> Keys:
    return keys_in(touches, leads=("lead_id",), persons="person_key", deals="deal_id")


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
    return Excerpt(facts, said_of(leads, Ties.of(facts), touches))


def said_of(leads: pl.DataFrame, ties: Tied, touches: Touches | None = None) -> dict[str, pl.DataFrame]:
    """By table: rows after a change that are enough to tell what these leads are then."""
    theirs = _all_ways(keys_in(leads, leads=("lead_id",)), ties)
    found = (touches or Touches.of(theirs, ties)).carrying(theirs, ties)
    met = ties.continued(ties.of_deals(theirs | _names_of(found)))
    if ties.uses("lead", "person_key"):  # other leads of the same persons
        met = ties.continued(met | keys_in(ties.either("lead", met, "lead_id"), leads=("lead_id",)))
    return {"touch": found, **ties.excerpt(met)}
