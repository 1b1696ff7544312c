"""Keeps child processes running: started afresh, watched, started again when they die, ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from smarketing.cli.lifeline import let_children_hold

LOOK_EVERY_S, LINGER_S = 0.2, 25.0
HASTE_S, MOST_HASTE = 10.0, 4  # a child that dies this soon after its start, so many times, will not live


class Supervisor:
    """Takes  commands  arguments of this program by the child's name
    tell      told of every death: name, code, whether it is started again
    """

    def __init__(self, commands: Mapping[str, Sequence[str]], tell: Callable[[str, int, bool], None]) -> None:
        self.commands, self.tell = commands, tell
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.n_hasty = dict.fromkeys(commands, 0)
        self.is_leaving = False

    def leave(self, *_: Any) -> None:
        self.is_leaving = True

    def start(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.leave)
        for name in self.commands:
            self._start(name)

    def watch(self) -> int:
        """Until told to leave, or until a child cannot be kept alive; returns the exit code."""
        code = 0
        while not self.is_leaving and code == 0:
            code = self.look()
            time.sleep(LOOK_EVERY_S)
        self.end()
        return code

    def look(self) -> int:
        """Start again who died; returns 1 when there is no point in that."""
        for name, child in list(self.children.items()):
            died = child.poll()
            if died is None or self.is_leaving:
                continue
            is_hasty = time.monotonic() - self.started[name] < HASTE_S
            self.n_hasty[name] = self.n_hasty[name] + 1 if is_hasty else 0
            is_hopeless = self.n_hasty[name] >= MOST_HASTE
            self.tell(name, died, not is_hopeless)
            if is_hopeless:
                return 1
            time.sleep(min(self.n_hasty[name] * 0.5, 2))
            self._start(name)
        return 0

    def end(self) -> None:
        """Ask every child to end; kill those that do not in time."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + LINGER_S
        for child in self.children.values():
            try:
                child.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _start(self, name: str) -> None:
        """A new process, never a fork of this one; Ctrl-C in the terminal reaches us alone."""
        words = [sys.executable, "-m", "smarketing", *self.commands[name]]
        self.children[name] = subprocess.Popen(words, env={**os.environ, **let_children_hold()}, start_new_session=True)
        self.started[name] = time.monotonic()
