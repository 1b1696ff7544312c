"""The clocks of some leads with the rules that warn of them, each under the version of the agreement that judges it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from smarketing.engine.as_of import as_of
from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Clocks
from smarketing.engine.compiled import Compiled
from smarketing.engine.history import History
from smarketing.engine.moments import CLOCK_OCCASIONS, Moments, allowance_us, moments
from smarketing.engine.pauses import Pauses
from smarketing.engine.reading import Reading
from smarketing.engine.tables import Lengths
from smarketing.terms.alert_rule import RUNNING, AlertRule


class Warned(NamedTuple):
    """Clocks of one commitment under one version; `allowed` is open time, `moments` points to `clocks` and `rules`."""

    clause: Clause
    clocks: Clocks
    allowed: Lengths
    rules: tuple[AlertRule, ...]
    moments: Moments


def warned(history: History, compiled: Compiled, clocks: Mapping[str, Clocks], *, now: int) -> Iterator[Warned]:
    """When the rules warn of each clock.

    Takes    history  the leads of the clocks; facts later than `now` are ignored
             clocks   by commitment id, as `evaluate` or `evaluate_deliveries` made them at `now`
    Returns  one entry for each commitment and version that has clocks
    Units    microseconds UTC
    """
    known = as_of(history, now)
    for name, clauses in compiled.clauses(RUNNING).items():
        for clause in clauses if name in clocks else ():
            version = compiled.versions[clause.version]
            some = clocks[name].take(np.flatnonzero(version.holds(clocks[name].start_at)))
            if len(some):
                rules = rules_of(clause, version.agreement.alerts)
                allowed = allowance_us(compiled.tables, clause, some)
                pauses = _pauses(Reading(known, version, compiled.tables, now), clause, some)
                found = moments(compiled.tables, some, rules, allowed, pauses)
                yield Warned(clause, some, allowed, rules, found)


def rules_of(clause: Clause, rules: tuple[AlertRule, ...]) -> tuple[AlertRule, ...]:
    """The rules that warn of the clocks of a commitment."""
    return tuple(rule for rule in rules if rule.on in CLOCK_OCCASIONS and rule.fits(clause.commitment))


def _pauses(reading: Reading, clause: Clause, clocks: Clocks) -> Pauses | None:
    if clause.paused is None:
        return None
    return reading.pauses(clause.paused).take((clocks.lead - reading.history.first).astype(np.intp))
