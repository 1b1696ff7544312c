"""Business time as a coordinate: every question about a calendar is a look-up of positions, never a walk over days.

The position of an instant is the open time of its calendar since the tables' origin. Elapsed time is the
difference of two positions; a due instant is the earliest one that reaches a position. Instants, positions and
lengths are int64 microseconds; NEVER stands for an instant that has not come and stays NEVER.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.history import NEVER
from smarketing.engine.pauses import Pauses
from smarketing.engine.tables import Calendars, Instants, Lengths, Tables, rows_of, tables
from smarketing.terms.allowance import Allowance, Unit
from smarketing.terms.calendar import Calendar
from smarketing.terms.errors import FactsError
from smarketing.terms.instants import instant_at
from smarketing.terms.marked import N_
from smarketing.terms.offsets import EARLIEST_YEAR, LATEST_YEAR, US

__all__ = ["Pauses", "Tables", "compile_tables", "due_at", "unit_code"]

YEARS_BEFORE, YEARS_AFTER = 1, 2
UNITS = tuple(Unit)
BUSINESS_TIME, BUSINESS_DAYS, CLOCK_TIME, ROLLED_DAYS = range(4)


def compile_tables(calendars: Sequence[Calendar], start: int, end: int) -> Tables:
    """The tables of several calendars for instants in `[start, end)`, with a year before and two years after.

    Takes    calendars    their positions here are the `calendar` of every question; one more, `tables.always`,
                          is open day and night
             start, end   microseconds UTC
    Raises   TermsError for a calendar that never opens, an unknown zone or an unknown country
             FactsError for a range that leaves the years 1900–2199
    """
    first, last = _year(start), _year(max(start, end - 1))
    if not EARLIEST_YEAR <= first <= last < LATEST_YEAR:
        raise FactsError(
            N_("Some instants lie outside the years 1900–2199."),
            hint=N_("Look for dates like 0001-01-01 or 9999-12-31 in the export."),
        )
    until = min(last + 1 + YEARS_AFTER, LATEST_YEAR)
    return tables(tuple(calendars), max(first - YEARS_BEFORE, EARLIEST_YEAR), until)


def unit_code(allowance: Allowance) -> int:
    """The number that stands for the unit of an allowance in `due_at`."""
    return UNITS.index(allowance.unit)


def due_at(
    tables: Tables,
    calendar: Calendars,
    start: Instants,
    unit: NDArray[np.integer[Any]] | int,
    amount: Lengths | int,
    pauses: Pauses | None = None,
) -> Instants:
    """The due instant of each clock, whatever the unit of its allowance.

    Takes    unit     a `unit_code`, one for all rows or one per row
             amount   as in Allowance: seconds of business or clock time, business days or rolled days
             pauses   of every row; for days they cost the open time (rolled days: the clock time) they cover
    Returns  microseconds UTC; NEVER where the start is NEVER
    Raises   as Tables
    """
    if pauses is None and np.ndim(unit) == 0:
        return _due(tables, calendar, start, int(unit), amount)
    due = np.full(start.shape, NEVER, np.int64)
    codes = np.broadcast_to(np.asarray(unit), start.shape)
    for code in np.unique(codes):
        rows = np.flatnonzero(codes == code)
        some = rows_of(calendar, rows), start[rows], int(code), rows_of(amount, rows)
        due[rows] = _due(tables, *some) if pauses is None else _due_paused(tables, *some, pauses.take(rows))
    return due


def _due(tables: Tables, calendar: Calendars, start: Instants, unit: int, amount: Lengths | int) -> Instants:
    if unit == BUSINESS_TIME:
        return tables.due(calendar, start, amount * US)
    if unit == BUSINESS_DAYS:
        return tables.business_day_end(calendar, start, amount)
    if unit == CLOCK_TIME:
        return np.where(start == NEVER, NEVER, start + amount * US)
    if unit == ROLLED_DAYS:
        return tables.rolled_days(calendar, start, amount)
    raise ValueError(f"there is no unit {unit}")


def _due_paused(
    tables: Tables, calendar: Calendars, start: Instants, unit: int, amount: Lengths | int, pauses: Pauses
) -> Instants:
    if unit == BUSINESS_TIME:
        return tables.due_paused(calendar, start, amount * US, pauses)
    if unit == CLOCK_TIME:
        return tables.due_paused(tables.always, start, amount * US, pauses)
    unpaused = _due(tables, calendar, start, unit, amount)
    if unit == BUSINESS_DAYS:
        return tables.due_paused(calendar, start, tables.elapsed(calendar, start, unpaused), pauses)
    moved = tables.due_paused(tables.always, start, unpaused - start, pauses)
    return np.where(moved == unpaused, unpaused, tables.next_open(calendar, moved))


def _year(at: int) -> int:
    """The UTC year of an instant; what no date can hold counts as year 0 or 10,000."""
    try:
        return instant_at(at).year
    except OverflowError:
        return 0 if at < 0 else 10_000
