"""Worlds in which everything goes wrong balance their books. Every part may run in another process."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from tests.simulation import sightings
from tests.simulation.simulation import simulate

SEEDS = int(os.environ.get("SMARKETING_SEEDS", "2000"))
FIRST = int(os.environ.get("SMARKETING_FIRST_SEED", "0"))
PART = 20  # worlds of one test
PARTS = range(FIRST, FIRST + SEEDS, PART)


@pytest.fixture(autouse=True)
def unblocked(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.mark.parametrize("first", PARTS)
def test_worlds_balance_their_books(first: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whichever part ends last says whether all that may go wrong did so now and then."""
    seen, last = Counter[str](), min(first + PART, FIRST + SEEDS)
    for seed in range(first, last):
        seen.update(set(+simulate(seed).saw))
    folder = sightings.folder_of(tmp_path_factory.getbasetemp())
    sightings.write(folder, first, last - first, seen)
    n_parts, n_worlds, whole = sightings.read(folder)
    assert n_parts < len(PARTS) or sightings.rarities(n_worlds, whole) == []
