"""Fire the rules that hang on no clock: totals behind, misses too fast, hours too few, silent sources, targets reached.

Each thing found is told once; where the rule has a cooldown, again after that for as long as it lasts.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
import polars as pl
from django.db import transaction

from smarketing.alerts import totals
from smarketing.alerts.firing import Firing
from smarketing.alerts.hours import after
from smarketing.alerts.raising import drafts
from smarketing.alerts.totals import OF_CARDS, Finding, Misses, commitments_of
from smarketing.engine.business_time import compile_tables
from smarketing.ledger.clock_store import open_clocks
from smarketing.ledger.replica import open_replica
from smarketing.ledger.store import Facts
from smarketing.records.models import Notice
from smarketing.scorecard.card import Scorecard
from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import AlertRule, Occasion
from smarketing.terms.allowance import Allowance, Unit
from smarketing.terms.commitment import Commitment
from smarketing.terms.errors import UserError
from smarketing.terms.instants import micros
from smarketing.terms.offsets import US
from smarketing.terms.period import ONE_DAY, Grain, period_of
from smarketing.workflows.keep_moments import keep_delivery_moments
from smarketing.workflows.open_facts import open_ledger
from smarketing.workflows.open_terms import every_agreement
from smarketing.workflows.read_directory import read_directory
from smarketing.workflows.read_scorecard import read_scorecard
from smarketing.workflows.score_agreement import local_date
from smarketing.workflows.watch_sources import watch_sources
from smarketing.workflows.write_notices import read_tally, write_notices

log = logging.getLogger("smarketing.alerts")
YOUNG = timedelta(days=14)
REMEMBERED = timedelta(days=400)  # longer than a year, the longest period of a promise


def watch_promises(*, now: datetime) -> int:
    """Returns how many notices there are more. What cannot be judged keeps no other rule from firing."""
    try:
        keep_delivery_moments(now=now)
    except UserError as error:
        log.warning("What is owed without a lead cannot be judged: %s", error)
    firings = [firing for versions in every_agreement().values() for firing in _firings(versions, now)]
    if not firings:
        return 0
    directory = read_directory(now)
    with transaction.atomic():
        tally = read_tally(now)
        return write_notices([draft for each in firings for draft in drafts(each, directory, tally, now)], now)


def _firings(versions: Sequence[Agreement], now: datetime) -> Iterator[Firing]:
    watch = Watch(versions, now)
    agreement = watch.in_force
    if agreement is None:
        return
    for rule in agreement.alerts:
        try:
            for finding in findings_of(rule, agreement, watch):
                if firing := _fresh(finding, rule, agreement, now):
                    yield firing
        except UserError as error:
            log.warning("Rule %s of %s cannot be judged: %s", rule.id, agreement.id, error)


def findings_of(rule: AlertRule, agreement: Agreement, watch: Watch) -> Iterator[Finding]:
    if rule.on is Occasion.SILENT_SOURCE:
        yield from _silent(rule, watch.now)
    if rule.on not in OF_CARDS or not watch.facts.sequence:
        return
    if rule.on is Occasion.CAPACITY:
        yield from totals.overrun(rule, agreement, watch.card(Grain.MONTH))
    for commitment in commitments_of(rule, agreement):
        card = watch.card(commitment.period)
        if rule.on is Occasion.PACE:
            yield from totals.behind(rule, commitment, card, watch.today)
        elif rule.on is Occasion.BURN_RATE:
            yield from totals.burning(rule, commitment, card, watch.misses(commitment, rule.look_back))
        elif rule.on is Occasion.CELEBRATION:
            yield from totals.reached(commitment, card)
            if watch.is_young(commitment.period):
                yield from totals.reached(commitment, watch.card(commitment.period, back=1))


def _silent(rule: AlertRule, now: datetime) -> Iterator[Finding]:
    """Sources that have been quiet for too many of their usual gaps, counted in the hours in which they send."""
    for standing in watch_sources(now):
        silence, source = standing.silence, standing.source
        if not source.is_enabled or silence.usual_gap_s is None:
            continue
        if silence.quiet_s >= float(rule.gap_factor) * silence.usual_gap_s:
            since = standing.last_received_at.isoformat() if standing.last_received_at else ""
            told = {"source_name": source.name, "silent_since": since, "usual_gap_s": silence.usual_gap_s}
            yield Finding((source.slug, since), payload=told | {"quiet_s": silence.quiet_s})


def _fresh(finding: Finding, rule: AlertRule, agreement: Agreement, now: datetime) -> Firing | None:
    """The finding as a firing, unless it was told and no cooldown has passed since."""
    subject = (rule.on.value, agreement.id, *finding.subject)
    said = Notice.objects.filter(agreement=agreement.id, rule=rule.id, moment=None, created_at__gt=now - REMEMBERED)
    known = [(at, told) for at, told in said.values_list("created_at", "payload") if told.get("subject") == [*subject]]
    level = max((told.get("level", 0) + 1 for _, told in known), default=0)
    if known:
        last = max(at for at, _ in known)
        if rule.cooldown is None or after(agreement.calendars[0], last, rule.cooldown) > now:
            return None
    return Firing(
        subject=subject,
        rule=rule,
        agreement=agreement,
        commitment=finding.commitment,
        level=level,
        party=finding.party,
        payload={**finding.payload, "subject": [*subject]},
    )


class Watch:
    """The cards and clocks of one agreement at one instant, each read when it is first asked for."""

    def __init__(self, versions: Sequence[Agreement], now: datetime) -> None:
        self.versions, self.now = versions, now
        self.zone, self.today = versions[-1].zone, local_date(versions[-1].zone, micros(now))
        self.cards: dict[tuple[Grain, int], Scorecard] = {}

    @property
    def in_force(self) -> Agreement | None:
        """The latest version that has begun and has not ended."""
        begun = [each for each in self.versions if each.in_force.from_on <= self.today]
        latest = begun[-1] if begun else None
        until = latest.in_force.until_on if latest else None
        return latest if until is None or until >= self.today else None

    @cached_property
    def facts(self) -> Facts:
        return open_ledger()

    def card(self, grain: Grain, back: int = 0) -> Scorecard:
        """Of the period that contains now, or the one before."""
        if (grain, back) not in self.cards:
            starts = self.versions[-1].week_starts_on
            period = period_of(grain, self.today, week_starts_on=starts)
            if back:
                period = period_of(grain, period.from_on - ONE_DAY, week_starts_on=starts)
            self.cards[grain, back] = read_scorecard(self.facts, self.versions, period=period, now=self.now)
        return self.cards[grain, back]

    def is_young(self, grain: Grain) -> bool:
        """Whether the period before is over so lately that it is worth a word."""
        period = period_of(grain, self.today, week_starts_on=self.versions[-1].week_starts_on)
        return self.today - period.from_on < YOUNG

    def misses(self, commitment: Commitment, length: Allowance | None) -> Misses | None:
        """What was decided in the last stretch of time; None where no stretch is asked for."""
        if length is None:
            return None
        at, replica = micros(self.now), open_replica(self.facts)
        since, stop, due = self._before(at, length), pl.col("stop_at"), pl.col("due_at")
        decided = pl.min_horizontal(stop, due)
        ours = (pl.col("commitment").cast(pl.String) == commitment.id) & (pl.col("void") == 0)
        clocks = open_clocks(replica, self.versions, now=at).scan().filter(ours & decided.is_between(since, at, "left"))
        counted = clocks.select(pl.len().alias("n"), ((stop > due) & (due < at)).sum().alias("late")).collect()
        return Misses(int(counted["n"].item()), int(counted["late"].item()))

    def _before(self, at: int, length: Allowance) -> int:
        if length.unit is Unit.CLOCK_TIME:
            return at - length.amount * US
        calendar = self.versions[-1].calendars[0]
        tables = compile_tables((calendar,), at - 366 * 86_400 * US, at)
        position = tables.position(0, np.array([at])) - length.amount * US
        return int(tables.moment(0, np.maximum(position, 0))[0])
