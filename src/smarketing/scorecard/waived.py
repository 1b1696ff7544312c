"""Waivers over judged clocks and counted things: which rows they change, and what those rows say then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.clocks import WAIVED, Clocks, Tallies, Verdict
from smarketing.engine.compiled import Compiled
from smarketing.engine.history import NEVER
from smarketing.terms.instants import micros

VOID, MET = "void", "met"
STARTED, DUE, EITHER = "started", "due", "either"
NOBODY = -1

Judged = TypeVar("Judged", Clocks, Tallies)
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver of one clock, or of one thing that was counted or left out (`episode` is 0 then, and met is counted).

    `spares_met`: it was given for a breach. Where later facts say that the promise was kept it changes nothing.
    """

    commitment: str
    src: str
    lead_id: str
    reason: str
    episode: int = 0
    becomes: str = VOID
    spares_met: bool = True


@dataclass(frozen=True, slots=True)
class WaivedWindow:
    """A waiver of every clock that started or was due in `[from_at, until_at)`, by `basis`, whatever its verdict."""

    commitments: tuple[str, ...]
    from_at: datetime
    until_at: datetime
    reason: str
    basis: str = EITHER
    sources: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waivers:
    """All that are in force at an instant, in the order in which they were given; the first that fits a clock holds.

    Those of single clocks come before those of windows.
    """

    ones: tuple[Waived, ...] = ()
    windows: tuple[WaivedWindow, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ones or self.windows)

    @property
    def every(self) -> tuple[Waived | WaivedWindow, ...]:
        return (*self.ones, *self.windows)

    def said(self) -> list[list[object]]:
        """All of them as JSON has it; equal for equal waivers."""
        return [
            [list(value) if isinstance(value, tuple) else str(value) for value in astuple(each)] for each in self.every
        ]


NONE = Waivers()


@dataclass(frozen=True, slots=True)
class Changed:
    """What waivers did to some rows: `rows` that they changed, the `reason` of each, and the rows that need none."""

    rows: Rows
    reason: NDArray[np.intp]
    moot: Rows


@dataclass(frozen=True, slots=True)
class _Listed:
    """Single waivers of one commitment, sorted by lead and episode."""

    key: NDArray[np.int64]
    reason: NDArray[np.intp]
    is_met: NDArray[np.bool_]
    spares_met: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    reason: int
    basis: str
    sources: NDArray[np.bool_] | None  # by code, the last is none
    owners: NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True)
class Waiving:
    """Waivers in the codes of some facts. `reasons` names what `Changed.reason` points at."""

    reasons: tuple[str, ...] = ()
    listed: Mapping[str, _Listed] = field(default_factory=dict)
    spans: Mapping[str, tuple[_Span, ...]] = field(default_factory=dict)
    compiled: Compiled | None = None

    @classmethod
    def of(cls, waivers: Waivers, compiled: Compiled, numbers: Sequence[int]) -> Waiving:
        """Takes numbers  of each lead of `waivers.ones` in the replica, −1 where there is none any more"""
        reasons = tuple(dict.fromkeys(each.reason for each in waivers.every))
        found = [(each, number) for each, number in zip(waivers.ones, numbers, strict=True) if number >= 0]
        listed = {
            name: _listed([pair for pair in found if pair[0].commitment == name], reasons)
            for name in dict.fromkeys(each.commitment for each, _ in found)
        }
        named = dict.fromkeys(name for window in waivers.windows for name in window.commitments)
        spans = {
            name: tuple(_span(each, reasons, compiled) for each in waivers.windows if name in each.commitments)
            for name in named
        }
        return cls(reasons, listed, spans, compiled)

    def concerns(self, commitment: str) -> bool:
        return commitment in self.listed or commitment in self.spans

    def over(self, commitment: str, judged: Judged, now: int) -> tuple[Judged, Changed]:
        """The rows as they count with the waivers, and which of them these changed.

        What is void already stays so, but for a thing that facts left out and a waiver has counted.
        """
        reason = np.full(len(judged), NOBODY, np.intp)
        is_met = np.zeros(len(judged), np.bool_)
        is_open = judged.void == 0
        moot = np.zeros(len(judged), np.bool_)
        if commitment in self.listed:
            is_one, place = _found(self.listed[commitment], judged)
            one = self.listed[commitment]
            wants_met = one.is_met.take(place)
            kept = is_one & is_open & _is_kept(judged, now, wants_met, one.spares_met.take(place))
            changed = is_one & np.where(wants_met, _may_be_met(judged), is_open) & ~kept
            reason[changed], is_met[changed] = one.reason.take(place)[changed], wants_met[changed]
            moot |= kept
        if isinstance(judged, Clocks):
            for span in self.spans.get(commitment, ()):
                reason[_is_within(span, judged) & is_open & (reason == NOBODY)] = span.reason
        rows = np.flatnonzero(reason != NOBODY)
        moot &= reason == NOBODY
        return self._said(judged, rows, is_met.take(rows), now), Changed(rows, reason.take(rows), np.flatnonzero(moot))

    def _said(self, judged: Judged, rows: Rows, is_met: NDArray[np.bool_], now: int) -> Judged:
        void = judged.void.copy()
        void[rows] = np.where(is_met, 0, WAIVED)
        changed = replace(judged, void=void)
        if isinstance(changed, Clocks) and is_met.any():
            return self._met(changed, rows[is_met], now)
        return changed

    def _met(self, clocks: Clocks, rows: Rows, now: int) -> Clocks:
        """The clocks as if they had been answered when they were due, or just now where that is still to come."""
        assert self.compiled is not None
        stop, elapsed = clocks.stop_at.copy(), clocks.elapsed_us.copy()
        start, due = clocks.start_at.take(rows), clocks.due_at.take(rows)
        stop[rows] = np.minimum(np.minimum(stop.take(rows), due), max(now, 0))
        lasted = self.compiled.tables.elapsed(clocks.calendar.take(rows).astype(np.intp), start, stop.take(rows))
        elapsed[rows] = np.minimum(elapsed.take(rows), lasted)
        return replace(clocks, stop_at=stop, elapsed_us=elapsed)


