"""What happened with leads in some days: handovers, contacts made, changes of stage, deals, and which are hot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.answers import REPLY, counted
from smarketing.engine.by_lead import counts
from smarketing.engine.clauses import Version
from smarketing.engine.history import NEVER
from smarketing.engine.local import LocalDays
from smarketing.engine.reading import Reading
from smarketing.scorecard.became import STEPS, Became, became
from smarketing.scorecard.card import Reason
from smarketing.scorecard.only import EVERYTHING, Flags, Only
from smarketing.terms.offsets import EPOCH_ORDINAL, day_start

Numbers = NDArray[np.int64]
TEN_THOUSANDTHS = 10_000
SAID_NO = ("disqualified", "recycled")
BY_DAY = ("lead", "handover", "touched")


@dataclass(frozen=True, slots=True)
class Hot:
    """A lead handed over in these days that nobody turned down; `number` as in the replica.

    `tier` is a position among the agreement's, −1 for none; `n_replies` what the lead wrote or called.
    """

    number: int
    tier: int
    score: float | None
    n_replies: int
    n_touches: int
    is_connected: bool


@dataclass(frozen=True, slots=True)
class ActivityDay:
    on: date
    n_handed_over: int
    n_touches: int


@dataclass(frozen=True, slots=True)
class Activity:
    """Local days [from_on, until_on). `steps` are leads, and deals, by scorecard.became.STEPS; money in whole units."""

    from_on: date
    until_on: date
    steps: dict[str, int]
    n_touches: int
    opened: float
    won: float
    reasons: tuple[Reason, ...]  # why leads were turned down, the commonest first
    sources: tuple[Reason, ...]  # of the leads handed over
    tiers: tuple[Reason, ...]
    days: tuple[ActivityDay, ...]
    hot: tuple[Hot, ...] = ()  # the hottest first

    @property
    def is_empty(self) -> bool:
        return not self.n_touches and not any(self.steps.values())


@dataclass(slots=True)
class ActivityCounts:
    """Leads come in any order and from any thread; each once.

    Takes    only  the leads that are asked about
             most_hot  how many hot leads are kept
    """

    version: Version
    zone: str
    from_on: date
    until_on: date
    n_tiers: int
    only: Only = EVERYTHING
    most_hot: int = 0
    n_touches: int = 0
    steps: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STEPS, 0))
    amounts: dict[str, int] = field(default_factory=lambda: {"deal_opened": 0, "deal_won": 0})
    by_reason: Numbers = field(init=False)
    by_source: Numbers = field(init=False)
    by_tier: Numbers = field(init=False)
    by_day: Numbers = field(init=False)  # handed over, touches
    hot: list[NDArray[np.float64]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        book = self.version.codebook
        self.by_reason = np.zeros(len(book.reasons) + 1, np.int64)
        self.by_source = np.zeros(len(book.sources) + 1, np.int64)
        self.by_tier = np.zeros(self.n_tiers + 1, np.int64)
        self.by_day = np.zeros((2, (self.until_on - self.from_on).days), np.int64)

    @property
    def bounds(self) -> tuple[int, int]:
        return day_start(self.zone, self.from_on), day_start(self.zone, self.until_on)

    def add(self, reading: Reading) -> None:
        """Count what happened to these leads; `reading` is of facts cut at its `now`."""
        start, end = self.bounds
        chosen = self.only.of_leads(reading)
        found = {step: _of(became(reading, step).between(start, end), chosen) for step in STEPS}
        done = _touches(reading, start, end, chosen)
        handed = found["handover"].lead
        codes = reading.history.leads.source.take(handed), reading.tier.take(handed)
        hot = self._hot(reading, found["handover"].lead) if self.most_hot else np.empty((0, 6), np.float64)
        reasons = _reasons(reading, found, len(self.by_reason) - 1)
        with self._lock:
            self.n_touches += len(done)
            for step, rows in found.items():
                self.steps[step] += len(rows.lead)
                if step in self.amounts:
                    self.amounts[step] += int(rows.amount.sum())
            self.by_reason += reasons
            np.add.at(self.by_source, codes[0].astype(np.intp), 1)
            np.add.at(self.by_tier, codes[1].astype(np.intp), 1)
            self.by_day[0] += self._days(found["handover"].at)
            self.by_day[1] += self._days(done)
            self.hot.append(hot)

    def _days(self, at: Numbers) -> Numbers:
        start, end = self.bounds
        first = self.from_on.toordinal() - EPOCH_ORDINAL
        days = LocalDays(self.zone, start, end).day_of(at).astype(np.intp) - first
        return np.bincount(days, minlength=self.by_day.shape[1])[: self.by_day.shape[1]]

    def _hot(self, reading: Reading, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """number, tier, score, replies, touches, connected of the leads at `rows` that nobody turned down."""
        refused = np.minimum(*(reading.reached_at(word) for word in SAID_NO)) != NEVER
        rows = rows[~refused.take(rows)]
        touches, leads = reading.history.touches, reading.history.leads
        replies = np.flatnonzero((touches.flags & REPLY) == REPLY)
        mine = np.flatnonzero(counted(touches, reading.version))
        n_replies = counts(touches.lead.take(replies), reading.n)
        n_touches = counts(touches.lead.take(mine), reading.n)
        connected = np.zeros(reading.n, np.int64)
        connected[became(reading, "connected").lead] = 1
        columns = [rows + reading.history.first, reading.tier.take(rows), leads.score.take(rows)]
        columns += [each.take(rows) for each in (n_replies, n_touches, connected)]
        return np.column_stack([np.asarray(each, np.float64) for each in columns])

    def activity(self, tiers: Sequence[str]) -> Activity:
        book = self.version.codebook
        return Activity(
            from_on=self.from_on,
            until_on=self.until_on,
            steps=dict(self.steps),
            n_touches=self.n_touches,
            opened=self.amounts["deal_opened"] / TEN_THOUSANDTHS,
            won=self.amounts["deal_won"] / TEN_THOUSANDTHS,
            reasons=_named(book.reasons, self.by_reason),
            sources=_named(book.sources, self.by_source),
            tiers=_named(tiers, self.by_tier),
            days=tuple(
                ActivityDay(self.from_on + timedelta(days=n), *each)
                for n, each in enumerate(zip(*self.by_day.tolist(), strict=True))
            ),
            hot=self._hottest(),
        )

    def _hottest(self) -> tuple[Hot, ...]:
        """The best tier first, in it the highest score, then who wrote most, then the latest."""
        rows = np.concatenate(self.hot) if self.hot else np.empty((0, 6))
        if not len(rows):
            return ()
        number, tier, score, replies, *_ = rows.T
        keys = (-number, -replies, -np.nan_to_num(score, nan=-np.inf), np.where(tier < 0, np.inf, tier))
        best = rows[np.lexsort(keys)[: self.most_hot]]
        return tuple(
            Hot(int(n), int(t), None if s != s else float(s), int(r), int(done), bool(c))
            for n, t, s, r, done, c in best.tolist()
        )


def _of(found: Became, chosen: Flags | None) -> Became:
    if chosen is None:
        return found
    rows = np.flatnonzero(chosen.take(found.lead))
    return Became(found.lead.take(rows), found.at.take(rows), found.amount.take(rows))


def _touches(reading: Reading, start: int, end: int, chosen: Flags | None) -> Numbers:
    """The instants of the touches that count."""
    touches = reading.history.touches
    is_done = (touches.at >= start) & (touches.at < end) & counted(touches, reading.version)
    if chosen is not None:
        is_done &= chosen.take(touches.lead)
    return touches.at[is_done]


def _reasons(reading: Reading, found: dict[str, Became], n: int) -> Numbers:
    """How often each reason was given with the change by which a lead was turned down; at the end without one."""
    stages, whole = reading.history.stages, np.zeros(n + 1, np.int64)
    for word in SAID_NO:
        refused = np.full(reading.n, NEVER, np.int64)
        refused[found[word].lead] = found[word].at
        codes = list(reading.version.stage_codes(word))
        is_this = np.isin(stages.stage, codes) & (stages.at == refused.take(stages.lead))
        whole += np.bincount(stages.reason[is_this].astype(np.intp) % (n + 1), minlength=n + 1)
    return whole


def _named(names: Sequence[str], n: Numbers) -> tuple[Reason, ...]:
    """Those that there are, the most first; an empty name for none."""
    found = [Reason(name, int(each)) for name, each in zip([*names, ""], n, strict=True) if each]
    return tuple(sorted(found, key=lambda each: (-each.n, each.id)))
