"""Read a scorecard that was computed before, or compute and keep it: what every page, file and mail calls."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from smarketing.ledger.foundation import foundation
from smarketing.ledger.part_links import parts_of
from smarketing.ledger.replica import open_replica
from smarketing.ledger.store import Facts
from smarketing.ledger.stored_cards import Stored, read_card, write_card
from smarketing.scorecard.card import Axis, Scorecard
from smarketing.scorecard.stored_card import is_final
from smarketing.scorecard.waived import NONE, Waivers
from smarketing.terms.agreement import Agreement
from smarketing.terms.faults import ENGLISH
from smarketing.terms.instants import MICROSECOND, micros
from smarketing.terms.language import Words
from smarketing.terms.period import Grain, Period, period_of
from smarketing.workflows.score_agreement import ALL, local_date, score

FORMAT = 2  # of the stored cards; another number has all of them computed again
FRESH = timedelta(minutes=5)


def read_scorecard(
    facts: Facts,
    versions: Sequence[Agreement],
    *,
    period: Period | None,
    now: datetime,
    by: Sequence[Axis] = (),
    only: Mapping[Axis, str] = ALL,
    waivers: Waivers = NONE,
    words: Words = ENGLISH,
    fresh: timedelta = FRESH,
) -> Scorecard:
    """The scorecard of one period, computed at most `fresh` before `now`; `Scorecard.now` says when.

    The card of a period that is over and in which nothing is left to decide is computed once for the same facts. The
    card of an instant before the stored one is computed and not kept.

    Takes    period   the month that contains `now` when None
             by       what each line is divided by
             only     the rep, team, tier or source that it is about
             waivers  those in force, in the order in which they were given
    Raises   as score; FactsError when the card cannot be kept
    """
    at = micros(now)
    period = period or period_of(Grain.MONTH, local_date(versions[-1].zone, at))
    key = _key(facts, versions, period, by, only, waivers)
    stored = read_card(facts, key)
    if stored and stored.at <= at and (stored.is_final or at - stored.at <= fresh // MICROSECOND):
        return stored.card
    card = score(versions, facts, period=period, now=now, by=by, only=only, waivers=waivers, words=words)
    if stored is None or stored.at <= at:
        has_all = open_replica(facts).latest_at <= at  # a fact dated later will count once its time has come
        write_card(facts, key, Stored(card, at, is_final(card) and has_all))
    return card


def _key(
    facts: Facts,
    versions: Sequence[Agreement],
    period: Period,
    by: Sequence[Axis],
    only: Mapping[Axis, str],
    waivers: Waivers,
) -> str:
    """Stands for all that a card depends on but the instant."""
    content = [
        (FORMAT, foundation(versions)),
        (period.grain.value, period.from_on.isoformat(), period.until_on.isoformat()),
        [axis.value for axis in by],
        sorted((axis.value, name) for axis, name in only.items()),
        parts_of(facts),
        *([waivers.said()] if waivers else []),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:24]
