"""Rounds: scan, engine, peers, scan, each in a fresh process; what is reported are medians of ratios."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.machine import index

ROOT = Path(__file__).parents[1]
DRIFT = 0.25  # a round whose two scans differ by more is discarded


def alone(name: str, folder: Path, repetitions: int) -> dict[str, Any]:
    """One competitor in a process of its own.

    Raises RuntimeError with the end of its output when it fails: a peer that crashes is a result to look at.
    """
    with tempfile.NamedTemporaryFile(suffix=".json") as answer:
        words = [sys.executable, "-m", "bench.one", name, str(folder), str(repetitions), answer.name]
        run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
        if run.returncode != 0:
            raise RuntimeError(f"{name} failed:\n{run.stderr[-3000:]}")
        return dict(json.loads(Path(answer.name).read_text()))


def one_round(folder: Path, competitors: list[str], repetitions: dict[str, int]) -> dict[str, Any]:
    before = alone("scan", folder, repetitions.get("scan", 5))
    results = {name: alone(name, folder, repetitions.get(name, 4)) for name in competitors}
    after = alone("scan", folder, repetitions.get("scan", 5))
    scans = (before["wall_s"], after["wall_s"])
    mean = sum(scans) / 2
    return {
        "index_s": index(),
        "scans_s": scans,
        "is_kept": max(scans) <= min(scans) * (1 + DRIFT),
        "scan": {"wall_s": mean, "cpu_s": (before["cpu_s"] + after["cpu_s"]) / 2, "peak_mib": before["peak_mib"]},
        "results": results,
        "ratios": {name: result["wall_s"] / mean for name, result in results.items()},
    }


def rounds(folder: Path, competitors: list[str], n_rounds: int, repetitions: dict[str, int]) -> list[dict[str, Any]]:
    """`n_rounds` kept rounds, or as many as twice that many tries give."""
    kept: list[dict[str, Any]] = []
    for _ in range(2 * n_rounds):
        turn = one_round(folder, competitors, repetitions)
        note = "" if turn["is_kept"] else "  (discarded: the machine changed speed)"
        shown = "  ".join(f"{name} {ratio:.1f}×" for name, ratio in turn["ratios"].items())
        print(f"  scan {turn['scan']['wall_s']:.3f} s  {shown}{note}", flush=True)
        if turn["is_kept"]:
            kept.append(turn)
        if len(kept) == n_rounds:
            break
    return kept


def summary(kept: list[dict[str, Any]]) -> dict[str, Any]:
    """Median, least and greatest ratio of each competitor, with its best seconds and its peak memory."""
    names = list(kept[0]["results"]) if kept else []
    return {
        name: {
            "ratio": statistics.median(turn["ratios"][name] for turn in kept),
            "least": min(turn["ratios"][name] for turn in kept),
            "greatest": max(turn["ratios"][name] for turn in kept),
            "wall_s": min(turn["results"][name]["wall_s"] for turn in kept),
            "cpu_s": min(turn["results"][name]["cpu_s"] for turn in kept),
            "peak_mib": max(turn["results"][name]["peak_mib"] for turn in kept),
        }
        for name in names
    }
