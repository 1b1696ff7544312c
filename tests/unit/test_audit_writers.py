"""Several processes write at once: one unbroken chain, and `smarketing audit` shows it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

WRITER = """
import sys
from datetime import UTC, datetime
from django import setup
setup()
from smarketing.records.events import one_write
for number in range(20):
    with one_write(verb="write", by=None, now=datetime(2026, 1, 15, tzinfo=UTC)) as write:
        write.about("number", f"{sys.argv[1]}-{number}")
"""


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of a new installation; its tables are there after the first command."""
    settings = {"DJANGO_SETTINGS_MODULE": "smarketing.config.settings", "SMARKETING_HOME": str(tmp_path / "home")}
    return {**os.environ, "SMARKETING_DATABASE_URL": "", **settings}


def audit(home: dict[str, str], *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "smarketing.cli", "audit", *arguments]
    done = subprocess.run(command, env=home, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def test_writers_at_once_make_one_chain(home: dict[str, str]) -> None:
    assert audit(home, "verify")[0] == 0
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(number)], env=home) for number in range(4)]
    assert [writer.wait() for writer in writers] == [0, 0, 0, 0]
    code, out = audit(home, "verify", "--json")
    proof = json.loads(out)
    assert (code, proof["holds"], proof["entries"]) == (0, True, 80)
    _, out = audit(home, "list", "--json", "--limit", "3", "--about", "number")
    assert [entry["seq"] for entry in json.loads(out)["entries"]] == [80, 79, 78]

    database = sqlite3.connect(Path(home["SMARKETING_HOME"]) / "smarketing.sqlite3")
    database.execute("DELETE FROM records_event WHERE seq = 80")
    database.commit()
    database.close()
    assert audit(home, "verify")[0] == 0
    code, out = audit(home, "verify", "--anchor", proof["anchor"])
    assert (code, "Entry 80: cut off." in out) == (4, True)
    assert audit(home, "verify", "--anchor", "nonsense")[0] == 2
