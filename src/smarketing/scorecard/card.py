"""What a scorecard says, as frozen data: every page, chart, file and mail reads these and computes nothing.

Ratios are in [0, ∞) as plain numbers (0.95, never 95), `*_s` are seconds, money and points are whole units.
Whatever cannot be computed is None and the `why` beside it says the reason in English, marked for translation.
The dataclasses are one vocabulary and stay in one file although it is long.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

from smarketing.scorecard.word import Word
from smarketing.terms.period import Grain

UNLESS_EMPTY = {"unless_empty": True}  # a field that JSON leaves out where it says nothing


class Axis(StrEnum):
    """What `--by` divides a promise by."""

    REP = "rep"
    TEAM = "team"
    TIER = "tier"
    SOURCE = "source"
    WEEK = "week"
    DAY = "day"


class Shape(StrEnum):
    """Which pieces a line has.

    CLOCKS  judged lead by lead: `speed` is there
    DEPTH   touches on leads not yet connected: `depth` is there
    TOTAL   a number that grows through the period: `pace` has the goal line
    """

    CLOCKS = "clocks"
    DEPTH = "depth"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Counts:
    """Verdicts of clocks (of periods, for totals). `n_at_risk` are those of `n_running` whose reminder has passed."""

    n_met: int = 0
    n_breached: int = 0
    n_running: int = 0
    n_void: int = 0
    n_at_risk: int = 0

    @property
    def n_judged(self) -> int:
        return self.n_met + self.n_breached

    @property
    def attainment(self) -> float | None:
        """met ÷ (met + breached), pooled; None when nothing is decided."""
        return self.n_met / self.n_judged if self.n_judged else None


@dataclass(frozen=True, slots=True)
class Band:
    """Clocks answered after `from_s` and before `until_s`; `never` and `waiting` have neither."""

    id: str  # under_5_min, 5_to_15_min, 15_to_60_min, over_60_min, never, waiting
    n: int
    from_s: int | None = None
    until_s: int | None = None


@dataclass(frozen=True, slots=True)
class Speed:
    """Open time from start to stop. Times are of answered clocks; the unanswered stand beside them."""

    n_answered: int
    n_never: int  # due time passed without an answer
    n_waiting: int  # due time still to come
    mean_s: float | None
    median_s: float | None
    p90_s: float | None
    bands: tuple[Band, ...]  # the six bands add up to every clock that is not void


@dataclass(frozen=True, slots=True)
class Depth:
    """Touches inside the window on leads that were not connected when it closed."""

    mean: float | None
    n_unconnected: int
    n_connected: int
    n_open: int  # window still open: in no average
    touches: tuple[int, ...]  # position k: unconnected leads with k touches; the last position also holds all above


@dataclass(frozen=True, slots=True)
class Pace:
    """Actual so far beside the goal line so far, and how fast the allowance for misses is used up."""

    goal: float | None  # of the whole period
    line: float | None  # of the period so far
    actual: float | None
    gap: float | None  # actual − line
    share_of_line: float | None  # actual ÷ line
    per_day: float | None  # the goal of one day
    n_days: int  # counting days of the period
    n_days_passed: int  # today included
    required_per_day: float | None  # for each counting day left
    projected_end: float | None
    pacing: str  # calendar_days, working_days
    n_allowed_misses: float | None = None  # share targets only, like the next
    burn_rate: float | None = None  # 1 uses the allowance up exactly at the end of the period
    why: str = ""


@dataclass(frozen=True, slots=True)
class Standing(Counts):
    """One commitment in one stretch of time, for one group of leads or all of them."""

    actual: float | None = None
    target: float | None = None  # of exactly this stretch; for totals a share of the goal line
    is_target_met: bool | None = None  # None while open
    progress: float | None = None  # actual ÷ target; target ÷ actual where less is better; never capped
    mean_s: float | None = None
    median_s: float | None = None
    p90_s: float | None = None
    depth: float | None = None
    n: int = 0  # clocks that are not void, or things counted
    amount: float | None = None  # totals only


@dataclass(frozen=True, slots=True)
class Trend(Standing):
    """A standing of one period among those before and after it."""

    label: str = ""
    from_on: date = date.min
    until_on: date = date.min  # first day after it
    is_over: bool = True


@dataclass(frozen=True, slots=True)
class Day(Standing):
    """One local day of the period. Cumulative numbers are None after today."""

    on: date = date.min
    is_counting: bool = True  # the goal line climbs on this day
    goal: float | None = None  # goal line at the end of this day; totals only
    cumulative: float | None = None  # amount so far; for clocks the pooled attainment so far


@dataclass(frozen=True, slots=True)
class Group(Standing):
    """A standing of one rep, team, tier, source, week or day. `id` is empty for leads that have none."""

    id: str = ""
    name: str = ""
    rank: int | None = None  # ties share it


@dataclass(frozen=True, slots=True)
class Reason:
    id: str
    n: int


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What waivers changed in a line, beside what it says without any of them.

    `n_moot` clocks are covered by a waiver that changes nothing: later facts say that the promise was kept.
    """

    n: int
    n_moot: int
    reasons: tuple[Reason, ...]  # of the disputes behind the waivers, the commonest first
    before: Standing
    word: Word  # as the line would stand


