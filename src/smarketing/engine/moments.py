"""When the rules of an agreement warn of a clock: instants of business time, before it is due and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.business_time import due_at, unit_code
from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Clocks
from smarketing.engine.compiled import TEN_THOUSANDTHS
from smarketing.engine.history import NEVER, Columns, Instants
from smarketing.engine.pauses import Pauses
from smarketing.engine.tables import Calendars, Lengths, Tables, rows_of
from smarketing.terms.alert_rule import AlertRule, Occasion
from smarketing.terms.offsets import US

CLOCK_OCCASIONS = (Occasion.REMINDER, Occasion.BREACH, Occasion.ESCALATION)


class MomentState(IntEnum):
    """WAITING has not come · DUE has come and somebody must hear of it · STOOD_DOWN was answered before it came."""

    WAITING = 0
    DUE = 1
    STOOD_DOWN = 2


@dataclass(frozen=True, slots=True)
class Moments(Columns):
    """One row per clock and rule that will come or has come, by clock, instant and rule.

    `clock` is the row of the clock, `rule` the position among the rules that were asked for.
    """

    clock: NDArray[np.intp]
    rule: NDArray[np.intp]
    at: Instants


def moments(
    tables: Tables, clocks: Clocks, rules: Sequence[AlertRule], allowed: Lengths, pauses: Pauses | None = None
) -> Moments:
    """The moments of clocks of one commitment.

    Takes    rules    of any occasion; only reminders, breaches and escalations are about clocks
             allowed  as `allowance_us`
             pauses   of every row of `clocks`
    Returns  nothing for a void clock, nor for a reminder that would come no later than the start
    """
    live = np.flatnonzero(clocks.void == 0)
    some = clocks.take(live)
    paused = None if pauses is None else pauses.take(live)
    columns = [rule_at(tables, some, rule, allowed[live], paused) for rule in rules]
    at = np.stack(columns, axis=1) if columns else np.empty((len(live), 0), np.int64)
    row, rule = np.nonzero(at != NEVER)
    order = np.lexsort((rule, at[row, rule], row))
    row, rule = row[order], rule[order]
    return Moments(live[row], rule, at[row, rule])


def rule_at(
    tables: Tables, clocks: Clocks, rule: AlertRule, allowed: Lengths, pauses: Pauses | None = None
) -> Instants:
    """When one rule warns of each clock; NEVER when it does not."""
    calendar, start, due = clocks.calendar, clocks.start_at, clocks.due_at
    if rule.on is Occasion.REMINDER and rule.before is not None:
        return before_at(tables, calendar, start, due, allowed, rule.before.amount * US, pauses)
    if rule.on is Occasion.REMINDER and rule.at is not None:
        return share_at(tables, calendar, start, due, allowed, int(rule.at * TEN_THOUSANDTHS), pauses)
    if rule.on is Occasion.BREACH:
        return due.copy()
    if rule.on is Occasion.ESCALATION and rule.after is not None:
        return due_at(tables, calendar, due, unit_code(rule.after), rule.after.amount)
    return np.full(len(clocks), NEVER, np.int64)


def states(moments: Moments, clocks: Clocks, rules: Sequence[AlertRule], now: int) -> NDArray[np.uint8]:
    """What has become of each moment at `now`: whoever answers before a moment is not warned by it.

    A clock that stops as a reminder or an escalation comes stands it down. A breach is only stood down by a stop in
    time, the due instant included: an answer that comes late leaves the breach what it is.
    """
    is_breach = np.array([rule.on is Occasion.BREACH for rule in rules], np.bool_)[moments.rule]
    stop, due = clocks.stop_at[moments.clock], clocks.due_at[moments.clock]
    is_answered = np.where(is_breach, stop <= due, stop <= moments.at)
    has_come = np.where(is_breach, moments.at < now, moments.at <= now)
    state = np.where(has_come, MomentState.DUE, MomentState.WAITING)
    return np.where(is_answered & (stop <= now), MomentState.STOOD_DOWN, state).astype(np.uint8)


def allowance_us(tables: Tables, clause: Clause, clocks: Clocks) -> Lengths:
    """Open time that each clock may run, pauses left out; for days what lies between the start and their end."""
    if not clause.withins:
        return tables.elapsed(clocks.calendar, clocks.start_at, clocks.due_at)
    choice = clause.choice(clocks.tier, clocks.source, clocks.owner)
    if clause.is_length:
        return clause.amounts.take(choice) * US
    units, amounts = clause.units.take(choice), clause.amounts.take(choice)
    ends = due_at(tables, clocks.calendar, clocks.start_at, units, amounts)
    return tables.elapsed(clocks.calendar, clocks.start_at, ends)


def share_at(
    tables: Tables,
    calendar: Calendars,
    start: Instants,
    due: Instants,
    allowed: Lengths,
    share: int,
    pauses: Pauses | None = None,
) -> Instants:
    """The earliest instant at which `share` ten-thousandths of the time are used up, as `Clocks.risk_at`."""
    return np.minimum(_used_at(tables, calendar, start, allowed * share // TEN_THOUSANDTHS, pauses), due)


def before_at(
    tables: Tables,
    calendar: Calendars,
    start: Instants,
    due: Instants,
    allowed: Lengths,
    before_us: int,
    pauses: Pauses | None = None,
) -> Instants:
    """The latest instant with `before_us` of open time left, so at an opening rather than at the closing before it.

    NEVER where the clock has no more than that to run: a reminder that comes with the lead says nothing.
    """
    used = allowed - before_us
    rows = np.flatnonzero((used > 0) & (start != NEVER))
    found = np.full(len(start), NEVER, np.int64)
    some = None if pauses is None else pauses.take(rows)
    beyond = _used_at(tables, rows_of(calendar, rows), start[rows], used[rows] + 1, some)
    found[rows] = np.where(beyond == NEVER, NEVER, np.minimum(beyond - 1, due[rows]))
    return found


def _used_at(tables: Tables, calendar: Calendars, start: Instants, used: Lengths, pauses: Pauses | None) -> Instants:
    if pauses is None:
        return tables.due(calendar, start, used)
    return tables.due_paused(calendar, start, used, pauses)
