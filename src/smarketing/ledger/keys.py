"""The names by which facts find their leads, and what hangs together by them.

Everything here errs on the side of more: a name is followed in every source, before and after the change.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from smarketing.facts.frames import table_named
from smarketing.ledger.folder import Folder, damaged, read_whole, scan_files
from smarketing.ledger.mentions import mentioned_in
from smarketing.ledger.names import is_owner_change

Texts = pl.Series
NAMES = ("lead_id", "person_key", "deal_id")
FEW = 1_000  # which a set of Python's unites sooner
NO_TEXTS: Texts = pl.Series(dtype=pl.String)


@dataclass(frozen=True, slots=True)
class Keys:
    """Ids of leads, keys of persons and ids of deals; each is a set."""

    leads: Texts = field(default_factory=lambda: NO_TEXTS)
    persons: Texts = field(default_factory=lambda: NO_TEXTS)
    deals: Texts = field(default_factory=lambda: NO_TEXTS)

    def __or__(self, other: Keys) -> Keys:
        if not (self and other):
            return self or other
        return Keys(
            _union(self.leads, other.leads), _union(self.persons, other.persons), _union(self.deals, other.deals)
        )

    def __len__(self) -> int:
        return len(self.leads) + len(self.persons) + len(self.deals)

    def __sub__(self, other: Keys) -> Keys:
        return Keys(
            self.leads.filter(~self.leads.is_in(other.leads.implode())),
            self.persons.filter(~self.persons.is_in(other.persons.implode())),
            self.deals.filter(~self.deals.is_in(other.deals.implode())),
        )

    def rows(
        self, *, lead: str = "lead_id", deal: str = "", person: str = "person_key", unused: frozenset[str] = frozenset()
    ) -> pl.Expr:
        """The rows of a table that one of the keys names; `unused` columns name nothing and are not read."""
        named = [(lead, self.leads), (person, self.persons), (deal, self.deals)]
        asked = [(column, texts) for column, texts in named if column and column not in unused and len(texts)]
        found = [pl.col(column).is_in(texts.implode()) for column, texts in asked]
        return pl.any_horizontal(found).fill_null(value=False) if found else pl.lit(value=False)


def keys_in(rows: pl.DataFrame, *, leads: tuple[str, ...] = (), persons: str = "", deals: str = "") -> Keys:
    """The keys that some rows name in these columns."""
    return Keys(
        _union(*[rows[column] for column in leads]),
        _union(rows[persons]) if persons else NO_TEXTS,
        _union(rows[deals]) if deals else NO_TEXTS,
    )


def _union(*texts: Texts) -> Texts:
    told = [text for text in texts if len(text)]
    if sum(len(text) for text in told) > FEW:
        return pl.concat([text.cast(pl.String).alias("") for text in told]).drop_nulls().unique()
    names = {name for text in told for name in text.to_list()} - {None}
    return pl.Series(list(names), dtype=pl.String) if names else NO_TEXTS


class Tied(ABC):
    """Facts before and after a change, as far as names are tied to each other in them; `after` is what they will be.

    `either` rows are of before or after, and may be of more than was asked for.
    """

    @abstractmethod
    def continued(self, keys: Keys) -> Keys:
        """With the ids of every lead that goes on as one of these, or that one of these goes on as."""

    @abstractmethod
    def either(self, table: str, keys: Keys, *columns: str, deal: str = "", person: str = "person_key") -> pl.DataFrame:
        """Columns of the rows of a table that one of the keys names by its lead_id or by these columns."""

    @abstractmethod
    def of_owners(self, owners: Texts) -> Keys:
        """The leads and deals that one of these owners ever held."""

    @abstractmethod
    def touches(self, keys: Keys) -> pl.DataFrame:
        """The touches after the change that carry one of the keys."""

    @abstractmethod
    def excerpt(self, keys: Keys) -> dict[str, pl.DataFrame]:
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

    def both_of_deals(
        self, keys: Keys, deal: str, of_deals: tuple[str, ...], of_shared: tuple[str, ...]
    ) -> list[pl.DataFrame]:
        """Columns of the deals that the keys name, and of the rows that tell who had a part in them."""
        deals = self.either("deal", keys, *of_deals, deal=deal)
        return [deals, self.either("deal_lead", keys, *of_shared, deal=deal, person="")]


@dataclass(frozen=True, slots=True)
class Ties(Tied):
    """The same of one or two folders of facts; with one, nothing changes."""

    states: tuple[Folder, ...]
    same: pl.DataFrame  # lead ids that continue each other: one, other

    @classmethod
    def of(cls, *states: Folder) -> Ties:
        marked = _either("lead", states).filter(pl.col("merged_into").is_not_null())
        steps = [
            _either("identity", states).select(one="from_id", other="to_id"),
            marked.select(one="lead_id", other="merged_into"),
        ]
        same = read_whole(pl.concat(steps).drop_nulls().unique(), states[0].path)
        return cls(states, pl.concat([same, same.select(one="other", other="one")]))

    def unused(self, table: str) -> frozenset[str]:
        """The columns of names that no row of a table fills in any state: in most exports, most of them."""
        return frozenset(NAMES) - frozenset(mentioned_in(_files(table, self.states), table, _uses)["column"])

    def uses(self, table: str, column: str) -> bool:
        return column not in self.unused(table)

    def either(self, table: str, keys: Keys, *columns: str, deal: str = "", person: str = "person_key") -> pl.DataFrame:
        return self._read(table, keys.rows(deal=deal, person=person, unused=self.unused(table)), *columns)

    def _read(self, table: str, rows: pl.Expr, *columns: str) -> pl.DataFrame:
        return read_whole(_either(table, self.states).filter(rows).select(columns).unique(), self.states[0].path)

    def both_of_deals(
        self, keys: Keys, deal: str, of_deals: tuple[str, ...], of_shared: tuple[str, ...]
    ) -> list[pl.DataFrame]:
        asked = [
            _either("deal", self.states).filter(keys.rows(deal=deal, unused=self.unused("deal"))).select(of_deals),
            _either("deal_lead", self.states).filter(keys.rows(deal=deal, person="")).select(of_shared),
        ]
        return read_all(asked, self.states[0].path)

    def of_owners(self, owners: Texts) -> Keys:
        theirs = owners.implode()
        is_theirs = pl.col("owner_id").is_in(theirs)
        swapped = is_owner_change() & (pl.col("to_value").is_in(theirs) | pl.col("from_value").is_in(theirs))
        return (
            keys_in(self._read("lead", is_theirs, "lead_id"), leads=("lead_id",))
            | keys_in(self._read("stage_change", swapped, "entity_id"), leads=("entity_id",))
            | keys_in(self._read("deal", is_theirs, "deal_id"), deals="deal_id")
        )

    def touches(self, keys: Keys) -> pl.DataFrame:
        rows = keys.rows(deal="deal_id", unused=self.unused("touch"))
        return read_whole(self.states[-1].scan("touch").filter(rows), self.states[0].path)

    def excerpt(self, keys: Keys) -> dict[str, pl.DataFrame]:
        ids, of_deals = Keys(leads=keys.leads), Keys(deals=keys.deals).rows(lead="", person="", deal="deal_id")
        wanted = {
            "lead": keys.rows(unused=self.unused("lead")),
            "stage_change": ids.rows(lead="entity_id", person=""),
            "deal": of_deals,
            "deal_lead": of_deals,
            "identity": ids.rows(lead="from_id", person="") | ids.rows(lead="to_id", person=""),
        }
        found = read_all(
            [self.states[-1].scan(name).filter(rows) for name, rows in wanted.items()], self.states[0].path
        )
        return dict(zip(wanted, found, strict=True))

    def continued(self, keys: Keys) -> Keys:
        leads = keys.leads
        while True:
            near = self.same.filter(pl.col("one").is_in(leads.implode()))["other"]
            more = _union(leads, near)
            if len(more) == len(leads):
                return Keys(leads, keys.persons, keys.deals)
            leads = more


def _uses(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Which columns of names hold any."""
    names = [name for name in NAMES if name in rows.collect_schema().names()]
    used = rows.select(pl.col(name).is_not_null().any() for name in names)
    return used.unpivot(variable_name="column").filter("value").select("column")


def _either(name: str, states: tuple[Folder, ...]) -> pl.LazyFrame:
    """The rows of a table in any of the states; files that they share are read once."""
    return scan_files([file for file, _ in _files(name, states)], table_named(name))


def _files(name: str, states: tuple[Folder, ...]) -> list[tuple[Path, int]]:
    """The files of a table in any of the states, and their bytes."""
    files = {
        Path(part.file).name: (facts.path / part.file, part.n_bytes) for facts in states for part in facts.parts(name)
    }
    return list(files.values())


def read_all(frames: list[pl.LazyFrame], where: Path) -> list[pl.DataFrame]:
    """Several reads at a time; a damaged file is the user's to mend."""
    try:
        return pl.collect_all(frames)
    except (OSError, pl.exceptions.ComputeError) as error:
        raise damaged(where, error) from error
