"""Bring leads and five touches each into the ledger, beside nothing but loading the same rows into the same tables.

The import reads CSV through a profile, checks every cell, finds duplicates, writes the rows, their receipt and the
columnar mirror in one durable transaction. The bare load is given rows that are typed already, and inserts them.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.databases import fresh_postgres, sqlite
from bench.machine import measure
from bench.protocol import ROOT
from bench.store import DATA

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
TOUCHES_EACH = 5
LOADED_ROWS = 100_000
STEPS = ("bare", "import", "refresh", "bare")  # one round; the two bare loads tell whether the machine kept its speed
PROFILE = """
profile: bench
zone: UTC
files:
  leads:
    files: ["leads.csv"]
    take:
      - table: lead
        columns: {lead_id: id, created_at: created, owner_id: owner, channel: source, grade: grade, status: status}
  touches:
    files: ["touches.csv"]
    take:
      - table: touch
        columns:
          {touch_id: id, lead_id: lead, owner_id: owner, kind: kind, direction: direction, occurred_at: at,
           duration_s: seconds, outcome: outcome}
"""


def prepare_export(n_leads: int) -> Path:
    """The files of an export, made once."""
    folder = DATA / f"{n_leads}-export"
    if (folder / "bench.yaml").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(3)
    seconds = pl.datetime_range(datetime(2025, 1, 1), datetime(2025, 12, 1), "1s", eager=True)
    made = seconds.cast(pl.String).str.slice(0, 19)
    n = n_leads * TOUCHES_EACH
    some = pl.int_range(n_leads, eager=True).cast(pl.String).str.zfill(9)
    leads = {
        "id": "L" + some,
        "created": made.gather(draw.integers(0, len(made), n_leads)),
        "owner": pl.Series(draw.integers(0, 400, n_leads)).cast(pl.String),
        "source": pl.Series(["web", "email", "event"]).gather(draw.integers(0, 3, n_leads)),
        "grade": pl.Series(["A", "B", "C"]).gather(draw.integers(0, 3, n_leads)),
        "status": pl.Series(["new", "open"]).gather(draw.integers(0, 2, n_leads)),
    }
    touches = {
        "id": "T" + pl.int_range(n, eager=True).cast(pl.String).str.zfill(10),
        "lead": "L" + pl.Series(draw.integers(0, n_leads, n)).cast(pl.String).str.zfill(9),
        "owner": pl.Series(draw.integers(0, 400, n)).cast(pl.String),
        "kind": pl.Series(["call", "email"]).gather(draw.integers(0, 2, n)),
        "direction": pl.Series(["out", "in"]).gather((draw.random(n) < 0.2).astype(int)),
        "at": made.gather(draw.integers(0, len(made), n)),
        "seconds": draw.integers(0, 600, n),
        "outcome": pl.Series(["connected", "no_answer", "sent"]).gather(draw.integers(0, 3, n)),
    }
    pl.DataFrame(leads).write_csv(folder / "leads.csv")
    pl.DataFrame(touches).write_csv(folder / "touches.csv")
    (folder / "bench.yaml").write_text(PROFILE)
    return folder


def print_ledger(n_leads: int, n_rounds: int, vendors: list[str]) -> None:
    folder = prepare_export(n_leads)
    with ExitStack() as stack:
        for vendor in vendors:
            urls = fresh_postgres(stack) if vendor == "postgres" else sqlite
            turns = [_round(folder, urls) for _ in range(n_rounds)]
            print(f"{vendor}, {n_leads:,} leads and {n_leads * TOUCHES_EACH:,} touches")
            bare = [statistics.mean(turn["bare"]) for turn in turns]
            print(f"  bare load  {min(bare):>8.2f} s")
            for name in ("import", "refresh"):
                ratios = [turn[name][0] / each for turn, each in zip(turns, bare, strict=True)]
                peak = max(turn["peak"][name] for turn in turns)
                least, most, best = min(ratios), max(ratios), min(turn[name][0] for turn in turns)
                cpu = statistics.median(turn["cpu"][name][0] / statistics.mean(turn["cpu"]["bare"]) for turn in turns)
                print(
                    f"  {name:10} {best:>8.2f} s {statistics.median(ratios):>6.2f}× bare ({least:.2f} … {most:.2f}), "
                    f"{cpu:.2f}× the CPU of the client, {peak:,.0f} MiB",
                    flush=True,
                )


def import_ratio(n_leads: int) -> float:
    """CPU of one import on SQLite ÷ CPU of the bare load of its rows; steadier than seconds on a shared machine."""
    cpu = _round(prepare_export(n_leads), sqlite)["cpu"]
    return float(cpu["import"][0] / statistics.mean(cpu["bare"]))


def _round(folder: Path, urls: Callable[[], str]) -> dict[str, Any]:
    """Each step in a process of its own; the refresh makes the mirror of what the import brought from nothing."""
    turn: dict[str, Any] = {name: [] for name in STEPS} | {"peak": {}, "cpu": {}}
    with tempfile.TemporaryDirectory() as place:
        for number, name in enumerate(STEPS):
            home = Path(place) / ("import" if name in ("import", "refresh") else str(number))
            if name != "refresh":
                url = urls()
            words = [sys.executable, "-m", "bench.ledger", name, str(folder)]
            settings = {"SMARKETING_HOME": str(home), "SMARKETING_DATABASE_URL": url}
            environment = {**os.environ, **settings, "DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}
            run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, env=environment)
            if run.returncode != 0:
                raise RuntimeError(f"{name} failed:\n{run.stderr[-3000:]}")
            seconds, cpu, peak = map(float, run.stdout.split()[-3:])
            turn[name].append(seconds)
            turn["cpu"].setdefault(name, []).append(cpu)
            turn["peak"][name] = peak
    return turn


def step(name: str, folder: Path) -> None:
    """One step in this process: seconds, those of the CPU and peak MiB on standard output."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from smarketing.ledger.database import the_ledger

    settings.HOME.mkdir(parents=True, exist_ok=True)
    call_command("migrate", "ledger", verbosity=0)
    if name == "bare":
        work = _bare(folder)
    elif name == "refresh":
        work = the_ledger(settings.HOME).rebuild
    else:
        work = _import(folder)
    found = measure(work, 1, warm_up=False)
    print(found["wall_s"], found["cpu_s"], found["peak_mib"])


