"""An import into the database killed at any moment: all of it is there or nothing, and the books balance."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connections
from tests.databases import Database
from tests.fact_rows import rows
from tests.small_import import LEADS

from smarketing.ledger.database import Ledger, the_ledger
from smarketing.ledger.mirror import state_of
from smarketing.ledger.models import FACTS, Import, ImportFile

CHILD = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
import django
from django.conf import settings
django.setup()
import polars as pl
from django.db.backends.utils import CursorWrapper
from smarketing.ledger import bulk, durable, mirror, row_writes
from smarketing.ledger.database import the_ledger
from smarketing.sources.read_profile import read_profile
from smarketing.workflows.import_files import import_files

fatal, profile, file = sys.argv[1:]
ledger = the_ledger(settings.HOME)
calls = 0

def deadly(call):
    def wrapped(*arguments, **options):
        global calls
        calls += 1
        if calls == int(fatal):
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return wrapped

bulk.CHUNK_ROWS = 500
os.fsync = deadly(os.fsync)
Path.replace = deadly(Path.replace)
row_writes.LOADED_ROWS = 500
row_writes.insert = deadly(bulk.insert)
CursorWrapper.execute = deadly(CursorWrapper.execute)
mirror.publish = deadly(mirror.publish)
import_files([Path(file)], profile=read_profile(profile), facts=ledger, now=datetime(2026, 3, 1, 9, tzinfo=UTC))
print(calls)
"""


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("export")
    (folder / "small.yaml").write_text(LEADS)
    lines = [f"r{n},{'x' if n % 100 == 99 else '2026-01-05T10:00'},rita,Web,{n},New" for n in range(2_000)]
    (folder / "leads.csv").write_text("\n".join(["Id,Created,Owner,Source,Score,Status", *lines]))
    return [folder / "small.yaml", folder / "leads.csv"]


def run(database: Database, export: list[Path], fatal: int) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **database.environment, "DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}
    command = [sys.executable, "-c", CHILD, str(fatal), *map(str, export)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)


def check_balanced(database: Database, *, is_there: bool | None = None) -> bool:
    """Whether the import is there: its facts, its receipt and its number, or none of them."""
    published = state_of(database.alias).sequence
    n_facts = FACTS["lead"].objects.using(database.alias).filter(seq__lte=published).count()  # type: ignore[attr-defined]
    n_imports = Import.objects.using(database.alias).count()
    assert (n_facts, n_imports, published) in ((0, 0, 0), (1_980, 1, 1))
    for file in ImportFile.objects.using(database.alias).all():
        assert (file.n_rows, file.n_accepted, file.n_rejected, file.n_duplicates) == (2_000, 1_980, 20, 0)
        assert (database.home / file.rejects_file).exists()
    ledger = the_ledger(database.home, using=database.alias)
    assert ledger.n_rows("lead") == n_facts == ledger.frame("lead").height
    assert is_there is None or is_there == bool(n_facts)
    return bool(n_facts)


def test_killed_at_several_moments_and_run_again(each_database: Database, export: list[Path]) -> None:
    fatal, seen = 1, []
    while True:
        killed = run(each_database, export, fatal)
        if killed.returncode == 0:
            break
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        seen.append(check_balanced(each_database))
        fatal += 5
    assert len(seen) > 2, killed.stdout
    assert seen == sorted(seen)
    if seen[-1]:
        assert Import.objects.using(each_database.alias).count() == 2  # the repeat found everything there
    else:
        check_balanced(each_database, is_there=True)


def test_a_number_is_seen_once_everything_before_it_is(each_database: Database) -> None:
    """Two writers at once: the second gets its number when the first has committed, never before."""
    one, two = (Ledger(each_database.home / name, using=each_database.alias) for name in ("one", "two"))
    held, order = threading.Event(), []

    def second() -> None:
        held.wait(10)
        two.merge({"lead": rows("lead", {"lead_id": "late"})})
        order.append(("second", two.sequence))
        connections[each_database.alias].close()

    other = threading.Thread(target=second)
    other.start()
    with one.in_one_piece():
        one.merge({"lead": rows("lead", {"lead_id": "early"})})
        held.set()
        other.join(0.5)
        assert other.is_alive(), "the second writer did not wait for the first"
        order.append(("first", one.sequence))
    other.join(20)
    assert order == [("first", 1), ("second", 2)]
    assert sorted(two.frame("lead")["lead_id"]) == ["early", "late"]  # it caught up before it merged
