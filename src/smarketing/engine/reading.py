"""Some leads as one version of the agreement reads them: when they were handed over, who owned them, what they reached.

Every answer is an array with one entry per lead of the history. What several commitments ask for is made once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.by_lead import Rows, counts, first_at, following
from smarketing.engine.clauses import Mask, Version
from smarketing.engine.history import Codes, History, Instants
from smarketing.engine.pauses import Pauses
from smarketing.engine.tables import Tables
from smarketing.facts.schema import DEAL_STATUS
from smarketing.terms.agreement import HandoverMoment
from smarketing.terms.commitment import Start

WON = DEAL_STATUS.index("won")


class Reading:
    """Takes    history   facts already cut at `now` (as_of)
    Units    *_at microseconds UTC, NEVER for what has not happened
    """

    def __init__(self, history: History, version: Version, tables: Tables, now: int) -> None:
        self.history, self.version, self.tables, self.now = history, version, tables, now
        self.n = len(history.leads)
        self.shared: dict[Hashable, Any] = {}  # what commitments have in common, by what they have in common

    # Leads

    @cached_property
    def tier(self) -> Codes:
        return self.version.tier_of(self.history.leads)

    @cached_property
    def void(self) -> NDArray[np.uint8]:
        """1 + the reason's code where this version counts the lead for nobody, else 0."""
        void = self.history.leads.void
        return void * self.version.voids.take(void) if void.any() else void

    @cached_property
    def is_marketing(self) -> Mask | None:
        """Leads from marketing's sources; None when all are."""
        sources = self.version.marketing_sources
        return None if sources is None else sources.take(self.history.leads.source)

    # Moments

    @cached_property
    def handover_at(self) -> Instants:
        """When each lead passed to sales: its creation, its first assignment or its first time at a stage."""
        handover = self.version.agreement.handover
        match handover.at:
            case HandoverMoment.CREATION:
                return self.history.leads.created_at
            case HandoverMoment.ASSIGNMENT:
                return self.assigned_at
            case HandoverMoment.STAGE:
                return self.reached_at(handover.stage)

    @cached_property
    def assigned_at(self) -> Instants:
        """The first time somebody received the lead."""
        return first_at(self.history.assignments.lead, self.history.assignments.at, self.n)

    def start_at(self, start: Start) -> Instants:
        """When clocks start. A lead assigned before its handover counts as assigned at the handover."""
        match start:
            case Start.CREATION:
                return self.history.leads.created_at
            case Start.ASSIGNMENT:
                return np.maximum(self.assigned_at, self.handover_at)
            case Start.HANDOVER:
                return self.handover_at

    def reached_at(self, word: str) -> Instants:
        """The first time each lead was what `word` means here.

        The agreement's definitions say which stages count. Where they say nothing, the stage of that name counts,
        "" and "lead" are the creation, a deal opened makes an "opportunity" and a deal won a "customer".
        """
        if word in ("", "lead") and not self.version.is_defined(word):
            return self.history.leads.created_at
        return self.earliest([word])

    def earliest(self, words: Sequence[str], since: Instants | None = None) -> Instants:
        """The first time each lead was what one of the words means, at or after `since` of the lead."""
        lead, at = _since(*self._stage_rows(words), since)
        reached = first_at(lead, at, self.n)
        for rows in self._deal_rows(words):
            lead, at = _since(*rows, since)
            np.minimum.at(reached, lead, at)
        return reached

    def _stage_rows(self, words: Sequence[str]) -> tuple[Rows, Instants]:
        stages = self.history.stages
        codes = sorted({code for word in words for code in self.version.stage_codes(word)})
        counted = np.zeros(len(stages), np.bool_)
        for code in codes:  # a handful of comparisons costs less than one look-up
            counted |= stages.stage == code
        rows = np.flatnonzero(counted)
        return stages.lead.take(rows).astype(np.intp), stages.at.take(rows)

    def _deal_rows(self, words: Sequence[str]) -> Iterator[tuple[Rows, Instants]]:
        deals = self.history.deals
        if "opportunity" in words and not self.version.is_defined("opportunity"):
            yield deals.lead.astype(np.intp), deals.created_at
        if "customer" in words and not self.version.is_defined("customer"):
            won = np.flatnonzero(deals.status == WON)
            yield deals.lead.take(won).astype(np.intp), deals.closed_at.take(won)

    # Owners

    def owner_at(self, at: Instants) -> NDArray[np.int32]:
        """Who held each lead at that instant; else the first to receive it later, else its current owner."""
        leads, received = self.history.leads, self.history.assignments
        n_received = counts(received.lead, self.n)
        owner = leads.owner.astype(np.int32)
        if n_received.max(initial=0) > 1:
            earlier = np.flatnonzero(received.at <= at.take(received.lead))
            n_before = counts(received.lead.take(earlier), self.n)
            row = np.cumsum(n_received) - n_received + np.maximum(n_before, 1) - 1
            some = np.flatnonzero(n_received)
            owner[some] = received.owner.take(row.take(some))
        else:
            owner[received.lead] = received.owner
        return owner

    # Pauses

    def pauses(self, paused: Mask) -> Pauses:
        """Per lead the intervals in which its current status is one of the `paused` stages.

        Lifecycle stages and raw statuses run side by side: a status ends with the next status, not with a new stage.
        """
        stages = self.history.stages
        prefixes = [name.partition(":")[0] if ":" in name else "" for name in self.version.codebook.stages]
        tracks = np.append(np.unique(prefixes, return_inverse=True)[1], -1)
        found = []
        for track in np.unique(tracks[paused]):
            rows = np.flatnonzero((tracks == track).take(stages.stage))
            ends = following(stages.lead.take(rows), stages.at.take(rows))
            still = np.flatnonzero(paused.take(stages.stage.take(rows)))
            found.append((rows.take(still), ends.take(still)))
        rows, ends = (np.concatenate(column) for column in zip(*found, strict=True))
        lead = stages.lead.take(rows)
        order = np.argsort(lead, kind="stable")
        first = np.append(0, np.cumsum(counts(lead, self.n)))
        return Pauses(first, stages.at.take(rows)[order], ends[order])


def _since(lead: Rows, at: Instants, since: Instants | None) -> tuple[Rows, Instants]:
    """Only the rows at or after the lead's own instant."""
    if since is None:
        return lead, at
    is_later = at >= since.take(lead)
    if is_later.all():
        return lead, at
    later = np.flatnonzero(is_later)
    return lead.take(later), at.take(later)
