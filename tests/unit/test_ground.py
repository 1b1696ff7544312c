"""The ground under the data: what its disk, its SQLite and its transactions must do, and that we ask (D-10 to D-14)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from tests.databases import Database

from smarketing.ledger import file_system
from smarketing.workflows import examine_installation
from smarketing.workflows.examine_installation import Level, _home, _pragmas, _sqlite

ROOT = Path(__file__).parents[2]
ASK = """
import json, sqlite3
import django; django.setup()
from django.conf import settings
from django.db import connection, transaction
names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "mmap_size")
with connection.cursor() as cursor:
    found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
other = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=0, isolation_level=None)
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM ledger_merge").fetchone()
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        found["other"] = str(error)
    cursor.execute("CREATE TABLE written_after_reading (n)")
other.execute("BEGIN IMMEDIATE")
print(json.dumps(found))
"""


@pytest.fixture
def files(tmp_path: Path) -> Any:
    return lambda: next(found for found in _home(tmp_path) if found.name == "files")


def test_d10_a_disk_whose_links_do_not_refuse_a_taken_name_is_told(files: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert files().level is Level.WELL
    monkeypatch.setattr(os, "link", lambda *_: None)
    assert (files().level, files().values["what"]) == (Level.BAD, "link")


def test_d10_a_disk_whose_locks_hold_nobody_off_is_told(files: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_system, "_locks", lambda _: False)
    assert (files().level, files().values["what"]) == (Level.BAD, "lock")


@pytest.mark.parametrize("kind", ["virtiofs", "nfs4", "9p"])
def test_d12_a_folder_that_another_machine_shares_is_warned_of(
    files: Any, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(file_system, "kind_of", lambda _: kind)
    assert (files().level, files().values["kind"]) == (Level.WARNING, kind)


def test_d12_the_containers_keep_their_data_in_named_volumes() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    assert 'volumes: ["home:/data"]' in text
    assert "./" not in text


@pytest.mark.parametrize(
    ("version", "level"),
    [
        ((3, 40, 1), Level.WARNING),
        ((3, 44, 6), Level.WELL),
        ((3, 50, 4), Level.WARNING),
        ((3, 50, 7), Level.WELL),
        ((3, 51, 2), Level.WARNING),
        ((3, 51, 3), Level.WELL),
        ((3, 52, 0), Level.WELL),
    ],
)
def test_d11_an_sqlite_that_may_damage_its_log_is_warned_of(version: tuple[int, int, int], level: Level) -> None:
    assert _sqlite(version).level is level


def test_d11_d13_d14_a_process_of_ours_has_the_settings_and_writes_after_reading(sqlite_database: Database) -> None:
    """Whoever reads in a transaction already holds the right to write: nobody comes between (BEGIN IMMEDIATE)."""
    environment = {**os.environ, **sqlite_database.environment, "DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "SMARKETING_LOG_LEVEL": "ERROR"}
    done = subprocess.run([sys.executable, "-c", ASK], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "mmap_size": 0,
        "other": "database is locked",
    }


def test_d14_settings_that_did_not_reach_the_database_are_found(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = connections[sqlite_database.alias]
    monkeypatch.setattr(examine_installation, "connection", ours)
    assert list(_pragmas()) == []
    ours.cursor().execute("PRAGMA synchronous=NORMAL")
    assert [(each.level, each.values["name"]) for each in _pragmas()] == [(Level.BAD, "synchronous")]


def test_d26_every_migration_is_one_transaction() -> None:
    """On SQLite and PostgreSQL a migration that was killed has then changed nothing, and runs again whole."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("smarketing.")}
    found = {key: each for key, each in MigrationLoader(None).disk_migrations.items() if key[0] in ours}
    assert {app for app, _ in found} == {"records", "ledger"}
    assert not [key for key, each in found.items() if not each.atomic]
