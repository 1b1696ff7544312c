"""Hold a draft against the past: what the latest complete months would have scored, had it been in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from smarketing.ledger.replica import open_replica
from smarketing.ledger.store import Facts
from smarketing.plan.backtest import Backtest, BacktestLine, PastMonth, line_of
from smarketing.plan.realism import realism
from smarketing.scorecard.card import Line, Trend
from smarketing.scorecard.compose import scorecard
from smarketing.terms.agreement import Agreement, InForce
from smarketing.terms.errors import FactsError
from smarketing.terms.instants import micros
from smarketing.terms.language import Words, words
from smarketing.terms.period import Grain, Period, period_of
from smarketing.workflows.measure_baseline import measure_baseline
from smarketing.workflows.score_agreement import IMPORT_FIRST, NO_LEADS, gathered, local_date

STEPS = {"ratio": 0.01, "seconds": 60.0, "touches": 0.1}  # what suggested targets are rounded to; others to 1
ENOUGH = 0.75  # nine of twelve


def backtest_draft(
    versions: Sequence[Agreement],
    facts: Facts,
    *,
    now: datetime,
    n_periods: int = 12,
    part: float = ENOUGH,
    grain: Grain = Grain.MONTH,
    say: Words | None = None,
) -> Backtest:
    """What each promise of the latest version would have come to in the latest complete periods.

    Takes    versions    of one agreement, oldest first: the latest is the draft
             n_periods   1 … 12
             part        share of the periods that a suggested target would have met
    Raises   FactsError when there is nothing to judge
    """
    say = say or words("en")
    draft = versions[-1]
    replica, at = open_replica(facts), micros(now)
    if not replica.n_leads:
        raise FactsError(say(NO_LEADS), where=str(facts.home), hint=say(IMPORT_FIRST))
    first_on, today = local_date(draft.zone, int(replica.history(0).leads.created_at[0])), local_date(draft.zone, at)
    latest = period_of(grain, today, week_starts_on=draft.week_starts_on).previous()
    ever = draft.model_copy(update={"in_force": InForce(from_on=min(first_on, _earliest(latest).from_on))})
    card = scorecard(gathered([ever], replica, period=latest, now=at), facts_sequence=facts.sequence)
    lines = tuple(_line(line, first_on, n_periods, part, grain) for line in card.lines)
    measured = measure_baseline(facts, agreement=draft, now=now, say=say)
    return Backtest(
        lines=lines,
        part=part,
        periods=tuple(trend.label for trend in card.lines[0].trend[-n_periods:]),
        cautions=realism(draft, measured.complete, measured.baseline),
    )


def _earliest(latest: Period) -> Period:
    found = latest
    for _ in range(12):
        found = found.previous()
    return found


def _line(line: Line, first_on: date, n_periods: int, part: float, grain: Grain) -> BacktestLine:
    """The line; a total promised for a week is no suggestion of what a month would have held."""
    found = line_of(
        [_month(trend, first_on) for trend in line.trend[-n_periods:]],
        id=line.id,
        party=line.party,
        kind=line.kind,
        title=line.title,
        target=line.target,
        unit=line.actual_unit,
        is_at_most=line.direction == "at_most",
        step=STEPS.get(line.actual_unit, 1.0),
        part=part,
    )
    if line.period is grain or line.actual_unit in STEPS:
        return found
    return replace(found, suggested=None, n_met_by_suggestion=found.n_met)


def _month(trend: Trend, first_on: date) -> PastMonth:
    """A period that ended before the first lead came in says nothing about anybody."""
    is_empty = trend.until_on <= first_on
    return PastMonth(
        label=trend.label,
        from_on=trend.from_on,
        actual=None if is_empty else trend.actual,
        target=trend.target,
        is_met=None if is_empty else trend.is_target_met,
        n_judged=trend.n,
    )
