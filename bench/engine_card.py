"""Ours: the whole card through the product's own functions, bucket by bucket on two threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.company import BEGIN, DAY, NOW, SOURCES, STAGES, company
from smarketing.engine.as_of import blocks
from smarketing.engine.by_lead import heads
from smarketing.engine.compiled import Compiled, compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.engine.history import NEVER, History
from smarketing.engine.local import LocalDays
from smarketing.ledger.bucket_files import read_bucket
from smarketing.scorecard.cells import Cells, ClockCells, Cube
from smarketing.scorecard.divisions import Division, Window
from smarketing.scorecard.outcomes import Outcome

THREADS = 2
END = NOW + 40 * DAY
N_DAYS = (END - BEGIN) // DAY
SPANS = ("day", "week", "month")


@cache
def compiled() -> Compiled:
    """The agreement ready for arrays; compiling forty calendars is done once a process, like opening the replica."""
    made = company()
    return compile_terms([made.agreement], made.codebook, start=BEGIN - 30 * DAY, end=END)


def card(folder: Path) -> dict[str, Any]:
    """Nine cubes with exact quantiles, funnel, revenue and waterfall."""
    n_buckets = len(list(folder.glob("leads_*.parquet")))
    gathered = gather([partial(read_bucket, folder, number) for number in range(n_buckets)], THREADS)
    cubes = cubes_of(gathered.cells, THREADS)
    waterfall = np.cumsum(cubes["respond", "day", "tier"].outcomes.sum(axis=(1, 2)))
    return {"verdicts": verdicts(cubes), "n_leads": int(waterfall[-1]), "n_funnel": int(np.sum(gathered.funnel > 0))}


class Gathered(NamedTuple):
    """What streaming over all leads leaves."""

    cells: dict[str, ClockCells]
    funnel: NDArray[np.int64]
    revenue: NDArray[np.int64]


def gather(histories: Sequence[Callable[[], History]], threads: int) -> Gathered:
    """Judge and count leads part by part; a part is made when its turn comes and forgotten afterwards."""
    terms, days = compiled(), LocalDays("UTC", BEGIN - 30 * DAY, END)
    divisions = {
        "rep": Division.of_codes("owner", len(company().codebook.owners)),
        "tier": Division.of_codes("tier", len(terms.tiers)),
    }
    cells = {
        name: ClockCells(
            Window(BEGIN // DAY, N_DAYS), divisions, has_times=name != "attempts", has_depth=name == "attempts"
        )
        for name in terms.commitments
    }

    def count(made: Callable[[], History]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        history = made()
        for block in blocks(history):
            for name, clocks in evaluate(block, terms, now=NOW).clocks.items():
                cells[name].add(clocks, days.day_of(clocks.start_at), NOW)
        return funnel(history), revenue(history)

    with ThreadPoolExecutor(threads) as pool:
        reached, won = zip(*pool.map(count, histories), strict=True)
    return Gathered(cells, sum(reached), sum(won))


def cubes_of(cells: dict[str, ClockCells], threads: int) -> dict[tuple[str, str, str], Cells]:
    """Day, week and month by rep, team and tier of each commitment."""
    book = company().codebook
    team = Division.merged("owner", book.team_of, len(book.teams))
    axes = {"rep": ("rep", None), "team": ("rep", team), "tier": ("tier", None)}
    wanted = {(span, axis): Cube(edges(span), *axes[axis]) for span in SPANS for axis in axes}
    with ThreadPoolExecutor(threads) as pool:
        made = list(pool.map(lambda counted: counted.cubes(list(wanted.values())), cells.values()))
    return {
        (name, *key): found
        for name, cubes in zip(cells, made, strict=True)
        for key, found in zip(wanted, cubes, strict=True)
    }


def verdicts(cubes: dict[tuple[str, str, str], Cells]) -> list[int]:
    """Met, breached, running and void of each commitment, over all days."""
    found = []
    for name in ("respond", "dispose", "attempts"):
        n = dict(zip(Outcome, cubes[name, "day", "tier"].outcomes.sum(axis=(0, 1)).tolist(), strict=True))
        open_ones = sum(count for outcome, count in n.items() if outcome.name in ("WAITING", "RUNNING", "AT_RISK"))
        found += [n[Outcome.MET], n[Outcome.LATE] + n[Outcome.NEVER], open_ones, n[Outcome.VOID]]
    return found


@cache
def months() -> NDArray[np.int64]:
    """The month, counted from the first, of every day."""
    dates = np.datetime64("1970-01-01") + np.arange(BEGIN // DAY, BEGIN // DAY + N_DAYS)
    return dates.astype("datetime64[M]").astype(np.int64) - (2024 - 1970) * 12


@cache
def edges(span: str) -> NDArray[np.int64]:
    numbers = np.arange(N_DAYS)
    groups = {"day": numbers, "week": (numbers + BEGIN // DAY + 3) // 7, "month": months()}[span]
    return np.append(np.flatnonzero(np.append(True, groups[1:] != groups[:-1])), N_DAYS)


def funnel(history: History) -> NDArray[np.int64]:
    """Leads by month of creation, source and stage reached."""
    leads, stages = history.leads, history.stages
    bits = np.left_shift(1, stages.stage.astype(np.uint8), dtype=np.uint8)
    bits *= stages.at <= NOW
    begins = heads(stages.lead)
    reached = np.zeros(len(leads), np.uint8)
    if len(begins):
        reached[stages.lead.take(begins)] = np.bitwise_or.reduceat(bits, begins)
    group = months()[(leads.created_at - BEGIN) // DAY] * len(SOURCES) + leads.source
    n_groups, masks = (int(months()[-1]) + 1) * len(SOURCES), np.arange(128)
    by_mask = np.bincount(group * 128 + reached, minlength=n_groups * 128).reshape(-1, 128)
    return np.stack([by_mask[:, (masks >> stage & 1).astype(bool)].sum(axis=1) for stage in range(len(STAGES))])


def revenue(history: History) -> NDArray[np.int64]:
    """Won amounts by month of closing and source."""
    deals = history.deals
    won = np.flatnonzero((deals.status == 1) & (deals.closed_at <= NOW) & (deals.closed_at != NEVER))
    group = months()[(deals.closed_at[won] - BEGIN) // DAY] * len(SOURCES) + history.leads.source[deals.lead[won]]
    sums = np.zeros((int(months()[-1]) + 1) * len(SOURCES), np.int64)
    np.add.at(sums, group, deals.amount[won])
    return sums
