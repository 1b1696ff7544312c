"""The same seed is the same world, whoever runs it; what once failed always runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.simulation import sightings
from tests.simulation.simulation import simulate

ONCE_FAILED = (211, 233)  # an answer taken back two days after its deadline


@pytest.fixture(autouse=True)
def unblocked(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.mark.parametrize("seed", ONCE_FAILED)
def test_what_once_failed_balances(seed: int) -> None:
    simulate(seed, is_long=True)


def test_what_is_rare_says_how_often_it_was_seen(tmp_path: Path) -> None:
    """Else the worlds would prove nothing about it; too few of them cannot say what is rare."""
    usual = Counter(dict.fromkeys(sightings.SOMETIMES, 60))
    sightings.write(tmp_path, 0, 100, usual - Counter(crash=60))
    assert sightings.rarities(*sightings.read(tmp_path)[1:]) == []
    sightings.write(tmp_path, 100, 100, usual - Counter(crash=60))
    n_parts, *told = sightings.read(tmp_path)
    assert (n_parts, sightings.rarities(*told)) == (2, ["crash: 0 of 200"])


def test_every_look_at_the_end_is_taken() -> None:
    """Else what falls due in a world's last minutes has nobody to speak of it, and that would look like a fault."""
    told = [json.loads(line) for line in simulate(1).lines]
    calm = next(n for n, (_, _, *what) in enumerate(told) if what == ["calm"])
    begins = datetime.fromisoformat(told[calm][1])
    looks = [datetime.fromisoformat(at) - begins for _, at, who, *_ in told[calm:] if who.startswith("worker")]
    assert looks == [n * timedelta(minutes=1) for n in (0, 1, 5, 10)]


def test_the_same_seed_is_the_same_world() -> None:
    told = {_trace(hash_seed) for hash_seed in ("1", "2")}
    assert len(told) == 1, told


def _trace(hash_seed: str) -> str:
    words = [sys.executable, "-m", "tests.simulation", "--seeds", "4..6", "--trace"]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(("src", "."))}
    found = subprocess.run(
        words, cwd=Path(__file__).parents[2], env=environment, capture_output=True, text=True, check=True
    )
    return found.stdout
