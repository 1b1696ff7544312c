"""Questions to stored clocks beside a raw scan of the columns they read: goals G13 to G17."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from bench.company import DAY, NOW, company
from bench.machine import measure
from smarketing.ledger.clock_store import StoredClocks, has_begun, is_at_risk, open_clocks, verdict
from smarketing.ledger.folder import Folder, open_folder
from smarketing.ledger.replica import open_replica
from smarketing.scorecard.card import Axis
from smarketing.terms.period import read_period
from smarketing.workflows.read_scorecard import read_scorecard

READ = ("commitment", "owner", "start_at", "risk_at", "due_at", "stop_at", "elapsed_us", "void")
MOMENT = datetime.fromtimestamp(NOW / 1e6, UTC)
REPETITIONS = 5


def measure_stored(path: Path, n_rounds: int) -> dict[str, dict[str, float]]:
    """Each question's time over that of the scans before and after it, median, least and most of the rounds."""
    folder = open_folder(path)
    clocks = open_clocks(open_replica(folder), [company().agreement])
    asked = questions(clocks, folder)
    ratios: dict[str, list[float]] = {name: [] for name in asked}
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(n_rounds):
        before = _least(lambda: scan(clocks))
        for name, question in asked.items():
            took = _least(question)
            after = _least(lambda: scan(clocks))
            ratios[name].append(took / ((before + after) / 2))
            seconds[name].append(took)
            before = after
    return {
        name: {
            "ratio": statistics.median(found),
            "least": min(found),
            "greatest": max(found),
            "wall_s": min(seconds[name]),
        }
        for name, found in ratios.items()
    }


def scan(clocks: StoredClocks) -> pl.DataFrame:
    """The denominator: the columns that the questions read, summed."""
    columns = [pl.col(name).to_physical() if name == "commitment" else pl.col(name) for name in READ]
    return clocks.scan().select(column.cast(pl.Float64).sum() for column in columns).collect()


def questions(clocks: StoredClocks, folder: Folder) -> dict[str, Callable[[], Any]]:
    """G13, G14, G15, G16 twice, and the page of G17 beside G13's question to ten times the clocks."""
    book = clocks.replica.codebook
    team = pl.lit(pl.Series(book.team_of)).gather(pl.col("owner")).alias("team")
    month = pl.from_epoch("start_at", "us").dt.truncate("1mo").alias("month")
    day = (pl.col("start_at") // DAY).alias("day")
    wanted = has_begun(NOW) & (pl.col("commitment") == "respond")
    judged, tenfold = (pl.concat([clocks.scan()] * n).filter(wanted) for n in (1, 10))
    inside = pl.col("start_at").is_between(NOW - 30 * DAY, NOW)
    team_3 = [code for code, number in enumerate(book.team_of) if number == 3]
    elapsed = pl.col("elapsed_us").filter(pl.col("stop_at") <= NOW)
    counts = [(pl.col("verdict") == word).sum().alias(word) for word in ("met", "breached", "running", "void")]

    def compliance(*more: pl.Expr, of: pl.LazyFrame = judged) -> pl.DataFrame:
        rows = of.select(month, team, verdict(NOW), "elapsed_us", "stop_at")
        return rows.group_by("month", "team").agg(*counts, *more).collect()

    def one_team() -> pl.DataFrame:
        rows = judged.filter(inside, pl.col("owner").is_in(team_3)).select("owner", day, verdict(NOW))
        return rows.group_by("owner", "day").agg(counts).collect()

    def page() -> Any:
        return read_scorecard(folder, [company().agreement], period=read_period("2026-11"), now=MOMENT, by=tuple(Axis))

    return {
        "G13 month × team": compliance,
        "G14 with median and p90": lambda: compliance(
            elapsed.median().alias("median"), elapsed.quantile(0.9).alias("p90")
        ),
        "G15 one team, 30 days": one_team,
        "G16 top 100 at risk": lambda: clocks.scan().filter(is_at_risk(NOW)).bottom_k(100, by="due_at").collect(),
        "G16 one lead's clocks": lambda: clocks.of_lead(clocks.replica.n_leads // 3),
        "G17 G13's question, ten times the clocks": lambda: compliance(of=tenfold),
        "G17 stored card": page,
    }


def _least(work: Callable[[], Any]) -> float:
    return float(measure(lambda: bool(work() is None), REPETITIONS)["wall_s"])
