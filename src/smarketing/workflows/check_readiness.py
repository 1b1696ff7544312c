"""Look whether a folder of facts is ready for an agreement."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

from smarketing.facts.readiness import Readiness, readiness
from smarketing.facts.schema import TABLES
from smarketing.ledger.folder import damaged, open_folder


def check_readiness(facts: Path, *, now: datetime) -> Readiness:
    """What is wrong with the facts in the folder `facts`, and what can be measured.

    Raises FactsError when there are none or they cannot be read.
    """
    folder = open_folder(facts)
    try:
        return readiness({name: folder.scan(name) for name in TABLES}, now)
    except (OSError, pl.exceptions.ComputeError) as error:
        raise damaged(facts, error) from error
