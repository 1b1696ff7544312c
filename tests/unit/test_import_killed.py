"""An import killed at any moment and run again: no fact is lost and none is there twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.small_import import LEADS

from smarketing.ledger.folder import Folder, folder_to_fill, open_folder
from smarketing.ledger.manifest import MANIFEST
from smarketing.ledger.receipts import receipts
from smarketing.sources.read_profile import read_profile
from smarketing.workflows.import_files import import_files

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHILD = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
import polars as pl
from smarketing.ledger.folder import folder_to_fill
from smarketing.sources.files import gathering
from smarketing.sources.read_profile import read_profile
from smarketing.ledger.folder import folder_to_fill
from smarketing.workflows import import_files as workflow

gathering.CHUNK_ROWS = 1_000
folder, fatal, *files = sys.argv[1:]
calls = 0

def deadly(call):
    def wrapped(*arguments, **options):
        global calls
        calls += 1
        if calls == int(fatal):
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return wrapped

os.fsync = deadly(os.fsync)
Path.replace = deadly(Path.replace)
Path.open = deadly(Path.open)
Path.write_text = deadly(Path.write_text)
pl.DataFrame.write_parquet = deadly(pl.DataFrame.write_parquet)
workflow.import_files(
    [Path(name) for name in files[1:]],
    profile=read_profile(files[0]),
    facts=folder_to_fill(Path(folder)),
    now=datetime(2026, 3, 1, 9, tzinfo=UTC),
)
print(calls)
"""


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two files that overlap; some rows are wrong."""
    folder = tmp_path_factory.mktemp("export")
    (folder / "small.yaml").write_text(LEADS)
    for name, numbers in (("one.csv", range(3_000)), ("two.csv", range(2_500, 4_000))):
        rows = [f"r{n},{'x' if n % 100 == 99 else '2026-01-05T10:00'},rita,Web,{n},New" for n in numbers]
        (folder / name).write_text("\n".join(["Id,Created,Owner,Source,Score,Status", *rows]))
    return [folder / "small.yaml", folder / "one.csv", folder / "two.csv"]


def run(folder: Path, export: list[Path], fatal: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CHILD, str(folder), str(fatal), *map(str, export)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def state(folder: Folder) -> list[tuple[object, ...]]:
    return folder.frame("lead").drop("seen_at").sort("lead_id").rows()


@pytest.fixture(scope="module")
def whole(export: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple[object, ...]], int]:
    """The facts of an import that nobody killed, and how many deadly moments it has."""
    folder = tmp_path_factory.mktemp("whole") / "facts"
    found = run(folder, export, 0)
    assert found.returncode == 0, found.stderr
    return state(open_folder(folder)), int(found.stdout)


def again(folder: Path, export: list[Path]) -> None:
    receipt = import_files(export[1:], profile=read_profile(str(export[0])), facts=folder_to_fill(folder), now=NOW)
    assert receipt.n_rows == 4_500 == receipt.n_accepted + receipt.n_rejected + receipt.n_duplicates
    assert receipt.n_rejected == 45


@pytest.mark.parametrize("moment", range(12))
def test_killed_and_run_again(
    export: list[Path], whole: tuple[list[tuple[object, ...]], int], tmp_path: Path, moment: int
) -> None:
    facts, n_moments = whole
    folder = tmp_path / "facts"
    fatal = 1 + round(moment * (n_moments - 1) / 11)
    killed = run(folder, export, fatal)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    if (folder / MANIFEST).exists():
        assert state(open_folder(folder)) in ([], facts)  # before or after, never between
    again(folder, export)
    assert state(open_folder(folder)) == facts
    assert list((folder / "imports").glob(".staging*")) == []
    again(folder, export)
    assert state(open_folder(folder)) == facts
    assert len(list(receipts(folder))) >= 1


def test_two_imports_at_once_are_both_whole(export: list[Path], tmp_path: Path) -> None:
    """The second finds the first at work: it is told so, or finds everything there."""
    folder = tmp_path / "facts"
    command = [sys.executable, "-c", CHILD, str(folder), "0", *map(str, export)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for child in both:
        _, said = child.communicate(timeout=60)
        assert child.returncode == 0 or "is writing to these facts" in said, said
    again(folder, export)
    assert open_folder(folder).frame("lead")["lead_id"].is_unique().all()
    assert open_folder(folder).frame("lead").height == 3_960
