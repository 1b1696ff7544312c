"""From one generation of the replica to the next: which leads were taken out, which were put in, where the rest went.

Leads that are not dirty keep their order, so two short lists of numbers tell where every one of them is now.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SUCCESSION = ".succession.json"

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where the leads of a new bucket come from.

    `kept` are (bucket, positions in it, new positions) of earlier buckets; `made` are positions among the leads put
    in, and `made_at` their new positions.
    """

    n_leads: int
    kept: tuple[tuple[int, NDArray[np.intp], NDArray[np.intp]], ...]
    made: NDArray[np.intp]
    made_at: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Succession:
    """`gone` are numbers of leads in the earlier generation, `made` in the new one; both rise."""

    n_before: int
    n_after: int
    gone: Numbers
    made: Numbers
    size: int  # leads of a bucket

    @property
    def is_sound(self) -> bool:
        """As many leads stay by the count of before as by that of after."""
        return self.n_before - len(self.gone) == self.n_after - len(self.made)

    @property
    def n_buckets(self) -> int:
        return -(-self.n_after // self.size)

    def is_same(self, bucket: int) -> bool:
        """Whether a bucket holds the leads it held, none of them dirty."""
        first, end = bucket * self.size, min((bucket + 1) * self.size, self.n_after)
        if min((bucket + 1) * self.size, self.n_before) != end:
            return False
        made, gone = (np.searchsorted(numbers, [first, end]) for numbers in (self.made, self.gone))
        return bool(made[0] == made[1] and gone[0] == gone[1] and made[0] == gone[0])

    def bucket(self, bucket: int) -> Bucket:
        first, end = bucket * self.size, min((bucket + 1) * self.size, self.n_after)
        begin, stop = np.searchsorted(self.made, [first, end])
        made_at = (self.made[begin:stop] - first).astype(np.intp)
        at = np.delete(np.arange(end - first), made_at)
        earlier = self._before(at + first - (begin + np.searchsorted(made_at, at)))
        home = earlier // self.size
        kept = tuple(
            (int(number), (earlier[home == number] - number * self.size).astype(np.intp), at[home == number])
            for number in np.unique(home)
        )
        return Bucket(end - first, kept, np.arange(begin, stop), made_at)

    def _before(self, rank: Numbers) -> Numbers:
        """The earlier numbers of the leads that stayed, by their rank among those."""
        rank_of_gone = self.gone - np.arange(len(self.gone))  # how many stayed before each that is gone
        return rank + np.searchsorted(rank_of_gone, rank, side="right")


def write_succession(root: Path, name: str, before: str, succession: Succession) -> None:
    """Note beside generation `name` how it came from generation `before`; whoever cannot read it starts afresh."""
    content = {
        "before": before,
        "n_before": succession.n_before,
        "n_after": succession.n_after,
        "gone": succession.gone.tolist(),
        "made": succession.made.tolist(),
        "size": succession.size,
    }
    (root / (name + SUCCESSION)).write_text(json.dumps(content), encoding="utf-8")


def read_succession(root: Path, name: str) -> tuple[str, Succession] | None:
    """The generation before `name` and the way from it; None when nothing is known of it."""
    try:
        content = json.loads((root / (name + SUCCESSION)).read_text(encoding="utf-8"))
        gone, made = (np.array(content[key], np.int64) for key in ("gone", "made"))
        found = Succession(content["n_before"], content["n_after"], gone, made, content["size"])
        return (content["before"], found) if found.is_sound else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
