"""How days fall into periods, and reps, tiers and sources into groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from smarketing.terms.offsets import EPOCH_ORDINAL

Ints = NDArray[np.int64]

ALL = "all"
NARROW = 64  # numbers a day: adding more of them span by span beats reduceat
FEW_SPANS = 32  # merged at a time, so that what is put in order stays in the cache
COLUMNS = {"rep": "owner", "tier": "tier", "source": "source"}  # axis → column of clocks and tallies


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive local days, numbered since 1970-01-01: `[first, first + n)`."""

    first: int
    n: int

    @property
    def dates(self) -> tuple[date, date]:
        """The first date and the one after the last."""
        first = date.fromordinal(self.first + EPOCH_ORDINAL)
        return first, first + timedelta(days=self.n)

    def rows(self, days: NDArray[np.int32]) -> slice | NDArray[np.intp]:
        inside = (days >= self.first) & (days < self.first + self.n)
        return slice(None) if inside.all() else np.flatnonzero(inside)


@dataclass(frozen=True, slots=True)
class Division:
    """How the codes of one column fall into groups; code −1 (none) falls into the last group.

    `group[code]` is the group of a code, so a team is a Division of the owner's column.
    """

    column: str
    group: Ints
    n: int

    @classmethod
    def of_codes(cls, column: str, n_codes: int) -> Division:
        return cls(column, np.arange(n_codes + 1), n_codes + 1)

    @classmethod
    def merged(cls, column: str, group_of: NDArray[np.integer], n_groups: int) -> Division:
        """Codes that share a group; group −1 is the last, and so is the group of code −1."""
        group = np.append(group_of, -1).astype(np.int64)
        return cls(column, np.where(group < 0, n_groups, group), n_groups + 1)


def rolled(days: Ints, edges: Ints) -> Ints:
    """Day sums (first axis) into sums of the spans that begin at `edges[:-1]`; consecutive, none empty."""
    days = days[: edges[-1]]
    if len(edges) > len(days):
        return days
    if days[0].size <= NARROW:
        spans: Ints = np.add.reduceat(days, edges[:-1], axis=0)
        return spans
    return np.stack([days[first:end].sum(axis=0) for first, end in pairwise(edges.tolist())])


def merged(spans: Ints, division: Division) -> Ints:
    """Sum the groups (second axis, code by code, none last) into those of `division`; other axes stay."""
    order = np.argsort(division.group, kind="stable")
    groups = division.group[order]
    begins = np.flatnonzero(np.append(True, groups[1:] != groups[:-1]))
    out = np.zeros((len(spans), division.n, *spans.shape[2:]), np.int64)
    for first in range(0, len(spans), FEW_SPANS):
        some = slice(first, first + FEW_SPANS)
        out[some, groups[begins]] = np.add.reduceat(spans[some].take(order, axis=1), begins, axis=1)
    return out


def chosen(divisions: Mapping[str, Division], axis: str, division: Division | None) -> tuple[str, Division | None]:
    """All together is any axis with its groups merged into one."""
    if axis != ALL or not divisions:
        return axis, division
    axis = next(iter(divisions))
    return axis, Division(divisions[axis].column, np.zeros(divisions[axis].n, np.int64), 1)
