"""What was measured on: cores, memory, load, versions; and how one measured process reports."""

from __future__ import annotations

import gc
import importlib.metadata
import os
import platform
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PACKAGES = ("smarketing", "polars", "numpy", "duckdb", "pandas", "businesstimedelta")


def describe() -> dict[str, Any]:
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "checkout" if name == "smarketing" else "absent"
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": [round(value, 2) for value in os.getloadavg()],
        "versions": versions,
    }


def measure(work: Callable[[], Any], repetitions: int, *, warm_up: bool = True) -> dict[str, Any]:
    """Run `work` several times in this process: least wall and CPU seconds, peak memory, what it returned."""
    answer = work() if warm_up else None
    walls, cpus = [], []
    for _ in range(repetitions):
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        answer = work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return {
        "wall_s": min(walls),
        "cpu_s": min(cpus),
        "walls_s": walls,
        "peak_mib": peak_mib(),
        "answer": answer,
    }


def peak_mib() -> float:
    """The most memory this program has held. Linux counts into `ru_maxrss` also what its parent held when it began."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    except (OSError, IndexError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def wall_clock() -> datetime:
    """Now, for what happens while it is measured."""
    return datetime.now(UTC)  # noqa: TID251 — nobody above can be asked


def index() -> float:
    """Seconds of a fixed piece of work (a loop, a sort, a gather): how busy the machine is just now."""
    import numpy as np

    begin = time.perf_counter()
    sum(number * number for number in range(300_000))
    values = np.random.default_rng(1).integers(0, 1 << 40, 1_000_000)
    order = np.argsort(values)
    values[order].sum()
    return time.perf_counter() - begin


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            return next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"
