"""The ties of names before and after a merge, row by row: from the database as it is, and the rows to be merged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

import polars as pl

from smarketing.facts.schema import Table
from smarketing.ledger.change import Upserted
from smarketing.ledger.found_rows import READ, Found, MovedRows, Row, found_in, judged_table, places
from smarketing.ledger.keys import NO_TEXTS, Keys, Texts, Tied, keys_in
from smarketing.ledger.look_up import rows_where, sources_of

Asked = Sequence[tuple[str, Texts]]  # columns and what they name; a row that one of them names is wanted
OWNED = ("lead", "touch", "deal")


class RowTies(Tied[Found]):
    """`found` is what the merge comes to, by table; nothing of it is in the database."""

    def __init__(self, found: Mapping[str, Upserted], using: str) -> None:
        self.using = using
        self.merged = {name: _Merged(name, each) for name, each in found.items() if name in READ}
        self.read: dict[tuple[str, str], _Read] = {}
        self.chains: dict[Texts, Texts] = {}  # asked for again and again

    @cached_property
    def sources(self) -> dict[str, list[str]]:
        """Whose rows each table has; one without any need not be asked for anything."""
        return sources_of(list(READ), self.using)

    def moved(self, name: str) -> MovedRows:
        if name not in self.merged:
            return MovedRows(Found(name), Found(name))
        return MovedRows.between(self.merged[name].gone, self.merged[name].came)

    def uses(self, table: str, column: str) -> bool:  # noqa: ARG002
        return True

    def either(self, table: str, keys: Keys, *columns: str, deal: str = "", person: str = "person_key") -> Found:  # noqa: ARG002
        return self._either(table, [("lead_id", keys.leads), (person, keys.persons), (deal, keys.deals)])

    def leads(self, keys: Keys) -> pl.DataFrame:
        pairs = list(dict.fromkeys(self.either("lead", keys).told("src", "lead_id")))
        return pl.DataFrame(pairs, schema={"src": pl.String, "lead_id": pl.String}, orient="row")

    def of_owners(self, owners: Texts) -> Keys:
        changes = self._unlisted("stage_change", ("to_value", "from_value"), owners)
        return (
            keys_in(self._unlisted("lead", ("owner_id",), owners), leads=("lead_id",))
            | keys_in(changes.where("entity", "lead").where("field", "owner"), leads=("entity_id",))
            | keys_in(self._unlisted("deal", ("owner_id",), owners), deals="deal_id")
        )

    def owners_among(self, ids: Texts) -> set[tuple[str, str]]:
        """src and owner_id of everybody with one of these ids who owns or did anything."""
        own = [self._unlisted(name, ("owner_id",), ids).told("src", "owner_id") for name in ("owner", *OWNED)]
        changes = self._unlisted("stage_change", ("to_value", "from_value"), ids)
        changes = changes.where("entity", "lead").where("field", "owner")
        sides = [changes.told("src", side) for side in ("to_value", "from_value")]
        return {(src, owner) for pairs in (*own, *sides) for src, owner in pairs if owner in ids}

    def touches(self, keys: Keys) -> Found:
        return self._after("touch", [("lead_id", keys.leads), ("person_key", keys.persons), ("deal_id", keys.deals)])

    def excerpt(self, keys: Keys) -> dict[str, Found]:
        wanted: dict[str, Asked] = {
            "lead": [("lead_id", keys.leads), ("person_key", keys.persons)],
            "stage_change": [("entity_id", keys.leads)],
            "deal": [("deal_id", keys.deals)],
            "deal_lead": [("deal_id", keys.deals)],
            "identity": [("from_id", keys.leads), ("to_id", keys.leads)],
        }
        return {name: self._after(name, asked) for name, asked in wanted.items()}

    def owners(self, ids: Texts) -> Found:
        """What is told of the owners with these ids."""
        return self._after("owner", [("owner_id", ids)])

    def continued(self, keys: Keys) -> Keys:
        if keys.leads not in self.chains:
            whole = self._chain(keys.leads)
            self.chains |= {keys.leads: whole, whole: whole}
        return Keys(self.chains[keys.leads], keys.persons, keys.deals)

    def _chain(self, names: Texts) -> Texts:
        known = fresh = names
        while fresh:
            steps = self._either("identity", [("from_id", fresh), ("to_id", fresh)])
            marks = self._either("lead", [("lead_id", fresh), ("merged_into", fresh)])
            near = keys_in(steps, leads=("from_id", "to_id")) | keys_in(marks, leads=("lead_id", "merged_into"))
            fresh = near.leads - known - {name for name in near.leads if not name}
            known |= fresh
        return known

    def _after(self, name: str, asked: Asked) -> Found:
        """The rows as they are after the merge."""
        stored, merged = self._stored(name, asked), self.merged.get(name)
        if merged is None:
            return Found(name, stored)
        stored = (
            [row for row in stored if merged.key(row) not in merged.written_over] if merged.written_over else stored
        )
        return Found(name, [*stored, *merged.naming(asked)])

    def _either(self, name: str, asked: Asked) -> Found:
        """The rows as they are before or after the merge."""
        come = self.merged[name].naming(asked) if name in self.merged else ()
        return Found(name, [*self._stored(name, asked), *come])

    def _unlisted(self, name: str, columns: Collection[str], texts: Texts) -> Found:
        """The same by columns that are in no index; an owner may have held anything, and it is not kept in mind."""
        found = [row for column in columns for row in rows_where(judged_table(name), {column: list(texts)}, self.using)]
        come = self.merged[name].naming([(column, texts) for column in columns]) if name in self.merged else ()
        return Found(name, [*found, *come])

    def _stored(self, name: str, asked: Asked) -> list[Row]:
        """As the database keeps them: rows that several columns name are there once."""
        told = [self._whole(judged_table(name), column, texts) for column, texts in asked if column and texts]
        some = [rows for rows in told if rows]
        return some[0] if len(some) == 1 else list(dict.fromkeys(row for rows in some for row in rows))

    def _whole(self, table: Table, column: str, names: Texts) -> list[Row]:
        """Rows by a name: the same ones are asked for on several ways, and read once."""
        if not (sources := self.sources[table.name]):
            return []
        known = self.read.setdefault((table.name, column), _Read())
        if fresh := names - known.asked:
            of = {column: list(fresh)}
            if column == table.key[1]:  # the key's index begins with the source
                of = {"src": sources, **of}
            found = rows_where(table, of, self.using)
            known.asked, known.rows = known.asked | fresh, [*known.rows, *found]
            if len(fresh) == len(names):
                return found
        place = places(table.name)[column]
        return [row for row in known.rows if row[place] in names]


@dataclass(slots=True)
class _Read:
    """Which names of a column were asked for, and their rows."""

    asked: Texts = NO_TEXTS
    rows: list[Row] = field(default_factory=list)


class _Merged:
    """What a merge comes to in one table."""

    def __init__(self, name: str, found: Upserted) -> None:
        self.name, self.found = name, found
        self.key = itemgetter(*(places(name)[column] for column in judged_table(name).key))
        self.by_name: dict[str, dict[str, list[int]]] = {}

    @cached_property
    def gone(self) -> Found:
        return found_in(self.name, self.found.overwritten)

    @cached_property
    def _updated(self) -> Found:
        return found_in(self.name, self.found.updated)

    @cached_property
    def came(self) -> Found:
        return Found(self.name, [*found_in(self.name, self.found.new).rows, *self._updated.rows])

    @cached_property
    def written_over(self) -> set[Row]:
        """The keys of stored rows whose place others take."""
        return {self.key(row) for row in self._updated.rows}

    def naming(self, asked: Asked) -> Iterable[Row]:
        """The rows that came and that one of the names is about."""
        wanted = {place for column, texts in asked if column and texts for place in self._places(column, texts)}
        return [self.came.rows[place] for place in sorted(wanted)]

    def _places(self, column: str, texts: Texts) -> Iterable[int]:
        if column not in self.by_name:
            known = self.by_name[column] = {}
            for place, name in enumerate(self.came[column]):
                known.setdefault(name, []).append(place)
        known = self.by_name[column]
        return (place for name in known.keys() & texts for place in known[name])
