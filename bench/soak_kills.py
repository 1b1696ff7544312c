"""The served program as a tree of processes that is killed with SIGKILL, in parts or whole, and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random

from bench.protocol import ROOT

# What is killed, and how often of a hundred: the whole tree, the supervisor alone, the worker, the site, one process
# of the site that the site itself starts again.
SHARES = {"tree": 30, "supervisor": 10, "worker": 30, "web": 15, "web process": 15}
LEAST_S, MOST_S = 2.0, 9.0  # between two kills, while the site answers
WHILE_IT_STARTS = 0.15  # of the kills come before it answers again
ORPHANS_S, START_S = 20.0, 120.0


@dataclass
class Tree:
    """`smarketing serve` and all that it starts."""

    environment: Mapping[str, str]
    port: int
    log: Path
    site: subprocess.Popen[bytes] | None = None
    kills: Counter[str] = field(default_factory=Counter)
    chance: Random = field(default_factory=Random)
    n_given_up: int = 0  # times that the supervisor ended by itself
    orphans: list[str] = field(default_factory=list)
    below: dict[int, str] = field(default_factory=dict)  # what was seen last under the supervisor
    doomed: dict[int, float] = field(default_factory=dict)  # who must be gone, and by when
    restarts_s: list[float] = field(default_factory=list)  # until the site answered again

    def start(self) -> None:
        words = [sys.executable, "-m", "smarketing", "serve", "--port", str(self.port), "--workers", "1"]
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.site = subprocess.Popen(words, cwd=ROOT, env=dict(self.environment), stdout=log, stderr=log)
        is_left = self.chance.random() < WHILE_IT_STARTS and bool(self.kills)
        killed_at = began + self.chance.uniform(0.2, LEAST_S)
        while not self.is_live():
            if is_left and time.monotonic() > killed_at:
                self.kill("tree")
                return
            if time.monotonic() - began > START_S or self.site.poll() is not None:
                raise RuntimeError(f"the site does not start:\n{self.log.read_text('utf-8', 'replace')[-3000:]}")
            time.sleep(0.1)
        self.restarts_s.append(time.monotonic() - began)

    def is_live(self) -> bool:
        asked = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            asked.request("GET", "/health/live")
            return asked.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            asked.close()

    def kill(self, what: str) -> None:
        """One kill, and a new beginning where nobody else makes one."""
        below = self._below()
        found = {pid for pid, part in below.items() if what in ("tree", part)}
        if what in ("tree", "supervisor") and self.site:
            found.add(self.site.pid)
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.kills[what] += bool(found)
        if what in ("tree", "supervisor") and self.site:
            self.site.wait()
            self._wait_for_end(below)
            self.start()
        if what == "web":
            left = (pid for pid, part in below.items() if part == "web process")
            self.doomed |= dict.fromkeys(left, time.monotonic() + ORPHANS_S)

    def look(self) -> None:
        """Start again what gave up by itself, as a machine's own supervisor would."""
        if self.site and self.site.poll() is not None:
            self.n_given_up += 1
            self._wait_for_end(self.below)
            self.start()
        for pid in [pid for pid, by in self.doomed.items() if time.monotonic() > by]:
            del self.doomed[pid]
            self._note_living({pid: "web process"})

    def end(self) -> int:
        """Gracefully; the code with which it ended."""
        assert self.site is not None
        self.site.send_signal(signal.SIGTERM)
        return self.site.wait(60)

    def kill_now(self) -> None:
        """Whatever is there, for good."""
        for pid in [*self._below(), *([self.site.pid] if self.site else [])]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.site:
            self.site.wait()

    def _below(self) -> dict[int, str]:
        """Processes that the supervisor started, and those that these started, with their parts."""
        parents = {pid: parent for pid, parent, state in _processes() if state not in "ZX"}
        found: dict[int, str] = {}
        for pid in parents:
            line = [pid]
            while line[-1] in parents and self.site and parents[line[-1]] != self.site.pid and parents[line[-1]] > 1:
                line.append(parents[line[-1]])
            if self.site and parents.get(line[-1]) == self.site.pid:
                is_worker = "worker" in _words(line[-1])
                found[pid] = "worker" if is_worker else "web" if len(line) == 1 else "web process"
        self.below = found or self.below
        return found

    def _wait_for_end(self, below: Mapping[int, str]) -> None:
        """Who was started by the dead ends by itself; whoever does not is noted, and ended."""
        until = time.monotonic() + ORPHANS_S
        while left := {pid for pid, _, state in _processes() if pid in below and state not in "ZX"}:
            if time.monotonic() > until:
                self._note_living({pid: below[pid] for pid in left})
            time.sleep(0.1)

    def _note_living(self, below: Mapping[int, str]) -> None:
        for pid in {pid for pid, _, state in _processes() if pid in below and state not in "ZX"}:
            self.orphans.append(below[pid])
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _processes() -> list[tuple[int, int, str]]:
    """(pid, parent, state) of all there are."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            found.append((int(path.parent.name), int(parent), state))
    return found


def _words(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    return []


def kill_for(tree: Tree, seconds: float) -> None:
    """Kill something every few seconds, in an order that follows from the seed."""
    until, chance = time.monotonic() + seconds, tree.chance
    while True:
        next_at = time.monotonic() + chance.uniform(LEAST_S, MOST_S)
        while time.monotonic() < min(next_at, until):
            time.sleep(0.05)
            tree.look()
        if time.monotonic() >= until:
            return
        tree.kill(chance.choices(tuple(SHARES), tuple(SHARES.values()))[0])
