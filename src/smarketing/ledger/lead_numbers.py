"""Which leads a fact is about: numbers for every lead, and the ways that lead to them.

Leads are numbered by (created_at, src, lead_id). A fact finds its leads by the lead's id, else by the person, else by
the deal; within its own source first, then in the others. Facts of a merged lead belong to the lead that took it over;
facts of the contact that a lead became belong to the lead.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from smarketing.facts.identity import ends
from smarketing.ledger.folder import Folder, read_whole

BY_LEAD, BY_PERSON, BY_DEAL = "lead_id", "person_key", "deal_id"


@dataclass(frozen=True, slots=True)
class Way:
    """From the `name` of a fact to lead numbers: `own` within a source, `foreign` for facts of another source."""

    name: str
    own: pl.DataFrame  # src, name, number
    foreign: pl.DataFrame  # name, number; empty where `own` needs no source

    @classmethod
    def through(cls, name: str, numbers: pl.DataFrame) -> Way:
        """Takes numbers: src, name, number. An id that two sources use says nothing about a fact of a third."""
        own = numbers.drop_nulls(name)
        if own["src"].n_unique() <= 1:
            return cls(name, own.drop("src"), own.drop("src").clear())
        clear = pl.col("src").n_unique().over(name) == 1
        return cls(name, own, (own if name == BY_PERSON else own.filter(clear)).drop("src"))

    def tables(self) -> list[tuple[pl.DataFrame, list[str]]]:
        if "src" in self.own.columns:
            return [(self.own, ["src", self.name]), (self.foreign, [self.name])]
        return [(self.own, [self.name])]


def numbered(facts: pl.DataFrame, ways: list[Way]) -> pl.DataFrame:
    """`facts` once per lead they are about, with its `number`; those about no lead are left out.

    Takes    facts  src and the column of each way; a way is taken by facts that the ways before it led nowhere
    """
    found, left = [facts.clear().with_columns(pl.lit(None, pl.Int32).alias("number"))], facts
    for way in ways:
        for table, names in way.tables():
            joined = left.join(table, on=names, how="left")
            found.append(joined.filter(pl.col("number").is_not_null()))
            left = joined.filter(pl.col("number").is_null()).drop("number")
    return pl.concat(found)


def merges(folder: Folder) -> pl.DataFrame:
    """Where merged and deduplicated records ended: src, from_id, to_id, reason."""
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


def by_lead(leads: pl.DataFrame, merged: pl.DataFrame, folder: Folder) -> pl.DataFrame:
    """Takes leads: src, lead_id, number. Returns src, lead_id, number for leads, merged ones and their contacts."""
    own = leads.select("src", "lead_id", "number")
    ended = merged.join(own, left_on=["src", "to_id"], right_on=["src", "lead_id"]).select(
        "src", "number", lead_id="from_id"
    )
    steps = folder.scan("identity").filter(pl.col("reason") == "convert").select("src", "from_id", "to_id")
    converted = read_whole(steps, folder.path).join(own, left_on=["src", "from_id"], right_on=["src", "lead_id"])
    contacts = converted.group_by("src", lead_id="to_id").agg(pl.col("number").min())
    ways = pl.concat([frame.select("src", "lead_id", "number") for frame in (ended, own, contacts)])
    return ways.unique(["src", "lead_id"], keep="first", maintain_order=True) if len(ways) > len(own) else own
