"""The ties of names before and after a merge, row by row: from the database as it is, and the rows to be merged."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter

import polars as pl

from smarketing.facts.frames import empty, table_named
from smarketing.facts.schema import Table
from smarketing.ledger.change import Upserted
from smarketing.ledger.keys import Keys, Texts, Tied, keys_in
from smarketing.ledger.look_up import Row, as_rows, rows_where, sources_of
from smarketing.ledger.moved import UNREAD, Moved, differing
from smarketing.ledger.names import is_owner_change

UNLISTED = ("owner_id", "to_value", "from_value")  # in no index, and an owner may have held anything
Asked = Sequence[tuple[str, Texts]]  # columns and what they name; a row that one of them names is wanted


class RowTies(Tied):
    """`found` is what the merge comes to, by table; nothing of it is in the database."""

    def __init__(self, found: Mapping[str, Upserted], using: str) -> None:
        self.found, self.using = {name: each for name, each in found.items() if each.counts.n_accepted}, using
        self.came = {name: pl.concat([each.new, each.updated]) for name, each in self.found.items()}
        self.read: dict[tuple[str, str], dict[str, list[Row]]] = {}
        self.chains: dict[frozenset[str], Texts] = {}  # asked for again and again
        self.sources = cache(lambda name: sources_of(table_named(name), using))

    def moved(self, name: str) -> Moved:
        told = [column for column in table_named(name).names if column not in UNREAD]
        if name not in self.found:
            nothing = empty(table_named(name))[told]
            return Moved(nothing, nothing)
        return differing(self.found[name].overwritten[told], self.came[name][told])

    def uses(self, table: str, column: str) -> bool:  # noqa: ARG002
        return True

    def either(self, table: str, keys: Keys, *columns: str, deal: str = "", person: str = "person_key") -> pl.DataFrame:
        asked = [("lead_id", keys.leads), (person, keys.persons), (deal, keys.deals)]
        return self._either(table, asked, columns)

    def of_owners(self, owners: Texts) -> Keys:
        leads = self._either("lead", [("owner_id", owners)], ["lead_id"])
        changes = self._either("stage_change", [("to_value", owners), ("from_value", owners)], None)
        deals = self._either("deal", [("owner_id", owners)], ["deal_id"])
        return (
            keys_in(leads, leads=("lead_id",))
            | keys_in(changes.filter(is_owner_change()), leads=("entity_id",))
            | keys_in(deals, deals="deal_id")
        )

    def owners_among(self, ids: Texts) -> pl.DataFrame:
        """src and owner_id of everybody with one of these ids who owns or did anything."""
        own = [
            self._either(name, [("owner_id", ids)], ["src", "owner_id"]) for name in ("owner", "lead", "touch", "deal")
        ]
        changes = self._either("stage_change", [("to_value", ids), ("from_value", ids)], None).filter(is_owner_change())
        sides = [changes.select("src", owner_id=side) for side in ("to_value", "from_value")]
        return pl.concat([*own, *sides]).filter(pl.col("owner_id").is_in(ids.implode())).unique()

    def touches(self, keys: Keys) -> pl.DataFrame:
        return self._after("touch", [("lead_id", keys.leads), ("person_key", keys.persons), ("deal_id", keys.deals)])

    def excerpt(self, keys: Keys) -> dict[str, pl.DataFrame]:
        wanted: dict[str, Asked] = {
            "lead": [("lead_id", keys.leads), ("person_key", keys.persons)],
            "stage_change": [("entity_id", keys.leads)],
            "deal": [("deal_id", keys.deals)],
            "deal_lead": [("deal_id", keys.deals)],
            "identity": [("from_id", keys.leads), ("to_id", keys.leads)],
        }
        return {name: self._after(name, asked) for name, asked in wanted.items()}

    def continued(self, keys: Keys) -> Keys:
        asked = frozenset(keys.leads.to_list())
        if asked not in self.chains:
            whole = self._chain(asked)
            self.chains |= {asked: whole, frozenset(whole.to_list()): whole}
        return Keys(self.chains[asked], keys.persons, keys.deals)

    def _chain(self, names: Collection[str]) -> Texts:
        known, fresh = set(names), list(names)
        while fresh:
            leads = pl.Series(fresh, dtype=pl.String)
            steps = self._either("identity", [("from_id", leads), ("to_id", leads)], ["from_id", "to_id"])
            marks = self._either("lead", [("lead_id", leads), ("merged_into", leads)], ["lead_id", "merged_into"])
            pairs = [*steps.iter_rows(), *(pair for pair in marks.iter_rows() if pair[1])]
            fresh = list({name for pair in pairs for name in pair} - known)
            known.update(fresh)
        return pl.Series(list(known), dtype=pl.String)

    def everything(self, name: str) -> pl.DataFrame:
        """The whole of a small table after the merge."""
        return self._merged(name, as_rows(table_named(name), rows_where(table_named(name), {}, self.using)), None)

    def _after(self, name: str, asked: Asked) -> pl.DataFrame:
        """Whole rows as they are after the merge."""
        asked = [(column, texts) for column, texts in asked if len(texts)]
        return self._merged(name, as_rows(table_named(name), self._stored(name, asked, table_named(name).names)), asked)

    def _merged(self, name: str, stored: pl.DataFrame, asked: Asked | None) -> pl.DataFrame:
        if name not in self.found:
            return stored
        came, key = self.came[name][stored.columns], table_named(name).key
        if self.found[name].updated.height:  # else no key of theirs is stored
            stored = stored.join(came, on=key, how="anti")
        return pl.concat([stored, came if asked is None else came[_naming(came, asked)]])

    def _either(self, name: str, asked: Asked, columns: Collection[str] | None) -> pl.DataFrame:
        """Columns of the rows as they are before or after the merge."""
        table = table_named(name)
        asked = [(column, texts) for column, texts in asked if column and len(texts)]
        if columns is None:
            stored = as_rows(table, self._stored(name, asked, table.names))
            return pl.concat([stored, self._come(name, asked)[table.names]]).unique() if name in self.found else stored
        rows, wanted = self._stored(name, asked, list(columns)), list(columns)
        if name in self.found:
            rows = list(dict.fromkeys([*rows, *self._come(name, asked)[wanted].rows()]))
        schema = {column: table.schema[column] for column in wanted}
        return pl.DataFrame(rows, schema=schema, orient="row") if rows else empty(table)[wanted]

    def _come(self, name: str, asked: Asked) -> pl.DataFrame:
        return self.came[name][_naming(self.came[name], asked)]

    def _stored(self, name: str, asked: Asked, wanted: list[str]) -> list[Row]:
        """As the database keeps them: rows that several columns name are there once."""
        table, rows = table_named(name), dict[Row, None]()
        if len(asked) == 1 and wanted == table.names and asked[0][0] not in UNLISTED:
            return self._whole(table, asked[0][0], asked[0][1].to_list())
        for column, texts in asked:
            if column in UNLISTED:
                rows.update(dict.fromkeys(rows_where(table, {column: texts.to_list()}, self.using, wanted)))
                continue
            whole = self._whole(table, column, texts.to_list())
            rows.update(dict.fromkeys(whole if wanted == table.names else _picked(whole, table, wanted)))
        return list(rows)

    def _whole(self, table: Table, column: str, names: Sequence[str]) -> list[Row]:
        """Whole rows by a name: the same ones are asked for on several ways, and read once."""
        known = self.read.setdefault((table.name, column), {})
        if fresh := [name for name in names if name not in known]:
            known.update((name, []) for name in fresh)
            of, place = {column: fresh}, table.names.index(column)
            if column == table.key[1]:  # the key's index begins with the source
                of = {"src": self.sources(table.name), **of}
            for row in rows_where(table, of, self.using):
                known[row[place]].append(row)
        return [row for name in names for row in known[name]]


def _picked(rows: Sequence[Row], table: Table, wanted: Sequence[str]) -> Iterator[Row]:
    if len(wanted) == 1:
        place = table.names.index(wanted[0])
        return ((row[place],) for row in rows)
    return map(itemgetter(*(table.names.index(name) for name in wanted)), rows)


def _naming(rows: pl.DataFrame, asked: Asked) -> pl.Series | slice:
    """The places of those that one of the names is about: few of few, most often none."""
    wanted: set[int] = set()
    for column, texts in asked:
        names = set(texts.to_list())
        wanted.update(row for row, name in enumerate(rows[column].to_list()) if name is not None and name in names)
    return slice(None) if len(wanted) == rows.height else pl.Series(sorted(wanted), dtype=pl.UInt32)
