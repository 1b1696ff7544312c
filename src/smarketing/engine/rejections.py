"""Which leads sales gave back in time and with a coded reason, and when silence accepted the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.as_of import as_of
from smarketing.engine.by_lead import Rows
from smarketing.engine.clauses import Clause, Mask, Version, positions
from smarketing.engine.clocks import MOST_REASONS
from smarketing.engine.cohort import shared, started
from smarketing.engine.compiled import Compiled
from smarketing.engine.history import NEVER, History, Instants
from smarketing.engine.reading import Reading

ACCEPTED = ("sal", "sql", "opportunity", "customer")
GIVEN_BACK = ("disqualified", "recycled")


def silent_at(reading: Reading, silence: Clause | None) -> Instants:
    """When silence accepts each lead of the reading, if nobody answers before.

    Takes    silence  the clause of acceptance by silence; without one silence says nothing
    Returns  NEVER for a lead that was not handed over while the version was in force, or while a pause lasts
    """
    accepted_at = np.full(reading.n, NEVER, np.int64)
    if silence is not None:
        leads = started(reading, silence)
        accepted_at[leads.lead] = leads.due_at(silence)
    return accepted_at


def accepted_by_silence(history: History, compiled: Compiled, *, now: int) -> Instants:
    """When silence accepted each lead: nobody had accepted it, disqualified it or sent it back from its handover on.

    Takes    history  any leads; facts later than `now` are ignored
    Returns  NEVER for a lead that somebody answered first, and while its time is not up
    Units    microseconds UTC
    """
    known, accepted_at = as_of(history, now), np.full(len(history.leads), NEVER, np.int64)
    for version in compiled.versions:
        reading = Reading(known, version, compiled.tables, now)
        silence_at = silent_at(reading, version.silence)
        answered_at = reading.earliest(ACCEPTED + GIVEN_BACK, reading.handover_at)
        is_accepted = (silence_at <= now) & (answered_at > silence_at)
        accepted_at = np.minimum(accepted_at, np.where(is_accepted, silence_at, NEVER))
    return accepted_at


def lost(reading: Reading, clause: Clause) -> NDArray[np.uint8] | None:
    """As `rejected`, for marketing's promises of leads where the agreement takes rejected leads out of their count."""
    return rejected(reading, clause.silence) if clause.loses_rejected else None


def rejected(reading: Reading, silence: Clause | None) -> NDArray[np.uint8]:
    """1 + the reason's code for each lead that sales rejected and that therefore marketing did not deliver, else 0.

    A rejection is the first change to disqualified or recycled from the handover on that gives one of the reasons the
    agreement lists, any reason where it lists none. It comes in time while nobody has accepted the lead: neither
    somebody, nor silence before it. Rejecting later changes nothing: the lead stays accepted, and counts.
    """
    return shared(reading, ("rejected", silence and silence.cohort_key), lambda: _rejected(reading, silence))


def _rejected(reading: Reading, silence: Clause | None) -> NDArray[np.uint8]:
    stages, handed_at = reading.history.stages, reading.handover_at
    accepted_at = np.minimum(reading.earliest(ACCEPTED, handed_at), _after(silent_at(reading, silence)))
    found = np.zeros(reading.n, np.uint8)
    lead = stages.lead.astype(np.intp)
    is_in_time = (stages.at >= handed_at.take(lead)) & (stages.at < accepted_at.take(lead))
    rows = np.flatnonzero(is_in_time & _is_coded(reading))
    first = _first_of_each(lead.take(rows))
    code = np.minimum(stages.reason.take(rows).take(first), MOST_REASONS - 1)
    found[lead.take(rows).take(first)] = code + 1
    return found


def _is_coded(reading: Reading) -> Mask:
    """Rows of stages that give a lead back with a reason that the agreement takes."""
    stages, version = reading.history.stages, reading.version
    coded = np.zeros(len(stages), np.bool_)
    for word in GIVEN_BACK:
        is_word = np.isin(stages.stage, version.stage_codes(word))
        coded |= is_word & _reasons(version, word).take(stages.reason)
    return coded


def _reasons(version: Version, word: str) -> Mask:
    """By code, whether a reason may be given for `word`; the last entry is for none."""
    definition, names = version.agreement.definitions.get(word), version.codebook.reasons
    listed = definition.reasons if definition else ()
    wanted = np.zeros(len(names) + 1, np.bool_)
    wanted[list(positions(listed, names)) if listed else slice(len(names))] = True
    return wanted


def _after(at: Instants) -> Instants:
    """The instant after each: an answer at the very end of the time is in time."""
    return np.where(at == NEVER, NEVER, at + 1)


def _first_of_each(lead: Rows) -> Rows:
    """The first row of each lead; rows are sorted by lead and instant."""
    return np.flatnonzero(np.diff(lead, prepend=-1))
