"""Which leads sales disqualified, or sent back to marketing, from their handover on, and with which reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.as_of import as_of
from smarketing.engine.by_lead import Rows, heads
from smarketing.engine.clauses import Mask
from smarketing.engine.compiled import Compiled
from smarketing.engine.history import NEVER, Codes, History, Instants
from smarketing.engine.reading import Reading


@dataclass(frozen=True, slots=True)
class GivenBack:
    """One entry per lead. `reason` is the code of the first reason given, −1 for none.

    `is_untold` are leads that sales has and of which no change ever said the word: their facts may have no history.
    """

    is_given: Mask
    reason: Codes
    is_untold: Mask


def given_back(history: History, compiled: Compiled, word: str, *, now: int) -> GivenBack:
    """Every lead that was `word` at or after its handover, whatever became of it later, and however often.

    Takes    history  any leads; facts later than `now` are ignored
             word     disqualified or recycled; each change is read by the version in force when it was made
    Units    microseconds UTC
    """
    known = as_of(history, now)
    n, stages = len(known.leads), known.stages
    is_given, is_told, reason = np.zeros(n, np.bool_), np.zeros(n, np.bool_), np.full(n, -1, np.int64)
    is_word, is_later, is_handed = np.zeros(len(stages), np.bool_), np.zeros(len(stages), np.bool_), is_given.copy()
    said_under = version_at(compiled, stages.at)
    for place, version in enumerate(compiled.versions):
        handed_at = Reading(known, version, compiled.tables, now).handover_at
        is_handed |= handed_at <= now
        is_own = said_under == place
        is_word |= is_own & np.isin(stages.stage, version.stage_codes(word))
        is_later |= is_own & (handed_at.take(stages.lead) <= stages.at)
    is_told[stages.lead[is_word]] = True
    rows = np.flatnonzero(is_word & is_later)
    is_given[stages.lead.take(rows)] = True
    first = _first_with_reason(known, rows)
    reason[stages.lead.take(first)] = stages.reason.take(first)
    return GivenBack(is_given, reason, is_handed & ~is_told & (known.leads.created_at != NEVER))


def version_at(compiled: Compiled, at: Instants) -> NDArray[np.intp]:
    """The place of the version in force at each instant; the one before where none is, the first before them all."""
    begins = np.array([version.start_at for version in compiled.versions], np.int64)
    return np.maximum(np.searchsorted(begins, at, side="right") - 1, 0)


def _first_with_reason(history: History, rows: Rows) -> Rows:
    """Of these rows of stages the first of each lead that gives a reason."""
    coded = rows[history.stages.reason.take(rows) >= 0]
    return coded.take(heads(history.stages.lead.take(coded)))
