"""The same news through Delta tables, the peer of goal G11: append, facts read back, clocks appended."""

from __future__ import annotations

import shutil
import statistics
import time
from pathlib import Path

import polars as pl
from deltalake import write_deltalake

from bench.company import NOW, company
from bench.facts import news
from smarketing.engine.compiled import Compiled, compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.ledger.clock_frames import clock_frame
from smarketing.ledger.clock_store import horizon_of
from smarketing.ledger.dirty import Excerpt
from smarketing.ledger.durable import sync_file, sync_folder
from smarketing.ledger.folder import Folder, open_folder
from smarketing.ledger.names import Names, names_of
from smarketing.ledger.replica_build import small_history

LEAD_OF = {"lead": "lead_id", "touch": "lead_id", "stage_change": "entity_id"}


def measure_delta(path: Path, n_leads: int, n_batches: int) -> float:
    """Seconds from the news to its clocks in Delta tables; the median of the batches.

    What a program of such tables could know beforehand is not timed: the names behind the codes, the compiled terms.
    What is appended is brought to the disk as by a drain; nobody looks whether its rows are known, which flatters them.
    """
    place, folder = path.with_name(f"{path.name}-delta"), open_folder(path)
    shutil.rmtree(place, ignore_errors=True)
    for name in LEAD_OF:
        write_deltalake(place / name, folder.frame(name).to_arrow())
    names, end = names_of(folder), horizon_of(NOW)
    compiled = compile_terms([company().agreement], names.codebook, start=0, end=end)
    took = []
    for number in range(n_batches):
        frames = news(n_leads, number)
        begin = time.perf_counter()
        _bring(place, frames, folder, names, compiled, end)
        took.append(time.perf_counter() - begin)
    shutil.rmtree(place)
    return statistics.median(took)


def _bring(
    place: Path, frames: dict[str, pl.DataFrame], folder: Folder, names: Names, compiled: Compiled, end: int
) -> None:
    for name, rows in frames.items():
        _append(place / name, rows)
    leads = frames["touch"].select("src", "lead_id").unique()
    theirs = {
        name: pl.scan_delta(str(place / name)).filter(pl.col(column).is_in(leads["lead_id"].implode())).collect()
        for name, column in LEAD_OF.items()
    }
    found, history = small_history(Excerpt(folder, theirs), names)
    if found.height != leads.height:
        raise RuntimeError("The leads of the news are not all there, so no time counts.")
    clocks = clock_frame(evaluate(history, compiled, now=end - 1), 0, compiled)
    texts = [pl.col(name).cast(pl.String) for name in ("commitment", "party")]
    _append(place / "clocks", clocks.with_columns(*texts, pl.col("void").cast(pl.Int16)))


def _append(table: Path, rows: pl.DataFrame) -> None:
    """As durable as our own: the new files, their commit, and the folders that name them."""
    before = set(table.rglob("*.*"))
    write_deltalake(table, rows.to_arrow(), mode="append")
    for file in set(table.rglob("*.*")) - before:
        sync_file(file)
    for folder in (table, table / "_delta_log"):
        sync_folder(folder)
