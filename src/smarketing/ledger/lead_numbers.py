"""Which leads a fact is about: numbers for every lead, and the ways that lead to them.

Leads are numbered by (created_at, src, lead_id). A fact finds its leads by the lead's id, else by the person, else by
the deal; within its own source first, then in the others. Facts of a merged lead belong to the lead that took it over;
facts of the contact that a lead became belong to the lead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.facts.identity import ends
from smarketing.ledger.folder import Folder, read_whole
from smarketing.ledger.mentions import mentioned

Positions = NDArray[np.intp]
NO_MERGES = pl.DataFrame(schema=dict.fromkeys(("src", "from_id", "to_id", "reason"), pl.String))
BY_LEAD, BY_PERSON, BY_DEAL = "lead_id", "person_key", "deal_id"


class Index:
    """Lead numbers by key, found by sorted hashes and then compared, so that one chunk of facts costs what it holds.

    A hash join would hash every lead again for every chunk.
    """

    def __init__(self, numbers: pl.DataFrame, names: list[str]) -> None:
        hashes = _hashes(numbers, names)
        order = np.argsort(hashes)
        self.names, self.hashes = names, hashes[order]
        self.numbers = numbers["number"].to_numpy()[order]
        self.keys = numbers.select(names)[order]
        starts = np.flatnonzero(np.append(True, self.hashes[1:] != self.hashes[:-1])) if len(order) else order
        self.n_equal = np.zeros(len(order), np.int64)  # at the first of equal hashes: how many there are
        self.n_equal[starts] = np.diff(np.append(starts, len(order)))

    def find(self, facts: pl.DataFrame) -> tuple[Positions, NDArray[np.int32]]:
        """Rows of `facts` and the numbers they lead to, a row once per number."""
        keyed = facts.select(pl.all_horizontal(pl.col(self.names).is_not_null())).to_series().arg_true().to_numpy()
        hashes = _hashes(facts.select(self.names)[keyed], self.names)
        order = np.argsort(hashes)
        wanted, rows = hashes[order], keyed[order].astype(np.intp)
        first = np.searchsorted(self.hashes, wanted)
        met = np.flatnonzero(np.append(self.hashes, 0)[first] == wanted) if len(self.hashes) else first[:0]
        first, rows = first[met], rows[met]
        n_equal = self.n_equal[first]
        begins = np.cumsum(n_equal) - n_equal
        places = np.arange(n_equal.sum()) + np.repeat(first - begins, n_equal)
        rows = np.repeat(rows, n_equal)
        same = self._are_equal(facts, rows, places)
        return rows[same], self.numbers[places[same]]

    def _are_equal(self, facts: pl.DataFrame, rows: Positions, places: Positions) -> NDArray[np.bool_]:
        equal = np.ones(len(rows), np.bool_)
        for name in self.names:
            equal &= (facts[name].gather(rows) == self.keys[name].gather(places)).to_numpy()
        return equal


def _hashes(frame: pl.DataFrame, names: list[str]) -> NDArray[np.uint64]:
    hashes = frame[names[0]].hash().to_numpy()
    for name in names[1:]:
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) ^ frame[name].hash().to_numpy()
    return hashes


@dataclass(frozen=True, slots=True)
class Way:
    """From the `name` of a fact to lead numbers: within its source first, then, for the others, by the name alone."""

    name: str
    indexes: tuple[Index, ...]

    @classmethod
    def through(cls, name: str, numbers: pl.DataFrame) -> Way:
        """Takes numbers: src, name, number. An id that two sources use says nothing about a fact of a third."""
        known = numbers.drop_nulls(name)
        if known["src"].n_unique() <= 1:
            return cls(name, (Index(known, [name]),))
        clear = pl.col("src").n_unique().over(name) == 1
        foreign = known if name == BY_PERSON else known.filter(clear)
        return cls(name, (Index(known, ["src", name]), Index(foreign, [name])))


def numbered(facts: pl.DataFrame, ways: list[Way]) -> pl.DataFrame:
    """`facts` once per lead they are about, with its `number`; those about no lead are left out.

    Takes    facts  src and the column of each way; a way is taken by facts that the ways before it led nowhere
    Returns  the other columns and number; the order of rows says nothing
    """
    names = [way.name for way in ways]
    found: list[pl.DataFrame] = []
    left = facts
    for index in (index for way in ways for index in way.indexes):
        if found and left.is_empty():
            break
        rows, numbers = index.find(left)
        found.append(left.drop(names)[rows].with_columns(pl.Series("number", numbers)))
        is_left = np.ones(left.height, np.bool_)
        is_left[rows] = False
        left = left.filter(is_left)
    return pl.concat(found)


def merges(folder: Folder) -> pl.DataFrame:
    """Where merged and deduplicated records ended: src, from_id, to_id, reason."""
    if folder.says_nothing("identity") and not any(mentioned(folder, "lead", _merges).to_series()):
        return NO_MERGES
    marked = folder.scan("lead").filter(pl.col("merged_into").is_not_null())
    steps = pl.concat(
        [
            folder.scan("identity")
            .filter(pl.col("reason").ne_missing("convert"))
            .select("src", "from_id", "to_id", "reason"),
            marked.select("src", from_id="lead_id", to_id="merged_into", reason=pl.lit("merge")),
        ]
    )
    known = read_whole(steps, folder.path).unique(["src", "from_id"], keep="first", maintain_order=True)
    ended = ends(known).filter(~pl.col("is_cycle")).drop("is_cycle")
    return ended.join(known.select("src", "from_id", "reason"), on=["src", "from_id"])


def _merges(leads: pl.LazyFrame) -> pl.LazyFrame:
    return leads.select(pl.col("merged_into").is_not_null().any())


def by_lead(leads: pl.DataFrame, merged: pl.DataFrame, folder: Folder) -> pl.DataFrame:
    """Takes leads: src, lead_id, number. Returns src, lead_id, number for leads, merged ones and their contacts."""
    own = leads.select("src", "lead_id", "number")
    if merged.is_empty() and folder.says_nothing("identity"):
        return own
    ended = merged.join(own, left_on=["src", "to_id"], right_on=["src", "lead_id"]).select(
        "src", "number", lead_id="from_id"
    )
    steps = folder.scan("identity").filter(pl.col("reason") == "convert").select("src", "from_id", "to_id")
    converted = read_whole(steps, folder.path).join(own, left_on=["src", "from_id"], right_on=["src", "lead_id"])
    contacts = converted.group_by("src", lead_id="to_id").agg(pl.col("number").min())
    ways = pl.concat([frame.select("src", "lead_id", "number") for frame in (ended, own, contacts)])
    return ways.unique(["src", "lead_id"], keep="first", maintain_order=True) if len(ways) > len(own) else own
