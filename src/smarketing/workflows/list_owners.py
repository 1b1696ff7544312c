"""Every owner of leads that the facts know."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from smarketing.workflows.open_facts import open_ledger


@dataclass(frozen=True, slots=True)
class KnownOwner:
    src: str
    owner_id: str
    name: str
    email: str
    team: str


def list_owners() -> list[KnownOwner]:
    """By team and name; none while there are no facts."""
    columns = ("src", "owner_id", "name", "email", "team")
    owners = open_ledger().frame("owner").select(pl.col(columns).cast(pl.String).fill_null(""))
    return [KnownOwner(*row) for row in owners.sort("team", "name", "src", "owner_id").iter_rows()]
