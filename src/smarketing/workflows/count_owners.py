"""The owners of leads beside how many leads each has, and the teams that the facts name."""

from __future__ import annotations

import polars as pl

from smarketing.workflows.open_facts import open_ledger


def count_owners() -> dict[tuple[str, str], int]:
    """(src, owner_id) → how many leads are theirs; owners that no table of owners names are among them."""
    leads = open_ledger().frame("lead").select("src", "owner_id").drop_nulls()
    return {(src, owner): n for src, owner, n in leads.group_by("src", "owner_id").agg(pl.len()).iter_rows()}
