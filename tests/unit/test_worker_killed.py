"""Workers killed, stopped and told to leave, as real processes: nothing lost, nothing done twice, nothing half done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.databases import Database

from smarketing.sources.demo import write_demo

ROOT = Path(__file__).parents[2]


class Site:
    """One home, and the processes that were started in it."""

    def __init__(self, database: Database) -> None:
        self.home = database.home
        self.environment = {
            **os.environ,
            **database.environment,
            "DJANGO_SETTINGS_MODULE": "smarketing.config.settings",
        }
        self.environment |= {"SMARKETING_LOG_LEVEL": "ERROR", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        self.started: list[subprocess.Popen[bytes]] = []
        self.home.mkdir(exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "smarketing", "migrate"], env=self.environment, check=True, stdout=subprocess.DEVNULL
        )

    def run(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(self._words(words), env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert done.returncode == code, (words, done.returncode)
        return done.stdout

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        self.started.append(subprocess.Popen(self._words(words), env=self.environment, cwd=ROOT))
        return self.started[-1]

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("state"))
        return found

    def began(self) -> list[list[str]]:
        path = self.home / "began"
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []

    def _words(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "tests.slow_worker", *words]


@pytest.fixture
def site(each_database: Database) -> Iterator[Site]:
    found = Site(each_database)
    yield found
    for process in found.started:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_until(is_so: Callable[[], bool], seconds: float = 20) -> float:
    started = time.monotonic()
    while not is_so():
        assert time.monotonic() - started < seconds, "it did not happen in time"
        time.sleep(0.05)
    return time.monotonic() - started


def slow(seconds: float) -> str:
    return json.dumps({"seconds": seconds})


def test_a_job_whose_worker_was_killed_is_done_once_by_the_next(site: Site) -> None:
    site.run("enqueue", "slow", "1", slow(1.5))
    killed = site.start("work")
    wait_until(lambda: len(site.began()) == 1)
    killed.kill()
    other = site.start("work")
    assert wait_until(lambda: len(site.began()) == 2) < 10
    assert int(site.began()[1][1]) == other.pid
    wait_until(lambda: site.state()["jobs"][0]["status"] == "done")
    found = site.state()
    assert [job["n_tries"] for job in found["jobs"]] == [2]
    assert [effect[2] for effect in found["effects"]] == [str(other.pid)]


def test_a_worker_told_to_leave_ends_its_short_job_first(site: Site) -> None:
    site.run("enqueue", "slow", "2", slow(1))
    leaving = site.start("work")
    wait_until(lambda: len(site.began()) == 1)
    leaving.send_signal(signal.SIGTERM)
    assert leaving.wait(timeout=10) == 0
    found = site.state()
    assert [job["status"] for job in found["jobs"]] == ["done", "waiting"]
    assert len(found["effects"]) == 1


def test_two_workers_never_run_one_job(site: Site) -> None:
    site.run("enqueue", "slow", "12", slow(0.3))
    workers = [site.start("work", "--until-idle") for _ in range(2)]
    assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    found = site.state()
    assert {job["status"] for job in found["jobs"]} == {"done"}
    assert sorted(int(n) for n, _ in found["began"]) == list(range(12))
    assert len({pid for _, pid in found["began"]}) == 2


def test_a_worker_that_slept_through_its_lease_writes_nothing(site: Site) -> None:
    site.run("enqueue", "slow", "1", slow(1.5))
    zombie = site.start("work")
    wait_until(lambda: len(site.began()) == 1)
    zombie.send_signal(signal.SIGSTOP)
    time.sleep(3.2)  # until its lease is over: before that the other one finds nothing to do and ends
    other = site.start("work", "--until-idle")
    wait_until(lambda: len(site.began()) == 2)
    other.wait(timeout=20)
    zombie.send_signal(signal.SIGCONT)
    time.sleep(3)
    assert zombie.poll() is None
    found = site.state()
    assert [effect[2] for effect in found["effects"]] == [str(other.pid)]
    assert found["jobs"][0]["result"] == {"pid": other.pid}


def test_an_import_killed_again_and_again_arrives_whole(site: Site, tmp_path: Path) -> None:
    exports = write_demo(tmp_path / "crm", n_leads=1500)
    said = {"files": [str(path) for path in exports.files.values()], "profile": str(exports.profile)}
    site.run("enqueue", "import_export", "1", json.dumps(said))
    for seconds in (0.9, 1.5, 2.2):
        killed = site.start("work")
        time.sleep(seconds)
        killed.kill()
        killed.wait()
        time.sleep(3.2)  # until its lease is over
    leads = site.state()["leads"]
    assert leads == 0 or leads > 1000, "half an import was kept"
    assert site.start("work", "--until-idle").wait(timeout=60) == 0
    found = site.state()
    assert found["jobs"][0]["status"] == "done", found["jobs"]
    assert found["leads"] > 1000


def test_signing_killed_anywhere_leaves_all_of_it_or_nothing(site: Site) -> None:
    site.run("seed")
    before = site.state()
    for point in ("before_signature", "after_signature", "before_event", "after_event"):
        site.run("sign", point, code=-signal.SIGKILL)
        found = site.state()
        assert (found["signatures"], found["sign_events"]) == (0, before["sign_events"]), point
        assert (found["status"], found["faults"]) == ("proposed", 0), point
    site.run("sign", "after_commit", code=-signal.SIGKILL)
    found = site.state()
    assert (found["signatures"], found["sign_events"], found["faults"]) == (1, before["sign_events"] + 1, 0)
    site.run("sign", "never")
    assert site.state()["sign_events"] == before["sign_events"] + 1
