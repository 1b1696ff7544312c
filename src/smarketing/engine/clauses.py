"""What arrays need to know of a version of an agreement and of each of its commitments: codes instead of names."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.history import Codebook, Codes, Leads
from smarketing.terms.agreement import Agreement
from smarketing.terms.allowance import Allowance, Unit
from smarketing.terms.commitment import Commitment

Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The leads a Scope is about: per code True or False, the last entry for −1; None where it says nothing."""

    tiers: Mask | None
    sources: Mask | None
    owners: Mask | None

    def rows(self, tier: Codes, source: Codes, owner: Codes) -> Mask | None:
        """Which rows fit; None when all do."""
        fits: Mask | None = None
        for mask, codes in ((self.tiers, tier), (self.sources, source), (self.owners, owner)):
            if mask is not None:
                fits = mask.take(codes) if fits is None else fits & mask.take(codes)
        return fits


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """One commitment as one version makes it. A `choice` is 0, or 1 + the first override that fits a lead.

    `calendar_of[choice, owner]` is a position in the compiled calendars; the last column is for nobody.
    `withins[choice]` is the allowance; `units` and `amounts` say the same in numbers for business_time.due_at.
    `choice_by_tier` has every choice where overrides are about tiers alone.
    Clauses of equal `cohort_key` judge the same leads from the same instants on the same calendars.
    """

    commitment: Commitment
    version: int
    episode: int
    fit: Fit
    override_fits: tuple[Fit, ...]
    choice_by_tier: NDArray[np.intp] | None
    calendar_of: NDArray[np.intp]
    withins: tuple[Allowance, ...]
    units: NDArray[np.intp]
    amounts: Integers
    remind: tuple[int, int]
    paused: Mask | None
    is_marketing_only: bool
    n_touches: int
    cohort_key: Hashable
    choice_key: Hashable
    silence: Clause | None  # when silence accepts a lead, where that matters to the commitment
    loses_rejected: bool  # leads that sales rejected in time do not count

    @property
    def is_length(self) -> bool:
        """Every allowance is a length of time, so that start and due are a fixed distance apart on the calendar."""
        return all(within.unit in (Unit.BUSINESS_TIME, Unit.CLOCK_TIME) for within in self.withins)

    @property
    def has_calendars(self) -> bool:
        """An override changes the calendar."""
        return bool((self.calendar_of != self.calendar_of[0]).any())

    def choice(self, tier: Codes, source: Codes, owner: Codes) -> NDArray[np.intp]:
        """Which override holds for each row: 0 none, k + 1 the k-th."""
        if self.choice_by_tier is not None:
            return self.choice_by_tier.take(tier)
        chosen = np.zeros(len(tier), np.intp)
        for number in reversed(range(len(self.override_fits))):
            fits = self.override_fits[number].rows(tier, source, owner)
            chosen[slice(None) if fits is None else np.flatnonzero(fits)] = number + 1
        return chosen


@dataclass(frozen=True, slots=True, eq=False)
class TierRule:
    code: int
    grades: Mask | None
    sources: Mask | None
    score_from: np.float32 | None


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One version of the agreement, in force in `[start_at, end_at)`."""

    number: int
    agreement: Agreement
    start_at: int
    end_at: int
    clauses: tuple[Clause, ...]
    silence: Clause | None  # when silence accepts a lead
    tier_rules: tuple[TierRule, ...]
    worth: Integers  # by tier, ten-thousandths; the last entry for leads without a tier
    kinds: Mask  # by position in TOUCH_KINDS
    voids: Mask  # by code of Leads.void
    marketing_sources: Mask | None
    currency: int
    codebook: Codebook

    def holds(self, at: Integers) -> Mask:
        """Which instants lie inside the time it was in force; NEVER lies in none."""
        return (at >= self.start_at) & (at < self.end_at)

    def stage_codes(self, word: str) -> tuple[int, ...]:
        """Codes of the stages that count as `word`: the values its definition lists, or the word itself."""
        definition = self.agreement.definitions.get(word)
        if definition is None or not definition.values:
            return positions((word,), self.codebook.stages)
        return status_codes(definition.values, self.codebook)

    def is_defined(self, word: str) -> bool:
        """Whether the agreement lists what counts as `word`."""
        definition = self.agreement.definitions.get(word)
        return definition is not None and bool(definition.values)

    def tier_of(self, leads: Leads) -> NDArray[np.int16]:
        """The first tier whose grades, sources and score all fit each lead; −1 when none does."""
        if all(rule.sources is None and rule.score_from is None for rule in self.tier_rules):
            return self._tier_by_grade().take(leads.grade)
        tier = np.full(len(leads), -1, np.int16)
        for rule in reversed(self.tier_rules):
            fits = np.ones(len(leads), np.bool_)
            for mask, codes in ((rule.grades, leads.grade), (rule.sources, leads.source)):
                if mask is not None:
                    fits &= mask[codes]
            if rule.score_from is not None:
                fits &= leads.score >= rule.score_from
            tier[fits] = rule.code
        return tier

    def _tier_by_grade(self) -> NDArray[np.int16]:
        by_grade = np.full(len(self.codebook.grades) + 1, -1, np.int16)
        for rule in reversed(self.tier_rules):
            by_grade[slice(None) if rule.grades is None else rule.grades] = rule.code
        return by_grade


def positions(wanted: Iterable[str], names: Sequence[str]) -> tuple[int, ...]:
    """Codes of the wanted names that exist."""
    known = {name: code for code, name in enumerate(names)}
    return tuple(dict.fromkeys(known[name] for name in wanted if name in known))


def status_codes(values: Iterable[str], codebook: Codebook) -> tuple[int, ...]:
    """Codes of the stages called so; a raw status may be written with or without its "status:"."""
    return positions([name for value in values for name in (value, f"status:{value}")], codebook.stages)
