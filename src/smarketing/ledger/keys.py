"""The names by which facts find their leads, and what hangs together by them.

Everything here errs on the side of more: a name is followed in every source, before and after the change.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

import polars as pl

from smarketing.facts.frames import table_named
from smarketing.ledger.found_rows import Found

Texts = frozenset[str]
Rows = TypeVar("Rows", pl.DataFrame, Found)
NO_TEXTS: Texts = frozenset()
TOUCHED = ("lead_id", "person_key", "deal_id")
NO_LEADS = pl.DataFrame(schema={"src": pl.String, "lead_id": pl.String})


@dataclass(frozen=True, slots=True)
class Keys:
    """Ids of leads, keys of persons and ids of deals."""

    leads: Texts = NO_TEXTS
    persons: Texts = NO_TEXTS
    deals: Texts = NO_TEXTS

    def __or__(self, other: Keys) -> Keys:
        return Keys(self.leads | other.leads, self.persons | other.persons, self.deals | other.deals)

    def __len__(self) -> int:
        return len(self.leads) + len(self.persons) + len(self.deals)

    def __sub__(self, other: Keys) -> Keys:
        return Keys(self.leads - other.leads, self.persons - other.persons, self.deals - other.deals)

    def rows(
        self, *, lead: str = "lead_id", deal: str = "", person: str = "person_key", unused: frozenset[str] = frozenset()
    ) -> pl.Expr:
        """The rows of a table that one of the keys names; `unused` columns name nothing and are not read."""
        named = [(lead, self.leads), (person, self.persons), (deal, self.deals)]
        asked = [(column, texts) for column, texts in named if column and column not in unused and texts]
        found = [pl.col(column).is_in(listed(texts)) for column, texts in asked]
        return pl.any_horizontal(found).fill_null(value=False) if found else pl.lit(value=False)


def listed(texts: Texts) -> pl.Series:
    """For `is_in`."""
    return pl.Series(list(texts), dtype=pl.String).implode()


def keys_in(rows: pl.DataFrame | Found, *, leads: tuple[str, ...] = (), persons: str = "", deals: str = "") -> Keys:
    """The keys that some rows name in these columns."""
    return Keys(
        texts_in(rows, *leads),
        texts_in(rows, persons) if persons else NO_TEXTS,
        texts_in(rows, deals) if deals else NO_TEXTS,
    )


def texts_in(rows: pl.DataFrame | Found, *columns: str) -> Texts:
    """What some columns say, each text once."""
    if not len(rows):
        return NO_TEXTS
    return frozenset(name for column in columns for name in rows[column] if name is not None)


class Tied(ABC, Generic[Rows]):
    """Facts before and after a change, as far as names are tied to each other in them; `after` is what they will be.

    `either` rows are of before or after, and may be of more than was asked for.
    """

    @abstractmethod
    def continued(self, keys: Keys) -> Keys:
        """With the ids of every lead that goes on as one of these, or that one of these goes on as."""

    @abstractmethod
    def either(self, table: str, keys: Keys, *columns: str, deal: str = "", person: str = "person_key") -> Rows:
        """Columns of the rows of a table that one of the keys names by its lead_id or by these columns."""

    @abstractmethod
    def leads(self, keys: Keys) -> pl.DataFrame:
        """src and lead_id of the leads with these ids, before or after, each once."""

    def met(self, moved: Keys, named: Keys, gone: Rows) -> tuple[Keys, Touches | None]:  # noqa: ARG002
        """Every name of the touches that carry one of `moved`; and touches of the state after that were read for it.

        Takes    named  names whose touches will be wanted as well
                 gone   touches that are there no longer as they were
        """
        return names_of_touches(self.either("touch", moved, *TOUCHED, deal="deal_id")), None

    @abstractmethod
    def of_owners(self, owners: Texts) -> Keys:
        """The leads and deals that one of these owners ever held."""

    @abstractmethod
    def touches(self, keys: Keys) -> Rows:
        """The touches after the change that carry one of the keys."""

    @abstractmethod
    def excerpt(self, keys: Keys) -> dict[str, Rows]:
        """The rows after the change of every table but touches that say something of these leads, persons and deals."""

    @abstractmethod
    def uses(self, table: str, column: str) -> bool:
        """Whether any row may have something in this column of names."""

    def with_persons(self, keys: Keys) -> Keys:
        """With the persons behind these leads."""
        if not self.uses("lead", "person_key"):
            return keys
        return keys | keys_in(self.either("lead", Keys(leads=keys.leads), "person_key"), persons="person_key")

    def with_deals(self, keys: Keys) -> Keys:
        """With the deals of these leads and persons."""
        deals, shared = self.both_of_deals(keys, "", ("deal_id",), ("deal_id",))
        return keys | keys_in(deals, deals="deal_id") | keys_in(shared, deals="deal_id")

    def of_deals(self, keys: Keys) -> Keys:
        """With everything that decides which lead has the credit for these deals."""
        of_deals = ("lead_id", "person_key"), ("lead_id",)
        deals, shared = self.both_of_deals(Keys(deals=keys.deals), "deal_id", *of_deals)
        return keys | keys_in(deals, leads=("lead_id",), persons="person_key") | keys_in(shared, leads=("lead_id",))

    def both_of_deals(self, keys: Keys, deal: str, of_deals: tuple[str, ...], of_shared: tuple[str, ...]) -> list[Rows]:
        """Columns of the deals that the keys name, and of the rows that tell who had a part in them."""
        deals = self.either("deal", keys, *of_deals, deal=deal)
        return [deals, self.either("deal_lead", keys, *of_shared, deal=deal, person="")]

    def all_ways(self, keys: Keys) -> Keys:
        """With every name by which a touch may find one of these leads."""
        return self.with_deals(self.with_persons(self.continued(keys)))


def names_of_touches(touches: pl.DataFrame | Found) -> Keys:
    return keys_in(touches, leads=("lead_id",), persons="person_key", deals="deal_id")


@dataclass(frozen=True, slots=True)
class Touches:
    """All touches of a state that carry one of some names."""

    names: Keys
    rows: pl.DataFrame

    @classmethod
    def of(cls, names: Keys, ties: Tied[pl.DataFrame]) -> Touches:
        return cls(names, ties.touches(names))

    def carrying(self, names: Keys, ties: Tied[pl.DataFrame]) -> pl.DataFrame:
        """The touches that carry one of `names`; those of names not asked for before are looked for now."""
        known = self.rows.filter(names.rows(deal="deal_id"))
        if not (more := names - self.names):
            return known
        return pl.concat([known, ties.touches(more)]).unique(table_named("touch").key)
