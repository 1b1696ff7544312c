"""Explain where one lead stands under one commitment or all, from the agreement's versions and the facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import polars as pl

from smarketing.engine.compiled import compile_terms
from smarketing.engine.history import DONE, Touches
from smarketing.facts.schema import TOUCH_KINDS
from smarketing.ledger.bucket_files import BUCKET_LEADS
from smarketing.ledger.replica import open_replica
from smarketing.ledger.store import Facts
from smarketing.ledger.touches_of import touches_of
from smarketing.scorecard.explain import Explanation, Note, explain_each
from smarketing.scorecard.explain.case import only
from smarketing.terms.agreement import Agreement
from smarketing.terms.commitment import Kind
from smarketing.terms.instants import micros
from smarketing.terms.language import Words, words

NOT_DONE = ("scheduled", "cancelled")


def explain_lead(
    lead_id: str,
    *,
    commitment: str,
    versions: Sequence[Agreement],
    facts: Facts,
    now: datetime,
    say: Words | None = None,
) -> Explanation:
    """The explanation of one lead; only its bucket is read.

    Takes    versions  of one agreement, oldest first
    Raises   FactsError when no lead has this id, TermsError when no version has the commitment
    """
    number = open_replica(facts).find(lead_id)
    return explain_number(number, commitments=(commitment,), versions=versions, facts=facts, now=now, say=say)[0]


def explain_every(
    lead_id: str, *, versions: Sequence[Agreement], facts: Facts, now: datetime, say: Words | None = None
) -> tuple[Explanation, ...]:
    """One for each commitment of any version that judged the lead, in the agreement's order; all where none did.

    Raises FactsError when no lead has this id
    """
    number = open_replica(facts).find(lead_id)
    promised = [each for version in reversed(versions) for each in version.commitments]
    asked = list(dict.fromkeys(each.id for each in promised if each.kind is not Kind.DELIVERABLE))
    found = explain_number(number, commitments=asked, versions=versions, facts=facts, now=now, say=say)
    return tuple(each for each in found if not each.why_nothing) or found


def explain_number(
    number: int,
    *,
    commitments: Sequence[str],
    versions: Sequence[Agreement],
    facts: Facts,
    now: datetime,
    say: Words | None = None,
) -> tuple[Explanation, ...]:
    """The same for a lead by its number in the replica, under several commitments at once.

    Raises TermsError when no version has one of the commitments
    """
    replica, at = open_replica(facts), micros(now)
    start, end = min(replica.first_at, at), max(replica.latest_at, at) + 1
    compiled = compile_terms(versions, replica.codebook, start=start, end=end)
    one, own_id = only(replica.history(number // BUCKET_LEADS), number), replica.lead_id(number)
    notes = _notes(facts, own_id, one.touches)
    return explain_each(one, compiled, commitments, now=at, words=say or words("en"), lead_id=own_id, notes=notes)


def _notes(facts: Facts, lead_id: str, touches: Touches) -> list[Note]:
    """What the fact table adds to each touch; rows are matched by instant, kind, length and whether they happened."""
    told = defaultdict(list)
    for row in touches_of(facts, lead_id).with_columns(pl.col("occurred_at").dt.timestamp("us")).iter_rows(named=True):
        is_done = row["deleted_at"] is None and row["outcome"] not in NOT_DONE
        key = (row["occurred_at"], row["kind"], row["duration_s"] if row["duration_s"] is not None else -1, is_done)
        told[key].append(Note(row["touch_id"], row["outcome"] or "", is_deleted=row["deleted_at"] is not None))
    notes = []
    for position in range(len(touches)):
        kind, flags = TOUCH_KINDS[int(touches.kind[position])], int(touches.flags[position])
        key = (int(touches.at[position]), kind, int(touches.duration_s[position]), bool(flags & DONE))
        notes.append(told[key].pop(0) if told[key] else Note())
    return notes
