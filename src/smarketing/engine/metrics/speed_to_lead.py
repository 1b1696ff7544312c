"""How fast a lead is answered: open time from its handover to the first human touch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from smarketing.engine.by_lead import first_row, following
from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import REASSIGNED, Clocks
from smarketing.engine.cohort import answers, cohort, shared, started
from smarketing.engine.reading import Reading
from smarketing.terms.commitment import Clock, Stop


class ThreeClocks(NamedTuple):
    lead: Clocks
    system: Clocks
    rep: Clocks


def clocks(reading: Reading, clause: Clause) -> Clocks:
    """Start when a lead is handed over; stop at the first touch from then on.

    Takes    start, stop, clock, only, overrides, pauses; counting says which touches count
    Returns  clock lead, system: one row per lead handed over; clock rep: one per assignment, see rep_clocks
    Units    *_at microseconds UTC; elapsed_us open time
    Null     a lead without a touch has stop_at NEVER; it breaches when its due instant has passed
    Source   design section 6, Clock and Counting; worked examples T36, T37, T41, T50
    """
    return _made(reading, clause, clause.commitment.clock)


def three_clocks(reading: Reading, clause: Clause) -> ThreeClocks:
    """All three clocks of every lead, whichever the commitment judges, with the same allowance.

    Takes, Returns, Units as clocks
    """
    return ThreeClocks(*(_made(reading, clause, clock) for clock in (Clock.LEAD, Clock.SYSTEM, Clock.REP)))


def _made(reading: Reading, clause: Clause, clock: Clock) -> Clocks:
    makers = {Clock.LEAD: lead_clocks, Clock.SYSTEM: system_clocks, Clock.REP: rep_clocks}
    return shared(reading, (clause, clock), lambda: makers[clock](reading, clause))


def lead_clocks(reading: Reading, clause: Clause) -> Clocks:
    """Handover → first touch, or first connection when the commitment stops at one."""
    leads, answered = started(reading, clause), answers(reading, clause.commitment.start)
    connected_at = answered.connected_at.take(leads.lead)
    if clause.commitment.stop is Stop.CONNECTION:
        return leads.clocks(clause, connected_at, connected_at=connected_at)
    return leads.clocks(clause, answered.touched_at.take(leads.lead), connected_at=connected_at)


def system_clocks(reading: Reading, clause: Clause) -> Clocks:
    """Handover → first assignment; a lead that somebody owned before needs no time."""
    leads = started(reading, clause)
    return leads.clocks(clause, np.maximum(reading.assigned_at.take(leads.lead), leads.start_at))


def rep_clocks(reading: Reading, clause: Clause) -> Clocks:
    """Assignment → first touch, one clock per assignment; its owner is who received the lead.

    The assignment in force at the handover starts then, earlier ones do not count, and receiving a lead that one has
    already is no assignment. `episode` numbers the lead's assignments. A lead taken away before the due instant and
    before any touch is void (REASSIGNED); one taken away later is breached.
    """
    received, commitment = reading.history.assignments, clause.commitment
    is_new = np.ones(len(received), np.bool_)
    is_new[1:] = (received.lead[1:] != received.lead[:-1]) | (received.owner[1:] != received.owner[:-1])
    received = received.take(np.flatnonzero(is_new))
    lead = received.lead.astype(np.intp)
    episode = np.arange(len(lead)) - first_row(lead, reading.n).take(lead)
    taken_at = following(lead, received.at)
    start_at = np.maximum(received.at, reading.start_at(commitment.start).take(lead))
    held = np.flatnonzero(start_at < taken_at)
    reps = cohort(reading, clause, start_at[held], received.owner[held], lead[held])
    answered = answers(reading, commitment.start)
    connected_at = answered.next_connection(reps.lead, reps.start_at)
    stops_talking = commitment.stop is Stop.CONNECTION
    stop_at = connected_at if stops_talking else answered.next_touch(reps.lead, reps.start_at)
    due = reps.due_at(clause)
    lost = taken_at[held][reps.rows]
    is_moved = (lost < due) & (stop_at >= lost) & (reps.void == 0)
    return reps.clocks(
        clause,
        stop_at,
        due=due,
        connected_at=connected_at,
        episode=episode[held][reps.rows].astype(np.int32),
        void=np.where(is_moved, np.uint8(REASSIGNED), reps.void),
    )
