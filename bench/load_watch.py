"""What a site used while it was under load: cores and memory by part, and the sizes of its commits."""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

LOOK_EVERY_S = 1.0
TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
GATHERED = "smarketing.intake"


class Watch:
    """Looks at a process and all that it started, once a second; PostgreSQL's are all of the machine's."""

    def __init__(self, pid: int) -> None:
        self.pids, self._over = {pid}, threading.Event()
        self._cpu: dict[int, tuple[str, float]] = {}
        self._peaks: dict[str, float] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def cpu(self) -> dict[str, float]:
        """Seconds so far, by part."""
        self._look()
        found = Counter[str]()
        with self._lock:
            for part, seconds in self._cpu.values():
                found[part] += seconds  # type: ignore[assignment]
        return dict(found)

    def peaks(self) -> dict[str, float]:
        """The most memory that each part held at once, in MiB; memory shared by its processes counts for each."""
        return dict(self._peaks)

    def _run(self) -> None:
        while not self._over.wait(LOOK_EVERY_S):
            self._look()

    def _look(self) -> None:
        held = Counter[str]()
        with self._lock:
            for pid, part in _parts(self.pids).items():
                try:
                    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                self._cpu[pid] = (part, (int(fields[11]) + int(fields[12])) / TICKS)
                held[part] += int(fields[21]) * PAGE
            for part, n_bytes in held.items():
                self._peaks[part] = max(self._peaks.get(part, 0.0), n_bytes / 2**20)


def _parts(roots: set[int]) -> dict[int, str]:
    """Processes by part: web, worker, postgres."""
    parents, names = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat, words = (entry / "stat").read_text(), (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            pid = int(entry.name)
            names[pid], parents[pid] = words, int(stat.rpartition(")")[2].split()[1])
    found = {}
    for pid, words in names.items():
        line = [pid]
        while parents.get(line[-1], 0) > 1 and line[-1] not in roots:
            line.append(parents[line[-1]])
        if line[-1] in roots:
            below = [names[one] for one in line]
            found[pid] = "worker" if any(b"worker" in one for one in below) else "web"
        elif words[0].endswith(b"postgres") or words[0].startswith(b"postgres:"):
            found[pid] = "postgres"
    return found


def group_sizes(log: Path) -> dict[str, int]:
    """How many commits held how many events, in powers of two; each is told once in the log."""
    sizes = Counter[int]()
    for line in log.read_text("utf-8", "replace").splitlines():
        if '"n_together"' in line:
            told = json.loads(line)
            sizes[max(int(told["n_together"]), 1).bit_length()] += 1
    return {f"{2 ** (bits - 1)}–{2**bits - 1}": n for bits, n in sorted(sizes.items())}
