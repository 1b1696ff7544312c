"""Whether the fast answers are right: clocks beside the slow twin's, and beside their own in other orders and parts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from tests.builders import arranged
from tests.oracle.pasts import told
from tests.oracle.twin import Rows, Tick, twin

from bench.company import NOW, company
from bench.engine_card import compiled, cubes_of, gather
from bench.store import prepare
from smarketing.engine.as_of import blocks
from smarketing.engine.clocks import Clocks
from smarketing.engine.evaluate import Evaluation, evaluate
from smarketing.engine.history import CONNECTED, DONE, HUMAN, INBOUND, NEVER, OUT, Columns, History
from smarketing.facts.schema import DEAL_STATUS, TOUCH_KINDS
from smarketing.ledger.bucket_files import read_bucket

SEED = 20_240_101
MOST_BUCKETS = 8  # are held in memory when they are cut and mixed
BLOCKS = {1: 300, 100: 30_000, 65_536: 131_072}  # leads a block → leads that are tried so
Table = TypeVar("Table", bound=Columns)
Make = Callable[[], History]


def compare(n_leads: int, sample: int) -> int:
    """1 when a clock of `sample` leads differs from the slow twin's, or any bit depends on order, blocks or threads.

    Prints what was compared and how many differ.
    """
    folder = prepare(n_leads)
    buckets = [partial(read_bucket, folder, number) for number in range(len(list(folder.glob("leads_*.parquet"))))]
    chosen = np.random.default_rng(SEED).choice(n_leads, min(sample, n_leads), replace=False)
    return int(compare_with_twin(buckets, np.sort(chosen)) + compare_partitions(buckets[:MOST_BUCKETS]) > 0)


# Beside the slow twin


def compare_with_twin(buckets: Sequence[Make], leads: NDArray[np.int64]) -> int:
    """How many clocks of some leads (their numbers, in order) differ in any field."""
    n_wrong = n_clocks = 0
    for made in buckets:
        history = made()
        mine = leads[(leads >= history.first) & (leads < history.first + len(history.leads))]
        ours, theirs = by_engine(history, mine), by_twin(history, mine)
        for name in theirs:
            wrong = set(ours[name]) ^ set(theirs[name])
            n_wrong += len({(tick.lead, tick.episode) for tick in wrong})
            n_clocks += len(theirs[name])
            for tick in sorted(wrong)[:4]:
                print(f"  {name} {'engine' if tick in ours[name] else 'twin  '} {tick}")
    print(f"{len(leads):,} leads, {n_clocks:,} clocks beside the slow twin, every field: {n_wrong} differ")
    return n_wrong


def by_engine(history: History, leads: NDArray[np.int64]) -> dict[str, list[Tick]]:
    """The clocks of some leads out of the evaluation of all, with names."""
    found = evaluate(history, compiled(), now=NOW).clocks
    some = {name: clocks.take(np.flatnonzero(np.isin(clocks.lead, leads))) for name, clocks in found.items()}
    return told(Evaluation(some, {}), compiled(), range(history.first + len(history.leads)))


def by_twin(history: History, leads: NDArray[np.int64]) -> dict[str, list[Tick]]:
    """The same from the twin, one lead at a time."""
    found: dict[str, list[Tick]] = {name: [] for name in compiled().commitments}
    for lead in leads.tolist():
        for name, ticks in twin(rows_of(history, lead), [company().agreement], NOW).items():
            found[name] += ticks
    return found


def rows_of(history: History, lead: int) -> Rows:
    """What happened to one lead, in names."""
    book, here = company().codebook, lead - history.first
    spelled = {
        "lead": lambda _: lead,
        "owner": book.owners.__getitem__,
        "grade": book.grades.__getitem__,
        "source": book.sources.__getitem__,
        "stage": book.stages.__getitem__,
        "kind": TOUCH_KINDS.__getitem__,
        "status": DEAL_STATUS.__getitem__,
        "flags": how,
        "void": lambda code: book.reasons[code - 1] if code else None,
        "closed_at": lambda at: None if at == NEVER else at,
    }
    renamed = {"flags": "how"}

    def named(table: Columns, rows: slice) -> list[dict[str, Any]]:
        columns = {f.name: getattr(table, f.name)[rows].tolist() for f in fields(table)}
        words = {renamed.get(name, name): map(spelled.get(name, lambda it: it), of) for name, of in columns.items()}
        return [dict(zip(words, row, strict=True)) for row in zip(*words.values(), strict=True)]

    def of_lead(table: Any) -> list[dict[str, Any]]:
        return named(table, slice(*np.searchsorted(table.lead, [here, here + 1])))

    return Rows(
        leads=[{"lead": lead, **named(history.leads, slice(here, here + 1))[0]}],
        touches=of_lead(history.touches),
        stages=of_lead(history.stages),
        assignments=of_lead(history.assignments),
        deals=of_lead(history.deals),
        owners={
            name: {"team": book.teams[team], "calendar": calendar}
            for name, team, calendar in zip(book.owners, book.team_of.tolist(), book.owner_calendars, strict=True)
        },
    )


def how(flags: int) -> str:
    """The byte of a touch in the words of tests.builders."""
    direction = "in" if flags & INBOUND else "" if flags & OUT else "internal"
    words = (direction, "" if flags & HUMAN else "automated", "" if flags & DONE else "planned")
    return " ".join(filter(None, (*words, "connected" if flags & CONNECTED else "")))


# Beside itself


def compare_partitions(buckets: Sequence[Make]) -> int:
    """How many of the ways to cut, order and share out the work change any bit of clocks or cells."""
    whole = buckets[0]()
    first = evaluate(whole, compiled(), now=NOW).clocks
    same = {"time order, then sorted": bits(evaluate(shuffled(whole), compiled(), now=NOW).clocks) == bits(first)}
    for size, n_leads in BLOCKS.items():
        some = next(blocks(whole, n_leads))
        parts = [evaluate(part, compiled(), now=NOW).clocks for part in blocks(some, size)]
        together = evaluate(some, compiled(), now=NOW).clocks
        same[f"clocks of blocks of {size:,}"] = bits(joined(parts)) == bits(together)
    expected = bits_of_card(buckets, 1)
    same["cells on two threads"] = bits_of_card(buckets, 2) == expected
    same["cells of buckets in reverse"] = bits_of_card(buckets[::-1], 2) == expected
    same["cells of blocks of 10,000"] = bits_of_card([p for made in buckets for p in cut(made, 10_000)], 2) == expected
    for what, is_same in same.items():
        print(f"{what}: {'same bits' if is_same else 'DIFFERENT'}")
    return sum(not is_same for is_same in same.values())


def cut(made: Make, size: int) -> Iterator[Make]:
    for part in blocks(made(), size):
        yield partial(lambda part: part, part)


def shuffled(history: History) -> History:
    """The same facts as they would arrive, by time over all leads, put in order again by nothing but their content."""

    def again(table: Table) -> Table:
        order = np.random.default_rng(SEED).permutation(len(table))
        columns = [getattr(table, f.name)[order] for f in fields(table)]
        by_time = np.argsort(columns[1], kind="stable")
        return arranged(type(table), [column[by_time] for column in columns])

    tables = ("touches", "stages", "assignments", "deals")
    return replace(history, **{name: again(getattr(history, name)) for name in tables})


def joined(parts: Sequence[dict[str, Clocks]]) -> dict[str, Clocks]:
    return {
        name: Clocks(*(np.concatenate([getattr(part[name], f.name) for part in parts]) for f in fields(Clocks)))
        for name in parts[0]
    }


def bits_of_card(parts: Sequence[Make], threads: int) -> str:
    return bits(cubes_of(gather(parts, threads).cells, threads))


def bits(tables: dict[Any, Any]) -> str:
    """A digest of every array of every table."""
    digest = hashlib.sha256()
    for key in sorted(tables):
        for f in fields(tables[key]):
            array = getattr(tables[key], f.name)
            digest.update(f"{key} {f.name} {array.dtype} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
