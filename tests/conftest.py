"""Doors shut: no test reaches the network or the wall clock by accident."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from tests.databases import (  # noqa: F401 — fixtures
    each_database,
    postgres,
    postgres_database,
    sqlite_database,
    sqlite_template,
)
from tests.drained import whole_postgres, whole_sqlite  # noqa: F401 — fixtures
from tests.simulation import sightings

os.environ.pop("SMARKETING_COMMAND", None)  # dev.py's name for the program; tests expect its own

# Seconds are for bench/, so nothing here has a deadline; the gate draws the same examples every time.
settings.register_profile(
    "house", deadline=None, derandomize="CI" in os.environ, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

WORLDS = "tests/simulation/test_worlds.py"
IN_TURN = ("tests/browser/", "tests/faults/", "killed", "tests/web/", "tests/oracle/", "tests/unit/", "tests/spec/", "")
DATA = Path(os.environ.get("SMARKETING_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file's tests share a worker and what they set up; those with a browser share one site and one browser.

    Worlds share nothing, so each part of them goes to whoever is free.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith(WORLDS):
                return nodeid
            return "tests/browser" if nodeid.startswith("tests/browser/") else nodeid.partition("::")[0]

    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, and what is in small parts comes last, so that all workers end together."""
    items.sort(key=lambda item: next(place for place, begin in enumerate(IN_TURN) if begin in item.nodeid))


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    """What the worlds have seen, each with its count."""
    for line in sightings.lines(sightings.folder_of(config._tmp_path_factory.getbasetemp())):
        terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("A test tried to open a connection; give it a file or an array instead.")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program answers in English, whoever runs the tests."""
    for name in ("LC_ALL", "LC_MESSAGES", "SMARKETING_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.fixture(scope="session")
def crm_data() -> Path:
    """The folder of real CRM exports; tests that need it are skipped, with a reason, where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"real CRM exports are not here: set SMARKETING_DATA (looked in {DATA})")
    return DATA
