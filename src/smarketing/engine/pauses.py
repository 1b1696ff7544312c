"""Intervals in which a clock stands still: any number per row, in any order, overlapping or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

Instants = NDArray[np.int64]


@dataclass(frozen=True)
class Pauses:
    """The pauses of row r are `[starts[i], ends[i])` for i in `first[r]` … `first[r + 1]` − 1.

    Microseconds UTC; NEVER ends a pause that still goes on. An end before its start is an empty pause.
    """

    first: NDArray[np.intp]
    starts: Instants
    ends: Instants

    @classmethod
    def of(cls, rows: Sequence[Sequence[tuple[int, int]]]) -> Self:
        """Pauses from one list of (start, end) per row."""
        flat = np.array([pause for row in rows for pause in row], np.int64).reshape(-1, 2)
        first = np.cumsum([0, *map(len, rows)]).astype(np.intp)
        return cls(first, flat[:, 0].copy(), flat[:, 1].copy())

    def take(self, rows: NDArray[np.intp]) -> Pauses:
        """The pauses of some rows, in their order."""
        counts = np.diff(self.first)[rows]
        first = np.append(0, np.cumsum(counts))
        kept = np.repeat(self.first[rows] - first[:-1], counts) + np.arange(first[-1])
        return Pauses(first, self.starts[kept], self.ends[kept])

    @cached_property
    def row(self) -> NDArray[np.intp]:
        """The row of each pause."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))


@dataclass(frozen=True, slots=True)
class Stretches:
    """Intervals sorted by row and start that do not overlap within a row."""

    row: NDArray[np.intp]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def lengths(self) -> NDArray[np.int64]:
        return self.ends - self.starts

    def totals(self, n_rows: int) -> NDArray[np.int64]:
        """Sum of lengths per row."""
        sums = np.append(0, np.cumsum(self.lengths()))
        edges = np.searchsorted(self.row, np.arange(n_rows + 1))
        return np.diff(sums[edges])

    def totals_before(self) -> NDArray[np.int64]:
        """Sum of the lengths of a row's earlier intervals."""
        before = np.cumsum(self.lengths()) - self.lengths()
        return before - before[np.searchsorted(self.row, self.row)]

    def take(self, rows: NDArray[np.bool_]) -> Stretches:
        return Stretches(self.row[rows], self.starts[rows], self.ends[rows])


def union(row: NDArray[np.intp], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Stretches:
    """The union of each row's intervals.

    The furthest end so far within a row is a running maximum of (row, rank of the end), which fits one integer.
    """
    is_real = starts < ends
    row, starts, ends = row[is_real], starts[is_real], ends[is_real]
    order = np.lexsort((starts, row))
    row, starts, ends = row[order], starts[order], ends[order]
    n = len(row)
    by_end = np.argsort(ends, kind="stable")
    rank = np.empty(n, np.int64)
    rank[by_end] = np.arange(n)
    furthest = np.maximum.accumulate(row * n + rank) if n else rank
    reach = ends[by_end[furthest % n]] if n else ends
    is_first = np.ones(n, np.bool_)
    is_first[1:] = (row[1:] != row[:-1]) | (starts[1:] > reach[:-1])
    is_last = np.append(is_first[1:], True)[:n]
    return Stretches(row[is_first], starts[is_first], reach[is_last])
