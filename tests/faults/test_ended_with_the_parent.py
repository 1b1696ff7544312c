"""Processes whose parent was killed end as well: before they were ready, in the middle of an answer, stuck for good."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.databases import Database
from tests.faults.served import HOST, SETTINGS, Served

ROOT = Path(__file__).parents[2]
AT_MOST_S = 20.0
CHILD = """
import ctypes, os, signal, sys, time
from smarketing.cli import lifeline
lifeline.LINGER_S = 1
def stuck(*_):
    ctypes.PyDLL(None).sleep(100)  # holds the interpreter's lock: no other thread of Python runs
if sys.argv[1] == "late":
    time.sleep(1)
if sys.argv[1] == "stuck":
    signal.signal(signal.SIGTERM, stuck)
lifeline.hold_lifeline()
print(os.getpid(), flush=True)
while True:
    time.sleep(0.1)
"""
PARENT = f"""
import os, subprocess, sys, time
from smarketing.cli.lifeline import let_children_hold
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}, sys.argv[1]], env={{**os.environ, **let_children_hold()}})
print(child.pid, flush=True)
time.sleep(100)
"""


def lives(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def wait_for_end(pids: list[int]) -> None:
    until = time.monotonic() + AT_MOST_S
    while any(map(lives, pids)):
        if time.monotonic() > until:
            left = [pid for pid in pids if lives(pid)]
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            raise AssertionError(f"{left} still live")
        time.sleep(0.1)


@pytest.mark.parametrize("how", ["well", "late", "stuck"])
def test_a_child_ends_with_its_parent(how: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, how], stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    if how != "late":
        parent.stdout.readline()
    parent.kill()
    parent.wait()
    wait_for_end([child])
    parent.stdout.close()


def test_no_process_of_the_site_outlives_its_first(sqlite_database: Database) -> None:
    """Killed at any moment of its start: a web process that nobody watched once kept the database locked for good."""
    site = Served(sqlite_database)
    words = [sys.executable, "-m", "smarketing", "web", "--host", HOST, "--port", str(site.port), "--workers", "1"]
    environment = {**site.environment, "DJANGO_SETTINGS_MODULE": SETTINGS}
    for _ in range(2):
        first = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while not (found := children_of(first.pid)) and time.monotonic() < until:
            time.sleep(0.01)
        first.kill()
        first.wait()
        assert found
        wait_for_end(found)


def children_of(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in path.read_text().split()] if path.exists() else []
