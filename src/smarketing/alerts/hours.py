"""When a reader may be told: the hours of their calendar, and the time of their daily digest."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import numpy as np

from smarketing.alerts.directory import Somebody
from smarketing.alerts.firing import Firing
from smarketing.engine.business_time import compile_tables, due_at, unit_code
from smarketing.engine.history import NEVER
from smarketing.engine.tables import Tables
from smarketing.terms.agreement import Agreement
from smarketing.terms.allowance import Allowance
from smarketing.terms.calendar import Calendar
from smarketing.terms.instants import instant_at, micros
from smarketing.terms.zones import zone

AHEAD = timedelta(days=366)


def opens_at(calendar: Calendar | None, now: datetime) -> datetime:
    """`now` while the calendar is open, else its next opening; without a calendar it is never closed."""
    if calendar is None:
        return now
    found = int(_tables(calendar, now).next_open(0, np.array([micros(now)]))[0])
    return now if found == NEVER else instant_at(found)


def after(calendar: Calendar | None, at: datetime, length: Allowance) -> datetime:
    """So much time later on the calendar; plain time without one."""
    tables = compile_tables((), micros(at), micros(at + AHEAD)) if calendar is None else _tables(calendar, at)
    code = tables.always if calendar is None else 0
    found = due_at(tables, np.array([code]), np.array([micros(at)]), unit_code(length), length.amount)
    return instant_at(int(found[0]))


def calendar_of(reader: Somebody, firing: Firing) -> Calendar | None:
    """Whose closed hours are the reader's quiet ones: what they chose, else their party's, else the clock's."""
    agreement = firing.agreement
    if not reader.wishes.has_quiet_hours:
        return None
    party = next((p for p in agreement.parties if any(_is(reader, c.email) for c in p.contacts)), None)
    party = party or next((party for party in agreement.parties if party.id == firing.party), None)
    names = (reader.wishes.calendar, party.calendar if party else None, firing.calendar)
    found = (calendar_named(name, agreement) for name in names if name)
    return next((calendar for calendar in found if calendar), agreement.calendars[0])


def calendar_named(name: str, agreement: Agreement) -> Calendar | None:
    return next((calendar for calendar in agreement.calendars if calendar.id == name), None)


def digest_at(reader: Somebody, agreement: Agreement, now: datetime) -> datetime:
    """The next time of day, later than now, at which the reader's digest goes out."""
    return next_local(reader.wishes.digest_at, reader.zone or agreement.zone, now)


def next_local(at: time, zone_name: str, now: datetime) -> datetime:
    """The next instant later than `now` at which it is `at` in the zone; of two in a night the first one."""
    local = zone(zone_name)
    day = now.astimezone(local).date()
    while (found := datetime.combine(day, at, local).astimezone(UTC)) <= now:
        day += timedelta(days=1)
    return found


def _is(reader: Somebody, address: str) -> bool:
    return bool(address) and address.strip().lower() == reader.address


def _tables(calendar: Calendar, now: datetime) -> Tables:
    return compile_tables((calendar,), micros(now), micros(now + AHEAD))
