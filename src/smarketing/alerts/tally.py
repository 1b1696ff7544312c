"""How much has been said lately, to whom and by which way: what caps and the brake go by."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from smarketing.alerts.firing import Draft

DAY, LATELY, MINUTE = timedelta(days=1), timedelta(minutes=10), timedelta(minutes=1)
MOST_LATELY = 10  # single messages to one reader by one way within LATELY; the rest in one digest
MOST_A_MINUTE = 600  # notices of the whole installation; beyond it everything goes into digests, and admins hear of it


@dataclass(slots=True)
class Tally:
    """Counts of single messages by (reader, channel), and by (reader, channel, rule); those of LATELY and of a DAY.

    Escalations are counted apart, so that no storm of other things starves them. `n_minute` counts everything.
    """

    of_day: Counter[tuple[str, str]] = field(default_factory=Counter)
    of_rule: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    lately: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    n_minute: int = 0

    @property
    def is_storm(self) -> bool:
        return self.n_minute >= MOST_A_MINUTE

    def count(self, reader: str, channel: str, rule: str, *, is_escalation: bool) -> None:
        self.of_day[reader, channel] += 1
        self.of_rule[reader, channel, rule] += 1
        self.lately[reader, channel, is_escalation] += 1

    def is_bursting(self, reader: str, channel: str, *, is_escalation: bool) -> bool:
        is_many = self.lately[reader, channel, is_escalation] >= MOST_LATELY
        return is_many or (self.is_storm and not is_escalation)

    def note(self, draft: Draft, reader: str, *, is_escalation: bool) -> None:
        if draft.is_suppressed:
            return
        self.n_minute += 1
        if draft.bundle is None:
            self.count(reader, draft.channel, draft.firing.rule.id, is_escalation=is_escalation)
