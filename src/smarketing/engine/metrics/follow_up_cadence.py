"""How long an open opportunity waits between touches."""

from __future__ import annotations

import numpy as np

from smarketing.engine.answers import counted
from smarketing.engine.by_lead import Rows, counts, first_row, following
from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Clocks
from smarketing.engine.cohort import cohort
from smarketing.engine.history import Instants
from smarketing.engine.reading import Reading


def clocks(reading: Reading, clause: Clause) -> Clocks:
    """One clock per gap: from the deal's creation, then from each touch of its lead, to the next touch or the closing.

    Takes    only (tiers and sources of the lead, teams and reps of the deal's owner), overrides, pauses; counting
    Returns  one row per gap that began while the version was in force, by lead and start; `episode` numbers a lead's
             gaps; owner is the deal's, or the lead's when it has none
    Units    *_at microseconds UTC; elapsed_us open time
    Null     the gap that is still open has stop_at NEVER
    Source   design section 4
    """
    deals = reading.history.deals
    deal, start_at, stop_at = _gaps(reading)
    lead = deals.lead.take(deal).astype(np.intp)
    owner = deals.owner.take(deal)
    owner = np.where(owner >= 0, owner, reading.history.leads.owner.take(lead))
    order = np.lexsort((stop_at, owner, start_at, lead))
    gaps = cohort(reading, clause, start_at[order], owner[order], lead[order])
    episode = np.arange(len(gaps.rows)) - first_row(gaps.lead, reading.n).take(gaps.lead)
    return gaps.clocks(clause, stop_at[order][gaps.rows], episode=episode.astype(np.int32))


def _gaps(reading: Reading) -> tuple[Rows, Instants, Instants]:
    """Deal, start and stop of every gap; touches of one instant make one gap."""
    deals, touches = reading.history.deals, reading.history.touches
    rows = np.flatnonzero(counted(touches, reading.version))
    toucher, touched_at = touches.lead.take(rows), touches.at.take(rows)
    n_touches, first = counts(toucher, reading.n), first_row(toucher, reading.n)
    n_each = n_touches.take(deals.lead)
    deal = np.repeat(np.arange(len(deals)), n_each)
    row = np.arange(len(deal)) - np.repeat(np.cumsum(n_each) - n_each - first.take(deals.lead), n_each)
    at = touched_at.take(row)
    inside = (at > deals.created_at[deal]) & (at < deals.closed_at[deal])
    inside[1:] &= (at[1:] != at[:-1]) | (deal[1:] != deal[:-1])
    deal = np.concatenate([np.arange(len(deals)), deal[inside]])
    start_at = np.concatenate([deals.created_at, at[inside]])
    order = np.lexsort((start_at, deal))
    deal, start_at = deal[order], start_at[order]
    stop_at = np.minimum(following(deal, start_at), deals.closed_at[deal])
    real = np.flatnonzero(start_at < stop_at)
    return deal[real], start_at[real], stop_at[real]
