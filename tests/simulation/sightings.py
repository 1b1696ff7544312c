"""What the worlds of a run have seen, counted over all of them, whichever process they ran in."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SOMETIMES = (
    "alert_after_downtime",
    "breach_corrected",
    "breached",
    "busy",
    "came_twice",
    "commit_unknown",
    "conflicts",
    "crash",
    "digest",
    "downtime",
    "duplicates",
    "freeze",
    "future",
    "gone",
    "late",
    "lease_stolen",
    "met",
    "pause_across_dst",
    "poison",
    "receiver_4xx",
    "receiver_5xx",
    "receiver_hang",
    "receiver_lost",
    "receiver_slow",
    "running",
    "sent_again",
    "signed",
    "suppressed",
    "waited",
    "zombie_fenced",
)
RARE, ENOUGH = 0.005, 200  # of so few worlds nobody can say what is rare


def folder_of(basetemp: Path) -> Path:
    """The same for all processes of one run."""
    whole = basetemp.parent if "PYTEST_XDIST_WORKER" in os.environ else basetemp
    return whole / "sightings"


def write(folder: Path, part: int, n_worlds: int, seen: Counter[str]) -> None:
    folder.mkdir(exist_ok=True)
    told = folder / f"{part}.part"
    told.write_text(json.dumps([n_worlds, seen]), encoding="utf-8")
    told.rename(folder / f"{part}.json")


def read(folder: Path) -> tuple[int, int, Counter[str]]:
    """How many parts have ended, how many worlds they had, and how many of these saw each thing."""
    parts = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]
    seen = Counter[str]()
    for _, saw in parts:
        seen.update(saw)
    return len(parts), sum(n for n, _ in parts), seen


def rarities(n_worlds: int, seen: Counter[str]) -> list[str]:
    """What happened so rarely that these worlds prove nothing about it."""
    if n_worlds < ENOUGH:
        return []
    return [f"{name}: {seen[name]} of {n_worlds}" for name in SOMETIMES if seen[name] < RARE * n_worlds]


def lines(folder: Path) -> Iterator[str]:
    n_parts, n_worlds, seen = read(folder)
    if n_parts:
        told = ", ".join(f"{name} {seen[name]}" for name in SOMETIMES)
        yield f"{n_worlds} simulated worlds: {told}"
