"""Why a lead was judged as it was, as frozen data: instants in UTC and local time, every row with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from smarketing.engine.history import NEVER
from smarketing.scorecard.card import plain
from smarketing.terms.instants import instant_at, micros
from smarketing.terms.zones import zone


@dataclass(frozen=True, slots=True)
class Instant:
    """One instant; `local` is what the clock of the clause's zone shows, with its offset."""

    utc: datetime
    local: str

    @property
    def us(self) -> int:
        """Microseconds since 1970 UTC."""
        return micros(self.utc)


@dataclass(frozen=True, slots=True)
class Segment:
    """Open time `[start, end)` of the calendar, cut to the clock; `open_us` microseconds long."""

    start: Instant
    end: Instant
    open_us: int


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still in `[start, end)`, which cost `open_us` of open time. `end` None: it lasts still."""

    status: str
    start: Instant
    end: Instant | None
    open_us: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """A date on the way on which the calendar would have been open."""

    on: date
    name: str


@dataclass(frozen=True, slots=True)
class TouchSeen:
    """One touch of the lead: whether it counts for this clock, else the reason and its sentence."""

    at: Instant
    kind: str
    owner: str
    direction: str
    duration_s: int | None
    is_connection: bool
    is_late_logged: bool
    is_counted: bool
    reason: str
    why: str
    touch_id: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class StageSeen:
    """One stage or status the lead took: whether it stops this clock, else why not."""

    at: Instant
    stage: str
    given_reason: str
    is_counted: bool
    reason: str
    why: str


@dataclass(frozen=True, slots=True)
class ClauseSeen:
    """The promise as its version makes it. `number` is its place in the agreement, counted from 1."""

    number: int
    id: str
    kind: str
    party: str
    title: str
    text: str
    target: str


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """The version that judges, and why it does."""

    agreement: str
    version: int
    fingerprint: str
    from_on: date
    until: Instant | None
    why: str


@dataclass(frozen=True, slots=True)
class CalendarSeen:
    id: str
    name: str
    zone: str
    tzdb: str
    hours: dict[str, str]
    why: str


@dataclass(frozen=True, slots=True)
class Timing:
    """One of the three clocks of the lead: lead (handover → touch), system (→ assignment), rep (assignment → touch)."""

    clock: str
    owner: str
    start: Instant
    stop: Instant | None
    elapsed_us: int | None
    is_judged: bool


@dataclass(frozen=True, slots=True)
class ClockExplained:
    """One clock of the lead under the commitment.

    elapsed_us   open time until it stopped, else until now or the end of a window that has closed: the segments less
                 the pauses, to the microsecond
    allowed_us   open time it might run; None while an endless pause leaves that open
    breached     the first instant at which the promise was broken: one microsecond after `due`
    segments     open time from start to stop or now; `ahead` that from then on until due
    """

    episode: int
    verdict: str
    sentence: str
    version: VersionSeen
    clause: ClauseSeen
    calendar: CalendarSeen
    allowance: str
    override: int | None
    owner: str
    tier: str
    source: str
    void: str
    start: Instant
    risk: Instant | None
    due: Instant | None
    stop: Instant | None
    connected: Instant | None
    breached: Instant | None
    elapsed_us: int
    allowed_us: int | None
    left_us: int | None
    late_us: int | None
    n_touches: int
    n_touches_wanted: int | None
    segments: tuple[Segment, ...]
    ahead: tuple[Segment, ...]
    pauses: tuple[Pause, ...]
    holidays: tuple[Holiday, ...]
    touches: tuple[TouchSeen, ...]
    stages: tuple[StageSeen, ...]
    timings: tuple[Timing, ...]


@dataclass(frozen=True, slots=True)
class TallyExplained:
    """One thing that counted towards a total, in the period of the promise in which it happened."""

    sentence: str
    version: VersionSeen
    clause: ClauseSeen
    at: Instant
    period: str
    amount: float
    owner: str
    tier: str
    source: str
    void: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind one lead and one commitment; `why_nothing` says why when there is nothing to judge."""

    lead_id: str
    lead_number: int
    commitment: str
    now: Instant
    sentence: str
    why_nothing: str
    clocks: tuple[ClockExplained, ...]
    tallies: tuple[TallyExplained, ...]

    def to_json(self) -> dict[str, Any]:
        answer = plain(self)
        assert isinstance(answer, dict)
        return answer


def instant(at: int, zone_name: str) -> Instant:
    utc = instant_at(at)
    return Instant(utc, utc.astimezone(zone(zone_name)).isoformat())


def instant_or_none(at: int, zone_name: str) -> Instant | None:
    return None if at == NEVER else instant(at, zone_name)
