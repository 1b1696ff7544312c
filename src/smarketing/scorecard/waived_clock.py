"""One clock by its names, and the waiver that covers it while it still runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from smarketing.scorecard.waived import DUE, STARTED, WaivedWindow, Waivers

Key = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class NamedClock:
    """What waivers ask of a clock; `start_at` and `due_at` are None where nobody knows, or a pause lasts."""

    commitment: str
    src: str
    lead_id: str
    episode: int
    start_at: datetime | None
    due_at: datetime | None
    source: str = ""
    team: str = ""


@dataclass(frozen=True)
class Covering:
    """Waivers to look clocks up in. As on a scorecard the first that fits holds, single ones before windows."""

    waivers: Waivers

    @cached_property
    def _ones(self) -> dict[Key, str]:
        ones = reversed(self.waivers.ones)
        return {(each.commitment, each.src, each.lead_id, each.episode): each.reason for each in ones}

    def reason_over(self, clock: NamedClock) -> str:
        """Why this clock counts for nobody, or as met; empty where it simply runs."""
        if found := self._ones.get((clock.commitment, clock.src, clock.lead_id, clock.episode)):
            return found
        return next((each.reason for each in self.waivers.windows if _is_within(each, clock)), "")


def _is_within(window: WaivedWindow, clock: NamedClock) -> bool:
    if clock.commitment not in window.commitments:
        return False
    if (window.sources and clock.source not in window.sources) or (window.teams and clock.team not in window.teams):
        return False
    started, due = _is_between(window, clock.start_at), _is_between(window, clock.due_at)
    return {STARTED: started, DUE: due}.get(window.basis, started or due)


def _is_between(window: WaivedWindow, at: datetime | None) -> bool:
    return at is not None and window.from_at <= at < window.until_at