@dataclass(frozen=True, slots=True)
class Line:
    """One commitment in the card's period."""

    id: str
    party: str
    kind: str
    title: str  # the agreement's; empty when it gives none
    description: str
    measure: str
    shape: Shape
    target: str  # in the agreement's words
    target_value: float | None  # of the card's period, in `actual_unit`; None when nothing was owed
    target_unit: str
    direction: str
    period: Grain  # of the promise; `periods` lists those of the card
    weight: float
    contact: str
    actual: float | None
    actual_unit: str  # ratio, seconds, touches, the currency, points, or what is counted
    why: str  # why `actual` is None
    attainment: float | None
    attainment_why: str
    n_met: int
    n_breached: int
    n_running: int
    n_void: int
    n_at_risk: int
    is_target_met: bool | None
    progress: float | None
    word: Word
    pace: Pace | None
    speed: Speed | None
    depth: Depth | None
    clocks: dict[str, Speed]  # lead, system and rep clocks of speed_to_lead, whichever is judged
    voids: tuple[Reason, ...]
    n_strikes: int  # decided periods missed in a row, up to this card's latest
    trend: tuple[Trend, ...]  # the last 12 periods of the card's length, the card's own last
    periods: tuple[Trend, ...]  # the promise's own periods that begin in the card's
    days: tuple[Day, ...]
    groups: dict[Axis, tuple[Group, ...]]
    waived: Adjusted | None = field(default=None, metadata=UNLESS_EMPTY)  # every other number is the one after waivers


@dataclass(frozen=True, slots=True)
class Total:
    """Lines pooled by weight; both numbers are 1 when every promise is kept exactly.

    `score` lets more than promised make up for less elsewhere, `kept` counts each promise at most in full.
    """

    score: float | None
    n_met: int
    n_missed: int
    n_open: int
    n_no_data: int
    n_points: int  # one for each promise kept in each of its own periods
    why: str = ""
    kept: float | None = None


@dataclass(frozen=True, slots=True)
class PartyCard:
    id: str
    name: str
    role: str
    total: Total


@dataclass(frozen=True, slots=True)
class FunnelStage:
    """Leads of the cohort that reached this stage or a later one; conversion and lag are from the stage before."""

    stage: str
    n: int
    conversion: float | None
    of_cohort: float | None
    median_lag_s: float | None
    p90_lag_s: float | None
    n_timed: int  # leads with both instants, behind the lag
    is_maturing: bool  # the period ended less than the p90 lag ago: the conversion may still grow


@dataclass(frozen=True, slots=True)
class Funnel:
    n_leads: int  # created in the period, void ones left out
    n_void: int
    stages: tuple[FunnelStage, ...]
    n_disqualified: int
    n_recycled: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """The leads of one source or tier created in the period: how many, how far, what they brought so far."""

    id: str
    name: str
    n_leads: int
    n_by_stage: dict[str, int]
    won: float  # in the agreement's currency


@dataclass(frozen=True, slots=True)
class Heat:
    """Seven rows (Monday first) of 24 local hours: when leads come, and when people reach out."""

    arrivals: tuple[tuple[int, ...], ...]
    touches: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something announced that is now due: a consequence, or the proposal to end the agreement."""

    kind: str  # consequence, cancellation
    commitment: str
    n_strikes: int
    text: str
    responsible: str = ""


@dataclass(frozen=True, slots=True)
class AgreementCard:
    id: str
    version: int
    title: str
    kind: str
    language: str
    currency: str
    zone: str
    from_on: date
    until_on: date | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Span:
    """The card's period: local days `[from_on, until_on)` of the agreement's zone, and the same as instants."""

    label: str
    grain: Grain
    from_on: date
    until_on: date
    starts_at: datetime
    ends_at: datetime
    is_over: bool
    n_days: int
    n_days_passed: int  # today included


@dataclass(frozen=True, slots=True)
class Provenance:
    """What must be the same for this card to come out the same."""

    program: str
    fingerprints: tuple[str, ...]  # of every version that judged something here, oldest first
    facts_sequence: int
    tzdb: str
    now: datetime
    n_leads: int  # read for this card
    n_buckets: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    agreement: AgreementCard
    period: Span
    now: datetime
    parties: tuple[PartyCard, ...]
    total: Total
    lines: tuple[Line, ...]
    funnel: Funnel
    sources: tuple[Cohort, ...]
    tiers: tuple[Cohort, ...]
    heat: Heat
    steps: tuple[Step, ...]
    provenance: Provenance
    only: dict[Axis, str] = field(default_factory=dict)  # what its leads were narrowed to; empty for all of them

    def to_json(self) -> dict[str, Any]:
        """Plain values under snake_case keys; lines are called `commitments`, instants are RFC 3339."""
        answer = {f.name: plain(getattr(self, f.name)) for f in fields(self)}
        answer["commitments"] = answer.pop("lines")
        return answer


def plain(value: Any) -> Any:
    """`value` as JSON knows it: dataclasses become objects, tuples lists, instants and days text."""
    if is_dataclass(value) and not isinstance(value, type):
        told = [f for f in fields(value) if getattr(value, f.name) or "unless_empty" not in f.metadata]
        return {f.name: plain(getattr(value, f.name)) for f in told} | _derived(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return float(value) if isinstance(value, Decimal) else value


def _derived(value: object) -> dict[str, Any]:
    return {"attainment": value.attainment} if isinstance(value, Counts) else {}