NOTHING = Waiving()


def _listed(pairs: Sequence[tuple[Waived, int]], reasons: Sequence[str]) -> _Listed:
    key = np.array([_key(number, each.episode) for each, number in pairs], np.int64)
    key, first = np.unique(key, return_index=True)
    kept = [pairs[place][0] for place in first.tolist()]
    return _Listed(
        key,
        np.array([reasons.index(each.reason) for each in kept], np.intp),
        np.array([each.becomes == MET for each in kept], np.bool_),
        np.array([each.spares_met for each in kept], np.bool_),
    )


def _span(window: WaivedWindow, reasons: Sequence[str], compiled: Compiled) -> _Span:
    book = compiled.codebook
    teams = [book.teams[team] if team >= 0 else "" for team in book.team_of.tolist()]
    return _Span(
        micros(window.from_at),
        micros(window.until_at),
        reasons.index(window.reason),
        window.basis,
        _flags(book.sources, window.sources),
        _flags(teams, window.teams),
    )


def _flags(names: Sequence[str], wanted: Sequence[str]) -> NDArray[np.bool_] | None:
    return np.array([name in wanted for name in (*names, "")], np.bool_) if wanted else None


def _key(number: int, episode: int) -> int:
    return number << 32 | episode


def _found(listed: _Listed, judged: Clocks | Tallies) -> tuple[NDArray[np.bool_], Rows]:
    """Whether each row is listed, and where."""
    key = judged.lead.astype(np.int64) << 32
    if isinstance(judged, Clocks):
        key |= judged.episode.astype(np.int64)
    place = np.minimum(np.searchsorted(listed.key, key), len(listed.key) - 1)
    return listed.key.take(place) == key, place


def _is_kept(judged: Judged, now: int, wants_met: NDArray[np.bool_], spares: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows that need no waiver: promises that were kept, things that count anyway."""
    is_kept: NDArray[np.bool_] = wants_met & (judged.void == 0)
    if isinstance(judged, Clocks):
        is_kept = spares & (judged.verdicts(now) == Verdict.MET)
    return is_kept


def _may_be_met(judged: Judged) -> NDArray[np.bool_]:
    """Clocks that count; things that facts left out, for a reason of theirs and not of ours."""
    may_be: NDArray[np.bool_] = judged.void == 0
    if isinstance(judged, Tallies):
        may_be = (judged.void > 0) & (judged.void < WAIVED)
    return may_be


def _is_within(span: _Span, clocks: Clocks) -> NDArray[np.bool_]:
    started = (clocks.start_at >= span.start) & (clocks.start_at < span.end)
    due = (clocks.due_at >= span.start) & (clocks.due_at < span.end) & (clocks.due_at != NEVER)
    within: NDArray[np.bool_] = {STARTED: started, DUE: due}.get(span.basis, started | due)
    if span.sources is not None:
        within = within & span.sources.take(clocks.source)
    if span.owners is not None:
        within = within & span.owners.take(clocks.owner)
    return within
