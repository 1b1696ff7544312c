"""Can these reps do that many attempts on that many leads? The hours behind a promise of speed and depth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from smarketing.terms.agreement import Capacity


@dataclass(frozen=True, slots=True)
class CapacityUse:
    """What a period's leads ask of the reps. Hours are of one rep in that period; ratios are exact.

    used_ratio           hours needed ÷ hours available; above 1 the promise cannot be kept
    affordable_attempts  the most whole attempts per lead that fit
    affordable_leads     the most leads, over all reps, that fit at the promised attempts
    hours_freed          hours that automation already spares one rep
    automation_needed    the share of attempts that would have to be automated for the promise to fit; 0 if it fits
    reps_needed          reps that would make it fit
    """

    leads_per_rep: Fraction
    attempts: Fraction
    minutes_per_lead: Fraction
    hours_needed: Fraction
    hours_available: Fraction
    used_ratio: Fraction
    affordable_attempts: int
    affordable_leads: int
    hours_freed: Fraction
    automation_needed: Fraction
    reps_needed: int

    @property
    def is_affordable(self) -> bool:
        return self.used_ratio <= 1


def capacity_use(leads: Fraction | int, attempts: Fraction | int, capacity: Capacity) -> CapacityUse:
    """The use that `leads` a month with `attempts` each make of `capacity`.

    Takes    leads      handed over in a month, over all reps; above zero
             attempts   promised per lead, automated ones included; above zero
             capacity   of the team: reps, hours of one rep in a month, minutes of one attempt
    Returns  the hours, the used share and the largest promise that fits
    """
    human = 1 - Fraction(capacity.automated_share)
    minutes, available = Fraction(capacity.minutes_per_attempt), available_hours(capacity)
    per_rep = Fraction(leads) / capacity.reps
    by_hand = per_rep * attempts * minutes / 60
    needed = by_hand * human
    return CapacityUse(
        leads_per_rep=per_rep,
        attempts=Fraction(attempts),
        minutes_per_lead=attempts * minutes * human,
        hours_needed=needed,
        hours_available=available,
        used_ratio=needed / available,
        affordable_attempts=floor(available * 60 / (per_rep * minutes * human)),
        affordable_leads=floor(available * 60 * capacity.reps / (attempts * minutes * human)),
        hours_freed=by_hand - needed,
        automation_needed=max(Fraction(0), 1 - available / by_hand),
        reps_needed=ceil(needed * capacity.reps / available),
    )


def available_hours(capacity: Capacity) -> Fraction:
    """Hours that one rep has for marketing's leads in a month."""
    return Fraction(capacity.hours_per_rep) * Fraction(capacity.marketing_share)


def touches_needed(opportunities: int, leads_per_opportunity: int, per_lead: Mapping[str, int]) -> dict[str, int]:
    """Touches of each kind that so many opportunities cost: 20 × 10 leads × 5 calls are 1,000 calls."""
    leads = opportunities * leads_per_opportunity
    return {kind: n * leads for kind, n in per_lead.items()}
