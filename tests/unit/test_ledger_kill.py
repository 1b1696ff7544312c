"""Killed at any call that touches the disk, a merge is there whole or not at all, and its repeat completes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
from tests.fact_rows import rows

from smarketing.ledger.folder import create_folder, open_folder

KILLED = """
import os, signal, sys
from pathlib import Path
import polars as pl
from smarketing.ledger.folder import open_folder

folder, fatal = open_folder(Path(sys.argv[1])), int(sys.argv[2])
frames = {path.stem: pl.read_parquet(path) for path in sorted(Path(sys.argv[3]).glob("*.parquet"))}
calls = 0

def deadly(call):
    def wrapped(*arguments, **options):
        global calls
        calls += 1
        if calls == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return wrapped

os.fsync = deadly(os.fsync)
Path.replace = deadly(Path.replace)
Path.unlink = deadly(Path.unlink)
pl.DataFrame.write_parquet = deadly(pl.DataFrame.write_parquet)
folder.merge(frames, import_id="june")
print(calls)
"""

BEFORE = {"lead": rows("lead", {"lead_id": "ana"}, {"lead_id": "ben"})}
BATCH = {
    "lead": rows("lead", {"lead_id": "ben", "owner_id": "sam", "seen_at": "2025-07-02T00:00:00Z"}, {"lead_id": "eva"}),
    "touch": rows("touch", {"touch_id": "t1", "lead_id": "ben"}),
}


def state(path: Path) -> tuple[list[tuple[object, ...]], list[str], tuple[str, ...]]:
    folder = open_folder(path)
    leads = folder.frame("lead").sort("lead_id").select("lead_id", "owner_id").rows()
    return leads, folder.frame("touch")["touch_id"].to_list(), folder.manifest.imports


OLD = ([("ana", None), ("ben", None)], [], ())
NEW = ([("ana", None), ("ben", "sam"), ("eva", None)], ["t1"], ("june",))


def prepared(tmp_path: Path) -> tuple[Path, Path]:
    folder = create_folder(tmp_path / "facts")
    folder.merge(BEFORE)
    (folder.path / "tables" / "lead-0-7.parquet.tmp").write_bytes(b"torn by an earlier crash")
    batch = tmp_path / "batch"
    batch.mkdir()
    for name, frame in BATCH.items():
        frame.write_parquet(batch / f"{name}.parquet")
    return folder.path, batch


def merge_in_another_process(path: Path, fatal: int, batch: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", KILLED, str(path), str(fatal), str(batch)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_merge_killed_at_any_point_is_whole_or_absent_and_its_repeat_completes(tmp_path: Path) -> None:
    seen = []
    for fatal in range(1, 100):
        path, batch = prepared(tmp_path / str(fatal))
        answer = merge_in_another_process(path, fatal, batch)
        seen.append(state(path))
        assert seen[-1] in (OLD, NEW), f"half written at call {fatal}"
        open_folder(path).merge(BATCH, import_id="june")
        assert state(path) == NEW
        if answer.returncode == 0:
            break
        assert answer.returncode == -signal.SIGKILL, answer.stderr
    assert fatal > 12, "the kill points were not reached"
    assert seen[0] == OLD
    assert seen[-1] == seen[-2] == NEW


def test_the_repeat_leaves_no_torn_file_behind(tmp_path: Path) -> None:
    path, batch = prepared(tmp_path)
    merge_in_another_process(path, 5, batch)
    open_folder(path).merge(BATCH)
    named = {part.file for table in ("lead", "touch") for part in open_folder(path).parts(table)}
    found = {f"tables/{file.name}" for file in (path / "tables").iterdir()}
    assert {file for file in found if file.endswith(".tmp")} == set()
    assert len(found - named) <= len(BEFORE)  # one generation stays for its readers
    assert pl.read_parquet([path / file for file in named if "lead" in file]).height == 3
