"""`smarketing serve` as an operator meets it: addresses, taken ports, children that die, parents that are killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smarketing.cli import ports
from smarketing.cli.lifeline import VARIABLE
from smarketing.terms.errors import UserError

ROOT = Path(__file__).parents[2]
ASK = """
import sys, urllib.request, urllib.error
try:
    with urllib.request.urlopen(sys.argv[1], timeout=10) as answer: print(answer.status, answer.read().decode())
except urllib.error.HTTPError as error: print(error.code, error.read().decode())
except OSError: print(0)
"""


class Served:
    def __init__(self, home: Path) -> None:
        self.environment = {**os.environ, "SMARKETING_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
        quiet = {"SMARKETING_LOG_LEVEL": "ERROR", "SMARKETING_LOG_FORMAT": "json"}
        self.environment |= {"SMARKETING_DATABASE_URL": "", **quiet}
        self.environment["DJANGO_SETTINGS_MODULE"] = "smarketing.config.settings"
        self.errors = home.with_suffix(".log")
        self.process = self.start("--port", "0")
        assert self.process.stdout is not None
        lines = []
        while (line := self.process.stdout.readline()) and line.rstrip() != "}":
            lines.append(line)
        self.address: str = json.loads("".join(lines) + "}")["address"]

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "smarketing", "serve", "--workers", "1", "--json", *words]
        with self.errors.open("a") as errors:
            return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=errors, text=True)

    def ask(self, path: str) -> tuple[int, str]:
        command = [sys.executable, "-c", ASK, self.address + path]
        code, _, text = subprocess.run(command, capture_output=True, text=True, check=True).stdout.partition(" ")
        return int(code), text

    def children(self) -> dict[str, int]:
        """Process ids of the two children by the command that they run."""
        found = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(path.read_text().rpartition(")")[2].split()[1])
                words = (path.parent / "cmdline").read_text().split("\0")
            except OSError:
                continue
            if parent == self.process.pid and "smarketing" in words:
                found[words[words.index("smarketing") + 1]] = int(path.parent.name)
        return found


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    if not Path("/proc/self/stat").exists():
        pytest.skip("processes are counted in /proc")
    found = Served(tmp_path / "home")
    yield found
    if found.process.poll() is None:
        found.process.send_signal(signal.SIGINT)
    found.process.wait(timeout=40)
    assert found.process.stdout is not None
    found.process.stdout.close()


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.2)


def test_it_answers_says_who_holds_its_port_and_ends_when_asked(served: Served) -> None:
    wait_until(lambda: served.ask("/health/ready")[0] == 200)
    assert '"ready": true' in served.ask("/health/ready")[1]
    port = served.address.rpartition(":")[2]
    second = served.start("--port", port)
    said, _ = second.communicate(timeout=30)
    assert second.returncode == 2 and "holds the port" in said
    assert served.process.poll() is None
    assert all(line.startswith("{") for line in served.errors.read_text().splitlines() if "[" in line)
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=40) == 0
    assert served.ask("/health/live")[0] == 0


def test_a_child_that_dies_is_started_again(served: Served) -> None:
    wait_until(lambda: set(served.children()) == {"web", "worker"})
    before = served.children()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: served.ask("/health/live")[0] == 200 and set(served.children()) == {"web", "worker"})
    assert not set(before.values()) & set(served.children().values())
    wait_until(lambda: served.ask("/health/ready")[0] == 200)


def test_nothing_outlives_a_parent_that_was_killed(served: Served) -> None:
    wait_until(lambda: set(served.children()) == {"web", "worker"})
    children = served.children().values()
    served.process.kill()
    served.process.wait()
    wait_until(lambda: not any(Path("/proc", str(pid)).exists() for pid in children))
    wait_until(lambda: served.ask("/health/live")[0] == 0)


def test_the_holder_of_a_port_is_named() -> None:
    port = ports.free_port("127.0.0.1")
    ports.check_port_is_free("127.0.0.1", port)
    with ports._bound("127.0.0.1", port), pytest.raises(UserError, match=f"Process {os.getpid()} "):
        ports.check_port_is_free("127.0.0.1", port)
    assert VARIABLE not in os.environ
