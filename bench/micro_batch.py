"""News of a hundred leads: appending it, everything after, and making all of it anew; goals G10 and G12."""

from __future__ import annotations

import shutil
import statistics
import time
from pathlib import Path

from bench.company import company
from bench.facts import a_copy, news
from smarketing.ledger.clock_store import open_clocks
from smarketing.ledger.folder import Folder
from smarketing.ledger.replica import open_replica


def measure_batches(path: Path, n_leads: int, n_batches: int) -> dict[str, float]:
    """Seconds of appending, of replica and clocks after it, and of both anew; medians of the batches.

    Raises RuntimeError when what came of the batches is not what is made anew: a fast wrong answer has no time.
    """
    folder = a_copy(path, "batches")
    _refresh(folder)
    took: dict[str, list[float]] = {"append_s": [], "replica_s": [], "clocks_s": []}
    for number in range(n_batches):
        begin = time.perf_counter()
        folder.merge(news(n_leads, number))
        appended = time.perf_counter()
        replica_s, clocks_s = _refresh(folder)
        for name, seconds in (("append_s", appended - begin), ("replica_s", replica_s), ("clocks_s", clocks_s)):
            took[name].append(seconds)
    files = _files(folder)
    for derived in ("replica", "clocks", "replica_facts"):
        shutil.rmtree(folder.path / derived)
    whole = sum(_refresh(folder))
    if _files(folder) != files:
        raise RuntimeError("Refreshed and made anew are not the same, so no time counts.")
    shutil.rmtree(folder.path)
    found = {name: statistics.median(seconds) for name, seconds in took.items()}
    after = found["replica_s"] + found["clocks_s"]
    return found | {"whole_s": whole, "after ÷ append": after / found["append_s"], "after ÷ whole": after / whole}


def _refresh(folder: Folder) -> tuple[float, float]:
    begin = time.perf_counter()
    replica = open_replica(folder)
    opened = time.perf_counter()
    open_clocks(replica, [company().agreement])
    return opened - begin, time.perf_counter() - opened


def _files(folder: Folder) -> dict[str, bytes]:
    replica = open_replica(folder)
    clocks = open_clocks(replica, [company().agreement])
    return {path.name: path.read_bytes() for root in (replica.path, clocks.path) for path in root.iterdir()}
