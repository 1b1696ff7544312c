"""Finds, for millions of numbers at once, the last key that is not greater: one look-up and a few steps.

Binary search costs a cache miss per halving. Here the keys of each row are cut into buckets of 2^shift; a small
table says where each bucket begins, and what is left are at most `n_steps` additions without a branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Rows = NDArray[np.intp]

FURTHEST = np.iinfo(np.int64).max
WIDEST_SHIFT = 42  # buckets of 51 days
MOST_BUCKETS = 1 << 21  # 16 MB
BUCKETS_PER_KEY = 16  # beyond that, keys so close together are not worth a table of their own
ENOUGH_STEPS = 1
NOWHERE = -(1 << 62)  # a bucket that does not exist, wherever one counts from


class Ladder:
    """Rows of ascending keys, one after the other; row r begins at `first[r]`.

    Takes    rows      one array of keys per row, ascending, none empty; the first key is at most `start`
             start, end  the numbers that will be asked for, `[start, end)`
    """

    def __init__(self, rows: Sequence[Numbers], start: int, end: int) -> None:
        self.first = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.intp)
        following = np.append(np.concatenate(rows)[1:], FURTHEST)
        following[self.first[1:] - 1] = FURTHEST
        self.next_key: Numbers = following
        self.shift, most = WIDEST_SHIFT, min(BUCKETS_PER_KEY * len(following), MOST_BUCKETS)
        while True:
            low, high = start >> self.shift, (end - 1) >> self.shift
            edges = np.arange(low, high + 2, dtype=np.int64) << self.shift
            edges[0] = start
            begins = [np.maximum(np.searchsorted(row, edges, "right") - 1, 0) for row in rows]
            self.n_steps = max(int(np.diff(begin).max()) for begin in begins)
            if self.n_steps <= ENOUGH_STEPS or 2 * len(rows) * (len(edges) - 1) > most:
                break
            self.shift -= 1
        self.bucket = np.concatenate(
            [begin[:-1] + first for begin, first in zip(begins, self.first, strict=False)]
        ).astype(np.intp)
        begins_at = np.arange(len(rows)) * (len(edges) - 1) - low
        self._begin = np.append(begins_at, np.full(len(rows), NOWHERE))  # also what −1 finds

    def find(self, row: NDArray[np.integer[Any]] | int, number: Numbers) -> Rows:
        """Position in the concatenated keys of the last key of `row` that is not greater than `number`.

        Raises IndexError for a row that does not exist.
        """
        bucket = number >> self.shift
        bucket += self._begin.take(row)
        found: Rows = self.bucket.take(bucket)
        for _ in range(self.n_steps):
            found += self.next_key.take(found) <= number
        return found
