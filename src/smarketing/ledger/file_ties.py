"""The ties of names in one or two generations of a folder of facts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from smarketing.facts.frames import table_named
from smarketing.ledger.folder import Folder, damaged, read_whole, scan_files
from smarketing.ledger.keys import TOUCHED, Keys, Texts, Tied, Touches, keys_in, listed, names_of_touches, texts_in
from smarketing.ledger.mentions import mentioned_in
from smarketing.ledger.names import is_owner_change

FEW_NAMES = 20_000  # whose touches are read whole when they are looked for, as they will be wanted


@dataclass(frozen=True)  # with slots the class is made twice, and super() means the first
class Ties(Tied[pl.DataFrame]):
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
        return frozenset(TOUCHED) - frozenset(mentioned_in(_files(table, self.states), table, _uses)["column"])

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

    def leads(self, keys: Keys) -> pl.DataFrame:
        return self.either("lead", keys, "src", "lead_id")

    def met(self, moved: Keys, named: Keys, gone: pl.DataFrame) -> tuple[Keys, Touches | None]:
        """Touches are by far the longest table: what will be wanted of it is read when it is looked through."""
        if len(moved) + len(named) > FEW_NAMES:
            return super().met(moved, named, gone)
        touches = Touches.of(moved | self.all_ways(named), self)
        carrying = moved.rows(deal="deal_id")
        return names_of_touches(
            pl.concat([touches.rows.select(TOUCHED), gone.select(TOUCHED)]).filter(carrying)
        ), touches

    def of_owners(self, owners: Texts) -> Keys:
        theirs = listed(owners)
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
            more = leads | texts_in(self.same.filter(pl.col("one").is_in(listed(leads))), "other")
            if len(more) == len(leads):
                return Keys(leads, keys.persons, keys.deals)
            leads = more


def _uses(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Which columns of names hold any."""
    names = [name for name in TOUCHED if name in rows.collect_schema().names()]
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
