"""The real site and the real worker in one process group that may be killed at any instant and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from django.db import connections
from tests.databases import Database
from tests.faults.visitor import Visitor

from smarketing.cli.ports import free_port
from smarketing.failpoints import ALLOWED_BY, ARMED_BY, DIES
from smarketing.records.models import Job

ROOT = Path(__file__).parents[2]
SETTINGS = "smarketing.config.settings"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
HOST, PATIENCE_S = "127.0.0.1", 60.0
BOTH = ("web", "worker")
OTHERS = """SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


class Served:
    """One installation. `start` and `kill` may follow one another as often as wanted; what is kept is in the home.

    `alias` is its database in this process, for looking into it; use it inside `looking`.
    """

    def __init__(self, database: Database) -> None:
        self.alias, self.vendor, self.home = database.alias, database.vendor, database.home
        self.home.mkdir(exist_ok=True, mode=0o700)
        self.port = free_port(HOST)
        self.address = f"http://{HOST}:{self.port}"
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("SMARKETING_", "DJANGO_"))}
        self.environment = {**kept, **database.environment, "SMARKETING_URL": self.address}
        self.environment |= {"SMARKETING_LOG_LEVEL": "WARNING", ALLOWED_BY: "1", "LANG": "C.UTF-8"}
        self.environment |= {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "DJANGO_SETTINGS_MODULE": SETTINGS}
        self.scratch = self.home.parent / "scratch"  # where programs leave temporary files
        self.scratch.mkdir()
        self.environment["TMPDIR"] = str(self.scratch)
        self.log = self.home.parent / "served.log"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.run("migrate")

    def run(self, *words: str, module: str = "smarketing", code: int = 0) -> str:
        """What a command of the program says, in a process of its own."""
        command = [sys.executable, "-m", module, *words]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == code, (words, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout

    def start(self, parts: Sequence[str] = BOTH, *, failpoint: str = "") -> None:
        """Start the parts, each of which dies where `failpoint` says, and wait until the site answers."""
        options = {"web": ("--host", HOST, "--port", str(self.port), "--workers", "1"), "worker": ()}
        environment = {**self.environment, ARMED_BY: failpoint}
        with self.log.open("wb") as log:
            for part in parts:
                self.processes[part] = subprocess.Popen(
                    [sys.executable, "-m", "smarketing", part, *options[part]],
                    env=environment,
                    cwd=ROOT,
                    stdout=log,
                    stderr=log,
                    process_group=self._group,
                )
        if "web" in parts:
            self.wait_until(self._is_live)

    def kill(self) -> None:
        """SIGKILL everything at once, as a machine that loses its power would."""
        group = self._group
        with suppress(ProcessLookupError):
            if group:
                os.killpg(group, signal.SIGKILL)
        for process in self.processes.values():
            process.wait()
        self.processes.clear()
        self.wait_until(lambda: not _lives(group) and not self._is_asked())

    def restart(self, parts: Sequence[str] = BOTH, *, failpoint: str = "") -> None:
        self.kill()
        self.start(parts, failpoint=failpoint)

    @property
    def _group(self) -> int:
        """The group that the first process leads; 0 makes the next one lead."""
        return next((process.pid for process in self.processes.values()), 0)

    def visitor(self, email: str, password: str) -> Visitor:
        """Signed in."""
        found = Visitor(self.address, password)
        found.signs_in(email)
        return found

    def wait_for_death_at(self, failpoint: str) -> None:
        """Until one of the processes has reached the point; kill the others then."""
        line = f"{DIES}{failpoint.partition('@')[0]}\n"
        self.wait_until(lambda: line in self.said)

    @property
    def said(self) -> str:
        """What the processes wrote since they were started."""
        return self.log.read_text(errors="replace")

    def wait_until(self, is_so: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
        until = time.monotonic() + seconds
        while not is_so():
            gone = {part: process.poll() for part, process in self.processes.items() if process.poll() is not None}
            assert time.monotonic() < until, f"not within {seconds} s; ended: {gone}; it said: {self.said[-3000:]}"
            time.sleep(0.03)

    def _is_live(self) -> bool:
        assert self.processes["web"].poll() is None, self.said[-3000:]
        asked = HTTPConnection(HOST, self.port, timeout=5)
        try:
            asked.request("GET", "/health/live")
            return asked.getresponse().status == 200
        except OSError:
            return False
        finally:
            asked.close()

    @contextmanager
    def looking(self) -> Iterator[str]:
        """The alias of the database. No connection of ours is left open, or SQLite would have nothing to recover."""
        try:
            yield self.alias
        finally:
            connections[self.alias].close()

    def _is_asked(self) -> bool:
        """Whether a server of the database still works for one of the dead: a commit that was sent is carried out."""
        if self.vendor != "postgresql":
            return False
        with self.looking() as alias, connections[alias].cursor() as cursor:
            cursor.execute(OTHERS)
            return bool(cursor.fetchone()[0])

    def let_leases_end(self) -> None:
        """Those of the dead, which end after a few seconds by themselves."""
        assert not self.processes, "kill first: the living renew theirs"
        with self.looking() as alias:
            Job.objects.using(alias).filter(status="running").update(leased_until=LONG_AGO)

    def check_well(self) -> None:
        """Everything stands: readiness, `doctor`, and the chain of events. The worker must be running."""
        visitor = Visitor(self.address)
        self.wait_until(lambda: self._is_ready(visitor))
        bad = [each for each in json.loads(self.run("doctor", "--json")) if each["level"] == "bad"]
        assert bad == []
        proof: dict[str, Any] = json.loads(self.run("audit", "verify", "--json"))
        assert proof["holds"], proof

    def _is_ready(self, visitor: Visitor) -> bool:
        try:
            return visitor.gets("/health/ready").status == 200
        except AssertionError:
            return False


def _lives(group: int) -> bool:
    """Whether a process of the group is neither dead nor only waiting to be buried; where that cannot be seen, no."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
            if group and int(its_group) == group and state not in "ZX":
                return True
    return False


@contextmanager
def served(database: Database) -> Iterator[Served]:
    """An installation whose processes end with the block."""
    site = Served(database)
    try:
        yield site
    finally:
        site.kill()
