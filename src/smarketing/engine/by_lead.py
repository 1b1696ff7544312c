"""Questions about each lead, answered from rows that are sorted by lead and instant: arithmetic on neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.history import NEVER, Instants

Rows = NDArray[np.intp]
Leads = NDArray[np.integer[Any]]


def heads(lead: Leads) -> Rows:
    """The row at which each lead begins."""
    if not len(lead):
        return np.empty(0, np.intp)
    begins = np.empty(len(lead), np.bool_)
    begins[0] = True
    np.not_equal(lead[1:], lead[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def first_at(lead: Leads, at: Instants, n_leads: int) -> Instants:
    """The earliest instant of each lead; NEVER for a lead without rows."""
    begins = heads(lead)
    earliest = np.full(n_leads, NEVER, np.int64)
    earliest[lead.take(begins)] = at.take(begins)
    return earliest


def first_row(lead: Leads, n_leads: int) -> Rows:
    """The row at which each lead begins; meaningless for a lead without rows."""
    begins = heads(lead)
    rows = np.zeros(n_leads, np.intp)
    rows[lead.take(begins)] = begins
    return rows


def counts(lead: Leads, n_leads: int) -> NDArray[np.intp]:
    """Rows of each lead."""
    return np.bincount(lead, minlength=n_leads)


def following(lead: Leads, at: Instants) -> Instants:
    """The instant of the lead's next row; NEVER for its last."""
    after = np.full(len(at), NEVER, np.int64)
    same = np.flatnonzero(lead[1:] == lead[:-1])
    after[same] = at[same + 1]
    return after


def next_at(lead: Leads, start: Instants, other: Leads, at: Instants, n_leads: int) -> Instants:
    """For each (lead, start): the earliest `at` of that lead's rows at or after `start`; NEVER when there is none.

    `other` and `at` are sorted by lead and instant; `lead` and `start` need not be. Bisects within each lead.
    """
    size = counts(other, n_leads)
    end = np.cumsum(size)
    low, high = (end - size)[lead], end[lead]
    last = high.copy()
    while (low < high).any():
        middle = (low + high) // 2
        is_before = (low < high) & (at.take(np.minimum(middle, len(at) - 1)) < start)
        low, high = np.where(is_before, middle + 1, low), np.where(is_before, high, np.minimum(middle, high))
    found = np.full(len(lead), NEVER, np.int64)
    rows = np.flatnonzero(low < last)
    found[rows] = at[low[rows]]
    return found
