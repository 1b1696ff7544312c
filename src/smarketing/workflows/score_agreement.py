"""Judge every promise of an agreement on facts at rest: bucket by bucket, never all of them in memory."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from smarketing.engine.compiled import compile_terms
from smarketing.ledger.replica import Replica, open_replica
from smarketing.ledger.store import Facts
from smarketing.scorecard.card import Axis, Scorecard
from smarketing.scorecard.compose import scorecard
from smarketing.scorecard.gather import Gather
from smarketing.scorecard.horizon import Horizon
from smarketing.scorecard.only import Only
from smarketing.scorecard.waived import NONE, Waivers, Waiving
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import FactsError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.instants import micros
from smarketing.terms.language import N_, Words
from smarketing.terms.offsets import DAY_US, EPOCH_ORDINAL, offsets
from smarketing.terms.period import Grain, Period, day_number, period_of

MOST_THREADS = 8
ALL: Mapping[Axis, str] = MappingProxyType({})
NO_LEADS = N_("There are no leads to judge.")
IMPORT_FIRST = N_("Import the export of the CRM first.")


def score(
    versions: Sequence[Agreement],
    facts: Facts,
    *,
    period: Period | None,
    now: datetime,
    by: Sequence[Axis] = (),
    only: Mapping[Axis, str] = ALL,
    waivers: Waivers = NONE,
    words: Words = ENGLISH,
) -> Scorecard:
    """The scorecard of one period.

    Takes    versions  of one agreement, oldest first
             period    the month that contains `now` when None
             by        what each line is divided by
             only      the rep, team, tier or source that it is about; all leads when empty
             waivers   what does not count although it happened
    Raises   TermsError when no version was in force, FactsError when there is nothing to judge
    """
    replica, at = open_replica(facts), micros(now)
    if not replica.n_leads:
        raise FactsError(words(NO_LEADS), where=str(facts.home), hint=words(IMPORT_FIRST))
    gather = gathered(versions, replica, period=period, now=at, by=by, only=only, waivers=waivers)
    return replace(scorecard(gather, facts_sequence=facts.sequence), only=dict(only))


def gathered(
    versions: Sequence[Agreement],
    replica: Replica,
    *,
    period: Period | None,
    now: int,
    by: Sequence[Axis] = (),
    only: Mapping[Axis, str] = ALL,
    waivers: Waivers = NONE,
) -> Gather:
    """Everything one card needs, from the buckets in which something happened in the time it looks at."""
    zone, week_starts_on = versions[-1].zone, versions[-1].week_starts_on
    period = period or period_of(Grain.MONTH, local_date(zone, now))
    horizon = Horizon(period, zone, now, week_starts_on)
    start = min(replica.first_at, day_number(horizon.trend[0].from_on) * DAY_US)
    compiled = compile_terms(versions, replica.codebook, start=start, end=max(replica.latest_at, now) + 1)
    numbers = replica.numbers_of([(each.src, each.lead_id) for each in waivers.ones])
    gather = Gather(compiled, horizon, by, Only.of(only, compiled), Waiving.of(waivers, compiled, numbers))
    buckets = [bucket for bucket in range(replica.n_buckets) if gather.concerns(*replica.span(bucket))]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as pool:
        for _ in pool.map(lambda bucket: gather.add(replica.history(bucket)), buckets):
            pass
    gather.add_deliveries(replica.deliveries())
    return gather


def local_date(zone: str, at: int) -> date:
    """The date that the clock of `zone` shows at an instant in microseconds UTC."""
    return date.fromordinal((at + offsets(zone).at(at)) // DAY_US + EPOCH_ORDINAL)
