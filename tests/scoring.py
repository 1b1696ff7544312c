"""A card from a hand-made past: what the workflow does, without files."""

from __future__ import annotations

from collections.abc import Sequence

from tests.builders import Past, instant, some_deliveries

from smarketing.engine.compiled import compile_terms
from smarketing.scorecard.card import Axis, Line, Scorecard
from smarketing.scorecard.compose import scorecard
from smarketing.scorecard.gather import Gather
from smarketing.scorecard.horizon import Horizon
from smarketing.terms.agreement import Agreement
from smarketing.terms.period import read_period

YEAR_US = 366 * 86_400_000_000


def a_card(
    past: Past,
    *versions: Agreement,
    period: str = "2024-05",
    now: str = "2024-07-01 00:00",
    by: Sequence[str] = (),
    deliveries: Sequence[dict[str, str]] = (),
) -> Scorecard:
    """The scorecard of one past under the versions of one agreement."""
    at = instant(now)
    wanted = read_period(period)
    zone = versions[-1].zone
    start, end = wanted.bounds(zone)
    compiled = compile_terms(versions, past.codebook, start=min(start, at) - 3 * YEAR_US, end=max(end, at) + YEAR_US)
    horizon = Horizon(wanted, zone, at, versions[-1].week_starts_on)
    gather = Gather(compiled, horizon, tuple(Axis(axis) for axis in by))
    gather.add(past.history)
    gather.add_deliveries(some_deliveries(deliveries, past.codebook.deliverables, zone))
    return scorecard(gather, facts_sequence=1)


def the_line(card: Scorecard, commitment: str = "speed") -> Line:
    return next(line for line in card.lines if line.id == commitment)
