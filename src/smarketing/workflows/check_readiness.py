"""Look whether facts are ready for an agreement."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from smarketing.facts.readiness import Readiness, readiness
from smarketing.facts.schema import TABLES
from smarketing.ledger.folder import damaged
from smarketing.ledger.store import Facts


def check_readiness(facts: Facts, *, now: datetime) -> Readiness:
    """What is wrong with the facts in `facts`, and what can be measured.

    Raises FactsError when they cannot be read.
    """
    try:
        return readiness({name: facts.scan(name) for name in TABLES}, now)
    except (OSError, pl.exceptions.ComputeError) as error:
        raise damaged(facts.path, error) from error