def _import(folder: Path) -> Callable[[], object]:
    from django.conf import settings

    from smarketing.ledger.database import the_ledger
    from smarketing.sources.read_profile import read_profile
    from smarketing.workflows.import_files import import_files

    files = [folder / "leads.csv", folder / "touches.csv"]
    profile = read_profile(str(folder / "bench.yaml"))
    return lambda: import_files(files, profile=profile, facts=the_ledger(settings.HOME), now=NOW)


def _bare(folder: Path) -> Callable[[], object]:
    """The rows that the import makes, typed already, in the order of the files."""
    from django.db import connection, transaction

    from smarketing.facts.schema import TABLES
    from smarketing.ledger.folder import create_folder
    from smarketing.ledger.values import to_database
    from smarketing.sources.read_profile import read_profile
    from smarketing.workflows.import_files import import_files

    made = folder / "facts"
    if not made.exists():
        files, profile = [folder / "leads.csv", folder / "touches.csv"], read_profile(str(folder / "bench.yaml"))
        import_files(files, profile=profile, facts=create_folder(made), now=NOW)
    facts = create_folder(made)
    rows = {name: to_database(facts.frame(name), TABLES[name]) for name in ("lead", "touch")}
    marks = [pl.lit(1).alias("seq"), pl.lit(1).alias("brought_by")]

    def work() -> None:
        with transaction.atomic():
            for name, frame in rows.items():
                _load(connection, f"ledger_{name}", frame.with_columns(marks))

    return work


def _load(connection: Any, target: str, rows: pl.DataFrame) -> None:
    """What the database's own documentation says of loading many rows: COPY, and executemany in a transaction."""
    columns = ", ".join(f'"{name}"' for name in rows.columns)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f'COPY "{target}" ({columns}) FROM STDIN (FORMAT csv)') as copy:
            for chunk in rows.iter_slices(LOADED_ROWS):
                copy.write(chunk.write_csv(include_header=False, quote_style="non_numeric"))
        return
    marks = ", ".join("?" * rows.width)
    for chunk in rows.iter_slices(LOADED_ROWS):
        connection.connection.executemany(f'INSERT INTO "{target}" ({columns}) VALUES ({marks})', chunk.rows())


if __name__ == "__main__":
    step(sys.argv[1], Path(sys.argv[2]))
