"""What answered a lead: the touches that count, and the connections, at or after the instant a clock started."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from smarketing.engine.by_lead import Rows, counts, first_at, heads, next_at
from smarketing.engine.clauses import Mask, Version
from smarketing.engine.history import CONNECTED, DONE, HUMAN, INBOUND, NEVER, OUT, Instants, Touches
from smarketing.facts.schema import TOUCH_KINDS

CALL = TOUCH_KINDS.index("call")
TOUCH = OUT | HUMAN | DONE
REPLY = INBOUND | HUMAN | DONE


class Answers:
    """Takes    touches   sorted by lead and instant
    start_at  one per lead; a touch at that very instant answers, an earlier one does not
    """

    def __init__(self, touches: Touches, version: Version, start_at: Instants) -> None:
        self.n, self._touches, self._version = len(start_at), touches, version
        self._lead = touches.lead.astype(np.intp)
        self._is_later = touches.at >= start_at.take(self._lead)
        self._counts = counted(touches, version)
        rows = np.flatnonzero(self._counts & self._is_later)
        self.lead: Rows = self._lead.take(rows)
        self.at: Instants = touches.at.take(rows)

    @cached_property
    def touched_at(self) -> Instants:
        """The first counting touch of each lead; NEVER for none."""
        earliest = np.full(self.n, NEVER, np.int64)
        earliest[self.lead.take(self._heads)] = self.at.take(self._heads)
        return earliest

    @cached_property
    def _heads(self) -> Rows:
        return heads(self.lead)

    @cached_property
    def connections(self) -> tuple[Rows, Instants]:
        """Lead and instant of every counting touch that reached the person, and of every reply."""
        flags = self._touches.flags
        reached = self._counts & ((flags & CONNECTED) != 0)
        rows = np.flatnonzero((reached | ((flags & REPLY) == REPLY)) & self._is_later)
        return self._lead.take(rows), self._touches.at.take(rows)

    @cached_property
    def connected_at(self) -> Instants:
        """The first connection of each lead; NEVER for none."""
        return first_at(*self.connections, self.n)

    def next_touch(self, lead: Rows, start_at: Instants) -> Instants:
        """The first counting touch at or after an instant that is not before the lead's own start; NEVER for none."""
        return self._next(self.touched_at, (self.lead, self.at), lead, start_at)

    def next_connection(self, lead: Rows, start_at: Instants) -> Instants:
        """The first connection at or after such an instant; NEVER for none."""
        return self._next(self.connected_at, self.connections, lead, start_at)

    def _next(self, first: Instants, rows: tuple[Rows, Instants], lead: Rows, start_at: Instants) -> Instants:
        found = first.take(lead)
        passed = np.flatnonzero(found < start_at)  # the lead's first came before: look among the others
        found[passed] = next_at(lead[passed], start_at[passed], *rows, self.n)
        return found

    def until(self, limit_at: Instants, nth: int) -> tuple[np.ndarray, Instants]:
        """Per lead: how many touches came by its limit, and when the `nth` of them came (NEVER: fewer)."""
        inside = np.flatnonzero(self.at <= limit_at.take(self.lead))
        count = counts(self.lead.take(inside), self.n)
        reached = np.full(self.n, NEVER, np.int64)
        enough = np.flatnonzero(count >= nth)
        first = np.zeros(self.n, np.intp)
        first[self.lead.take(self._heads)] = self._heads
        reached[enough] = self.at.take(first.take(enough) + (nth - 1))
        return count, reached


def counted(touches: Touches, version: Version) -> Mask:
    """Touches that count: human, outbound, done, of a kind the agreement counts, and no call that was too short."""
    counts: Mask = (touches.flags & TOUCH) == TOUCH
    if not version.kinds.all():
        n_kinds = int(version.kinds.sum())
        is_leading = bool(version.kinds[:n_kinds].all())
        counts &= touches.kind < n_kinds if is_leading else version.kinds.take(touches.kind)
    shortest = version.agreement.counting.min_call_s
    if shortest:
        too_short = (touches.duration_s >= 0) & (touches.duration_s < shortest)
        counts &= ~(too_short & (touches.kind == CALL))
    return counts
