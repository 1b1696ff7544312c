"""Whether a draft promises what its people and its past can bear: hours, best months, measured rates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import polars as pl

from smarketing.plan.baseline import Baseline, Caution
from smarketing.plan.capacity import CapacityUse, capacity_use
from smarketing.plan.pieces import DAYS
from smarketing.terms.agreement import Agreement, HandoverMoment, Party, Role
from smarketing.terms.commitment import Commitment, Kind
from smarketing.terms.period import Grain
from smarketing.terms.target import Measure

TIGHT = Fraction(85, 100)


def promised_leads(agreement: Agreement) -> Fraction | None:
    """Leads a month that marketing promises to hand over; None when it promises no number of leads.

    Promises for the stage of the handover count before others. Of one stage, promises for single tiers or sources
    add up, unless a promise for all leads already holds them.
    """
    marketing = {party.id for party in agreement.parties if party.role is Role.MARKETING}
    promises = [each for each in agreement.commitments if each.kind is Kind.LEAD_VOLUME and each.party in marketing]
    at_handover = [each for each in promises if each.stage == _handover_stage(agreement)]
    stages = {each.stage for each in at_handover or promises}
    return max((_of_stage([each for each in promises if each.stage == stage]) for stage in stages), default=None)


def promised_attempts(agreement: Agreement, party: Party) -> Fraction | None:
    """The most touches that this party promises per lead; one where it promises only speed, None without either."""
    mine = [each for each in agreement.commitments if each.party == party.id]
    attempts = [_touches(each) for each in mine if each.kind is Kind.FOLLOW_UP_DEPTH]
    if not attempts and any(each.kind is Kind.SPEED_TO_LEAD for each in mine):
        return Fraction(1)
    return max(attempts, default=None)


def capacity_uses(agreement: Agreement) -> dict[str, CapacityUse]:
    """By party id, what the promised leads and attempts ask of each team that says what it can do."""
    leads, uses = promised_leads(agreement), {}
    for party in agreement.parties:
        attempts = promised_attempts(agreement, party)
        if party.capacity and leads and attempts:
            uses[party.id] = capacity_use(leads, attempts, party.capacity)
    return uses


def capacity_cautions(use: CapacityUse, party: str) -> Iterator[Caution]:
    """What stands between a team and its promise."""
    shares = {"party": party, "used": float(use.used_ratio)}
    if use.is_affordable:
        if use.used_ratio > TIGHT:
            yield Caution("tight_capacity", shares)
        return
    yield Caution("over_capacity", shares | {"attempts": use.attempts, "affordable": use.affordable_attempts})
    yield Caution("automation_needed", {"party": party, "ratio": float(use.automation_needed)})


def realism(agreement: Agreement, tracker: pl.DataFrame | None, measured: Baseline | None) -> tuple[Caution, ...]:
    """Reasons to think twice before signing, from the draft's own capacity and from the past months.

    Takes    tracker    the complete months behind the draft (plan.tracker.TRACKER), where facts are there
             measured   their baseline
    """
    names = {party.id: party.name for party in agreement.parties}
    found = [
        caution for party, use in capacity_uses(agreement).items() for caution in capacity_cautions(use, names[party])
    ]
    if tracker is not None and tracker.height:
        found.extend(_beyond_the_past(agreement, tracker))
    if measured is not None:
        found.extend(_beyond_the_rate(agreement.commitments, measured))
    return tuple(found)


def _beyond_the_past(agreement: Agreement, tracker: pl.DataFrame) -> Iterator[Caution]:
    promised = promised_leads(agreement)
    stage = "n_mql" if tracker["n_mql"].sum() and _handover_stage(agreement) == "mql" else "n_leads"
    best = int(tracker[stage].max() or 0)  # type: ignore[arg-type]
    if promised is not None and promised > best:
        yield Caution("above_best_month", {"promised": promised, "best": best, "months": tracker.height})


def _beyond_the_rate(commitments: Sequence[Commitment], measured: Baseline) -> Iterator[Caution]:
    interval = measured.close_interval
    for each in commitments:
        if each.kind is Kind.CONVERSION_RATE and each.to_stage in ("", "customer") and each.stage in ("", "lead"):
            promised = float(each.target.value)
            if interval and promised > interval[1]:
                yield Caution("above_measured_rate", {"promised": promised, "high": interval[1]})


def _of_stage(promises: Sequence[Commitment]) -> Fraction:
    for_all = [_per_month(each) for each in promises if each.only.is_everything]
    return max(for_all) if for_all else sum((_per_month(each) for each in promises), Fraction(0))


def _per_month(commitment: Commitment) -> Fraction:
    return Fraction(commitment.target.value) * DAYS[Grain.MONTH] / DAYS[commitment.period]


def _touches(commitment: Commitment) -> Fraction:
    target = commitment.target
    return Fraction(target.touches or 1) if target.measure is Measure.SHARE else Fraction(target.value)


def _handover_stage(agreement: Agreement) -> str:
    return agreement.handover.stage if agreement.handover.at is HandoverMoment.STAGE else "lead"
